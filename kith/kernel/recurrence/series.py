"""`Recurrence`: a rule with its exceptions, and what comes of it in a window of time."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile

from django.utils.translation import gettext as _

from ..errors import Refused
from ..sentences import counted
from ..times import WallTime
from .rule import YEARS, Rule

#: How many occurrences one reading gives where nobody asks for less.
MOST = 1000
#: How many exceptions of each sort a series has; one who needs more begins a new series.
MOST_EXCEPTIONS = 500
#: Four weeks: nothing that recurs lasts longer.
LONGEST_MINUTES = 28 * 24 * 60
#: Farther than any clock is from UTC, and than any gap moves a time.
_MARGIN = timedelta(days=2)
_MOMENT = re.compile(r"\d{8}(T\d{6})?", re.ASCII)
_CHANGE = re.compile(r"(\d{8}T\d{6})=(\d{8}T\d{6})(?:/PT(\d{1,6})M)?", re.ASCII)


@dataclass(frozen=True, order=True)
class Change:
    """One occurrence that is otherwise: `original` is when it would be, `start` when it is, both on the wall of the series.

    `minutes` is how long it lasts, None for as long as the others (RFC 5545, 3.8.4.4: RECURRENCE-ID).
    """

    original: datetime
    start: datetime
    minutes: int | None = None


@dataclass(frozen=True)
class Recurrence:
    """When something happens again: a rule (or none), further moments (RDATE), moments left out (EXDATE), and those that are otherwise.

    All moments are naive: what the wall says in the zone of the series, to the second. A series of days has them at midnight.
    """

    rule: Rule | None = None
    extra: tuple[datetime, ...] = ()
    without: tuple[datetime, ...] = ()
    changes: tuple[Change, ...] = ()

    @classmethod
    def of(cls, text: str) -> Recurrence:
        """The recurrence that `str(recurrence)` wrote, or an RRULE alone with or without its name; Refused for anything else."""
        rule: Rule | None = None
        found: dict[str, list[datetime]] = {"RDATE": [], "EXDATE": []}
        changes: list[Change] = []
        for line in text.split():
            name, sign, value = line.partition(":")
            name = name.upper()
            if not sign or name == "RRULE":
                if rule is not None:
                    raise Refused(_("A series has one rule, not several."))
                rule = Rule.of(value if sign else line)
            elif name in found:
                found[name] += [_moment(item) for item in value.split(",")]
            elif name == "CHANGED":
                changes += [_change(item) for item in value.split(",")]
            else:
                raise Refused(_("In a series, lines begin with RRULE, RDATE, EXDATE or CHANGED."))
        return cls(rule, tuple(found["RDATE"]), tuple(found["EXDATE"]), tuple(changes)).checked()

    def checked(self) -> Recurrence:
        """The same in its one canonical form; Refused when nothing recurs, or when there are too many exceptions."""
        if max(map(len, (self.extra, self.without, self.changes))) > MOST_EXCEPTIONS:
            raise Refused(
                _("A series has at most %(n)s exceptions of one sort. Let it end, and begin a new one.")
                % {"n": counted(MOST_EXCEPTIONS)}
            )
        if self.rule is None and not self.extra:
            raise Refused(_("A series needs a rule or further dates."))
        rule = self.rule.checked() if self.rule else None
        changes = {change.original: change for change in self.changes}
        for change in changes.values():
            if change.minutes is not None and not 0 <= change.minutes <= LONGEST_MINUTES:
                raise Refused(_("What recurs lasts four weeks at most."))
        return Recurrence(
            rule, tuple(sorted(set(self.extra))), tuple(sorted(set(self.without))), tuple(sorted(changes.values()))
        )

    def __str__(self) -> str:
        """Neutral text, a line for each sort: RRULE, RDATE, EXDATE, CHANGED (original=start/duration)."""
        lines = [f"RRULE:{self.rule}"] if self.rule else []
        for name, moments in (("RDATE", self.extra), ("EXDATE", self.without)):
            if moments:
                lines.append(f"{name}:{','.join(map(_written, moments))}")
        if self.changes:
            lines.append("CHANGED:" + ",".join(map(_written_change, self.changes)))
        return "\n".join(lines)

    @property
    def endless(self) -> bool:
        """Whether nobody said when it ends."""
        return self.rule is not None and not self.rule.count and self.rule.until is None

    def leaving_out(self, original: datetime) -> Recurrence:
        """The series without one of its occurrences, named by when it would be by itself."""
        changes = tuple(change for change in self.changes if change.original != original)
        return Recurrence(self.rule, self.extra, (*self.without, original), changes).checked()

    def changing(self, original: datetime, start: datetime, minutes: int | None = None) -> Recurrence:
        """The series with one occurrence at another time, or of another length."""
        changes = (*(c for c in self.changes if c.original != original), Change(original, start, minutes))
        return Recurrence(self.rule, self.extra, self.without, changes).checked()

    def ending(self, last: date) -> Recurrence:
        """The series as far as `last`: what comes after it is another one's affair ("this and all that follow")."""
        rule = self.rule and Rule(**{**vars(self.rule), "count": 0, "until": last})
        kept = tuple(moment for moment in self.extra if moment.date() <= last)
        return Recurrence(rule, kept, self.without, self.changes).checked()

    def shifted(self, by: timedelta) -> Recurrence:
        """The exceptions moved on the wall along with the start, when the whole series begins earlier or later on the same day."""
        return Recurrence(
            self.rule,
            tuple(moment + by for moment in self.extra),
            tuple(moment + by for moment in self.without),
            tuple(Change(c.original + by, c.start + by, c.minutes) for c in self.changes),
        ).checked()

    def moments(self, start: datetime, first: datetime, last: datetime) -> Iterator[datetime]:
        """When it would be by itself, from `first` to `last`, in order: the rule and what is added, without what is left out.

        The start is an occurrence even where there is no rule (RFC 5545, 3.8.5.2).
        """
        at, gone = start.time(), set(self.without)
        if self.rule is None:
            own = iter([start] if first <= start <= last else [])
        else:
            days_found = self.rule.dates(start.date(), first.date(), last.date())
            own = (datetime.combine(day, at) for day in days_found)
        seen: datetime | None = None
        for moment in heapq.merge(own, iter(self.extra)):
            if first <= moment <= last and moment != seen and moment not in gone:
                seen = moment
                yield moment

    def is_at(self, start: datetime, original: datetime) -> bool:
        """Whether an occurrence would be at `original` by itself."""
        return next(self.moments(start, original, original), None) is not None


