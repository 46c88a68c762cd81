"""`Rule`: an RRULE of RFC 5545 (3.3.10) that names days, and the days that it names."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import gettext as _

from ..errors import Refused
from ..sentences import counted

DAILY, WEEKLY, MONTHLY, YEARLY = "DAILY", "WEEKLY", "MONTHLY", "YEARLY"
UNITS = (DAILY, WEEKLY, MONTHLY, YEARLY)
#: From Monday, as Python counts.
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: How many years after its start a series is still read: longer than anything that people agree on.
YEARS = 200
MOST_INTERVAL, MOST_COUNT = 1000, 10_000
#: An end after this year means that there is none: programs write 9999 for "never".
NEVER = 9000
#: Before this year nothing recurs: weeks would begin before the calendar does.
EARLIEST = 10
#: Longer than any rule that makes sense: 366 days of the year, written out.
LONGEST = 3000

#: Part of the text → field, least, most. All but COUNT and INTERVAL are lists.
_NUMBERS = {
    "INTERVAL": ("interval", 1, MOST_INTERVAL), "COUNT": ("count", 1, MOST_COUNT), "BYMONTH": ("months", 1, 12),
    "BYWEEKNO": ("weeks", -53, 53), "BYYEARDAY": ("year_days", -366, 366), "BYMONTHDAY": ("month_days", -31, 31),
    "BYSETPOS": ("positions", -366, 366),
}  # fmt: skip
#: Where RFC 5545 allows the parts that it does not allow everywhere (table on page 44).
_ALLOWED = {"BYWEEKNO": (YEARLY,), "BYYEARDAY": (YEARLY,), "BYMONTHDAY": (DAILY, MONTHLY, YEARLY)}
_FINE = ("BYHOUR", "BYMINUTE", "BYSECOND")
_NUMBER = re.compile(r"[+-]?\d{1,5}", re.ASCII)
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T([01]\d|2[0-3])([0-5]\d)([0-5]\d|60)Z?)?", re.ASCII)


@dataclass(frozen=True)
class Rule:
    """How often something happens, and on which days.

    `weekdays` are pairs of a number and a weekday (Monday as 0): (0, 4) is every Friday, (1, 0) the first Monday of the month (of the year
    where no months are named), (-1, 4) the last Friday. `until` is the last day on which it may happen, at whatever time; `count` how
    often in all, the start being the first; 0 and None for a rule without an end. What the parts of RFC 5545 are called there stands in
    `str(rule)`. `Rule.of` is the way to make one of text; a Rule made by hand is checked by `checked()`.
    """

    every: str
    interval: int = 1
    count: int = 0
    until: date | None = None
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()
    positions: tuple[int, ...] = ()
    week_starts: int = 0

    @classmethod
    def of(cls, text: str, last_day: Callable[[str], date | None] | None = None) -> Rule:
        """The rule that an RRULE's value writes; Refused, with a sentence, for what is none, can never happen or is out of all measure.

        `last_day` says which day an UNTIL with a time of day is in the zone of the series; without it, the day that is written.
        """
        parts = _parts(text)
        every = parts.pop("FREQ", "")
        if every in ("HOURLY", "MINUTELY", "SECONDLY") or any(part in parts for part in _FINE):
            raise Refused(
                _(
                    "A series names days, and its start the time of day: what happens several times a day is not understood."
                )
            )
        if every not in UNITS:
            raise _no_rule()
        given: dict[str, object] = {}
        for part, written in parts.items():
            if part == "UNTIL":
                given["until"] = _until(written, last_day)
            elif part == "WKST":
                if written not in WEEKDAYS:
                    raise _no_rule()
                given["week_starts"] = WEEKDAYS.index(written)
            elif part == "BYDAY":
                given["weekdays"] = _weekdays(written)
            elif part in _NUMBERS:
                name, least, most = _NUMBERS[part]
                numbers = tuple(sorted({_number(part, item, least, most) for item in written.split(",")}))
                given[name] = numbers if name not in ("interval", "count") else _only(part, written, numbers)
            else:
                raise _no_rule()
        return cls(every, **given).checked()  # type: ignore[arg-type]

    def checked(self) -> Rule:
        """The rule itself; Refused for what RFC 5545 does not allow together, and for what can never happen."""
        if self.count and self.until:
            raise Refused(_("A series ends on a day or after so many times, not both."))
        for part, units in _ALLOWED.items():
            if getattr(self, _NUMBERS[part][0]) and self.every not in units:
                raise _misplaced(part, self.every)
        if any(nth for nth, _day in self.weekdays) and (self.every not in (MONTHLY, YEARLY) or self.weeks):
            raise Refused(
                _("“The first Monday” needs a month or a year that it is counted in: a rule by days or weeks has none.")
            )
        if self.positions and not (self.months or self.weeks or self.year_days or self.month_days or self.weekdays):
            raise _misplaced("BYSETPOS", self.every)
        if not _ever(self._endless()):
            raise Refused(_("No day of any year fits this rule: it would never happen."))
        return self

    def __str__(self) -> str:
        """The value of an RRULE; UNTIL as a day."""
        parts = [f"FREQ={self.every}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.count:
            parts.append(f"COUNT={self.count}")
        if self.until:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        lists = (
            (part, getattr(self, _NUMBERS[part][0])) for part in ("BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY")
        )
        parts += [f"{part}={','.join(map(str, numbers))}" for part, numbers in lists if numbers]
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(f"{nth or ''}{WEEKDAYS[day]}" for nth, day in self.weekdays))
        if self.positions:
            parts.append(f"BYSETPOS={','.join(map(str, self.positions))}")
        if self.week_starts:
            parts.append(f"WKST={WEEKDAYS[self.week_starts]}")
        return ";".join(parts)

    def dates(self, start: date, first: date, last: date) -> Iterator[date]:
        """The days from `first` to `last` on which it happens, in order; `start` is the first of all, whether or not it fits the rule.

        RFC 5545, 3.8.2.4: the start defines the first instance. Days before `first` cost something only where they are counted.
        """
        last = min(last, self.until or last, _years_after(start))
        if last < start:
            return
        if first <= start:
            yield start
        found = 1
        if self.count == 1 or start.year < EARLIEST:
            return
        for day in self._days(start, start if self.count else max(start, first), last):
            if day <= start:
                continue
            if day > last:
                return
            found += 1
            if day >= first:
                yield day
            if found == self.count:
                return

    def _days(self, start: date, first: date, last: date) -> Iterator[date]:
        """Days that fit, in order, of every period that touches `first` to `last`."""
        here = _period(self.every, start, self.week_starts)
        begin = here + (_period(self.every, first, self.week_starts) - here) // self.interval * self.interval
        for period in range(begin, _period(self.every, last, self.week_starts) + 1, self.interval):
            fitting = [day for day in self._candidates(period, start) if self._fits(day, start)]
            if self.positions:
                fitting = sorted(
                    {fitting[p - 1 if p > 0 else p] for p in self.positions if -len(fitting) <= p <= len(fitting)}
                )
            yield from fitting

    def _candidates(self, period: int, start: date) -> Iterator[date]:
        """The days of a period that are worth looking at, in order."""
        if self.every == DAILY:
            yield date.fromordinal(period)
        elif self.every == WEEKLY:
            begin = period * 7 + 1 + self.week_starts
            yield from (date.fromordinal(begin + n) for n in range(7))
        elif self.every == MONTHLY:
            yield from self._of_month(period // 12, period % 12 + 1, start)
        else:
            plain = not (self.weeks or self.year_days or self.month_days or self.weekdays)
            for month in self.months or ((start.month,) if plain else range(1, 13)):
                yield from self._of_month(period, month, start)

    def _of_month(self, year: int, month: int, start: date) -> Iterator[date]:
        length = monthrange(year, month)[1]
        if self.month_days:
            numbers = sorted({n if n > 0 else length + 1 + n for n in self.month_days})
        elif self.weeks or self.year_days or self.weekdays:
            numbers = list(range(1, length + 1))
        else:
            # A month without such a day is passed over: the 31st does not become the 30th (RFC 5545, 3.3.10).
            numbers = [start.day]
        yield from (date(year, month, n) for n in numbers if 1 <= n <= length)

    def _fits(self, day: date, start: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        if self.month_days and self.every == DAILY:
            length = monthrange(day.year, day.month)[1]
            if day.day not in self.month_days and day.day - length - 1 not in self.month_days:
                return False
        if self.year_days:
            length = 366 if _leap(day.year) else 365
            n = day.timetuple().tm_yday
            if n not in self.year_days and n - length - 1 not in self.year_days:
                return False
        if self.weeks:
            n, length = _week(day, self.week_starts)
            if n not in self.weeks and n - length - 1 not in self.weeks:
                return False
        return self._fits_weekday(day, start)

    def _fits_weekday(self, day: date, start: date) -> bool:
        if not self.weekdays:
            # A rule by weeks without days means the day of the start.
            by_week = self.every == WEEKLY or (self.weeks and not (self.month_days or self.year_days))
            return not by_week or day.weekday() == start.weekday()
        return any(weekday == day.weekday() and (not nth or nth in self._places(day)) for nth, weekday in self.weekdays)

    def _places(self, day: date) -> tuple[int, int]:
        """Which one of its weekday `day` is in its month or year, from the beginning and from the end."""
        if self.every == MONTHLY or self.months:
            n, length = day.day, monthrange(day.year, day.month)[1]
        else:
            n, length = day.timetuple().tm_yday, 366 if _leap(day.year) else 365
        return (n - 1) // 7 + 1, -((length - n) // 7 + 1)

    def _endless(self) -> Rule:
        """The rule without what has nothing to do with which days fit."""
        return Rule(
            self.every, 1, 0, None, self.months, self.weeks, self.year_days, self.month_days, self.weekdays, self.positions,
            self.week_starts,
        )  # fmt: skip


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    if len(text) > LONGEST:
        raise _no_rule()
    for piece in text.strip().upper().rstrip(";").split(";"):
        name, sign, value = piece.partition("=")
        if not sign or not value or name in parts:
            raise _no_rule()
        parts[name] = value
    return parts


def _number(part: str, text: str, least: int, most: int) -> int:
    n = int(text) if _NUMBER.fullmatch(text) else None
    if n is None or not least <= n <= most or (least < 0 and not n):
        if least < 0:
            raise Refused(
                _("In a rule, %(part)s takes whole numbers from 1 to %(most)s, or with a minus sign from the end.")
                % {"part": part, "most": counted(most)}
            )
        raise Refused(
            _("In a rule, %(part)s takes whole numbers from %(least)s to %(most)s.")
            % {"part": part, "least": counted(least), "most": counted(most)}
        )
    return n


def _only(part: str, written: str, numbers: tuple[int, ...]) -> int:
    if "," in written:
        raise _no_rule()
    return numbers[0]


def _weekdays(text: str) -> tuple[tuple[int, int], ...]:
    found = set()
    for item in text.split(","):
        match = _DAY.fullmatch(item)
        nth = int(match[1] or 0) if match else 99
        if match is None or abs(nth) > 53 or (match[1] and not nth):
            raise _no_rule()
        found.add((nth, WEEKDAYS.index(match[2])))
    return tuple(sorted(found, key=lambda pair: (pair[0] < 0, pair[0], pair[1])))


def _until(text: str, last_day: Callable[[str], date | None] | None) -> date | None:
    match = _UNTIL.fullmatch(text)
    try:
        day = date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        day = None
    if match is None or day is None:
        raise Refused(_("“%(text)s” is no day. In a rule, a day is written like 20261123.") % {"text": text[:40]})
    if day.year >= NEVER:
        return None
    return last_day(text) if last_day and match[4] else day


def _no_rule() -> Refused:
    return Refused(
        _("This is no rule of recurrence. Write one such as %(example)s.") % {"example": "FREQ=WEEKLY;BYDAY=MO,WE"}
    )


def _misplaced(part: str, every: str) -> Refused:
    return Refused(_("%(part)s has no meaning in this rule with %(every)s.") % {"part": part, "every": f"FREQ={every}"})


# ── counting days ────────────────────────────────────────────────────────────────────────────────────────────────────


def _period(every: str, day: date, week_starts: int) -> int:
    """The number of the day, week, month or year that holds `day`."""
    if every == DAILY:
        return day.toordinal()
    if every == WEEKLY:
        # The first of January of the year 1 was a Monday.
        return (day.toordinal() - 1 - week_starts) // 7
    if every == MONTHLY:
        return day.year * 12 + day.month - 1
    return day.year


def _week(day: date, starts: int) -> tuple[int, int]:
    """The number of the week that holds `day`, and how many weeks its year has; the first one holds the fourth of January."""
    for year in (day.year + 1, day.year, day.year - 1):
        begin = _first_week(year, starts)
        if begin <= day:
            return (day - begin).days // 7 + 1, (_first_week(year + 1, starts) - begin).days // 7
    raise AssertionError("every day is in a week")


@lru_cache(maxsize=1000)
def _first_week(year: int, starts: int) -> date:
    fourth = date(year, 1, 4)
    return fourth - timedelta(days=(fourth.weekday() - starts) % 7)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _years_after(start: date) -> date:
    """The last day that is looked at, within what dates can say."""
    return date(min(start.year + YEARS, 9990), 12, 31)


@lru_cache(maxsize=500)
def _ever(rule: Rule) -> bool:
    """Whether any day fits. After 28 years every sort of year has been there: leap or not, beginning on any weekday."""
    start = date(1988, 1, 1)
    return next(rule._days(start, start, date(2016, 12, 31)), None) is not None


__all__ = ["DAILY", "MONTHLY", "WEEKDAYS", "WEEKLY", "YEARLY", "YEARS", "Rule"]
