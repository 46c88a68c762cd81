"""Recurrence: held against python-dateutil and recurring-ical-events, over clock changes, and against what nobody should send."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from time import perf_counter
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from django.utils import translation
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event
from recurring_ical_events import of

from kith.kernel.errors import Refused
from kith.kernel.recurrence import (
    MOST,
    Change,
    Recurrence,
    Rule,
    days,
    following,
    next_day,
    occurrences,
    sentence,
)
from kith.kernel.times import WallTime
from kith.kernel.viewer import LOCALES, Viewer

many = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


def wall(text: str) -> datetime:
    """A naive moment: what a clock on the wall says."""
    return datetime.fromisoformat(text)


START = wall("2026-11-23T09:00")

weekdays = st.lists(st.integers(0, 6), min_size=1, max_size=4, unique=True)
months = st.lists(st.integers(1, 12), max_size=3, unique=True)
month_days = st.lists(st.integers(-31, 31).filter(bool), min_size=1, max_size=4, unique=True)
NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def named(numbers: list[int], nth: st.SearchStrategy[int] | None, draw: st.DrawFn) -> str:
    return ",".join(f"{(draw(nth) or '') if nth is not None else ''}{NAMES[n]}" for n in numbers)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A rule as programs write them, in each of the ways that RFC 5545 allows."""
    every = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={every}"]
    if interval := draw(st.sampled_from([0, 0, 2, 3, 5, 12])):
        parts.append(f"INTERVAL={interval}")
    if chosen := draw(months):
        parts.append(f"BYMONTH={','.join(map(str, chosen))}")
    if every != "WEEKLY" and draw(st.booleans()):
        parts.append(f"BYMONTHDAY={','.join(map(str, draw(month_days)))}")
    if every == "YEARLY" and draw(st.integers(0, 3)) == 0:
        parts.append(
            f"BYYEARDAY={','.join(map(str, draw(st.lists(st.integers(1, 366), min_size=1, max_size=5, unique=True))))}"
        )
    if every == "YEARLY" and draw(st.integers(0, 3)) == 0:
        # Without BYDAY, dateutil takes all seven days of a week where RFC 5545 means that of the start.
        parts.append(
            f"BYWEEKNO={','.join(map(str, draw(st.lists(st.integers(1, 53), min_size=1, max_size=5, unique=True))))}"
        )
        parts.append(f"BYDAY={named(draw(weekdays), None, draw)}")
    elif draw(st.booleans()):
        # Where some of the days are counted and others are not, dateutil wants both at once, against RFC 5545.
        counted = every in ("MONTHLY", "YEARLY") and draw(st.booleans())
        nth = st.integers(-5, 5).filter(bool) if counted else None
        parts.append(f"BYDAY={named(draw(weekdays), nth, draw)}")
    # The first week of theirs begins with the start, so that its places are counted from there; a month of theirs is whole, as ours are.
    if every != "WEEKLY" and "BY" in "".join(parts) and draw(st.integers(0, 3)) == 0:
        parts.append(f"BYSETPOS={draw(st.sampled_from(['1', '-1', '2', '1,-1']))}")
    if draw(st.integers(0, 3)) == 0:
        parts.append(f"WKST={draw(st.sampled_from(NAMES))}")
    match draw(st.integers(0, 2)):
        case 1:
            parts.append(f"COUNT={draw(st.integers(1, 30))}")
        case 2:
            parts.append(f"UNTIL={draw(st.dates(date(2024, 1, 1), date(2040, 1, 1))):%Y%m%d}")
    return ";".join(parts)


def written(text: str) -> Rule:
    try:
        return Rule.of(text)
    except Refused:
        assume(False)
        raise


@many
@given(text=rules(), start=st.dates(date(2020, 1, 1), date(2028, 12, 31)), ahead=st.integers(0, 2000))
def test_a_rule_names_the_days_that_dateutil_names(text: str, start: date, ahead: int) -> None:
    rule = written(text)
    begin = datetime.combine(start, datetime.min.time())
    first, last = start + timedelta(days=ahead), start + timedelta(days=ahead + 2200)
    # Without this, theirs looks for a next day until the year 9999.
    with mock.patch("datetime.MAXYEAR", 2045):
        theirs = [found.date() for found in takewhile(lambda at: at.date() <= last, rrulestr(text, dtstart=begin))]
    if theirs[:1] != [start] and (rule.until is None or rule.until >= start):
        # Theirs does not count a start that does not fit; RFC 5545 does, so that one fewer comes at the end.
        theirs = [start, *theirs][: rule.count or None]
    assert list(rule.dates(start, first, last)) == [day for day in theirs if day >= first]
    assert Rule.of(str(rule)) == rule


