"""Whether now is a good moment to call somebody, and when the next one is. Pure: every fact comes in, nothing is read or looked up.

A wall time belongs to the zone of whoever is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from .times import WallTime

DAY = 24 * 60
#: How far ahead a good moment is looked for: longer than any row of holidays.
HORIZON = 31

State = Literal["yes", "no", "unknown"]
Cause = Literal[
    "do_not_call", "withheld", "no_zone", "quiet", "holiday", "weekend", "not_preferred", "closed", "no_country", "open"
]


@dataclass(frozen=True)
class Span:
    """From a wall time to another, in minutes after midnight. `end` may be 1440 (24:00); one that is before `start` is on the next day."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < DAY and 0 < self.end <= DAY and self.start != self.end):
            raise ValueError(f"{self.start}–{self.end} is no span of a day.")

    def __contains__(self, minute: int) -> bool:
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end

    def __str__(self) -> str:
        """ISO 8601 times with a hyphen between: "22:00-08:00"."""
        return f"{wall(self.start)}-{wall(self.end)}"

    @classmethod
    def of(cls, text: str) -> Span:
        """The span that `str(span)` wrote; ValueError for anything else."""
        found = re.fullmatch(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)", text, re.ASCII)
        if not found:
            raise ValueError(text)
        from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
        return cls(from_hour * 60 + from_minute, to_hour * 60 + to_minute)


def wall(minute: int) -> str:
    """A minute of the day as "08:00"; the end of the day is "24:00"."""
    return f"{minute // 60:02}:{minute % 60:02}"


#: When offices work where nobody said otherwise.
WORKING = Span(9 * 60, 17 * 60)
#: When people are left alone where nobody said otherwise.
QUIET = Span(21 * 60, 8 * 60)


@dataclass(frozen=True)
class Week:
    """How somebody's days go. Weekdays count from Monday as 0; `holiday(day)` gives the name of a public holiday or "".

    `preferred` are the hours that the person asked for: they stand before working hours. `zone` is an IANA name or "", `country` an
    ISO code or "": without them there is no saying. `do_not_call` is None for whoever may not know whether it was asked for: calling in
    spite of it would be worse than not calling.
    """

    zone: str = ""
    country: str = ""
    weekend: tuple[int, ...] = (5, 6)
    working: Span = WORKING
    quiet: Span | None = QUIET
    preferred: Span | None = None
    do_not_call: bool | None = False
    holiday: Callable[[date], str] = lambda day: ""


@dataclass(frozen=True)
class Verdict:
    """`state` is yes, no or unknown; `cause` says why, for whoever puts it into words.

    `local` is now on the person's own clock (None without a zone), `span` the hours that the cause speaks of, `holiday` the name of
    today's, `next` the first good moment from now on (aware, UTC; None when it is now or when there is none in a month).
    """

    state: State
    cause: Cause
    local: datetime | None = None
    span: Span | None = None
    holiday: str = ""
    next: datetime | None = None


def verdict(now: datetime, week: Week) -> Verdict:
    """Whether `now` (aware) is a good moment."""
    local = now.astimezone(ZoneInfo(week.zone)) if week.zone else None
    if week.do_not_call:
        return Verdict("no", "do_not_call", local)
    if week.do_not_call is None:
        return Verdict("unknown", "withheld", local)
    if local is None:
        return Verdict("unknown", "no_zone")
    state, cause, span = _judged(local, week)
    holiday = week.holiday(local.date()) if cause == "holiday" else ""
    following = None if state != "no" else _next(now, local, week)
    return Verdict(state, cause, local, span, holiday, following)


def _judged(local: datetime, week: Week) -> tuple[State, Cause, Span | None]:
    minute = local.hour * 60 + local.minute
    if week.quiet is not None and minute in week.quiet:
        return "no", "quiet", week.quiet
    if not week.country:
        # Neither holidays nor the week-end are known; what the person said herself is.
        if week.preferred is None:
            return "unknown", "no_country", None
        return ("unknown", "no_country", None) if minute in week.preferred else ("no", "not_preferred", week.preferred)
    if week.holiday(local.date()):
        return "no", "holiday", None
    if local.weekday() in week.weekend:
        return "no", "weekend", None
    if week.preferred is not None:
        return ("yes", "open", None) if minute in week.preferred else ("no", "not_preferred", week.preferred)
    return ("yes", "open", None) if minute in week.working else ("no", "closed", week.working)


def _next(now: datetime, local: datetime, week: Week) -> datetime | None:
    """The first moment from now on that is good: it begins where some span begins or ends, or at midnight."""
    zone = ZoneInfo(week.zone)
    for ahead in range(HORIZON):
        day = local.date() + timedelta(days=ahead)
        for minute in _turns(week):
            at = WallTime(datetime.combine(day, time(minute // 60, minute % 60)), week.zone).instant
            if at >= now and _judged(at.astimezone(zone), week)[0] == "yes":
                return at
    return None


def _turns(week: Week) -> Iterator[int]:
    """Minutes of the day at which the verdict may change, in order."""
    spans = (week.preferred or week.working, week.quiet)
    found = {0, *(minute % DAY for span in spans if span for minute in (span.start, span.end))}
    yield from sorted(found)


__all__ = ["DAY", "QUIET", "WORKING", "Span", "Verdict", "Week", "verdict", "wall"]
