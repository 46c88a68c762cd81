"""What is usual in a country, against the table of country facts: CLDR, phonenumbers and ISO as others read them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kith.kernel.culture import culture

pytestmark = pytest.mark.data

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Where we differ, and why.
DIFFERENT = {
    "first day": {
        # Not in CLDR's own list; the table read them through Babel, which hands down the day of a language's main country.
        *("GQ", "ST", "TL"),
    },
    "weekend": {
        # CLDR is silent and says Saturday and Sunday; offices close on Friday.
        *("BD", "BN", "DJ", "MV"),
    },
    # The euro since 2026.
    "currency": {"BG"},
    "prefix": set(),
}


def test_cultures_agree_with_the_table(real_data: Path) -> None:
    path = real_data / "locale" / "country_facts.csv"
    if not path.is_file():
        pytest.skip(f"{path.name} is not there")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 249
    differ: dict[str, set[str]] = {name: set() for name in DIFFERENT}
    for row in rows:
        code = row["iso2"]
        c = culture(code)
        first, last = row["weekend_cldr"].partition("-")[::2]
        told = {
            "first day": row["first_week_day_cldr"] in ("", DAYS[c.first_weekday]),
            "weekend": row["weekend_cldr"] == "" or (DAYS[c.weekend[0]], DAYS[c.weekend[-1]]) == (first, last),
            "currency": set(filter(None, row["currencies"].split("|"))) == set(c.currencies),
            "prefix": row["dial"] == c.prefix.removeprefix("+"),
        }
        for name, same in told.items():
            if not same:
                differ[name].add(code)
    assert differ == DIFFERENT
