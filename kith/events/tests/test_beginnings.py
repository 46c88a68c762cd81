"""Transactions that begin, or cannot, on SQLite."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_engine("only SQLite lets one transaction wait for another when it begins"),
]


def beside(work: Callable[[], None]) -> None:
    """Do something on a connection of its own, to its end."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    assert not failed, failed


def test_a_transaction_that_could_not_begin_leaves_nothing_that_another_thread_must_wait_for() -> None:
    begun: list[Any] = []

    def noted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        begun.append((sql, context["cursor"].cursor))
        return execute(sql, params, many, context)

    def fails() -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 0")
        with connection.execute_wrapper(noted), pytest.raises(OperationalError, match="locked"), transaction.atomic():
            pass
        ((sql, cursor),) = begun
        assert sql == "BEGIN IMMEDIATE"
        with pytest.raises(Exception, match="closed cursor"):
            cursor.execute("SELECT 1")

    with transaction.atomic():
        beside(fails)
