"""What appears without reloading: the stream of changes, and how a list says that there is more in it now."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import ngettext

from kith.identity.sessions import stored
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.open_answers import DOOR, READER
from kith.kernel.sentences import counted
from kith.objects.declare import ObjectType
from kith.objects.query import count

from .. import live
from ..render import answer
from ..view import View

#: Seconds that the clocks of a page and of an event may differ.
SLACK = 2
#: New records that are asked about at once.
MOST_NEW = 200


def stream(request: Any, actor: Actor) -> HttpResponse:
    """Changes as they happen (server-sent events). Where nobody can keep an answer open, 204: browsers then do not ask again.

    Who only looks through somebody's eyes is told nothing, and whoever saves data is not either.
    """
    if not request.META.get(DOOR) or request.look is not None:
        return HttpResponse(status=204)
    given = request.GET
    position = request.headers.get("Last-Event-ID", "") or given.get("after", "")
    made = given.get("made", "")
    request.META[READER] = live.Reader(
        actor,
        actor.user_id or 0,
        request.user.auth_epoch,
        stored(request.session.session_key),
        live.Interest.of(given),
        int(position) if position.isdecimal() and len(position) < 19 else None,
        clock.at(int(made) / 1000 - SLACK) if made.isdecimal() and len(made) == 13 else None,
    )
    return HttpResponse(
        content_type="text/event-stream",
        # nginx would hold small pieces back.
        headers={"X-Accel-Buffering": "no"},
    )


def fresh(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """How many of the new records that are named (`new`) belong into this list as it is filtered; nothing when none does."""
    view = View.of(request, actor, o)
    ids = [int(i) for i in request.GET.get("new", "").split(",")[:MOST_NEW] if i.isdecimal() and len(i) < 19]
    try:
        n = count(actor, o, filter=view.filter, search=view.q, viewer=request.viewer, where=Q(pk__in=ids)).value
    except Refused:
        n = 0
    if not n:
        return HttpResponse(status=204)
    return answer(request, ngettext("%(n)s new record", "%(n)s new records", n) % {"n": counted(n)})
