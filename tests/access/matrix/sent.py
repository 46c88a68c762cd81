"""What webhooks tell: everything that happened in this world, told to a webhook of each person that wants to hear of everything."""

from __future__ import annotations

import json
from collections.abc import Iterator

from kith.events.models import Event
from kith.hooks import owning, payload, webhooks
from kith.hooks.models import Webhook

from .cases import WEBHOOK, Case
from .world import World

#: How a message comes to somebody: made for her, or made when she saw everything and sent when she does so no more.
MADE, KEPT = "made", "kept"


def cases(world: World, people: tuple[str, ...]) -> Iterator[Case]:
    """Every event for everybody who has a webhook."""
    by_id = {(key, record.pk): sort for (key, sort), record in world.records.items()}
    events = (
        Event.objects.filter(name__in=webhooks.kinds()).order_by("pk").values_list("pk", "name", "object", "record")
    )
    for pk, name, key, record in events:
        if (key, record) in by_id:
            for who in people:
                for way in (MADE, KEPT) if who else ():
                    yield Case(who, WEBHOOK.name, f"{way}/{name}/{pk}", about=(key, by_id[key, record]))


def told(world: World, case: Case) -> str:
    """What is sent to her; "" for nothing."""
    way, _name, number = case.url.split("/")
    event = Event.objects.get(pk=number)
    webhook = Webhook(owner=world.users[case.who])
    actor = owning.actor_for(webhook)
    if actor is None:
        return ""
    if way == MADE:
        return json.dumps(payload.message(webhook, actor, event))
    everything = Webhook(owner=world.users["rea"])
    whole = payload.message(everything, owning.actor_for(everything) or actor, event)
    return json.dumps(whole and payload.still(actor, whole))
