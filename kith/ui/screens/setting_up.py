"""Setting a new house up: the card as a page, skipping and taking up again, and the steps that every house has."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.models import Run
from kith.identity import letters
from kith.identity.models import User
from kith.kernel.actor import Actor
from kith.objects import samples
from kith.objects.access import may
from kith.objects.declare import ObjectType
from kith.objects.exchange.running import import_rows
from kith.objects.query import visible_to

from .. import setting_up
from ..render import navigable, onward, own_url
from ..setting_up import Step
from ..settings import ADMINISTRATORS, SettingsPage, settings_page


def show(request: Any, actor: Actor) -> HttpResponse:
    """GET: every step with what is seen of it. POST: skip one or all, or take up again what was skipped."""
    user = request.user
    if request.method == "POST":
        asked = request.POST.get("do", "")
        if asked == "again":
            setting_up.take_up(user)
        else:
            left = [s.step.key for s in setting_up.look(actor, user).steps if not s.done]
            setting_up.skip(user, left if asked == "all" else [request.POST.get("step", "")])
        said = _("Skipped. You find it in the settings.") if asked == "all" else ""
        return onward(request, own_url(request, request.POST.get("next"), request.path), said)
    return settings_page(request, PAGE.key, "ui/settings/setting_up.html", {"whole": setting_up.look(actor, user)})


def _first(actor: Actor) -> ObjectType | None:
    return next((o for o in navigable(actor) if may(actor, "create", o)), None)


def _has_own(actor: Actor) -> bool:
    """Whether there is a record that is no sample."""
    for o in navigable(actor):
        rows = visible_to(actor, o)
        if samples.causes():
            rows = rows.exclude(pk__in=samples.made(o).values("record"))
        if rows.exists():
            return True
    return False


def _new(actor: Actor) -> str:
    o = _first(actor)
    return f"{o.url()}new/" if o else ""


def _import(actor: Actor) -> str:
    o = _first(actor)
    return f"{o.url()}import/" if o else ""


def _filled(actor: Actor, user: User) -> bool:
    done = Run.objects.filter(job__in=(import_rows.key, samples.make_samples.key), state=Run.DONE)
    return done.filter(job=import_rows.key).exists() or bool(samples.counts(actor))


STEPS = [
    Step(
        "place",
        lazy("Language, time zone and currency"),
        lazy("How dates, numbers and amounts are written for you. The base currency stands in the company settings."),
        "globe",
        lazy("Choose"),
        lambda _actor: "/settings/me/",
        lambda _actor, user: bool(user.language and (user.country or user.zone != "UTC")),
        order=10,
    ),
    Step(
        "data",
        lazy("Bring in your data, or try with sample data"),
        lazy("A file from another program or a table. Nothing is written before you have seen every step, and it can be undone."),
        "upload",
        lazy("Import a file"),
        _import,
        _filled,
        order=20,
    ),
    Step(
        "mail",
        lazy("Connect mail"),
        lazy("For invitations and forgotten passwords. Whoever runs the server names a mail server; until then, you hand links over."),
        "mailbox",
        "",
        lambda _actor: "",
        lambda _actor, _user: letters.possible(),
        order=30,
    ),
    Step(
        "people",
        lazy("Invite a colleague"),
        lazy("A house with one person in it is a notebook."),
        "user-plus",
        lazy("Invite"),
        lambda _actor: "/settings/users/invite/",
        lambda _actor, _user: User.objects.filter(is_active=True).count() > 1,
        order=40,
    ),
    Step(
        "first",
        lazy("Add the first record of your own"),
        lazy("A name is enough; everything else can follow."),
        "plus",
        lazy("Add"),
        _new,
        lambda actor, _user: _has_own(actor),
        order=50,
    ),
]  # fmt: skip
PAGE = SettingsPage(
    "setup",
    "company",
    lazy("Set-up"),
    icon="list-checks",
    help=lazy("What a new house still needs, step by step"),
    screen=show,
    who=ADMINISTRATORS,
    words=lazy("first steps begin onboarding sample import invite"),
    audit="the user's own rows",
    order=5,
)
