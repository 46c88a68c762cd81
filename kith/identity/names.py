"""Users as others see them: as actors, as viewers, by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import cache, lru_cache
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError

from kith.events.models import Run
from kith.events.runs import Job, plain_viewer, system_or
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.calendars import CALENDARS
from kith.kernel.culture import culture
from kith.kernel.digits import ZEROS
from kith.kernel.viewer import Viewer

from .models import Deputy, Team, User


def actor_of(user: User) -> Actor:
    """The actor that `user` is."""
    return Actor("user", str(user.pk), user.name, user.pk)


def viewer_of(user: User, language: str = "") -> Viewer:
    """How `user` sees things; `language` is that of this request.

    What she left open is what is usual in her country. What is stored and known no more (a zone that was renamed away, a locale that a
    later CLDR dropped) falls back in silence: a page that cannot be shown helps nobody.
    """
    return Viewer(
        language=language or user.language or "en",
        zone=user.zone if user.zone in _zones() else "UTC",
        locale_code=user.locale if is_locale(user.locale) else "",
        currency=user.currency or "EUR",
        country=user.country,
        user_id=user.pk,
        name=user.name,
        calendar=user.calendar if user.calendar in CALENDARS else culture(user.country).calendar,
        digits=user.digits if user.digits in ZEROS or user.digits == "latn" else "",
        first_weekday=user.first_weekday if user.first_weekday in range(7) else None,
    )


def is_zone(name: str) -> bool:
    """Whether `name` is a time zone of the IANA."""
    return name in _zones()


@cache
def _zones() -> set[str]:
    return available_timezones()


@lru_cache(maxsize=200)
def is_locale(code: str) -> bool:
    """Whether `code` is a locale of CLDR."""
    try:
        return bool(code) and Locale.parse(code) is not None
    except (UnknownLocaleError, ValueError):
        return False


def actor_by_id(user_id: int) -> Actor | None:
    """The actor for a user who may still sign in, else None."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return actor_of(user) if user else None


def user_references(ids: Iterable[int]) -> dict[int, str]:
    """Names by id."""
    return dict(User.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def find_users(texts: Iterable[str]) -> dict[str, list[int]]:
    """Ids of active users by the e-mail address or name asked for; several when a name is shared."""
    wanted = {text: text.strip().casefold() for text in texts}
    found: dict[str, list[int]] = {text: [] for text in wanted}
    for pk, email, name in User.objects.filter(is_active=True).values_list("pk", "email", "name"):
        for text, folded in wanted.items():
            if folded in (email.casefold(), name.casefold()):
                found[text].append(pk)
    return found


def active_users() -> list[tuple[int, str]]:
    """Id and name of everybody who may sign in, by name."""
    return list(User.objects.filter(is_active=True).order_by("name", "pk").values_list("pk", "name"))


def team_ids(user_id: int) -> set[int]:
    """Ids of everybody whose records count as this user's team's: members of her teams, of the teams that she manages and of all teams
    below those, and herself."""
    teams = Team.objects.filter(members=user_id) | Team.objects.filter(manager=user_id)
    found, managed = set(), set()
    for pk, manager in teams.distinct().values_list("pk", "manager"):
        found.add(pk)
        if manager == user_id:
            managed.add(pk)
    if managed:
        found |= below(managed, dict(Team.objects.exclude(parent=None).values_list("pk", "parent")))
    return {user_id, *User.objects.filter(teams__in=found).values_list("pk", flat=True)}


def below(tops: Iterable[int], parents: dict[int, int]) -> set[int]:
    """The ids in `tops` and all that lie below them in a tree given as id → id of what is above. A circle is no endless one."""
    children: dict[int, list[int]] = {}
    for pk, parent in parents.items():
        children.setdefault(parent, []).append(pk)
    found: set[int] = set()
    waiting = list(tops)
    while waiting:
        pk = waiting.pop()
        if pk not in found:
            found.add(pk)
            waiting += children.get(pk, ())
    return found


def away_for(user_id: int) -> list[User]:
    """The colleagues whom this user stands in for today; whether a day has begun is asked in the zone of who is away."""
    now = clock.now()
    # No zone is a day ahead of or behind UTC: the rows are few, the exact day follows for each.
    near = Deputy.objects.filter(
        deputy=user_id,
        since__lte=now.date() + timedelta(days=1),
        until__gte=now.date() - timedelta(days=1),
        user__is_active=True,
    )
    return [
        absence.user
        for absence in near.select_related("user").order_by("user_id")
        if absence.since <= clock.today(absence.user.zone or "UTC") <= absence.until
    ]


def _run_viewer(run: Run) -> Viewer:
    """A run reads and writes as the person who asked sees things, in the language and the zone that she asked in."""
    user = (
        User.objects.filter(pk=run.actor_id).first() if run.actor_kind == "user" and run.actor_id.isdecimal() else None
    )
    return replace(viewer_of(user, run.language), zone=run.zone) if user else plain_viewer(run)


def _run_actor(run: Run) -> Actor:
    actor = system_or(run, actor_by_id)
    if run.scopes is None:
        return actor
    return replace(actor, scopes=frozenset((str(key), str(verb)) for key, verb in run.scopes), token=run.token)


Job.actor_of = staticmethod(_run_actor)
Job.viewer_of = staticmethod(_run_viewer)
