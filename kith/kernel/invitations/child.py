"""The child process that reads calendar files from outside: iCalendar in, one JSON object out.

This file is run by its path in a fresh interpreter, with the file as standard input; it imports nothing of Kith. It loads its library,
takes limits upon itself, and only then looks at the first byte. Whatever a hostile file does to a parser happens here, where the worst
outcome is a dead child. Values are handed over as they are written, with the zone that they belong to; what they mean is decided by the
parent.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import sys
import warnings
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from icalendar import Calendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

MEGABYTE = 1024 * 1024
MAX_BYTES = 4 * MEGABYTE
MOST_EVENTS, MOST_ATTENDEES, MOST_DATES = 500, 500, 600
LONGEST_LINE, LONGEST_TEXT, LONGEST_RULE = 1000, 50_000, 5000
_MOMENT = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?", re.ASCII)
#: Where a long line goes on; the parameters of a line that names somebody, and what stands in quotation marks there.
_FOLDED = re.compile(r"\r?\n[ \t]")
_NAMES = re.compile(r'^(?:ATTENDEE|ORGANIZER);(?:[^":\r\n]|"[^"\r\n]*")*+:', re.MULTILINE | re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
#: Where most people live, before all other zones that are alike.
_USUAL = (
    "Europe/Berlin", "Europe/Helsinki", "Europe/London", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "America/Sao_Paulo", "Asia/Tokyo", "Asia/Shanghai", "Asia/Kolkata", "Asia/Tehran", "Australia/Sydney",
)  # fmt: skip

Lost = list[list[str]]


def limit() -> None:
    """Little memory, little time, nothing to write to, and few open files."""
    for what, most in (
        (resource.RLIMIT_AS, 512 * MEGABYTE),
        (resource.RLIMIT_CPU, 10),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))


def calendar_of(data: bytes) -> dict[str, Any]:
    """What the file says: `{"method", "events", "more"}`, or `{"refused": code}`."""
    if len(data) > MAX_BYTES:
        return {"refused": "too_large"}
    if b"BEGIN:VCALENDAR" not in data[: 64 * 1024].upper():
        return {"refused": "no_calendar"}
    try:
        with warnings.catch_warnings():
            # That a zone was guessed by its name: so it is meant.
            warnings.simplefilter("ignore")
            calendars = Calendar.from_ical(
                _literal(data.decode("utf-8", "replace").lstrip("\ufeff").strip()), multiple=True
            )
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, RecursionError, OverflowError):
        return {"refused": "broken"}
    if not calendars:
        return {"refused": "broken"}
    found: list[Any] = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    method = next((str(calendar.get("METHOD", "")) for calendar in calendars), "")
    return {
        "method": method.upper()[:20],
        "events": [_event(event) for event in found[:MOST_EVENTS]],
        "more": max(0, len(found) - MOST_EVENTS),
    }


def _literal(text: str) -> str:
    """The file with backslashes in quoted names as the library reads them: for it they begin escapes, which parameters do not have."""
    return _NAMES.sub(
        lambda line: _QUOTED.sub(lambda name: name[0].replace("\\", "\\\\"), line[0]), _FOLDED.sub("", text)
    )


def _event(event: Any) -> dict[str, Any]:
    lost: Lost = [[str(name or "?")[:40], "broken"] for name, _why in event.errors[:50] if name not in _RAW]
    said: dict[str, Any] = {"uid": _text(event, "UID", LONGEST_LINE)}
    for name, most in (("SUMMARY", LONGEST_LINE), ("DESCRIPTION", LONGEST_TEXT), ("LOCATION", LONGEST_LINE), ("URL", LONGEST_LINE),
                       ("STATUS", 20), ("SEQUENCE", 12)):  # fmt: skip
        said[name.lower()] = _text(event, name, most)
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID", "DTSTAMP"):
        said[name.lower()] = _first(_moments(event, name, lost))
    said["range"] = any("RANGE" in getattr(value, "params", {}) for value in _values(event, "RECURRENCE-ID"))
    said["duration"] = _duration(event, lost)
    rules = _values(event, "RRULE")
    said["rrule"] = [_raw(rule)[: LONGEST_RULE + 1] for rule in rules[:3]]
    for name in ("RDATE", "EXDATE"):
        moments = _moments(event, name, lost)
        if len(moments) > MOST_DATES:
            lost.append([name, "too_many"])
            moments = []
        said[name.lower()] = moments
    people = [_person(value) for value in _values(event, "ATTENDEE")]
    if len(people) > MOST_ATTENDEES:
        lost.append(["ATTENDEE", "too_many"])
    said["attendees"] = [person for person in people[:MOST_ATTENDEES] if person["email"]]
    said["organizer"] = next((_person(value) for value in _values(event, "ORGANIZER")), None)
    return {**said, "lost": lost[:100]}


#: Properties whose text is read here: what the library says of them is not asked.
_RAW = ("DTSTART", "DTEND", "RECURRENCE-ID", "DTSTAMP", "DURATION", "RRULE", "RDATE", "EXDATE")


def _values(event: Any, name: str) -> list[Any]:
    found = event.get(name)
    return [] if found is None else found if isinstance(found, list) else [found]


def _raw(value: Any) -> str:
    """The text of a property, as it was written."""
    text = value.to_ical() if hasattr(value, "to_ical") else str(value)
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    # What the library could not read, it escapes as if it were text.
    return text.replace("\\;", ";").replace("\\,", ",")


def _text(event: Any, name: str, most: int) -> str:
    value = next(iter(_values(event, name)), "")
    return str(value)[:most]


def _first(found: list[Any]) -> Any:
    return found[0] if found else None


def _moments(event: Any, name: str, lost: Lost) -> list[Any]:
    """`[text, zone]` for each moment of a property: zone is a name, "" for none, "?" for one that nobody knows."""
    moments = []
    for value in _values(event, name)[:MOST_DATES]:
        params = getattr(value, "params", {})
        tzid = str(params.get("TZID", ""))[:200]
        zone = _zone(event, tzid, value) if tzid else ""
        if zone == "?":
            lost.append([name, "zone"])
        for item in _raw(value).split(",")[: MOST_DATES + 1]:
            # Of a period the start.
            text = item.partition("/")[0].strip()
            if _is_moment(text):
                moments.append([text, "UTC" if text.endswith("Z") else zone])
            else:
                lost.append([name, "broken"])
    return moments


def _is_moment(text: str) -> bool:
    found = _MOMENT.fullmatch(text)
    try:
        return bool(found and datetime.strptime(found[1] + (found[2] or "000000"), "%Y%m%d%H%M%S"))  # noqa: DTZ007
    except ValueError:
        return False


def _duration(event: Any, lost: Lost) -> int | None:
    """Minutes, or None where nothing is said."""
    value = event.get("DURATION")
    if value is None:
        return None
    lasting = getattr(value, "dt", None) if not type(value).__name__.startswith("vBroken") else None
    if not isinstance(lasting, timedelta) or not timedelta() <= lasting <= timedelta(days=3660):
        lost.append(["DURATION", "broken"])
        return None
    return int(lasting.total_seconds()) // 60


def _person(value: Any) -> dict[str, Any]:
    params = getattr(value, "params", {})
    address = str(value)[:400]
    return {
        "email": address[7:] if address[:7].lower() == "mailto:" else "",
        "name": str(params.get("CN", ""))[:200],
        "answer": str(params.get("PARTSTAT", "")).upper()[:20],
        "required": str(params.get("ROLE", "REQ-PARTICIPANT")).upper() != "OPT-PARTICIPANT",
    }


# ── zones ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_KNOWN: dict[str, str] = {}


def _zone(event: Any, tzid: str, value: Any) -> str:
    """The IANA name that a TZID means: itself, Windows' name for it, its end, or a zone whose clocks go as the file says; else "?"."""
    if tzid not in _KNOWN:
        name = tzid.strip().strip("/")
        parts = name.split("/")
        ends = ["/".join(parts[-n:]) for n in (3, 2, 1) if n <= len(parts)]
        names = available_timezones()
        _KNOWN[tzid] = next((end for end in [*ends, WINDOWS_TO_OLSON.get(name, "")] if end in names), "") or _alike(
            event.get("DTSTART"), tzid
        )
    return _KNOWN[tzid]


