"""Webhooks that send: what is told to whom, what was sent, sending it again."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from kith.hooks import owning, payload, sending, webhooks
from kith.hooks.models import Sending, Webhook
from kith.hooks.trouble import REASONS
from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused
from kith.kernel.sentences import counted, together
from kith.objects import filters
from kith.objects.declare import object_type
from kith.objects.filters import sentence
from kith.objects.query import reader

from ..render import onward
from ..settings import settings_page
from ..typed import danger
from .hooks_alike import HERE, object_label, page_of, removed, switched, told

STATES: dict[str, tuple[Any, int]] = {
    Sending.WAITING: (pgettext_lazy("a message", "Waiting"), 60),
    Sending.DONE: (pgettext_lazy("a message", "Arrived"), 150),
    Sending.FAILED: (pgettext_lazy("a message", "Given up"), 25),
    Sending.DROPPED: (pgettext_lazy("a message", "Not sent"), 25),
}


def new(request: Any, actor: Actor) -> HttpResponse:
    """Make one, and show its secret this once."""
    if request.method == "GET":
        given = {"name": "", "url": "", "object": "", "kinds": ["created", "changed"], "filter": ""}
        return _form(request, actor, given)
    given = _given(request)
    try:
        row, secret = webhooks.make(actor, given)
    except Refused as refusal:
        return _form(request, actor, given, refusal.errors)
    return told(request, row, secret, f"{HERE}{row.pk}/", "")


def edit(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """Change what is told, and where."""
    row = owning.find(actor, Webhook, pk)
    if request.method == "GET":
        names = ("name", "url", "object", "kinds", "filter", "version")
        return _form(request, actor, {name: getattr(row, name) for name in names}, row=row)
    given = _given(request)
    try:
        webhooks.change(actor, row, given, given["version"])
    except Refused as refusal:
        return _form(request, actor, given, refusal.errors, row)
    return onward(request, f"{HERE}{row.pk}/", _("Saved"))


def _given(request: Any) -> dict[str, Any]:
    post = request.POST
    version = post.get("version", "")
    return {
        "name": post.get("name", "")[:200],
        "url": post.get("url", "")[:3000],
        "object": post.get("object", "")[:80],
        "kinds": [kind[:80] for kind in post.getlist("kind")],
        "filter": post.get("filter", "")[:20_000].removeprefix("filter="),
        "version": int(version) if version.isascii() and version.isdecimal() and len(version) < 16 else None,
    }


def _form(
    request: Any,
    actor: Actor,
    given: dict[str, Any],
    errors: dict[str, list[str]] | None = None,
    row: Webhook | None = None,
) -> HttpResponse:
    context = {
        "given": given,
        "errors": errors or {},
        "whole": (errors or {}).get("", []),
        "row": row,
        "objects": [(o.key, o.plural) for o in webhooks.objects_of(actor)],
        "kinds": [(name, label, name in given["kinds"]) for name, label in webhooks.kinds().items()],
    }
    return settings_page(request, "webhooks", "ui/settings/hook_edit.html", context, status=422 if errors else 200)


def one(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """GET: one webhook with its log. POST: try it out, pause it, turn it on, send again what failed."""
    row = owning.find(actor, Webhook, pk, any_ones=True)
    here = f"{HERE}{row.pk}/"
    if request.method == "POST":
        return onward(request, *_done(request, actor, row, here))
    mine = owning.is_mine(actor, row)
    rows = Sending.objects.filter(webhook=row)
    found, older = page_of(request, rows, here) if mine else ([], "")
    context = {
        "row": row,
        "mine": mine,
        "why": together(
            str(REASONS.get(row.paused_why, "")),
            _("Nothing is sent meanwhile, and what happens is not kept for later."),
        ),
        "object": object_label(row.object),
        "filtered": _said(actor, row, request.viewer),
        "kinds": [label for name, label in webhooks.kinds().items() if name in row.kinds],
        "log": [(sent, *STATES[sent.state]) for sent in found],
        "older": older,
        "failed": rows.filter(state=Sending.FAILED, event__isnull=False).count(),
        "danger": _danger(row),
    }
    return settings_page(request, "webhooks", "ui/settings/hook.html", context)


def _said(actor: Actor, row: Webhook, viewer: Any) -> str:
    """Its filter as a sentence; "" for none, and the text itself where nobody can read it any more."""
    if not row.filter:
        return ""
    try:
        return sentence(object_type(row.object), filters.parse(row.filter), viewer, reader(actor))
    except (Refused, KeyError):
        return row.filter


def _done(request: Any, actor: Actor, row: Webhook, here: str) -> tuple[str, str]:
    verb = request.POST.get("do", "")
    if verb == "test":
        made = sending.try_out(actor, row)
        return f"{here}messages/{made.pk}/", _("It is on its way. What came back stands here in a moment.")
    if verb == "replay":
        n = sending.replay(actor, row)
        sentence = ngettext("%(n)s message is sent again.", "%(n)s messages are sent again.", n)
        return here, sentence % {"n": counted(n)}
    return here, switched(actor, row, verb)


def secret(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """A new secret; for a day both count."""
    row = owning.find(actor, Webhook, pk)
    return told(request, row, owning.new_secret(actor, row), f"{HERE}{row.pk}/", "")


def remove(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """Take it away with its log."""
    return removed(request, actor, owning.find(actor, Webhook, pk, any_ones=True), _danger)


def _danger(row: Webhook, error: str = "") -> dict[str, Any]:
    sentence = _("Nothing is sent there any more, and the log of what was sent goes with it.")
    return danger(row.name, sentence, error=error, action=f"{HERE}{row.pk}/remove/")


def message(request: Any, actor: Actor, pk: int, number: int) -> HttpResponse:
    """GET: one message, what it says and what was answered. POST: send it again."""
    row = owning.find(actor, Webhook, pk)
    sent = Sending.objects.filter(webhook=row, pk=number).first() if number < 2**63 else None
    if sent is None:
        raise Missing(_("There is no such message."))
    here = f"{HERE}{row.pk}/messages/{sent.pk}/"
    if request.method == "POST":
        sending.replay(actor, row, only=sent.pk)
        return onward(request, here, _("It is on its way. What came back stands here in a moment."))
    # What was sent may hold what she may see no more.
    body = payload.still(actor, sent.body)
    context = {
        "row": row,
        "sent": sent,
        "state": STATES[sent.state],
        "body": json.dumps(body, indent=2, ensure_ascii=False) if body else "",
        "attempts": list(sent.attempts.order_by("-pk")),  # type: ignore[attr-defined]
        "again": sent.state in (Sending.DONE, Sending.FAILED) and sent.event is not None and row.paused_at is None,
    }
    return settings_page(request, "webhooks", "ui/settings/hook_message.html", context)
