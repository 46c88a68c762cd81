"""What amounts are worth in the base currency: valued by the write path at their own day, and never again by themselves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kith.kernel import clock
from kith.kernel.actor import System, cause
from kith.kernel.errors import Refused
from kith.kernel.money import Money
from kith.objects.custom import definitions
from kith.objects.custom.models import CustomField
from kith.objects.declare import object_type
from kith.objects.query import find, listing
from kith.objects.rates import Rate
from kith.objects.write import Draft, change, create, remove, undo, write

pytestmark = pytest.mark.django_db
BOOKS = System("test of worth")
AT = clock.now().replace(year=2015, month=2, day=12, hour=12)
DAY = AT.date()


@pytest.fixture(autouse=True)
def thursday() -> Any:
    with clock.frozen(AT):
        yield


def toy(price: str | None, **more: Any) -> Any:
    return create(BOOKS, "toybox.toy", name="Ball", price=price, **more)


def worth(record: Any, name: str = "price") -> Any:
    o = object_type(record)
    return o.fields[name].worth(find(BOOKS, o, record.pk))


def base(record: Any, name: str = "price") -> Money | None:
    return worth(record, name).base


@pytest.mark.every_engine
def test_an_amount_is_kept_in_the_base_currency_with_rate_and_day():
    kept = worth(toy("113.28 USD"))
    assert kept.base == Money(Decimal("100.00"), "EUR")
    assert (kept.rate, kept.day, kept.on) == (Decimal("0.8827683615819209"), DAY, DAY)


def test_an_amount_in_the_base_currency_is_itself():
    kept = worth(toy("12.50 EUR"))
    assert (kept.base, kept.rate) == (Money(Decimal("12.50"), "EUR"), 1)


def test_without_a_rate_nothing_is_kept_and_nothing_is_lost():
    made = toy("25000000 IRR")
    assert base(made) is None
    assert find(BOOKS, "toybox.toy", made.pk).price == Money(Decimal(25_000_000), "IRR")


def test_a_rate_that_changes_or_goes_changes_no_stored_worth():
    own = create(BOOKS, Rate, currency="EUR", against="IRR", rate="1000000", day=DAY)
    made = toy("25000000 IRR")
    assert base(made) == Money(Decimal("25.00"), "EUR")
    own = change(BOOKS, own, rate="2000000")
    assert base(made) == Money(Decimal("25.00"), "EUR")
    remove(BOOKS, own)
    assert base(made) == Money(Decimal("25.00"), "EUR")
    create(BOOKS, Rate, currency="EUR", against="IRR", rate="3000000", day=DAY)
    assert base(made) == Money(Decimal("25.00"), "EUR")


def test_a_change_of_something_else_values_nothing_anew():
    made = toy("113.28 USD")
    with clock.frozen(AT.replace(day=13)):
        change(BOOKS, made, nickname="Bouncy")
        assert worth(made).day == DAY
        change(BOOKS, made, price="113.29 USD")
        assert worth(made).day == date(2015, 2, 13)


def test_an_amount_that_goes_takes_its_worth_with_it():
    made = toy("113.28 USD")
    change(BOOKS, made, price=None)
    assert worth(made) is None


def test_a_new_currency_alone_is_valued_too():
    made = toy("100 USD")
    change(BOOKS, made, {"price.currency": "EUR"})
    assert base(made) == Money(Decimal("100.00"), "EUR")


def test_undo_brings_the_worth_of_the_old_amount_back():
    made = toy("113.28 USD")
    with cause("request:a"):
        change(BOOKS, made, price="226.56 USD")
    assert base(made) == Money(Decimal("200.00"), "EUR")
    undo(BOOKS, "request:a")
    assert base(made) == Money(Decimal("100.00"), "EUR")


@pytest.mark.every_engine
def test_many_at_once_take_no_more_queries_than_one(django_assert_max_num_queries: Any):
    codes = ["USD", "JPY", "SEK", "GBP", "CHF", "IRR", "DEM"]
    drafts = [Draft({"name": f"Toy {n}", "price": f"{n + 1} {codes[n % 7]}"}) for n in range(140)]
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as few:
        write(BOOKS, "toybox.toy", drafts[:7])
    with CaptureQueriesContext(connection) as all_:
        outcomes = write(BOOKS, "toybox.toy", drafts[7:])
    asked = [sum("publishedsheet" in q["sql"] or "objects_rate" in q["sql"] for q in some) for some in (few, all_)]
    assert asked[0] == asked[1] <= 4
    assert [base(o.record) is None for o in outcomes[:7]] == [code == "IRR" for code in codes]


@pytest.fixture
def budget() -> str:
    """A money field that a user made."""
    row = CustomField.objects.create(object="toybox.toy", label="Budget", kind="money", pii="none")
    definitions.changed()
    definitions.refresh()
    return row.field_id


@pytest.mark.every_engine
def test_a_field_that_users_made_keeps_its_worth_too(budget: str):
    made = toy(None, **{budget: "113.28 USD"})
    assert base(made, budget) == Money(Decimal("100.00"), "EUR")
    change(BOOKS, made, {budget: "25000000 IRR"})
    assert base(made, budget) is None
    assert worth(made, budget).on == DAY
    change(BOOKS, made, {budget: None})
    assert worth(made, budget) is None
    assert find(BOOKS, "toybox.toy", made.pk).custom == {}


@pytest.mark.every_engine
@pytest.mark.parametrize("custom", [False, True])
def test_lists_are_sorted_and_filtered_by_worth(custom: bool, budget: str):
    name = budget if custom else "price"
    for nick, price in [
        ("yen", "13572 JPY"),
        ("dollar", "113.28 USD"),
        ("euro", "101 EUR"),
        ("rial", "1 IRR"),
        ("none", None),
    ]:
        create(BOOKS, "toybox.toy", {"name": nick, "nickname": nick, name: price})
    create(BOOKS, "toybox.toy", {"name": "b", "nickname": "crown", name: "94.86 SEK"})

    def nicks(**asked: Any) -> list[str]:
        return [t.nickname for t in listing(BOOKS, "toybox.toy", **asked).records]

    assert nicks(sort=name)[:1] == ["crown"]
    assert nicks(sort=f"-{name}")[0] == "euro"
    assert set(nicks(filter=f"{name}.base:at_least:100")) == {"yen", "dollar", "euro"}
    assert set(nicks(filter=f"{name}.base:at_least:100.01 EUR")) == {"euro"}
    assert set(nicks(filter=f"{name}.base:between:5,100", sort=f"{name}.base")) == {"crown", "yen", "dollar"}
    assert set(nicks(filter=f"{name}:filled;{name}.base:empty")) == {"rial"}
    with pytest.raises(Refused, match="The base currency is EUR"):
        nicks(filter=f"{name}.base:at_least:100 USD")


def test_the_worth_is_never_written_by_hand():
    from kith.kernel.errors import KithError

    with pytest.raises(KithError):
        toy("1 USD", **{"price.base": "1000000 EUR"})
    with pytest.raises(KithError):
        toy("1 USD", price_base=7)
