"""Somebody else with a connection of her own, whose transaction ends when a test says so."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Self, TypeVar

from django.db import connection, transaction

T = TypeVar("T")


class Elsewhere:
    """`with Elsewhere() as other`: what `other.do(…)` does is done in one thread of its own, inside the transaction that `begin` opened."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "elsewhere")
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self.do(self._open.close)
        self.do(_close)
        self._thread.shutdown()

    def do(self, work: Callable[..., T], *given: Any) -> T:
        """What `work` returns over there."""
        return self._thread.submit(work, *given).result(60)

    def begin(self) -> None:
        """Open a transaction."""
        self.do(self._open.enter_context, transaction.atomic())

    def commit(self) -> None:
        """End it, and what was done in it is done."""
        self.do(self._open.close)

    def roll_back(self) -> None:
        """End it, and nothing was done."""
        self.do(transaction.set_rollback, True)
        self.do(self._open.close)


def _close() -> None:
    connection.close()
