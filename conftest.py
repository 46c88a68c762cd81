"""What every test has: no network beyond this machine, and the real data where it is there."""

import gc
import os
import socket
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from kith.config.environ import is_loopback

# Registered here, because the process that hands out the work prints the table.
from tests.screens.table import pytest_terminal_summary  # noqa: F401


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine: a test that needs the world is not a test."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def allowed(sock: socket.socket, address: Any) -> None:
        if sock.family == socket.AF_UNIX or is_loopback(str(address[0])):
            return
        raise AssertionError(f"A test tried to reach {address}; tests talk to this machine only.")

    def guarded_connect(sock: socket.socket, address: Any) -> None:
        allowed(sock, address)
        connect(sock, address)

    def guarded_connect_ex(sock: socket.socket, address: Any) -> int:
        allowed(sock, address)
        return connect_ex(sock, address)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real data sets; the test is skipped where they are not."""
    folder = Path(os.environ.get("KITH_TEST_DATA") or Path(__file__).resolve().parent.parent / "shared/data")
    if not folder.is_dir():
        pytest.skip("the real data sets are not here; KITH_TEST_DATA names their folder")
    return folder


@pytest.fixture(autouse=True, scope="session")
def emptied_between_tests() -> Any:
    """A test with transactions of its own ends with every table emptied, the ledger too, which otherwise is only added to.

    The published rates stay, unless the test took some away or brought another file: they are as each start makes them, and seven
    thousand rows take PostgreSQL a second.
    """
    from django.db import connection
    from django.db.backends.base.operations import BaseDatabaseOperations
    from django.db.models import Count, Max, Min
    from psycopg.sql import SQL, Identifier, Literal

    from kith.events.append_only import altering
    from kith.objects.rates import PublishedSheet, published

    engine: Any = type(connection.ops)
    empty, chosen = BaseDatabaseOperations.execute_sql_flush, engine.sql_flush

    @cache
    def shipped() -> int:
        file = published.path()
        return len(published.read(file.read_bytes())) if file else 0

    def as_shipped() -> bool:
        told = {"sheets": Count("day"), "first": Min("edition"), "last": Max("edition")}
        there = PublishedSheet.objects.aggregate(**told)
        return there["sheets"] == shipped() and there["first"] == there["last"] and published.load() == 0

    def emptied(operations: Any, sql_list: Any) -> None:
        with transaction.atomic(), altering("a test is over"):
            empty(operations, sql_list)

    def but_rates(operations: Any, style: Any, tables: Any, **how: Any) -> Any:
        kept = PublishedSheet._meta.db_table if as_shipped() else ""
        tables = [table for table in tables if table != kept]
        if connection.vendor != "postgresql" or how.get("reset_sequences"):
            return chosen(operations, style, tables, **how)
        # To truncate a hundred tables and more takes longer than most tests; few of them hold anything.
        filled = SQL(" UNION ALL ").join(
            SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(Literal(table), Identifier(table))
            for table in tables
        )
        with connection.cursor() as cursor:
            cursor.execute(filled)
            return [SQL("DELETE FROM {}").format(Identifier(table)) for (table,) in cursor.fetchall()]

    BaseDatabaseOperations.execute_sql_flush = emptied  # type: ignore[method-assign]
    engine.sql_flush = but_rates
    yield
    BaseDatabaseOperations.execute_sql_flush = empty  # type: ignore[method-assign]
    engine.sql_flush = chosen


@pytest.fixture
def cast(db: None) -> Any:
    """Return the people of the tests: Ada, Ben, Cai, Dee, Eve and an administrator."""
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture(autouse=True)
def english() -> Any:
    """Start every test in English: a request answered in another language leaves that language behind in its thread."""
    from django.utils import translation

    translation.activate("en")
    yield
    translation.activate("en")


@pytest.fixture(autouse=True)
def definitions_as_stored() -> Any:
    """Fields and objects that a test defined are forgotten with the test."""
    yield
    from kith.objects.custom import definitions
    from kith.objects.declare import ObjectType

    if definitions._loaded:
        definitions.forget()
        ObjectType.made = {}
        for o in ObjectType.registry:
            o.custom = {}
            for field in o.own.values():
                field.kind.relook({})


def pytest_make_parametrize_id(val: object) -> str | None:
    """Call bytes by their length: their content makes names that differ from run to run, and that nobody can read."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "live_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip on PostgreSQL what never touches a database: it has run on SQLite already, and would only do the same again."""
    from django.conf import settings

    if not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return
    again = pytest.mark.skip(reason="it touches no database, and bin/test runs it on SQLite")
    for item in items:
        if alone := item.get_closest_marker("one_engine"):
            item.add_marker(pytest.mark.skip(reason=f"bin/test runs it on SQLite: {alone.args[0]}"))
            continue
        asks = DATABASE & set(getattr(item, "fixturenames", ()))
        if not asks and not any(item.get_closest_marker(name) for name in ("django_db", "every_engine")):
            item.add_marker(again)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Keep what was collected out of the search for garbage; and stop where groups are not honoured.

    Without them every worker would make every served house again, for minutes, without a word.
    """
    # Ten thousand tests stay in memory to the end: to look through them for garbage again and again takes an eighth of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    if not getattr(session.config.option, "loadgroup", False):
        return
    for item in session.items:
        if item.get_closest_marker("xdist_group") and "@" not in item.nodeid:
            raise pytest.UsageError(f"{item.nodeid} is not dealt with its group: pytest and pytest-xdist do not fit.")
