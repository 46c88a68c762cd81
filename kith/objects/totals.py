"""Sums of money over the records of a list: in the base currency, with what they are made of and what is left out.

One grouped query over the worths that the write path stored. It reads every record that the list has, so a screen asks for it by
itself only up to as many records as it counts, and beyond that when somebody wants it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Case, Count, ExpressionWrapper, F, Max, Min, Q, Sum, Value, When
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.money import Money, is_currency
from kith.kernel.viewer import Viewer, current_viewer

from .access import readable
from .declare import Field, object_type
from .filters import Tree
from .query import selected
from .rates import SPOT, Found, base_currency, rate

#: Sums are made of two halves: an engine's 64 bits hold one large amount, not a thousand of them.
HALF = 10**9


@dataclass(frozen=True)
class Part:
    """The amounts of one currency: `sum` of all of them; `base` and `count - missing` of those with a rate, of days `first` to `last`."""

    currency: str
    count: int
    sum: Money
    base: Money
    missing: int
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Totals:
    """The total of one field. `missing` amounts have no rate and are left out of `base`; `about` is it in the viewer's own currency."""

    field: Field
    base: Money
    parts: tuple[Part, ...]
    about: Money | None = None
    about_rate: Found | None = None

    @property
    def count(self) -> int:
        """All amounts, also those without a rate."""
        return sum(part.count for part in self.parts)

    @property
    def missing(self) -> int:
        """Amounts that are left out."""
        return sum(part.missing for part in self.parts)

    @property
    def mixed(self) -> bool:
        """Whether anything was converted or left out: then the total needs a word."""
        return self.missing > 0 or any(part.currency != self.base.currency for part in self.parts)

    @property
    def first(self) -> date | None:
        """The oldest rate among those used for other currencies."""
        return min((p.first for p in self._converted if p.first), default=None)

    @property
    def last(self) -> date | None:
        """The newest."""
        return max((p.last for p in self._converted if p.last), default=None)

    @property
    def _converted(self) -> list[Part]:
        return [part for part in self.parts if part.currency != self.base.currency]


def totals(
    actor: Actor,
    what: Any,
    name: str,
    *,
    filter: str | Tree | None = None,
    search: str = "",
    trash: bool = False,
    viewer: Viewer | None = None,
) -> Totals:
    """What the amounts of field `name` add up to, over the records that this actor sees in this list.

    Refused for a field that is no amount or not hers to read. Amounts are never added across currencies but in the base currency.
    """
    o = object_type(what)
    field = readable(actor, o, name)
    amount, currency = field.part("amount"), field.part("currency")
    if not field.kind.kept or amount is None or currency is None:
        raise Refused(_("“%(field)s” is not an amount and has no total.") % {"field": field.label}, field=name)
    viewer = viewer or current_viewer()
    home = base_currency()
    worth = Case(When(Q(Exact(field.kept_expression("currency"), Value(home))), then=field.kept_expression("amount")))
    rows = (
        selected(actor, o, filter=filter, search=search, trash=trash, viewer=viewer)
        .annotate(
            total_currency=currency.expression(),
            total_amount=amount.expression(),
            total_base=worth,
            total_day=Case(When(Q(total_base__isnull=False), then=field.kept_expression("day"))),
        )
        .filter(total_amount__isnull=False)
        .order_by()
        .values("total_currency")
        .annotate(
            n=Count("pk"),
            valued=Count("total_base"),
            first=Min("total_day"),
            last=Max("total_day"),
            **_halves("amount"),
            **_halves("base"),
        )
    )
    parts = [
        Part(
            row["total_currency"],
            row["n"],
            _money(row, "amount", row["total_currency"]),
            _money(row, "base", home),
            row["n"] - row["valued"],
            _day(row["first"]),
            _day(row["last"]),
        )
        for row in rows
        if is_currency(row["total_currency"] or "")
    ]
    parts.sort(key=lambda p: (-p.base.amount, p.currency))
    base = Money.total((part.base for part in parts), home)
    return Totals(field, base, tuple(parts), *_about(base, viewer))


@dataclass(frozen=True)
class GroupTotal:
    """What the amounts of one group add up to in the base currency; `missing` amounts have no rate and are left out."""

    base: Money
    missing: int


def sums_by(
    actor: Actor,
    what: Any,
    name: str,
    by: Any,
    *,
    filter: str | Tree | None = None,
    search: str = "",
    viewer: Viewer | None = None,
) -> dict[Any, GroupTotal]:
    """What the amounts of field `name` add up to in each group of the records; `by` is an expression of the caller's own making.

    One statement, which reads every record of the list. Groups without amounts are left out. Refused as `totals` refuses.
    """
    o = object_type(what)
    field = readable(actor, o, name)
    amount = field.part("amount")
    if not field.kind.kept or amount is None:
        raise Refused(_("“%(field)s” is not an amount and has no total.") % {"field": field.label}, field=name)
    home = base_currency()
    worth = Case(When(Q(Exact(field.kept_expression("currency"), Value(home))), then=field.kept_expression("amount")))
    rows = (
        selected(actor, o, filter=filter, search=search, viewer=viewer or current_viewer())
        .annotate(total_group=by, total_amount=amount.expression(), total_base=worth)
        .filter(total_amount__isnull=False)
        .order_by()
        .values("total_group")
        .annotate(n=Count("pk"), valued=Count("total_base"), **_halves("base"))
    )
    return {row["total_group"]: GroupTotal(_money(row, "base", home), row["n"] - row["valued"]) for row in rows}


def _halves(name: str) -> dict[str, Any]:
    whole = F(f"total_{name}")
    low = ExpressionWrapper(whole % Value(HALF), output_field=BigIntegerField())
    high = ExpressionWrapper(whole / Value(HALF), output_field=BigIntegerField())
    return {f"{name}_low": Sum(low), f"{name}_high": Sum(high)}


def _money(row: dict[str, Any], name: str, currency: str) -> Money:
    high, low = row[f"{name}_high"], row[f"{name}_low"]
    if high is None:
        return Money.total((), currency)
    # Both engines divide towards zero, so that the halves of a negative amount are negative.
    return Money.from_scaled(int(high) * HALF + int(low), currency)


def _day(value: Any) -> date | None:
    """The day as the ORM gives it, or as it stands in JSON."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _about(base: Money, viewer: Viewer) -> tuple[Money | None, Found | None]:
    """The total in the viewer's own currency, at the latest rate: to have an idea, never to keep books by."""
    if not viewer.currency or viewer.currency == base.currency or not is_currency(viewer.currency):
        return None, None
    found = rate(base.currency, viewer.currency, clock.today(viewer.zone), SPOT)
    if found is None:
        return None, None
    try:
        return found.convert(base), found
    except OverflowError:
        return None, None


__all__ = ["GroupTotal", "Part", "Totals", "sums_by", "totals"]
