"""Calendar files from outside: a confined child looks at them, and what it saw becomes appointments here."""

from __future__ import annotations

import json
import os
import select
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from ..confined import child
from ..errors import Refused
from ..recurrence import Change, Recurrence, Rule
from ..times import WallTime
from .appointment import ACCEPTED, ANSWERS, DAY, EPOCH, NEEDS_ACTION, Appointment, Invitee, Lost, Reading

CHILD = Path(__file__).with_name("child.py")
#: Seconds that a child may take in all, and bytes that it may give.
WAIT, MOST = 30.0, 32 * 1024 * 1024
#: Ten years: longer than anything in a calendar.
LONGEST = 3660 * DAY


def read(file: str | os.PathLike[str], zone: str = "UTC") -> Reading:
    """What the calendar file at `file` says; Refused when it is none or cannot be read.

    `zone` is where times without a zone are meant to be: that of the person who reads the file.
    """
    told = _told(file)
    if "refused" in told:
        raise _refused(told["refused"])
    return understood(told, zone)


def read_bytes(data: bytes, zone: str = "UTC") -> Reading:
    """The same of bytes, such as those of a part of a mail."""
    with tempfile.NamedTemporaryFile(prefix="kith-", suffix=".ics") as file:
        file.write(data)
        file.flush()
        return read(file.name, zone)


def _told(file: str | os.PathLike[str]) -> dict[str, Any]:
    """What the child says; a refusal when it dies, takes too long or says too much."""
    process = child(CHILD, file, "-")
    told, until = bytearray(), time.monotonic() + WAIT
    try:
        out = process.stdout
        while out is not None and len(told) <= MOST:
            left = until - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:
                return {"refused": "broken"}
            block = os.read(out.fileno(), 1 << 18)
            if not block:
                break
            told += block
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        if process.stdout is not None:
            process.stdout.close()
        process.wait()
    try:
        found = json.loads(told) if len(told) <= MOST else None
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"refused": "broken"}


def _refused(code: str) -> Refused:
    if code == "too_large":
        return Refused(_("This calendar file is too large: 4 MB at most."))
    if code == "no_calendar":
        return Refused(_("This is no calendar file: it does not begin with BEGIN:VCALENDAR."))
    return Refused(_("This calendar file cannot be read."))


# ── what it means ────────────────────────────────────────────────────────────────────────────────────────────────────


def understood(told: dict[str, Any], zone: str) -> Reading:
    """Appointments of what the child saw; occurrences of one series stand in it."""
    lost: list[Lost] = []
    found: list[Appointment] = []
    for said in told["events"]:
        one = _Event(said, zone, lost).appointment()
        if one is not None:
            found.append(one)
    if told["more"]:
        lost.append(Lost("", "VEVENT", _("The file holds more appointments than are read at once.")))
    return Reading(told["method"], tuple(_gathered(found, lost)), tuple(lost))


def _gathered(found: list[Appointment], lost: list[Lost]) -> Iterator[Appointment]:
    """Each series with its own occurrences; an occurrence without its series stands for itself."""
    series = {one.uid: one for one in found if one.original is None and one.recurrence}
    parts: dict[str, dict[datetime, Appointment]] = {}
    for one in found:
        if one.original is not None and one.uid in series:
            known = parts.setdefault(one.uid, {})
            # Of two versions of one occurrence the newer (RFC 5546, 2.1.5).
            if one.original not in known or one.sequence >= known[one.original].sequence:
                known[one.original] = one
    for one in found:
        if one.uid in series and one.original is not None:
            continue
        yield _with_parts(one, list(parts.get(one.uid, {}).values()), lost) if one is series.get(one.uid) else one


