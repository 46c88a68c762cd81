"""Wall times: what a clock on the wall of some place says, which is what meetings are agreed on.

An instant is one moment for everybody; a wall time is a date and a time of day in a zone, and stays what it is when the rules of that
zone change. Only when a moment is needed is it resolved, by a rule that is stated: a wall time that comes twice means its first
occurrence, unless `second` is set; one that never comes, because clocks are put forward, is read with the offset before the gap, so that
02:30 in a gap of an hour means 03:30 (RFC 5545, 3.3.5; java.time, TC39 Temporal "compatible"; `fold=0` of PEP 495).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, order=True)
class WallTime:
    """A naive date and time of day in an IANA zone. `second` is set only where it tells two equal wall times apart."""

    wall: datetime
    zone: str
    second: bool = False

    def __post_init__(self) -> None:
        if self.wall.tzinfo is not None:
            raise ValueError("A wall time has no offset of its own; its zone gives it one.")
        ZoneInfo(self.zone)
        object.__setattr__(self, "wall", self.wall.replace(fold=0))
        if self.second and not self.twice:
            raise ValueError(f"{self.wall} comes only once in {self.zone}.")

    @classmethod
    def of(cls, instant: datetime, zone: str) -> WallTime:
        """What the clocks of `zone` say at `instant` (aware)."""
        if instant.tzinfo is None:
            raise ValueError("An instant needs an offset.")
        there = instant.astimezone(ZoneInfo(zone))
        return cls(there.replace(tzinfo=None), zone, bool(there.fold))

    @property
    def instant(self) -> datetime:
        """The moment that is meant, in UTC."""
        return self._at(int(self.second)).astimezone(UTC)

    @property
    def missing(self) -> bool:
        """Whether the clocks of the zone jump over this time."""
        return self._at(0).astimezone(UTC).astimezone(ZoneInfo(self.zone)).replace(tzinfo=None) != self.wall

    @property
    def twice(self) -> bool:
        """Whether the clocks of the zone say this time twice."""
        return not self.missing and self._at(0).utcoffset() != self._at(1).utcoffset()

    def later(self, **span: float) -> WallTime:
        """The wall time so many days, hours or minutes later on the wall: a week later is the same time of day."""
        return WallTime(self.wall + timedelta(**span), self.zone)

    def _at(self, fold: int) -> datetime:
        return self.wall.replace(tzinfo=ZoneInfo(self.zone), fold=fold)
