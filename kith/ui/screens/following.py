"""Following a record: a button in its header, and under its name who does."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.actor import Actor
from kith.kernel.viewer import Viewer
from kith.objects.declare import ObjectType
from kith.objects.query import find
from kith.threads import follow

from ..additions import BAR, HEAD, Addition
from ..render import answer, onward, toast, wants_part


def switch(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """Follow the record from now on, or do not."""
    record = find(actor, o, pk)
    wanted = request.POST.get("on") == "1"
    follow.follow(actor, record, wanted)
    sentence = _("You follow this record.") if wanted else _("You do not follow this record any more.")
    if not wants_part(request):
        return onward(request, o.url(pk), sentence)
    changed = {"object": o.key, "ids": [pk], "by": "follow"}
    return answer(request, toast(request, sentence), changed=changed)


def _mine(actor: Actor, record: Any, viewer: Viewer) -> dict[str, Any] | None:
    if actor.user_id is None or record.removed_at is not None:
        return None
    return {"follows": follow.follows(actor, record)}


def _others(actor: Actor, record: Any, viewer: Viewer) -> dict[str, Any] | None:
    if actor.user_id is None or record.removed_at is not None:
        return None
    return {"followers": follow.followers(record)}


FOLLOW = Addition("*", "follow", lazy("Follow"), "ui/parts/follow.html", _mine, place=BAR, icon="bell")
FOLLOWERS = Addition("*", "followers", lazy("Followers"), "ui/parts/followers.html", _others, place=HEAD, icon="users")
