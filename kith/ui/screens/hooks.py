"""Webhooks: what is told to other programs, and what they tell. One's own; administrators see everybody's and may stop them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as lazy

from kith.hooks import owning
from kith.hooks.models import Arrival, Inlet, Sending, Webhook
from kith.kernel.actor import Actor

from ..policy import Policy
from ..settings import Further, SettingsPage, settings_page
from . import hooks_in, hooks_out
from .hooks_alike import object_label


def index(request: Any, actor: Actor) -> HttpResponse:
    """Both directions."""
    mine = _lines(owning.mine(actor, Webhook), Sending, "webhook")
    takes = _lines(owning.mine(actor, Inlet), Arrival, "inlet")
    others = [(row, "hook") for row in owning.others(actor, Webhook)]
    others += [(row, "hook-in") for row in owning.others(actor, Inlet)]
    context = {"mine": mine, "takes": takes, "others": others}
    return settings_page(request, "webhooks", "ui/settings/hooks.html", context)


def _lines(rows: list[Any], model: Any, link: str) -> list[dict[str, Any]]:
    """Webhooks as lines of a list, each with how much is wrong with it: one question about all of them."""
    known = Q(state=model.FAILED)
    ids = [row.pk for row in rows]
    bad = model.objects.filter(inlet__in=ids) if link == "inlet" else model.objects.filter(webhook__in=ids)
    found = dict(bad.filter(known).order_by().values_list(link).annotate(n=Count("pk")))
    return [{"row": row, "object": object_label(row.object), "failed": found.get(row.pk, 0)} for row in rows]


def _policy(audit: str, *methods: str, step_up: bool = True) -> Policy:
    return Policy(methods=methods, audit=audit, step_up=step_up)


_SWITCHED = "webhook.paused, webhook.resumed, webhook.replayed"
PAGE = SettingsPage(
    "webhooks",
    "you",
    lazy("Webhooks"),
    "arrow-left-right",
    lazy("What happens here is told to other programs, and what they tell becomes records"),
    index,
    methods=("GET",),
    words=lazy("webhook integration notify endpoint callback incoming outgoing signature secret"),
    order=32,
    further=(
        Further("new/", hooks_out.new, "hook-new", _policy("webhook.made", "GET", "POST")),
        Further("<int:pk>/", hooks_out.one, "hook", _policy(_SWITCHED, "GET", "POST", step_up=False)),
        Further("<int:pk>/edit/", hooks_out.edit, "hook-edit", _policy("webhook.changed", "GET", "POST")),
        Further("<int:pk>/secret/", hooks_out.secret, "hook-secret", _policy("webhook.secret_changed", "POST")),
        Further("<int:pk>/remove/", hooks_out.remove, "hook-remove", _policy("webhook.removed", "GET", "POST")),
        Further(
            "<int:pk>/messages/<int:number>/",
            hooks_out.message,
            "hook-message",
            _policy("webhook.replayed", "GET", "POST", step_up=False),
        ),
        Further("in/new/", hooks_in.choose, "hook-in-new", Policy(methods=("GET",))),
        Further("in/new/<slug:slug>/", hooks_in.new, "hook-in-make", _policy("webhook.made", "GET", "POST")),
        Further("in/<int:pk>/", hooks_in.one, "hook-in", _policy(_SWITCHED, "GET", "POST", step_up=False)),
        Further("in/<int:pk>/edit/", hooks_in.edit, "hook-in-edit", _policy("webhook.changed", "GET", "POST")),
        Further("in/<int:pk>/secret/", hooks_in.secret, "hook-in-secret", _policy("webhook.secret_changed", "POST")),
        Further("in/<int:pk>/remove/", hooks_in.remove, "hook-in-remove", _policy("webhook.removed", "GET", "POST")),
        Further(
            "in/<int:pk>/arrivals/<int:number>/",
            hooks_in.arrival,
            "hook-in-arrival",
            _policy("webhook.replayed", "GET", "POST", step_up=False),
        ),
    ),
)
