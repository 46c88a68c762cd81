"""Dates typed in five calendars and eight locales: what is shown and what is edited reads back, and nothing is misread in silence."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith.kernel.calendars import CALENDARS, calendar
from kith.kernel.errors import Refused
from kith.kernel.viewer import NEUTRAL, Viewer
from kith.objects.kinds import Date, DateTime

LOCALES = {
    "en_US": "en", "en_GB": "en", "fi_FI": "fi", "sl_SI": "sl", "fa_IR": "fa", "zh_Hans_CN": "zh-hans", "ar_EG": "en", "th_TH": "en",
}  # fmt: skip
#: One person for each calendar and locale; every other one reads digits of another script.
READERS = {
    (key, code): Viewer(language, "Asia/Tehran", code, calendar=key, digits=("", "latn", "arab", "arabext")[n % 4])
    for n, (key, (code, language)) in enumerate(product(CALENDARS, LOCALES.items()))
}
every_reader = pytest.mark.parametrize("reader", READERS, ids="-".join)
FIRST, LAST = date(1950, 1, 1), date(2100, 12, 31)
#: A stride that has no factor in common with weeks, months and years.
STRIDE = 37
NEAR_FIRST, NEAR_LAST = (datetime.combine(day, time()) for day in (date(1, 1, 4), date(9999, 12, 28)))


def interesting(key: str) -> list[date]:
    """The first and last days of years and months around leap days, and the ends of the table."""
    own = calendar(key)
    made = {own.first, own.last, date.min, date.max, date(1699, 12, 31), date(1700, 1, 1)}
    for year in range(own.of(max(own.first, FIRST))[0], own.of(min(own.last, LAST))[0] + 1, 3):
        for month in (1, 2, 6, 11, 12):
            for day in (1, own.days_in(year, month)):
                made.add(own.joined(year, month, day))
    return sorted(day for day in made)


@every_reader
def test_what_is_edited_and_what_is_shown_reads_back(reader: tuple[str, str]) -> None:
    viewer, kind = READERS[reader], Date()
    days = interesting(reader[0]) + [FIRST + timedelta(days=n) for n in range(0, (LAST - FIRST).days, STRIDE)]
    for day in days:
        typed = kind.edit(day, viewer)
        assert kind.parse(typed, viewer) == day, f"edit: {typed!r}"
        assert kind.parse(kind.export(day), NEUTRAL) == day
        if FIRST <= day <= LAST:
            shown = kind.format(day, viewer)
            assert kind.parse(shown, viewer) == day, f"format: {shown!r}"
            assert kind.parse(kind.export(day), viewer) == day


@every_reader
@settings(max_examples=40, deadline=None)
@given(day=st.dates())
def test_whatever_day_is_edited_reads_back(reader: tuple[str, str], day: date) -> None:
    viewer = READERS[reader]
    assert Date().parse(Date().edit(day, viewer), viewer) == day


@every_reader
@settings(max_examples=25, deadline=None)
@given(at=st.datetimes(NEAR_FIRST, NEAR_LAST, timezones=st.just(UTC)))
def test_whatever_instant_is_edited_or_exported_reads_back(reader: tuple[str, str], at: datetime) -> None:
    viewer, kind = READERS[reader], DateTime()
    assert kind.parse(kind.edit(at, viewer), viewer) == at
    assert kind.parse(kind.export(at), viewer) == at


DAY = date(2026, 11, 22)
FA = READERS["jalali", "fa_IR"]


@pytest.mark.parametrize(
    ("text", "key", "code"),
    [
        ("۱۴۰۵/۹/۱", "jalali", "fa_IR"),
        ("1405-09-01", "jalali", "fa_IR"),
        ("١٤٠٥/٩/١", "jalali", "fa_IR"),
        ("1 آذر 1405", "jalali", "fa_IR"),
        ("۱ آذر ۱۴۰۵", "jalali", "fa_IR"),
        ("1405 آذر 1", "jalali", "fa_IR"),
        ("۱ آذر ۱۴۰۵ ه‍.ش.", "jalali", "fa_IR"),
        ("2026-11-22", "jalali", "fa_IR"),
        ("2026/11/22", "jalali", "fa_IR"),
        ("۲۲ نوامبر ۲۰۲۶", "jalali", "fa_IR"),
        ("1 Azar 1405", "jalali", "en_GB"),
        ("01/09/1405", "jalali", "en_GB"),
        ("9/1/1405", "jalali", "en_US"),
        ("1. azarkuuta 1405", "jalali", "fi_FI"),
        ("22 Nov 2026", "jalali", "en_GB"),
        ("波斯历1405年9月1日", "jalali", "zh_Hans_CN"),
        ("12 Jumada II 1448", "hijri", "en_GB"),
        ("12 jumada ii 1448 AH", "hijri", "en_GB"),
        ("1448-06-12", "hijri", "ar_EG"),
        ("٢٢/١١/٢٥٦٩", "buddhist", "ar_EG"),
        ("22/11/2569", "buddhist", "th_TH"),
        ("22 พ.ย. 2569", "buddhist", "th_TH"),
        ("22/11/2026", "buddhist", "th_TH"),
        ("民国115年11月22日", "roc", "zh_Hans_CN"),
        ("民國115年11月22日", "roc", "zh_Hans_CN"),
        ("115/11/22", "roc", "zh_Hans_CN"),
        ("2026/11/22", "roc", "zh_Hans_CN"),
        ("22/11/115", "roc", "en_GB"),
        ("22 Nov 115", "roc", "en_GB"),
        ("2026-11-22[u-ca=persian]", "gregorian", "en_GB"),
    ],
)
def test_a_day_is_read_in_the_calendar_of_its_writer(text: str, key: str, code: str) -> None:
    assert Date().parse(text, READERS[key, code]) == DAY


def test_with_its_era_a_short_year_is_understood() -> None:
    assert Date().parse("民國99年5月6日", READERS["roc", "zh_Hans_CN"]) == date(2010, 5, 6)
    assert Date().parse("6 May 99 Minguo", READERS["roc", "en_GB"]) == date(2010, 5, 6)


@pytest.mark.parametrize(
    ("text", "key", "code", "words"),
    [
        ("1650-01-01", "jalali", "en_GB", "could be of the Gregorian or of the Jalali calendar"),
        ("1404-12-30", "jalali", "en_GB", "no day 30 in Esfand 1404"),
        ("1405/13/01", "jalali", "fa_IR", "no month"),
        ("1 Azar 2026", "jalali", "en_GB", "no year of the Jalali calendar"),
        ("1 Foo 1405", "jalali", "en_GB", "not the name of a month"),
        ("05/9/1", "jalali", "fa_IR", "four digits"),
        ("99/5/6", "roc", "zh_Hans_CN", "three digits"),
        ("1300-01-01", "hijri", "en_GB", "from 1343 to 1500"),
        ("1501-01-01", "hijri", "en_GB", "from 1343 to 1500"),
        ("2300-01-01", "buddhist", "en_GB", "could be of the Gregorian or of the Buddhist calendar"),
        ("1500-01-01", "buddhist", "en_GB", "could be of the Gregorian"),
        ("29/02/2569", "buddhist", "en_GB", "no day 29"),
        ("22 Nov 2026 BE", "buddhist", "en_GB", "no year of the Buddhist"),
        ("1405-02-30", "gregorian", "en_GB", "February 1405"),
        ("2026-11-22[u-ca=", "jalali", "en_GB", "date"),
    ],
)
def test_what_could_be_misread_is_refused_with_the_reason(text: str, key: str, code: str, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        Date().parse(text, READERS[key, code])
    assert words in str(refusal.value)


def test_an_instant_is_shown_and_typed_in_the_calendar_of_its_reader() -> None:
    at, kind = datetime(2026, 11, 22, 11, 0, tzinfo=UTC), DateTime()
    viewer = Viewer("fa", "Asia/Tehran", "fa_IR", calendar="jalali")
    assert kind.format(at, viewer) == "۱ آذر ۱۴۰۵،\u200f ۱۴:۳۰"
    assert kind.edit(at, viewer) == "۱۴۰۵/۹/۱ ۱۴:۳۰"
    assert kind.parse("1405/9/1 14:30", viewer) == at
    # A program's text is Gregorian, whatever the year.
    assert kind.parse("1405-09-01T00:00Z", viewer) == datetime(1405, 9, 1, tzinfo=UTC)


def test_files_stay_in_the_gregorian_calendar() -> None:
    assert Date().export(DAY) == "2026-11-22"
    assert Date().pack(DAY) == "2026-11-22"
    assert 'datetime="2026-11-22"' in Date().cell(DAY, FA)
