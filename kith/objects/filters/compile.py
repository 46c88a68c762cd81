"""From a tree to a condition for the database, through the rights of whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.viewer import Viewer, current_viewer

from ..access import readable
from ..columns import ManyLinksColumn
from ..declare import Field, ObjectType, Path, Reader, object_type
from ..keys import Key
from .operators import OPERATORS, Operator
from .tree import Any_, Condition, Tree, parse


def compile(what: Any, source: str | Tree | None, actor: Actor, reader: Reader, viewer: Viewer | None = None) -> Q:
    """The condition that `source` means for `actor`.

    `reader(object)` gives the records of another object that the actor may see: only those count in conditions through links.
    Raises Refused for an unknown or hidden field, an unknown operator, or an operand that the field's kind refuses.
    """
    return _compile(object_type(what), parse(source), actor, reader, viewer or current_viewer())


def _compile(o: ObjectType, tree: Tree, actor: Actor, reader: Reader, viewer: Viewer) -> Q:
    if isinstance(tree, Condition):
        return _condition(o, tree, actor, reader, viewer)
    made = Q()
    for part in tree.parts:
        one = _compile(o, part, actor, reader, viewer)
        made = made | one if isinstance(tree, Any_) else made & one
    return made


def operator_for(field: Field, name: str) -> Operator:
    """The operator called `name`, if `field` has it; raises Refused."""
    operator = OPERATORS.get(name)
    if operator is None or name not in field.kind.operators:
        raise Refused(_("“%(operator)s” cannot be asked of “%(field)s”.") % {"operator": name[:40], "field": field.label}, field=field.name)
    return operator


def _condition(o: ObjectType, condition: Condition, actor: Actor, reader: Reader, viewer: Viewer) -> Q:
    field = readable(actor, o, condition.field)
    operator = operator_for(field, condition.operator)
    if isinstance(field, Path):
        inner = Condition(field.inner.name, condition.operator, condition.values)
        target = object_type(field.link.target)
        return linked(field.link, reader(target).filter(_condition(target, inner, actor, reader, viewer)).values("pk"))
    q = _where(o, field, operator, condition.values, actor, reader, viewer)
    return ~q if operator.negated else q


def _where(o: ObjectType, field: Field, operator: Operator, values: tuple[str, ...], actor: Actor, reader: Reader, viewer: Viewer) -> Q:
    nothing_asked = operator.key in ("empty", "filled")
    if field.target or operator.key == "is_me":
        if nothing_asked:
            return has_links(o, field, negated=True)
        return linked(field, _ids(field, operator, values, actor, reader))
    if field.kind.multiple:
        if nothing_asked:
            return ~Q(pk__in=keys_of(o, field).values("record"))
        if operator.key in ("contains", "starts"):
            lookup = {"contains": "value__contains", "starts": "value__startswith"}[operator.key]
            return Q(pk__in=keys_of(o, field).filter(**{lookup: _one(field, values).lower()}).values("record"))
        wanted = [key for value in values for key in field.kind.keys(_operand(field, value, viewer))]
        if operator.key == "all_of":
            every = Q()
            for key in wanted:
                every &= Q(pk__in=keys_of(o, field).filter(value=key).values("record"))
            return every
        return Q(pk__in=keys_of(o, field).filter(value__in=wanted).values("record"))
    return Q(operator.sql(field.expression(), operands(field, operator, values, viewer), field.kind.empty))


def operands(field: Field, operator: Operator, values: tuple[str, ...], viewer: Viewer) -> list[Any]:
    """The stored forms of a condition's values; raises Refused for the wrong number of them or for one that the kind refuses."""
    count = {"none": 0, "one": 1, "two": 2, "number": 1}.get(operator.takes)
    if (count is not None and len(values) != count) or (operator.takes == "many" and not values):
        raise Refused(_("The condition on “%(field)s” lacks a value or has too many.") % {"field": field.label}, field=field.name)
    if operator.takes == "number":
        return [field.comparable(v) for v in field.kind.span(operator.key, values[0], viewer)]
    if operator.key in ("contains", "starts"):
        return [_one(field, values)]
    return [field.comparable(_operand(field, value, viewer)) for value in values]


def _one(field: Field, values: tuple[str, ...]) -> str:
    if len(values) != 1 or not values[0]:
        raise Refused(_("The condition on “%(field)s” lacks a value or has too many.") % {"field": field.label}, field=field.name)
    return field.kind.checked_text(values[0])


def _operand(field: Field, value: str, viewer: Viewer) -> Any:
    try:
        return field.kind.operand(value, viewer)
    except Refused as refusal:
        raise Refused(f"{field.label}: {refusal}", field=field.name) from refusal


def _ids(field: Field, operator: Operator, values: tuple[str, ...], actor: Actor, reader: Reader) -> Any:
    """Ids asked for, as far as the actor may see what they name: filtering by a link is reading it."""
    if operator.key == "is_me":
        return [actor.user_id] if actor.user_id else []
    wanted = []
    for value in values:
        if value == "me" and field.target == "identity.user":
            wanted.append(actor.user_id or 0)
        elif value.lstrip("#").isdecimal() and len(value) < 19:
            wanted.append(int(value.lstrip("#")))
        else:
            raise Refused(_("“%(value)s” is not a record of “%(field)s”.") % {"value": value[:80], "field": field.label}, field=field.name)
    if not wanted:
        raise Refused(_("The condition on “%(field)s” lacks a value or has too many.") % {"field": field.label}, field=field.name)
    if field.target == "identity.user":
        return wanted
    return reader(object_type(field.target)).filter(pk__in=wanted).values("pk")


def linked(field: Field, ids: Any) -> Q:
    """Records whose link `field` holds one of `ids` (a list, or a subquery of keys)."""
    if isinstance(field, ManyLinksColumn):
        model, ours, theirs = field.through
        return Q(pk__in=_live(model).filter(**{f"{theirs}__in": ids}).values(ours))
    attname = getattr(field, "attname", None)
    if attname:
        return Q(**{f"{attname}__in": ids})
    if field.kind.multiple:
        texts = [str(i) for i in (ids if isinstance(ids, list) else ids.values_list("pk", flat=True)[:1000])]
        return Q(pk__in=keys_of(field.object, field).filter(value__in=texts).values("record"))
    from django.db.models.lookups import In

    return Q(In(field.expression(), ids))


def has_links(o: ObjectType, field: Field, *, negated: bool) -> Q:
    """Records with (or without) anything in a link field."""
    if isinstance(field, ManyLinksColumn):
        model, ours, _theirs = field.through
        found = Q(pk__in=_live(model).values(ours))
    elif field.kind.multiple:
        found = Q(pk__in=keys_of(o, field).values("record"))
    else:
        found = Q(OPERATORS["filled"].sql(field.expression(), [], None))
        return found if negated else ~found
    return ~found if negated else found


def _live(model: Any) -> Any:
    rows = models.QuerySet(model)
    return rows.filter(removed_at=None) if hasattr(model, "removed_at") else rows


def keys_of(o: ObjectType, field: Field) -> Any:
    """The exact-match rows of one field."""
    return Key.objects.filter(object=o.key, field=field.id)
