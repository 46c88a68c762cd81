"""Instants: a moment on the time line, in UTC inside, in the viewer's zone on screens."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel import clock
from kith.kernel.dates import write_moment
from kith.kernel.digits import local_digits
from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el
from kith.kernel.periods import DAY, MONTH, PERIODS, WEEK, YEAR, around, first_moment, moved, named
from kith.kernel.text import ascii_digits, fold
from kith.kernel.times import WallTime
from kith.kernel.viewer import NEUTRAL, Viewer

from .date import RELATIVE, period_label, read_number
from .kind import Kind
from .typed_dates import EXAMPLE, ISO, read_date, type_date

#: Two days from the ends of the calendar, so that no zone of the world leaves it.
FIRST, LAST = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)
_TIME = re.compile(
    r"(?P<date>.*?)(?:(?<=\d)t|[\s,،]+)(?P<h>\d{1,2})[:.](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:[.,](?P<f>\d{1,6}))?)?"
    r"\s*(?P<half>(?!z\Z|utc\Z)[^\W\d_][^\d+]*?)?\s*(?P<zone>z|utc|[+-]\d{2}:?\d{2})?"
)
_EXAMPLES = (
    datetime(2026, 11, 22, 14, 30, tzinfo=UTC),
    datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    datetime(1999, 12, 31, 12, 0, 0, 1, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
    datetime(1900, 6, 15, 6, 0, tzinfo=UTC),
    datetime(2030, 7, 4, 16, 45, 10, 500000, tzinfo=UTC),
)


class DateTime(Kind):
    """An instant as an aware datetime in UTC.

    Typed text without an offset is wall time in the viewer's zone; a JSON value without one is refused. A wall time that occurs
    twice means its first occurrence; one that does not occur is read with the offset before the gap (RFC 5545, 3.3.5; `fold=0`
    of PEP 495). A date alone means its first moment.
    """

    key, label, icon, widget = "datetime", lazy("Date and time"), "calendar-clock", "datetime"
    operators = ("before", "after", "between", "last", "next", *RELATIVE, "empty", "filled")
    groups = (DAY, WEEK, MONTH, YEAR)
    groups_ask = "between"
    aggregates = ("count", "empty", "min", "max")
    timed = True

    def parse(self, text: str, viewer: Viewer) -> datetime | None:
        text = self.checked_text(text)
        return self.clean(_read(text, viewer)) if text else None

    def clean(self, value: Any) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, str):
            value = _iso(self.checked_text(value))
            if value is None:
                return None
        if not isinstance(value, datetime):
            raise Refused(_("This needs to be a date and a time, such as 2026-11-22T14:30:00Z."))
        if value.utcoffset() is None:
            raise Refused(_("Say the time zone as well: end with Z or with an offset such as +02:00."))
        try:
            value = value.astimezone(UTC)
        except (OverflowError, ValueError):
            value = FIRST - timedelta(days=1)
        if not FIRST <= value <= LAST:
            raise Refused(_("This date lies outside of the calendar."))
        return value.replace(fold=0)

    def format(self, value: Any, viewer: Viewer) -> str:
        if value is None:
            return ""
        return write_moment(value.astimezone(viewer.tzinfo), viewer)

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        return (
            EMPTY
            if value is None
            else el("time", self.format(value, viewer), datetime=self.export(value), class_="num")
        )

    def edit(self, value: Any, viewer: Viewer) -> str:
        if value is None:
            return ""
        there = value.astimezone(viewer.tzinfo)
        clock = (
            f"{there:%H:%M:%S.%f}" if there.microsecond else f"{there:%H:%M:%S}" if there.second else f"{there:%H:%M}"
        )
        text = f"{type_date(there.date(), viewer)} {local_digits(clock, viewer)}"
        # The second of two equal wall times cannot be typed as wall time; say the instant then.
        return text if _said(text, viewer) == value else str(self.pack(value))

    def widget_context(self, value: Any, viewer: Viewer) -> dict[str, Any]:
        """`example` is a placeholder in the viewer's calendar and order, `zone` is to be shown beside it."""
        return {"example": f"{type_date(EXAMPLE, viewer)} {local_digits('14:30', viewer)}", "zone": viewer.zone}

    def pack(self, value: Any) -> str | None:
        if value is None:
            return None
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

    def unpack(self, raw: Any) -> datetime | None:
        return datetime.fromisoformat(raw) if raw else None

    def export(self, value: Any) -> str:
        return self.pack(value) or ""

    def asked(self, text: str, viewer: Viewer) -> str:
        """A day stays a day: it begins with its first moment wherever the reader is."""
        text = self.checked_text(text)
        if _TIME.fullmatch(fold(ascii_digits(text))):
            return self.export(self.parse(text, viewer))
        return read_date(text, viewer).isoformat()

    def span(self, operator: str, text: str, viewer: Viewer, unit: str = "days") -> tuple[datetime, ...]:
        now = clock.now()
        there = now.astimezone(viewer.tzinfo)
        if operator in PERIODS:
            first, last = named(operator, there.date(), viewer)
            # The last instant that can be stored before the day after.
            return _moment(first, viewer), _moment(moved(last, 1, DAY, viewer), viewer) - timedelta(microseconds=1)
        if operator in ("past", "future"):
            return (now,)
        n, of = read_number(text, unit)
        n = -n if operator == "last" else n
        if of == MONTH:
            day = moved(there.date(), n, of, viewer)
            other = _within(datetime.combine(day, there.time(), viewer.tzinfo))
        else:
            other = now + (moved(there.date(), n, of, viewer) - there.date())
        return (other, now) if operator == "last" else (now, other)

    def begins(self, day: date, viewer: Viewer) -> datetime:
        return WallTime(datetime.combine(day, time()), viewer.zone).instant

    def day_of(self, value: Any, viewer: Viewer) -> date:
        there: datetime = value.astimezone(viewer.tzinfo)
        return there.date()

    def on_day(self, value: Any, day: date, viewer: Viewer) -> datetime:
        # Nine o'clock stays nine o'clock, also over the day on which the clocks change.
        at = value.astimezone(viewer.tzinfo).time() if value is not None else time(9)
        return WallTime(datetime.combine(day, at.replace(fold=0)), viewer.zone).instant

    def bucket(self, raw: Any, unit: str, viewer: Viewer) -> tuple[str, ...]:
        there = (datetime.fromisoformat(raw) if isinstance(raw, str) else raw).astimezone(viewer.tzinfo)
        first, last = around(there.date(), unit, viewer)
        end = _moment(moved(last, 1, DAY, viewer), viewer) - timedelta(microseconds=1)
        return self.export(_moment(first, viewer)), self.export(end)

    def bucket_label(self, values: tuple[str, ...], unit: str, viewer: Viewer) -> str:
        return period_label(datetime.fromisoformat(values[0]).astimezone(viewer.tzinfo).date(), unit, viewer)

    def words(self, value: Any) -> str:
        return ""

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "date-time"}

    def example(self, n: int) -> datetime:
        return _EXAMPLES[n % len(_EXAMPLES)]


