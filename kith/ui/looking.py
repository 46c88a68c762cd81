"""Looking through somebody's eyes: an administrator sees the house as a user sees it, for a quarter of an hour, and changes nothing.

Only somebody with fewer rights can be looked as: another administrator sees no more than she does, except what is private, and
that is shown to nobody who only looks. Beginning and end stand in the ledger, under the administrator's own name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from kith.events.facts import emit
from kith.identity.models import User
from kith.identity.names import actor_of
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Missing, Refused
from kith.objects.access.facts import LookBegun, LookEnded, Thing
from kith.objects.roles import administers

FOR = timedelta(minutes=15)
KEY = "looking"
#: What may be sent all the same: the end of it, and leaving the house.
END = "/look/end/"
ALLOWED = (END, "/sign-out/")


@dataclass(frozen=True)
class Look:
    """Who looks (`by`), as whom, and until when."""

    by: User
    user: User
    until: datetime

    @property
    def actor(self) -> Actor:
        """The user's rights, in the administrator's hands."""
        return replace(actor_of(self.user), observer=actor_of(self.by))


def begin(request: Any, actor: Actor, user_id: int) -> User:
    """Look through this user's eyes from the next request on."""
    if not administers(actor):
        raise Forbidden
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise Missing
    if user.is_admin:
        raise Refused(_("An administrator’s eyes are not looked through: choose somebody else."))
    with transaction.atomic():
        emit(LookBegun(Thing("identity.user", user.pk), user.name), actor)
    request.session[KEY] = {"user": user.pk, "until": (clock.now() + FOR).isoformat()}
    return user


def current(request: Any) -> Look | None:
    """The look of this request, or None; one that is over, or whose administrator or user changed, ends here."""
    kept = request.session.get(KEY) if request.user.is_authenticated else None
    if not isinstance(kept, dict):
        return None
    until = parse_datetime(str(kept.get("until", "")))
    user = User.objects.filter(pk=kept.get("user"), is_active=True, is_admin=False).first()
    if user is None or until is None or until <= clock.now() or not administers(actor_of(request.user)):
        end(request, request.user)
        return None
    return Look(request.user, user, until)


def end(request: Any, by: User) -> None:
    """Look no longer."""
    kept = request.session.pop(KEY, None)
    if not isinstance(kept, dict):
        return
    name = User.objects.filter(pk=kept.get("user")).values_list("name", flat=True).first() or ""
    with transaction.atomic():
        emit(LookEnded(Thing("identity.user", int(kept.get("user") or 0)), name), actor_of(by))


def refused(request: Any) -> Forbidden | None:
    """Why this request is not answered while somebody looks, or None."""
    if request.method in ("GET", "HEAD", "OPTIONS") or request.path in ALLOWED:
        return None
    return Forbidden(_("You are looking through somebody else’s eyes. Nothing can be changed here."))
