"""Which rate is in effect for two currencies on a day, and why. Exact fractions; when nobody knows, None and never a guess."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kith.kernel.actor import System
from kith.kernel.money import Money, exponent

from ..kinds.numerals import LARGEST
from ..kinds.rate import shortest
from ..query import visible_to
from .fixed import FIXED
from .models import AVERAGE, BOOKED, MANUAL, SPOT, PublishedSheet, Rate

EUR = "EUR"
#: Banks publish on working days. A longer silence inside the history means that a currency is not published any more.
GAP = timedelta(days=10)
#: The last published sheet stands for so long, until the next upgrade brings a newer file.
LAST_SHEET = timedelta(days=92)
#: An own rate stands before published ones for so long …
OWN_FRESH = timedelta(days=31)
#: … and where nobody publishes any, for a year.
OWN_LONGEST = timedelta(days=366)
#: Asked for → the kinds of own rates that answer, best first; and whether published rates do.
ANSWERS: dict[str, tuple[tuple[str, ...], bool]] = {
    SPOT: ((SPOT, MANUAL), True),
    BOOKED: ((BOOKED, SPOT, MANUAL), True),
    AVERAGE: ((AVERAGE,), False),
    MANUAL: ((MANUAL,), False),
}
OWN, PUBLISHED, FIXED_BY_LAW, SAME = "own", "published", "fixed", "same"
#: A rate is said with so many digits; amounts are converted by the exact fraction.
_SAID = Context(prec=16)

Asked = tuple[str, str, date]


@dataclass(frozen=True)
class Leg:
    """One step: a unit of `currency` is worth `value` of `against`. `quoted` is the rate as somebody wrote it."""

    currency: str
    against: str
    value: Fraction
    day: date
    origin: str
    source: str
    quoted: tuple[str, Decimal, str]
    record: int | None = None


@dataclass(frozen=True)
class Found:
    """A rate in effect: a unit of the first of `path` is worth `exact` of the last. `day` is the oldest of those that it rests on."""

    exact: Fraction
    day: date
    source: str
    kind: str
    path: tuple[str, ...]
    legs: tuple[Leg, ...] = ()

    @property
    def rate(self) -> Decimal:
        """The rate to sixteen digits, as it is shown and kept."""
        return said(self.exact)

    def convert(self, money: Money) -> Money:
        """`money` in the other currency, to that currency's own digits, halves to even. OverflowError when no database could hold it."""
        currency = self.path[-1]
        digits = exponent(currency)
        units = round(Fraction(money.amount) * self.exact * 10**digits)
        if abs(units) * 10 ** (4 - digits) > LARGEST:
            raise OverflowError("This amount is too large.")
        return Money(Decimal(units).scaleb(-digits), currency)


def said(exact: Fraction) -> Decimal:
    """A fraction as a decimal number of at most sixteen digits."""
    return shortest(_SAID.divide(Decimal(exact.numerator), Decimal(exact.denominator)))


def rate(currency: str, against: str, day: date, kind: str = SPOT) -> Found | None:
    """The rate in effect on `day`, or None when nobody knows one."""
    return rates([(currency, against, day)], kind).get((currency, against, day))


def rates(asked: Iterable[Asked], kind: str = SPOT) -> dict[Asked, Found]:
    """The rates in effect for many (currency, against, day) at once, in at most three queries; those that nobody knows are left out."""
    wanted = set(asked)
    found = {a: Found(Fraction(1), a[2], "", SAME, (a[0],)) for a in wanted if a[0] == a[1]}
    open_ = {a for a in wanted if a[0] != a[1]}
    if open_:
        book = _Book(open_, kind)
        for one in open_:
            answer = book.find(*one)
            if answer is not None:
                found[one] = answer
    return found


