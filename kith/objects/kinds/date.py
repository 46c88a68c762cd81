"""Calendar days."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel import clock
from kith.kernel.digits import local_digits
from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el
from kith.kernel.sentences import ordinary
from kith.kernel.text import ascii_digits, fold
from kith.kernel.viewer import NEUTRAL, Viewer

from .kind import Kind

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
#: What spreadsheets write behind a date that never had a time.
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?Z?\Z", re.IGNORECASE)
_PIECES = re.compile(r"\d+|[^\W\d_]+")
_OTHER = re.compile(r"[^\w\s.,/\-،、]")
#: Words that stand in a date and say nothing.
_FILLERS = {"年", "月", "日", "년", "월", "일", "de", "del", "of"}
#: Years below are years of another calendar when they are typed where the Persian calendar is used.
_GREGORIAN_FROM = 1700
_EXAMPLES = (
    (2026, 11, 22), (2024, 2, 29), (1999, 12, 31), (2000, 1, 1), (1985, 3, 9), (2031, 7, 4), (1970, 1, 1), (2026, 10, 25),
    (1, 1, 1), (9999, 12, 31),
)  # fmt: skip


class Date(Kind):
    """A calendar day of the Gregorian calendar, years 1 to 9999, without a time or a zone."""

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
        return "" if value is None else local_digits(format_date(value, "medium", viewer.locale), viewer)

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        if value is None:
            return EMPTY
        return el("time", self.format(value, viewer), datetime=value.isoformat(), class_="num")

    def edit(self, value: Any, viewer: Viewer) -> str:
        return "" if value is None else type_date(value, viewer)

    def widget_context(self, value: Any, viewer: Viewer) -> dict[str, Any]:
        """`iso` is for an input of type date, `example` for a placeholder in the viewer's order."""
        return {"iso": self.export(value), "example": type_date(date(2026, 11, 22), viewer)}

    def pack(self, value: Any) -> str | None:
        return None if value is None else value.isoformat()

    def unpack(self, raw: Any) -> date | None:
        return date.fromisoformat(raw) if raw else None

    def export(self, value: Any) -> str:
        return "" if value is None else value.isoformat()

    def words(self, value: Any) -> str:
        return self.export(value)

    def span(self, operator: str, text: str, viewer: Viewer) -> tuple[date, date]:
        today = clock.today(viewer.zone)
        days = timedelta(days=read_days(text))
        return (today - days, today) if operator == "last" else (today, today + days)

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "date"}

    def example(self, n: int) -> date:
        return date(*_EXAMPLES[n % len(_EXAMPLES)])


def read_days(text: str) -> int:
    """The number of days in a filter: 1 to 36,500."""
    digits = ascii_digits(text.strip())
    if not digits.isdecimal() or len(digits) > 5 or not 1 <= int(digits) <= 36_500:
        raise Refused(_("Write a number of days, such as 14."))
    return int(digits)


# ── reading and typing dates ─────────────────────────────────────────────────────────────────────────────────────────


def read_date(text: str, viewer: Viewer) -> date:
    """The day that `text` means to `viewer`: ISO first, then the year first, then the viewer's order.

    Nothing is guessed: two-digit years and another order than the viewer's are refused with a sentence.
    """
    folded = fold(_MIDNIGHT.sub("", text)) if len(text) <= 60 else ""
    iso = _ISO.fullmatch(folded)
    if iso:
        return _day(viewer, *map(int, iso.groups()))
    pieces = [] if _OTHER.search(folded) else [p for p in _PIECES.findall(folded) if p not in _FILLERS]
    numbers = [p for p in pieces if p.isdecimal()]
    words = [p for p in pieces if not p.isdecimal()]
    example = {"example": type_date(date(2026, 11, 22), viewer)}
    if len(numbers) + len(words) != 3 or len(words) > 1:
        raise Refused(_("This needs to be a date, such as %(example)s.") % example)
    if not any(len(p) == 4 for p in numbers):
        raise Refused(_("Write the year with four digits, such as %(example)s.") % example)
    if words:
        year, month, day = _with_month_name(numbers, words[0], viewer)
    else:
        year, month, day = _in_order(numbers, viewer)
    if viewer.locale.language == "fa" and year < _GREGORIAN_FROM:
        raise Refused(_("Write the date in the Gregorian calendar, such as %(example)s.") % example)
    return _day(viewer, year, month, day)


def _with_month_name(numbers: list[str], word: str, viewer: Viewer) -> tuple[int, int, int]:
    month = _months(str(viewer.locale)).get(word)
    if month is None:
        raise Refused(_("“%(word)s” is not the name of a month.") % {"word": word})
    day, year = sorted(numbers, key=len)
    return int(year), month, int(day)


def _in_order(numbers: list[str], viewer: Viewer) -> tuple[int, int, int]:
    first, second, third = map(int, numbers)
    if len(numbers[0]) == 4:
        return first, second, third
    order = _order(viewer.locale)
    example = {"example": type_date(date(2026, 11, 22), viewer)}
    if len(numbers[2]) != 4 or order[0] == "y":
        raise Refused(_("Write the date in this order: %(example)s.") % example)
    day, month = (first, second) if order[0] == "d" else (second, first)
    if month > 12 and day <= 12:
        # Taking it the other way round would read 11/22 and 11/10 of one column in two ways.
        raise Refused(
            _("There is no month %(month)s. Write the date in this order: %(example)s.")
            % {"month": ordinary(month), **example}
        )
    return third, month, day


def _day(viewer: Viewer, year: int, month: int, day: int) -> date:
    if not 1 <= year <= 9999:
        raise Refused(_("There is no year %(year)s.") % {"year": ordinary(year)})
    if not 1 <= month <= 12:
        raise Refused(_("There is no month %(month)s.") % {"month": ordinary(month)})
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        name = local_digits(format_date(date(year, month, 1), "LLLL y", viewer.locale), viewer)
        raise Refused(
            _("There is no day %(day)s in %(month)s: it has %(n)s days.")
            % {"day": ordinary(day), "month": name, "n": ordinary(last)}
        )
    return date(year, month, day)


def type_date(value: date, viewer: Viewer) -> str:
    """`value` as the viewer would type it, with a year of four digits; ISO where that could be misread."""
    written = {"d": f"{value.day}", "dd": f"{value.day:02}", "M": f"{value.month}", "MM": f"{value.month:02}"}
    pattern = re.sub(r"[^dMy./\- ]", "", _short(viewer.locale)).strip()
    text = re.sub("d+|M+|y+", lambda m: written.get(m[0], f"{value.year:04}"), pattern)
    plain = re.fullmatch(r"\d+(\. |[./\- ])\d+\1\d+\.?", text)
    if not plain or value.year < _GREGORIAN_FROM:
        return value.isoformat()
    return local_digits(text, viewer)


def _short(locale: Locale) -> str:
    return str(locale.date_formats["short"].pattern)


def _order(locale: Locale) -> str:
    """The viewer's order of day, month and year: "dmy", "mdy" or "ymd"."""
    return "".join(dict.fromkeys(c for c in _short(locale) if c in "dMy")).lower()


@lru_cache(maxsize=32)
def _months(locale_code: str) -> dict[str, int]:
    """Names of months, long and short, folded: the locale's own and English."""
    found: dict[str, int] = {}
    for locale in (Locale.parse("en"), Locale.parse(locale_code)):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    word = "".join(_PIECES.findall(fold(name))[:1])
                    if word and not word.isdecimal():
                        found[word] = number
    return found
