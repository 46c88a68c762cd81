"""Filters in words: chips for the screen, a sentence to read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kith.kernel.errors import Refused
from kith.kernel.sentences import counted, either, listed, part_of
from kith.kernel.viewer import Viewer

from ..declare import Field, Kept, ObjectType, Path, Reader, object_type
from .compile import operator_for
from .operators import Operator
from .tree import Any_, Condition, Tree


@dataclass(frozen=True)
class Chip:
    """One condition as a chip: its field, its operator, its operands; `index` is its place among the conditions.

    `pieces` are the sentence, cut where its holes are: ("field", "Stage"), ("", " is any of "), ("value", "Customer or Lead").
    """

    index: int
    field: Field
    operator: Operator
    values: tuple[str, ...]
    pieces: tuple[tuple[str, str], ...]
    condition: Condition


_HOLE = re.compile(r"%\((\w+)\)s")


def conditions(what: Any, tree: Tree, viewer: Viewer, reader: Reader | None = None) -> list[Chip]:
    """The conditions of the top level, for chips; groups are left to `sentence`. Raises Refused like `compile`."""
    o = object_type(what)
    parts = [tree] if isinstance(tree, Condition) else list(tree.parts)
    chips = []
    for index, part in enumerate(parts):
        if isinstance(part, Condition):
            field = o.field(part.field)
            operator = operator_for(field, part.operator)
            phrase, holes = _said(field, operator, part.values, viewer, reader)
            chips.append(Chip(index, field, operator, part.values, tuple(_cut(phrase, holes)), part))
    return chips


def _cut(phrase: str, holes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """`phrase` in pieces: what it says itself under "", what stands in its holes under "field" or "value"."""
    for n, piece in enumerate(_HOLE.split(phrase)):
        if n % 2:
            yield ("field" if piece == "field" else "value"), holes[piece]
        elif piece:
            yield "", piece


def _said(
    field: Field, operator: Operator, values: tuple[str, ...], viewer: Viewer, reader: Reader | None
) -> tuple[str, dict[str, str]]:
    """The sentence of one condition, and what goes into its holes."""
    holes = {"field": said_of(field)}
    number, unit = 0, "days"
    if operator.takes == "number":
        number = int(values[0]) if values and values[0].isdecimal() and len(values[0]) < 6 else 0
        unit = values[1] if len(values) > 1 else unit
        holes["n"] = counted(number, viewer)
    elif operator.takes == "two":
        low, high = [*(_word(field, value, viewer, reader) for value in values), "", ""][:2]
        holes |= {"low": low, "high": high}
    elif operator.takes != "none":
        several = [_word(field, value, viewer, reader) for value in values]
        holes["value"] = (listed if operator.key == "all_of" else either)(several, viewer)
    return operator.sentence(number, unit), holes


def said_of(field: Field) -> str:
    """What a sentence calls a field: one of a linked record, and a part of a value, by both names."""
    if isinstance(field, Path):
        return part_of(field.link.label, said_of(field.inner))
    whole = getattr(field, "whole", None)
    if whole is None or isinstance(field, Kept):
        return str(field.label)
    return part_of(whole.label, field.label)


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
    """The whole filter as one sentence; a group inside another stands in parentheses, so that nobody wonders what belongs together."""
    o: ObjectType = object_type(what)
    if isinstance(tree, Condition):
        field = o.field(tree.field)
        phrase, holes = _said(field, operator_for(field, tree.operator), tree.values, viewer, reader)
        return phrase % holes
    said = [
        _("(%(conditions)s)") % {"conditions": words}
        if not isinstance(part, Condition) and len(part.parts) > 1 and len(tree.parts) > 1
        else words
        for part in tree.parts
        if (words := sentence(o, part, viewer, reader))
    ]
    return (either if isinstance(tree, Any_) else listed)(said, viewer)
