"""How days and times of day are written: patterns of CLDR, compiled once per way of seeing and then only filled in.

Babel reads its pattern anew for every date; a list of fifty rows with three dates would pay for that a hundred and fifty times.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_time

from .calendars import GREGORIAN, calendar, names
from .digits import digits_of, in_digits
from .viewer import Viewer

#: Quoted text, a run of one letter, or anything else.
_TOKENS = re.compile(r"'((?:[^']|'')*)'|(([A-Za-z])\3*)|([^A-Za-z']+)")
#: What the time of day is made of, where a pattern holds nothing else.
_CLOCK = set("HhKkmsa")
DayWriter = Callable[[date], str]
ClockWriter = Callable[[time], str]


def write_day(day: date, viewer: Viewer, width: str = "medium") -> str:
    """`day` in the viewer's calendar, order, words and digits. `width` is "medium", "long", "month" (without the day)
    or "gregorian month" (that of the Gregorian calendar, whatever the viewer's own).

    A day that the calendar cannot tell is written in the Gregorian one.
    """
    return day_writer(viewer, width)(day)


def day_writer(viewer: Viewer, width: str = "medium") -> DayWriter:
    """Writes days for this viewer; prepared once, and the same function for everybody who sees alike."""
    write: DayWriter | None = viewer.memo.get(width)
    if write is None:
        write = viewer.memo[width] = _day_writer(str(viewer.locale), viewer.calendar, digits_of(viewer), width)
    return write


def write_moment(there: datetime, viewer: Viewer) -> str:
    """A wall time of the viewer: day and time of day, as the locale joins them."""
    joint = viewer.memo.get("joint")
    if joint is None:
        joint = viewer.memo["joint"] = _joint(str(viewer.locale))
    before, between, after, day_first = joint
    day, clock = day_writer(viewer)(there.date()), write_clock(there.time(), viewer)
    return f"{before}{day}{between}{clock}{after}" if day_first else f"{before}{clock}{between}{day}{after}"


def write_clock(at: time, viewer: Viewer) -> str:
    """A time of day, to the minute, in the viewer's words and digits."""
    write: ClockWriter | None = viewer.memo.get("clock")
    if write is None:
        write = viewer.memo["clock"] = _clock_writer(str(viewer.locale), digits_of(viewer))
    return write(at)


def typed_order(viewer: Viewer) -> str:
    """In which order the viewer types a date: "dmy", "mdy" or "ymd"."""
    return "".join(dict.fromkeys(c for c in short_pattern(viewer) if c in "dMy")).lower()


def short_pattern(viewer: Viewer) -> str:
    """The locale's pattern of a date in numbers; that of the Gregorian calendar, whose order holds for all."""
    return str(viewer.locale.date_formats["short"].pattern)


# ── compiling ────────────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=256)
def _day_writer(locale_code: str, key: str, system: str, width: str) -> DayWriter:
    own = calendar(key)
    if width == "gregorian month":
        return _gregorian(locale_code, system, "month")
    if key == GREGORIAN:
        return _gregorian(locale_code, system, width)
    told = names(locale_code, key)
    words = {"wide": told.wide, "abbreviated": told.abbreviated, "alone": told.alone}
    pattern = told.patterns[width]
    if width == "month" and pattern.startswith("y MMMM"):
        # CLDR's root pattern, where a language has none for this calendar: the order of its Gregorian one is meant.
        pattern = _month_pattern(locale_code) + (" G" if "G" in pattern else "")
    fill = _compiled(pattern, words, told.era)
    otherwise = _gregorian(locale_code, system, width)

    def write(day: date) -> str:
        return in_digits(fill(*own.split(day)), system) if own.holds(day) else otherwise(day)

    return write


@lru_cache(maxsize=256)
def _gregorian(locale_code: str, system: str, width: str) -> DayWriter:
    locale = Locale.parse(locale_code)
    months: Any = locale.months
    words = {
        "wide": tuple(months["format"]["wide"][n] for n in range(1, 13)),
        "abbreviated": tuple(months["format"]["abbreviated"][n] for n in range(1, 13)),
        "alone": tuple(months["stand-alone"]["wide"][n] for n in range(1, 13)),
    }
    pattern = _month_pattern(locale_code) if width == "month" else str(locale.date_formats[width].pattern)
    fill = _compiled(pattern, words, "")
    return lambda day: in_digits(fill(day.year, day.month, day.day), system)


def _month_pattern(locale_code: str) -> str:
    return str(Locale.parse(locale_code).datetime_skeletons["yMMMM"].pattern)


def _compiled(pattern: str, words: dict[str, tuple[str, ...]], era: str) -> Callable[[int, int, int], str]:
    """A function of year, month and day for a pattern of CLDR; letters that are no part of a day are left out."""
    template, spelled = "", ""
    for quoted, run, letter, rest in _TOKENS.findall(pattern):
        if rest or (not run and quoted):
            template += (rest or quoted.replace("''", "'")).replace("{", "{{").replace("}", "}}")
        elif letter in "yur":
            # A year is written out: two digits are read in two ways.
            template += "{0}"
        elif letter in "ML" and len(run) < 3:
            template += "{1:02}" if len(run) == 2 else "{1}"
        elif letter in "ML":
            spelled = "abbreviated" if len(run) == 3 and letter == "M" else "alone" if letter == "L" else "wide"
            template += "{3}"
        elif letter == "d":
            template += "{2:02}" if len(run) == 2 else "{2}"
        elif letter == "G":
            template += era.replace("{", "{{").replace("}", "}}")
    written, months = template.strip().format, words.get(spelled) or ("",) * 12

    def fill(year: int, month: int, day: int) -> str:
        return written(year, month, day, months[month - 1])

    return fill


@lru_cache(maxsize=128)
def _clock_writer(locale_code: str, system: str) -> ClockWriter:
    locale = Locale.parse(locale_code)
    pattern = str(locale.time_formats["short"].pattern)
    tokens = _TOKENS.findall(pattern)
    if any(letter and letter not in _CLOCK for _quoted, _run, letter, _rest in tokens):
        # Day periods such as "in the morning" have rules of their own per language.
        return lambda at: in_digits(format_time(at, "short", locale=locale), system)
    template = ""
    for quoted, run, letter, rest in tokens:
        if rest or (not run and quoted):
            template += (rest or quoted).replace("{", "{{").replace("}", "}}")
        else:
            template += f"{{{letter}:02}}" if len(run) == 2 else f"{{{letter}}}"
    periods: Any = locale.day_periods["format"]
    halves = periods.get("abbreviated") or periods.get("wide") or {"am": "", "pm": ""}
    if "am" not in halves:
        halves = periods["wide"]
    written = template.format

    def write(at: time) -> str:
        h = at.hour
        half = halves["am"] if h < 12 else halves["pm"]
        return in_digits(written(H=h, k=h or 24, h=h % 12 or 12, K=h % 12, m=at.minute, s=at.second, a=half), system)

    return write


@lru_cache(maxsize=128)
def _joint(locale_code: str) -> tuple[str, str, str, bool]:
    """What stands before, between and behind the day and the time, and whether the day comes first."""
    pattern = str(Locale.parse(locale_code).datetime_formats["medium"]).replace("'", "")
    first, second = sorted(("{0}", "{1}"), key=pattern.index)
    before, _first, rest = pattern.partition(first)
    between, _second, after = rest.partition(second)
    return before, between, after, first == "{1}"
