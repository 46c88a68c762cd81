"""Dates and instants, as people type them and as clocks change."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from kith.kernel import clock
from kith.kernel.errors import Refused
from kith.kernel.viewer import NEUTRAL, Viewer
from kith.objects.kinds import Date, DateTime

from .viewers import BR, CN, DE, EG, EVERYBODY, FI, GB, IR, SI, US

DAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("text", "viewer"),
    [
        ("2026-11-03", US),
        ("2026-11-3", IR),
        ("2026/11/03", US),
        ("2026.11.3", FI),
        ("2026年11月3日", CN),
        ("2026 11 03", GB),
        ("11/3/2026", US),
        ("11-03-2026", US),
        ("3.11.2026", FI),
        ("03.11.2026", DE),
        ("3. 11. 2026", SI),
        ("3/11/2026", GB),
        ("3/11/2026", BR),
        ("3 Nov 2026", GB),
        ("Nov 3, 2026", US),
        ("3. marraskuuta 2026", FI),
        ("3 de novembro de 2026", BR),
        ("3. november 2026", SI),
        ("۲۰۲۶/۱۱/۰۳", IR),
        ("۳ نوامبر ۲۰۲۶", IR),
        ("٣/١١/٢٠٢٦", EG),
        ("3 نوفمبر 2026", EG),
        ("２０２６-１１-０３", CN),
        ("3 November 2026", FI),
        ("2026-11-03 00:00:00", GB),
        ("2026-11-03T00:00:00.000Z", GB),
        (" 2026-11-03 ", FI),
    ],
)
def test_a_day_is_read_in_the_order_of_its_writer(text: str, viewer: Viewer) -> None:
    assert Date().parse(text, viewer) == DAY


@pytest.mark.parametrize(
    ("text", "viewer", "words"),
    [
        ("31.02.2026", FI, "helmikuu 2026: it has 28 days"),
        ("2026-02-30", US, "February 2026"),
        ("30.2.2024", GB, "29 days"),
        ("11/22/2026", GB, "no month 22"),
        ("22/11/2026", US, "no month 22"),
        ("2026-13-01", US, "no month 13"),
        ("3.11.26", FI, "four digits"),
        ("3/11/026", GB, "four digits"),
        ("0000-01-01", US, "no year 0"),
        ("3 Foo 2026", GB, "not the name of a month"),
        ("tomorrow", US, "11/22/2026"),
        ("3", US, "11/22/2026"),
        ("2026-11", US, "11/22/2026"),
        ("2026-11-03T10:00", US, "date"),
        ("45978", US, "date"),
        ("3/11/2026", CN, "in this order"),
        ("1405/09/01", IR, "Gregorian"),
        ("12 2026 2026", GB, ""),
        ("1=1", US, "date"),
        ("x" * 500, US, "date"),
    ],
)
def test_a_day_that_is_none_is_refused_with_the_reason(text: str, viewer: Viewer, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        Date().parse(text, viewer)
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    "value", [datetime(2026, 1, 1, tzinfo=UTC), 5, 20261122, 1.5, True, [], {}, "x", b"2026-01-01"]
)
def test_a_day_is_not_made_of_other_things(value: Any) -> None:
    with pytest.raises(Refused):
        Date().clean(value)


def test_days_are_shown_as_the_locale_writes_them() -> None:
    assert Date().format(DAY, US) == "Nov 3, 2026"
    assert Date().format(DAY, FI) == "3.11.2026"
    assert Date().format(DAY, IR) == "۳ نوامبر ۲۰۲۶"
    assert Date().edit(DAY, US) == "11/3/2026"
    assert Date().edit(DAY, GB) == "03/11/2026"
    assert 'datetime="2026-11-03"' in Date().cell(DAY, IR)


def test_early_years_survive() -> None:
    for viewer in EVERYBODY:
        for day in (date.min, date(99, 5, 6), date(1699, 1, 2), date.max):
            assert Date().parse(Date().edit(day, viewer), viewer) == day


def test_last_and_next_days_hold_today_in_the_zone_of_the_viewer() -> None:
    with clock.frozen(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)):
        assert Date().span("last", "7", FI) == (date(2026, 11, 16), date(2026, 11, 23))
        assert Date().span("next", "۷", US) == (date(2026, 11, 22), date(2026, 11, 29))
        for text in ("", "x", "-1", "0", "1.5", "999999"):
            with pytest.raises(Refused):
                Date().span("last", text, FI)


@pytest.mark.parametrize(
    ("text", "viewer", "expected"),
    [
        ("2026-11-03T14:30", FI, (2026, 11, 3, 12, 30)),
        ("2026-11-03 14:30", US, (2026, 11, 3, 19, 30)),
        ("2026-11-03T14:30Z", US, (2026, 11, 3, 14, 30)),
        ("2026-11-03T14:30+03:30", US, (2026, 11, 3, 11, 0)),
        ("2026-11-03 14:30:15", NEUTRAL, (2026, 11, 3, 14, 30, 15)),
        ("2026-11-03T14:30:15.25-0800", NEUTRAL, (2026, 11, 3, 22, 30, 15, 250000)),
        ("3.11.2026 14.30", FI, (2026, 11, 3, 12, 30)),
        ("11/3/2026 2:30 PM", US, (2026, 11, 3, 19, 30)),
        ("11/3/2026, 12:05 am", US, (2026, 11, 3, 5, 5)),
        ("2026-11-03", FI, (2026, 11, 2, 22, 0)),
        ("۲۰۲۶/۱۱/۰۳ ۱۴:۳۰", IR, (2026, 11, 3, 11, 0)),
        ("2026-11-03 14:30 UTC", FI, (2026, 11, 3, 14, 30)),
        ("3 Nov 2026, 14:30", GB, (2026, 11, 3, 14, 30)),
    ],
)
def test_an_instant_is_wall_time_of_its_writer_unless_it_says_more(
    text: str, viewer: Viewer, expected: tuple[int, ...]
) -> None:
    assert DateTime().parse(text, viewer) == datetime(*expected, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-03 24:00",
        "2026-11-03 14:60",
        "2026-11-03 14:30:61",
        "2026-02-30 10:00",
        "2026-11-03 14:30 +99:00",
        "14:30",
        "now",
        "2026-11-03 13:30 PM x",
    ],
)
def test_an_instant_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        DateTime().parse(text, FI)


def test_a_wall_time_that_does_not_exist_is_read_with_the_offset_before_the_gap() -> None:
    # Finland, 29 March 2026: 03:00 becomes 04:00.
    assert DateTime().parse("2026-03-29 03:30", FI) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_wall_time_that_exists_twice_is_its_first_and_the_second_keeps_its_instant() -> None:
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert DateTime().parse("2026-10-25 03:30", FI) == first
    assert DateTime().edit(first, FI) == "25.10.2026 03:30"
    assert DateTime().edit(second, FI) == "2026-10-25T01:30:00.000000Z"
    assert DateTime().parse(DateTime().edit(second, FI), FI) == second


def test_an_instant_is_stored_in_fixed_width_utc() -> None:
    there = datetime(2026, 11, 3, 16, 30, tzinfo=timezone(timedelta(hours=2)))
    assert DateTime().pack(DateTime().clean(there)) == "2026-11-03T14:30:00.000000Z"
    assert DateTime().format(there, DE) == "03.11.2026, 15:30"


@pytest.mark.parametrize("value", [DAY, 0, 1.5, "x", [], "2026-13-01T00:00Z"])
def test_an_instant_is_not_made_of_other_things(value: Any) -> None:
    with pytest.raises(Refused):
        DateTime().clean(value)


def test_an_instant_needs_a_zone_and_a_calendar() -> None:
    noon = datetime(2026, 11, 3, 12, tzinfo=UTC)
    with pytest.raises(Refused, match="Say the time zone"):
        DateTime().clean(noon.replace(tzinfo=None))
    with pytest.raises(Refused, match="Say the time zone"):
        DateTime().clean("2026-11-03T12:00")
    for year in (1, 9999):
        for zone in (timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))):
            with pytest.raises(Refused, match="outside of the calendar"):
                DateTime().clean(datetime(year, 1 if year == 1 else 12, 1 if year == 1 else 31, 12, tzinfo=zone))
