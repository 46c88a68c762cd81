"""What a person can see and do, for administrators: by object and right, with numbers and examples; and looking through her eyes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.identity.models import User
from kith.identity.names import active_users, actor_of
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Missing
from kith.objects.access import fields, may, rights
from kith.objects.access.models import SCOPE_LABELS, VERBS, VIEW
from kith.objects.declare import ObjectType, object_types
from kith.objects.kinds.numerals import show_number
from kith.objects.query import count, listing, visible_to

from .. import looking
from ..panels import title
from ..policy import Policy
from ..render import onward
from ..settings import ADMINISTRATORS, Further, SettingsPage, settings_page

EXAMPLES, COUNTED = 5, 1000


def index(request: Any, actor: Actor) -> HttpResponse:
    """Choose somebody."""
    asked = request.GET.get("user", "")
    if asked.isdecimal() and len(asked) < 19:
        return HttpResponseRedirect(f"{PAGE.url}{asked}/")
    return settings_page(request, PAGE.key, "ui/settings/seeing.html", {"people": active_users()})


def person(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """GET: what she can see. POST: look through her eyes."""
    user = User.objects.filter(pk=pk, is_active=True).first() if pk < 2**63 else None
    if user is None:
        raise Missing
    if request.method == "POST":
        looking.begin(request, actor, user.pk)
        return onward(request, "/")
    # As she, but only looked at: her private records and what leaves the house stay out.
    she = looking.Look(request.user, user, clock.now()).actor
    viewer = request.viewer
    rows = [_row(she, o, viewer) for o in object_types()]
    context = {
        "people": active_users(),
        "user": user,
        "verbs": [label for verb, label in VERBS.items() if verb != VIEW],
        "rows": rows,
        "lookable": not user.is_admin,
        "chosen": user.pk,
    }
    return settings_page(request, PAGE.key, "ui/settings/seeing.html", context)


def _row(she: Actor, o: ObjectType, viewer: Any) -> dict[str, Any]:
    mine, plain = rights(she), actor_of(User(pk=she.user_id, name=she.name))
    number = count(she, o, cap=COUNTED, viewer=viewer)
    shown = show_number(number.value, viewer)
    examples = listing(
        she,
        o,
        columns=[o.title] if o.title in fields(she, o) else [],
        limit=EXAMPLES,
        sort=_sort(she, o),
        viewer=viewer,
    )
    cells = []
    for verb in VERBS:
        if verb == VIEW:
            continue
        rows = visible_to(plain, o, verb)
        n = rows.order_by().values("pk")[: COUNTED + 1].count() if may(plain, verb, o) else 0
        scope = "" if o.follows or o.common else str(SCOPE_LABELS[mine.scope(o.key, verb)])
        cells.append({"scope": scope, "count": _capped(n, viewer)})
    hidden = [f.label for name, f in o.fields.items() if name not in fields(she, o)]
    return {
        "label": o.plural,
        "scope": "" if o.follows or o.common else SCOPE_LABELS[mine.scope(o.key, VIEW)],
        "count": shown if number.exact else _("%(number)s+") % {"number": shown},
        "examples": [title(she, o, r, viewer) for r in examples.records],
        "cells": cells,
        "hidden": hidden,
    }


def _sort(she: Actor, o: ObjectType) -> str:
    """The object's own order, where she may see by what it goes."""
    return "" if o.sort.lstrip("-") in fields(she, o) else o.title


def _capped(n: int, viewer: Any) -> str:
    shown = show_number(min(n, COUNTED), viewer)
    return shown if n <= COUNTED else _("%(number)s+") % {"number": shown}


def end(request: Any, actor: Actor) -> HttpResponse:
    """Look through nobody's eyes any more."""
    look = getattr(request, "look", None)
    if look is not None:
        looking.end(request, look.by)
    return HttpResponseRedirect(PAGE.url)


PAGE = SettingsPage(
    "seeing",
    "people",
    lazy("What a person can see"),
    icon="eye",
    help=lazy("Rights of one person with numbers and examples, and the house through her eyes"),
    screen=index,
    who=ADMINISTRATORS,
    methods=("GET",),
    words=lazy("view as impersonate dry run rights why"),
    order=35,
    further=(
        Further(
            "<int:pk>/", person, "settings-seeing-person", Policy(methods=("GET", "POST"), audit="access.look_begun")
        ),
    ),
)
