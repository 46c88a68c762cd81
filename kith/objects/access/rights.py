"""The three questions, answered from what an actor's roles say. Pure, and remembered as long as the actor object lives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q

from kith.identity.models import Team, User
from kith.identity.names import team_ids
from kith.kernel.actor import Actor
from kith.kernel.errors import UnknownField

from ..declare import Field, ObjectType, Part, Path, object_type
from .models import ALL, CHANGE, HIDDEN, OWN, READ_ONLY, SCOPES, TEAM, VIEW, FieldRule, Grant, Role, Share

NOTHING = Q(pk__in=[])
_RANK = {scope: i for i, scope in enumerate(SCOPES)}


@dataclass
class Rights:
    """What the roles of one actor add up to."""

    everything: bool = False
    user_id: int | None = None
    #: (object or "*", verb or "*") → scope, per role.
    grants: dict[int, dict[tuple[str, str], str]] = field(default_factory=dict)
    #: (object, field) → rule, per role.
    rules: dict[int, dict[tuple[str, str], str]] = field(default_factory=dict)

    def scope(self, object_key: str, verb: str, role: int | None = None) -> str:
        """The largest scope that any role (or only `role`) grants."""
        if self.everything:
            return ALL
        best = "none"
        for grants in [self.grants[role]] if role is not None else self.grants.values():
            # What is said of this object counts before what is said of every object.
            for key in ((object_key, verb), (object_key, "*"), ("*", verb), ("*", "*")):
                if key in grants:
                    best = max(best, grants[key], key=_RANK.__getitem__)
                    break
        return best

    def rule(self, object_key: str, name: str) -> str | None:
        """What is withheld of a field: the most permissive of the roles that may view the object decides."""
        if self.everything:
            return None
        said = [
            self.rules.get(role, {}).get((object_key, name))
            for role in self.grants
            if self.scope(object_key, VIEW, role) != "none"
        ]
        if not said or None in said:
            return None
        return READ_ONLY if READ_ONLY in said else HIDDEN


def rights(actor: Actor) -> Rights:
    """The actor's rights; unknown and inactive users and guests have none."""
    if "rights" not in actor.memo:
        actor.memo["rights"] = _load(actor)
    found: Rights = actor.memo["rights"]
    return found


def _load(actor: Actor) -> Rights:
    if actor.is_system:
        return Rights(everything=True)
    user = User.objects.filter(pk=actor.user_id, is_active=True).first() if actor.user_id else None
    if user is None:
        return Rights()
    if user.is_admin:
        return Rights(everything=True, user_id=user.pk)
    found = Rights(user_id=user.pk)
    for role in Role.objects.filter(users=user):
        found.grants[role.pk] = {(g.object, g.verb): g.scope for g in Grant.objects.filter(role=role)}
        found.rules[role.pk] = {(r.object, r.field): r.rule for r in FieldRule.objects.filter(role=role)}
    return found


def visible(actor: Actor, what: Any, verb: str = VIEW) -> Q:
    """The condition that an object's records fulfil when `actor` may do `verb` with them. Trash is the reader's business."""
    o = object_type(what)
    key = ("visible", o.key, verb)
    if key not in actor.memo:
        actor.memo[key] = Q(**o.base) & _visible(actor, o, verb)
    found: Q = actor.memo[key]
    return found


def _visible(actor: Actor, o: ObjectType, verb: str) -> Q:
    mine = rights(actor)
    if mine.everything:
        return Q()
    if o.follows:
        # It has no rights of its own: who may see (or change) what it hangs on, may see (or change) it.
        link = o.own[o.follows]
        above = object_type(link.target)
        hangs_on = models.QuerySet(above.model).filter(
            visible(actor, above, VIEW if verb == VIEW else CHANGE), removed_at=None
        )
        return Q(**{f"{o.follows}__in": hangs_on.values("pk")})
    if mine.user_id is None:
        return NOTHING
    scope = mine.scope(o.key, verb)
    if scope == ALL:
        return Q()
    owner = o.owner_field.name if o.owner_field else "created_by"
    condition = NOTHING
    if scope == OWN:
        condition = Q(**{owner: mine.user_id})
    elif scope == TEAM:
        condition = Q(**{f"{owner}__in": sorted(_team(actor, mine.user_id))})
    if verb in (VIEW, CHANGE):
        condition |= Q(pk__in=shared_with(actor, o, verb))
    return condition


def _team(actor: Actor, user_id: int) -> set[int]:
    if "team" not in actor.memo:
        actor.memo["team"] = team_ids(user_id)
    found: set[int] = actor.memo["team"]
    return found


def shared_with(actor: Actor, o: ObjectType, verb: str) -> Any:
    """Ids of the records shared with the actor, as a subquery that does not depend on the outer one."""
    teams = Team.objects.filter(members=actor.user_id).values("pk")
    shares = Share.objects.filter(Q(user=actor.user_id) | Q(team__in=teams), object=o.key)
    if verb == CHANGE:
        shares = shares.filter(level=CHANGE)
    return shares.values("record")


def may(actor: Actor, verb: str, target: Any) -> bool:
    """Whether `actor` may do `verb`: with a record, or with an object at all (with at least some of its records)."""
    o = object_type(target)
    if isinstance(target, o.model) and target.pk is not None:
        return models.QuerySet(o.model).filter(visible(actor, o, verb), pk=target.pk).exists()
    if o.follows:
        return may(actor, VIEW if verb == VIEW else CHANGE, object_type(o.own[o.follows].target))
    return rights(actor).scope(o.key, verb) != "none"


def fields(actor: Actor, what: Any, verb: str = VIEW) -> dict[str, Field]:
    """The fields of an object that the actor may see (verb view) or write (create, change), by name."""
    o = object_type(what)
    mine = rights(actor)
    found = {}
    for name, candidate in o.fields.items():
        rule = mine.rule(o.key, candidate.id)
        if rule == HIDDEN or (verb != VIEW and (rule == READ_ONLY or not candidate.writable)):
            continue
        found[name] = candidate
    return found


def readable(actor: Actor, what: Any, path: str) -> Field:
    """The field that `path` names, if the actor may read it; a hidden field is as unknown as one that does not exist."""
    o = object_type(what)
    found = o.field(path)
    mine = rights(actor)
    own = found.link if isinstance(found, Path) else found.whole if isinstance(found, Part) else found
    if mine.rule(o.key, own.id) == HIDDEN:
        raise UnknownField(path, o.label)
    if isinstance(found, Path):
        if not may(actor, VIEW, object_type(found.link.target)):
            raise UnknownField(path, o.label)
        readable(actor, found.link.target, found.inner.name)
    return found
