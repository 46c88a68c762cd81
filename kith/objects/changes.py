"""What happened after a place in the ledger, in order, as far as an actor may know it: the change feed.

Whoever goes on from where she stopped is told everything once (`kith.events.horizon`). Rights are those of now, as everywhere: of a record
that she sees, everything is told that its history shows her; of one that left her sight, that it did; of all others nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kith.events.facts import Fact
from kith.events.models import CHANGES, Event
from kith.identity.names import team_ids
from kith.kernel.actor import Actor

from .access import fields as fields_of
from .access.earlier import seen_before
from .access.models import VIEW, TerritoryRule
from .access.rights import rights, standing_in
from .access.territories import territories_of
from .declare import ObjectType, object_type
from .history import acted_by
from .query import visible_to

#: A change by which a record left the reader's sight.
GONE = "gone"
#: Numbers of events that are gone over at one asking, and events that are read at once.
FAR, AT_ONCE = 20_000, 1_000


@dataclass(frozen=True)
class Told:
    """One change. `what` is the name of the event, or GONE: then nothing follows. `version` is None for what changes no field."""

    number: int
    at: datetime
    object: str
    record: int
    what: str
    version: int | None = None
    by: tuple[str, str, str] | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stretch:
    """Changes in order; `upto` is the place to go on from, `more` whether something may follow already."""

    changes: list[Told]
    upto: int
    more: bool


def kinds_of_change() -> list[str]:
    """Names of the events that are told: changes of fields, and what rooms say of records. Not what only the audit trail shows."""
    return [*CHANGES, *(fact.name for fact in Fact.registry if not fact.aside and fact.name not in CHANGES)]


def changes_after(
    actor: Actor,
    position: int,
    horizon: int,
    *,
    objects: Collection[str] | None = None,
    what: Collection[str] | None = None,
    limit: int = 100,
) -> Stretch:
    """What happened after `position` up to `horizon`, at most `limit` changes, of these objects (keys) and these kinds of change.

    The number of queries depends on how much is gone over, never on how many records there are: a reader who is told little of much
    gets a shorter stretch, with `more`.
    """
    end = max(position, min(horizon, position + FAR))
    keys = [key for key in ObjectType.known() if actor.allows(key, VIEW) and (objects is None or key in objects)]
    names = [name for name in kinds_of_change() if what is None or name in what]
    events = Event.objects.filter(object__in=keys, name__in=names, record__isnull=False)
    told: list[Told] = []
    upto, step = position, min(AT_ONCE, limit + 50)
    while upto < end and len(told) < limit:
        some = list(events.filter(pk__gt=upto, pk__lte=end).order_by("pk")[:step])
        found = _told(actor, some)
        upto = some[-1].pk if len(some) == step else end
        if len(told) + len(found) > limit:
            found = found[: limit - len(told)]
            upto = found[-1].number
        told += found
        step = AT_ONCE
    return Stretch(told, upto, upto < horizon)


def _told(actor: Actor, events: list[Event]) -> list[Told]:
    by_object: dict[str, list[Event]] = {}
    for event in events:
        by_object.setdefault(event.object, []).append(event)
    told: dict[int, Told] = {}
    for key, some in by_object.items():
        o = object_type(key)
        ids = {event.record for event in some}
        seen = set(visible_to(actor, o, trash=None).filter(pk__in=ids).values_list("pk", flat=True))
        names = {one.id: one.name for one in fields_of(actor, o).values()} if seen else {}
        for event in some:
            if event.record in seen and (line := _line(event, names)) is not None:
                told[event.pk] = line
        lost = seen_before(actor, o, [event for event in some if event.record not in seen])
        told |= {e.pk: Told(e.pk, e.at, key, e.record or 0, GONE) for e in some if e.pk in lost}
    return [told[event.pk] for event in events if event.pk in told]


def _line(event: Event, names: dict[str, str]) -> Told | None:
    """A change of a record that she sees; None for a change of nothing but fields that are withheld from her."""
    fields: tuple[str, ...] = ()
    if event.name in CHANGES:
        fields = tuple(names[key] for key in event.data if key in names)
        if event.name == "changed" and not fields:
            return None
    by = (event.actor_kind, event.actor_id, acted_by(event))
    return Told(event.pk, event.at, event.object, event.record or 0, event.name, event.version, by, fields)


def rights_mark(actor: Actor) -> str:
    """A mark of what the actor may see of which records. Another one says that records came or went without a change of their own."""
    mine = rights(actor)
    reach: list[Any] = [sorted(actor.scopes or ()), mine.everything, mine.user_id, mine.zone]
    reach += [sorted(mine.grants.items(), key=str), sorted(mine.rules.items(), key=str)]
    if mine.user_id and not mine.everything:
        territories = sorted(territories_of(mine.user_id))
        ruled = TerritoryRule.objects.filter(territory__in=territories).order_by("pk")
        reach += [sorted(team_ids(mine.user_id)), territories, list(ruled.values_list("object", "condition"))]
        reach += [
            sorted((away.user_id, str(sorted(away.rights.grants.items(), key=str))) for away in standing_in(actor))
        ]
    return hashlib.sha256(repr(reach).encode()).hexdigest()[:16]
