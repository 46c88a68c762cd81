"""Tables that rows are added to and never changed or taken from: the ledger, where its rows came from, and its chain.

Triggers of the database hold this, so that neither a fault of ours nor another program on the same database rewrites history
unnoticed. What may change them after all says so aloud: `with altering("erasure of a person"):`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection

TABLES = ("events_event", "events_origin", "events_seal")
SAID = "The ledger is only added to."

_altering: ContextVar[str] = ContextVar("altering", default="")


@contextmanager
def altering(reason: str) -> Iterator[None]:
    """Let rows of these tables be changed inside, for a stated `reason`. On PostgreSQL inside of a transaction only."""
    if not reason:
        raise ValueError("Say why the ledger is changed.")
    token = _altering.set(reason)
    try:
        if connection.vendor == "postgresql":
            _set(connection, "on")
        yield
    finally:
        _altering.reset(token)
        if connection.vendor == "postgresql" and not connection.needs_rollback:
            _set(connection, "")


def _set(to: Any, value: str) -> None:
    with to.cursor() as cursor:
        cursor.execute("SELECT set_config('kith.altering', %s, true)", [value])


def prepare_connection(sender: Any = None, connection: Any = None, **rest: Any) -> None:
    """Teach a new SQLite connection what the triggers ask. Another program does not know it, and is refused by that alone."""
    if connection is not None and connection.vendor == "sqlite":
        connection.connection.create_function("kith_may_alter", 0, lambda: int(bool(_altering.get())))


def guard() -> None:
    """Make the triggers that are not there. After every migration: SQLite loses them when a table is built anew."""
    with connection.cursor() as cursor:
        for statement in _STATEMENTS[connection.vendor]():
            cursor.execute(statement)


def _sqlite() -> Iterator[str]:
    for table in TABLES:
        for deed in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"WHEN kith_may_alter() = 0 BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
            )


def _postgresql() -> Iterator[str]:
    yield (
        "CREATE OR REPLACE FUNCTION kith_only_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF coalesce(current_setting('kith.altering', true), '') <> 'on' THEN "
        f"RAISE EXCEPTION '{SAID}' USING ERRCODE = 'insufficient_privilege'; END IF; "
        "IF TG_LEVEL = 'STATEMENT' THEN RETURN NULL; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    for table in TABLES:
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION kith_only_added()"
        )
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION kith_only_added()"
        )


_STATEMENTS = {"sqlite": _sqlite, "postgresql": _postgresql}