@many
@given(
    text=rules(),
    start=st.datetimes(wall("2025-01-01T00:00"), wall("2027-01-01T00:00")).map(
        lambda at: at.replace(minute=30, second=0, microsecond=0)
    ),
    zone=st.sampled_from(
        ["Europe/Helsinki", "America/New_York", "Asia/Tehran", "Australia/Lord_Howe", "Africa/Casablanca"]
    ),
    without=st.lists(st.integers(0, 20), max_size=3),
    extra=st.lists(st.integers(1, 900), max_size=3),
)
def test_a_series_happens_when_recurring_ical_events_says(
    text: str, start: datetime, zone: str, without: list[int], extra: list[int]
) -> None:
    # Theirs reads UNTIL as an instant, which is the subject of the tests of iCalendar.
    rule = written(";".join(part for part in text.split(";") if not part.startswith("UNTIL")))
    begin = WallTime(start, zone)
    assume(not begin.missing)
    series = Recurrence(rule, tuple(start + timedelta(days=n, hours=3) for n in extra)).checked()
    own = occurrences(begin, series, begin.instant, begin.instant + timedelta(days=900))
    gone = [own[n].original for n in without if n < len(own)]
    series = Recurrence(rule, series.extra, tuple(gone)).checked()
    event = Event()
    event.add("uid", "a")
    event.add("dtstart", start.replace(tzinfo=ZoneInfo(zone)))
    event["rrule"] = str(rule)
    if series.extra:
        event.add("rdate", [moment.replace(tzinfo=ZoneInfo(zone)) for moment in series.extra])
    if series.without:
        event.add("exdate", [moment.replace(tzinfo=ZoneInfo(zone)) for moment in series.without])
    theirs = Calendar()
    theirs.add_component(Event.from_ical(event.to_ical()))
    until = begin.instant + timedelta(days=900)
    expected = {found["DTSTART"].dt.astimezone(UTC) for found in of(theirs).between(begin.instant, until)}
    # Theirs leaves a start out that does not fit the rule; RFC 5545 counts it, and then one fewer comes at the end.
    mine = [one.instant for one in occurrences(begin, series, begin.instant, until)]
    if start.date() in set(rule.dates(start.date() - timedelta(days=1), start.date(), start.date())) or not rule.count:
        assert set(mine) - {begin.instant} == expected - {begin.instant}
    assert mine == sorted(mine)


def test_nine_o_clock_stays_nine_o_clock_when_the_clocks_change() -> None:
    found = occurrences(
        WallTime(wall("2026-03-27T09:00"), "Europe/Helsinki"),
        Recurrence.of("RRULE:FREQ=DAILY"),
        datetime(2026, 3, 28, tzinfo=UTC),
        datetime(2026, 3, 30, 12, tzinfo=UTC),
        minutes=60,
    )
    assert [f"{one.instant:%d %H:%M}–{one.end:%H:%M}" for one in found] == [
        "28 07:00–08:00",
        "29 06:00–07:00",
        "30 06:00–07:00",
    ]


@pytest.mark.parametrize(
    ("zone", "begins", "instants"),
    [
        # 02:30 does not come on 29 March: it is read with the offset before, as 03:30 summer time.
        ("Europe/Berlin", wall("2026-03-28T02:30"), ["28 01:30", "29 01:30", "30 00:30"]),
        # 02:30 comes twice on 25 October: the first of them.
        ("Europe/Berlin", wall("2026-10-24T02:30"), ["24 00:30", "25 00:30", "26 01:30"]),
        # Lord Howe puts its clocks by half an hour.
        ("Australia/Lord_Howe", wall("2026-04-04T01:45"), ["03 14:45", "04 14:45", "05 15:15"]),
        # Apia had no 30 December 2011: its time is that of the next day.
        ("Pacific/Apia", wall("2011-12-29T09:00"), ["29 19:00", "30 19:00", "30 19:00"]),
    ],
)
def test_gaps_and_hours_that_come_twice(zone: str, begins: datetime, instants: list[str]) -> None:
    start = WallTime(begins, zone)
    found = occurrences(start, Recurrence.of("FREQ=DAILY;COUNT=3"), start.instant, start.instant + timedelta(days=5))
    assert [f"{one.instant:%d %H:%M}" for one in found] == instants
    assert [one.original for one in found] == [begins + timedelta(days=n) for n in range(3)]


