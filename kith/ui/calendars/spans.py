"""Stretches of days that a calendar shows: months of the viewer's own calendar, weeks that begin where hers do, days, and what comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from kith.kernel.calendars import GREGORIAN, Calendar, calendar
from kith.kernel.dates import write_day
from kith.kernel.viewer import Viewer

MONTH, WEEK, DAY, AGENDA = "month", "week", "day", "agenda"
#: Key → what it is called, in the order of the buttons.
SPANS: dict[str, Any] = {
    DAY: pgettext_lazy("stretch of a calendar", "Day"),
    WEEK: pgettext_lazy("stretch of a calendar", "Week"),
    MONTH: pgettext_lazy("stretch of a calendar", "Month"),
    AGENDA: pgettext_lazy("stretch of a calendar", "Agenda"),
}
#: So many days an agenda looks ahead.
AHEAD = 30
#: Weeks around these need days that there are none of.
FIRST, LAST = date(1, 3, 1), date(9999, 10, 31)


@dataclass(frozen=True)
class Span:
    """The days to show, and those of the month that is meant; `before` and `after` are where the arrows lead."""

    key: str
    days: list[date]
    inner: tuple[date, date]
    before: date
    after: date
    title: str

    def inside(self, day: date) -> bool:
        """Whether a day belongs to the month that is shown and not to its neighbours."""
        return self.inner[0] <= day <= self.inner[1]


def span(key: str, at: date, viewer: Viewer) -> Span:
    """The stretch called `key` around `at`."""
    at = min(max(at, FIRST), LAST)
    return _SPANS.get(key, _month)(at, viewer)


def _run(first: date, count: int) -> list[date]:
    return [first + timedelta(days=i) for i in range(count)]


def _own(at: date, viewer: Viewer) -> Calendar:
    own = calendar(viewer.calendar)
    return own if own.holds(at) else calendar(GREGORIAN)


def _month(at: date, viewer: Viewer) -> Span:
    own = _own(at, viewer)
    year, month, day = own.of(at)
    first = at - timedelta(days=day - 1)
    last = first + timedelta(days=own.days_in(year, month) - 1)
    start = first - timedelta(days=(first.weekday() - viewer.week_starts) % 7)
    weeks = -(-((last - start).days + 1) // 7)
    return Span(
        MONTH,
        _run(start, weeks * 7),
        (first, last),
        first - timedelta(days=1),
        last + timedelta(days=1),
        write_day(first, viewer, "month"),
    )


def _week(at: date, viewer: Viewer) -> Span:
    start = at - timedelta(days=(at.weekday() - viewer.week_starts) % 7)
    days = _run(start, 7)
    week = timedelta(days=7)
    return Span(WEEK, days, (days[0], days[-1]), at - week, at + week, _from_to(days[0], days[-1], viewer))


def _day(at: date, viewer: Viewer) -> Span:
    one = timedelta(days=1)
    return Span(DAY, [at], (at, at), at - one, at + one, named(at, viewer))


def _agenda(at: date, viewer: Viewer) -> Span:
    days = _run(at, AHEAD)
    ahead = timedelta(days=AHEAD)
    return Span(AGENDA, days, (days[0], days[-1]), at - ahead, at + ahead, _from_to(days[0], days[-1], viewer))


_SPANS = {MONTH: _month, WEEK: _week, DAY: _day, AGENDA: _agenda}


def named(day: date, viewer: Viewer) -> str:
    """A day with its weekday."""
    weekday: Any = viewer.locale.days["format"]["wide"]
    return _("%(weekday)s, %(day)s") % {"weekday": weekday[day.weekday()], "day": write_day(day, viewer, "long")}


def _from_to(first: date, last: date, viewer: Viewer) -> str:
    return _("%(first)s – %(last)s") % {"first": write_day(first, viewer), "last": write_day(last, viewer)}
