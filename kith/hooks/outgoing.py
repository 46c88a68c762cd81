"""What happens becomes messages for webhooks: one for each event and webhook, in the transaction in which the outbox says it is done."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from kith.events.facts import EVERY, LATER, NOW, on
from kith.events.models import Event
from kith.kernel.errors import KithError
from kith.objects.declare import ObjectType

from . import owning, payload, trouble, webhooks
from .models import Arrival, Sending, Webhook
from .signing import new_message


def worth(events: list[Event]) -> Collection[Event]:
    """Those of the events that a webhook wants to hear of; one question about all of them together."""
    known = ObjectType.known()
    found = [e for e in events if e.record is not None and e.object in known]
    if not found:
        return []
    asked = {
        (key, kind)
        for key, kinds in Webhook.objects.filter(paused_at=None).values_list("object", "kinds")
        for kind in kinds
    }
    return [e for e in found if asked & {(e.object, e.name), ("", e.name)}]


@on(EVERY, LATER, only=worth)
def fan_out(event: Event) -> None:
    """Make a message of one event for each webhook that wants it."""
    wanted = Webhook.objects.filter(Q(object="") | Q(object=event.object), paused_at=None)
    for webhook in wanted.select_related("owner").order_by("pk"):
        if event.name not in webhook.kinds or not webhooks.is_told(event.name):
            continue
        actor = owning.actor_for(webhook)
        if actor is None:
            trouble.stop(webhook, Webhook.TOKEN)
            continue
        try:
            body = payload.message(webhook, actor, event)
        except KithError:
            # A filter that cannot be read is closed, as those of rights are.
            trouble.stop(webhook, Webhook.FILTER)
            continue
        if body is not None:
            Sending.objects.create(
                webhook=webhook,
                message=new_message(),
                type=payload.type_of(event)[:200],
                event=event.pk,
                object=event.object,
                record=event.record,
                body=body,
                at=event.at,
            )


@on("purged", NOW)
def forget_purged(event: Event) -> None:
    """What was sent about a record, and what came in about it, goes with it."""
    Sending.objects.filter(object=event.object, record=event.record).delete()
    Arrival.objects.filter(object=event.object, record=event.record).delete()
