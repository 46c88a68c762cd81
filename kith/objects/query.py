"""The one read path: what an actor may see, a page at a time, by keyset."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q, Value
from django.utils.dateparse import parse_date, parse_datetime
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
from .kinds.order import Order
from .search import matching

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

    `sort` is a field path, with "-" for descending; ties are broken by id, so that no record is shown twice or never, and records that
    have nothing there come last in both directions. Titles sort as `viewer` reads. `where` is a further condition of the caller's own
    making, never a client's. Raises Refused for anything in filter, sort or cursor that is not so.
    """
    o = object_type(what)
    readable_fields = fields_of(actor, o)
    shown = [
        readable(actor, o, name)
        for name in (columns if columns is not None else o.list)
        if name.partition(".")[0] in readable_fields
    ]
    rows = selected(actor, o, filter=filter, search=search, trash=trash, viewer=viewer, where=where)
    way = _way(actor, o, sort, viewer)
    rows = rows.annotate(sort_key=way.order.expression)
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
    return Page(o, found, shown, way.encode(found[-1].sort_key, found[-1].pk) if more else None)


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
) -> Neighbours | None:
    """Where `record` stands in a list of its object, in seven queries at most however long the list is; None when it is not in it."""
    o = object_type(record)
    way = _way(actor, o, sort, viewer)
    rows = selected(actor, o, filter=filter, search=search, viewer=viewer).annotate(sort_key=way.order.expression)
    found = rows.filter(pk=record.pk).values_list("sort_key", "pk").first()
    if found is None:
        return None
    before, after = way.before(rows, found, 1), way.beyond(rows, found, 1)
    place = way.how_far(rows, found, cap + 1)
    total = rows.order_by().values("pk")[: cap + 1].count()
    return Neighbours(
        before[0].pk if before else None,
        after[0].pk if after else None,
        Count(place + 1, True) if place < cap else Count(cap, False),
        Count(min(total, cap), total <= cap),
    )


# ── the way through a list ───────────────────────────────────────────────────────────────────────────────────────────────

#: A place in a list: what the record there is sorted by, and its id.
_Place = tuple[Any, int]


def _way(actor: Actor, o: ObjectType, sort: str, viewer: Viewer | None) -> _Way:
    name = (sort or o.sort).lstrip("-")
    field = readable(actor, o, name)
    if not field.sortable:
        raise Refused(_("A list cannot be sorted by “%(field)s”.") % {"field": field.label}, field=name)
    return _Way(f"{o.key}.{field.id}", field.order(viewer or current_viewer()), (sort or o.sort).startswith("-"))


@dataclass(frozen=True)
class _Way:
    """How a list runs: by an order, in one direction, first the records that have something there, then those that have nothing.

    Where an index may serve, the two are asked apart: in one statement NULLS LAST fits an index of PostgreSQL only upwards and one of
    SQLite only downwards, and the engine that it does not fit sorts the whole table (120 ms instead of 5 at 200,000 people).
    """

    name: str
    order: Order
    descending: bool

    def beyond(self, rows: Any, place: _Place | None, limit: int) -> list[Any]:
        """At most `limit` records from a place on, which is left out; from the top when there is none."""
        if self.order.full:
            return self._some(rows.filter(self._past(place, True)), limit)
        nothing = Q(sort_key=None)
        if place is not None and place[0] is None:
            return self._some(rows.filter(nothing, self._id(place, True)), limit)
        if not self.order.served:
            past = Q() if place is None else self._past(place, True) | nothing
            return self._some(rows.filter(past), limit)
        found = self._some(rows.filter(~nothing, self._past(place, True)), limit)
        return found + self._some(rows.filter(nothing), limit - len(found))

    def before(self, rows: Any, place: _Place, limit: int) -> list[Any]:
        """At most `limit` records before a place, the nearest first."""
        if self.order.full:
            return self._some(rows.filter(self._past(place, False)), limit, back=True)
        something = Q(sort_key__isnull=False)
        if place[0] is not None:
            return self._some(rows.filter(something, self._past(place, False)), limit, back=True)
        found = self._some(rows.filter(~something, self._id(place, False)), limit, back=True)
        return found + self._some(rows.filter(something), limit - len(found), back=True)

    def how_far(self, rows: Any, place: _Place, cap: int) -> int:
        """How many records come before a place, counted no further than `cap`."""

        def counted(some: Any) -> int:
            return int(some.order_by().values("pk")[:cap].count())

        if self.order.full or place[0] is not None:
            return counted(rows.filter(self._past(place, False)))
        filled = counted(rows.filter(sort_key__isnull=False))
        return min(cap, filled + (counted(rows.filter(self._id(place, False), sort_key=None)) if filled < cap else 0))

    def _past(self, place: _Place | None, onwards: bool) -> Q:
        """Beyond or before a place, among those that have something."""
        if place is None:
            return Q()
        up = onwards is not self.descending
        # "From here on, and not this one": an index begins at the place, where "further, or here with a later id" begins at the top.
        value = Value(place[0])
        at = Q(sort_key__gte=value) if up else Q(sort_key__lte=value)
        further = Q(sort_key__gt=value) if up else Q(sort_key__lt=value)
        return at & (further | self._id(place, onwards))

    def _id(self, place: _Place, onwards: bool) -> Q:
        return Q(pk__gt=place[1]) if onwards is not self.descending else Q(pk__lt=place[1])

    def _some(self, rows: Any, limit: int, *, back: bool = False) -> list[Any]:
        if limit <= 0:
            return []
        down = self.descending is not back
        key = F("sort_key").desc() if down else F("sort_key").asc()
        if not self.order.served:
            key = F("sort_key").desc(nulls_last=True) if down else F("sort_key").asc(nulls_last=True)
        return list(rows.order_by(key, "-pk" if down else "pk")[:limit])

    # ── places as text ───────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def _stamp(self) -> str:
        return f"{'-' if self.descending else ''}{self.name} {self.order.of}".strip()

    def encode(self, value: Any, pk: int) -> str:
        """The cursor of a place."""
        if isinstance(value, bytes | memoryview):
            value = bytes(value)
        kind = type(value).__name__
        raw = json.dumps([self._stamp, kind, value, pk], cls=_Exact, ensure_ascii=False)
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    def decode(self, cursor: str) -> _Place:
        """The place of a cursor; Refused for one of another list, another direction, another language, or of nobody's making."""
        try:
            stamp, kind, raw, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if stamp != self._stamp or not isinstance(pk, int) or isinstance(pk, bool):
                raise ValueError
            if kind == "NoneType":
                if self.order.full:
                    raise ValueError
                return None, pk
            value = _READ[kind](raw)
            if value is None:
                raise ValueError
            return value, pk
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, UnicodeDecodeError):
            raise Refused(_("This place in the list is not known any more. Start again at the top.")) from None


class _Exact(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        if isinstance(o, bytes):
            return o.hex()
        # Django's own encoder cuts instants to milliseconds, which would skip or repeat rows.
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


_READ: dict[str, Callable[[Any], Any]] = {
    "str": lambda v: v if type(v) is str else None,
    "int": lambda v: v if type(v) is int else None,
    "bool": lambda v: v if type(v) is bool else None,
    "datetime": parse_datetime,
    "date": parse_date,
    "bytes": bytes.fromhex,
}
