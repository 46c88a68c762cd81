"""What an actor's roles add up to, read from the database at most once per request or step of a run, and never kept longer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from kith.identity.models import User
from kith.identity.names import away_for
from kith.kernel.actor import Actor

from .models import ALL, HIDDEN, READ_ONLY, SCOPES, TEAM, VIEW, FieldRule, Grant, Role
from .standard import role_name

_RANK = {scope: i for i, scope in enumerate(SCOPES)}


@dataclass(frozen=True)
class Granted:
    """What one grant gives: the scope, and the condition that a record must fulfil ("" for none)."""

    scope: str
    condition: str = ""


#: (object or "*", verb or "*") → what is granted there.
Grants = dict[tuple[str, str], list[Granted]]


@dataclass
class Rights:
    """What the roles of one user add up to. `everything`: the program itself, or an administrator.

    `within`: the scopes that the actor came with. A narrowed administrator has all records in her scopes and nothing of an
    administrator's powers.
    """

    everything: bool = False
    user_id: int | None = None
    zone: str = "UTC"
    #: By role.
    grants: dict[int, Grants] = field(default_factory=dict)
    #: (object, field) → rule, by role.
    rules: dict[int, dict[tuple[str, str], str]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    within: Actor | None = None

    def granted(self, object_key: str, verb: str) -> list[tuple[int, Granted]]:
        """What the roles grant for a verb, as (role, grant): where a role says something of this object, that counts before what it
        says of every object; an action's own name ("change/opt_out") counts before the verb that it stands for."""
        found: list[tuple[int, Granted]] = []
        if self.within is not None and not self.within.allows(object_key, verb):
            return found
        for role, grants in self.grants.items():
            for key in _keys(object_key, verb):
                if key in grants:
                    found += [(role, one) for one in grants[key] if one.scope != SCOPES[0]]
                    break
        return found

    def scope(self, object_key: str, verb: str) -> str:
        """The largest scope granted, conditions apart."""
        if self.everything:
            return ALL
        scopes = [one.scope for _role, one in self.granted(object_key, verb)]
        return max(scopes, key=_RANK.__getitem__, default=SCOPES[0])

    def rule(self, object_key: str, name: str) -> str | None:
        """What is withheld of a field: the most permissive of the roles that may view the object decides."""
        if self.everything:
            return None
        viewing = {role for role, _one in replace(self, within=None).granted(object_key, VIEW)}
        # Whoever sees a record by a share alone sees of it what her roles would show.
        said = [self.rules.get(role, {}).get((object_key, name)) for role in viewing or self.grants]
        if not said or None in said:
            return None
        return READ_ONLY if READ_ONLY in said else HIDDEN

    def narrowed(self, actor: Actor) -> Rights:
        """What the scopes of `actor` leave of it."""
        grants = {0: {("*", "*"): [Granted(ALL)]}} if self.everything else self.grants
        return replace(self, everything=False, grants=grants, within=actor)

    def lent(self) -> Rights:
        """What a deputy has of it: nothing wider than the team, and not the power of an administrator."""
        if self.everything:
            return Rights(user_id=self.user_id, zone=self.zone, grants={0: {("*", "*"): [Granted(TEAM)]}})
        grants = {
            role: {key: [Granted(min(g.scope, TEAM, key=_RANK.__getitem__), g.condition) for g in some] for key, some in grants.items()}
            for role, grants in self.grants.items()
        }  # fmt: skip
        return Rights(user_id=self.user_id, zone=self.zone, grants=grants)


def _keys(object_key: str, verb: str) -> Iterable[tuple[str, str]]:
    base, _slash, name = verb.partition("/")
    if name:
        yield from ((object_key, name), ("*", name))
    yield from ((object_key, base), (object_key, "*"), ("*", base), ("*", "*"))


def base_verb(verb: str) -> str:
    """The verb that an action stands for: "change" for "change/opt_out"."""
    return verb.partition("/")[0]


def rights(actor: Actor) -> Rights:
    """The actor's rights; unknown and inactive users and guests have none."""
    if "rights" not in actor.memo:
        actor.memo["rights"] = rights(actor.whole).narrowed(actor) if actor.is_narrowed else _load(actor)
    found: Rights = actor.memo["rights"]
    return found


def _load(actor: Actor) -> Rights:
    if actor.is_system:
        return Rights(everything=True)
    if not actor.user_id:
        return Rights()
    return rights_of(User.objects.filter(pk=actor.user_id, is_active=True)).get(actor.user_id, Rights())


def rights_of(users: Iterable[User]) -> dict[int, Rights]:
    """The rights of these active users, by id, in four queries however many they are."""
    found = {u.pk: Rights(everything=u.is_admin, user_id=u.pk, zone=u.zone or "UTC") for u in users}
    ids = [pk for pk, one in found.items() if not one.everything]
    if not ids:
        return found
    having = Role.users.through.objects.filter(user__in=ids) if len(ids) < 500 else Role.users.through.objects.all()
    pairs = [(role, user) for role, user in having.order_by("role").values_list("role", "user") if user in found]
    roles = {role for role, _user in pairs}
    if not roles:
        return found
    grants: dict[int, Grants] = {role: {} for role in roles}
    said = Grant.objects.filter(role__in=roles).order_by("pk")
    for role, key, verb, scope, condition in said.values_list("role", "object", "verb", "scope", "condition"):
        grants[role].setdefault((key, verb), []).append(Granted(scope, condition))
    rules: dict[int, dict[tuple[str, str], str]] = {role: {} for role in roles}
    withheld = FieldRule.objects.filter(role__in=roles).values_list("role", "object", "field", "rule")
    for role, key, name, rule in withheld:
        rules[role][key, name] = rule
    called = Role.objects.filter(pk__in=roles).values_list("pk", "key", "name")
    names = {role: role_name(key, name) for role, key, name in called}
    for role, user in pairs:
        mine = found[user]
        if not mine.everything:
            mine.grants[role], mine.rules[role], mine.names[role] = grants[role], rules[role], names[role]
    return found


@dataclass(frozen=True)
class Away:
    """A colleague for whom the actor stands in, and what that lends her."""

    user_id: int
    name: str
    rights: Rights


def standing_in(actor: Actor) -> list[Away]:
    """For whom the actor stands in today."""
    if actor.is_narrowed:
        return standing_in(actor.whole)
    if "away" not in actor.memo:
        users = away_for(actor.user_id) if actor.user_id and rights(actor).user_id else []
        lent = rights_of(users)
        actor.memo["away"] = [Away(u.pk, u.name, lent[u.pk].lent()) for u in users]
    found: list[Away] = actor.memo["away"]
    return found
