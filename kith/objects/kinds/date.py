"""Calendar days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel import clock
from kith.kernel.calendars import calendar
from kith.kernel.dates import day_writer, write_day
from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el
from kith.kernel.periods import DAY, MONTH, PERIODS, WEEK, YEAR, around, moved, named
from kith.kernel.sentences import ordinary
from kith.kernel.text import ascii_digits
from kith.kernel.viewer import NEUTRAL, Viewer

from .kind import Kind
from .typed_dates import EXAMPLE, read_date, type_date

_EXAMPLES = (
    (2026, 11, 22), (2024, 2, 29), (1999, 12, 31), (2000, 1, 1), (1985, 3, 9), (2031, 7, 4), (1970, 1, 1), (2026, 10, 25),
    (1, 1, 1), (9999, 12, 31),
)  # fmt: skip


#: Operators that are reckoned from now and take no value.
RELATIVE = (*PERIODS, "past", "future")


class Date(Kind):
    """A calendar day, stored as that of the Gregorian calendar, years 1 to 9999, without a time or a zone.

    It is shown and typed in the viewer's calendar; files and the wire hold ISO 8601.
    """

    key, label, icon, widget = "date", lazy("Date"), "calendar", "date"
    operators = ("is", "before", "after", "between", "last", "next", *RELATIVE, "empty", "filled")
    groups = (DAY, WEEK, MONTH, YEAR)
    groups_ask = "between"
    aggregates = ("count", "empty", "min", "max")
    timed = False

    def parse(self, text: str, viewer: Viewer) -> date | None:
        text = self.checked_text(text)
        return read_date(text, viewer) if text else None

    def clean(self, value: Any) -> date | None:
        if value is None or type(value) is date:
            return value
        if isinstance(value, str):
            return self.parse(value, NEUTRAL)
        if isinstance(value, datetime):
            # Which day an instant is depends on the zone; whoever has a zone makes the date.
            raise Refused(_("This needs to be a date without a time."))
        raise Refused(_("This needs to be a date, such as 2026-11-22."))

    def format(self, value: Any, viewer: Viewer) -> str:
        return "" if value is None else day_writer(viewer)(value)

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        if value is None:
            return EMPTY
        return el("time", self.format(value, viewer), datetime=value.isoformat(), class_="num")

    def edit(self, value: Any, viewer: Viewer) -> str:
        return "" if value is None else type_date(value, viewer)

    def widget_context(self, value: Any, viewer: Viewer) -> dict[str, Any]:
        """`example` is a placeholder in the viewer's calendar and order."""
        return {"example": type_date(EXAMPLE, viewer)}

    def pack(self, value: Any) -> str | None:
        return None if value is None else value.isoformat()

    def unpack(self, raw: Any) -> date | None:
        return date.fromisoformat(raw) if raw else None

    def export(self, value: Any) -> str:
        return "" if value is None else value.isoformat()

    def words(self, value: Any) -> str:
        return self.export(value)

    def asked(self, text: str, viewer: Viewer) -> str:
        return self.export(self.parse(text, viewer))

    def span(self, operator: str, text: str, viewer: Viewer, unit: str = "days") -> tuple[date, ...]:
        today = clock.today(viewer.zone)
        if operator in PERIODS:
            return named(operator, today, viewer)
        if operator in ("past", "future"):
            return (today,)
        n, of = read_number(text, unit)
        return (moved(today, -n, of, viewer), today) if operator == "last" else (today, moved(today, n, of, viewer))

    def begins(self, day: date, viewer: Viewer) -> date:
        return day

    def day_of(self, value: Any, viewer: Viewer) -> date:
        found: date = value
        return found

    def on_day(self, value: Any, day: date, viewer: Viewer) -> date:
        return day

    def bucket(self, raw: Any, unit: str, viewer: Viewer) -> tuple[str, ...]:
        first, last = around(date.fromisoformat(raw) if isinstance(raw, str) else raw, unit, viewer)
        return first.isoformat(), last.isoformat()

    def bucket_label(self, values: tuple[str, ...], unit: str, viewer: Viewer) -> str:
        return period_label(date.fromisoformat(values[0]), unit, viewer)

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "date"}

    def example(self, n: int) -> date:
        # Special days first; after them each day differs from all others.
        return date(*_EXAMPLES[n]) if n < len(_EXAMPLES) else date(2025, 12, 31) - timedelta(days=n)


def period_label(first: date, unit: str, viewer: Viewer) -> str:
    """What the day, week, month or year that begins with `first` is called."""
    if unit == WEEK:
        return _("Week of %(day)s") % {"day": write_day(first, viewer)}
    if unit == YEAR:
        hers = calendar(viewer.calendar)
        return ordinary((hers if hers.holds(first) else calendar("")).of(first)[0], viewer)
    return write_day(first, viewer, "month" if unit == MONTH else "medium")


#: What a number in a filter may count → the unit of kith.kernel.periods, and how many of them there may be (a hundred years).
_COUNTED = {"days": (DAY, 36_500), "weeks": (WEEK, 5_200), "months": (MONTH, 1_200)}


def read_number(text: str, unit: str) -> tuple[int, str]:
    """The number in "in the last 14 days", and what is counted; a hundred years at most."""
    digits = ascii_digits(text.strip())
    if unit not in _COUNTED:
        raise Refused(_("Count in days, weeks or months."))
    counted, most = _COUNTED[unit]
    if not digits.isdecimal() or len(digits) > 5 or not 1 <= int(digits) <= most:
        raise Refused(_("Write a number, such as 14."))
    return int(digits), counted
