"""From a tree to a condition for the database, through the rights of whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q, Value
from django.db.models.lookups import Contains, In, IsNull
from django.utils.translation import gettext as _

from kith.identity.names import team_ids
from kith.kernel.errors import Refused
from kith.kernel.viewer import Viewer

from ..columns import ManyLinksColumn
from ..declare import Field, ObjectType, Path, Reader, object_type
from ..keys import Key
from .operators import OPERATORS, Operator
from .tree import Any_, Condition, Tree, parse


@dataclass(frozen=True)
class Asker:
    """Through whose rights a filter is read. The read path makes it.

    `resolve(object, path)` gives a field that she may read, or raises UnknownField; `read(object)` the records of another object that
    she may see: only those count in conditions through links.
    """

    resolve: Callable[[Any, str], Field]
    read: Reader
    viewer: Viewer
    user_id: int | None = None


def compile(what: Any, source: str | Tree | None, asker: Asker) -> Q:
    """The condition that `source` means for whoever asks.

    Raises Refused for an unknown or hidden field, an unknown operator, or an operand that the field's kind refuses.
    """
    return _compile(object_type(what), parse(source), asker)


def _compile(o: ObjectType, tree: Tree, asker: Asker) -> Q:
    if isinstance(tree, Condition):
        return _condition(o, tree, asker)
    made = Q()
    for part in tree.parts:
        one = _compile(o, part, asker)
        made = made | one if isinstance(tree, Any_) else made & one
    return made


def operator_for(field: Field, name: str) -> Operator:
    """The operator called `name`, if `field` has it; raises Refused."""
    operator = OPERATORS.get(name)
    if operator is None or name not in field.kind.operators:
        raise Refused(
            _("“%(operator)s” cannot be asked of “%(field)s”.") % {"operator": name[:40], "field": field.label},
            field=field.name,
        )
    return operator


def _condition(o: ObjectType, condition: Condition, asker: Asker) -> Q:
    field = asker.resolve(o, condition.field)
    operator = operator_for(field, condition.operator)
    if isinstance(field, Path):
        return _through(field, operator, condition.values, asker)
    q = _where(o, field, operator, condition.values, asker)
    return _not(field, q, operator) if operator.negated else q


def _not(field: Field, q: Q, operator: Operator) -> Q:
    """What a condition leaves, records with nothing there among it: for SQL nothing is neither red nor not red."""
    asked_by_rows = field.kind.multiple or (field.target and getattr(field, "attname", None))
    return ~q if operator.key == "filled" or asked_by_rows else ~q | Q(IsNull(_stored(field), True))


def _stored(field: Field) -> Any:
    return field.expression() if field.target else field.compared()


def _through(field: Path, operator: Operator, values: tuple[str, ...], asker: Asker) -> Q:
    """What a linked record must be like. Where there is none that the asker may see, its fields are empty, as the list shows them."""
    target = object_type(field.link.target)
    inner = _where(target, asker.resolve(target, field.inner.name), operator, values, asker)
    if operator.key in ("empty", "filled"):
        # Of both, `_where` says what is empty.
        filled = linked(field.link, asker.read(target).filter(~inner).values("pk"))
        return filled if operator.negated else _not(field.link, filled, operator)
    q = linked(field.link, asker.read(target).filter(inner).values("pk"))
    return _not(field.link, q, operator) if operator.negated else q


def _where(o: ObjectType, field: Field, operator: Operator, values: tuple[str, ...], asker: Asker) -> Q:
    nothing_asked = operator.key in ("empty", "filled")
    if field.target:
        return without_links(o, field) if nothing_asked else linked(field, _ids(field, operator, values, asker))
    if field.kind.multiple:
        return _among_keys(o, field, operator, values, asker.viewer)
    if operator.key == "contains" and field.kind.folded_in:
        return _among_folded(field, _one(field, values))
    compared = operands(field, operator, values, asker.viewer)
    beside = Q()
    if operator.takes in ("one", "two", "many") and operator.key not in ("contains", "starts"):
        beside = field.kind.narrow(field, [_operand(field, value, asker.viewer) for value in values])
    return Q(operator.sql(field.compared(), compared, field.kind.empty)) & beside


def _among_folded(field: Field, text: str) -> Q:
    """Every word somewhere in the value, in any order: "Ada Lovelace" is found as "Lovelace Ada"."""
    every = Q()
    for word in text.split()[:8]:
        some = Q()
        for expression, spelt in field.texts():
            some |= Q(Contains(expression, Value(spelt(word))))
        every &= some
    return every


def _among_keys(o: ObjectType, field: Field, operator: Operator, values: tuple[str, ...], viewer: Viewer) -> Q:
    """Conditions on fields with several values ask their exact-match rows."""
    keys = keys_of(o, field)
    if operator.key in ("empty", "filled"):
        return ~Q(pk__in=keys.values("record"))
    if operator.key == "contains":
        return Q(pk__in=keys.filter(value__contains=_one(field, values).lower()).values("record"))
    wanted = [key for value in values for key in field.kind.keys(_operand(field, value, viewer))]
    if operator.key != "all_of":
        return Q(pk__in=keys.filter(value__in=wanted).values("record"))
    every = Q()
    for key in wanted:
        every &= Q(pk__in=keys.filter(value=key).values("record"))
    return every


def operands(field: Field, operator: Operator, values: tuple[str, ...], viewer: Viewer) -> list[Any]:
    """The stored forms of a condition's values; raises Refused for the wrong number of them or for one that the kind refuses."""
    counts = {"none": (0,), "one": (1,), "two": (2,), "number": (1, 2)}.get(operator.takes)
    if (counts is not None and len(values) not in counts) or (operator.takes == "many" and not values):
        raise Refused(
            _("The condition on “%(field)s” lacks a value or has too many.") % {"field": field.label}, field=field.name
        )
    if operator.timed:
        number, unit = [*values, "", "days"][:2] if len(values) != 1 else (values[0], "days")
        return [field.comparable(v) for v in field.kind.span(operator.key, number, viewer, unit)]
    if operator.key in ("contains", "starts"):
        return [_one(field, values)]
    return [field.comparable(_operand(field, value, viewer)) for value in values]


