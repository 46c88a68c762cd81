"""Which rate is in effect, and the refusals of own rates."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.kernel import clock
from kith.kernel.actor import System
from kith.kernel.errors import Invalid, Refused
from kith.kernel.money import Money, exponent
from kith.objects.rates import Found, Rate, rate, rates
from kith.objects.rates.finding import GAP, LAST_SHEET, OWN_FRESH, OWN_LONGEST
from kith.objects.rates.published import newest_day
from kith.objects.write import Draft, change, create, remove, restore, write

BOOKS = System("test of rates")
THURSDAY = date(2015, 2, 12)


def own(currency: str, against: str, value: str, day: date, kind: str = "manual", **more: Any) -> Any:
    """An own rate."""
    return create(BOOKS, Rate, currency=currency, against=against, rate=value, day=day, kind=kind, **more)


@pytest.mark.django_db
class TestPublished:
    """Rates of the European Central Bank."""

    def test_the_rate_of_the_day(self):
        found = rate("EUR", "USD", THURSDAY)
        assert found is not None
        assert (found.rate, found.day, found.source, found.kind, found.path) == (
            Decimal("1.1328"), THURSDAY, "European Central Bank", "published", ("EUR", "USD"),
        )  # fmt: skip

    def test_the_last_one_before_a_day_without(self):
        sunday = date(2015, 2, 15)
        found = rate("EUR", "USD", sunday)
        assert found is not None
        assert found.day == date(2015, 2, 13)

    def test_a_cross_goes_through_the_euro_exactly(self):
        found = rate("USD", "JPY", THURSDAY)
        assert found is not None
        assert found.exact == Fraction(Decimal("135.72")) / Fraction(Decimal("1.1328"))
        assert found.path == ("USD", "EUR", "JPY")
        assert found.rate == Decimal("119.8093220338983")

    def test_there_and_back_is_one(self):
        there, back = rate("USD", "JPY", THURSDAY), rate("JPY", "USD", THURSDAY)
        assert there is not None
        assert back is not None
        assert there.exact * back.exact == 1

    @pytest.mark.parametrize(
        ("currency", "day"),
        [
            ("IRR", THURSDAY),
            ("AED", THURSDAY),
            ("JPY", date(1998, 12, 31)),
            ("DEM", date(1998, 12, 31)),
            ("RUB", date(2022, 6, 1)),
            ("TRL", date(2006, 1, 1)),
        ],
    )
    def test_what_nobody_published_is_no_rate(self, currency: str, day: date):
        assert rate(currency, "EUR", day) is None
        assert rate("USD", currency, day) is None

    def test_a_currency_that_went_stands_for_some_days_only(self):
        last = date(2022, 3, 1)
        assert rate("RUB", "EUR", last + GAP) is not None
        assert rate("RUB", "EUR", last + GAP + timedelta(days=1)) is None

    def test_the_last_sheet_stands_for_a_while(self):
        newest = newest_day()
        assert newest is not None
        later = rate("USD", "EUR", newest + LAST_SHEET)
        assert later is not None
        assert later.day == newest
        assert rate("USD", "EUR", newest + LAST_SHEET + timedelta(days=1)) is None

    @pytest.mark.parametrize(
        ("currency", "amount", "euros"),
        [
            ("DEM", "195583", "100000.00"),
            ("FIM", "594.57", "100.00"),
            ("SIT", "239.64", "1.00"),
            ("HRK", "7.53", "1.00"),
        ],
    )
    def test_currencies_that_the_euro_replaced_have_their_rate_for_good(self, currency: str, amount: str, euros: str):
        found = rate(currency, "EUR", date(2026, 6, 1))
        assert found is not None
        assert found.kind == "fixed"
        assert found.convert(Money(Decimal(amount), currency)) == Money(Decimal(euros), "EUR")

    def test_before_the_euro_came_the_bank_says_it(self):
        found = rate("SIT", "EUR", date(2006, 12, 29))
        assert found is not None
        assert found.kind == "published"

    def test_many_questions_take_few_queries(self, django_assert_max_num_queries: Any):
        asked = [
            (code, "EUR", THURSDAY - timedelta(days=n)) for code in ("USD", "JPY", "SEK", "IRR") for n in range(60)
        ]
        with django_assert_max_num_queries(4):
            found = rates(asked)
        assert len(found) == 180


@pytest.mark.django_db
class TestOwn:
    """Rates of the house."""

    def test_an_own_rate_stands_before_a_published_one(self):
        made = own("EUR", "USD", "1.20", THURSDAY, source="Our bank")
        found = rate("USD", "EUR", THURSDAY + timedelta(days=3))
        assert found is not None
        assert (found.kind, found.source, found.day) == ("own", "Our bank", THURSDAY)
        assert found.exact == 1 / Fraction(Decimal("1.20"))
        assert found.legs[0].record == made.pk

    def test_but_not_for_ever_where_others_publish(self):
        own("EUR", "USD", "1.20", THURSDAY)
        assert rate("EUR", "USD", THURSDAY + OWN_FRESH).rate == Decimal("1.2")  # type: ignore[union-attr]
        assert rate("EUR", "USD", THURSDAY + OWN_FRESH + timedelta(days=1)).kind == "published"  # type: ignore[union-attr]

    def test_where_nobody_publishes_it_stands_for_a_year(self):
        own("EUR", "IRR", "1200000", THURSDAY)
        assert rate("EUR", "IRR", THURSDAY + OWN_LONGEST) is not None
        assert rate("EUR", "IRR", THURSDAY + OWN_LONGEST + timedelta(days=1)) is None
        assert rate("EUR", "IRR", THURSDAY - timedelta(days=1)) is None

    def test_a_rate_in_dollars_reaches_the_euro(self):
        own("USD", "AED", "3.6725", THURSDAY, source="Central Bank of the UAE")
        found = rate("AED", "EUR", THURSDAY)
        assert found is not None
        assert found.path == ("AED", "USD", "EUR")
        assert found.exact == 1 / Fraction(Decimal("3.6725")) / Fraction(Decimal("1.1328"))
        assert found.source == "Central Bank of the UAE · European Central Bank"
        both = rate("AED", "JPY", THURSDAY)
        assert both is not None
        assert both.path == ("AED", "USD", "EUR", "JPY")

    def test_the_own_rate_of_the_dollar_counts_on_that_way_too(self):
        own("USD", "AED", "3.6725", THURSDAY)
        own("EUR", "USD", "2", THURSDAY)
        assert rate("EUR", "AED", THURSDAY).rate == Decimal("7.345")  # type: ignore[union-attr]

    def test_rates_of_the_books_come_first_where_books_ask(self):
        own("EUR", "IRR", "1200000", THURSDAY, kind="manual")
        own("EUR", "IRR", "1100000", THURSDAY, kind="booked")
        assert rate("EUR", "IRR", THURSDAY, "booked").rate == 1_100_000  # type: ignore[union-attr]
        assert rate("EUR", "IRR", THURSDAY, "spot").rate == 1_200_000  # type: ignore[union-attr]
        assert rate("EUR", "IRR", THURSDAY, "average") is None

    def test_a_removed_rate_is_none(self):
        remove(BOOKS, own("EUR", "IRR", "1200000", THURSDAY))
        assert rate("EUR", "IRR", THURSDAY) is None

    def test_a_future_rate_of_another_pair_does_not_leak_back(self):
        own("EUR", "IRR", "1200000", THURSDAY + timedelta(days=9))
        assert rate("EUR", "IRR", THURSDAY) is None

    def test_the_law_stands_above_everything(self):
        own("EUR", "HRK", "7.6", date(2022, 12, 30))
        assert rate("EUR", "HRK", date(2023, 1, 1)).rate == Decimal("7.5345")  # type: ignore[union-attr]


@pytest.mark.django_db
class TestRefused:
    """What is no rate."""

    @pytest.mark.parametrize(
        ("values", "field", "sentence"),
        [
            ({"rate": "0"}, "rate", "A rate needs to be above zero."),
            ({"rate": "-1.2"}, "rate", "A rate needs to be above zero."),
            ({"rate": "0.00000000001"}, "rate", "Use at most 10 decimal places."),
            ({"rate": "many"}, "rate", "This needs to be a number."),
            ({"rate": None}, "rate", "Rate is required."),
            ({"currency": "XQZ"}, "currency", "is not known as a currency"),
            ({"currency": "EUR", "against": "EUR"}, "against", "two different currencies"),
            ({"against": ""}, "against", "in which currency"),
            ({"day": "9999-01-01"}, "day", "has not come yet"),
            ({"day": None}, "day", "required"),
            ({"currency": "DEM", "day": "2020-01-01"}, "currency", "fixed by law since 1999"),
        ],
    )
    def test_it_is_refused_with_a_sentence_beside_its_field(self, values: dict[str, Any], field: str, sentence: str):
        good = {"currency": "USD", "against": "EUR", "rate": "0.9", "day": THURSDAY}
        with pytest.raises(Refused, match=sentence) as refused:
            create(BOOKS, Rate, {**good, **values})
        assert field in refused.value.errors

    def test_tomorrow_is_refused_and_today_is_not(self):
        own("EUR", "IRR", "1200000", clock.today())
        with pytest.raises(Refused, match="has not come yet"):
            own("EUR", "IRR", "1200000", clock.today() + timedelta(days=2))

    @pytest.mark.every_engine
    def test_two_rates_for_one_day_are_refused_whichever_way_round(self):
        first = own("EUR", "IRR", "1200000", THURSDAY)
        for currency, against in (("EUR", "IRR"), ("IRR", "EUR")):
            with pytest.raises(Refused, match="There is a rate of this kind"):
                own(currency, against, "0.5", THURSDAY)
        own("EUR", "IRR", "1190000", THURSDAY, kind="booked")
        remove(BOOKS, first)
        again = own("EUR", "IRR", "1210000", THURSDAY)
        with pytest.raises(Refused, match="There is a rate of this kind"):
            restore(BOOKS, first)
        with pytest.raises(Refused, match="There is a rate of this kind"):
            change(BOOKS, again, kind="booked")

    @pytest.mark.every_engine
    def test_one_bad_rate_among_many_hinders_no_other(self):
        drafts = [
            Draft({"currency": "EUR", "against": "IRR", "rate": value, "day": THURSDAY + timedelta(days=n)})
            for n, value in [(0, "1200000"), (0, "1200001"), (1, "0"), (2, "1250000"), (999_999, "1")]
        ]
        outcomes = write(BOOKS, Rate, drafts)
        assert [o.state for o in outcomes] == ["created", "refused", "refused", "created", "refused"]
        assert isinstance(outcomes[2].error, Invalid)


DIGITS = {"JPY": 0, "EUR": 2, "KWD": 3, "CLF": 4}


@given(
    st.sampled_from(sorted(DIGITS)),
    st.sampled_from(sorted(DIGITS)),
    st.integers(-(10**12), 10**12),
    st.fractions(min_value=Fraction(1, 10**7), max_value=10**3),
)
def test_amounts_are_rounded_once_to_the_digits_of_their_new_currency(a: str, b: str, units: int, exact: Fraction):
    assert exponent(a) == DIGITS[a]
    amount = Money(Decimal(units).scaleb(-DIGITS[a]), a)
    got = Found(exact, THURSDAY, "", "own", (a, b)).convert(amount)
    assert got.currency == b
    step = Fraction(1, 10 ** DIGITS[b])
    true = Fraction(amount.amount) * exact
    assert abs(Fraction(got.amount) - true) * 2 <= step
    assert got.amount == got.amount.quantize(Decimal(1).scaleb(-DIGITS[b]))
    with localcontext(prec=400) as wide:
        by_hand = wide.divide(Decimal(true.numerator), Decimal(true.denominator))
        assert got.amount == by_hand.quantize(Decimal(1).scaleb(-DIGITS[b]), ROUND_HALF_EVEN)


def test_halves_go_to_the_even_neighbour():
    half = Found(Fraction(1, 2), THURSDAY, "", "own", ("JPY", "EUR"))
    assert [half.convert(Money(Decimal(n), "JPY")).amount for n in (1, 3)] == [Decimal("0.50"), Decimal("1.50")]
    hundredth = Found(Fraction(1, 200), THURSDAY, "", "own", ("JPY", "EUR"))
    shown = [hundredth.convert(Money(Decimal(n), "JPY")).amount for n in (1, 3, 5, -1, -3)]
    assert shown == [Decimal("0.00"), Decimal("0.02"), Decimal("0.02"), Decimal("0.00"), Decimal("-0.02")]


def test_what_no_database_holds_is_said():
    huge = Found(Fraction(10**9), THURSDAY, "", "own", ("KWD", "IRR"))
    with pytest.raises(OverflowError):
        huge.convert(Money(Decimal("900000000000000"), "KWD"))
