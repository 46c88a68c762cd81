"""When people in several zones should meet: moments that are fair to all of them, and what each costs whom, exactly.

**What a moment costs somebody.** A minute of her working time costs nothing. Any other minute costs as many points as there are minutes to
her nearest working time, before or behind it, a day at most: a call at seven where work begins at nine costs 120 points a minute, three in
the morning about 360, a Saturday more than any night of the week. A meeting costs the sum over its minutes. Whole numbers, no weights.

**What is fair.** Of two moments the better one is that at which whoever has it worst has it less badly; where that is equal, whoever has
it second worst, and so on (leximin); then the earlier one. `carried` is what somebody already bore, in points: it is added before
comparing, so that a series of meetings goes round. Nobody who must be there is busy then; of those who need not, first the fewest are
missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from .working_time import Spell, WorkWeek, merged, working

#: A day: farther than this from work is all the same.
CAP = 24 * 60
#: How long a window may be, in days; how long a meeting, and how fine the grid of starts, in minutes.
LONGEST_DAYS, LONGEST_MEETING, FINEST = 93, 24 * 60, 5
_MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Invited:
    """Somebody who is to come: who (any key of the caller's), her week, when she is busy, and what she bore before, in points."""

    key: str
    week: WorkWeek
    busy: tuple[Spell, ...] = ()
    required: bool = True
    carried: int = 0


@dataclass(frozen=True)
class Proposal:
    """A moment: what it costs each of those who can come, in points, and who of the others cannot."""

    start: datetime
    minutes: int
    costs: tuple[tuple[str, int], ...]
    missing: tuple[str, ...] = ()

    @property
    def end(self) -> datetime:
        """When it would be over."""
        return self.start + timedelta(minutes=self.minutes)

    @property
    def worst(self) -> int:
        """What it costs whoever it costs most."""
        return max((cost for _key, cost in self.costs), default=0)

    @property
    def total(self) -> int:
        """What it costs all of them together."""
        return sum(cost for _key, cost in self.costs)


def propose(
    invited: Sequence[Invited], since: datetime, until: datetime, minutes: int, *, step: int = 30, most: int = 5
) -> list[Proposal]:
    """The fairest moments between two instants, best first, none over another; fewer than `most` where there are no more.

    They begin every `step` minutes of UTC. No proposal means that no moment is free for all who must be there.
    """
    if since.tzinfo is None or until.tzinfo is None:
        raise ValueError("A window is made of instants.")
    if until - since > timedelta(days=LONGEST_DAYS) or not 0 < minutes <= LONGEST_MEETING or step < FINEST:
        raise ValueError("This is too much to plan at once.")
    first = -((_EPOCH - since.astimezone(UTC)) // _MINUTE)
    last = (until.astimezone(UTC) - _EPOCH) // _MINUTE - minutes
    starts = range(-(-first // step) * step, last + 1, step)
    if not starts:
        return []
    window = range(starts[0], starts[-1] + minutes)
    sums = [_sums(one.week, window) for one in invited]
    busy = [_sums_of_busy(one.busy, window) for one in invited]
    ranked = []
    for start in starts:
        begin, end = start - window.start, start - window.start + minutes
        there = [not (taken[end] - taken[begin]) for taken in busy]
        if not all(here or not one.required for here, one in zip(there, invited, strict=True)):
            continue
        costs = tuple(
            (one.key, sum_[end] - sum_[begin]) for one, sum_, here in zip(invited, sums, there, strict=True) if here
        )
        missing = tuple(one.key for one, here in zip(invited, there, strict=True) if not here)
        carried = (one.carried for one, here in zip(invited, there, strict=True) if here)
        borne = sorted((cost + before for (_key, cost), before in zip(costs, carried, strict=True)), reverse=True)
        ranked.append((len(missing), borne, start, Proposal(_EPOCH + start * _MINUTE, minutes, costs, missing)))
    ranked.sort(key=lambda row: row[:3])
    return _side_by_side((row[3] for row in ranked), most)


def cost(week: WorkWeek, start: datetime, minutes: int) -> int:
    """What a meeting costs somebody, in points."""
    begin = (start.astimezone(UTC) - _EPOCH) // _MINUTE
    return _sums(week, range(begin, begin + minutes))[-1]


def _side_by_side(proposals: Iterable[Proposal], most: int) -> list[Proposal]:
    """The first ones that are not over one that was taken."""
    taken: list[Proposal] = []
    for proposal in proposals:
        if len(taken) == most:
            break
        if all(proposal.end <= other.start or other.end <= proposal.start for other in taken):
            taken.append(proposal)
    return taken


def _sums(week: WorkWeek, window: range) -> list[int]:
    """What the window costs up to each of its minutes."""
    around = range(window.start - CAP, window.stop + CAP)
    works = [False] * len(around)
    for spell in working(week, _EPOCH + around.start * _MINUTE, _EPOCH + around.stop * _MINUTE):
        for minute in _minutes(spell, around):
            works[minute] = True
    away = [CAP] * len(around)
    for minutes in (range(len(around)), reversed(range(len(around)))):
        distance = CAP
        for minute in minutes:
            distance = 0 if works[minute] else min(distance + 1, CAP)
            away[minute] = min(away[minute], distance)
    return [0, *accumulate(away[CAP : CAP + len(window)])]


def _sums_of_busy(busy: Iterable[Spell], window: range) -> list[int]:
    """How many minutes of the window are taken, up to each of them; a minute that is touched is taken."""
    taken = [0] * len(window)
    for spell in merged(busy):
        whole = Spell(spell.start, spell.end + _MINUTE - timedelta(microseconds=1))
        for minute in _minutes(whole, window):
            taken[minute] = 1
    return [0, *accumulate(taken)]


def _minutes(spell: Spell, window: range) -> range:
    """The minutes of `window`, counted from its beginning, that begin in a spell (or before it, in the same minute)."""
    first = (spell.start.astimezone(UTC) - _EPOCH) // _MINUTE - window.start
    last = (spell.end.astimezone(UTC) - _EPOCH) // _MINUTE - window.start
    return range(max(first, 0), min(last, len(window)))


__all__ = ["CAP", "Invited", "Proposal", "cost", "propose"]