def _one(field: Field, values: tuple[str, ...]) -> str:
    if len(values) != 1 or not values[0]:
        raise Refused(
            _("The condition on “%(field)s” lacks a value or has too many.") % {"field": field.label}, field=field.name
        )
    return field.kind.checked_text(values[0])


def _operand(field: Field, value: str, viewer: Viewer) -> Any:
    try:
        return field.kind.operand(value, viewer)
    except Refused as refusal:
        raise Refused(
            _("%(field)s: %(sentence)s") % {"field": field.label, "sentence": refusal}, field=field.name
        ) from refusal


def _ids(field: Field, operator: Operator, values: tuple[str, ...], asker: Asker) -> Any:
    """Ids asked for, as far as the asker may see what they name: filtering by a link is reading it."""
    if operator.key == "is_me":
        return [asker.user_id or 0]
    if operator.key == "my_team":
        return sorted(team_ids(asker.user_id)) if asker.user_id else [0]
    wanted = []
    for value in values:
        if not value.lstrip("#").isdecimal() or len(value) > 18:
            raise Refused(
                _("“%(value)s” is not a record of “%(field)s”.") % {"value": value[:80], "field": field.label},
                field=field.name,
            )
        wanted.append(int(value.lstrip("#")))
    if not wanted:
        raise Refused(
            _("The condition on “%(field)s” lacks a value or has too many.") % {"field": field.label}, field=field.name
        )
    if field.target == "identity.user":
        return wanted
    return asker.read(object_type(field.target)).filter(pk__in=wanted).values("pk")


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
    return Q(In(field.expression(), ids))


def without_links(o: ObjectType, field: Field) -> Q:
    """Records with nothing in a link field."""
    if isinstance(field, ManyLinksColumn):
        model, ours, _theirs = field.through
        return ~Q(pk__in=_live(model).values(ours))
    if field.kind.multiple:
        return ~Q(pk__in=keys_of(o, field).values("record"))
    return Q(IsNull(field.expression(), True))


def _live(model: Any) -> Any:
    rows = models.QuerySet(model)
    return rows.filter(removed_at=None) if hasattr(model, "removed_at") else rows


def keys_of(o: ObjectType, field: Field) -> Any:
    """The exact-match rows of one field."""
    return Key.objects.filter(object=o.key, field=field.id)
