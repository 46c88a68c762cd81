"""Several lists abreast: the columns of a board, read together and each no further than it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import Q, Value

from kith.kernel.actor import Actor
from kith.kernel.viewer import Viewer

from . import reads
from .access import fields as fields_of
from .access import readable
from .declare import Computed, object_type
from .filters import Tree
from .query import COUNT_CAP, MAX_PAGE, PAGE, Count, Page, among, reader, selected
from .way import way_of


def side_by_side(
    actor: Actor,
    what: Any,
    parts: Sequence[Q],
    *,
    filter: str | Tree | None = None,
    sort: str = "",
    search: str = "",
    columns: Iterable[str] = (),
    limit: int = PAGE,
    viewer: Viewer | None = None,
) -> list[Page]:
    """The first pages of several lists that differ by one further condition each (`parts`, of the caller's own making).

    Two statements however many lists there are, and each list goes no further than its page; `next` of a page is a cursor for
    `listing(…, where=part)`. Refusals as in `listing`.
    """
    o = object_type(what)
    readable_fields = fields_of(actor, o)
    shown = [readable(actor, o, name) for name in columns if name.partition(".")[0] in readable_fields]
    rows = selected(actor, o, filter=filter, search=search, viewer=viewer)
    way = way_of(actor, o, sort, viewer)
    limit = max(1, min(limit, MAX_PAGE))
    arms = []
    for number, part in enumerate(parts):
        some = way.annotated(rows.filter(part))
        # An arm with a limit stands inside: SQLite knows none in the members of a union.
        arms += [
            among(o, ordered.values("pk")[: limit + 1])
            .annotate(part=Value(number, output_field=models.IntegerField()))
            .values_list("part", "pk")
            for ordered in way.from_top(some)
        ]
    place = {pk: number for number, pk in (arms[0].union(*arms[1:], all=True) if arms else ())}
    whole = way.annotated(rows.filter(pk__in=place))
    for column in shown:
        if isinstance(column, Computed):
            whole = whole.annotate(**{column.annotation: column.expression()})
    found: list[list[Any]] = [[] for _part in parts]
    for record in whole.order_by(*way.order_by()) if place else ():
        found[place[record.pk]].append(record)
    records = [record for some in found for record in some[:limit]]
    read = reader(actor)
    for column in dict.fromkeys([o.title_field, *shown]):
        column.attach(records, read)
    reads.note(actor, o, shown, records)
    return [
        Page(
            o,
            some[:limit],
            shown,
            way.encode(way.place_of(some[limit - 1])) if len(some) > limit else None,
        )
        for some in found
    ]


def counts(
    actor: Actor,
    what: Any,
    parts: Sequence[Q],
    *,
    filter: str | Tree | None = None,
    search: str = "",
    cap: int = COUNT_CAP,
    viewer: Viewer | None = None,
) -> list[Count]:
    """How many records each of several lists has (as in `side_by_side`), each counted no further than `cap`; one statement."""
    rows = selected(actor, what, filter=filter, search=search, viewer=viewer).order_by()
    counted = {f"n{i}": _Counted(rows.filter(part).values("pk")[: cap + 1]) for i, part in enumerate(parts)}
    # The numbers hang on the first record that there is; where there is none they are all nought.
    found = rows.annotate(**counted).values_list(*counted)[:1] if counted else ()
    numbers = next(iter(found), (0,) * len(parts))
    return [Count(min(n, cap), n <= cap) for n in numbers]


class _Counted(models.Subquery):
    """How many rows a subquery has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = models.IntegerField()
