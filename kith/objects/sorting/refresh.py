"""Making the keys of all records anew, where those that are stored come from another version or from none.

A thousand records in a transaction, by id: only their rows are locked, and only those whose keys differ are written. Whoever is
stopped goes on behind the last thousand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import connection, models, transaction

from kith.kernel import collation

from ..columns import Column
from ..declare import ObjectType, Reader, object_types
from ..search.refresh import behind
from .models import Sorted

BATCH = 1000


def refresh(reader: Reader, *, most: int | None = None, size: int = BATCH) -> list[str]:
    """Bring the keys of every object to the version that this program makes; gives the objects that were looked through to their end.

    `reader` reads for the system, the trash as well. `most`: stop after so many batches of `size`; the next call goes on there.
    """
    if behind():
        return []
    done, left = [], most
    known = {row.object: row for row in Sorted.objects.all()}
    for o in object_types():
        keyed = _keyed(o)
        row = known.get(o.key) or Sorted(object=o.key)
        wanted = _version(keyed)
        if not keyed or row.version == wanted:
            continue
        if row.making != wanted:
            row.making, row.reached = wanted, 0
        while left is None or left > 0:
            left = None if left is None else left - 1
            if not _batch(o, reader, keyed, row, size):
                done.append(o.key)
                break
    return done


#: A field, the column of keys beside it, and what computes them.
_Keyed = tuple[Column, str, Callable[[Any], bytes | None]]


def _keyed(o: ObjectType) -> list[_Keyed]:
    return [
        (field, f"{field.name}_{suffix}", compute)
        for field in o.own.values()
        if isinstance(field, Column)
        for suffix, (make, compute) in field.kind.companions().items()
        if isinstance(make(), models.BinaryField)
    ]


def _version(keyed: list[_Keyed]) -> str:
    """Of the orders and of the columns: a title that is new needs keys as well."""
    columns = hashlib.sha256(" ".join(name for _field, name, _compute in keyed).encode()).hexdigest()[:12]
    return f"{collation.VERSION} {columns}"


def _batch(o: ObjectType, reader: Reader, keyed: list[_Keyed], row: Sorted, size: int) -> bool:
    """The next so many; False when there were none left, and all is told to be in the new version."""
    names = [name for _field, name, _compute in keyed]
    with transaction.atomic():
        rows = reader(o).filter(pk__gt=row.reached).order_by("pk").select_for_update()
        records: list[Any] = list(rows.only(*{field.name for field, _name, _compute in keyed}, *names)[:size])
        changed = []
        for record in records:
            keys = [compute(field.get(record)) for field, _name, compute in keyed]
            if keys != [None if (old := getattr(record, name)) is None else bytes(old) for name in names]:
                changed.append((*keys, record.pk))
        _store(o, names, changed)
        if records:
            row.reached = records[-1].pk
        else:
            row.version, row.making, row.reached = row.making, "", 0
        row.save()
    return bool(records)


def _store(o: ObjectType, names: list[str], rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    quote = connection.ops.quote_name
    columns = [f"{quote(o.model._meta.get_field(name).column)} = %s" for name in names]
    # Names of our own columns; bulk_update would write a CASE of a thousand branches for each of them.
    sql = f"UPDATE {quote(o.model._meta.db_table)} SET {', '.join(columns)} WHERE id = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)
