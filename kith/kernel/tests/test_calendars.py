"""Five calendars: every day of a century and a half there and back, leap days, the ends of the tables, and what is refused."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import icu
import pytest
from babel import localedata
from babel.dates import format_date, format_skeleton, format_time

from kith.kernel.calendars import CALENDARS, calendar, names
from kith.kernel.dates import write_clock, write_day
from kith.kernel.digits import local_digits
from kith.kernel.errors import Refused
from kith.kernel.viewer import Viewer

FIRST, LAST = date(1950, 1, 1), date(2100, 12, 31)
every_calendar = pytest.mark.parametrize("key", CALENDARS)


@every_calendar
def test_every_day_from_1950_to_2100_goes_there_and_back_and_follows_the_day_before(key: str) -> None:
    own, day, before, seen = calendar(key), FIRST, None, 0
    while day <= LAST:
        if own.holds(day):
            told = own.of(day)
            assert own.day(*told) == day
            year, month, number = told
            assert 1 <= number <= own.days_in(year, month)
            if before is not None:
                year, month, number = before
                if number < own.days_in(year, month):
                    assert told == (year, month, number + 1)
                else:
                    assert told == ((year, month + 1, 1) if month < 12 else (year + 1, 1, 1))
            before, seen = told, seen + 1
        day += timedelta(days=1)
    assert seen > 46_000


@pytest.mark.parametrize(
    ("key", "told", "day"),
    [
        # Nowruz as the calendar authority of Iran announced it, and leap days of 1403 and 1408.
        ("jalali", (1405, 1, 1), date(2026, 3, 21)),
        ("jalali", (1405, 9, 1), date(2026, 11, 22)),
        ("jalali", (1403, 12, 30), date(2025, 3, 20)),
        ("jalali", (1408, 12, 30), date(2030, 3, 20)),
        # Umm al-Qura as printed: Ramadan 1446, New Year 1447, and the Feast of Sacrifice 1445.
        ("hijri", (1446, 9, 1), date(2025, 3, 1)),
        ("hijri", (1447, 1, 1), date(2025, 6, 26)),
        ("hijri", (1445, 12, 10), date(2024, 6, 16)),
        ("buddhist", (2567, 2, 29), date(2024, 2, 29)),
        ("buddhist", (2569, 11, 22), date(2026, 11, 22)),
        ("roc", (115, 11, 22), date(2026, 11, 22)),
        ("roc", (113, 2, 29), date(2024, 2, 29)),
        ("roc", (1, 1, 1), date(1912, 1, 1)),
    ],
)
def test_days_that_are_known(key: str, told: tuple[int, int, int], day: date) -> None:
    assert calendar(key).of(day) == told
    assert calendar(key).day(*told) == day


@every_calendar
def test_the_ends_of_each_table_are_days_and_what_lies_beyond_is_refused(key: str) -> None:
    own = calendar(key)
    for end, step in ((own.first, -1), (own.last, 1)):
        assert own.day(*own.of(end)) == end
        if date.min < end < date.max:
            with pytest.raises(Refused, match="outside of the"):
                own.of(end + timedelta(days=step))


@pytest.mark.parametrize(
    ("key", "told", "words"),
    [
        ("jalali", (1404, 12, 30), "no day 30"),
        ("jalali", (1405, 7, 31), "no day 31"),
        ("jalali", (1405, 13, 1), "no month 13"),
        ("jalali", (0, 1, 1), "no year 0"),
        ("hijri", (1300, 1, 1), "from 1343 to 1500"),
        ("hijri", (1501, 1, 1), "from 1343 to 1500"),
        ("buddhist", (2569, 2, 29), "no day 29"),
        ("roc", (0, 1, 1), "from 1 to 999"),
        ("roc", (114, 2, 29), "no day 29"),
    ],
)
def test_days_that_do_not_exist_are_refused_with_the_reason(key: str, told: Any, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        calendar(key).day(*told)
    assert words in str(refusal.value)


def test_jalali_agrees_with_icu_on_every_day() -> None:
    """Two independent implementations. (For Umm al-Qura they differ: ICU computes the months that hijridate has as printed.)"""
    own, other = (
        calendar("jalali"),
        icu.Calendar.createInstance(icu.TimeZone.getGMT(), icu.Locale("en@calendar=persian")),
    )
    parts = icu.UCalendarDateFields
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=n)
        other.setTime(float((day - date(1970, 1, 1)).days * 86_400))
        assert own.of(day) == (other.get(parts.YEAR), other.get(parts.MONTH) + 1, other.get(parts.DATE))


def test_months_have_names_of_their_own() -> None:
    assert names("fa_IR", "jalali").wide[8] == "آذر"
    assert names("fi_FI", "jalali").alone[8] == "azarkuu"
    assert names("ar_SA", "hijri").wide[8] == "رمضان"
    assert names("th_TH", "buddhist").era == "พ.ศ."
    assert names("zh_Hant_TW", "roc").era == "民國"


@pytest.mark.parametrize(
    ("locale_code", "key", "digits", "day", "month"),
    [
        ("fa_IR", "jalali", "", "۱ آذر ۱۴۰۵", "آذر ۱۴۰۵"),
        ("fa_IR", "jalali", "latn", "1 آذر 1405", "آذر 1405"),
        ("en_GB", "jalali", "", "1 Azar 1405 AP", "Azar 1405 AP"),
        ("fi_FI", "gregorian", "", "22.11.2026", "marraskuu 2026"),
        ("en_GB", "hijri", "arab", "١٢ Jum. II ١٤٤٨ AH", "Jumada II ١٤٤٨ AH"),
        ("th_TH", "buddhist", "", "22 พ.ย. 2569", "พฤศจิกายน 2569"),
        ("zh_Hant_TW", "roc", "", "民國115年11月22日", "民國115年11月"),
    ],
)
def test_days_are_written_in_the_calendar_the_words_and_the_digits_of_the_reader(
    locale_code: str, key: str, digits: str, day: str, month: str
) -> None:
    viewer = Viewer(locale_code=locale_code, calendar=key, digits=digits)
    assert write_day(date(2026, 11, 22), viewer) == day
    assert write_day(date(2026, 11, 22), viewer, "month") == month


def test_a_day_outside_of_the_readers_calendar_is_written_in_the_gregorian_one() -> None:
    assert write_day(date(1900, 5, 6), Viewer(locale_code="en_GB", calendar="hijri")) == "6 May 1900"
    assert write_day(date(1911, 12, 31), Viewer(locale_code="en_GB", calendar="roc")) == "31 Dec 1911"


def test_compiled_patterns_write_what_babel_writes_in_every_locale() -> None:
    day, others, seen = date(2026, 11, 3), (date(1999, 1, 31), date(2024, 2, 29)), 0
    for code in localedata.locale_identifiers():
        viewer = Viewer(locale_code=code)
        if viewer.locale.language == "la":
            continue  # Latin writes the era, which no other Gregorian pattern does
        for one in (day, *others):
            assert write_day(one, viewer) == local_digits(format_date(one, "medium", viewer.locale), viewer), code
        assert write_day(day, viewer, "month") == local_digits(
            format_skeleton("yMMMM", day, locale=viewer.locale), viewer
        ), code
        for clock in (time(0, 5), time(12, 0), time(23, 59)):
            said = local_digits(format_time(clock, "short", locale=viewer.locale), viewer)
            assert write_clock(clock, viewer) == said, code
        seen += 1
    assert seen > 1000
