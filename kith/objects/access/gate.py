"""The three questions: which records, may she, which fields. Pure, and remembered as long as the actor's memory of her rights."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from kith.identity.models import Team
from kith.identity.names import team_ids
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import UnknownField

from ..declare import Field, ObjectType, Part, Path, object_type
from .conditions import NOTHING, fulfilled
from .models import ALL, CHANGE, CREATE, EXPORT, HIDDEN, MASS, OWN, READ_ONLY, SHARE, TERRITORY, VIEW, Private, Share
from .rights import Granted, Rights, base_verb, rights, standing_in
from .territories import belonging, territories_of

#: What a deputy does not do in somebody's place: what leaves the house, what changes it wholesale, what lets others in.
NOT_LENT = (SHARE, EXPORT, MASS)
#: Verbs that a record which follows another takes from it under their own names; all others ask for the right to change it.
FOLLOWED = (VIEW, SHARE, EXPORT, MASS)


def visible(actor: Actor, what: Any, verb: str = VIEW) -> Q:
    """The condition that an object's records fulfil when `actor` may do `verb` with them. Trash is the reader's business."""
    o = object_type(what)
    if not actor.allows(o.key, verb):
        return NOTHING
    if actor.is_narrowed:
        return visible(actor.whole, o, verb)
    key = ("visible", o.key, verb)
    if key not in actor.memo:
        actor.memo[key] = Q(**o.base) & _visible(actor, o, verb)
    found: Q = actor.memo[key]
    return found


def _visible(actor: Actor, o: ObjectType, verb: str) -> Q:
    if actor.is_system:
        return Q()
    mine = rights(actor)
    if mine.user_id is None or not _lets_out(actor, verb):
        return NOTHING
    if o.common and not mine.everything:
        return Q() if _common(mine, o, verb) else NOTHING
    if o.follows:
        # It has no rights of its own: who may see (or change) what it hangs on, may see (or change) it.
        above = object_type(o.own[o.follows].target)
        hangs_on = models.QuerySet(above.model).filter(visible(actor, above, followed(verb)), removed_at=None)
        return Q(**{f"{o.follows}__in": hangs_on.values("pk")})
    given = Q() if mine.everything else _given(actor, o, verb, mine)
    if given is None:
        given = Q()
    elif given != Q():
        if base_verb(verb) in (VIEW, CHANGE):
            given |= Q(pk__in=shared_with(actor, o, base_verb(verb)))
        for away in standing_in(actor):
            given |= for_deputy(actor, o, verb, away.rights)
    return given & _not_private(actor, o, verb, mine.user_id)


def _common(mine: Rights, o: ObjectType, verb: str) -> bool:
    """Whether somebody who is no administrator may do `verb` with facts of the house: read them, and take along what she may export."""
    if mine.user_id is None:
        return False
    return verb == VIEW or (base_verb(verb) == EXPORT and bool(mine.granted(o.key, verb)))


def followed(verb: str) -> str:
    """The right on the record above that `verb` on one which follows it needs."""
    return base_verb(verb) if base_verb(verb) in FOLLOWED else CHANGE


def _lets_out(actor: Actor, verb: str) -> bool:
    """Whoever looks through somebody's eyes takes nothing away."""
    return actor.observer is None or base_verb(verb) != EXPORT


def _given(actor: Actor, o: ObjectType, verb: str, mine: Rights) -> Q | None:
    """What roles give; None for all records."""
    granted = [one for _role, one in mine.granted(o.key, verb)]
    if base_verb(verb) == CHANGE:
        # What an action that she is doing may change, it may change while it does.
        granted += [one for key, right in actor.doing if key == o.key for _role, one in mine.granted(o.key, right)]
    found = NOTHING
    for one in dict.fromkeys(granted):
        part = within(actor, o, one, mine)
        if part is None:
            return None
        found |= part
    return found


def within(actor: Actor, o: ObjectType, one: Granted, mine: Rights) -> Q | None:
    """The records of one grant, for the user whose rights these are; None for all of them."""
    user_id = mine.user_id or 0
    owner = owner_of(o)
    if one.scope == ALL:
        found = None
    elif one.scope == OWN:
        found = Q(**{owner: user_id})
    else:
        found = Q(**{f"{owner}__in": sorted(_team(actor, user_id))})
        if one.scope == TERRITORY:
            found |= _territory(actor, o, user_id, mine.zone)
    if not one.condition:
        return found
    condition = fulfilled(o, one.condition, user_id=user_id, zone=mine.zone)
    return condition if found is None else found & condition


def for_deputy(actor: Actor, o: ObjectType, verb: str, lent: Rights) -> Q:
    """What standing in for the colleague whose rights are `lent` gives."""
    if base_verb(verb) in NOT_LENT:
        return NOTHING
    found = NOTHING
    for one in dict.fromkeys(one for _role, one in lent.granted(o.key, verb)):
        found |= within(actor, o, one, lent) or NOTHING
    return found


