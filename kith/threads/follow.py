"""Who follows a record: by what she did or was given, or because she asked; until she says that she does not want to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kith.events.facts import NOW, on
from kith.events.models import Event
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Missing
from kith.objects.access import may
from kith.objects.declare import ObjectType, object_type

from .models import Follow


def follow(actor: Actor, record: Any, wanted: bool) -> None:
    """Follow a record, or do not. Forbidden for whoever is no person, Missing when the record is not hers to see."""
    if actor.user_id is None or actor.observer is not None or not actor.allows(record.object_key(), "change/follow"):
        raise Forbidden
    if not may(actor, "view", record):
        raise Missing
    Follow.objects.update_or_create(
        user_id=actor.user_id,
        object=record.object_key(),
        record=record.pk,
        defaults={"on": wanted, "asked": wanted},
    )


def follows(actor: Actor, record: Any) -> bool:
    """Whether the actor follows this record."""
    mine = Follow.objects.filter(user=actor.user_id, object=record.object_key(), record=record.pk, on=True)
    return actor.user_id is not None and mine.exists()


def followers(record: Any) -> list[str]:
    """Names of everybody who follows this record, for whoever may see it."""
    rows = Follow.objects.filter(object=record.object_key(), record=record.pk, on=True, user__is_active=True)
    return list(rows.order_by("user__name", "user_id").values_list("user__name", flat=True)[:100])


def begin(user_ids: Iterable[int], key: str, record: int) -> None:
    """Let these people follow a record from now on, but for those who said that they do not want to."""
    rows = [Follow(user_id=pk, object=key, record=record) for pk in dict.fromkeys(user_ids)]
    if rows:
        Follow.objects.bulk_create(rows, ignore_conflicts=True)


def assigned(event: Event) -> int | None:
    """Whom an event made the owner of its record; None where it made nobody so, or she did it herself."""
    if event.name not in ("created", "changed") or event.object not in ObjectType.known():
        return None
    o = object_type(event.object)
    pair = event.data.get(o.owner_field.id) if o.owner_field else None
    if not o.owner_field or not isinstance(pair, list) or len(pair) != 2:
        return None
    new = o.owner_field.kind.unpack(pair[1])
    return new.id if new is not None and str(new.id) != event.actor_id else None


def in_bulk(event: Event) -> bool:
    """Whether an event is one of many that a run or an import made: nobody means to follow each of them."""
    return event.cause.startswith(("run:", "import:"))


@on(("created", "changed"), NOW)
def follow_what_begins(event: Event) -> None:
    """Whoever makes a record, and to whom one is given, follows it."""
    if in_bulk(event) or event.record is None:
        return
    people = [int(event.actor_id)] if event.name == "created" and event.actor_kind == "user" else []
    owner = assigned(event)
    if owner is not None:
        people.append(owner)
    begin(people, event.object, event.record)
