"""By which ways somebody wants to be told of what, and when her e-mails go out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from kith.identity.letters import possible
from kith.identity.models import User
from kith.identity.names import is_zone
from kith.kernel import clock
from kith.kernel.times import WallTime

from .models import Rhythm, Wish

#: What is read in the house meanwhile is not sent.
GRACE = timedelta(minutes=2)


@dataclass(frozen=True)
class Ways:
    """Whether something comes into the inbox, and by e-mail."""

    app: bool
    mail: bool


def chosen(user_ids: Iterable[int]) -> dict[tuple[int, str], tuple[bool, bool]]:
    """(user, kind) → (inbox, e-mail), of what these people decided."""
    rows = Wish.objects.filter(user__in=list(user_ids))
    return {(user, kind): (app, mail) for user, kind, app, mail in rows.values_list("user_id", "kind", "app", "mail")}


def ways(user: User, kinds: Iterable[Any]) -> dict[str, Ways]:
    """What holds for a person, by kind; of what is on by being asked for, the inbox counts as off until she decides."""
    hers = chosen([user.pk])
    return {kind.key: Ways(*hers.get((user.pk, kind.key), (kind.app, kind.mail))) for kind in kinds}


def decide(user: User, wanted: dict[str, Ways], rhythm: Rhythm, before: dict[str, Ways]) -> None:
    """Keep what a person decided; a kind that she did not touch stays as the house has it."""
    with transaction.atomic():
        for key, one in wanted.items():
            if one != before.get(key) or Wish.objects.filter(user=user, kind=key).exists():
                Wish.objects.update_or_create(user=user, kind=key, defaults={"app": one.app, "mail": one.mail})
        Rhythm.objects.update_or_create(
            user=user,
            defaults={
                "quiet_from": rhythm.quiet_from,
                "quiet_until": rhythm.quiet_until,
                "daily_at": rhythm.daily_at,
            },
        )


def rhythm_of(user: User) -> Rhythm:
    """When a person's e-mails go out: at once, where she decided nothing."""
    return Rhythm.objects.filter(user=user).first() or Rhythm(user=user)


def mail_at(user: User, now: datetime | None = None) -> datetime | None:
    """When an e-mail about something that happens now goes out; None where no mails can be sent at all."""
    if not (possible() and settings.KITH_URL):
        return None
    zone = user.zone if is_zone(user.zone) else "UTC"
    return due(now or clock.now(), rhythm_of(user), zone)


def due(now: datetime, rhythm: Rhythm, zone: str) -> datetime:
    """The instant when something that happens `now` is mailed: by the clock of `zone`, whatever that does in between."""
    if rhythm.daily_at is not None:
        return _next(now, rhythm.daily_at, zone)
    at = now + GRACE
    start, end = rhythm.quiet_from, rhythm.quiet_until
    if start is None or end is None or start == end:
        return at
    there = WallTime.of(at, zone).wall.time()
    quiet = start <= there < end if start < end else there >= start or there < end
    return _next(at, end, zone) if quiet else at


def _next(now: datetime, wall: time, zone: str) -> datetime:
    here = WallTime.of(now, zone).wall
    for days in (0, 1, 2):
        at = WallTime(datetime.combine(here.date() + timedelta(days=days), wall), zone).instant
        if at > now:
            return at
    return now


__all__ = ["Ways", "chosen", "decide", "due", "mail_at", "rhythm_of", "ways"]
