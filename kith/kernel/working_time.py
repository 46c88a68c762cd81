"""Working time of somebody, over a window: when she works, when she next does, and how much of it lies between two moments.

Pure: hours, week-ends, holidays and absences come in. All results are instants in UTC and whole minutes; between them lie clock changes,
so that a shift over a night may take an hour more or less than its wall times say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .culture import culture
from .hours import DAY, WORKING, Span
from .public_holidays import holiday
from .times import WallTime

#: How far ahead working time is looked for, in days: longer than any leave or row of holidays.
HORIZON = 400
#: How long a window may be, in days.
LONGEST = 3700
_MINUTE, _ONE_DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True, order=True)
class Spell:
    """From an instant to another, the end not included."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        """Whole minutes of it."""
        return (self.end - self.start) // _MINUTE


@dataclass(frozen=True)
class WorkWeek:
    """When somebody works: `hours` on the wall of `zone`, on `days` (Monday as 0) that are no holiday.

    A span that passes midnight belongs to the day on which it begins: whoever is free on a holiday is free of the night after it.
    `holiday(day)` gives the name of a holiday or "". `away` are absences, as instants.
    """

    zone: str
    hours: tuple[Span, ...] = (WORKING,)
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    holiday: Callable[[date], str] = lambda day: ""
    away: tuple[Spell, ...] = ()

    def works_on(self, day: date) -> bool:
        """Whether a shift begins on `day`."""
        return day.weekday() in self.days and not self.holiday(day)


def usual_week(country: str, zone: str = "", region: str = "", hours: tuple[Span, ...] = (WORKING,)) -> WorkWeek:
    """The week of offices in a country, as the house knows it; what administrators say of it is `kith.objects.countries.working`'s."""
    usual = culture(country)
    return WorkWeek(
        zone=zone or usual.zone or "UTC",
        hours=hours,
        days=tuple(day for day in range(7) if day not in usual.weekend),
        holiday=lambda day: holiday(country, day, region=region) if country else "",
    )


def working(week: WorkWeek, since: datetime, until: datetime) -> list[Spell]:
    """The working time between two instants (aware), in order, cut at both; spells that touch are one."""
    since, until = _checked(since, until)
    return without(merged(_within(_shifts(week, since, until), since, until)), week.away)


def working_minutes(week: WorkWeek, since: datetime, until: datetime) -> int:
    """How many minutes of working time lie between two instants; 0 when the second is the earlier one.

    Seconds are added up before they are cut, so that a first answer is measured once and not spell by spell.
    """
    if until <= since:
        return 0
    return sum((spell.end - spell.start for spell in working(week, since, until)), timedelta()) // _MINUTE


def next_working(week: WorkWeek, at: datetime) -> datetime | None:
    """The first instant from `at` on at which she works: `at` itself when she does; None when that is not within a year."""
    return next((spell.start for spell in _ahead(week, at)), None)


def after_working(week: WorkWeek, since: datetime, minutes: int) -> datetime | None:
    """The instant at which so many minutes of working time are over since `since`: when a first answer is due.

    None when it is not within a year. No minutes at all are over when she next works.
    """
    left = timedelta(minutes=minutes)
    for spell in _ahead(week, since):
        if spell.end - spell.start >= left:
            return spell.start + left
        left -= spell.end - spell.start
    return None


def merged(spells: Iterable[Spell]) -> list[Spell]:
    """The same time in as few spells as possible, in order."""
    found: list[Spell] = []
    for spell in sorted(spells):
        if spell.end <= spell.start:
            continue
        if found and spell.start <= found[-1].end:
            found[-1] = Spell(found[-1].start, max(found[-1].end, spell.end))
        else:
            found.append(spell)
    return found


def without(spells: Iterable[Spell], taken: Iterable[Spell]) -> list[Spell]:
    """What of `spells` is not `taken`: working time without appointments is when somebody is free."""
    gone = merged(taken)
    found = []
    for spell in merged(spells):
        start = spell.start
        for other in gone:
            if other.end <= start:
                continue
            if other.start >= spell.end:
                break
            if other.start > start:
                found.append(Spell(start, other.start))
            start = max(start, other.end)
        if start < spell.end:
            found.append(Spell(start, spell.end))
    return found


def _checked(since: datetime, until: datetime) -> tuple[datetime, datetime]:
    if since.tzinfo is None or until.tzinfo is None:
        raise ValueError("A window is made of instants.")
    if until - since > timedelta(days=LONGEST):
        raise ValueError(f"A window of working time is {LONGEST} days long at most.")
    return since.astimezone(UTC), until.astimezone(UTC)


def _shifts(week: WorkWeek, since: datetime, until: datetime) -> Iterator[Spell]:
    """Every shift that may touch the window."""
    zone = ZoneInfo(week.zone)
    day = since.astimezone(zone).date() - _ONE_DAY
    last = until.astimezone(zone).date()
    while day <= last:
        if week.works_on(day):
            for span in week.hours:
                yield Spell(
                    _instant(day, span.start, week.zone), _instant(_end_day(day, span), span.end % DAY, week.zone)
                )
        day += _ONE_DAY


def _end_day(day: date, span: Span) -> date:
    return day + _ONE_DAY if span.end <= span.start or span.end == DAY else day


def _instant(day: date, minute: int, zone: str) -> datetime:
    return WallTime(datetime.combine(day, time(minute // 60, minute % 60)), zone).instant


def _within(spells: Iterable[Spell], since: datetime, until: datetime) -> Iterator[Spell]:
    for spell in spells:
        yield Spell(max(spell.start, since), min(spell.end, until))


def _ahead(week: WorkWeek, at: datetime) -> Iterator[Spell]:
    """Working time from `at` on, a fortnight at a time."""
    for _turn in range(0, HORIZON, 14):
        until = at + timedelta(days=14)
        yield from working(week, at, until)
        at = until


__all__ = [
    "Spell", "WorkWeek", "after_working", "merged", "next_working", "usual_week", "without", "working", "working_minutes",
]  # fmt: skip
