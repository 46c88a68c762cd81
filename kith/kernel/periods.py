"""Days, weeks, months, quarters and years as somebody reckons them: in her calendar, with her first day of the week."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from .calendars import MONTHS, Calendar, calendar
from .errors import Refused
from .viewer import Viewer

DAY, WEEK, MONTH, QUARTER, YEAR = "day", "week", "month", "quarter", "year"
#: What filters call a period → its length, and how many of them it lies from the one that now is.
PERIODS: dict[str, tuple[str, int]] = {
    "today": (DAY, 0), "yesterday": (DAY, -1), "tomorrow": (DAY, 1),
    "this_week": (WEEK, 0), "last_week": (WEEK, -1), "next_week": (WEEK, 1),
    "this_month": (MONTH, 0), "last_month": (MONTH, -1), "next_month": (MONTH, 1),
    "this_quarter": (QUARTER, 0), "last_quarter": (QUARTER, -1), "next_quarter": (QUARTER, 1),
    "this_year": (YEAR, 0), "last_year": (YEAR, -1), "next_year": (YEAR, 1),
}  # fmt: skip
_DAYS = {DAY: 1, WEEK: 7}
_MONTHS = {MONTH: 1, QUARTER: 3, YEAR: 12}


def around(day: date, unit: str, viewer: Viewer) -> tuple[date, date]:
    """The first and the last day of the week, month, … that holds `day`."""
    if unit == DAY:
        return day, day
    if unit == WEEK:
        first = moved(day, -((day.weekday() - viewer.week_starts) % 7), DAY, viewer)
        return first, moved(first, 6, DAY, viewer)
    try:
        return _months_around(day, _MONTHS[unit], calendar(viewer.calendar))
    except (Refused, ValueError, OverflowError):
        # At the ends of a calendar's table the Gregorian one goes on.
        return _months_around(day, _MONTHS[unit], calendar(""))


def _months_around(day: date, long: int, hers: Calendar) -> tuple[date, date]:
    year, month, _day = hers.of(day)
    first = month - (month - 1) % long
    last = first + long - 1
    return hers.day(year, first, 1), hers.day(year, last, hers.days_in(year, last))


def moved(day: date, n: int, unit: str, viewer: Viewer) -> date:
    """The day `n` days, weeks, months, … later (earlier where `n` is negative); the last of the month where that has fewer days."""
    try:
        if unit in _DAYS:
            return day + timedelta(days=n * _DAYS[unit])
        try:
            return _months_moved(day, n * _MONTHS[unit], calendar(viewer.calendar))
        except Refused:
            return _months_moved(day, n * _MONTHS[unit], calendar(""))
    except (Refused, ValueError, OverflowError):
        return date.max if n > 0 else date.min


def _months_moved(day: date, months: int, hers: Calendar) -> date:
    year, month, number = hers.of(day)
    years, month = divmod(month - 1 + months, MONTHS)
    first = hers.day(year + years, month + 1, 1)
    return first + timedelta(days=min(number, hers.days_in(year + years, month + 1)) - 1)


def named(key: str, today: date, viewer: Viewer) -> tuple[date, date]:
    """The first and the last day of a period of `PERIODS`, seen from `today`."""
    unit, n = PERIODS[key]
    return around(moved(today, n, unit, viewer), unit, viewer)


def first_moment(day: date, viewer: Viewer) -> datetime:
    """The instant at which `day` begins where the viewer is (aware); where the clocks leave midnight out, the one after it."""
    return datetime.combine(day, time(), viewer.tzinfo)


__all__ = ["DAY", "MONTH", "PERIODS", "QUARTER", "WEEK", "YEAR", "around", "first_moment", "moved", "named"]