def _alike(start: Any, tzid: str) -> str:
    """The zone whose clocks go as the file's own description of `tzid` does, for two years."""
    try:
        at = start.dt
        tz = at.tzinfo if isinstance(at, datetime) and start.params.get("TZID") == tzid else None
        if tz is None:
            return "?"
        middle = at.replace(tzinfo=None)
        points = [middle + timedelta(days=30 * n) for n in range(25)]
        wanted = [tz.utcoffset(point.replace(tzinfo=tz)) for point in points]
        for name in (*_USUAL, *sorted(available_timezones())):
            if "/" in name and all(ZoneInfo(name).utcoffset(p) == w for p, w in zip(points, wanted, strict=True)):
                return name
    except (AttributeError, ValueError, OverflowError, TypeError, KeyError):
        pass
    return "?"


def main() -> None:
    """Read standard input, write what was found."""
    limit()
    with os.fdopen(0, "rb", closefd=False) as source:
        data = source.read(MAX_BYTES + 1)
    try:
        told = calendar_of(data)
    except MemoryError:
        told = {"refused": "broken"}
    sys.stdout.buffer.write(json.dumps(told, ensure_ascii=True).encode())


if __name__ == "__main__":
    with contextlib.suppress(Exception):
        main()
    sys.stdout.flush()
    os._exit(0)
