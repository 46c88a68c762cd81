"""What a request may do to the database: how long a statement may take, and whether it may write at all.

Both are held by the database itself. A page that is only looked at runs with `PRAGMA query_only` (SQLite) or
`default_transaction_read_only` (PostgreSQL), so that no address changes anything by being visited, however its code came to try.
A statement that takes too long is stopped by SQLite's progress handler or PostgreSQL's `statement_timeout`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .errors import Refused
from .sentences import counted

#: Seconds that one statement may take: while a page is made, and while something is written.
LOOKING, WRITING, STREAMING = 3.0, 30.0, 60.0
#: Steps of SQLite's machine between two looks at the clock; about a thousandth of a second.
_STEPS = 20_000
_FAILED = 3  # psycopg's INERROR: nothing can be said to such a transaction but its end
#: Who may write while a page is made, and what for.
TRACKERS = {
    "audit": "that something was read which is worth writing down: an export, a field marked sensitive",
    "recents": "which records somebody opened lately, for herself",
    "session": "when a session was last used, and its end",
    "sign-in": "coming back from another house's sign-in, which is a GET",
    "token": "when a token was last used, and how often",
    "trial": "an import that is tried out, inside of a transaction that is always rolled back",
}


class TooSlow(Refused):
    """A statement was stopped because it took too long."""

    def __init__(self, seconds: float = LOOKING):
        n = round(seconds)
        stopped = ngettext(
            "This took longer than %(n)s second and was stopped.",
            "This took longer than %(n)s seconds and was stopped.",
            n,
        ) % {"n": counted(n)}
        narrow = _(
            "Narrow it down: choose fewer records by a date, an owner or a list, and use “contains” on one field at a time."
        )
        super().__init__(f"{stopped} {narrow}")


class _State:
    """What holds for this thread's connection now."""

    def __init__(self) -> None:
        self.closed = False
        self.until = 0.0
        self.seconds = 0.0


def _state() -> _State:
    # On the connection itself, which each thread has of its own.
    found: _State = connections[DEFAULT_DB_ALIAS].__dict__.setdefault("kith_guard", _State())
    return found


def watch(seconds: float, *, read_only: bool) -> None:
    """From here on a statement of this thread may take `seconds`, and write only if `read_only` is false."""
    connection.ensure_connection()
    state = _state()
    state.seconds = seconds
    if _timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(_timed)
    if connection.vendor == "sqlite":
        connection.connection.set_progress_handler(lambda: time.monotonic() > state.until, _STEPS)
        _close(read_only)
    else:
        _close(read_only, f"SET statement_timeout = {int(seconds * 1000)};")


def release() -> None:
    """Nothing is limited any more: the next in this thread may be a job, or a request that writes."""
    if _timed not in connection.execute_wrappers:
        return
    connection.execute_wrappers.remove(_timed)
    _state().seconds = 0.0
    if connection.connection is None:
        _state().closed = False
    elif connection.vendor == "sqlite":
        connection.connection.set_progress_handler(None, 0)
        _close(False)
    else:
        _close(False, "SET statement_timeout = 0;")


def streamed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """`chunks` of an answer that is made while it is sent: on a connection that only reads, with more time for each statement."""
    source = iter(chunks)
    watch(STREAMING, read_only=True)
    try:
        yield from source
    finally:
        release()
        if close := getattr(source, "close", None):
            close()


@contextmanager
def tracking(name: str) -> Iterator[None]:
    """Let one named tracker write although the page is only looked at."""
    if name not in TRACKERS:
        raise KeyError(f"{name!r} is no tracker; kith.kernel.guarded lists them.")
    was = _state().closed
    _close(False)
    try:
        yield
    finally:
        _close(was)


def stopped(error: BaseException) -> TooSlow | None:
    """The refusal that stands for a statement which was stopped for its time; None for any other error."""
    if not isinstance(error, DatabaseError):
        return None
    cause = error.__cause__
    if str(error) == "interrupted" or getattr(cause, "sqlstate", "") == "57014":
        return TooSlow(_state().seconds or LOOKING)
    return None


def _close(closed: bool, also: str = "") -> None:
    """Close the connection for writing, or open it; `also` goes to PostgreSQL on the same way."""
    state = _state()
    if connection.vendor == "sqlite":
        if state.closed != closed:
            connection.connection.execute(f"PRAGMA query_only = {int(closed)}")
    else:
        also += _close_postgresql(closed) if state.closed != closed else ""
        raw: Any = connection.connection
        if also and not raw.closed and raw.info.transaction_status != _FAILED:
            raw.execute(also)
    state.closed = closed


def _close_postgresql(closed: bool) -> str:
    if closed and connection.in_atomic_block:
        # A transaction that has begun cannot be opened for writing again, so here the statements themselves are looked at.
        connection.execute_wrappers.append(_reading)
        return ""
    if _reading in connection.execute_wrappers:
        connection.execute_wrappers.remove(_reading)
        return ""
    return f"SET default_transaction_read_only = {'on' if closed else 'off'};"


def _timed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    state = _state()
    state.until = time.monotonic() + (state.seconds or WRITING)
    return execute(sql, params, many, context)


def _reading(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    first = sql.lstrip(" (\n").partition(" ")[0].upper()
    if first not in (
        "SELECT",
        "WITH",
        "EXPLAIN",
        "SHOW",
        "SAVEPOINT",
        "RELEASE",
        "ROLLBACK",
        "DECLARE",
        "FETCH",
        "CLOSE",
    ):
        raise DatabaseError(f"cannot execute {first} in a read-only transaction")
    return execute(sql, params, many, context)
