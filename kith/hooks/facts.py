"""What the ledger says of webhooks: who made, changed, paused and removed them. Payloads hold names and addresses, never a secret."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import make_event, record_events
from kith.events.models import Event
from kith.identity.facts import AccountFact
from kith.kernel.actor import Actor


class HookFact(AccountFact):
    """Something about a webhook; `told` is its payload."""

    icon = "arrow-left-right"
    aside = True

    def body(self) -> str:
        return ""


#: name → (icon, label, sentence).
SENTENCES: dict[str, tuple[str, Any, Any]] = {
    "webhook.made": ("arrow-left-right", lazy("Webhook made"), lazy("The webhook “%(name)s” to %(url)s was made")),
    "webhook.changed": (
        "arrow-left-right",
        lazy("Webhook changed"),
        lazy("The webhook “%(name)s” to %(url)s was changed"),
    ),
    "webhook.removed": ("arrow-left-right", lazy("Webhook removed"), lazy("The webhook “%(name)s” was removed")),
    "webhook.secret_changed": (
        "key-round",
        lazy("Secret of a webhook changed"),
        lazy("The webhook “%(name)s” got a new secret"),
    ),
    "webhook.failing": (
        "triangle-alert",
        lazy("Webhook fails"),
        lazy("Nothing arrives through the webhook “%(name)s”"),
    ),
    "webhook.paused": ("pause", lazy("Webhook paused"), lazy("The webhook “%(name)s” was paused")),
    "webhook.resumed": ("play", lazy("Webhook turned on"), lazy("The webhook “%(name)s” was turned on again")),
    "webhook.replayed": (
        "refresh-cw",
        lazy("Messages sent again"),
        lazy("Messages of the webhook “%(name)s” were sent again by hand"),
    ),
}
FACTS: list[type[HookFact]] = [
    type(name, (HookFact,), {"name": name, "icon": icon, "label": label, "words": words})
    for name, (icon, label, words) in SENTENCES.items()
]


def tell(name: str, row: Any, actor: Actor, /, **told: Any) -> Event:
    """Write a row of the ledger about a webhook."""
    with transaction.atomic():
        event = make_event(actor, name, row.object_key(), row.pk, {"name": row.name, "owner": row.owner_id, **told})
        record_events([event])
    return event