@dataclass(frozen=True)
class Occurrence:
    """One time that it happens. `original` (naive, on the wall of the series) names it for ever; `start` is when it truly is."""

    original: datetime
    start: WallTime
    minutes: int = 0
    changed: bool = False

    @property
    def instant(self) -> datetime:
        """When it begins, in UTC; over clock changes as `kith.kernel.times` says."""
        return self.start.instant

    @property
    def end(self) -> datetime:
        """When it ends, in UTC: a meeting of an hour takes an hour, whatever the clocks do meanwhile."""
        return self.instant + timedelta(minutes=self.minutes)


def occurrences(
    start: WallTime,
    recurrence: Recurrence | None,
    since: datetime,
    until: datetime,
    *,
    minutes: int = 0,
    most: int = MOST,
) -> list[Occurrence]:
    """What touches the time from `since` to `until` (aware, the end not included), in order, `most` at most.

    `minutes` is how long each lasts; what lasts no time stands in the window when it begins there. Without a recurrence, it happens once.
    """
    if since.tzinfo is None or until.tzinfo is None:
        raise ValueError("A window is made of instants.")
    series = recurrence or Recurrence(extra=(start.wall,))
    longest = timedelta(minutes=max(minutes, 0))
    first, last = _wall(since, -longest - _MARGIN), _wall(until, _MARGIN)
    changed = {change.original: change for change in series.changes}

    def within(found: Occurrence) -> bool:
        return found.instant < until and (found.end > since or found.instant >= since)

    plain = (
        Occurrence(moment, start if moment == start.wall else WallTime(moment, start.zone), minutes)
        for moment in series.moments(start.wall, first, last)
        if moment not in changed
    )
    # A time in a gap is moved behind it, so that neighbours may change places, but none goes past the margin.
    near = takewhile(lambda found: found.instant - _MARGIN < until, plain)
    regular = list(islice(filter(within, near), most))
    others = {
        c: Occurrence(
            c.original, WallTime(c.start, start.zone), minutes if c.minutes is None else c.minutes, changed=True
        )
        for c in series.changes
    }
    here = _in_series(series, start.wall, [change for change, one in others.items() if within(one)])
    found = sorted((*regular, *(others[c] for c in here)), key=lambda one: (one.instant, one.original))
    return found[:most]


