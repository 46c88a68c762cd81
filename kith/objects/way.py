"""The way through a list: how its records follow each other, and places in it to go on from."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Q, Value
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.sentences import counted
from kith.kernel.text import has_controls
from kith.kernel.viewer import Viewer, current_viewer

from .access import fields as fields_of
from .access import readable
from .declare import ObjectType
from .kinds.numerals import LARGEST
from .kinds.order import Order

#: By so many fields a list is sorted at most.
MOST_KEYS = 3

#: A place in a list: what the record there is sorted by, a value for each key, and its id.
Place = tuple[tuple[Any, ...], int]


def sort_names(sort: str) -> list[str]:
    """The field paths of a sort, "-" before those that go down; one that stands there twice counts where it stands first."""
    found: dict[str, str] = {}
    for name in filter(None, sort.split(",")):
        found.setdefault(name.removeprefix("-"), name)
    return list(found.values())


def way_of(actor: Actor, o: ObjectType, sort: str, viewer: Viewer | None) -> Way:
    """How a list runs that is sorted like this, or as its object is; Refused for what nobody can sort by."""
    names = sort_names(sort)
    if not names:
        # As its object is sorted, as far as she may see by what: nobody asked for more than that.
        hers = fields_of(actor, o)
        names = [name for name in sort_names(o.sort) if name.removeprefix("-").partition(".")[0] in hers]
        names = names or [name for name, field in hers.items() if field.sortable][:1] or sort_names(o.sort)
    if len(names) > MOST_KEYS:
        raise Refused(_("A list is sorted by at most %(n)s fields.") % {"n": counted(MOST_KEYS)})
    keys = []
    for name in names:
        field = readable(actor, o, name.removeprefix("-"))
        if not field.sortable:
            raise Refused(_("A list cannot be sorted by “%(field)s”.") % {"field": field.label}, field=field.name)
        alias = f"sort_key_{len(keys)}" if keys else "sort_key"
        order = field.order(viewer or current_viewer())
        keys.append(Key(f"{o.key}.{field.id}", order, name.startswith("-"), alias))
    return Way(tuple(keys))


@dataclass(frozen=True)
class Key:
    """One thing that a list is sorted by: an order, in one direction, first what there is, then where there is nothing."""

    name: str
    order: Order
    descending: bool
    alias: str

    def by(self, back: bool, apart: bool) -> Any:
        """What ORDER BY says; `apart` where records with nothing are asked on their own."""
        down = self.descending is not back
        one = F(self.alias)
        if apart or self.order.full:
            return one.desc() if down else one.asc()
        first, last = (True, None) if back else (None, True)
        return one.desc(nulls_first=first, nulls_last=last) if down else one.asc(nulls_first=first, nulls_last=last)

    def past(self, value: Any, onwards: bool, *, at: bool = False) -> Q:
        """Beyond or before `value` among what there is; with `at`, `value` itself too."""
        sign = ("gt" if onwards is not self.descending else "lt") + ("e" if at else "")
        return Q(**{f"{self.alias}__{sign}": Value(value)})

    @property
    def nothing(self) -> Q:
        """Records that have nothing there."""
        return Q(**{f"{self.alias}__isnull": True})

    @property
    def something(self) -> Q:
        """Records that have something there."""
        return Q(**{f"{self.alias}__isnull": False})


@dataclass(frozen=True)
class Way:
    """How a list runs: by one key or several, each deciding where those before it do not, and at last by id.

    Where an index may serve the first key, records that have something there and those that have nothing are asked apart: in one
    statement NULLS LAST fits an index of PostgreSQL only upwards and one of SQLite only downwards, and the engine that it does not fit
    sorts the whole table (120 ms instead of 5 at 200,000 people).
    """

    keys: tuple[Key, ...]

    @property
    def first(self) -> Key:
        """What decides first."""
        return self.keys[0]

    def annotated(self, rows: Any) -> Any:
        """`rows` with what they are sorted by."""
        return rows.annotate(**{key.alias: key.order.expression for key in self.keys})

    def place_of(self, record: Any) -> Place:
        """Where a record of annotated rows stands."""
        return tuple(getattr(record, key.alias) for key in self.keys), record.pk

    def beyond(self, rows: Any, place: Place | None, limit: int) -> list[Any]:
        """At most `limit` records from a place on, which is left out; from the top when there is none."""
        first = self.first
        if first.order.full or not first.order.served:
            past = Q() if place is None else self._past(place, True)
            return self._some(rows.filter(past), limit)
        if place is not None and place[0][0] is None:
            return self._some(rows.filter(first.nothing, self._rest(place, 1, True)), limit, apart=True)
        past = Q() if place is None else self._among(place, True)
        found = self._some(rows.filter(first.something, past), limit, apart=True)
        return found + self._some(rows.filter(first.nothing), limit - len(found), apart=True)

    def from_top(self, rows: Any) -> list[Any]:
        """The list from its top, as one or two ordered queries whose members follow each other: what can be read together with others."""
        first = self.first
        if first.order.full or not first.order.served:
            return [rows.order_by(*self.order_by())]
        some, none = rows.filter(first.something), rows.filter(first.nothing)
        return [some.order_by(*self.order_by(apart=True)), none.order_by(*self.order_by(apart=True))]

    def before(self, rows: Any, place: Place, limit: int) -> list[Any]:
        """At most `limit` records before a place, the nearest first."""
        first = self.first
        if first.order.full:
            return self._some(rows.filter(self._past(place, False)), limit, back=True)
        if place[0][0] is not None:
            return self._some(rows.filter(first.something, self._among(place, False)), limit, back=True, apart=True)
        found = self._some(rows.filter(first.nothing, self._rest(place, 1, False)), limit, back=True, apart=True)
        return found + self._some(rows.filter(first.something), limit - len(found), back=True, apart=True)

    def how_far(self, rows: Any, place: Place, cap: int) -> int:
        """How many records come before a place, counted no further than `cap`."""

        def counted(some: Any) -> int:
            return int(some.order_by().values("pk")[:cap].count())

        first = self.first
        if first.order.full or place[0][0] is not None:
            return counted(rows.filter(self._among(place, False)))
        filled = counted(rows.filter(first.something))
        here = rows.filter(first.nothing, self._rest(place, 1, False))
        return min(cap, filled + (counted(here) if filled < cap else 0))

    def _past(self, place: Place, onwards: bool) -> Q:
        """Beyond or before a place, wherever there is nothing."""
        first = self.first
        if first.order.full:
            return self._among(place, onwards)
        if place[0][0] is None:
            beside = Q() if onwards else first.something
            rest = first.nothing & self._rest(place, 1, onwards)
            return rest if onwards else beside | rest
        return self._among(place, onwards) | first.nothing if onwards else self._among(place, onwards)

    def _among(self, place: Place, onwards: bool) -> Q:
        """Beyond or before a place, among those that have something to decide first by."""
        # "From here on, and not this one": an index begins at the place, where "further, or here with a later id" begins at the top.
        first, value = self.first, place[0][0]
        return first.past(value, onwards, at=True) & (first.past(value, onwards) | self._rest(place, 1, onwards))

    def _rest(self, place: Place, i: int, onwards: bool) -> Q:
        """Beyond or before a place for the keys from number `i` on, where those before it are equal."""
        if i == len(self.keys):
            return Q(pk__gt=place[1]) if onwards is not self.first.descending else Q(pk__lt=place[1])
        key, value = self.keys[i], place[0][i]
        rest = self._rest(place, i + 1, onwards)
        if value is None:
            here = key.nothing & rest
            return here if onwards else key.something | here
        further = key.past(value, onwards)
        if onwards and not key.order.full:
            further |= key.nothing
        return further | Q(**{key.alias: Value(value)}) & rest

    def _some(self, rows: Any, limit: int, *, back: bool = False, apart: bool = False) -> list[Any]:
        if limit <= 0:
            return []
        return list(rows.order_by(*self.order_by(back=back, apart=apart))[:limit])

    def order_by(self, *, back: bool = False, apart: bool = False) -> list[Any]:
        """What ORDER BY says; `apart` where the records that have nothing to decide first by are asked on their own."""
        down = self.first.descending is not back
        return [*(key.by(back, apart and i == 0) for i, key in enumerate(self.keys)), "-pk" if down else "pk"]

    # ── places as text ───────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def _stamp(self) -> str:
        return ",".join(f"{'-' if k.descending else ''}{k.name} {k.order.of}".strip() for k in self.keys)

    def encode(self, place: Place) -> str:
        """The cursor of a place."""
        values = [bytes(v) if isinstance(v, bytes | memoryview) else v for v in place[0]]
        told = [[type(value).__name__, value] for value in values]
        raw = json.dumps([self._stamp, told, place[1]], cls=_Exact, ensure_ascii=False)
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    def decode(self, cursor: str) -> Place:
        """The place of a cursor; Refused for one of another list, another direction, another language, or of nobody's making."""
        try:
            stamp, told, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if stamp != self._stamp or type(pk) is not int or not 0 < pk <= LARGEST:
                raise ValueError
            return tuple(_read(key, *one) for key, one in zip(self.keys, told, strict=True)), pk
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, UnicodeDecodeError):
            raise Refused(_("This place in the list is not known any more. Start again at the top.")) from None


def _read(key: Key, kind: str, raw: Any) -> Any:
    if kind == "NoneType":
        if key.order.full or raw is not None:
            raise ValueError
        return None
    value = _READ[kind](raw)
    if value is None:
        raise ValueError
    return value


class _Exact(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        if isinstance(o, bytes):
            return o.hex()
        # Django's own encoder cuts instants to milliseconds, which would skip or repeat rows.
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


_READ: dict[str, Callable[[Any], Any]] = {
    "str": lambda v: v if type(v) is str and not has_controls(v) else None,
    "int": lambda v: v if type(v) is int and -LARGEST <= v <= LARGEST else None,
    "bool": lambda v: v if type(v) is bool else None,
    "datetime": parse_datetime,
    "date": parse_date,
    "bytes": bytes.fromhex,
}