def test_exceptions_move_lengthen_and_leave_out() -> None:
    start = WallTime(START, "Europe/Ljubljana")
    series = Recurrence.of("RRULE:FREQ=WEEKLY;BYDAY=MO")
    second, third = START + timedelta(days=7), START + timedelta(days=14)
    series = series.changing(second, wall("2026-11-24T14:00"), 30).leaving_out(third)
    series = Recurrence(series.rule, (wall("2026-11-26T11:00"),), series.without, series.changes).checked()
    found = occurrences(start, series, start.instant, start.instant + timedelta(days=22), minutes=45)
    assert [(f"{one.start.wall:%d %H:%M}", one.minutes, one.changed) for one in found] == [
        ("23 09:00", 45, False),
        ("24 14:00", 30, True),
        ("26 11:00", 45, False),
        ("14 09:00", 45, False),
    ]
    assert found[1].original == second
    assert Recurrence.of(str(series)) == series
    # What the rule no longer makes has nothing to change.
    tuesdays = Recurrence(Rule.of("FREQ=WEEKLY;BYDAY=TU"), changes=series.changes).checked()
    assert not any(
        one.changed for one in occurrences(start, tuesdays, start.instant, start.instant + timedelta(days=22))
    )
    # A change is found where it went to, not where it came from.
    far = Recurrence.of("FREQ=WEEKLY;BYDAY=MO;COUNT=5").changing(second, wall("2027-06-01T09:00"))
    june = occurrences(start, far, datetime(2027, 6, 1, tzinfo=UTC), datetime(2027, 6, 2, tzinfo=UTC))
    assert [one.original for one in june] == [second]


def test_a_series_begins_later_on_the_same_days_with_its_exceptions() -> None:
    series = Recurrence.of("FREQ=DAILY").leaving_out(START + timedelta(days=1)).shifted(timedelta(hours=1))
    assert series.without == (START + timedelta(days=1, hours=1),)
    assert Recurrence.of("FREQ=DAILY;COUNT=9").ending(date(2026, 12, 1)) == Recurrence.of("FREQ=DAILY;UNTIL=20261201")


def test_every_reading_is_bounded() -> None:
    start = WallTime(wall("1926-01-01T09:00"), "Asia/Tokyo")
    endless = Recurrence.of("FREQ=DAILY")
    assert endless.endless
    begun = perf_counter()
    assert len(occurrences(start, endless, start.instant, datetime(9990, 1, 1, tzinfo=UTC))) == MOST
    assert len(occurrences(start, endless, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 8, tzinfo=UTC))) == 7
    assert occurrences(start, endless, datetime(2500, 1, 1, tzinfo=UTC), datetime(9990, 1, 1, tzinfo=UTC)) == []
    assert perf_counter() - begun < 5
    edges = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert len(occurrences(start, endless, *edges, most=3)) == 3
    assert list(Rule("DAILY").dates(date(1, 1, 1), date(1, 1, 1), date(1, 12, 31))) == [date(1, 1, 1)]
    assert days(date(9980, 1, 1), endless, date(9989, 12, 30), date.max) == [date(9989, 12, 30), date(9989, 12, 31)] + [
        date(9990, 1, 1) + timedelta(days=n) for n in range(365)
    ]


