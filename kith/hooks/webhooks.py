"""Webhooks that send: made and changed by the people whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import Fact
from kith.identity.models import User
from kith.identity.names import viewer_of
from kith.kernel import http
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.objects import filters
from kith.objects.access import may
from kith.objects.access.models import VIEW
from kith.objects.declare import ObjectType, object_type, object_types
from kith.objects.query import asker

from . import facts, owning, signing
from .models import Webhook

#: What happens to records of every object, and what is said of it.
CHANGES: dict[str, Any] = {
    "created": lazy("A record is created"),
    "changed": lazy("A record is changed"),
    "removed": lazy("A record is moved to the trash"),
    "restored": lazy("A record comes back from the trash"),
    "undone": lazy("A change of a record is undone"),
}
#: So begin the names of facts about the house itself. They happen to no record, so that nobody could be told of one.
OF_THE_HOUSE = (
    "access.", "account.", "audit.", "definition.", "directory.", "list.", "options.", "setting.", "view.", "webhook.",
)  # fmt: skip
MOST_KINDS = 60


def kinds() -> dict[str, Any]:
    """Every kind of event that can be told: name → label. Besides changes those facts of rooms that stand in timelines."""
    return CHANGES | {fact.name: fact.label for fact in Fact.registry if _happens_to_records(fact)}


def is_told(name: str) -> bool:
    """Whether events of this name can be told; for many events, without a word of what they are called."""
    return name in CHANGES or ((fact := Fact.registry.get(name)) is not None and _happens_to_records(fact))


def _happens_to_records(fact: type[Fact]) -> bool:
    return not fact.aside and not fact.name.startswith(OF_THE_HOUSE) and bool(fact.label)


def objects_of(actor: Actor) -> list[ObjectType]:
    """The objects that somebody can be told of."""
    return [o for o in object_types() if may(actor, VIEW, o)]


def make(actor: Actor, given: Mapping[str, Any]) -> tuple[Webhook, str]:
    """A new webhook of the actor's own, and its secret, which is told this once. Invalid, by name, for what cannot be."""
    owning.may_write(actor)
    values = _checked(actor, given)
    secret = signing.new_secret()
    with transaction.atomic():
        row = Webhook.objects.create(**owning.begun(actor, Webhook), **values, secret=secret)
        facts.tell("webhook.made", row, actor, url=row.url)
    row.refresh_from_db()
    return row, secret


def change(actor: Actor, row: Webhook, given: Mapping[str, Any], version: int | None = None) -> Webhook:
    """Change what is told, and where; `given` holds all of it."""
    owning.may_change(actor, row)
    values = _checked(actor, given)
    with transaction.atomic():
        owning.kept(row, version, **values)
        facts.tell("webhook.changed", row, actor, url=row.url)
    return row


def _checked(actor: Actor, given: Mapping[str, Any]) -> dict[str, Any]:
    errors: dict[str, list[str]] = {}
    name = owning.named(given.get("name"), errors)
    url = str(given.get("url") or "").strip()
    try:
        http.check(url)
    except http.Unreachable as error:
        errors["url"] = [str(error)]
    key = str(given.get("object") or "")
    if key and (key not in ObjectType.known() or not may(actor, VIEW, object_type(key))):
        errors["object"] = [_("Choose an object that you may see.")]
    wanted = given.get("kinds")
    told = list(dict.fromkeys(str(one) for one in wanted)) if isinstance(wanted, list | tuple) else []
    if not told or len(told) > MOST_KINDS or set(told) - kinds().keys():
        errors["kinds"] = [_("Choose what is to be told.")]
    text = str(given.get("filter") or "").strip()
    if text and not errors.get("object"):
        try:
            text = _filter(actor, key, text)
        except Refused as error:
            errors["filter"] = [str(error)]
    owning.refuse(errors)
    return {"name": name, "url": url, "object": key, "kinds": sorted(told), "filter": text}


def _filter(actor: Actor, key: str, text: str) -> str:
    if not key:
        raise Refused(_("Choose an object before you filter its records."))
    tree = filters.parse(text)
    owner = viewer_of(User.objects.get(pk=actor.user_id))
    filters.compile(object_type(key), tree, asker(actor, owner))
    return filters.text(tree)
