"""What is usual in a country."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from kith.kernel.culture import FAMILY_FIRST, FRIDAY, GIVEN_FIRST, MONDAY, SATURDAY, SUNDAY, culture


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("FI", ("fi", "Latn", GIVEN_FIRST, "Europe/Helsinki", "gregorian", MONDAY, (SATURDAY, SUNDAY), "+358", "EUR")),
        ("SI", ("sl", "Latn", GIVEN_FIRST, "Europe/Ljubljana", "gregorian", MONDAY, (SATURDAY, SUNDAY), "+386", "EUR")),
        ("IR", ("fa", "Arab", GIVEN_FIRST, "Asia/Tehran", "jalali", SATURDAY, (FRIDAY,), "+98", "IRR")),
        ("CN", ("zh", "Hans", FAMILY_FIRST, "Asia/Shanghai", "gregorian", MONDAY, (SATURDAY, SUNDAY), "+86", "CNY")),
        ("TW", ("zh", "Hant", FAMILY_FIRST, "Asia/Taipei", "gregorian", SUNDAY, (SATURDAY, SUNDAY), "+886", "TWD")),
        ("JP", ("ja", "Jpan", FAMILY_FIRST, "Asia/Tokyo", "gregorian", SUNDAY, (SATURDAY, SUNDAY), "+81", "JPY")),
        ("HU", ("hu", "Latn", FAMILY_FIRST, "Europe/Budapest", "gregorian", MONDAY, (SATURDAY, SUNDAY), "+36", "HUF")),
        ("VN", ("vi", "Latn", FAMILY_FIRST, "Asia/Ho_Chi_Minh", "gregorian", MONDAY, (SATURDAY, SUNDAY), "+84", "VND")),
        ("TH", ("th", "Thai", GIVEN_FIRST, "Asia/Bangkok", "buddhist", SUNDAY, (SATURDAY, SUNDAY), "+66", "THB")),
        ("SA", ("ar", "Arab", GIVEN_FIRST, "Asia/Riyadh", "gregorian", SUNDAY, (FRIDAY, SATURDAY), "+966", "SAR")),
        ("US", ("en", "Latn", GIVEN_FIRST, "America/New_York", "gregorian", SUNDAY, (SATURDAY, SUNDAY), "+1", "USD")),
        ("BG", ("bg", "Cyrl", GIVEN_FIRST, "Europe/Sofia", "gregorian", MONDAY, (SATURDAY, SUNDAY), "+359", "EUR")),
        ("LS", ("st", "Latn", GIVEN_FIRST, "Africa/Maseru", "gregorian", MONDAY, (SATURDAY, SUNDAY), "+266", "LSL")),
    ],
)
def test_what_is_usual(country: str, expected: tuple[Any, ...]) -> None:
    c = culture(country)
    told = (c.language, c.script, c.name_order, c.zone, c.calendar, c.first_weekday, c.weekend, c.prefix, c.currency)
    assert told == expected


def test_several_of_a_thing_come_with_the_likeliest_first() -> None:
    assert culture("FI").languages == ("fi", "sv")
    assert culture("CH").languages[0] == "de"
    assert culture("TW").calendars == ("gregorian", "roc")
    assert culture("PA").currencies == ("PAB", "USD")
    assert culture("ES").zones[0] == "Europe/Madrid"


def test_a_zone_is_certain_only_where_nearly_everybody_lives_in_it() -> None:
    assert culture("FI").zone_certain
    assert culture("CN").zone_certain
    assert not culture("US").zone_certain
    assert culture("US").zone == "America/New_York"
    assert culture("AQ").zone == ""
    assert len(culture("AQ").zones) > 5


@pytest.mark.parametrize("code", ["", "ZZ", "XX", "USA", "1", "\0\0", "é!", None, 5])
def test_no_country_has_what_is_usual_in_the_world(code: Any) -> None:
    c = culture(code)
    assert (c.country, c.languages, c.zone, c.currency, c.prefix) == ("", (), "", "", "")
    assert (c.calendar, c.first_weekday, c.weekend) == ("gregorian", MONDAY, (SATURDAY, SUNDAY))


def test_every_country_has_facts_that_other_parts_understand() -> None:
    for code in Locale("en").territories:
        if len(code) != 2 or not code.isalpha():
            continue
        c = culture(code)
        assert all(ZoneInfo(zone) for zone in c.zones)
        assert c.weekend
        assert set(c.calendars) <= {"gregorian", "jalali", "hijri", "buddhist", "roc"}
        assert all(len(currency) == 3 for currency in c.currencies)
    assert culture("fi") == culture("FI")