def _with_parts(one: Appointment, others: list[Appointment], lost: list[Lost]) -> Appointment:
    recurrence = one.recurrence
    if recurrence is None or not others:
        return one
    gone = [other for other in others if other.cancelled and other.original]
    kept = sorted((other for other in others if not other.cancelled), key=lambda other: other.original or EPOCH)
    changes = [
        Change(other.original, _on_wall(other, one), None if other.minutes == one.minutes else other.minutes)
        for other in kept
        if other.original is not None
    ]
    moved = [change for change in changes if change.start != change.original or change.minutes is not None]
    without = (*recurrence.without, *(other.original for other in gone if other.original))
    try:
        recurrence = Recurrence(recurrence.rule, recurrence.extra, without, tuple(moved)).checked()
    except Refused as refusal:
        lost.append(Lost(one.uid, "RECURRENCE-ID", str(refusal)))
        return one
    # What differs in time alone is told by the recurrence.
    told = tuple(other for other in kept if _differs(other, one))
    return replace(one, recurrence=recurrence, others=told)


def _on_wall(other: Appointment, one: Appointment) -> datetime:
    """When `other` begins, on the wall of `one`."""
    if isinstance(other.start, WallTime) and one.zone and other.zone != one.zone:
        return WallTime.of(other.start.instant, one.zone).wall
    return other.wall


def _differs(other: Appointment, one: Appointment) -> bool:
    plain = replace(
        other,
        start=one.start,
        minutes=one.minutes,
        recurrence=one.recurrence,
        original=None,
        sequence=one.sequence,
        at=one.at,
    )
    return plain != replace(one, others=()) or other.zone != one.zone


@dataclass
class _Event:
    """One event of a file on its way to an appointment."""

    said: dict[str, Any]
    fallback: str
    lost: list[Lost]
    zone: str = field(init=False, default="")

    @property
    def uid(self) -> str:
        return str(self.said["uid"])

    def lose(self, what: str, sentence: str) -> None:
        self.lost.append(Lost(self.uid, what, sentence))

    def appointment(self) -> Appointment | None:
        for what, why in self.said["lost"]:
            self.lose(what, _lost_because(what, why))
        start = self._start()
        if start is None:
            self.lose("DTSTART", _("An appointment without a start that can be read was left out."))
            return None
        original = self._moment(self.said["recurrence-id"], start)
        if self.said["range"]:
            self.lose(
                "RECURRENCE-ID", _("A change of this and all later occurrences was read as a change of this one.")
            )
        minutes = self._minutes(start)
        recurrence = None if original is not None else self._recurrence(start)
        stamp = self.said["dtstamp"]
        made = _instant(stamp) if stamp else None
        people = {person["email"].lower(): _who(person) for person in self.said["attendees"]}
        organizer = self.said["organizer"]
        sequence = str(self.said["sequence"])
        return Appointment(
            uid=self.uid,
            start=start,
            minutes=minutes,
            title=_told_text(self.said["summary"]),
            text=_told_text(self.said["description"]),
            place=_told_text(self.said["location"]),
            link=_told_text(self.said["url"]),
            recurrence=recurrence,
            organizer=replace(_who(organizer), answer=NEEDS_ACTION, required=True)
            if organizer and organizer["email"]
            else None,
            attendees=tuple(people.values()),
            sequence=int(sequence) if sequence.isascii() and sequence.isdecimal() and len(sequence) < 9 else 0,
            at=made or EPOCH,
            cancelled=self.said["status"].upper() == "CANCELLED",
            tentative=self.said["status"].upper() == "TENTATIVE",
            original=original,
        )

    def _start(self) -> WallTime | date | None:
        written = self.said["dtstart"]
        if not written:
            return None
        text, zone = written
        at = _naive(text)
        if not 2 <= at.year <= 9990:
            return None
        if "T" not in text:
            return at.date()
        self.zone = zone if zone not in ("", "?") else self.fallback
        return WallTime(at, self.zone)

    def _moment(self, written: Any, start: WallTime | date) -> datetime | None:
        """A moment of the series, on its wall."""
        if not written:
            return None
        text, zone = written
        at = _naive(text)
        if not isinstance(start, WallTime):
            return at.replace(hour=0, minute=0, second=0)
        if "T" not in text:
            # A day among times means what is on that day.
            return datetime.combine(at.date(), start.wall.time())
        if zone in ("", "?", start.zone):
            return at
        try:
            return at.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo(start.zone)).replace(tzinfo=None, fold=0)
        except OverflowError:
            return at

    def _minutes(self, start: WallTime | date) -> int:
        if self.said["duration"] is not None:
            return int(self.said["duration"])
        written = self.said["dtend"]
        if not written:
            return 0 if isinstance(start, WallTime) else DAY
        text, zone = written
        end = _naive(text)
        if not isinstance(start, WallTime):
            lasting = end.replace(hour=0, minute=0, second=0) - datetime.combine(start, datetime.min.time())
        elif "T" not in text:
            lasting = end - start.wall
        else:
            here = ZoneInfo(self.zone if zone in ("", "?") else zone)
            try:
                lasting = end.replace(tzinfo=here).astimezone(UTC) - start.instant
            except OverflowError:
                lasting = timedelta(-1)
        minutes = int(lasting.total_seconds()) // 60
        if not 0 <= minutes <= LONGEST:
            self.lose("DTEND", _("An end before the start, or years after it, was left out."))
            return 0 if isinstance(start, WallTime) else DAY
        return minutes

    def _recurrence(self, start: WallTime | date) -> Recurrence | None:
        rule = self._rule(start)
        extra = tuple(filter(None, (self._moment(one, start) for one in self.said["rdate"])))
        without = tuple(filter(None, (self._moment(one, start) for one in self.said["exdate"])))
        if rule is None and not extra:
            return None
        try:
            return Recurrence(rule, extra, without).checked()
        except Refused as refusal:
            self.lose("EXDATE", str(refusal))
        return Recurrence(rule) if rule else None

    def _rule(self, start: WallTime | date) -> Rule | None:
        rules = self.said["rrule"]
        if len(rules) > 1:
            self.lose("RRULE", _("Of several rules of one appointment the first was read."))
        if not rules:
            return None
        try:
            return Rule.of(rules[0], lambda until: self._last_day(until, start))
        except Refused as refusal:
            self.lose("RRULE", str(refusal))
            return None

    def _last_day(self, until: str, start: WallTime | date) -> date | None:
        """The last day of a series whose UNTIL is an instant: one before the time of day of the start excludes its day."""
        if not isinstance(start, WallTime):
            return _naive(until[:8]).date()
        try:
            at = _naive(until[:15])
            if until.endswith("Z"):
                at = at.replace(tzinfo=UTC).astimezone(ZoneInfo(start.zone)).replace(tzinfo=None, fold=0)
        except (ValueError, OverflowError):
            return _naive(until[:8]).date()
        begins = WallTime(datetime.combine(at.date(), start.wall.time()), start.zone)
        early = begins.instant > WallTime(at, start.zone).instant
        return at.date() - timedelta(days=1) if early else at.date()


