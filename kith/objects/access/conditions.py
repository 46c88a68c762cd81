"""Conditions of grants and rules of territories: text in the filter language, read as the house reads it and not as any one person does.

Only administrators set them, hence fields count that a grantee does not see. What cannot be read (a field that is gone, an operand that
its kind refuses) closes: nothing fulfils a broken condition.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from kith.kernel.errors import KithError, Refused
from kith.kernel.viewer import NEUTRAL, Viewer

from ..declare import Field, ObjectType, object_type
from ..filters import Asker, parse, sentence
from ..filters import compile as compile_filter
from ..filters.tree import leaves
from .models import LONGEST_CONDITION

NOTHING = Q(pk__in=[])


def everything_of(what: Any) -> models.QuerySet[Any]:
    """All records of an object that are not in the trash: what a condition through a link asks."""
    o = object_type(what)
    return models.QuerySet(o.model).filter(**o.base, removed_at=None)


def _field(what: Any, path: str) -> Field:
    return object_type(what).field(path)


def compiled(o: ObjectType, condition: str, *, user_id: int | None = None, zone: str = "UTC") -> Q:
    """What `condition` means, days reckoned in `zone`; raises Refused for one that cannot be read."""
    if len(condition) > LONGEST_CONDITION:
        raise Refused(_("This filter is too long."))
    tree = parse(condition)
    asked = leaves(tree)
    if not asked or any(leaf.values and not "".join(leaf.values).strip() for leaf in asked):
        # A condition that asks for nothing ("contains" a blank) is a mistake, not a gift.
        raise Refused(_("A condition needs at least one comparison."))
    asker = Asker(_field, everything_of, Viewer(zone=zone), user_id)
    try:
        made = compile_filter(o, tree, asker)
    except (KeyError, NotImplementedError) as fault:
        raise Refused(_("This filter cannot be read.")) from fault
    if not made:
        # What every record fulfils would open what it was meant to close.
        raise Refused(_("A condition needs at least one comparison."))
    return made


def fulfilled(o: ObjectType, condition: str, *, user_id: int | None = None, zone: str = "UTC") -> Q:
    """The same, closed where it cannot be read."""
    try:
        return compiled(o, condition, user_id=user_id, zone=zone)
    except KithError:
        return NOTHING


def said(o: ObjectType, condition: str, viewer: Viewer = NEUTRAL) -> str:
    """The condition as a sentence; for a broken one that it lets nobody see anything."""
    try:
        compiled(o, condition)
        return sentence(o, parse(condition), viewer, everything_of)
    except (KithError, KeyError):
        return _("This condition cannot be read any more, so nothing fulfils it.")
