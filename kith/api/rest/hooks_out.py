"""Webhooks that send: what one tells, trying one out, what was sent, sending it again."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from kith.hooks import owning, sending, webhooks
from kith.hooks.models import Attempt, Sending, Webhook
from kith.hooks.payload import moment

from .asking import Asked
from .hooks import Direction, is_text, is_texts, only_one, page_of, unfit
from .wire import answer, body

Json = dict[str, Any]


def _told(asked: Asked, row: Webhook, secret: str) -> Json:
    return {"failing_since": moment(row.failing_since) if row.failing_since else None}


SENDS = Direction(
    model=Webhook,
    at="/api/v1/webhooks",
    members={"name": is_text, "url": is_text, "object": is_text, "kinds": is_texts, "filter": is_text},
    once={},
    usual={"object": "", "filter": ""},
    made=webhooks.make,
    changed=webhooks.change,
    renewed=owning.new_secret,
    told=_told,
)


def try_out(asked: Asked, pk: int) -> HttpResponse:
    """Something that is no event is sent, once; what came of it stands in the log."""
    asked.only()
    body(asked.request, ())
    return answer(_message(sending.try_out(asked.actor, SENDS.find(asked, pk))), 202)


def messages(asked: Asked, pk: int) -> HttpResponse:
    """What was sent, newest first, with each try."""
    tried = Prefetch("attempts", Attempt.objects.order_by("pk"), to_attr="tried")
    rows = Sending.objects.filter(webhook=SENDS.find(asked, pk)).prefetch_related(tried)
    return page_of(asked, rows, _message)


def replay(asked: Asked, pk: int) -> HttpResponse:
    """Send again, each under the webhook-id that it had: one message, or all that were given up (since a moment)."""
    asked.only()
    given = body(asked.request, ("message", "since"))
    only, since = only_one(given, "message"), given.get("since")
    at = None
    if since is not None:
        try:
            at = parse_datetime(since) if isinstance(since, str) else None
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            raise unfit(_("This needs to be a moment with its offset, such as 2026-11-22T08:00:00Z."), "since")
    n = sending.replay(asked.actor, SENDS.find(asked, pk), only=only, since=at)
    return answer({"sent_again": n}, 202)


def _message(one: Sending) -> Json:
    return {
        "id": one.pk,
        "webhook_id": one.message,
        "type": one.type,
        "object": one.object,
        "record": one.record,
        "at": moment(one.at),
        "state": one.state,
        "due": moment(one.due) if one.state == Sending.WAITING else None,
        "attempts": [
            {"at": moment(a.at), "status": a.status, "error": a.error, "answer": a.answer, "milliseconds": a.millis}
            for a in getattr(one, "tried", ())
        ],
    }