class _Book:
    """What is known around the days and currencies that are asked for."""

    def __init__(self, asked: set[Asked], kind: str):
        self.kinds, publishes = ANSWERS[kind]
        self.kind = kind
        days = {day for _a, _b, day in asked}
        codes = {code for a, b, _day in asked for code in (a, b)}
        self.own: dict[tuple[str, str], list[Rate]] = {}
        self._read_own(codes, days)
        # An own rate in dollars reaches the euro through the dollar's own rate.
        others = {other for pair in self.own for other in pair} - codes - {EUR}
        if others:
            self._read_own(others, days)
        self.sheets: dict[date, dict[str, str]] = self._sheets(days) if publishes else {}
        self.newest = self._newest() if publishes else None

    def _read_own(self, codes: set[str], days: set[date]) -> None:
        among = Q(currency__in=codes) | Q(against__in=codes)
        rows = visible_to(System("rates in effect"), Rate).filter(
            among, kind__in=self.kinds, day__gte=min(days) - OWN_LONGEST, day__lte=max(days)
        )
        known = {row.pk for some in self.own.values() for row in some}
        for row in sorted(rows, key=lambda r: (-r.day.toordinal(), self.kinds.index(r.kind), r.pk)):
            if row.pk not in known:
                self.own.setdefault((row.currency, row.against), []).append(row)

    @staticmethod
    def _sheets(days: set[date]) -> dict[date, dict[str, str]]:
        near = {day - timedelta(days=n) for day in days for n in range(GAP.days + 1)}
        span = Q(day__gte=min(near), day__lte=max(near))
        rows = PublishedSheet.objects.filter(span if len(near) > 500 or len(days) == 1 else Q(day__in=near))
        return dict(rows.values_list("day", "rates"))

    @staticmethod
    def _newest() -> tuple[date, dict[str, str]] | None:
        return PublishedSheet.objects.order_by("-day").values_list("day", "rates").first()

    # ── one question ─────────────────────────────────────────────────────────────────────────────────────────────────

    def find(self, currency: str, against: str, day: date) -> Found | None:
        law = _by_law(currency, day) if against == EUR else _by_law(against, day) if currency == EUR else None
        if law is not None:
            return self._joined(law if against == EUR else _turned(law))
        direct = self._own(currency, against, day)
        if direct is not None and day - direct.day <= OWN_FRESH:
            return self._joined(direct)
        to_euro = self._to_euro(currency, day)
        from_euro = self._to_euro(against, day)
        if to_euro is not None and from_euro is not None:
            back = [_turned(leg) for leg in reversed(from_euro)]
            return self._joined(*to_euro, *back)
        return self._joined(direct) if direct is not None else None

    def _to_euro(self, code: str, day: date) -> list[Leg] | None:
        if code == EUR:
            return []
        known = self._certain(code, day)
        if known is not None:
            return [known]
        ways = [[own]] if (own := self._own(code, EUR, day)) else []
        for a, b in self.own:
            other = b if a == code else a if b == code else EUR
            if other in (EUR, code):
                continue
            first, second = self._own(code, other, day), self._certain(other, day) or self._own(other, EUR, day)
            if first is not None and second is not None:
                ways.append([first, second])
        # The newest way; of several equally new ones the shorter, then the first by name, so that the answer is always the same.
        return min(ways, key=lambda w: (-min(x.day for x in w).toordinal(), len(w), w[0].against), default=None)

    def _certain(self, code: str, day: date) -> Leg | None:
        """What the law fixed, what the house entered lately, or what was published."""
        law = _by_law(code, day)
        if law is not None:
            return law
        own = self._own(code, EUR, day)
        if own is not None and day - own.day <= OWN_FRESH:
            return own
        return self._published(code, day)

    def _published(self, code: str, day: date) -> Leg | None:
        for n in range(GAP.days + 1):
            on = day - timedelta(days=n)
            if code in self.sheets.get(on, ()):
                return _printed(code, on, self.sheets[on][code])
        if self.newest is not None:
            on, printed = self.newest
            if on <= day and day - on <= LAST_SHEET and code in printed:
                return _printed(code, on, printed[code])
        return None

    def _own(self, currency: str, against: str, day: date) -> Leg | None:
        """The newest own rate for two currencies, whichever way round it was entered."""
        there = next(iter(self._standing(currency, against, day)), None)
        back = next(iter(self._standing(against, currency, day)), None)
        if there is not None and (back is None or self._order(there) <= self._order(back)):
            return _entered(there)
        return _turned(_entered(back)) if back is not None else None

    def _order(self, row: Rate) -> tuple[int, int]:
        return -row.day.toordinal(), self.kinds.index(row.kind)

    def _standing(self, currency: str, against: str, day: date) -> Iterable[Rate]:
        return (row for row in self.own.get((currency, against), ()) if row.day <= day and day - row.day <= OWN_LONGEST)

    def _joined(self, *legs: Leg) -> Found:
        exact = Fraction(1)
        for leg in legs:
            exact *= leg.value
        path = (legs[0].currency, *(leg.against for leg in legs))
        sources = dict.fromkeys(leg.source for leg in legs if leg.source)
        origins = {leg.origin for leg in legs}
        kind = OWN if OWN in origins else PUBLISHED if PUBLISHED in origins else FIXED_BY_LAW
        return Found(exact, min(leg.day for leg in legs), " · ".join(sources), kind, path, legs)


def _by_law(code: str, day: date) -> Leg | None:
    fixed = FIXED.get(code)
    if fixed is None or day < fixed[0]:
        return None
    return Leg(code, EUR, 1 / Fraction(fixed[1]), day, FIXED_BY_LAW, _("Fixed by law"), (EUR, fixed[1], code))


def _printed(code: str, day: date, text: str) -> Leg:
    per_euro = Decimal(text)
    return Leg(code, EUR, 1 / Fraction(per_euro), day, PUBLISHED, _("European Central Bank"), (EUR, per_euro, code))


def _entered(row: Any) -> Leg:
    quoted = (row.currency, row.rate, row.against)
    return Leg(row.currency, row.against, Fraction(row.rate), row.day, OWN, row.source, quoted, row.pk)


def _turned(leg: Leg) -> Leg:
    return Leg(leg.against, leg.currency, 1 / leg.value, leg.day, leg.origin, leg.source, leg.quoted, leg.record)
