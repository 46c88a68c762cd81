"""Territories: which are an actor's, and which records belong to them: by rule, in the database, nothing kept per record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from kith.identity.names import below
from kith.kernel.errors import KithError

from ..declare import ObjectType
from ..filters import All, Condition, parse, text
from ..kinds import Country
from .conditions import NOTHING, fulfilled
from .models import Territory, TerritoryRule


def territories_of(user_id: int) -> set[int]:
    """Ids of the territories that a user works in, those below them among them."""
    mine = set(Territory.objects.filter(members=user_id).values_list("pk", flat=True))
    return below(mine, dict(Territory.objects.exclude(parent=None).values_list("pk", "parent"))) if mine else set()


def belonging(o: ObjectType, territories: set[int], zone: str = "UTC") -> Q:
    """The records of an object that belong to one of these territories."""
    found = NOTHING
    if territories:
        rules = TerritoryRule.objects.filter(object=o.key, territory__in=territories).order_by("pk")
        for condition in rules.values_list("condition", flat=True):
            found |= fulfilled(o, condition, zone=zone)
    return found


def country_path(o: ObjectType) -> str:
    """Where the records of an object say their country (`country`, `address.country`): its first such field, or ""."""
    for name, one in o.fields.items():
        if isinstance(one.kind, Country):
            return name
        for part, kind in one.kind.parts.items():
            if isinstance(kind, Country):
                return f"{name}.{part}"
    return ""


def countries_in(o: ObjectType, condition: str) -> list[str]:
    """The codes of the countries that a condition asks for beside whatever else it asks; [] where it cannot be read."""
    try:
        return [code for one in _parts(condition) if _of_country(o, one) for code in map(Country().clean, one.values)]
    except KithError:
        return []


def with_countries(o: ObjectType, condition: str, codes: Iterable[str]) -> str:
    """The condition with these countries instead of those in it, and with all else that it asks for; raises Refused."""
    kept, codes = [one for one in _parts(condition) if not _of_country(o, one)], tuple(codes)
    first = (Condition(country_path(o), "in", tuple(map(Country().clean, codes))),) if codes else ()
    return text(All((*first, *kept)))


def _parts(condition: str) -> tuple[Any, ...]:
    tree = parse(condition)
    return tree.parts if isinstance(tree, All) else (tree,)


def _of_country(o: ObjectType, one: Any) -> bool:
    return isinstance(one, Condition) and one.field == country_path(o) and one.operator == "in"
