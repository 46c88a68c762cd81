"""When nothing arrives: its owner is told, and what goes on failing is paused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.models import Event
from kith.kernel import clock
from kith.kernel.actor import Actor, System
from kith.threads.notices import NoticeKind, Subject
from kith.threads.notices import tell as notify

from . import facts, owning
from .models import Attempt, Inlet, Sending, Webhook

#: After so many failures in a row, and for so long, its owner is told that something is wrong.
FAILURES, PATIENCE = 5, timedelta(minutes=30)
#: Paused when of so many tries or more within a day this share failed, and nothing arrived for some hours.
TRIES, SHARE, WINDOW, SILENCE = 60, 0.95, timedelta(days=1), timedelta(hours=6)

#: Why a webhook rests, as a sentence.
REASONS: dict[str, Any] = {
    Webhook.BY_HAND: lazy("Somebody paused it."),
    Webhook.FAILING: lazy("Nothing arrived for too long, so it was paused."),
    Webhook.GONE: lazy("The other server said that this address is gone for good, so it was paused."),
    Webhook.TOKEN: lazy(
        "Its owner may not sign in any more, or the token that it was made with has ended, so it was paused."
    ),
    Webhook.FILTER: lazy("Its filter cannot be read any more, so it was paused."),
}


def _says(event: Event, reader: Actor) -> str:
    if event.name == "webhook.failing":
        return _("could not deliver to a webhook of yours. It is tried again for three days.")
    why = REASONS.get(str(event.data.get("why")))
    return _("paused a webhook of yours. %(why)s") % {"why": why} if why else ""


TROUBLE = NoticeKind(
    "webhook", lazy("A webhook of mine fails or was paused"), "arrow-left-right", _says, app=True, mail=True
)
SUBJECTS = (
    Subject(Webhook.object_key(), "arrow-left-right", owning.seen(Webhook, "/settings/webhooks/")),
    Subject(Inlet.object_key(), "arrow-left-right", owning.seen(Inlet, "/settings/webhooks/in/")),
)
_PROGRAM = "Kith"


def stop(row: Any, why: str) -> None:
    """Pause what cannot go on, and tell its owner. What still waits is given up; it can be sent again by hand."""
    with transaction.atomic():
        if not owning.pause(System(_PROGRAM), row, why):
            return
        if isinstance(row, Webhook):
            row.sendings.filter(state=Sending.WAITING).update(  # type: ignore[attr-defined]
                state=Sending.FAILED, ended_at=clock.now(), claim="", claimed_until=None
            )
        _notify(row, "webhook.paused")


def failed(webhook: Webhook, *, given_up: bool) -> None:
    """Look at a webhook after a failure: whether its owner is to be told, whether it is to be paused."""
    since = webhook.failing_since
    now = clock.now()
    if since is None:
        return
    if given_up or (now - since >= SILENCE and _mostly_fails(webhook)):
        stop(webhook, Webhook.FAILING)
    elif webhook.failures >= FAILURES and now - since >= PATIENCE and webhook.told_at is None:
        with transaction.atomic():
            if Webhook.objects.filter(pk=webhook.pk, told_at=None).update(told_at=now):
                facts.tell("webhook.failing", webhook, System(_PROGRAM))
                _notify(webhook, "webhook.failing")


def _mostly_fails(webhook: Webhook) -> bool:
    since = clock.now() - WINDOW
    tried = Attempt.objects.filter(webhook=webhook, at__gte=since)
    found = tried.aggregate(every=Count("pk"), bad=Count("pk", filter=Q(ok=False)))
    return found["every"] >= TRIES and found["bad"] >= SHARE * found["every"]


def _notify(row: Any, name: str) -> None:
    event = Event.objects.filter(object=row.object_key(), record=row.pk, name=name).order_by("-pk").first()
    if event is not None:
        notify(event, {row.owner_id: TROUBLE})
