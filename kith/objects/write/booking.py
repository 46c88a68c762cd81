"""The one place where amounts get their worth in the base currency: at the rate of their own day, once, and never again by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.lookups import IsNull

from kith.kernel import clock
from kith.kernel.money import Money

from ..declare import Field, ObjectType, object_types
from ..kinds.money import Worth
from ..rates import BOOKED, Found, base_currency, rates


def value(due: Iterable[tuple[Any, Field]]) -> None:
    """Give the amounts of these (record, field) their worth, in memory: one look-up for all of them."""
    today = clock.today()
    _value([(record, field, _own_day(record, field) or today) for record, field in due], base_currency(), today)


def value_anew(records: Iterable[Any], fields: Iterable[Field], currency: str) -> None:
    """The same for amounts that are stored already, each at the day that it was valued for before."""
    today = clock.today()
    due = []
    for record in records:
        for field in fields:
            worth = field.worth(record)
            # Amounts from before worth was kept: their record's last change is the best that is known of their day.
            day = _own_day(record, field) or (worth.on if worth is not None else record.changed_at.date())
            due.append((record, field, day))
    _value(due, currency, today)


def _value(due: list[tuple[Any, Field, date]], currency: str, today: date) -> None:
    amounts = [(record, field, day, field.get(record)) for record, field, day in due]
    # A day that has not come yet has no rate: today's stands for it.
    asked = {(money.currency, currency, min(day, today)) for _r, _f, day, money in amounts if money is not None}
    known = rates(asked, BOOKED) if asked else {}
    for record, field, day, money in amounts:
        if money is None:
            field.keep(record, None)
        else:
            field.keep(record, _worth(money, known.get((money.currency, currency, min(day, today))), day))


def _worth(money: Money, found: Found | None, on: date) -> Worth:
    try:
        if found is not None:
            return Worth(found.convert(money), found.rate, found.day, on)
    except OverflowError:
        pass
    return Worth(None, None, None, on)


def _own_day(record: Any, field: Field) -> date | None:
    """The day that the record itself says, where the column names a date of it."""
    if not field.facts.dated:
        return None
    found = field.object.fields[field.facts.dated].get(record)
    return found.date() if isinstance(found, datetime) else found


# ── all of them, when the base currency changes ──────────────────────────────────────────────────────────────────────


def amounts() -> Iterator[tuple[ObjectType, list[Field]]]:
    """Every object with amounts, and those fields."""
    for o in object_types():
        fields = [f for f in o.fields.values() if f.kind.kept]
        if fields:
            yield o, fields


def holding(o: ObjectType, fields: list[Field], *, unvalued: bool = False) -> models.QuerySet[Any]:
    """Records of `o`, removed ones too, with an amount in one of `fields`; `unvalued`: with one that was never valued."""
    some = Q(pk__in=[])
    for field in fields:
        there: Any = Q(IsNull(field.compared(), False))
        some |= there & Q(IsNull(field.kept_expression("on"), True)) if unvalued else there
    return models.QuerySet(o.model).filter(some, **o.base)


def book_anew(o: ObjectType, fields: list[Field], after: int, limit: int, currency: str) -> tuple[int, int, int | None]:
    """Value the next `limit` records after id `after` anew: (amounts, those without a rate, the last id or None at the end).

    This is a door of its own beside `write`: it touches nothing but what is kept beside amounts. No value that somebody entered
    changes, so versions, dates of change and histories stay as they are, and nobody's open form becomes stale; the ledger has the
    change of the setting and one event about the whole run. Call it inside a transaction.
    """
    rows = holding(o, fields).filter(pk__gt=after).order_by("pk").select_for_update()
    records = list(rows[:limit])
    if not records:
        return 0, 0, None
    value_anew(records, fields, currency)
    columns = sorted({c for field in fields for c in field.kept_columns})
    models.QuerySet(o.model).bulk_update(records, columns, batch_size=200)
    worths = [field.worth(record) for record in records for field in fields if field.get(record) is not None]
    return len(worths), sum(w is None or w.base is None for w in worths), records[-1].pk
