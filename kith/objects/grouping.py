"""Lists whose records stand in groups: by a choice, yes or no, a user, a link, or by the day, week, month or year of a date.

However many records there are, a grouped list makes the same few queries: one counts how many stand in which group, as far as a bound;
one finds the first records of every group that is shown; and those are read together like any page. A group is a condition of the
filter language, so that what is in it, the rest of it and a list of it alone are the same question.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count as Counted
from django.db.models import Q
from django.utils.translation import gettext as _

from kith.identity.names import user_references
from kith.kernel.actor import Actor
from kith.kernel.collation import sort_key
from kith.kernel.errors import Refused
from kith.kernel.viewer import Viewer

from .access import readable
from .columns.carriers import references
from .declare import Field, ObjectType, Path, object_type
from .filters import All, Condition, Tree, parse, text
from .query import Count, Page, among, listing, reader, selected
from .way import way_of

#: So many records are looked at to say which groups there are and how many records are in each; of longer lists that is a part.
COUNTED = 20_000
#: So many groups stand on a page, with so many records altogether; in one of them at least and at most so many.
MOST_GROUPS, MOST_RECORDS, FEWEST, MOST = 25, 250, 5, 50
#: Choices with no record are shown, too, while there are no more of them than this.
SHORT = 12


@dataclass
class Group:
    """Records that stand together: `key` is the text of the condition `tree` that they fulfil, `preset` what a new one begins with."""

    tree: Tree
    label: str
    count: Count
    preset: str = ""
    records: list[Any] = None  # type: ignore[assignment]
    #: The cursor of the rest of the group, "" where this is all.
    next: str = ""

    @property
    def key(self) -> str:
        """What the group is called in addresses."""
        return text(self.tree)


@dataclass(frozen=True)
class Grouped:
    """A grouped page: its groups with their records, which groups follow (from number `next` on, 0 for none), and the columns."""

    field: Field
    unit: str
    groups: list[Group]
    page: Page
    next: int


def units_of(field: Field) -> tuple[str, ...]:
    """In what a list may be grouped by a field: ("",) by its values, ("day", "week", …) by time, () not at all."""
    if isinstance(field, Path) or field.kind.multiple or not field.filterable:
        return ()
    return field.kind.groups


def grouped_by(actor: Actor, o: ObjectType, by: str) -> tuple[Field, str]:
    """The field and the unit that `state` or `made_on:month` names; Refused for what nobody can group by."""
    name, _colon, unit = by.partition(":")
    field = readable(actor, o, name)
    units = units_of(field)
    if not units or (unit and unit not in units):
        raise Refused(_("A list cannot be grouped by “%(field)s”.") % {"field": field.label}, field=name)
    return field, unit or ("month" if "month" in units else units[0])


def grouped(
    actor: Actor,
    what: Any,
    by: str,
    *,
    filter: str | Tree | None = None,
    sort: str = "",
    search: str = "",
    columns: Any = None,
    viewer: Viewer,
    folded: Collection[str] = (),
    start: int = 0,
) -> Grouped:
    """A list in groups: of each the first records, but for those whose keys are `folded`. `start` is the number of the first group."""
    o = object_type(what)
    field, unit = grouped_by(actor, o, by)
    every = _groups(actor, o, field, unit, viewer, selected(actor, o, filter=filter, search=search, viewer=viewer))
    shown = every[start : start + MOST_GROUPS]
    tree = parse(filter)
    opened = [group for group in shown if group.key not in folded]
    each = max(FEWEST, min(MOST, MOST_RECORDS // max(1, len(opened))))
    way = way_of(actor, o, sort, viewer)
    place: dict[int, Group] = {}
    if opened:
        arms = []
        for n, group in enumerate(opened):
            of_it = selected(actor, o, filter=All((tree, group.tree)), search=search, viewer=viewer)
            first = way.annotated(of_it).order_by(*way.order_by()).values("pk")[: each + 1]
            arms.append(among(o, first).annotate(g=models.Value(n)).values_list("pk", "g"))
        rows = arms[0].union(*arms[1:], all=True) if len(arms) > 1 else arms[0]
        place = {pk: opened[n] for pk, n in rows}
    page = listing(
        actor, o, sort=sort, columns=columns, where=Q(pk__in=list(place)), limit=max(1, len(place)), viewer=viewer
    )
    for group in shown:
        group.records = []
    for record in page.records:
        place[record.pk].records.append(record)
    for group in opened:
        if len(group.records) > each:
            del group.records[each:]
            group.next = way.encode(way.place_of(group.records[-1]))
    following = start + MOST_GROUPS
    return Grouped(field, unit, shown, page, following if following < len(every) else 0)


def _groups(actor: Actor, o: ObjectType, field: Field, unit: str, viewer: Viewer, rows: Any) -> list[Group]:
    """Which groups there are, in their order; records with nothing there stand last."""
    sample = rows.order_by().values("pk")[: COUNTED + 1]
    sampled = among(o, sample).annotate(group_key=field.expression())
    numbers = list(sampled.order_by().values_list("group_key").annotate(n=Counted("pk")))
    total = sum(n for _raw, n in numbers)
    exact = total <= COUNTED
    found: dict[tuple[str, ...], int] = {}
    nothing = hidden = 0
    seen: dict[Any, tuple[str, ...] | None] = {}
    kind, name = field.kind, field.name
    for raw, n in numbers:
        if raw not in seen:
            seen[raw] = None if raw is None or raw == "" else kind.bucket(raw, unit, viewer)
        values = seen[raw]
        if values is None:
            nothing += n
        else:
            found[values] = found.get(values, 0) + n
    choices = None if field.target else kind.choices(viewer)
    made: list[tuple[tuple[str, ...], str]] = []
    if choices is not None:
        order = [(kind.export(c.value) if not isinstance(c.value, str) else c.value) for c in choices]
        known: dict[tuple[str, ...], str] = {(v,): str(c.label) for v, c in zip(order, choices, strict=True)}
        wanted = [v for v in known if len(known) <= SHORT or v in found] + [v for v in found if v not in known]
        made = [(v, known.get(v, v[0])) for v in wanted]
    elif field.target:
        made, hidden = _linked(actor, field, found, viewer)
    else:
        made = [(v, kind.bucket_label(v, unit, viewer)) for v in sorted(found, key=kind.bucket_order, reverse=True)]
    groups = [
        Group(Condition(name, kind.groups_ask, v), label, Count(found.get(v, 0), exact), kind.bucket_preset(v))
        for v, label in made
    ]
    if hidden:
        # What is linked and not hers to see is there all the same; nothing is said about what it is.
        seen_here = tuple(v[0] for v, _label in made)[:200]
        asked: list[Tree] = [Condition(name, "filled"), *([Condition(name, "not_in", seen_here)] if seen_here else [])]
        groups.append(Group(All(tuple(asked)), _("Not visible to you"), Count(hidden, exact)))
    if (nothing or not exact) and "empty" in kind.operators and not field.required:
        label = _("%(field)s is empty") % {"field": field.label}
        groups.append(Group(Condition(name, "empty"), label, Count(nothing, exact)))
    return groups


def _linked(
    actor: Actor, field: Field, found: dict[Any, int], viewer: Viewer
) -> tuple[list[tuple[tuple[str, ...], str]], int]:
    """Groups by what they link to, as their names sort; and how many records link to what the actor may not see."""
    ids = [int(v[0]) for v in found]
    if field.target == "identity.user":
        names = user_references(ids)
    else:
        names = {pk: ref.title or f"#{pk}" for pk, ref in references(str(field.target), ids, reader(actor)).items()}
    made: list[tuple[tuple[str, ...], str]] = [((str(pk),), title) for pk, title in names.items()]
    made.sort(key=lambda one: (sort_key(one[1], viewer.language) or b"", one[0]))
    return made, sum(n for v, n in found.items() if int(v[0]) not in names)


__all__ = ["Group", "Grouped", "grouped", "grouped_by", "units_of"]
