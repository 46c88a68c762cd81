"""One record for one person or team, beyond what roles say; and the opposite: a record that roles do not reach."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kith.events.facts import emit
from kith.identity.models import Team, User
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Missing, Refused

from ..declare import ObjectType, object_type
from .conditions import everything_of
from .facts import MadeOpen, MadePrivate, PrivateOpened, Shared, Unshared
from .gate import may, owner_of
from .models import CHANGE, SHARE, VIEW, Private, Share
from .rights import rights

#: So long an administrator sees a private record that she opened.
OPENED_FOR = timedelta(hours=1)
#: One record is shared with at most so many people and teams.
MOST = 200


def _own_rights(o: ObjectType) -> None:
    if o.follows:
        above = o.own[o.follows].label
        raise Refused(_("Who sees this follows from “%(field)s”. Share that instead.") % {"field": above})


def shares_of(actor: Actor, record: Any) -> list[Share]:
    """With whom a record is shared now, teams last; Missing for whoever does not see the record."""
    o = object_type(record)
    if not may(actor, VIEW, record):
        raise Missing
    found = Share.objects.filter(Q(until=None) | Q(until__gt=clock.now()), object=o.key, record=record.pk)
    return list(found.select_related("user", "team").order_by("team__name", "user__name", "pk"))


def share(actor: Actor, record: Any, *, user: int | None = None, team: int | None = None, level: str = VIEW) -> Share:
    """Let a person or a team see a record, or change it. Shared again, it gets the new level.

    Forbidden without the right to share, and for a level that the actor does not have herself; Refused for an unknown party or level.
    """
    o = object_type(record)
    _own_rights(o)
    if level not in (VIEW, CHANGE):
        raise Refused(_("A record is shared to be seen, or to be seen and changed."))
    _may_share(actor, record)
    if not may(actor, level, record):
        raise Forbidden(_("You cannot give a right that you do not have yourself."))
    party = _party(user, team)
    with transaction.atomic():
        if Share.objects.filter(object=o.key, record=record.pk).count() >= MOST:
            raise Refused(_("This record is shared with too many people already. Share it with a team instead."))
        same = {"object": o.key, "record": record.pk, "user_id": user, "team_id": team}
        Share.objects.filter(**same).delete()
        made = Share.objects.create(level=level, **same)
        emit(Shared(record, party.name, level, user, team), actor)
    return made


def _may_share(actor: Actor, record: Any) -> None:
    if not may(actor, VIEW, record):
        raise Missing
    if actor.observer is not None or not may(actor, SHARE, record):
        raise Forbidden(_("You may not decide who else sees this record."))


def _party(user: int | None, team: int | None) -> Any:
    if (user is None) == (team is None):
        raise Refused(_("Choose a person or a team."))
    found = (
        User.objects.filter(pk=user, is_active=True).first()
        if user is not None
        else Team.objects.filter(pk=team).first()
    )
    if found is None:
        raise Refused(_("Choose a person or a team."))
    return found


def unshare(actor: Actor, record: Any, share_id: int) -> None:
    """Take a share back. Whoever has it may give it up herself."""
    o = object_type(record)
    found = Share.objects.filter(pk=share_id, object=o.key, record=record.pk).select_related("user", "team").first()
    if found is None or not may(actor, VIEW, record):
        raise Missing
    if found.user is None or found.user.pk != actor.user_id or actor.observer is not None or actor.is_narrowed:
        _may_share(actor, record)
    party: Any = found.user or found.team
    user, team = (one.pk if one else None for one in (found.user, found.team))
    with transaction.atomic():
        emit(Unshared(record, party.name, user, team), actor)
        found.delete()


# ── private ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def is_private(record: Any) -> bool:
    """Whether roles do not reach the record."""
    return Private.objects.filter(object=object_type(record).key, record=record.pk).exists()


def may_make_private(actor: Actor, record: Any) -> bool:
    """Whether the actor owns the record: nobody else takes a record away from the others, or gives it back."""
    o = object_type(record)
    if o.follows or not actor.user_id or actor.observer is not None or not actor.allows(o.key, SHARE):
        return False
    return everything_of(o).filter(pk=record.pk, **{owner_of(o): actor.user_id}).exists()


def set_private(actor: Actor, record: Any, private: bool) -> None:
    """Take a record out of the reach of roles, or give it back."""
    o = object_type(record)
    _own_rights(o)
    if not may(actor, VIEW, record):
        raise Missing
    if not (actor.is_system or may_make_private(actor, record)):
        raise Forbidden(_("Only the owner of a record makes it private, or opens it again."))
    with transaction.atomic():
        if private:
            _row, fresh = Private.objects.get_or_create(object=o.key, record=record.pk)
        else:
            fresh = bool(Private.objects.filter(object=o.key, record=record.pk).delete()[0])
        if fresh:
            emit(MadePrivate(record) if private else MadeOpen(record), actor)
    actor.forget()


def may_open_private(actor: Actor, what: Any, record_id: int) -> bool:
    """Whether the audited door is there for the actor, and a private record behind it."""
    return _has_key(actor) and _private_one(object_type(what), record_id) is not None


def _has_key(actor: Actor) -> bool:
    return rights(actor).everything and actor.observer is None and bool(actor.user_id)


def _private_one(o: ObjectType, record_id: int) -> Any:
    record = everything_of(o).filter(pk=record_id).first()
    return record if record is not None and is_private(record) else None


def open_private(actor: Actor, what: Any, record_id: int, why: str) -> Any:
    """The audited door: an administrator sees one private record for an hour. The record's own history says who opened it, and why."""
    o = object_type(what)
    if not _has_key(actor):
        raise Forbidden
    if len(why.strip()) < 10:
        raise Refused(_("Say in a sentence why this record has to be opened. Its owner will read it."), field="why")
    record = _private_one(o, record_id)
    if record is None:
        raise Missing
    with transaction.atomic():
        Share.objects.filter(object=o.key, record=record.pk, user_id=actor.user_id, level=VIEW).delete()
        if not Share.objects.filter(object=o.key, record=record.pk, user_id=actor.user_id).exists():
            until = clock.now() + OPENED_FOR
            Share.objects.create(object=o.key, record=record.pk, user_id=actor.user_id, level=VIEW, until=until)
        emit(PrivateOpened(record, why.strip()[:1000]), actor)
    actor.forget()
    return record