def _moment(day: date, viewer: Viewer) -> datetime:
    """The first instant of a day where the viewer is."""
    return _within(first_moment(day, viewer))


def _within(there: datetime) -> datetime:
    """An instant in UTC, inside of the calendar."""
    try:
        return min(max(there.astimezone(UTC), FIRST), LAST)
    except OverflowError:
        return FIRST if there.year < 5000 else LAST


def _iso(text: str) -> datetime | None:
    """The datetime that machine text says; nobody's wall time is meant there, so that `clean` asks for the offset."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(_("This needs to be a date and a time, such as 2026-11-22T14:30:00Z.")) from None


def _said(text: str, viewer: Viewer) -> datetime | None:
    try:
        return DateTime().parse(text, viewer)
    except Refused:
        return None


def _read(text: str, viewer: Viewer) -> datetime:
    """The instant that `text` means to `viewer`."""
    if len(text) > 80:
        raise Refused(_("This needs to be a date and a time, such as 2026-11-22 14:30."))
    found = _TIME.fullmatch(fold(ascii_digits(text)))
    if not found:
        return _at(datetime.combine(read_date(text, viewer), time()), None, viewer)
    hour, minute, second = int(found["h"]), int(found["m"]), int(found["s"] or 0)
    if found["half"]:
        hour = _hour_of_half(hour, found["half"], viewer)
    if hour > 23 or minute > 59 or second > 59:
        raise Refused(_("There is no such time of day. Write hours from 0 to 23 and minutes from 0 to 59."))
    clock = time(hour, minute, second, int((found["f"] or "").ljust(6, "0")))
    # With an offset a program wrote it, and programs write Gregorian years.
    reader = NEUTRAL if found["zone"] and ISO.fullmatch(found["date"]) else viewer
    return _at(datetime.combine(read_date(found["date"], reader), clock), found["zone"], viewer)


def _at(wall: datetime, zone: str | None, viewer: Viewer) -> datetime:
    if zone is None:
        return wall.replace(tzinfo=viewer.tzinfo)
    if zone in ("z", "utc"):
        return wall.replace(tzinfo=UTC)
    sign, hours, minutes = zone[0], int(zone[1:3]), int(zone[-2:])
    if hours > 23 or minutes > 59:
        raise Refused(_("There is no such offset from UTC: write one such as +02:00."))
    offset = timedelta(hours=hours, minutes=minutes)
    return wall.replace(tzinfo=timezone(-offset if sign == "-" else offset))


def _hour_of_half(hour: int, half: str, viewer: Viewer) -> int:
    """The hour of 24 for an hour of 12 and a word for the half of the day, the viewer's or English."""
    words = {"am": False, "pm": True}
    for width in viewer.locale.day_periods.get("format", {}).values():
        words |= {_bare(width[name]): late for name, late in (("am", False), ("pm", True)) if name in width}
    late = words.get(_bare(half))
    if late is None or not 1 <= hour <= 12:
        raise Refused(_("There is no such time of day. Write hours from 0 to 23 and minutes from 0 to 59."))
    return hour % 12 + (12 if late else 0)


def _bare(word: str) -> str:
    return re.sub(r"[\s.]", "", fold(word))
