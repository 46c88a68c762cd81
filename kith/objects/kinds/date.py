"""Calendar days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel import clock
from kith.kernel.dates import day_writer
from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el
from kith.kernel.text import ascii_digits
from kith.kernel.viewer import NEUTRAL, Viewer

from .kind import Kind
from .typed_dates import EXAMPLE, read_date, type_date

_EXAMPLES = (
    (2026, 11, 22), (2024, 2, 29), (1999, 12, 31), (2000, 1, 1), (1985, 3, 9), (2031, 7, 4), (1970, 1, 1), (2026, 10, 25),
    (1, 1, 1), (9999, 12, 31),
)  # fmt: skip


class Date(Kind):
    """A calendar day, stored as that of the Gregorian calendar, years 1 to 9999, without a time or a zone.

    It is shown and typed in the viewer's calendar; files and the wire hold ISO 8601.
    """

    key, label, icon, widget = "date", lazy("Date"), "calendar", "date"
    operators = ("is", "before", "after", "between", "last", "next", "empty", "filled")
    aggregates = ("count", "empty", "min", "max")

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

    def span(self, operator: str, text: str, viewer: Viewer) -> tuple[date, date]:
        today = clock.today(viewer.zone)
        days = timedelta(days=read_days(text))
        return (today - days, today) if operator == "last" else (today, today + days)

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "date"}

    def example(self, n: int) -> date:
        # Special days first; after them each day differs from all others.
        return date(*_EXAMPLES[n]) if n < len(_EXAMPLES) else date(2025, 12, 31) - timedelta(days=n)


def read_days(text: str) -> int:
    """The number of days in a filter: 1 to 36,500."""
    digits = ascii_digits(text.strip())
    if not digits.isdecimal() or len(digits) > 5 or not 1 <= int(digits) <= 36_500:
        raise Refused(_("Write a number of days, such as 14."))
    return int(digits)
