"""Spans of wall times."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from babel.dates import get_period_names
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.digits import local_digits
from kith.kernel.errors import Refused
from kith.kernel.hours import DAY, Span, wall
from kith.kernel.text import ascii_digits, fold
from kith.kernel.viewer import Viewer

from .kind import Kind

#: Longer than any span that somebody would type.
LONGEST = 60
_TIME = r"(\d{1,2})(?:\s*[:.٫：h\u65f6\u6642\uc2dc\u70b9]\s*(\d{2})?)?\s*([^\W\d_][^\d]*?)?"
_SPAN = re.compile(
    r"(.*?[\d].*?)\s*(?:[-–—−~〜～－―至到]|\.\.\.?|…|\bto\b|\btill?\b|\bbis\b|\bdo\b|تا|إلى|から)\s*(.*\d.*)"
)
_CLOCK = re.compile(_TIME)
_EXAMPLES = (
    Span(480, 1020), Span(540, 1020), Span(1320, 420), Span(450, 960), Span(0, DAY), Span(1260, 480), Span(600, 1140), Span(570, 1110),
    Span(1, 2), Span(1439, DAY),
)  # fmt: skip


class Hours(Kind):
    """From a wall time to another, "08:00–17:00"; 22:00–07:00 passes midnight. The zone is said by whoever the hours belong to."""

    key, label, icon, widget = "hours", lazy("Hours of the day"), "clock", "text"
    empty: ClassVar[Any] = None
    stores_packed = True
    operators = ("in", "not_in", "empty", "filled")

    def parse(self, text: str, viewer: Viewer) -> Span | None:
        text = self.checked_text(text)
        if not text:
            return None
        found = _SPAN.fullmatch(ascii_digits(text)) if len(text) <= LONGEST else None
        times = [self._minute(part, viewer) for part in found.groups()] if found else [None, None]
        start, end = times
        if start is None or end is None:
            raise Refused(
                _("“%(text)s” is not a span of hours. Write it like %(example)s.")
                % {"text": text[:LONGEST], "example": self.format(Span(480, 1020), viewer)}
            )
        return self._made(start, end)

    def _minute(self, text: str, viewer: Viewer) -> int | None:
        """Minutes after midnight; None for what is no time of the day."""
        found = _CLOCK.fullmatch(text.strip(" \u200e\u200f\u200b"))
        if not found:
            return None
        hour, minute, half = int(found[1]), int(found[2] or 0), fold(found[3] or "").replace(".", "").replace(" ", "")
        if half and half not in _UNITS:
            late = _halves(str(viewer.locale)).get(half)
            if late is None or not 1 <= hour <= 12:
                return None
            hour = hour % 12 + 12 * late
        return hour * 60 + minute if minute < 60 and (hour < 24 or (hour == 24 and not minute)) else None

    def _made(self, start: int, end: int) -> Span:
        start, end = start % DAY, end or DAY
        if start == end:
            raise Refused(_("These hours begin and end at the same time. For the whole day, write 00:00–24:00."))
        return Span(start, end)

    def clean(self, value: Any) -> Span | None:
        if value is None or isinstance(value, Span):
            return value
        text = self.checked_text(value)
        if not text:
            return None
        try:
            return Span.of(text)
        except ValueError:
            return self.parse(text, Viewer())

    def format(self, value: Any, viewer: Viewer) -> str:
        """By the 24-hour clock, which every language reads, in the viewer's digits."""
        return local_digits(f"{wall(value.start)}–{wall(value.end)}", viewer) if value else ""

    def edit(self, value: Any, viewer: Viewer) -> str:
        return self.format(value, viewer)

    def widget_context(self, value: Any, viewer: Viewer) -> dict[str, Any]:
        """`hint` shows how hours are written."""
        return {"hint": _("such as %(example)s") % {"example": self.format(Span(480, 1020), viewer)}}

    def pack(self, value: Any) -> Any:
        return str(value) if value else None

    def unpack(self, raw: Any) -> Span | None:
        return Span.of(raw) if raw else None

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "pattern": "^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$"}

    def words(self, value: Any) -> str:
        return ""

    def example(self, n: int) -> Span:
        return _EXAMPLES[n % len(_EXAMPLES)]


#: Signs behind an hour that say no more than that it is one.
_UNITS = {"h", "uhr", "klo", "ч", "u", "分", "분"}


def _halves(locale_code: str) -> dict[str, int]:
    """What stands for before and after noon: 0 and 1 by the folded word, in English and in the locale."""
    found = {"am": 0, "a": 0, "pm": 1, "p": 1}
    for width in ("abbreviated", "narrow", "wide"):
        names = get_period_names(width, locale=locale_code)
        for late, key in enumerate(("am", "pm")):
            if key in names:
                found[fold(str(names[key])).replace(".", "").replace(" ", "")] = late
    return found
