"""Files with dates of other calendars: guessed by their years, shown as a choice, and read so."""

from __future__ import annotations

from datetime import date

import pytest

from kith.kernel.viewer import Viewer
from kith.objects.exchange.choices import Choices, conventions
from kith.objects.kinds import Date

GB = Viewer(locale_code="en_GB", calendar="gregorian")
FA = Viewer("fa", "Asia/Tehran", "fa_IR", calendar="jalali")


@pytest.mark.parametrize(
    ("samples", "told"),
    [
        (["1405/09/01", "۱۳۶۲/۱/۳۱", "x"], "jalali"),
        (["31/6/1362", "1/7/1399"], "jalali"),
        (["22/11/2569", "2500-01-01"], "buddhist"),
        (["2026-11-22", "1362-05-05", "1999-01-01"], ""),
        (["1066-10-14"], ""),
        ([], ""),
    ],
)
def test_the_calendar_of_a_file_is_told_by_its_years(samples: list[str], told: str) -> None:
    assert conventions(samples).get("calendar", "") == told


def test_a_file_is_read_in_its_calendar_whoever_brings_it() -> None:
    day, kind = date(2026, 11, 22), Date()
    jalali = Choices(calendar="jalali", dates="ymd")
    for bringer in (GB, FA):
        assert kind.parse("1405/9/1", jalali.viewer(bringer)) == day
        assert kind.parse("2026-11-22", jalali.viewer(bringer)) == day, "Gregorian years are understood beside it"
        assert kind.parse("2026/11/22", Choices(calendar="gregorian", dates="ymd").viewer(bringer)) == day
    assert kind.parse("۱۴۰۵/۹/۱", Choices().viewer(FA)) == day
    assert kind.parse("22/11/2569", Choices(calendar="buddhist", dates="dmy").viewer(FA)) == day


def test_a_calendar_that_is_none_is_left_out_of_the_choices() -> None:
    assert Choices.of({"calendar": "mayan"}).calendar == ""
    assert Choices.of(Choices(calendar="roc").data()).calendar == "roc"
