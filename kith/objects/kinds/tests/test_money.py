"""Amounts in many currencies and spellings."""

from decimal import Decimal
from typing import Any

import pytest

from kith.kernel.errors import Refused
from kith.kernel.money import Money
from kith.kernel.viewer import NEUTRAL, Viewer
from kith.objects.kinds import Amount

from .viewers import BR, CN, DE, EVERYBODY, FI, GB, IR, US

money = Amount()


@pytest.mark.parametrize(
    ("text", "viewer", "amount", "currency"),
    [
        ("1 234,50 €", FI, "1234.50", "EUR"),
        ("EUR 12.50", US, "12.50", "EUR"),
        ("12.50 EUR", US, "12.50", "EUR"),
        ("12,50", FI, "12.50", "EUR"),
        ("$1,234.50", US, "1234.50", "USD"),
        ("-$5", US, "-5", "USD"),
        ("$-5", US, "-5", "USD"),
        ("£5", GB, "5", "GBP"),
        ("5£", FI, "5", "GBP"),
        ("¥500", CN, "500", "CNY"),
        ("JPY 500", CN, "500", "JPY"),
        ("500円", CN, "500", "JPY"),
        ("R$ 1.234,50", BR, "1234.50", "BRL"),
        ("۱۲۳۴ ریال", IR, "1234", "IRR"),
        ("۱٬۲۳۴٫۵۰ EUR", IR, "1234.50", "EUR"),
        ("eur 5", US, "5", "EUR"),
        ("12.345 KWD", US, "12.345", "KWD"),
        ("0.0001 CLF", US, "0.0001", "CLF"),
        ("1.234,50 €", DE, "1234.50", "EUR"),
        ("5 euros", GB, "5", "EUR"),
        ("US$5", GB, "5", "USD"),
        ("−5,00 €", FI, "-5", "EUR"),
        ("12.50 Euro", GB, "12.50", "EUR"),
        ("5 CHF", GB, "5", "CHF"),
        ("$ 5", FI, "5", "USD"),
    ],
)
def test_an_amount_is_read_with_its_currency(text: str, viewer: Viewer, amount: str, currency: str) -> None:
    assert money.parse(text, viewer) == Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "viewer", "words"),
    [
        ("1.5 JPY", US, "no decimal places"),
        ("1.555 EUR", US, "2 decimal places for EUR"),
        ("5 XYZ", US, "not known as a currency"),
        ("5 bananas", US, "not known"),
        ("kr 5", GB, "several currencies"),
        ("5 EUR USD", US, "not known"),
        ("EUR 5 USD", US, "one currency"),
        ("EUR", US, "amount"),
        ("abc", US, "amount"),
        ("1.234 EUR", FI, "two ways"),
        ("5 5 EUR", US, "number"),
        ("1e5 EUR", US, "not known"),
        ("99999999999999999999 EUR", US, "too large"),
        ("--5", US, "number"),
        ("5-5", US, "number"),
        ("EUR " * 30, US, "amount"),
    ],
)
def test_an_amount_that_is_none_is_refused_with_the_reason(text: str, viewer: Viewer, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        money.parse(text, viewer)
    assert words in str(refusal.value)


def test_a_sign_of_several_currencies_is_the_one_meant_without_it_or_the_one_shown() -> None:
    assert Amount(currency="CAD").parse("$5", GB) == Money(Decimal(5), "CAD")
    with pytest.raises(Refused, match="several currencies"):
        Amount(currency="CAD").parse("$5", US)


def test_the_field_knows_its_currency_and_the_viewer_is_asked_last() -> None:
    assert Amount(currency="SEK").parse("5", US) == Money(Decimal(5), "SEK")
    assert Amount().parse("5", US) == Money(Decimal(5), "USD")
    assert Amount(currency="SEK").clean(Decimal("5.5")) == Money(Decimal("5.50"), "SEK")
    with pytest.raises(Refused, match="Say the currency"):
        Amount().clean(5)
    with pytest.raises(ValueError, match="not a currency"):
        Amount(currency="XXXX")


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        True,
        [],
        {"amount": 1.5, "currency": "EUR"},
        {"amount": 1},
        {"currency": "EUR"},
        {"amount": "x", "currency": "EUR"},
        {"amount": 1, "currency": "eur", "x": 1},
        {"amount": 1, "currency": 5},
        Money(Decimal("0.001"), "EUR"),
        Money(Decimal("1e30"), "EUR"),
    ],
)
def test_an_amount_is_exact_or_refused(value: Any) -> None:
    with pytest.raises(Refused):
        Amount().clean(value)


def test_forms_send_amount_and_currency() -> None:
    assert money.read({"price.amount": "1 234,50", "price.currency": "SEK"}, "price", FI) == Money(
        Decimal("1234.50"), "SEK"
    )
    assert money.read({"price.amount": "", "price.currency": "SEK"}, "price", FI) is None
    assert money.read({"price": "5 SEK"}, "price", FI) == Money(Decimal(5), "SEK")
    assert money.read({"price.amount": "5 USD", "price.currency": "SEK"}, "price", FI) == Money(Decimal(5), "USD")
    assert money.read({"price.amount": "1.234", "price.currency": "KWD"}, "price", US) == Money(Decimal("1.234"), "KWD")
    with pytest.raises(Refused):
        money.read({"price.amount": "1.5", "price.currency": "JPY"}, "price", US)


def test_what_is_shown_is_read_back() -> None:
    for viewer in EVERYBODY:
        for value in map(money.example, range(10)):
            shown = money.format(value, viewer)
            if viewer is US and value.currency == "JPY":
                # A viewer whose locale shows yen as ¥, which is also the yuan of a neighbour: still one meaning to this viewer.
                assert shown == "¥500,000"
            assert money.parse(shown, viewer) == value


def test_a_currency_of_the_past_stays_in_its_form() -> None:
    mark = Money(Decimal("5.00"), "FIM")
    assert "FIM" in [option.value for option in money.widget_context(mark, FI)["currencies"]]
    assert len(money.widget_context(None, FI)["currencies"]) == len(money.widget_context(mark, FI)["currencies"]) - 1


def test_storage_is_a_whole_number_and_a_code() -> None:
    value = Money(Decimal("12.50"), "EUR")
    assert money.pack(value) == {"amount": 125000, "currency": "EUR"}
    assert money.comparable(value) == 125000
    assert money.export(Money(Decimal("1.234"), "KWD")) == "1.2340 KWD"
    assert money.parse("", NEUTRAL) is None
