"""The SQL engines that Kith stands on: which SQLite library is used, and which versions are safe."""

import importlib
import sys
from typing import Any

SAFE_SQLITE = (3, 51, 3)
"""The first SQLite whose WAL cannot be reset under a reader, a fault that can lose committed rows."""

SAFE_POSTGRESQL = 15


def use_safe_sqlite() -> None:
    """Make `import sqlite3` mean the `pysqlite3` wheel, which carries its own, current SQLite library.

    Where no such wheel exists the interpreter's own module stays; `sqlite_fault` judges it before anything is served.
    """
    try:
        safe = importlib.import_module("pysqlite3")
        dbapi2 = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return
    sys.modules["sqlite3"] = safe
    sys.modules["sqlite3.dbapi2"] = dbapi2


def sqlite_fault() -> str | None:
    """Return why the SQLite library in use must not hold data, as a sentence, or None when it is sound."""
    import sqlite3  # the module that `use_safe_sqlite` chose, not the one found when this file was read

    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        wanted = ".".join(map(str, SAFE_SQLITE))
        return (
            f"SQLite {sqlite3.sqlite_version} can lose committed rows (its WAL-reset fault); Kith needs {wanted} or "
            "later. Install the pysqlite3 package of requirements.lock, or set DATABASE_URL to a PostgreSQL database."
        )
    options = {row[0] for row in sqlite3.connect(":memory:").execute("PRAGMA compile_options")}
    if "ENABLE_FTS5" not in options:
        return f"SQLite {sqlite3.sqlite_version} is built without FTS5, which search needs."
    return None


def prepare_connection(sender: Any = None, connection: Any = None, **rest: Any) -> None:
    """Let a new SQLite connection close what a transaction leaves that could not begin."""
    if connection is not None and connection.vendor == "sqlite" and _let_go not in connection.execute_wrappers:
        connection.execute_wrappers.append(_let_go)


def _let_go(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Close the cursor of a BEGIN that failed, because the library's connection still knows its statement.

    Django leaves it to the error, which is a circle of rubbish. The thread that collects it resets the statement, and waits for
    whoever runs it by then: the next BEGIN of the same connection, which may well wait for a transaction of the thread that collects.
    Then both stand still until SQLite's patience ends.
    """
    try:
        return execute(sql, params, many, context)
    except Exception:
        if sql.startswith("BEGIN"):
            context["cursor"].close()
        raise
