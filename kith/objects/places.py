"""Changing territories, teams and absences: by administrators, an absence also by whoever is away; always told in the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kith.events.facts import emit
from kith.identity.models import Deputy, Team, User
from kith.identity.names import below
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Missing, Refused

from .access.conditions import compiled
from .access.facts import DeputyChanged, PlaceChanged, Thing
from .access.models import Territory, TerritoryRule
from .declare import object_type
from .roles import administers, set_people

#: Under what the ledger keeps what happens to teams and users.
TEAM, USER = "identity.team", "identity.user"


def save_team(
    actor: Actor, team: Team | None, name: str, manager: int | None, parent: int | None, members: Iterable[int]
) -> Team:
    """Make a team, or change it."""
    _only_administrators(actor)
    with transaction.atomic():
        before = _team_state(team)
        team = team or Team()
        _named(team, Team, name, parent)
        if manager is not None and not User.objects.filter(pk=manager, is_active=True).exists():
            raise Refused(_("Choose a person."), field="manager")
        team.manager_id = manager  # type: ignore[attr-defined]
        _store(team)
        thing = Thing(TEAM, team.pk)
        if (after := _team_state(team)) != before:
            emit(PlaceChanged(thing, team.name, before, after), actor)
        set_people(actor, thing, team.members, members, team.name)
    return team


def _team_state(team: Team | None) -> dict[str, Any]:
    if team is None or team.pk is None:
        return {}
    row = Team.objects.filter(pk=team.pk).values("name", "manager", "parent").first()
    return dict(row or {})


def save_territory(
    actor: Actor,
    territory: Territory | None,
    name: str,
    parent: int | None,
    members: Iterable[int],
    rules: dict[str, str],
) -> Territory:
    """Make a territory, or change it. `rules`: object → condition; an empty one takes the rule off."""
    _only_administrators(actor)
    with transaction.atomic():
        before = _territory_state(territory)
        territory = territory or Territory()
        _named(territory, Territory, name, parent)
        _store(territory)
        for key, condition in rules.items():
            o = object_type(key)
            if o.follows or o.common:
                raise Refused(_("The rights of “%(object)s” follow from another object.") % {"object": o.plural})
            if condition.strip():
                _understood(key, condition.strip())
                TerritoryRule.objects.update_or_create(
                    territory=territory, object=key, defaults={"condition": condition.strip()}
                )
            else:
                TerritoryRule.objects.filter(territory=territory, object=key).delete()
        if (after := _territory_state(territory)) != before:
            emit(PlaceChanged(territory, territory.name, before, after), actor)
        set_people(actor, territory, territory.members, members, territory.name)
    return territory


def _understood(key: str, condition: str) -> None:
    try:
        compiled(object_type(key), condition)
    except Refused as refusal:
        raise Refused(str(refusal), field=key) from refusal


def _territory_state(territory: Territory | None) -> dict[str, Any]:
    if territory is None or territory.pk is None:
        return {}
    row = Territory.objects.filter(pk=territory.pk).values("name", "parent").first() or {}
    rules = TerritoryRule.objects.filter(territory=territory).order_by("object").values_list("object", "condition")
    return {**row, "rules": dict(rules)}


def _only_administrators(actor: Actor) -> None:
    if not administers(actor):
        raise Forbidden(_("Only administrators decide about rights."))


def _named(thing: Any, model: Any, name: str, parent: int | None) -> None:
    name = " ".join(name.split())
    if not name:
        raise Refused(_("%(field)s is required.") % {"field": _("Name")}, field="name")
    if len(name) > 120:
        raise Refused(_("This name is too long."), field="name")
    if parent is not None:
        if not model.objects.filter(pk=parent).exists():
            raise Refused(_("What is above it is gone."), field="parent")
        parents = dict(model.objects.exclude(parent=None).values_list("pk", "parent"))
        if thing.pk is not None and parent in below([thing.pk], parents):
            raise Refused(_("Nothing can lie below itself."), field="parent")
    thing.name, thing.parent_id = name, parent


def _store(thing: Any) -> None:
    try:
        with transaction.atomic():
            thing.save()
    except IntegrityError as fault:
        raise Refused(_("This name is taken."), field="name") from fault


def remove_place(actor: Actor, place: Team | Territory) -> None:
    """Take a team or a territory away; what lay below it stays and lies below nothing."""
    _only_administrators(actor)
    with transaction.atomic():
        team = isinstance(place, Team)
        before = _team_state(place) if isinstance(place, Team) else _territory_state(place)
        emit(PlaceChanged(Thing(TEAM if team else place.object_key(), place.pk), place.name, before, {}), actor)  # type: ignore[union-attr]
        place.delete()
    actor.forget()


def stand_in(actor: Actor, user: int, deputy: int, since: date, until: date) -> Deputy:
    """Somebody stands in for somebody else from one day to another; said by who is away, or by an administrator."""
    if actor.observer is not None or not (administers(actor) or actor.user_id == user):
        raise Forbidden(_("Only who is away, or an administrator, names a deputy."))
    people = {u.pk: u for u in User.objects.filter(pk__in=(user, deputy), is_active=True)}
    if user not in people or deputy not in people:
        raise Refused(_("Choose a person."), field="deputy")
    if user == deputy:
        raise Refused(_("Nobody stands in for herself."), field="deputy")
    if until < since:
        raise Refused(_("“Until” cannot lie before “Since”."), field="until")
    with transaction.atomic():
        made = Deputy.objects.create(user=people[user], deputy=people[deputy], since=since, until=until)
        said = (people[user].name, people[deputy].name, since.isoformat(), until.isoformat())
        emit(DeputyChanged(Thing(USER, user), *said), actor)
    actor.forget()
    return made


def end_absence(actor: Actor, absence_id: int) -> None:
    """Nobody stands in any more; said by who is away, by the deputy or by an administrator."""
    found = Deputy.objects.filter(pk=absence_id).select_related("user", "deputy").first()
    mine = found is not None and actor.user_id in (found.user.pk, found.deputy.pk)
    if found is None or actor.observer is not None or not (mine or administers(actor)):
        raise Missing
    with transaction.atomic():
        emit(DeputyChanged(Thing(USER, found.user.pk), found.user.name, found.deputy.name, "", ""), actor)
        found.delete()
    actor.forget()


def absences_of(actor: Actor) -> list[Deputy]:
    """Those that concern the actor; for administrators all."""
    rows = Deputy.objects.select_related("user", "deputy").order_by("-until", "pk")
    if administers(actor):
        return list(rows[:200])
    return [*rows.filter(user=actor.user_id)[:50], *rows.filter(deputy=actor.user_id)[:50]]
