"""Another base currency: everything is booked anew at its own day, and nothing else changes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kith.events.facts import Fact
from kith.events.models import Event, Run
from kith.events.runs import execute
from kith.kernel import clock
from kith.kernel.actor import System
from kith.kernel.money import Money
from kith.objects import bookkeeping
from kith.objects.custom import definitions
from kith.objects.custom.models import CustomField
from kith.objects.declare import object_type
from kith.objects.query import find
from kith.objects.rates import BASE_CURRENCY
from kith.objects.settings import put
from kith.objects.totals import totals
from kith.objects.write import Draft, create, remove, write

pytestmark = pytest.mark.django_db
BOOKS = System("test of books")
AT = clock.now().replace(year=2015, month=2, day=12, hour=12)


def worth(record: Any, name: str = "price") -> Any:
    o = object_type(record)
    return o.fields[name].worth(find(BOOKS, o, record.pk, trash=None))


@pytest.mark.every_engine
def test_everything_is_booked_anew_at_its_own_day(cast: Any, monkeypatch: Any):
    monkeypatch.setattr(bookkeeping, "CHUNK", 2)
    row = CustomField.objects.create(object="toybox.toy", label="Budget", kind="money", pii="none")
    definitions.changed()
    definitions.refresh()
    with clock.frozen(AT):
        prices = ["100 EUR", "113.28 USD", "13572 JPY", "1 IRR", None]
        toys = [o.record for o in write(BOOKS, "toybox.toy", [Draft({"name": "Toy", "price": p}) for p in prices])]
        gone = remove(BOOKS, create(BOOKS, "toybox.toy", name="Gone", price="100 EUR"))
        custom = create(BOOKS, "toybox.toy", {"name": "Own", row.field_id: "100 EUR"})
    before = [(t.version, t.changed_at) for t in (find(BOOKS, "toybox.toy", t.pk) for t in toys)]
    events = Event.objects.exclude(object="objects.setting").count()
    assert "6 records have amounts" in bookkeeping.beforehand("USD")
    put(cast.actor("admin"), BASE_CURRENCY, "USD")
    run = execute(Run.objects.get(job=bookkeeping.book_all_anew.key).pk)
    assert run is not None
    assert (run.state, run.done, run.total, run.result) == ("done", 6, 6, {"amounts": 6, "missing": 1})
    dollars = Money(Decimal("113.28"), "USD")
    assert [w.base if (w := worth(t)) else None for t in toys] == [dollars, dollars, dollars, None, None]
    assert worth(gone).base == dollars
    assert worth(custom, row.field_id).base == dollars
    assert worth(toys[0]).day == AT.date()
    assert totals(BOOKS, "toybox.toy", "price").base == Money(Decimal("339.84"), "USD")
    # Nothing that anybody entered changed.
    assert [(t.version, t.changed_at) for t in (find(BOOKS, "toybox.toy", t.pk) for t in toys)] == before
    assert Event.objects.exclude(object="objects.setting").count() == events
    told = Event.objects.get(name="amounts.booked")
    assert Fact.registry["amounts.booked"].load(told).sentence() == (
        "6 amounts were booked anew in USD; without a rate: 1."
    )


def test_until_they_are_booked_anew_amounts_are_not_added(cast: Any):
    with clock.frozen(AT):
        create(BOOKS, "toybox.toy", name="Toy", price="100 EUR")
    put(cast.actor("admin"), BASE_CURRENCY, "USD")
    total = totals(BOOKS, "toybox.toy", "price")
    assert (total.base, total.missing) == (Money(Decimal("0.00"), "USD"), 1)


def test_amounts_from_before_worths_were_kept_are_caught_up_with():
    with clock.frozen(AT):
        toy = create(BOOKS, "toybox.toy", name="Toy", price="113.28 USD")
    assert not bookkeeping.catch_up()
    from tests.toybox.models import Toy

    Toy._meta.base_manager.filter(pk=toy.pk).update(
        price_base=None, price_base_currency="", price_rate="", price_rate_day=None, price_valued_on=None
    )
    assert worth(toy) is None
    assert bookkeeping.catch_up()
    execute(Run.objects.get(job=bookkeeping.book_all_anew.key).pk)
    assert worth(toy).base == Money(Decimal("100.00"), "EUR")
    assert not bookkeeping.catch_up()
