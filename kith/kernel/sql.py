"""The SQL engines that Kith stands on: which SQLite library is used, and which versions are safe."""

import importlib
import sys

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