def deputised(actor: Actor, what: Any, verb: str, ids: list[int]) -> dict[int, str]:
    """For those of the records that the actor reaches in nobody's name but an absent colleague's: id → that colleague's name."""
    o = object_type(what)
    actor = actor.whole
    if not ids or actor.is_system or not standing_in(actor) or rights(actor).everything:
        return {}
    if o.follows:
        link = o.own[o.follows]
        above = dict(models.QuerySet(o.model).filter(pk__in=ids).values_list("pk", f"{o.follows}_id"))
        told = deputised(actor, link.target, followed(verb), sorted(set(above.values())))
        return {pk: told[up] for pk, up in above.items() if up in told}
    given = _given(actor, o, verb, rights(actor))
    if given is None:
        return {}
    alone = given | Q(pk__in=shared_with(actor, o, base_verb(verb))) if base_verb(verb) in (VIEW, CHANGE) else given
    rows = models.QuerySet(o.model).filter(pk__in=ids)
    left = set(ids) - set(rows.filter(alone).values_list("pk", flat=True))
    found: dict[int, str] = {}
    for away in standing_in(actor):
        if left:
            hers = rows.filter(for_deputy(actor, o, verb, away.rights), pk__in=left).values_list("pk", flat=True)
            found |= dict.fromkeys(hers, away.name)
            left -= set(found)
    return found


def owner_of(o: ObjectType) -> str:
    """The name of the column that says whose a record is."""
    return o.owner_field.name if o.owner_field else "created_by"


def _team(actor: Actor, user_id: int) -> set[int]:
    key = ("team", user_id)
    if key not in actor.memo:
        actor.memo[key] = team_ids(user_id)
    found: set[int] = actor.memo[key]
    return found


def _territory(actor: Actor, o: ObjectType, user_id: int, zone: str) -> Q:
    key = ("territories", user_id)
    if key not in actor.memo:
        actor.memo[key] = territories_of(user_id)
    return belonging(o, actor.memo[key], zone)


def shared_with(actor: Actor, o: ObjectType, verb: str) -> Any:
    """Ids of the records shared with the actor, as a subquery that does not depend on the outer one."""
    teams = Team.objects.filter(members=actor.user_id).values("pk")
    shares = Share.objects.filter(Q(user=actor.user_id) | Q(team__in=teams), object=o.key)
    shares = shares.filter(Q(until=None) | Q(until__gt=clock.now()))
    if verb != VIEW:
        shares = shares.filter(level=CHANGE)
    return shares.values("record")


def _not_private(actor: Actor, o: ObjectType, verb: str, user_id: int) -> Q:
    """Private records are their owner's and of those with whom they are shared; who only looks through another's eyes sees none."""
    if "private" not in actor.memo:
        actor.memo["private"] = set(Private.objects.order_by().values_list("object", flat=True).distinct())
    if o.key not in actor.memo["private"]:
        return Q()
    open_ = ~Q(pk__in=Private.objects.filter(object=o.key).values("record"))
    if actor.observer is not None:
        return open_
    level = VIEW if base_verb(verb) == VIEW else CHANGE
    return open_ | Q(**{owner_of(o): user_id}) | Q(pk__in=shared_with(actor, o, level))


def may(actor: Actor, verb: str, target: Any) -> bool:
    """Whether `actor` may do `verb`: with a record, or with an object at all (with at least some of its records)."""
    o = object_type(target)
    if not actor.allows(o.key, verb):
        return False
    if actor.is_narrowed:
        return may(actor.whole, verb, target)
    if isinstance(target, o.model) and target.pk is not None:
        return models.QuerySet(o.model).filter(visible(actor, o, verb), pk=target.pk).exists()
    if not _lets_out(actor, verb):
        return False
    if o.follows:
        return may(actor, followed(verb), object_type(o.own[o.follows].target))
    mine = rights(actor)
    if o.common and not mine.everything:
        return _common(mine, o, verb)
    if mine.everything or mine.granted(o.key, verb):
        return True
    if base_verb(verb) == VIEW or (base_verb(verb) == CHANGE and verb == CHANGE):
        if ("shared", o.key, verb) not in actor.memo:
            actor.memo["shared", o.key, verb] = bool(mine.user_id) and shared_with(actor, o, verb).exists()
        if actor.memo["shared", o.key, verb]:
            return True
    if base_verb(verb) in NOT_LENT:
        return False
    return any(away.rights.granted(o.key, verb) for away in standing_in(actor))


def fields(actor: Actor, what: Any, verb: str = VIEW) -> dict[str, Field]:
    """The fields of an object that the actor may see (verb view) or write (create, change), by name."""
    o = object_type(what)
    mine = rights(actor.whole)
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
    mine = rights(actor.whole)
    own = found.link if isinstance(found, Path) else found.whole if isinstance(found, Part) else found
    if mine.rule(o.key, own.id) == HIDDEN:
        raise UnknownField(path, o.label)
    if isinstance(found, Path):
        if not may(actor, VIEW, object_type(found.link.target)):
            raise UnknownField(path, o.label)
        readable(actor, found.link.target, found.inner.name)
    return found


__all__ = ["CREATE", "NOTHING", "fields", "may", "readable", "shared_with", "visible"]
