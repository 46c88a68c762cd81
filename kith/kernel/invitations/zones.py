"""A time zone as VTIMEZONE (RFC 5545, 3.6.5): by rules where its clocks change by rules, change by change where they do not.

The library's own writes a list of dates, which vobject and some mail programs pass over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from ..recurrence.rule import WEEKDAYS

#: Changes by one rule for so many years in a row are written as that rule.
ENOUGH = 3
_NOTHING = timedelta()


@dataclass(frozen=True)
class _Turn:
    """The clocks of a zone change at `instant`, which they call `wall` before they do."""

    instant: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool

    @property
    def wall(self) -> datetime:
        return (self.instant + self.before).replace(tzinfo=None)

    @property
    def way(self) -> tuple[Any, ...]:
        """What changes by one rule have in common."""
        wall = self.wall
        return self.before, self.after, self.name, self.summer, wall.month, wall.weekday(), wall.time()

    @property
    def places(self) -> set[int]:
        """Which one of its weekday in its month it is: from the beginning, and -1 for the last."""
        last = (self.wall + timedelta(days=7)).month != self.wall.month
        return {(self.wall.day - 1) // 7 + 1, *((-1,) if last else ())}


@lru_cache(maxsize=200)
def described(zone: str, first: int, last: int) -> Timezone:
    """The zone from the beginning of the year `first` to the end of the year `last`; its rules go on after that."""
    turns = _turns(zone, first, last)
    described = Timezone()
    described.add("tzid", zone)
    begin = datetime(first, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(zone))
    offset = begin.utcoffset() or _NOTHING
    here = _Turn(begin.astimezone(UTC), offset, offset, begin.tzname() or zone, bool(begin.dst()))
    described.add_component(_observance(here))
    for run in _runs(turns):
        if len(run) < ENOUGH:
            for turn in run:
                described.add_component(_observance(turn))
        else:
            described.add_component(_observance(run[0], run, goes_on=run[-1].wall.year == last))
    return described


def _observance(turn: _Turn, run: list[_Turn] | None = None, *, goes_on: bool = False) -> Any:
    found = TimezoneDaylight() if turn.summer else TimezoneStandard()
    found.add("dtstart", turn.wall)
    found.add("tzoffsetfrom", turn.before)
    found.add("tzoffsetto", turn.after)
    found.add("tzname", turn.name)
    if run:
        place = min(set.intersection(*(one.places for one in run)))
        rule = {"FREQ": "YEARLY", "BYMONTH": turn.wall.month, "BYDAY": f"{place}{WEEKDAYS[turn.wall.weekday()]}"}
        # Two days late: some programs compare it with what the wall says.
        found["rrule"] = vRecur(rule if goes_on else {**rule, "UNTIL": run[-1].instant + timedelta(days=2)})
    return found


def _runs(turns: list[_Turn]) -> list[list[_Turn]]:
    """Changes that follow one rule, year after year."""
    runs: list[list[_Turn]] = []
    ordered = sorted(turns, key=lambda turn: (repr(turn.way), turn.instant))
    for _way, alike in groupby(ordered, key=lambda turn: repr(turn.way)):
        run: list[_Turn] = []
        for turn in alike:
            next_year = run and turn.wall.year == run[-1].wall.year + 1
            if run and not (next_year and set.intersection(turn.places, *(one.places for one in run))):
                runs.append(run)
                run = []
            run.append(turn)
        runs.append(run)
    return sorted(runs, key=lambda run: run[0].instant)


def _turns(zone: str, first: int, last: int) -> list[_Turn]:
    tz = ZoneInfo(zone)
    found = []
    at, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while at < end:
        following = at + timedelta(days=1)
        if at.astimezone(tz).utcoffset() != following.astimezone(tz).utcoffset():
            instant = _between(at, following, tz)
            before, after = (instant - timedelta(seconds=1)).astimezone(tz), instant.astimezone(tz)
            found.append(
                _Turn(
                    instant,
                    before.utcoffset() or _NOTHING,
                    after.utcoffset() or _NOTHING,
                    after.tzname() or zone,
                    bool(after.dst()),
                )
            )
        at = following
    return found


def _between(early: datetime, late: datetime, tz: ZoneInfo) -> datetime:
    """The first second after `early` at which the clocks show another offset than there."""
    offset = early.astimezone(tz).utcoffset()
    low, high = 0, int((late - early).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (early + timedelta(seconds=middle)).astimezone(tz).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return early + timedelta(seconds=high)


__all__ = ["described"]
