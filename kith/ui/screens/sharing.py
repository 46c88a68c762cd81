"""Who has access to one record: with whom it is shared, whether it is private, and who sees it for which reason."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.identity.models import Team
from kith.identity.names import active_users
from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused
from kith.kernel.sentences import apart
from kith.objects.access import may
from kith.objects.access.models import CHANGE, SHARE, VERBS, VIEW
from kith.objects.access.reasons import who_sees
from kith.objects.access.sharing import (
    is_private,
    may_make_private,
    may_open_private,
    open_private,
    set_private,
    share,
    shares_of,
    unshare,
)
from kith.objects.declare import ObjectType
from kith.objects.query import find
from kith.objects.roles import administers

from .. import panels
from ..render import onward, page

#: So many people are listed with their reasons.
MOST = 200


def access(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """GET: the list. POST: share with somebody, take a share back, make the record private or open it again (`do`)."""
    try:
        record = find(actor, o, pk)
    except Missing:
        if request.method == "GET" and may_open_private(actor, o, pk):
            return _closed(request, o, pk)
        raise
    error = ""
    if request.method == "POST":
        try:
            said = _do(request.POST, actor, record)
            return onward(request, f"{o.url(pk)}access/" if may(actor, VIEW, record) else o.url(), said)
        except Refused as refusal:
            error = str(refusal)
    context = _context(request, actor, o, record) | {"error": error}
    return page(request, "ui/pages/access.html", context, status=422 if error else 200)


def _closed(request: Any, o: ObjectType, pk: int, why: str = "", error: str = "") -> HttpResponse:
    """The door to a private record: nothing of it, only the form that asks an administrator for her reason."""
    context = {"object": o, "url": o.url(pk), "why": why, "error": error}
    return page(request, "ui/pages/closed.html", context, status=422 if error else 200)


def open_closed(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """POST: open a private record to an administrator for an hour; its history says who, and why."""
    why = request.POST.get("why", "")
    try:
        open_private(actor, o, pk, why)
    except Refused as refusal:
        return _closed(request, o, pk, why, str(refusal))
    return onward(request, o.url(pk))


def _do(given: Any, actor: Actor, record: Any) -> str:
    asked = given.get("do", "")
    if asked == "share":
        kind, _colon, number = given.get("party", "").partition(":")
        if kind not in ("user", "team") or not number.isdecimal() or len(number) > 18:
            raise Refused(_("Choose a person or a team."))
        share(actor, record, **{kind: int(number)}, level=given.get("level", VIEW))
        return _("Shared.")
    if asked == "unshare":
        number = given.get("share", "")
        unshare(actor, record, int(number) if number.isdecimal() and len(number) < 19 else 0)
        return _("No longer shared.")
    if asked in ("private", "open"):
        set_private(actor, record, asked == "private")
        return _("Private from now on.") if asked == "private" else _("No longer private.")
    raise Refused(_("This request cannot be read."))


def _context(request: Any, actor: Actor, o: ObjectType, record: Any) -> dict[str, Any]:
    viewer = request.viewer
    record = panels.loaded(actor, o, record.pk, viewer)
    above, seers = who_sees(record, viewer, spelt=administers(actor))
    shares = [
        {
            "id": one.pk,
            "name": (one.user or one.team).name if one.user or one.team else "",
            "team": one.team is not None,
            "level": VERBS[one.level],
            "until": one.until,
            "mine": one.user is not None and one.user.pk == actor.user_id,
        }
        for one in shares_of(actor, record)
    ]
    return {
        "object": o,
        "record": record,
        "title": panels.title(actor, o, record, viewer),
        "url": o.url(record.pk),
        "follows": o.own[o.follows].label if above is not record and o.follows else "",
        "private": is_private(record),
        "ownable": may_make_private(actor, record),
        "shareable": actor.observer is None and not o.follows and may(actor, SHARE, record),
        "shares": shares,
        "people": active_users(),
        "teams": list(Team.objects.order_by("name").values_list("pk", "name")),
        "levels": [(VIEW, VERBS[VIEW]), (CHANGE, VERBS[CHANGE])],
        "seers": [(s.user.name, apart(s.view), apart(s.change) if s.change else "") for s in seers[:MOST]],
        "more": len(seers) > MOST,
    }
