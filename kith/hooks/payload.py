"""What a webhook says: the event and the record, in the JSON of REST, as far as its owner may see them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import translation

from kith.events.horizon import age, written
from kith.events.models import CHANGES, Event
from kith.identity.names import viewer_of
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.viewer import viewing
from kith.objects import reads
from kith.objects.access import fields as fields_of
from kith.objects.declare import ObjectType, object_type
from kith.objects.history import Entry, told
from kith.objects.query import listing, visible_to
from kith.objects.shapes import Shape

from .models import Webhook

Json = dict[str, Any]


def type_of(event: Event) -> str:
    """What a message is called: the key of the object and the name of the event."""
    if event.name not in CHANGES and event.name.startswith(f"{event.object}."):
        return event.name
    return f"{event.object}.{event.name}"


def message(webhook: Webhook, actor: Actor, event: Event) -> Json | None:
    """What `webhook` is told of `event`, as its owner sees the record now; None where that is nothing.

    Raises Refused when its filter can be read no more.
    """
    if event.object not in ObjectType.known() or event.record is None:
        return None
    o = object_type(event.object)
    language = webhook.owner.language or "en"
    viewer = viewer_of(webhook.owner, language)
    with translation.override(language), viewing(viewer), reads.noting() as noted:
        kept = visible_to(actor, o, trash=None).filter(pk=event.record).values_list("removed_at", flat=True)
        if not (there := list(kept)):
            return None
        shape = Shape(actor, o)
        entry = told(actor, event)
        page = listing(
            actor,
            o,
            filter=webhook.filter,
            where=Q(pk=event.record),
            columns=shape.loaded,
            limit=1,
            trash=there[0] is not None,
            viewer=viewer,
        )
        if entry is None or not page.records:
            # Of a change of nothing but hidden fields nothing is said, as in timelines.
            return None
        record = shape.records(page.records)[0]
        made = {"type": type_of(event), "timestamp": moment(event.at), "data": _data(event, entry, record)}
    noted.write_down(actor)
    return made


def _data(event: Event, entry: Entry, record: Json) -> Json:
    return {
        "object": record["object"],
        "id": record["id"],
        # The version that this event led to; the record beside it is as it is now, which may be a later one.
        "version": event.version or record["version"],
        "changed": {
            one.field.name: {"old": one.field.kind.wire(one.old), "new": one.field.kind.wire(one.new)}
            for one in entry.changes
        },
        "record": record,
        # From here the change feed goes on.
        "position": written(event.pk, age()),
        "by": {"kind": entry.actor_kind, "id": entry.actor_id, "name": entry.actor_name},
        "cause": entry.cause,
        "sentence": entry.sentence,
        "text": entry.body,
    }


def still(actor: Actor, body: Json) -> Json | None:
    """What of a message that was made before its owner may still see: less and less, never more; None where the record is not hers now."""
    data = body.get("data", {})
    if "record" not in data:
        return body
    if data["object"] not in ObjectType.known():
        return None
    o = object_type(data["object"])
    if not visible_to(actor, o, trash=None).filter(pk=data["id"]).exists():
        return None
    known = fields_of(actor, o)

    def hers(given: Json) -> Json:
        return {name: value for name, value in given.items() if name.partition(".")[0] in known}

    record = {**data["record"], "values": hers(data["record"]["values"])}
    if o.title not in known:
        record["title"] = f"#{data['id']}"
    return {**body, "data": {**data, "changed": hers(data["changed"]), "record": record}}


def trial(webhook: Webhook) -> Json:
    """What is sent to try a webhook out: no record, and a name that no event has."""
    return {
        "type": "webhook.test",
        "timestamp": moment(clock.now()),
        "data": {"webhook": webhook.pk, "name": webhook.name},
    }


def moment(at: Any) -> str:
    """An instant as ISO 8601 in UTC."""
    return str(at.isoformat()).replace("+00:00", "Z")
