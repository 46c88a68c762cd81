"""Records that look like one: found by what their object declares as telling, through the gate, in a few queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kith.kernel.actor import Actor
from kith.kernel.legal_forms import apart, same_firm

from .access import fields as fields_of
from .columns import ManyLinksColumn
from .declare import Field, ObjectType, object_type
from .keys import Key
from .query import reader, visible_to
from .search.index import called

#: So many records are looked at for each way of being alike, and so many are shown.
CANDIDATES, SHOWN = 20, 4


@dataclass(frozen=True)
class Alike:
    """A record that may be the same as another: its number, and by which fields."""

    id: int
    record: Any
    by: tuple[Field, ...]


def ways_of(o: ObjectType) -> list[tuple[str, ...]]:
    """In which ways two records of an object are alike: what it declares (`alike`), else each look-up field, and `duplicates` together."""
    if o.alike:
        return list(o.alike)
    single: list[tuple[str, ...]] = [(f.name,) for f in o.fields.values() if f.lookup]
    return [*single, o.duplicates] if o.duplicates else single


def duplicates(actor: Actor, record: Any, *, limit: int = SHOWN) -> list[Alike]:
    """Other records that may be the same as this one, as far as the actor may see them and the fields that tell.

    The number of queries depends on the object's declaration alone. Most ways in common first.
    """
    o = object_type(record)
    mine = fields_of(actor, o)
    found: dict[int, tuple[Any, list[Field]]] = {}
    for way in ways_of(o):
        if not all(name in mine for name in way):
            continue
        fields = [mine[name] for name in way]
        for other in _candidates(actor, o, fields, record):
            known = found.setdefault(other.pk, (other, []))[1]
            known.extend(f for f in fields if f not in known)
    ordered = sorted(found.values(), key=lambda pair: (-len(pair[1]), pair[0].pk))[:limit]
    if ordered and o.title in mine:
        o.title_field.attach([other for other, _by in ordered], reader(actor))
    return [Alike(other.pk, other, tuple(by)) for other, by in ordered]


def _candidates(actor: Actor, o: ObjectType, fields: list[Field], record: Any) -> list[Any]:
    first, *rest = fields
    if first.kind.is_empty(first.get(record)):
        return []
    rows = visible_to(actor, o).exclude(pk=record.pk)
    rows = _with(o, rows, first, record)
    if rows is None:
        return []
    found = list(rows.order_by("pk")[:CANDIDATES])
    if o.title_field is first and first.facts.legal_forms:
        name = str(first.get(record))
        found = [other for other in found if same_firm(name, str(first.get(other)))]
    for field in rest:
        if not found:
            return []
        if field.target:
            field.attach([record, *found], reader(actor))
        wanted = _signs(field, record)
        found = [other for other in found if wanted & _signs(field, other)]
    return found


def _with(o: ObjectType, rows: Any, field: Field, record: Any) -> Any:
    """Those of the rows that have the record's value in the field, by index; None for a value that tells nothing."""
    value = field.get(record)
    if field.facts.legal_forms:
        name = apart(field.kind.words(value))[0][:254]
        keys = Key.objects.filter(object=o.key, field=called(field), value=name)
        return rows.filter(pk__in=keys.values("record")) if name else None
    if field.lookup or (field.kind.multiple and not isinstance(field, ManyLinksColumn)):
        wanted = [key[:254] for key in field.kind.keys(value)][:CANDIDATES]
        keys = Key.objects.filter(object=o.key, field=field.id, value__in=wanted)
        return rows.filter(pk__in=keys.values("record")) if wanted else None
    companion = field.kind.companions().get("folded")
    if companion is not None and hasattr(field, "attname"):
        folded = companion[1](value)
        return rows.filter(**{f"{field.name}_folded": folded}) if folded else None
    if field.target:
        return None
    return rows.annotate(alike=field.expression()).filter(alike=field.comparable(value))


def _signs(field: Field, record: Any) -> set[Any]:
    """What two equal values of a field have in common."""
    value = field.get(record)
    if value is None or field.kind.is_empty(value):
        return set()
    if field.target:
        return {link.id for link in (value if isinstance(value, tuple) else (value,))}
    if field.kind.multiple:
        return set(field.kind.keys(value))
    companion = field.kind.companions().get("folded")
    return {companion[1](value)} if companion is not None else {str(field.kind.pack(value))}


__all__ = ["Alike", "duplicates", "ways_of"]
