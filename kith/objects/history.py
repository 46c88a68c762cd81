"""The ledger as people read it: one timeline per record, and what a field was when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from kith.events.facts import Fact
from kith.events.models import CHANGES, About, Event
from kith.identity.names import user_references
from kith.kernel.actor import Actor

from . import reads
from .access import fields as fields_of
from .columns import references
from .declare import Field, ObjectType, object_type
from .kinds import Reference
from .merged import RecordMerged, went_into
from .query import reader, visible_to


@dataclass(frozen=True)
class Change:
    """One field's old and new value, as the kind's own values."""

    field: Field
    old: Any
    new: Any


@dataclass(frozen=True)
class Entry:
    """One line of a timeline. `on` is the other record it happened to, when it is not this one's own; `body` is a note's text, or
    what that record says."""

    id: int
    name: str
    at: datetime
    actor_kind: str
    actor_name: str
    actor_id: str
    cause: str
    icon: str
    sentence: str
    body: str
    changes: tuple[Change, ...]
    on: Reference | None


@dataclass(frozen=True)
class Timeline:
    """Entries, newest first; `next` is the id to go on after, or None."""

    entries: list[Entry]
    next: int | None


_ICONS = {
    "created": "plus",
    "changed": "history",
    "removed": "trash-2",
    "restored": "undo-2",
    "purged": "trash-2",
    "undone": "undo-2",
}


def timeline(
    actor: Actor,
    record: Any,
    *,
    after: int | None = None,
    limit: int = 25,
    names: tuple[str, ...] = (),
    by: tuple[str, str] | None = None,
    bare: bool = False,
) -> Timeline:
    """What happened to `record` and to others that concern it, as far as `actor` may see it. A constant number of queries.

    Hidden fields do not show; a change of nothing but hidden fields is left out. `names` narrows to events of these names,
    `by` to those of one actor (kind, id). `bare` asks only what happened when and by whom: what changed is left out, and so nothing
    sensitive has been read.
    """
    o = object_type(record)
    # What happened to the records that were merged into it happened to it.
    home = [record.pk, *went_into(o.key, record.pk)]
    told = About.objects.filter(object=o.key, record__in=home)
    events = Event.objects.filter(Q(object=o.key, record__in=home) | Q(pk__in=told.values("event")))
    if names:
        events = events.filter(name__in=names)
    if by is not None:
        events = events.filter(actor_kind=by[0], actor_id=by[1])
    if after:
        events = events.filter(pk__lt=after)
    found = list(events.order_by("-pk")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    entries = _entries(actor, found, home={(o.key, pk) for pk in home}, here=record.pk)
    if bare:
        entries = [replace(entry, changes=()) for entry in entries]
    else:
        happened = {event.pk: event for event in found}
        for entry in entries:
            _note(actor, happened[entry.id], entry.changes)
    return Timeline(entries, found[-1].pk if more else None)


def _note(actor: Actor, event: Event, changes: Sequence[Change]) -> None:
    """Who reads what a sensitive field was has read it."""
    if changes and event.record:
        reads.note_past(actor, object_type(event.object), event.record, [change.field for change in changes])


def told(actor: Actor, event: Event) -> Entry | None:
    """One event about a record as its own timeline has it; None where `actor` may see nothing of it. Whether she may see the record is
    asked before, and what was sensitive in it is noted.
    """
    if event.record is None:
        return None
    found = _entries(actor, [event], home={(event.object, event.record)}, here=event.record)
    for entry in found:
        _note(actor, event, entry.changes)
    return found[0] if found else None


def standing_since(field: Field, records: Sequence[Any]) -> dict[int, datetime]:
    """Since when each of `records` (of one object) has the value of `field` that it has now, by id: one query.

    The ledger says when it was last changed; what was never changed is as old as its record. Whether the actor may read the field is asked
    before.
    """
    pks = [record.pk for record in records]
    found = (
        Event.objects.filter(object=field.object.key, record__in=pks, name__in=("created", "changed", "undone"))
        .filter(data__has_key=field.id)
        .order_by()
        .values_list("record")
        .annotate(at=Max("at"))
    )
    told = dict(found) if pks else {}
    return {record.pk: told.get(record.pk) or record.created_at for record in records}


def people_in(record: Any, *, limit: int = 30) -> list[tuple[str, str, str]]:
    """Who did anything to a record: (kind, id, name as it was last), in the order of their names."""
    o = object_type(record)
    home = [record.pk, *went_into(o.key, record.pk)]
    found = Event.objects.filter(object=o.key, record__in=home).values_list("actor_kind", "actor_id")
    return list(found.annotate(name=Max("actor_name")).order_by("name")[:limit])


def _entries(actor: Actor, events: list[Event], home: set[tuple[str, int]], here: int) -> list[Entry]:
    others: dict[str, dict[int, Any]] = {}
    wanted: dict[str, set[int]] = {}
    for event in events:
        if event.record and _elsewhere(event, home, here):
            wanted.setdefault(event.object, set()).add(event.record)
    for key, ids in wanted.items():
        try:
            others[key] = {r.pk: r for r in visible_to(actor, key, trash=None).filter(pk__in=ids)}
            object_type(key).title_field.attach(list(others[key].values()), reader(actor))
        except KeyError:
            others[key] = {}
    readable: dict[str, dict[str, Field]] = {}
    made = []
    for event in events:
        on, body, icon = None, "", ""
        if _elsewhere(event, home, here):
            other = others.get(event.object, {}).get(event.record or 0)
            if other is None:
                continue
            target = object_type(event.object)
            named = target.title_of(other) if target.title in fields_of(actor, target) else f"#{other.pk}"
            url = target.url(other.pk)
            on = Reference(target.key, other.pk, named, f"{url}?itself=1" if event.name == RecordMerged.name else url)
            if event.name == "created" and (said := fields_of(actor, target).get(target.body)) is not None:
                body = said.kind.export(said.get(other))
            icon = target.icon if event.name == "created" and target.about else ""
        if event.object not in readable:
            try:
                readable[event.object] = {f.id: f for f in fields_of(actor, event.object).values()}
            except KeyError:
                readable[event.object] = {}
        entry = _entry(event, readable[event.object], on, body, icon)
        if entry is not None:
            made.append(entry)
    titled = with_titles(actor, [entry.changes for entry in made])
    return [replace(entry, changes=changes) for entry, changes in zip(made, titled, strict=True)]


def _elsewhere(event: Event, home: set[tuple[str, int]], here: int) -> bool:
    """Whether a line says to which other record it happened: of a merged one only that it was merged."""
    if event.name == RecordMerged.name:
        return event.record != here
    return (event.object, event.record) not in home


def _entry(event: Event, fields: dict[str, Field], on: Reference | None, body: str, icon: str) -> Entry | None:
    changes: tuple[Change, ...] = ()
    icon = icon or icon_of(event)
    if event.name in CHANGES:
        changes = _changes(event, fields)
        if event.name == "changed" and not changes:
            return None
        sentence = sentence_of(event)
    else:
        fact_type = Fact.registry.get(event.name)
        if fact_type is None or fact_type.aside:
            return None
        fact = fact_type.load(event)
        sentence, body = fact.sentence(), fact.body()
    return Entry(
        event.pk,
        event.name,
        event.at,
        event.actor_kind,
        acted_by(event),
        event.actor_id,
        event.cause,
        icon,
        sentence,
        body,
        changes,
        on,
    )


def acted_by(event: Event) -> str:
    """Who did it: "Ben", or "Ben for Ada" where he could only in her place."""
    if not event.deputy_for:
        return event.actor_name
    return _("%(name)s for %(other)s") % {"name": event.actor_name, "other": event.deputy_for}


def _changes(event: Event, fields: dict[str, Field]) -> tuple[Change, ...]:
    return tuple(
        Change(fields[key], fields[key].kind.unpack(pair[0]), fields[key].kind.unpack(pair[1]))
        for key, pair in event.data.items()
        if key in fields and isinstance(pair, list) and len(pair) == 2
    )


def changes_of(actor: Actor, event: Event) -> tuple[Change, ...]:
    """What a change event changed, of the fields that `actor` may see; () for other events and for objects that are no more."""
    if event.name not in CHANGES or event.object not in ObjectType.known():
        return ()
    found = _changes(event, {f.id: f for f in fields_of(actor, event.object).values()})
    _note(actor, event, found)
    return found


def icon_of(event: Event) -> str:
    """The icon that goes with an event."""
    fact_type = Fact.registry.get(event.name)
    return fact_type.icon if fact_type else _ICONS.get(event.name, "circle")


def sentence_of(event: Event) -> str:
    """What a change event says; every event has a sentence."""
    fact_type = Fact.registry.get(event.name)
    if fact_type is not None:
        return fact_type.load(event).sentence()
    try:
        label = object_type(event.object).label
    except KeyError:
        label = event.object
    said = {
        "created": _("%(object)s created"),
        "changed": _("%(object)s changed"),
        "removed": _("%(object)s moved to the trash"),
        "restored": _("%(object)s restored from the trash"),
        "purged": _("%(object)s deleted for good"),
        "undone": _("%(object)s: change undone"),
    }
    return said.get(event.name, "%(object)s") % {"object": label}


def with_titles(actor: Actor, several: list[tuple[Change, ...]]) -> list[tuple[Change, ...]]:
    """The same changes, links in old and new values with their titles: one query per linked object."""
    wanted: dict[str, set[int]] = {}

    def each(value: Any) -> tuple[Reference, ...]:
        return value if isinstance(value, tuple) else (value,) if isinstance(value, Reference) else ()

    for change in (change for changes in several for change in changes):
        if change.field.target:
            for ref in (*each(change.old), *each(change.new)):
                wanted.setdefault(change.field.target, set()).add(ref.id)
    known: dict[str, dict[int, Reference]] = {}
    for key, ids in wanted.items():
        if key == "identity.user":
            known[key] = {pk: Reference(key, pk, name) for pk, name in user_references(ids).items()}
        else:
            known[key] = references(key, ids, reader(actor, trash=None))

    def named(target: str, value: Any) -> Any:
        if isinstance(value, Reference):
            return known[target].get(value.id, value)
        return tuple(known[target].get(ref.id, ref) for ref in value) if isinstance(value, tuple) else value

    return [
        tuple(
            Change(c.field, named(c.field.target, c.old), named(c.field.target, c.new)) if c.field.target else c
            for c in changes
        )
        for changes in several
    ]


@dataclass(frozen=True)
class Period:
    """What a field was, from when to when (None: still), set by whom."""

    value: Any
    since: datetime
    until: datetime | None
    by: str


def field_history(actor: Actor, record: Any, name: str) -> list[Period]:
    """The dated history of one field from the ledger, newest first; [] when the actor may not read it."""
    o = object_type(record)
    field = fields_of(actor, o).get(name)
    if field is None:
        return []
    events = Event.objects.filter(object=o.key, record=record.pk, name__in=CHANGES, data__has_key=field.id).order_by(
        "pk"
    )
    periods: list[Period] = []
    for event in events[:500]:
        value = field.kind.unpack(event.data[field.id][1])
        if periods:
            periods[-1] = Period(periods[-1].value, periods[-1].since, event.at, periods[-1].by)
        periods.append(Period(value, event.at, None, event.actor_name))
    if periods:
        reads.note_past(actor, o, record.pk, [field])
    return [p for p in reversed(periods) if not field.kind.is_empty(p.value)]
