"""What is found of a record follows its values: search rows, and exact-match keys, set-based."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .. import search
from ..columns import ManyLinksColumn
from ..declare import Field, ObjectType
from ..keys import Key


def concerns(field: Field) -> bool:
    """Whether a change of this field changes what is found."""
    return bool(field.search) or _has_keys(field)


def _has_keys(field: Field) -> bool:
    return field.lookup or (field.kind.multiple and not isinstance(field, ManyLinksColumn))


def write(o: ObjectType, records: list[Any], fields: Iterable[Field] | None = None, *, fresh: bool = False) -> None:
    """Bring both up to date for these records, in all fields or in `fields`. `fresh`: the records have no rows yet."""
    if not records:
        return
    chosen = list(o.fields.values() if fields is None else fields)
    search.reindex(o, records, [f for f in chosen if f.search], fresh=fresh)
    _write_keys(o, records, [f for f in chosen if _has_keys(f)], fresh=fresh)


def _write_keys(o: ObjectType, records: list[Any], fields: list[Field], *, fresh: bool) -> None:
    if not fields:
        return
    if not fresh:
        old = Key.objects.filter(object=o.key, record__in=[r.pk for r in records], field__in=[f.id for f in fields])
        old.delete()
    rows = [
        Key(object=o.key, field=field.id, value=value[:254], record=record.pk)
        for record in records
        for field in fields
        for value in dict.fromkeys(field.kind.keys(field.get(record)))
    ]
    Key.objects.bulk_create(rows, batch_size=1000)


def forget(o: ObjectType, ids: list[int]) -> None:
    """Nothing of these records is found any more."""
    if ids:
        search.forget(o, ids)
        Key.objects.filter(object=o.key, record__in=ids).delete()
