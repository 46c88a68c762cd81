"""How people all over the world write numbers, and what is refused rather than guessed."""

from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from kith.kernel.digits import ZEROS, in_digits
from kith.kernel.errors import Refused
from kith.kernel.viewer import NEUTRAL, Viewer
from kith.objects.kinds import ALL_KINDS, Boolean, Date, DateTime, DecimalNumber, Integer, Phone

from .viewers import BR, CN, DE, EG, EVERYBODY, FI, GB, IR, SI, US

number = DecimalNumber(places=4)


@pytest.mark.parametrize(
    ("text", "viewer", "expected"),
    [
        ("1,234.5", US, "1234.5"),
        ("1 234,5", FI, "1234.5"),
        ("1\u00a0234,5", FI, "1234.5"),
        ("1.234,5", DE, "1234.5"),
        ("1.234", DE, "1234"),
        ("1,234", US, "1234"),
        ("1,234", DE, "1.234"),
        ("1.234", US, "1.234"),
        ("1.234", SI, "1234"),
        ("12.5", FI, "12.5"),
        ("1,5", GB, "1.5"),
        ("0,125", GB, "0.125"),
        ("0.125", DE, "0.125"),
        ("1234,567", FI, "1234.567"),
        ("1.234.567", DE, "1234567"),
        ("1,234,567", BR, "1234567"),
        ("12,34,567.5", GB, "1234567.5"),
        ("1'234'567.25", GB, "1234567.25"),
        ("1’234.5", DE, "1234.5"),
        ("۱۲۳۴٫۵", IR, "1234.5"),
        ("۱٬۲۳۴٫۵", IR, "1234.5"),
        ("١٬٢٣٤٫٥", EG, "1234.5"),
        ("１２３４．５", CN, "1234.5"),
        ("-5", US, "-5"),
        ("−5", FI, "-5"),
        ("- 5", FI, "-5"),
        ("+5", US, "5"),
        ("\u200e−۵", IR, "-5"),
        (".5", US, "0.5"),
        (",5", FI, "0.5"),
        ("1.234,5", US, "1234.5"),
        ("1,234.5", DE, "1234.5"),
        ("007", US, "7"),
    ],
)
def test_a_number_is_read_as_its_writer_means_it(text: str, viewer: Viewer, expected: str) -> None:
    assert number.parse(text, viewer) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1,2,3",
        "12 34",
        "1.2.3",
        "1,23,4",
        "--5",
        "5-",
        "1e5",
        "0x1f",
        "½",
        "1.",
        "1..2",
        "1 000 00",
        "NaN",
        "∞",
        "5%",
        "1_000",
        "(5)",
    ],
)
@pytest.mark.parametrize("viewer", EVERYBODY, ids=lambda v: v.locale_code)
def test_what_is_no_number_is_refused(text: str, viewer: Viewer) -> None:
    if not text:
        assert number.parse(text, viewer) is None
        return
    with pytest.raises(Refused, match=r"number|decimal|two ways|número|luku|šte|عدد|数"):
        number.parse(text, viewer)


def test_a_thousand_that_the_locale_does_not_write_is_asked_about() -> None:
    with pytest.raises(Refused, match="two ways"):
        number.parse("1.234", FI)
    with pytest.raises(Refused, match="two ways"):
        number.parse("1,234", Viewer(locale_code="de_CH"))


def test_an_exported_thousandth_is_read_alike_everywhere() -> None:
    value = Decimal("1.234")
    assert DecimalNumber(places=3).export(value) == "1.2340"
    for viewer in EVERYBODY:
        assert DecimalNumber(places=3).parse("1.2340", viewer) == value


@pytest.mark.parametrize(
    "value", [0.5, 1.0, float("nan"), True, "0.001", Decimal("NaN"), Decimal("1e-3"), Decimal("Infinity"), [], b"1"]
)
def test_a_decimal_is_exact_or_refused(value: Any) -> None:
    with pytest.raises(Refused):
        DecimalNumber(places=2).clean(value)


