"""Why somebody sees a record, in words: the same rules as the gate's, told from the record's side and for all users at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from kith.identity.models import Deputy, Team, User
from kith.identity.names import below
from kith.kernel import clock
from kith.kernel.viewer import Viewer

from ..declare import ObjectType, object_type
from .conditions import fulfilled, said
from .gate import NOT_LENT, followed, owner_of
from .models import ALL, CHANGE, OWN, TERRITORY, VIEW, Private, Share, Territory, TerritoryRule
from .rights import Granted, Rights, base_verb, rights_of


@dataclass
class Seer:
    """Somebody who sees the record: why, and whether she may change it and why."""

    user: User
    view: list[str] = field(default_factory=list)
    change: list[str] = field(default_factory=list)


class Reasons:
    """What has to be known of one record, read once for all users.

    `viewer` is for whom conditions are put into words; `spelt` whether they are: they may speak of fields that are hidden from her.
    """

    def __init__(self, record: Any, viewer: Viewer, *, spelt: bool = True):
        self.o: ObjectType = object_type(record)
        self.record, self.viewer, self.spelt = record, viewer, spelt
        self.users = list(User.objects.filter(is_active=True).order_by("name", "pk"))
        self.by_id = {user.pk: user for user in self.users}
        self.rights = rights_of(self.users)
        self.owner = models.QuerySet(self.o.model).filter(pk=record.pk).values_list(owner_of(self.o), flat=True).first()
        self.private = Private.objects.filter(object=self.o.key, record=record.pk).exists()
        self._teams()
        self._shares()
        self._territories()
        self._answers: dict[Any, bool] = {}

    def _teams(self) -> None:
        """Who has the owner on her team, by which team."""
        self.team_of: dict[int, str] = {}
        parents = dict(Team.objects.exclude(parent=None).values_list("pk", "parent"))
        hers = dict(Team.objects.filter(members=self.owner).values_list("pk", "name")) if self.owner else {}
        members = Team.members.through.objects.filter(team__in=hers)
        for user, team in members.values_list("user", "team"):
            self.team_of.setdefault(user, hers[team])
        for pk, manager, name in Team.objects.exclude(manager=None).values_list("pk", "manager", "name"):
            if below([pk], parents) & set(hers):
                self.team_of.setdefault(manager, name)

    def _shares(self) -> None:
        self.shares: dict[int, list[tuple[str, str]]] = {}
        now = Share.objects.filter(Q(until=None) | Q(until__gt=clock.now()), object=self.o.key, record=self.record.pk)
        for share in now.select_related("user", "team"):
            if share.user is not None:
                self.shares.setdefault(share.user.pk, []).append((share.level, _("Shared with her or him")))
            elif share.team is not None:
                why = _("Shared with the team “%(team)s”") % {"team": share.team.name}
                for user in share.team.members.values_list("pk", flat=True):
                    self.shares.setdefault(user, []).append((share.level, why))

    def _territories(self) -> None:
        """Who works in a territory, or in one above it, that has a rule for this object: user → rules."""
        self.places: dict[int, list[TerritoryRule]] = {}
        rules = list(TerritoryRule.objects.filter(object=self.o.key).select_related("territory").order_by("pk"))
        if not rules:
            return
        parents = dict(Territory.objects.exclude(parent=None).values_list("pk", "parent"))
        for user, place in Territory.members.through.objects.values_list("user", "territory"):
            reach = below([place], parents)
            self.places.setdefault(user, []).extend(rule for rule in rules if rule.territory.pk in reach)

    def _holds(self, condition: str, rights: Rights, of_user: bool = True) -> bool:
        personal = of_user and ("is_me" in condition or "my_team" in condition)
        key = (condition, rights.zone, rights.user_id if personal else None)
        if key not in self._answers:
            q = fulfilled(self.o, condition, user_id=rights.user_id if of_user else None, zone=rights.zone)
            self._answers[key] = models.QuerySet(self.o.model).filter(q, pk=self.record.pk).exists()
        return self._answers[key]

    def of_user(self, user: User, verb: str) -> list[str]:
        """Why this user may do `verb` with the record; [] when she may not."""
        mine = self.rights[user.pk]
        found = [_("Owner")] if self.owner == user.pk and mine.scope(self.o.key, verb) != "none" else []
        if mine.everything:
            found.append(_("Administrator"))
        else:
            found += self._by_roles(mine, verb)
            if base_verb(verb) in (VIEW, CHANGE):
                found += [why for level, why in self.shares.get(user.pk, ()) if level == CHANGE or verb == VIEW]
            found += self._in_place_of(user, verb)
        if self.private and self.owner != user.pk:
            needed = (VIEW, CHANGE) if base_verb(verb) == VIEW else (CHANGE,)
            found = [why for level, why in self.shares.get(user.pk, ()) if level in needed] if found else []
            if mine.everything and not found:
                found = [why for level, why in self.shares.get(user.pk, ()) if level in needed]
        return list(dict.fromkeys(found))

    def _by_roles(self, mine: Rights, verb: str) -> list[str]:
        found = []
        for role, one in mine.granted(self.o.key, verb):
            why = self._within(one, mine)
            if why:
                found.append(_("Role “%(role)s”: %(why)s") % {"role": mine.names.get(role, ""), "why": why})
        return found

    def _within(self, one: Granted, mine: Rights) -> str:
        """Why the record lies within a grant; "" when it does not."""
        user_id = mine.user_id or 0
        if one.condition and not self._holds(one.condition, mine):
            return ""
        why = ""
        if one.scope == ALL:
            why = _("sees all of them")
        elif self.owner == user_id:
            why = _("owner")
        elif one.scope != OWN and user_id in self.team_of:
            why = _("team “%(team)s”") % {"team": self.team_of[user_id]}
        elif one.scope == TERRITORY:
            places = self.places.get(user_id, ())
            rule = next((rule for rule in places if self._holds(rule.condition, mine, of_user=False)), None)
            why = _("territory “%(territory)s”") % {"territory": rule.territory.name} if rule is not None else ""
        if why and one.condition and self.spelt:
            return _("%(why)s, where %(condition)s") % {
                "why": why,
                "condition": said(self.o, one.condition, self.viewer),
            }
        return why

    def _in_place_of(self, user: User, verb: str) -> list[str]:
        if base_verb(verb) in NOT_LENT:
            return []
        found = []
        for absence in Deputy.objects.filter(deputy=user.pk, user__is_active=True).select_related("user"):
            today = clock.today(absence.user.zone or "UTC")
            away = self.rights.get(absence.user.pk)
            if away is None or not absence.since <= today <= absence.until:
                continue
            lent = away.lent()
            if any(self._within(one, lent) for _role, one in lent.granted(self.o.key, verb)):
                found.append(_("Stands in for %(name)s") % {"name": absence.user.name})
        return found


def who_sees(record: Any, viewer: Viewer, *, spelt: bool = True) -> tuple[Any, list[Seer]]:
    """Everybody who sees a record, and why; and the record from which that follows (the same, or the one that it hangs on)."""
    o = object_type(record)
    if o.follows:
        link = o.own[o.follows]
        target = object_type(link.target)
        above = models.QuerySet(target.model).filter(pk=getattr(record, f"{o.follows}_id")).first()
        return who_sees(above, viewer, spelt=spelt) if above is not None else (record, [])
    told = Reasons(record, viewer, spelt=spelt)
    seers = (Seer(user, told.of_user(user, VIEW), told.of_user(user, followed(CHANGE))) for user in told.users)
    return record, [seer for seer in seers if seer.view]
