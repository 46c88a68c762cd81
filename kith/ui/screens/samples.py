"""Sample data, for administrators: how much there is, made and taken away in the background."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kith.events.models import Run
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.sentences import counted
from kith.objects import samples

from ..render import onward
from ..settings import ADMINISTRATORS, SettingsPage, settings_page


def show(request: Any, actor: Actor) -> HttpResponse:
    """GET: what there is. POST: make it, or take it away: into the trash, where it lies for thirty days."""
    refusal = None
    if request.method == "POST":
        try:
            deed = {"make": samples.load, "remove": samples.remove}.get(request.POST.get("do", ""))
            if deed is None:
                raise Refused(_("Choose what to do."))
            return onward(request, f"/runs/{deed(actor).pk}/")
        except Refused as fault:
            refusal = fault
    there = samples.counts(actor)
    total = sum(n for _o, n in there)
    errors = refusal.errors if refusal else {}
    context = {
        "there": [(o, counted(n)) for o, n in there],
        "busy": Run.objects.filter(
            job__in=(samples.make_samples.key, samples.take_samples.key), state__in=(Run.WAITING, Run.RUNNING)
        ).first(),
        "whole": errors.get("", []),
        "sentence": ngettext(
            "%(n)s record goes to the trash for 30 days. What somebody changed or linked stays, and the report says why.",
            "%(n)s records go to the trash for 30 days. What somebody changed or linked stays, and the report says why.",
            total,
        )
        % {"n": counted(total)},
    }
    return settings_page(request, PAGE.key, "ui/settings/samples.html", context, status=422 if refusal else 200)


PAGE = SettingsPage(
    "samples",
    "data",
    lazy("Sample data"),
    icon="flask-conical",
    help=lazy("Made-up firms and people to try Kith with, removed by one button"),
    screen=show,
    who=ADMINISTRATORS,
    writes=True,
    audit="events of the run",
    words=lazy("demo example test trial remove"),
    order=60,
)
