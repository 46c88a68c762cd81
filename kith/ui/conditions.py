"""What can be asked of an object's records, and conditions as rows of a form: field, operator, values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.viewer import Viewer
from kith.objects.access import fields as fields_of
from kith.objects.access import may, readable
from kith.objects.declare import Field, ObjectType, object_type
from kith.objects.filters import OPERATORS, UNITS, Condition, Operator, said_of
from kith.objects.filters.compile import operator_for
from kith.objects.query import listing

from . import widgets
from .panels import title


@dataclass(frozen=True)
class Askable:
    """Fields that stand together in the list of what can be asked: the object's own, then those behind each of its links."""

    label: str
    fields: tuple[tuple[Field, str], ...]


def askable(actor: Actor, o: ObjectType) -> list[Askable]:
    """All that `actor` may filter an object's records by: its fields, parts of their values, and one link further."""
    mine = fields_of(actor, o)
    groups = [Askable(str(o.label), tuple((f, said_of(f)) for f in _with_parts(mine.values())))]
    for link in mine.values():
        if not link.filterable or not link.target or widgets.links_to_users(link):
            continue
        target = object_type(link.target)
        if not may(actor, "view", target):
            continue
        behind = (readable(actor, o, f"{link.name}.{f.name}") for f in _with_parts(fields_of(actor, target).values()))
        # What stands under the name of the link needs it no second time.
        found = tuple((f, said_of(getattr(f, "inner", f))) for f in behind)
        if found:
            groups.append(Askable(str(link.label), found))
    return groups


def _with_parts(fields: Any) -> Iterator[Field]:
    for one in fields:
        if one.filterable and one.kind.operators:
            yield one
            for name in (*one.kind.kept, *one.kind.parts):
                part = one.part(name)
                if part is not None and part.filterable and part.kind.operators:
                    yield part


@dataclass
class Row:
    """One condition as a form shows it; `error` is why it cannot be asked."""

    field: Field
    operator: Operator
    values: tuple[str, ...] = ()
    path: str = ""
    error: str = ""
    #: What the template draws the values by.
    shown: dict[str, Any] = made(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether there is something to ask."""
        wanted = {"none": 0, "two": 2}.get(self.operator.takes, 1)
        return len([v for v in self.values if v]) >= wanted

    def condition(self, viewer: Viewer) -> Condition:
        """What the row asks; Refused in a sentence for values that are none."""
        return condition_of(self.field, self.operator, self.values, viewer)


def row_of(actor: Actor, o: ObjectType, name: str, op: str, values: tuple[str, ...], path: str = "") -> Row:
    """A row for what a form or a condition says; an operator that the field does not have becomes its first one."""
    found = readable(actor, o, name)
    known = [OPERATORS[key] for key in found.kind.operators]
    if not found.filterable or not known:
        raise Refused(_("A list cannot be filtered by “%(field)s”.") % {"field": found.label}, field=name)
    return Row(found, next((x for x in known if x.key == op), known[0]), values, path)


def condition_of(found: Field, operator: Operator, given: tuple[str, ...], viewer: Viewer) -> Condition:
    """The condition that a form says; its values neutral, since colleagues open the address who write dates in other ways."""
    operator_for(found, operator.key)
    values = tuple(v for v in given if v.strip())
    if operator.takes == "none":
        values = ()
    elif not values:
        raise Refused(_("Choose or type a value for “%(field)s”.") % {"field": found.label}, field=found.name)
    elif operator.takes in ("one", "two"):
        kind = getattr(found, "inner", found).kind
        values = tuple(kind.asked(value, viewer) for value in values)
    return Condition(found.name, operator.key, values)


def draw_row(actor: Actor, row: Row, viewer: Viewer) -> None:
    """Fill in what the template shows of a row: operators, and the inputs that its values need."""
    target = getattr(row.field, "inner", row.field)
    operator, values = row.operator, row.values
    options = widgets.options(target, target.kind.empty, viewer) if operator.takes in ("many", "one") else None
    for option in options or ():
        option["chosen"] = option["value"] in values
    lookup = widgets.lookup_url(target) if operator.takes == "many" else ""
    known = [OPERATORS[key] for key in row.field.kind.operators]
    row.shown = {
        "plain": [x for x in known if not x.timed],
        "timed": [x for x in known if x.timed],
        "options": options,
        "radio": operator.takes == "one",
        "lookup": lookup,
        "chosen": _titles(actor, target, values, viewer) if lookup else [],
        "texts": _texts(typed(target, operator, values, viewer), operator.takes),
        "units": UNITS.items() if operator.takes == "number" else (),
        "unit": values[1] if len(values) > 1 else next(iter(UNITS)),
        "hint": target.kind.widget_context(target.kind.empty, viewer).get("example", ""),
        "kind": target.kind,
        "error": row.error,
        "path": row.path,
        "field": row.field,
        "operator": operator,
        "name": f"v.{row.path}" if row.path else "v",
    }


def typed(found: Any, operator: Operator, values: tuple[str, ...], viewer: Viewer) -> tuple[str, ...]:
    """The values as this person would type them; one that cannot be read stays as it is."""
    if operator.takes not in ("one", "two"):
        return values
    texts = []
    for value in values:
        try:
            texts.append(found.kind.edit(found.kind.operand(value, viewer), viewer))
        except Refused:
            texts.append(value)
    return tuple(texts)


def _texts(values: tuple[str, ...], takes: str) -> list[str]:
    """The texts of the inputs that an operator needs."""
    wanted = {"one": 1, "two": 2, "number": 1, "many": max(1, len(values))}.get(takes, 0)
    return [*values, *[""] * wanted][:wanted]


def _titles(actor: Actor, found: Any, values: tuple[str, ...], viewer: Viewer) -> list[tuple[str, str]]:
    target = object_type(found.target)
    ids = [int(v) for v in values if v.isdecimal() and len(v) < 19]
    page = listing(actor, target, columns=[target.title], where=Q(pk__in=ids), limit=50) if ids else None
    return [(str(r.pk), title(actor, target, r, viewer)) for r in page.records] if page else []


__all__ = ["Askable", "Row", "askable", "condition_of", "draw_row", "row_of"]
