"""Writing the whole index anew after what it holds has changed."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from ..declare import ObjectType, Reader, object_types
from .backends import back_end
from .index import forget, reindex, searchable
from .models import Indexed, SearchRow

#: Goes up whenever `tokens` or the words of a kind change: the next `kith migrate` writes the index anew.
VERSION = 4
BATCH = 1000


def refresh(reader: Reader) -> list[str]:
    """Bring the index of every object to VERSION, a batch of records in a transaction; gives the keys of those written anew.

    `reader` reads for the system. An object whose refresh was cut short is begun again by the next one.
    """
    if behind():
        return []
    back_end(connection).repair()
    current = set(Indexed.objects.filter(version=VERSION).values_list("object", flat=True))
    written = []
    for o in object_types():
        if o.key not in current:
            _write(o, reader)
            Indexed.objects.update_or_create(object=o.key, defaults={"version": VERSION})
            written.append(o.key)
    return written


def behind() -> bool:
    """Whether only some rooms have been migrated: tables may not have the columns yet that their models have."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _write(o: ObjectType, reader: Reader) -> None:
    linking = [f for f in searchable(o) if f.target]
    live = reader(o).order_by("pk")
    after, had_rows = 0, SearchRow.objects.filter(object=o.key).exists()
    while True:
        with transaction.atomic():
            records: list[Any] = list(live.filter(pk__gt=after)[:BATCH])
            if not records:
                break
            for field in linking:
                field.attach(records, reader)
            reindex(o, records, fresh=not had_rows)
        after = records[-1].pk
    if had_rows:
        gone = SearchRow.objects.filter(object=o.key).exclude(record__in=live.order_by().values("pk"))
        forget(o, set(gone.values_list("record", flat=True)))
