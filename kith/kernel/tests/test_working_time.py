"""Working time: minute by minute, over nights, clock changes, week-ends, holidays and absences."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.kernel.hours import Span
from kith.kernel.working_time import (
    Spell,
    WorkWeek,
    after_working,
    merged,
    next_working,
    usual_week,
    without,
    working,
    working_minutes,
)

many = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
NINE_TO_FIVE = WorkWeek("Europe/Helsinki")
MINUTE = timedelta(minutes=1)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def works(week: WorkWeek, moment: datetime) -> bool:
    """Whether a minute is worked, looked at by itself."""
    local = moment.astimezone(ZoneInfo(week.zone))
    minute, today, yesterday = local.hour * 60 + local.minute, local.date(), local.date() - timedelta(days=1)
    if any(spell.start <= moment < spell.end for spell in week.away):
        return False
    for span in week.hours:
        late = span.end <= span.start
        if week.works_on(today) and span.start <= minute and (late or minute < span.end):
            return True
        if late and week.works_on(yesterday) and minute < span.end:
            return True
    return False


# No boundary lies between midnight and five, where clocks change: there the wall time is twice or never.
boundaries = st.integers(10, 47).map(lambda n: n * 30)
spans = st.tuples(boundaries, boundaries).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Span(*pair))
moments = st.integers(0, 60 * 24 * 60).map(lambda n: at("2026-03-01") + n * MINUTE)
weeks = st.builds(
    WorkWeek,
    st.sampled_from(["Europe/Helsinki", "America/New_York", "Asia/Tehran", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    st.lists(spans, min_size=1, max_size=2).map(tuple),
    st.lists(st.integers(0, 6), unique=True).map(tuple),
    st.sampled_from([lambda day: "", lambda day: "Holiday" if day.day in (9, 30) else ""]),
    st.lists(st.tuples(moments, moments).map(lambda pair: Spell(*sorted(pair))), max_size=2).map(tuple),
)


@many
@given(week=weeks, since=moments, length=st.integers(0, 6000))
def test_working_time_is_what_each_minute_says(week: WorkWeek, since: datetime, length: int) -> None:
    until = since + length * MINUTE
    minutes = [since + n * MINUTE for n in range(length)]
    expected = [moment for moment in minutes if works(week, moment)]
    found = working(week, since, until)
    assert [spell.start + n * MINUTE for spell in found for n in range(spell.minutes)] == expected
    assert working_minutes(week, since, until) == len(expected)
    assert all(one.end < other.start for one, other in pairwise(found))
    following = next_working(week, since)
    if expected:
        assert following == expected[0]
        due = after_working(week, since, len(expected))
        assert due is not None
        assert working_minutes(week, since, due) == len(expected)
        assert due <= until


def test_what_lies_between_two_moments() -> None:
    friday, monday = at("2026-11-20T16:30", "Europe/Helsinki"), at("2026-11-23T09:45", "Europe/Helsinki")
    assert working_minutes(NINE_TO_FIVE, friday, monday) == 75
    assert working_minutes(NINE_TO_FIVE, monday, friday) == 0
    assert after_working(NINE_TO_FIVE, friday, 75) == monday
    assert after_working(NINE_TO_FIVE, at("2026-11-21T12:00"), 0) == at("2026-11-23T09:00", "Europe/Helsinki")
    # Seconds of several spells add up.
    assert working_minutes(NINE_TO_FIVE, friday + timedelta(seconds=30), monday + timedelta(seconds=30)) == 75


def test_a_night_over_a_clock_change_is_longer_or_shorter() -> None:
    night = WorkWeek("Europe/Berlin", (Span(22 * 60, 6 * 60),), tuple(range(7)))
    noon = [at(f"2026-{day}T12:00", "Europe/Berlin") for day in ("10-24", "10-25", "03-28", "03-29", "11-23", "11-24")]
    assert [working_minutes(night, noon[n], noon[n + 1]) for n in (0, 2, 4)] == [540, 420, 480]


def test_week_ends_and_holidays_are_the_country_s() -> None:
    day = at("2026-12-06T00:00", "Europe/Helsinki"), at("2026-12-07T00:00", "Europe/Helsinki")
    assert working(usual_week("FI"), *day) == []
    thursday = at("2026-12-24T00:00", "Europe/Helsinki"), at("2026-12-27T00:00", "Europe/Helsinki")
    assert working_minutes(usual_week("FI"), *thursday) == 0
    # In Iran people work on Saturday and Sunday.
    iran = usual_week("IR")
    assert iran.days == (0, 1, 2, 3, 5, 6)
    assert iran.zone == "Asia/Tehran"
    assert next_working(WorkWeek("UTC", days=()), at("2026-11-23")) is None
    assert after_working(WorkWeek("UTC", days=()), at("2026-11-23"), 5) is None


def test_an_absence_is_no_working_time() -> None:
    away = Spell(at("2026-11-23T08:00"), at("2026-11-23T10:00"))
    week = WorkWeek("UTC", away=(away,))
    assert working_minutes(week, at("2026-11-23"), at("2026-11-24")) == 7 * 60
    assert next_working(week, at("2026-11-23")) == at("2026-11-23T10:00")


def test_spells_are_merged_and_taken_from_each_other() -> None:
    a, b, c, d = (at("2026-11-23") + n * timedelta(hours=1) for n in range(4))
    assert merged([Spell(b, c), Spell(a, b), Spell(d, d)]) == [Spell(a, c)]
    assert without([Spell(a, d)], [Spell(b, c)]) == [Spell(a, b), Spell(c, d)]
    assert without([Spell(a, b)], [Spell(a, b)]) == []


def test_windows_are_bounded() -> None:
    with pytest.raises(ValueError, match="days long"):
        working(NINE_TO_FIVE, at("2000-01-01"), at("2026-01-01"))
    with pytest.raises(ValueError, match="instants"):
        working(NINE_TO_FIVE, datetime.fromisoformat("2026-01-01"), at("2026-01-02"))
    assert not WorkWeek("UTC", holiday=lambda day: "x").works_on(date(2026, 11, 23))
