"""Saved views on the screen: the tabs above a list, and the forms by which views are saved, shared, copied and deleted."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused
from kith.objects.declare import ObjectType
from kith.objects.views import (
    KEY,
    SavedView,
    arrange_views,
    change_view,
    find_view,
    habit,
    keep_view,
    may_change_view,
    put_first,
    remove_view,
    starred_views,
    teams_for,
    views,
)

from ..render import answer, draw, onward, own_url, page, partial, wants_part
from ..view import ALL, View

#: With whom a view is shared, as a form says it; anything else is the number of a team.
NOBODY, EVERYBODY = "", "everybody"


def bar(request: Any, actor: Actor, view: View) -> dict[str, Any]:
    """What the tabs above a list show."""
    o = view.object
    mine = habit(actor, o)
    rows = views(actor, o)
    if view.record is not None and view.record.pk not in {row.pk for row in rows}:
        # An administrator looks at a view of a team that she does not belong to.
        rows.append(view.record)
    own = actor.user_id is not None and actor.observer is None
    tabs = [_tab(row, actor, view) for row in rows]
    return {
        "object": o,
        "view": view,
        "tabs": tabs,
        "whole": {"url": f"{o.url()}?view={ALL}" if mine.first_id else o.url(), "here": view.record is None},
        "first": mine.first_id,
        "is_first": mine.first_id == (view.record.pk if view.record else None),
        "own": own,
        "savable": own and view.record is not None and may_change_view(actor, view.record),
        "star": {
            "object": KEY,
            "id": view.record.pk if view.record else 0,
            "on": view.record is not None and bool(starred_views(actor, [view.record.pk])),
        },
    }


def _tab(row: SavedView, actor: Actor, view: View) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "url": row.url,
        "here": view.record is not None and row.pk == view.record.pk,
        "shared": row.shared,
        "owner": row.owner.name if row.owner and row.owner_id != actor.user_id else "",
        "mine": may_change_view(actor, row),
    }


def index(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """GET: the tabs for a script, as a page all views with what can be done. POST: save what is looked at as a new view (`name`)."""
    if request.method == "POST":
        return _keep(request, actor, o)
    view = View.of(request, actor, o)
    context = bar(request, actor, view)
    if not wants_part(request):
        return page(request, "ui/pages/views.html", context)
    return answer(
        request,
        draw(request, "ui/parts/views.html", context),
        partial("#state", "innerHTML", draw(request, "ui/parts/state.html", context)),
        HX_Replace_Url=view.url(),
    )


def _keep(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    view = View.posted(request, actor, o)
    try:
        view.check(actor, request.viewer)
        made = keep_view(actor, o, request.POST.get("name", ""), view.kept)
        if share := request.POST.get("share", NOBODY):
            made = change_view(actor, made, **_sharing(share))
    except Refused as refusal:
        if wants_part(request):
            return answer(request, partial("#v-error", "innerHTML", str(refusal)), status=422)
        context = bar(request, actor, view) | {"error": str(refusal), "typed": request.POST.get("name", "")}
        return page(request, "ui/pages/views.html", context, status=422)
    return onward(request, made.url, _("The view “%(view)s” is saved.") % {"view": made.name})


def one(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """GET: the form for a view's name and with whom it is shared. POST: what `verb` says."""
    row = find_view(actor, o, pk)
    if request.method == "GET":
        return _form(request, actor, o, row)
    verb = VERBS.get(request.POST.get("verb", ""))
    if verb is None:
        raise Refused(_("Choose what to do with the view."))
    return verb(request, actor, o, row)


def _form(request: Any, actor: Actor, o: ObjectType, row: SavedView, error: str = "") -> HttpResponse:
    if not may_change_view(actor, row):
        raise Missing(_("This view belongs to somebody else."))
    teams = teams_for(actor)
    if row.team is not None and row.team_id not in dict(teams):
        teams.append((row.team.pk, row.team.name))
    given = request.POST if error else {}
    context = {
        "object": o,
        "row": row,
        "error": error,
        "typed": given.get("name", row.name),
        "share": given.get("share", EVERYBODY if row.everybody else str(row.team_id or NOBODY)),
        "teams": [(str(pk), name) for pk, name in teams],
        "owner": row.owner.name if row.owner else "",
    }
    return page(request, "ui/pages/view.html", context, part="ui/parts/view_form.html", status=422 if error else 200)


def _sharing(share: str) -> dict[str, Any]:
    team = int(share) if share.isdecimal() and len(share) < 19 else None
    if share not in (NOBODY, EVERYBODY) and team is None:
        raise Refused(_("Choose with whom to share the view."))
    return {"everybody": share == EVERYBODY, "team": team}


def _version(request: Any) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _edit(request: Any, actor: Actor, o: ObjectType, row: SavedView) -> HttpResponse:
    """Its name, and with whom it is shared."""
    try:
        values = {"name": request.POST.get("name", ""), **_sharing(request.POST.get("share", NOBODY))}
        row = change_view(actor, row, _version(request), **values)
    except Refused as refusal:
        return _form(request, actor, o, row, str(refusal))
    return onward(request, row.url, _("The view “%(view)s” is saved.") % {"view": row.name})


def _save(request: Any, actor: Actor, o: ObjectType, row: SavedView) -> HttpResponse:
    """What is looked at becomes the view."""
    view = View.posted(request, actor, o)
    view.check(actor, request.viewer)
    change_view(actor, row, _version(request), state=view.kept)
    return onward(request, row.url, _("The view “%(view)s” is saved.") % {"view": row.name})


def _copy(request: Any, actor: Actor, o: ObjectType, row: SavedView) -> HttpResponse:
    """A private one of the actor's own that says the same."""
    names = {view.name for view in views(actor, o)}
    wanted = pgettext("name of a copied view", "%(view)s, copy") % {"view": row.name[:60]}
    n = 2
    while wanted in names:
        wanted = pgettext("name of a copied view", "%(view)s, copy %(n)s") % {"view": row.name[:60], "n": str(n)}
        n += 1
    made = keep_view(actor, o, wanted, row.state)
    return onward(request, made.url, _("The view “%(view)s” is saved.") % {"view": made.name})


def _remove(request: Any, actor: Actor, o: ObjectType, row: SavedView) -> HttpResponse:
    remove_view(actor, row)
    return onward(request, o.url(), _("The view “%(view)s” is deleted.") % {"view": row.name}, undo=request.cause)


def _first(request: Any, actor: Actor, o: ObjectType, row: SavedView) -> HttpResponse:
    put_first(actor, o, row)
    return onward(request, row.url, _("“%(view)s” opens first from now on.") % {"view": row.name})


def _last(request: Any, actor: Actor, o: ObjectType, row: SavedView) -> HttpResponse:
    put_first(actor, o, None)
    return onward(request, row.url, _("All records open first again."))


def _move(step: int) -> Any:
    def move(request: Any, actor: Actor, o: ObjectType, row: SavedView) -> HttpResponse:
        """One place to the front or to the back, for this person alone."""
        order = [view.pk for view in views(actor, o)]
        at = order.index(row.pk) if row.pk in order else 0
        to = max(0, min(len(order) - 1, at + step))
        order.insert(to, order.pop(at))
        arrange_views(actor, o, order)
        return onward(request, own_url(request, request.POST.get("next"), row.url))

    return move


VERBS = {
    "edit": _edit,
    "save": _save,
    "copy": _copy,
    "remove": _remove,
    "first": _first,
    "last": _last,
    "earlier": _move(-1),
    "later": _move(1),
}

__all__ = ["bar", "index", "one"]