def test_trailing_zeros_are_no_places() -> None:
    assert DecimalNumber(places=2).parse("1.500000", NEUTRAL) == Decimal("1.50")
    assert DecimalNumber(places=2).pack(Decimal("-0.00")) == 0


def test_a_decimal_that_no_column_can_hold_is_refused() -> None:
    assert DecimalNumber(places=2).clean(Decimal("92233720368547758.07")) == Decimal("92233720368547758.07")
    for value in (Decimal("92233720368547758.08"), Decimal("1e18"), Decimal("1e999999"), Decimal("-1e999999"), 10**40):
        with pytest.raises(Refused):
            DecimalNumber(places=2).clean(value)


def test_numbers_are_shown_in_the_digits_and_signs_of_the_viewer() -> None:
    assert number.format(Decimal("1234.5"), US) == "1,234.5000"
    assert DecimalNumber().format(Decimal("-1234.5"), FI).replace("\u00a0", " ") == "-1 234,50"
    assert DecimalNumber().format(Decimal("1234.5"), IR) == "۱٬۲۳۴٫۵۰"
    assert Integer().format(1234567, DE) == "1.234.567"
    assert Integer().format(2**63 - 1, US) == "9,223,372,036,854,775,807"
    assert DecimalNumber().edit(Decimal("1234.50"), FI) == "1234,50"


def test_whole_numbers() -> None:
    assert Integer().parse("12.0", US) == 12
    assert Integer().parse("1.234", DE) == 1234
    for text in ("1.5", "9223372036854775808", "-9223372036854775809", "1e3"):
        with pytest.raises(Refused):
            Integer().parse(text, US)
    for value in (True, 1.0, "x", [1], 2**63, Decimal("0.5"), Decimal("sNaN")):
        with pytest.raises(Refused):
            Integer().clean(value)
    with pytest.raises(Refused, match="at least 1"):
        Integer(least=1).parse("0", US)


@pytest.mark.parametrize(
    "text", ["yes", "YES", "true", "1", "x", "on", "kyllä", "Kyllä", "da", "بله", "是", "✓", "１", "۱"]
)
def test_yes_in_many_words(text: str) -> None:
    assert Boolean().parse(text, NEUTRAL) is True


@pytest.mark.parametrize("text", ["no", "false", "0", "off", "-", ""])
def test_no_in_many_words(text: str) -> None:
    assert Boolean().parse(text, NEUTRAL) is False


@pytest.mark.parametrize("value", ["maybe", 2, -1, [], {}, 1.0, "yes no", object()])
def test_neither_yes_nor_no_is_refused(value: Any) -> None:
    with pytest.raises(Refused, match="yes or no"):
        Boolean().clean(value)


def test_no_is_a_value() -> None:
    assert not Boolean().is_empty(False)
    assert Boolean().is_empty(None)


def test_every_numeric_kind_shows_the_chosen_digits_and_reads_those_of_every_script() -> None:
    """Persian, Arabic, full-width and other digits are accepted wherever numbers are typed, whatever the reader chose to see."""
    full_width = {ord("0") + i: 0xFF10 + i for i in range(10)}
    numeric = [kind() for kind in ALL_KINDS if kind.numeric] + [Date(), DateTime(), Phone()]
    assert {kind.key for kind in numeric} >= {"integer", "decimal", "money"}
    for viewer, system in product(EVERYBODY, ("latn", *ZEROS)):
        reader = replace(viewer, digits=system)
        for kind in numeric:
            for n in range(4):
                value = kind.example(n)
                typed = kind.edit(value, reader)
                assert kind.parse(typed, reader) == value, (kind.key, system, typed)
                plain = kind.edit(value, replace(viewer, digits="latn"))
                for text in (plain, in_digits(plain, system), plain.translate(full_width)):
                    assert kind.parse(text, reader) == value, (kind.key, system, text)
                if kind.numeric or isinstance(kind, Date):
                    shown = kind.format(value, reader)
                    wrong = [c for c in shown if c.isdecimal() and c not in in_digits("0123456789", system)]
                    assert not wrong, (kind.key, system, shown)
