"""The index keeper: user-made fields that are searched often get an index over their key; at most twelve for an object.

Django does not know these indexes, and a SQLite table rebuild drops them silently, so every migration ends with `sync`.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, models

from ..declare import ObjectType, object_types
from .carriers import Custom
from .models import CustomField

MAX_PER_OBJECT = 12
PREFIX = "kith_cf_"


def wanted() -> dict[str, str]:
    """Name → statement of every index that should be there."""
    marked = {row.field_id for row in CustomField.objects.filter(indexed=True, removed_at=None)}
    found: dict[str, str] = {}
    for o in object_types():
        own = [
            f for f in o.fields.values() if isinstance(f, Custom) and f.id in marked and f.sortable and not f.kind.kept
        ]
        for field in own[:MAX_PER_OBJECT]:
            name = f"{PREFIX}{field.id}"
            found[name] = _statement(name, o, field)
    return found


def _statement(name: str, o: ObjectType, field: Custom) -> str:
    rows = models.QuerySet(o.model).annotate(v=field.expression()).values("v").order_by()
    compiler = rows.query.get_compiler(connection=connection)
    sql, params = compiler.compile(rows.query.annotations["v"])
    if params:
        raise RuntimeError("An index holds no parameters.")
    table = o.model._meta.db_table
    # Django names the column with its table, which an index must not.
    column = sql.replace(f'"{table}".', "")
    return f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table}" (({column}), "id")'


def present() -> set[str]:
    """Names of our indexes that are there."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND substr(name, 1, 8) = %s", [PREFIX])
        else:
            cursor.execute(
                "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND left(indexname, 8) = %s",
                [PREFIX],
            )
        return {row[0] for row in cursor.fetchall()}


def sync(**_signal: Any) -> tuple[list[str], list[str]]:
    """Make what is missing, drop what is not wanted any more; returns the names of both."""
    should, have = wanted(), present()
    with connection.cursor() as cursor:
        for name in sorted(set(should) - have):
            cursor.execute(should[name])
        for name in sorted(have - set(should)):
            cursor.execute(f'DROP INDEX IF EXISTS "{name}"')
    return sorted(set(should) - have), sorted(have - set(should))
