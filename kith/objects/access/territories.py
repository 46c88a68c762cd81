"""Territories: which are an actor's, and which records belong to them: by rule, in the database, nothing kept per record."""

from __future__ import annotations

from django.db.models import Q

from kith.identity.names import below

from ..declare import ObjectType
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
