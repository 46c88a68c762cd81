"""Filters as a small typed tree, read from text or JSON; at most five deep and fifty conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext as _

from kith.kernel.errors import Refused
from kith.kernel.sentences import counted

MAX_NODES, MAX_DEPTH, MAX_VALUES, MAX_TEXT = 50, 5, 200, 20_000


@dataclass(frozen=True)
class Condition:
    """One comparison: field path, operator name, operands as text."""

    field: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class All:
    """Every part holds."""

    parts: tuple[Tree, ...] = ()


@dataclass(frozen=True)
class Any_:  # noqa: N801 - `Any` is typing's
    """At least one part holds."""

    parts: tuple[Tree, ...] = ()


Tree = Condition | All | Any_
NO_FILTER = All()


def parse(source: str | Tree | None) -> Tree:
    """The tree that `field:operator:value,value;any(a|all(b;c))` means; raises Refused."""
    if source is None or source == "":
        return NO_FILTER
    if not isinstance(source, str):
        return checked(source)
    if len(source) > MAX_TEXT:
        raise Refused(_("This filter is too long."))
    return checked(All(tuple(_term(term, 1) for term in _parts(source, ";"))))


#: What a group begins with, what stands between its parts, and what it becomes.
_GROUPS: dict[str, tuple[str, type[All | Any_]]] = {"any(": ("|", Any_), "all(": (";", All)}
_SIGNS = re.compile("[();|]")


def _parts(source: str, sign: str) -> Iterator[str]:
    """What stands between the signs of a text, but for those inside of parentheses; a value holds its own signs escaped."""
    depth, start = 0, 0
    for found in _SIGNS.finditer(source):
        if found[0] in "()":
            depth += 1 if found[0] == "(" else -1
            if depth < 0:
                break
        elif found[0] == sign and depth == 0:
            if start < found.start():
                yield source[start : found.start()]
            start = found.end()
    if depth:
        raise Refused(_("This filter has a parenthesis that does not fit another one."))
    if start < len(source):
        yield source[start:]


def _term(term: str, depth: int) -> Tree:
    if depth > MAX_DEPTH:
        # Here and not in `checked`: what is deep enough would end the program before it is a tree.
        raise Refused(_("This filter cannot be read."))
    if term[:4] in _GROUPS and term.endswith(")"):
        sign, shape = _GROUPS[term[:4]]
        return shape(tuple(_term(part, depth + 1) for part in _parts(term[4:-1], sign)))
    field, colon, rest = term.partition(":")
    operator, _colon, values = rest.partition(":")
    if not colon or not field or not operator:
        raise Refused(
            _("“%(part)s” is not a condition. A condition looks like field:operator:value.") % {"part": term[:80]}
        )
    return Condition(unquote(field), operator, tuple(unquote(v) for v in values.split(",")) if values else ())


def text(tree: Tree) -> str:
    """The inverse of `parse`."""
    if isinstance(tree, Condition):
        values = ",".join(_escaped(v) for v in tree.values)
        return f"{_escaped(tree.field)}:{tree.operator}" + (f":{values}" if tree.values else "")
    if isinstance(tree, Any_):
        return _group(tree)
    return ";".join(_group(part) for part in tree.parts)


def _group(tree: Tree) -> str:
    """A tree inside of another one."""
    if isinstance(tree, Condition):
        return text(tree)
    name, sign = ("any", "|") if isinstance(tree, Any_) else ("all", ";")
    return f"{name}({sign.join(_group(part) for part in tree.parts)})"


def _escaped(value: str) -> str:
    return "".join(f"%{ord(c):02X}" if c in "%:;,()|" else c for c in value)


def to_json(tree: Tree) -> dict[str, Any]:
    """The tree as JSON: {"all": […]}, {"any": […]} or {"field", "op", "values"}."""
    if isinstance(tree, Condition):
        return {"field": tree.field, "op": tree.operator, "values": list(tree.values)}
    return {"any" if isinstance(tree, Any_) else "all": [to_json(part) for part in tree.parts]}


def from_json(raw: Any) -> Tree:
    """The inverse of `to_json`; raises Refused for anything else."""
    return checked(_from_json(raw, 0))


def _from_json(raw: Any, depth: int) -> Tree:
    if depth > MAX_DEPTH or not isinstance(raw, Mapping):
        raise Refused(_("This filter cannot be read."))
    for word, shape in (("all", All), ("any", Any_)):
        if isinstance(raw.get(word), list):
            return shape(tuple(_from_json(part, depth + 1) for part in raw[word]))
    values = raw.get("values", [])
    if not isinstance(raw.get("field"), str) or not isinstance(raw.get("op"), str) or not isinstance(values, list):
        raise Refused(_("This filter cannot be read."))
    return Condition(raw["field"], raw["op"], tuple(str(v) for v in values))


def checked(tree: Tree) -> Tree:
    """`tree`, if it is small enough to be answered."""
    if _depth(tree) > MAX_DEPTH or _count(tree) > MAX_NODES:
        raise Refused(_("This filter has too many conditions. Use at most %(n)s.") % {"n": counted(MAX_NODES)})
    return tree


def _depth(tree: Tree) -> int:
    return 1 if isinstance(tree, Condition) else 1 + max((_depth(p) for p in tree.parts), default=0)


def _count(tree: Tree) -> int:
    if isinstance(tree, Condition):
        if len(tree.values) > MAX_VALUES:
            raise Refused(_("This filter has too many values. Use at most %(n)s.") % {"n": counted(MAX_VALUES)})
        return 1
    return 1 + sum(_count(part) for part in tree.parts)


def leaves(tree: Tree) -> list[Condition]:
    """All conditions of the tree."""
    return [tree] if isinstance(tree, Condition) else [leaf for part in tree.parts for leaf in leaves(part)]
