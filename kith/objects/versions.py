"""What a record was at any time: its versions, how two of them differ, and one field taken back through the write path."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kith.events.models import CHANGES, Event
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Missing

from . import reads
from .access import fields as fields_of
from .declare import Field, ObjectType, object_type
from .history import Change, acted_by, changes_of, with_titles
from .query import reader

#: No record is followed further back than this many changes.
FARTHEST = 5000


@dataclass(frozen=True)
class Version:
    """One state of a record, and what made it so: the event's number, when, by whom, what differs from the state before."""

    id: int
    name: str
    at: datetime
    by: str
    changes: tuple[Change, ...]


def _events(o: ObjectType, record: Any) -> Any:
    return Event.objects.filter(object=o.key, record=record.pk, name__in=CHANGES)


def versions(
    actor: Actor, record: Any, *, after: int | None = None, limit: int = 25
) -> tuple[list[Version], int | None]:
    """The record's versions, newest first, and the number to go on after; those that changed nothing the actor sees are left out."""
    o = object_type(record)
    events = _events(o, record)
    if after:
        events = events.filter(pk__lt=after)
    found = list(events.order_by("-pk")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    titled = with_titles(actor, [changes_of(actor, event) for event in found])
    made = [
        Version(event.pk, event.name, event.at, acted_by(event), changes)
        for event, changes in zip(found, titled, strict=True)
        if changes or event.name not in ("changed", "undone")
    ]
    return made, found[-1].pk if more else None


def state(actor: Actor, record: Any, at: int) -> dict[str, Any]:
    """The packed values of the fields that the actor sees, as they were after event number `at`: from now, back through the ledger."""
    o = object_type(record)
    mine = {f.id: f for f in fields_of(actor, o).values() if f.writable}
    for field in mine.values():
        if field.target and field.kind.multiple:
            field.attach([record], reader(actor, trash=None))
    packed = {f.name: f.kind.pack(f.get(record)) for f in mine.values()}
    for data in _events(o, record).filter(pk__gt=at).order_by("-pk").values_list("data", flat=True)[:FARTHEST]:
        for key, pair in data.items():
            if key in mine and isinstance(pair, list) and len(pair) == 2:
                packed[mine[key].name] = pair[0]
    return packed


def differences(actor: Actor, record: Any, one: int, other: int) -> tuple[Change, ...]:
    """How the state after event `other` differs from that after event `one`: `old` is the former, in the order of the object's fields."""
    _known(record, one, other)
    o = object_type(record)
    before, after = state(actor, record, one), state(actor, record, other)
    found = tuple(
        Change(o.fields[name], o.fields[name].kind.unpack(before[name]), o.fields[name].kind.unpack(after[name]))
        for name in before
        if before[name] != after[name]
    )
    reads.note_past(actor, o, record.pk, [change.field for change in found])
    (titled,) = with_titles(actor, [found])
    return titled


def _known(record: Any, *ids: int) -> None:
    o = object_type(record)
    if _events(o, record).filter(pk__in=ids).count() != len(set(ids)):
        raise Missing


def value_at(actor: Actor, record: Any, name: str, event: int, *, before: bool = False) -> tuple[Field, Any]:
    """The field, and its value after an event or `before` it: what `change` is given to take it back.

    Missing for what the actor may not see, Forbidden for what she may not change.
    """
    o = object_type(record)
    field = fields_of(actor, o).get(name)
    if field is None:
        raise Missing
    if name not in fields_of(actor, o, "change"):
        raise Forbidden
    _known(record, event)
    return field, field.kind.unpack(state(actor, record, event - 1 if before else event)[name])


__all__ = ["Version", "differences", "state", "value_at", "versions"]