def _naive(text: str) -> datetime:
    return datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S" if "T" in text else "%Y%m%d")  # noqa: DTZ007 - a wall time


def _instant(written: list[str]) -> datetime | None:
    """A stamp as an instant; it is in UTC or it is nobody's (RFC 5545, 3.8.7.2)."""
    text, zone = written
    return _naive(text).replace(tzinfo=UTC) if zone == "UTC" and "T" in text else None


def _who(person: dict[str, Any]) -> Invitee:
    answer = person["answer"] if person["answer"] in ANSWERS else NEEDS_ACTION
    # Whoever sends somebody else has answered (RFC 5545: DELEGATED); tasks end as COMPLETED.
    answer = ACCEPTED if person["answer"] in ("COMPLETED", "IN-PROCESS") else answer
    return Invitee(_told_text(person["email"]), _told_text(person["name"]), bool(person["required"]), answer)


def _told_text(text: Any) -> str:
    """Somebody's text, without what no database and no page can hold."""
    kept = "".join(
        sign
        for sign in str(text)
        if sign in "\n\t" or (sign >= " " and sign != "\x7f" and not "\ud800" <= sign <= "\udfff")
    )
    return kept.strip()


def _lost_because(what: str, why: str) -> str:
    if why == "zone":
        return _("The time zone of %(what)s is not known; your own was taken.") % {"what": what}
    if why == "too_many":
        return _("There are too many values of %(what)s; they were left out.") % {"what": what}
    return _("%(what)s could not be read and was left out.") % {"what": what}


__all__ = ["read", "read_bytes", "understood"]
