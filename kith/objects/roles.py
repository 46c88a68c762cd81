"""Changing roles: only by administrators, always told in the ledger with what was before, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kith.events.facts import emit
from kith.events.models import Event
from kith.identity.models import User
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Refused

from .access import rights
from .access.conditions import compiled
from .access.facts import ALL_FACTS, MembersChanged, RoleChanged
from .access.models import HIDDEN, READ_ONLY, SCOPES, VERBS, FieldRule, Grant, Role
from .actions import Action
from .declare import ObjectType, object_type
from .write.undo import reverses

State = dict[str, Any]
#: What the ledger says of rights; contributed with the verbs that make it happen.
FACTS = ALL_FACTS


def administers(actor: Actor) -> bool:
    """Whether the actor decides about the rights of others."""
    return rights(actor).everything and actor.observer is None


def _only_administrators(actor: Actor) -> None:
    if not administers(actor):
        raise Forbidden(_("Only administrators decide about rights."))


def state_of(role: Role) -> State:
    """Everything that a role says, as the ledger keeps it."""
    return {
        "name": role.name,
        "grants": sorted(
            list(one) for one in Grant.objects.filter(role=role).values_list("object", "verb", "scope", "condition")
        ),
        "rules": sorted(
            list(one) for one in FieldRule.objects.filter(role=role).values_list("object", "field", "rule")
        ),
    }


def _told(actor: Actor, role: Role, before: State) -> None:
    after = state_of(role)
    if before != after:
        emit(RoleChanged(role, role.name, before, after), actor)
    actor.forget()


def make_role(actor: Actor, name: str, like: Role | None = None) -> Role:
    """A new role, with what `like` says or with nothing."""
    _only_administrators(actor)
    name = _named(name)
    with transaction.atomic():
        key, n = slugify(name)[:32] or "role", 1
        while Role.objects.filter(key=key if n == 1 else f"{key}-{n}").exists():
            n += 1
        role = Role.objects.create(key=key if n == 1 else f"{key}-{n}", name=name)
        if like is not None:
            _set(role, state_of(like) | {"name": name})
        _told(actor, role, {})
    return role


def _named(name: str, role: Role | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused(_("%(field)s is required.") % {"field": _("Name")}, field="name")
    if len(name) > 120:
        raise Refused(_("This name is too long."), field="name")
    if Role.objects.filter(name__iexact=name).exclude(pk=role.pk if role else None).exists():
        raise Refused(_("There is a role of this name already."), field="name")
    return name


def rename_role(actor: Actor, role: Role, name: str) -> None:
    """Give a role another name."""
    _only_administrators(actor)
    with transaction.atomic():
        before = state_of(role)
        role.name = _named(name, role)
        role.save(update_fields=["name"])
        _told(actor, role, before)


def remove_role(actor: Actor, role: Role) -> None:
    """Take a role away from everybody and for good."""
    _only_administrators(actor)
    with transaction.atomic():
        emit(RoleChanged(role, role.name, state_of(role), {}), actor)
        role.delete()
    actor.forget()


def grant(actor: Actor, role: Role, object_key: str, verb: str, scopes: Iterable[tuple[str, str]]) -> None:
    """What a role may do: `scopes` are (scope, condition) pairs; nothing leaves the decision to what is said of every object."""
    _only_administrators(actor)
    o = None if object_key == "*" else object_type(object_key)
    if o is not None and o.follows:
        raise Refused(_("The rights of “%(object)s” follow from another object.") % {"object": o.plural})
    if verb not in known_verbs(o):
        raise Refused(_("There is no such right."))
    wanted = [_checked(o, scope, condition) for scope, condition in scopes]
    if len({scope for scope, _condition in wanted}) < len(wanted):
        raise Refused(_("Each scope can be granted once."))
    with transaction.atomic():
        before = state_of(role)
        Grant.objects.filter(role=role, object=object_key, verb=verb).delete()
        Grant.objects.bulk_create(
            Grant(role=role, object=object_key, verb=verb, scope=scope, condition=condition)
            for scope, condition in wanted
        )
        _told(actor, role, before)


def known_verbs(o: ObjectType | None) -> dict[str, Any]:
    """Verbs that can be granted on an object (None: on all), with their labels: the house's own, then those of declared actions."""
    named = {a.name: a.label for a in Action.registry if o is not None and a.on in ("*", o.key)}
    return {**VERBS, **named}


def _checked(o: ObjectType | None, scope: str, condition: str) -> tuple[str, str]:
    if scope not in SCOPES:
        raise Refused(_("There is no such scope."))
    condition = condition.strip()
    if condition:
        if o is None:
            raise Refused(_("A condition needs an object: fields differ from object to object."), field="condition")
        compiled(o, condition)
    return scope, condition


def set_rule(actor: Actor, role: Role, object_key: str, name: str, rule: str) -> None:
    """Hide a field from a role, make it read-only, or ("") neither."""
    _only_administrators(actor)
    field = object_type(object_key).field(name)
    if rule not in ("", HIDDEN, READ_ONLY) or field.name not in object_type(object_key).fields:
        raise Refused(_("There is no such rule."))
    with transaction.atomic():
        before = state_of(role)
        FieldRule.objects.filter(role=role, object=object_key, field=field.id).delete()
        if rule:
            FieldRule.objects.create(role=role, object=object_key, field=field.id, rule=rule)
        _told(actor, role, before)


def set_members(actor: Actor, role: Role, user_ids: Iterable[int]) -> None:
    """Who has a role."""
    _only_administrators(actor)
    with transaction.atomic():
        set_people(actor, role, role.users, user_ids, role.name)


def set_people(actor: Actor, thing: Any, relation: Any, user_ids: Iterable[int], called: str) -> None:
    """Put these people, and nobody else, into `relation` of a role, team or territory, and tell it."""
    now = set(relation.values_list("pk", flat=True))
    wanted = set(User.objects.filter(pk__in=list(user_ids)).values_list("pk", flat=True))
    if now == wanted:
        return
    names = dict(User.objects.filter(pk__in=now ^ wanted).values_list("pk", "name"))
    relation.set(wanted)
    emit(MembersChanged(thing, called, [names[pk] for pk in wanted - now], [names[pk] for pk in now - wanted]), actor)
    actor.forget()


def _set(role: Role, state: State) -> None:
    Grant.objects.filter(role=role).delete()
    FieldRule.objects.filter(role=role).delete()
    Grant.objects.bulk_create(
        Grant(role=role, object=key, verb=verb, scope=scope, condition=condition)
        for key, verb, scope, condition in state["grants"]
    )
    FieldRule.objects.bulk_create(
        FieldRule(role=role, object=key, field=name, rule=rule) for key, name, rule in state["rules"]
    )
    role.name = state["name"]
    role.save(update_fields=["name"])


@reverses(RoleChanged.name)
def take_back(actor: Actor, event: Event) -> str:
    """Undo one change of a role; gives the reason when somebody built on it since, else ""."""
    _only_administrators(actor)
    fact = RoleChanged.load(event)
    role = Role.objects.filter(pk=event.record).first()
    if role is None or not fact.before or not fact.after:
        return _("The role was made or removed; that cannot be taken back.")
    before = state_of(role)
    if before != fact.after:
        return _("The role was changed again since.")
    _set(role, fact.before)
    _told(actor, role, before)
    return ""
