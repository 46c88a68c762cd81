"""The start page: what somebody had before her lately, what she keeps, what is hers; and the order of her favourites."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.viewer import Viewer
from kith.objects.access import fields as fields_of
from kith.objects.favourites import arrange, favourites
from kith.objects.query import listing
from kith.objects.recents import recents

from ..panels import portrait, title
from ..reach import Entry, Panel, panels
from ..render import announce, answer, draw, navigable, onward, own_url, page, wants_part

#: So many lines stand in a panel.
LINES = 8
_FAVOURITES = "ui/parts/favourites.html"


def home(request: Any, actor: Actor) -> HttpResponse:
    """The start page."""
    viewer = request.viewer
    objects = navigable(actor)
    if not objects:
        sentence = _("Nobody has given you rights to see records. Ask an administrator.")
        return page(request, "ui/pages/fault.html", {"title": _("Nothing to see yet"), "sentence": sentence})
    return page(
        request,
        "ui/pages/home.html",
        {"greeting": greeting(viewer), "panels": panels(actor, viewer), "objects": objects},
    )


def greeting(viewer: Viewer) -> str:
    """What one says at this hour, where the viewer is."""
    hour, name = clock.now().astimezone(viewer.tzinfo).hour, viewer.name
    if 5 <= hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def kept(request: Any, actor: Actor) -> HttpResponse:
    """GET: the favourites as the sidebar shows them. POST: put them into the order of `order` ("key:id,key:id"), or move `move` by `by`."""
    if request.method == "POST":
        _arrange(request, actor)
        if not wants_part(request):
            return onward(request, own_url(request, request.POST.get("next")), _("The order is kept."))
    context = {"favourites": favourites(actor, request.viewer)}
    if wants_part(request):
        said = [announce(_("The order is kept."))] if request.method == "POST" else []
        return answer(request, draw(request, _FAVOURITES, context), *said)
    return page(request, "ui/pages/favourites.html", context)


def _arrange(request: Any, actor: Actor) -> None:
    given = request.POST
    if moved := given.get("move", ""):
        order = [(one.object, one.id) for one in favourites(actor, request.viewer)]
        pair = _pair(moved)
        if pair in order:
            at = order.index(pair)
            to = max(0, min(len(order) - 1, at + (-1 if given.get("by") == "-1" else 1)))
            order.insert(to, order.pop(at))
        arrange(actor, order)
        return
    arrange(actor, [_pair(one) for one in given.get("order", "")[:20_000].split(",") if one])


def _pair(text: str) -> tuple[str, int]:
    key, _colon, number = text.rpartition(":")
    if not key or not number.isascii() or not number.isdecimal() or len(number) > 18:
        raise Refused(_("This order could not be read. Load the page anew and try again."))
    return key[:80], int(number)


def _lately(actor: Actor, viewer: Viewer) -> dict[str, Any] | None:
    return {"lines": recents(actor, viewer, LINES)}


def _kept(actor: Actor, viewer: Viewer) -> dict[str, Any] | None:
    found = favourites(actor, viewer)
    return {"lines": found[:LINES], "more": len(found) > LINES} if found else None


def _mine(actor: Actor, viewer: Viewer) -> dict[str, Any] | None:
    """Records that the actor looks after, of every object that has an owner, the latest change first."""
    found: list[tuple[Any, dict[str, Any]]] = []
    for o in navigable(actor):
        owner = o.owner_field
        if owner is None or owner.name not in fields_of(actor, o) or actor.user_id is None:
            continue
        try:
            some = listing(
                actor, o, filter=f"{owner.name}:is_me", sort="-changed_at", columns=[o.title],
                limit=LINES, viewer=viewer,
            )  # fmt: skip
        except Refused:
            continue
        found += [
            (
                r.changed_at,
                {
                    "title": title(actor, o, r, viewer),
                    "portrait": portrait(actor, o, r, viewer),
                    "url": o.url(r.pk),
                    "object": o,
                    "at": r.changed_at,
                },
            )
            for r in some.records
        ]
    found.sort(key=lambda pair: pair[0], reverse=True)
    return {"lines": [line for _at, line in found[:LINES]]} if found else None


ENTRY = Entry("home", pgettext_lazy("start page", "Home"), "house", "/", letter="h", order=0)
PANELS = (
    Panel("recents", lazy("Looked at lately"), "history", "ui/parts/home_lines.html", _lately, order=10),
    Panel("favourites", lazy("Favourites"), "star", "ui/parts/home_lines.html", _kept, order=20),
    Panel("mine", lazy("Yours, changed lately"), "user", "ui/parts/home_mine.html", _mine, order=30),
)