def following(start: WallTime, recurrence: Recurrence | None, after: datetime) -> Occurrence | None:
    """The first occurrence that begins after the instant `after`, or None when there is none within the years that are read."""
    since = after + timedelta(microseconds=1)
    horizon = datetime(min(start.wall.year + YEARS + 1, 9990), 1, 1, tzinfo=UTC)
    for ahead in (40, 400, 4000, 366 * YEARS):
        until = min(since + timedelta(days=ahead), horizon)
        found = (one for one in occurrences(start, recurrence, since, until, most=MOST) if one.instant >= since)
        if one := next(found, None):
            return one
        if until == horizon:
            break
    return None


def days(start: date, recurrence: Recurrence | None, first: date, last: date, *, most: int = MOST) -> list[date]:
    """The days from `first` to `last` (both included) of a series that has no times of day, in order, `most` at most."""
    series = recurrence or Recurrence(extra=(datetime.combine(start, time()),))
    begin = datetime.combine(start, time())
    changed = {change.original for change in series.changes}
    moments = series.moments(begin, datetime.combine(first, time()), datetime.combine(last, time.max))
    found = {moment.date() for moment in islice((m for m in moments if m not in changed), most)}
    here = [change for change in series.changes if first <= change.start.date() <= last]
    found |= {change.start.date() for change in _in_series(series, begin, here)}
    return sorted(found)[:most]


def next_day(start: date, recurrence: Recurrence | None, after: date) -> date | None:
    """The first day of such a series behind `after`, or None when there is none within the years that are read."""
    horizon = date(min(start.year + YEARS, 9990), 12, 31)
    for ahead in (40, 400, 4000, 366 * YEARS):
        last = min(after + timedelta(days=ahead), horizon)
        if found := days(start, recurrence, after + timedelta(days=1), last, most=1):
            return found[0]
        if last == horizon:
            break
    return None


def _in_series(series: Recurrence, start: datetime, changes: list[Change]) -> list[Change]:
    """Those of `changes` whose originals are still there: one that the rule no longer makes has nothing to change."""
    if not changes:
        return []
    if series.rule is not None and series.rule.count:
        # What is counted is counted once.
        whole = set(series.moments(start, changes[0].original, changes[-1].original))
        return [change for change in changes if change.original in whole]
    return [change for change in changes if series.is_at(start, change.original)]


def _wall(instant: datetime, by: timedelta) -> datetime:
    """`instant` as a naive bound, moved outwards; kept inside of what dates can say."""
    naive = instant.astimezone(UTC).replace(tzinfo=None)
    try:
        return naive + by
    except OverflowError:
        return datetime.fromisoformat("0001-01-01" if by < timedelta() else "9999-12-31T23:59:59")


def _moment(text: str) -> datetime:
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError(text)
        return datetime.strptime(text, "%Y%m%dT%H%M%S" if "T" in text else "%Y%m%d")  # noqa: DTZ007 - a wall time
    except ValueError:
        raise Refused(
            _("“%(text)s” is no moment of a series. Write it like 20261123T090000, as the wall says it there.")
            % {"text": text[:40]}
        ) from None


def _change(text: str) -> Change:
    match = _CHANGE.fullmatch(text)
    if not match:
        raise Refused(
            _("“%(text)s” is no changed occurrence. Write it like %(example)s.")
            % {"text": text[:40], "example": "20261123T090000=20261124T100000/PT30M"}
        )
    return Change(_moment(match[1]), _moment(match[2]), int(match[3]) if match[3] else None)


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("-", "").replace(":", "")


def _written_change(change: Change) -> str:
    lasting = "" if change.minutes is None else f"/PT{change.minutes}M"
    return f"{_written(change.original)}={_written(change.start)}{lasting}"


__all__ = [
    "LONGEST_MINUTES", "MOST", "Change", "Occurrence", "Recurrence", "days", "following", "next_day", "occurrences",
]  # fmt: skip
