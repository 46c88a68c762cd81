"""Sums of money in several currencies equal the sum by hand at the rates of their days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.kernel import clock
from kith.kernel.actor import System
from kith.kernel.errors import Refused, UnknownField
from kith.kernel.money import Money, exponent
from kith.kernel.viewer import Viewer
from kith.objects.custom import definitions
from kith.objects.custom.models import CustomField
from kith.objects.rates import Rate
from kith.objects.totals import totals
from kith.objects.write import Draft, change, create, write

pytestmark = pytest.mark.django_db
BOOKS = System("test of totals")
AT = clock.now().replace(year=2015, month=2, day=12, hour=12)
#: Units per euro on three days: the bank's sheets, and the house's own rate for dinars.
PER_EURO = {
    date(2015, 2, 10): {"USD": "1.1297", "JPY": "134.67", "SEK": "9.4264", "GBP": "0.742", "CHF": "1.0457"},
    date(2015, 2, 12): {"USD": "1.1328", "JPY": "135.72", "SEK": "9.6298", "GBP": "0.7376", "CHF": "1.0559"},
}
DINARS = "0.335"


def by_hand(amount: Money, day: date) -> Decimal | None:
    """What a clerk with a sheet of rates would write down."""
    if amount.currency == "EUR":
        return amount.amount
    per_euro = DINARS if amount.currency == "KWD" else PER_EURO[day].get(amount.currency)
    if per_euro is None:
        return None
    exact = Fraction(amount.amount) / Fraction(per_euro)
    cents = round(exact * 100)
    return Decimal(cents).scaleb(-2)


@pytest.fixture(autouse=True)
def dinars(db: None) -> Iterator[None]:
    with clock.frozen(AT):
        create(BOOKS, Rate, currency="EUR", against="KWD", rate=DINARS, day=date(2015, 2, 10))
        yield


@pytest.fixture(params=["column", "made by a user"])
def field(request: pytest.FixtureRequest) -> str:
    if request.param == "column":
        return "price"
    row = CustomField.objects.create(object="toybox.toy", label="Budget", kind="money", pii="none")
    definitions.changed()
    definitions.refresh()
    return row.field_id


def test_the_sheets_say_what_this_test_says():
    from kith.objects.rates import PublishedSheet

    for day, rates in PER_EURO.items():
        assert rates.items() <= PublishedSheet.objects.get(day=day).rates.items()


AMOUNTS = [
    "1000.10 USD",
    "250000 JPY",
    "99.99 EUR",
    "1.234 KWD",
    "5000.50 SEK",
    "700.70 GBP",
    "-88.80 CHF",
    "25000000 IRR",
    "0.05 USD",
]


def filled(field: str, amounts: list[str]) -> list[tuple[Money, date]]:
    """Toys with these prices, half of them entered on another day; what was entered, and when."""
    made = []
    for n, day in enumerate(PER_EURO):
        with clock.frozen(AT.replace(day=day.day)):
            drafts = [Draft({"name": "Toy", field: text}) for text in amounts[n::2]]
            assert all(o.ok for o in write(BOOKS, "toybox.toy", drafts))
        made += [(Money(Decimal(text.split()[0]), text.split()[1]), day) for text in amounts[n::2]]
    return made


@pytest.mark.every_engine
def test_a_mixed_total_equals_the_sum_by_hand(field: str, django_assert_num_queries: Any):
    entered = filled(field, AMOUNTS)
    create(BOOKS, "toybox.toy", name="Nothing")
    with django_assert_num_queries(1):
        total = totals(BOOKS, "toybox.toy", field)
    worths = [by_hand(amount, day) for amount, day in entered]
    assert total.base == Money(sum((w for w in worths if w is not None), Decimal(0)), "EUR")
    assert (total.count, total.missing, total.mixed) == (len(AMOUNTS), 1, True)
    assert (total.first, total.last) == (date(2015, 2, 10), date(2015, 2, 12))
    parts = {part.currency: part for part in total.parts}
    assert set(parts) == {"USD", "JPY", "EUR", "KWD", "SEK", "GBP", "CHF", "IRR"}
    assert (parts["USD"].count, parts["USD"].sum) == (2, Money(Decimal("1000.15"), "USD"))
    assert (parts["IRR"].missing, parts["IRR"].base, parts["IRR"].sum) == (
        1, Money(Decimal("0.00"), "EUR"), Money(Decimal(25_000_000), "IRR"),
    )  # fmt: skip
    assert parts["CHF"].base.amount < 0
    assert total.base == Money.total((part.base for part in total.parts), "EUR")


@pytest.mark.every_engine
def test_amounts_too_large_for_one_machine_word_together_are_summed_exactly(field: str):
    huge = "922337203685477.58"
    write(BOOKS, "toybox.toy", [Draft({"name": "Toy", field: f"{sign}{huge} EUR"}) for sign in ("", "", "", "-")])
    write(BOOKS, "toybox.toy", [Draft({"name": "Toy", field: "-0.01 EUR"})])
    assert totals(BOOKS, "toybox.toy", field).base.amount == Decimal(huge) * 2 - Decimal("0.01")


def test_filter_and_search_narrow_the_total():
    for nick, price in [("red", "10 EUR"), ("blue", "20 EUR"), ("red", "113.28 USD")]:
        create(BOOKS, "toybox.toy", name="Toy", nickname=nick, price=price)
    assert totals(BOOKS, "toybox.toy", "price", filter="nickname:is:red").base == Money(Decimal("110.00"), "EUR")
    assert totals(BOOKS, "toybox.toy", "price", search="blue").base == Money(Decimal("20.00"), "EUR")
    assert not totals(BOOKS, "toybox.toy", "price", search="blue").mixed
    assert totals(BOOKS, "toybox.toy", "price", search="green").parts == ()


def test_everybody_sees_the_total_of_what_she_may_see(cast: Any):
    for name in ("ada", "dee"):
        create(cast.actor(name), "toybox.toy", name="Toy", price="10 EUR")
    assert totals(cast.actor("eve"), "toybox.toy", "price").base.amount == 20
    assert totals(cast.actor("dee"), "toybox.toy", "price").base.amount == 10
    cast.hide("toybox.toy", "price")
    with pytest.raises(UnknownField):
        totals(cast.actor("eve"), "toybox.toy", "price")


def test_what_is_no_amount_has_no_total():
    with pytest.raises(Refused, match="has no total"):
        totals(BOOKS, "toybox.toy", "pieces")


def test_the_viewers_own_currency_is_told_with_its_rate():
    create(BOOKS, "toybox.toy", name="Toy", price="100 EUR")
    total = totals(BOOKS, "toybox.toy", "price", viewer=Viewer(currency="USD"))
    assert total.about == Money(Decimal("113.28"), "USD")
    assert total.about_rate is not None
    assert total.about_rate.day == date(2015, 2, 12)
    assert totals(BOOKS, "toybox.toy", "price", viewer=Viewer(currency="EUR")).about is None
    assert totals(BOOKS, "toybox.toy", "price", viewer=Viewer(currency="IRR")).about is None


def test_todays_rate_changes_no_total():
    create(BOOKS, "toybox.toy", name="Toy", price="3.350 KWD")
    before = totals(BOOKS, "toybox.toy", "price").base
    assert before == Money(Decimal("10.00"), "EUR")
    for own in [create(BOOKS, Rate, currency="EUR", against="KWD", rate="0.5", day=AT.date())]:
        change(BOOKS, own, rate="0.7")
    assert totals(BOOKS, "toybox.toy", "price").base == before


ENTERED = st.lists(
    st.tuples(
        st.sampled_from(["EUR", "USD", "JPY", "SEK", "GBP", "CHF", "KWD", "IRR"]), st.integers(-(10**11), 10**11)
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ENTERED)
def test_any_mixture_equals_its_sum_by_hand(entered: list[tuple[str, int]]):
    from django.db import transaction

    amounts = [Money(Decimal(units).scaleb(-exponent(code)), code) for code, units in entered]
    with transaction.atomic():
        write(BOOKS, "toybox.toy", [Draft({"name": "Toy", "price": amount}) for amount in amounts])
        total = totals(BOOKS, "toybox.toy", "price")
        worths = [by_hand(amount, AT.date()) for amount in amounts]
        assert total.base.amount == sum((w for w in worths if w is not None), Decimal(0))
        assert total.missing == worths.count(None)
        assert all(w == w.quantize(Decimal("0.01"), ROUND_HALF_EVEN) for w in worths if w is not None)
        transaction.set_rollback(True)
