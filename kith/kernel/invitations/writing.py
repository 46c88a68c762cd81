"""Appointments as a file of RFC 5545, as REQUEST, CANCEL, REPLY (RFC 5546) or PUBLISH."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vRecur, vText, vUri

from ..recurrence import Recurrence
from ..times import WallTime
from .appointment import ANSWERS, CANCEL, NEEDS_ACTION, REPLY, REQUEST, Appointment, Invitee
from .zones import described

#: How far ahead the zone of a series is written out at least. Later clock changes are nobody's knowledge yet.
YEARS = 10
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def written(appointments: Appointment | Iterable[Appointment], method: str = REQUEST) -> bytes:
    """The file. A REPLY holds the attendees who answer and nobody else: give it an appointment with those alone."""
    given = [appointments] if isinstance(appointments, Appointment) else list(appointments)
    calendar = Calendar()
    calendar.add("prodid", "-//Kith//Kith//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    events = [one for appointment in given for one in _events(appointment)]
    for zone, (first, last) in sorted(_zones(events).items()):
        calendar.add_component(described(zone, first, last))
    for one in events:
        calendar.add_component(_event(one, method))
    return bytes(calendar.to_ical())


def _events(appointment: Appointment) -> list[Appointment]:
    """The series itself, and each occurrence that is otherwise: as it was told, or the series at another time."""
    told = {other.original for other in appointment.others}
    changes = appointment.recurrence.changes if appointment.recurrence else ()
    moved = [
        replace(
            appointment,
            start=appointment.began(change.start),
            minutes=appointment.minutes if change.minutes is None else change.minutes,
            recurrence=None,
            original=change.original,
            others=(),
        )
        for change in changes
        if change.original not in told
    ]
    return [appointment, *sorted((*appointment.others, *moved), key=lambda one: one.original or one.wall)]


def _zones(events: list[Appointment]) -> dict[str, tuple[int, int]]:
    """Each zone that is named, with the first and the last year that it has to be right for."""
    found: dict[str, tuple[int, int]] = {}
    for one in events:
        if not one.zone or one.zone == "UTC":
            continue
        series = one.recurrence or Recurrence()
        years = [moment.year for moment in (one.wall, *series.extra, *series.without, one.original or one.wall)]
        until = min(series.rule.until.year if series.rule and series.rule.until else 0, one.wall.year + YEARS)
        known = found.get(one.zone, (one.wall.year, 0))
        found[one.zone] = min(*years, known[0]), max(*years, until, known[1])
    # Whole decades, and one more: many programs keep the first description of a zone that they see.
    return {
        zone: (max(first // 10 * 10 - 1, 2), min(last // 10 * 10 + 9 + YEARS, 9990))
        for zone, (first, last) in found.items()
    }


def _event(one: Appointment, method: str) -> Event:
    event = Event()
    event.add("uid", _line(one.uid))
    event.add("dtstamp", one.at)
    event.add("sequence", one.sequence)
    if one.original is not None:
        event.add("recurrence-id", _aware(one.original, one))
    _when(event, one)
    if one.title:
        event.add("summary", _plain(one.title))
    for name, text in (("description", one.text), ("location", one.place)):
        if text:
            event.add(name, _plain(text))
    if one.link:
        event["url"] = vUri(_line(one.link))
    cancelled = one.cancelled or method == CANCEL
    event.add("status", "CANCELLED" if cancelled else "TENTATIVE" if one.tentative else "CONFIRMED")
    if one.organizer:
        event["organizer"] = _address(one.organizer)
    for attendee in one.attendees:
        event.add("attendee", _attendee(attendee, method), encode=False)
    return event


def _when(event: Event, one: Appointment) -> None:
    start = one.start
    if not isinstance(start, WallTime):
        event.add("dtstart", start)
        event.add("dtend", start + timedelta(minutes=one.minutes) if one.minutes else start + timedelta(days=1))
    elif start.second and one.recurrence is None:
        # A local time means its first occurrence; only UTC tells the second one.
        event.add("dtstart", start.instant)
        event.add("duration", timedelta(minutes=one.minutes))
    else:
        event.add("dtstart", _aware(start.wall, one))
        end = WallTime.of(start.instant + timedelta(minutes=one.minutes), start.zone)
        if end.wall - start.wall == timedelta(minutes=one.minutes) and not end.second and not start.missing:
            event.add("dtend", _aware(end.wall, one))
        else:
            # Over a clock change the wall does not say how long it takes (RFC 5545, 3.8.2.5: exact).
            event.add("duration", timedelta(minutes=one.minutes))
    if one.recurrence:
        _recurs(event, one, one.recurrence)


def _recurs(event: Event, one: Appointment, series: Recurrence) -> None:
    if series.rule:
        rule = vRecur.from_ical(re.sub(r";UNTIL=\d+", "", str(series.rule)))
        if series.rule.until:
            last = datetime.combine(series.rule.until, one.wall.time())
            # With a zone, UNTIL is an instant (RFC 5545, 3.3.10).
            rule["UNTIL"] = [WallTime(last, one.zone).instant if one.zone else last.date()]
        event["rrule"] = rule
    for name, moments in (("rdate", series.extra), ("exdate", series.without)):
        if moments:
            event.add(name, [_aware(moment, one) for moment in moments])


def _aware(wall: datetime, one: Appointment) -> date:
    return wall.replace(tzinfo=ZoneInfo(one.zone)) if one.zone else wall.date()


def _address(who: Invitee) -> vCalAddress:
    address = vCalAddress(f"mailto:{_line(who.email)}")
    if who.name:
        # Quotation marks have no escape inside of a parameter (RFC 5545, 3.2).
        address.params["CN"] = vText(_line(who.name).replace('"', "'"))
        # Without them a backslash at its end takes the sign after it along, with readers that hold it for an escape.
        address.params.quote_also = {"CN": " '\\"}
    return address


def _attendee(who: Invitee, method: str) -> vCalAddress:
    address = _address(who)
    more: dict[str, Any] = {"PARTSTAT": who.answer if who.answer in ANSWERS else NEEDS_ACTION}
    if method != REPLY:
        more["ROLE"] = "REQ-PARTICIPANT" if who.required else "OPT-PARTICIPANT"
    if method == REQUEST and who.answer == NEEDS_ACTION:
        more["RSVP"] = "TRUE"
    address.params.update(more)
    return address


def _plain(text: str) -> str:
    """Text of several lines, without what no calendar can hold."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _line(text: str) -> str:
    """One line: nothing in it can begin another property."""
    return " ".join(_CONTROLS.sub("", re.sub(r"[\r\n\x85\u2028\u2029]", " ", text)).split())


__all__ = ["written"]
