"""What is chosen for one import: how rows find their records, and what happens with what is missing or wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from kith.kernel.calendars import BUDDHIST, GREGORIAN, JALALI
from kith.kernel.calendars import CALENDARS as _CALENDARS
from kith.kernel.text import ascii_digits
from kith.kernel.viewer import Viewer

#: mode → what it is called.
MODES = {
    "both": _("Create new records and update existing ones"),
    "create": _("Only create new records; skip rows whose record exists"),
    "update": _("Only update existing records; skip rows that match none"),
}
BLANKS = {
    "keep": _("An empty cell leaves the value as it is"),
    "clear": _("An empty cell empties the value"),
}
BAD_CELLS = {
    "refuse": _("Refuse the row"),
    "leave": _("Leave the cell out and say so in the report"),
}
TWICE = {
    "update": _("A later row of the file updates what an earlier one made"),
    "refuse": _("Refuse the later row"),
}
DATES = {
    "dmy": _("Day, month, year: 31.12.2026"),
    "mdy": _("Month, day, year: 12/31/2026"),
    "ymd": _("Year, month, day: 2026-12-31"),
}
#: Calendars that the years of a file can be of; "" is the calendar of whoever brings it. Gregorian years are understood beside each.
CALENDARS = {key: one.label for key, one in _CALENDARS.items()}
DECIMALS = {".": _("Decimal point: 1,234.56"), ",": _("Decimal comma: 1.234,56")}

#: A locale that writes dates and numbers so, in English: only signs and order matter here, sentences have their own language.
_LOCALES = {
    ("dmy", "."): "en_GB", ("dmy", ","): "en_DE", ("mdy", "."): "en_US", ("mdy", ","): "en_US", ("ymd", "."): "en_CA",
    ("ymd", ","): "en_SE",
}  # fmt: skip


@dataclass(frozen=True)
class Choices:
    """The choices of one import.

    `match` lists, in the order in which they are tried, what finds a row's record: a field's path, several joined by "+"
    that must all agree, "@key" for the key of the program that the file came from, "@id" for our own id.
    """

    match: tuple[str, ...] = ()
    mode: str = "both"
    create_links: bool = True
    bad_cells: str = "refuse"
    twice: str = "update"
    dates: str = ""
    calendar: str = ""
    decimals: str = ""
    #: Name of the program or register that keys of this file come from.
    source: str = ""

    @classmethod
    def of(cls, data: dict[str, Any]) -> Choices:
        """The choices that `data` holds; words that mean nothing are left out."""
        closed = {
            "mode": MODES,
            "bad_cells": BAD_CELLS,
            "twice": TWICE,
            "dates": DATES,
            "calendar": CALENDARS,
            "decimals": DECIMALS,
        }
        known = {f.name for f in fields(cls)}
        kept = {k: v for k, v in data.items() if k in known and (k not in closed or v in closed[k])}
        if "match" in kept:
            kept["match"] = tuple(str(path) for path in kept["match"])
        return cls(**kept)

    def data(self) -> dict[str, Any]:
        """These choices as JSON."""
        return {**asdict(self), "match": list(self.match)}

    def viewer(self, viewer: Viewer) -> Viewer:
        """`viewer`, reading dates and numbers as this file writes them."""
        own = _writes(viewer)
        wanted = (self.dates or own[0], self.decimals or own[1])
        reader = viewer if wanted == own else replace(viewer, locale_code=_LOCALES[wanted])
        return replace(reader, calendar=self.calendar) if self.calendar not in ("", reader.calendar) else reader


def _writes(viewer: Viewer) -> tuple[str, str]:
    """The order of dates and the decimal sign of the viewer's own locale."""
    pattern = str(viewer.locale.date_formats["short"].pattern)
    order = "".join(dict.fromkeys(sign for sign in pattern if sign in "dMy")).lower()
    symbols: Any = viewer.locale.number_symbols["latn"]
    return (order if order in DATES else "dmy", symbols["decimal"] if symbols["decimal"] in DECIMALS else ".")


_DATE = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?!\d)")
_NUMBER = re.compile(r"-?\d{1,3}(?:[.,' \u00a0]?\d{3})*([.,])(\d{1,2})(?!\d)\D{0,5}")


#: Years by which a file tells its calendar, for whoever was born or hired in the last hundred and fifty years: Jalali (and Hijri, which
#: cannot be told from it by years and is rarer in files) and Buddhist.
_YEARS = ((range(1300, 1451), JALALI), (range(2400, 2601), BUDDHIST), (range(1850, 2151), GREGORIAN))


def conventions(samples: Iterable[str]) -> dict[str, str]:
    """How `samples` write dates and decimals, as far as they tell: {"dates": …, "calendar": …, "decimals": …}."""
    years = dict.fromkeys((key for _years, key in _YEARS), 0)
    dates = {"dmy": 0, "mdy": 0, "ymd": 0}
    points = {".": 0, ",": 0}
    for sample in samples:
        text = ascii_digits(sample.strip())
        if found := _DATE.match(text):
            first, second = int(found[1]), int(found[2])
            year = next((int(part) for part in (found[1], found[3]) if len(part) == 4), 0)
            for some, key in _YEARS:
                years[key] += year in some
            if len(found[1]) == 4:
                dates["ymd"] += 1
            elif 12 < first <= 31:
                dates["dmy"] += 1
            elif 12 < second <= 31:
                dates["mdy"] += 1
        elif found := _NUMBER.fullmatch(text):
            points[found[1]] += 1
    told = {}
    # One order for the file: a file that writes both cannot be read by either.
    if dates["dmy"] or dates["mdy"]:
        told["dates"] = "dmy" if dates["dmy"] >= dates["mdy"] else "mdy"
    calendar = max(years, key=years.__getitem__)
    if years[calendar] and calendar != GREGORIAN:
        told["calendar"] = calendar
    if any(points.values()):
        told["decimals"] = "." if points["."] >= points[","] else ","
    return told
