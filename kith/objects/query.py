"""The one read path: what an actor may see, a page at a time, by keyset."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Missing, Refused
from kith.kernel.viewer import Viewer, current_viewer

from . import reads
from .access import fields as fields_of
from .access import may, readable, visible
from .access.models import VIEW
from .declare import Computed, Field, ObjectType, Reader, object_type
from .filters import Asker, Tree
from .filters import compile as compile_filter
from .search import matching
from .way import way_of

PAGE, MAX_PAGE = 50, 500
COUNT_CAP = 10_000


def visible_to(actor: Actor, what: Any, verb: str = VIEW, *, trash: bool | None = False) -> models.QuerySet[Any]:
    """The records of an object with which `actor` may do `verb`.

    `trash`: False leaves removed records out, True gives only those, None gives both.
    """
    o = object_type(what)
    rows = models.QuerySet(o.model).filter(visible(actor, o, verb))
    return rows if trash is None else rows.filter(removed_at__isnull=not trash)


@dataclass(frozen=True)
class _Reader:
    actor: Actor
    trash: bool | None

    def __call__(self, what: Any) -> models.QuerySet[Any]:
        return visible_to(self.actor, what, trash=self.trash)

    def title_of(self, o: ObjectType, record: Any) -> str:
        """The record's name, or its number where the name is withheld from this actor."""
        return o.title_of(record) if o.title in fields_of(self.actor, o) else f"#{record.pk}"


def reader(actor: Actor, *, trash: bool | None = False) -> Reader:
    """`visible_to` for one actor: what fields are given to show other records."""
    return _Reader(actor, trash)


def asker(actor: Actor, viewer: Viewer | None = None) -> Asker:
    """Through whose rights filters are read."""
    return Asker(
        lambda what, path: readable(actor, what, path), reader(actor), viewer or current_viewer(), actor.user_id
    )


def find(actor: Actor, what: Any, record_id: Any, verb: str = VIEW, *, trash: bool | None = False) -> Any:
    """One record; Missing when it does not exist or is not the actor's to see, Forbidden when she sees it but may not do `verb`."""
    o = object_type(what)
    try:
        number = int(record_id)
    except (TypeError, ValueError):
        raise Missing from None
    if not 0 < number < 2**63:
        raise Missing
    found = visible_to(actor, o, trash=trash).filter(pk=number).first()
    if found is None:
        raise Missing
    if verb != VIEW and not may(actor, verb, found):
        raise Forbidden(_("You may see this record, but not do this with it."))
    return found


@dataclass(frozen=True)
class Page:
    """A page of records with everything that showing `columns` needs; `next` is the cursor of the following page or None."""

    object: ObjectType
    records: list[Any]
    columns: list[Field]
    next: str | None


@dataclass(frozen=True)
class Count:
    """How many; when not `exact`, at least so many."""

    value: int
    exact: bool


def listing(
    actor: Actor,
    what: Any,
    *,
    filter: str | Tree | None = None,
    sort: str = "",
    search: str = "",
    columns: Iterable[str] | None = None,
    after: str | None = None,
    limit: int = PAGE,
    trash: bool = False,
    viewer: Viewer | None = None,
    where: Q | None = None,
) -> Page:
    """One page of an object's records. The number of queries does not depend on the number of records.

    `sort` are field paths joined by commas, the first one deciding first, with "-" for descending; ties are broken by id, so that no
    record is shown twice or never, and records that have nothing there come last in both directions. Titles sort as `viewer` reads.
    `where` is a further condition of the caller's own making, never a client's.
    Raises Refused for anything in filter, sort or cursor that is not so.
    """
    o = object_type(what)
    readable_fields = fields_of(actor, o)
    shown = [
        readable(actor, o, name)
        for name in (columns if columns is not None else o.list)
        if name.partition(".")[0] in readable_fields
    ]
    rows = selected(actor, o, filter=filter, search=search, trash=trash, viewer=viewer, where=where)
    way = way_of(actor, o, sort, viewer)
    rows = way.annotated(rows)
    for column in shown:
        if isinstance(column, Computed):
            rows = rows.annotate(**{column.annotation: column.expression()})
    limit = max(1, min(limit, MAX_PAGE))
    found = way.beyond(rows, way.decode(after) if after else None, limit + 1)
    more, found = len(found) > limit, found[:limit]
    read = reader(actor)
    for column in dict.fromkeys([o.title_field, *shown]):
        column.attach(found, read)
    reads.note(actor, o, shown, found)
    return Page(o, found, shown, way.encode(way.place_of(found[-1])) if more else None)


def selected(
    actor: Actor,
    what: Any,
    *,
    filter: str | Tree | None = None,
    search: str = "",
    trash: bool = False,
    verb: str = VIEW,
    viewer: Viewer | None = None,
    where: Q | None = None,
) -> models.QuerySet[Any]:
    """The records that a filter and a search leave, unordered: what pages, counts, exports and bulk changes start from."""
    o = object_type(what)
    rows = visible_to(actor, o, verb, trash=trash).filter(compile_filter(o, filter, asker(actor, viewer)))
    if search.strip():
        if len(search) > 500:
            raise Refused(_("This search text is too long."))
        condition = matching(o, search, fields_of(actor, o).values())
        rows = rows.filter(condition) if condition is not None else rows.none()
    return rows.filter(where) if where is not None else rows


def among(what: Any, chosen: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Records by a query of numbers that went through the gate (`selected(…).values("pk")`), to ask something further."""
    return models.QuerySet(object_type(what).model).filter(pk__in=chosen)


def count(
    actor: Actor,
    what: Any,
    *,
    filter: str | Tree | None = None,
    search: str = "",
    trash: bool = False,
    cap: int = COUNT_CAP,
    viewer: Viewer | None = None,
    where: Q | None = None,
) -> Count:
    """How many records there are, counted no further than `cap`."""
    rows = selected(actor, what, filter=filter, search=search, trash=trash, viewer=viewer, where=where)
    found = rows.order_by().values("pk")[: cap + 1].count()
    return Count(min(found, cap), found <= cap)


@dataclass(frozen=True)
class Neighbours:
    """Where a record stands in a list: ids of those before and after it (None at the ends), its place from 1, and how many there are."""

    before: int | None
    after: int | None
    place: Count
    total: Count


def neighbours(
    actor: Actor,
    record: Any,
    *,
    filter: str | Tree | None = None,
    sort: str = "",
    search: str = "",
    cap: int = COUNT_CAP,
    viewer: Viewer | None = None,
    where: Q | None = None,
) -> Neighbours | None:
    """Where `record` stands in a list of its object, in seven queries at most however long the list is; None when it is not in it."""
    o = object_type(record)
    way = way_of(actor, o, sort, viewer)
    rows = way.annotated(selected(actor, o, filter=filter, search=search, viewer=viewer, where=where))
    found = rows.filter(pk=record.pk).first()
    if found is None:
        return None
    here = way.place_of(found)
    before, after = way.before(rows, here, 1), way.beyond(rows, here, 1)
    place = way.how_far(rows, here, cap + 1)
    total = rows.order_by().values("pk")[: cap + 1].count()
    return Neighbours(
        before[0].pk if before else None,
        after[0].pk if after else None,
        Count(place + 1, True) if place < cap else Count(cap, False),
        Count(min(total, cap), total <= cap),
    )
