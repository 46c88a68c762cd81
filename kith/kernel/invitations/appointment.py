"""What an invitation is about, in our words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from ..recurrence import Recurrence
from ..times import WallTime

#: What a calendar file asks for (RFC 5546, 1.4).
PUBLISH, REQUEST, REPLY, CANCEL = "PUBLISH", "REQUEST", "REPLY", "CANCEL"
#: What somebody answered (RFC 5545, 3.2.12).
NEEDS_ACTION, ACCEPTED, DECLINED, TENTATIVE = "NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE"
ANSWERS = (NEEDS_ACTION, ACCEPTED, DECLINED, TENTATIVE)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 24 * 60


@dataclass(frozen=True)
class Invitee:
    """Somebody who is invited, or who invites: by address. `answer` is one of ANSWERS."""

    email: str
    name: str = ""
    required: bool = True
    answer: str = NEEDS_ACTION


@dataclass(frozen=True)
class Appointment:
    """A time that people agree on.

    `start` is a wall time, or a date for whole days; `minutes` is how long it lasts, whole days in minutes of 24 hours each. `sequence`
    goes up with every change that people have to hear of, `at` is when this version was made. `original` is set for one occurrence of a
    series: when it would be by itself. `others` are such occurrences that differ in more than the time from the series; what differs in
    time alone stands in its recurrence.
    """

    uid: str
    start: WallTime | date
    minutes: int = 0
    title: str = ""
    text: str = ""
    place: str = ""
    link: str = ""
    recurrence: Recurrence | None = None
    organizer: Invitee | None = None
    attendees: tuple[Invitee, ...] = ()
    sequence: int = 0
    at: datetime = EPOCH
    cancelled: bool = False
    tentative: bool = False
    original: datetime | None = None
    others: tuple[Appointment, ...] = ()

    @property
    def whole_days(self) -> bool:
        """Whether it is days and no times."""
        return not isinstance(self.start, WallTime)

    @property
    def wall(self) -> datetime:
        """The start as the wall says it, naive; of whole days their midnight."""
        return self.start.wall if isinstance(self.start, WallTime) else datetime.combine(self.start, time())

    @property
    def zone(self) -> str:
        """The IANA name of its zone; "" for whole days."""
        return self.start.zone if isinstance(self.start, WallTime) else ""

    def began(self, wall: datetime) -> WallTime | date:
        """The start of an occurrence of it at `wall`."""
        return WallTime(wall, self.zone) if self.zone else wall.date()


@dataclass(frozen=True)
class Lost:
    """What could not be taken from a file: of which appointment (its UID, "" for the file), which property, and why as a sentence."""

    uid: str
    what: str
    sentence: str


@dataclass(frozen=True)
class Reading:
    """What a calendar file says: its method ("" where it names none), appointments in its order, and what got lost."""

    method: str
    appointments: tuple[Appointment, ...]
    lost: tuple[Lost, ...]