def test_what_comes_next() -> None:
    start = WallTime(START, "Europe/Helsinki")
    leap = Recurrence.of("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")
    first = following(start, leap, start.instant)
    assert first is not None
    assert first.start.wall == wall("2028-02-29T09:00")
    assert next_day(date(2026, 11, 23), leap, date(2028, 2, 29)) == date(2032, 2, 29)
    assert following(start, Recurrence.of("FREQ=DAILY;COUNT=2"), start.instant + timedelta(days=1)) is None
    assert following(start, None, start.instant - timedelta(days=900)) is not None
    assert next_day(date(2026, 11, 23), None, date(2026, 11, 23)) is None
    assert days(date(2026, 11, 23), None, date(2026, 11, 1), date(2026, 11, 30)) == [date(2026, 11, 23)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no rule"),
        ("FREQ=SOMETIMES", "no rule"),
        ("FREQ=WEEKLY;FREQ=DAILY", "no rule"),
        ("FREQ=WEEKLY;BYDAY=XX", "no rule"),
        ("FREQ=WEEKLY;X-NEW=1", "no rule"),
        ("FREQ=DAILY;" + "BYMONTH=1," * 900, "no rule"),
        ("FREQ=SECONDLY", "several times a day"),
        ("FREQ=DAILY;BYHOUR=9,15", "several times a day"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "not both"),
        ("FREQ=DAILY;COUNT=0", "COUNT takes whole numbers from 1 to 10,000"),
        ("FREQ=DAILY;COUNT=99999999999999999999", "COUNT takes"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL takes"),
        ("FREQ=DAILY;INTERVAL=١", "INTERVAL takes"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "minus sign"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "minus sign"),
        ("FREQ=DAILY;UNTIL=20260231", "no day"),
        ("FREQ=DAILY;UNTIL=tomorrow", "no day"),
        ("FREQ=WEEKLY;BYDAY=1MO", "first Monday"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY has no meaning"),
        ("FREQ=DAILY;BYSETPOS=1", "BYSETPOS has no meaning"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never happen"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31;INTERVAL=999", "never happen"),
        ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", "never happen"),
        ("FREQ=MONTHLY;BYDAY=6FR", "never happen"),
    ],
)
def test_impossible_and_hostile_rules_are_refused_in_words_and_at_once(text: str, says: str) -> None:
    begun = perf_counter()
    with pytest.raises(Refused, match=says):
        Rule.of(text)
    assert perf_counter() - begun < 2


def test_never_is_written_9999_and_means_no_end() -> None:
    assert Rule.of("FREQ=DAILY;UNTIL=99991231T235959Z") == Rule("DAILY")


@pytest.mark.parametrize(
    "text",
    [
        "EXDATE:20261123T090000",
        "RRULE:FREQ=DAILY RRULE:FREQ=DAILY",
        "RDATE:20261131",
        "CHANGED:x=y",
        "DTSTART:20261123",
        "RDATE:",
    ],
)
def test_a_series_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"\.$"):
        Recurrence.of(text)


def test_exceptions_are_counted() -> None:
    many_days = tuple(START + timedelta(days=n) for n in range(501))
    with pytest.raises(Refused, match="500 exceptions"):
        Recurrence(Rule("DAILY"), without=many_days).checked()
    with pytest.raises(Refused, match="four weeks"):
        Recurrence(Rule("DAILY"), changes=(Change(START, START, 10**6),)).checked()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FREQ=DAILY", "Every day."),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE,MO;COUNT=1", "Every 2 weeks on Monday and Wednesday. 1 time in all."),
        ("FREQ=DAILY;UNTIL=20270305", "Every day. The last time is 5 Mar 2027 at the latest."),
        ("FREQ=MONTHLY;BYDAY=1MO,-1FR;COUNT=10", "Every month on the first Monday and the last Friday. 10 times in all."),
        ("FREQ=MONTHLY;BYMONTHDAY=1,-1", "Every month on day 1 and the last day."),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", "Every year in December on day 24."),
        ("FREQ=DAILY;BYMONTHDAY=13;BYDAY=FR", "Every day. Only on day 13 of a month. Only where that is Friday."),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1",
            "Every month on Monday and Tuesday. Of the days of one period, only these count: the last one.",
        ),
    ],
)  # fmt: skip
def test_a_series_is_said_in_words(text: str, words: str) -> None:
    with translation.override("en"):
        assert sentence(Recurrence.of(text), Viewer()) == words


@many
@given(text=rules(), language=st.sampled_from(sorted(LOCALES)))
def test_every_rule_has_words_in_every_language(text: str, language: str) -> None:
    rule = written(text)
    with translation.override(language):
        said = sentence(Recurrence(rule, without=(START,)), Viewer(language=language, calendar="jalali"))
    assert said.endswith((".", "。"))
    assert "%(" not in said
    assert "FREQ" not in said
