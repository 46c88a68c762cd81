"""Filters in words: chips for the screen, a sentence to read aloud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kith.kernel.errors import Refused
from kith.kernel.viewer import Viewer

from ..declare import Field, ObjectType, Reader, object_type
from .compile import operator_for
from .operators import Operator
from .tree import Any_, Condition, Tree


@dataclass(frozen=True)
class Chip:
    """One condition as a chip: its field, its operator, its operands in words; `index` is its place among the conditions."""

    index: int
    field: Field
    operator: Operator
    values: tuple[str, ...]
    words: str
    condition: Condition


def conditions(what: Any, tree: Tree, viewer: Viewer, reader: Reader | None = None) -> list[Chip]:
    """The conditions of the top level, for chips; groups are left to `sentence`. Raises Refused like `compile`."""
    o = object_type(what)
    parts = [tree] if isinstance(tree, Condition) else list(tree.parts)
    chips = []
    for index, part in enumerate(parts):
        if isinstance(part, Condition):
            field = o.field(part.field)
            operator = operator_for(field, part.operator)
            chips.append(
                Chip(index, field, operator, part.values, _words(field, operator, part.values, viewer, reader), part)
            )
    return chips


def _words(field: Field, operator: Operator, values: tuple[str, ...], viewer: Viewer, reader: Reader | None) -> str:
    if operator.takes == "none":
        return ""
    if operator.takes == "number":
        days = int(values[0]) if values and values[0].isdecimal() and len(values[0]) < 6 else 0
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    return _(", ").join(_word(field, value, viewer, reader) for value in values)


def _word(field: Field, value: str, viewer: Viewer, reader: Reader | None) -> str:
    if field.target and value.isdecimal():
        if field.target == "identity.user":
            from kith.identity.names import user_references

            return user_references([int(value)]).get(int(value), value)
        if reader is not None:
            target = object_type(field.target)
            found = reader(target).filter(pk=int(value)).first()
            named = getattr(reader, "title_of", lambda o, record: o.title_of(record, viewer))
            return named(target, found) if found else f"#{value}"
    try:
        return field.kind.format(field.kind.operand(value, viewer), viewer) or value
    except Refused:
        return value


def sentence(what: Any, tree: Tree, viewer: Viewer, reader: Reader | None = None) -> str:
    """The whole filter as one sentence."""
    o: ObjectType = object_type(what)
    if isinstance(tree, Condition):
        field = o.field(tree.field)
        operator = operator_for(field, tree.operator)
        words = _words(field, operator, tree.values, viewer, reader)
        if not words:
            return _("%(field)s %(operator)s") % {"field": field.label, "operator": operator.label}
        return _("%(field)s %(operator)s %(value)s") % {
            "field": field.label,
            "operator": operator.label,
            "value": words,
        }
    said = [sentence(o, part, viewer, reader) for part in tree.parts]
    return (_(" or ") if isinstance(tree, Any_) else _(" and ")).join(said)
