"""Dates as people type them: in the order of their locale and in their calendar, with no guessing.

Which typed year belongs to which calendar is decided in docs/house/decisions/typed-years.md.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from babel import Locale
from django.utils.translation import gettext as _

from kith.kernel.calendars import CALENDARS, GREGORIAN, ROC, Calendar, calendar, names
from kith.kernel.dates import day_writer, short_pattern, typed_order
from kith.kernel.digits import local_digits
from kith.kernel.errors import Refused
from kith.kernel.sentences import ordinary
from kith.kernel.text import fold
from kith.kernel.viewer import Viewer

#: The day that examples show.
EXAMPLE = date(2026, 11, 22)
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
#: A date before a calendar suffix of RFC 9557 is ISO 8601, whichever calendar the suffix names.
_SUFFIX = re.compile(r"\s*(\d{4}-\d{2}-\d{2})\[u-ca=[a-z0-9-]{3,30}\]\s*", re.IGNORECASE)
#: What spreadsheets write behind a date that never had a time.
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?Z?\Z", re.IGNORECASE)
#: Numbers and words. What is left of a word's letters must hold its marks: in Thai they tell January from March.
_PIECES = re.compile(r"\d+|[^\s\d.,/\-،、'’]+")
_SIGNS = set(".,/-،、'’ʻʼ")
#: Words that stand in a date and say nothing.
_FILLERS = {"年", "月", "日", "년", "월", "일", "de", "del", "of"}
#: Years below are years of another calendar when they are typed where the Persian calendar is used.
_GREGORIAN_FROM = 1700


def read_date(text: str, viewer: Viewer) -> date:
    """The day that `text` means to `viewer`: the year first, then the viewer's order; her calendar or the Gregorian by the year.

    Nothing is guessed: years without all their digits, another order than the viewer's, and years that two calendars could mean are
    refused with a sentence.
    """
    if len(text) > 60:
        raise _no_date(viewer)
    if suffixed := _SUFFIX.fullmatch(text):
        return _gregorian_day(viewer, *_numbers(suffixed[1].split("-")))
    folded = fold(_MIDNIGHT.sub("", text))
    own = calendar(viewer.calendar)
    if iso := ISO.fullmatch(folded):
        if own.key == GREGORIAN:
            return _gregorian_day(viewer, *_numbers(iso.groups()))
        return _by_year(viewer, own, iso[1], int(iso[2]), int(iso[3]))
    folded, marked = _without_era(folded, viewer, own)
    pieces = [] if _strange(folded) else [p for p in _PIECES.findall(folded) if p not in _FILLERS]
    numbers = [p for p in pieces if p.isdecimal()]
    words = [p for p in pieces if not p.isdecimal()]
    if len(numbers) != (2 if words else 3) or len(words) > 3:
        raise _no_date(viewer)
    if marked:
        numbers = _filled(numbers, own, viewer)
    if not any(len(p) == 4 or len(p) == own.digits for p in numbers):
        if own.digits == 3:
            raise Refused(_("Write the year with three digits, such as %(example)s.") % _example(viewer))
        raise Refused(_("Write the year with four digits, such as %(example)s.") % _example(viewer))
    if words:
        return _with_month_name(viewer, own, numbers, words, marked)
    year, month, day = _in_order(viewer, own, numbers)
    return _by_year(viewer, own, year, month, day, marked=marked)


def _numbers(texts: Iterable[str]) -> tuple[int, int, int]:
    year, month, day = map(int, texts)
    return year, month, day


def _no_date(viewer: Viewer) -> Refused:
    return Refused(_("This needs to be a date, such as %(example)s.") % _example(viewer))


def _strange(text: str) -> bool:
    """Whether the text holds signs that stand in no date."""
    return any(c not in _SIGNS and unicodedata.category(c)[0] in "CPS" for c in text)


def _example(viewer: Viewer) -> dict[str, str]:
    return {"example": type_date(EXAMPLE, viewer)}


def _without_era(folded: str, viewer: Viewer, own: Calendar) -> tuple[str, bool]:
    """The text without the name of the viewer's own era, and whether it was there."""
    if own.key == GREGORIAN:
        return folded, False
    for era in _eras(str(viewer.locale), own.key):
        left = re.sub(rf"(?<![^\W\d]){re.escape(era)}(?![^\W\d])", " ", folded, count=1)
        if left != folded:
            return left, True
    return folded, False


@lru_cache(maxsize=64)
def _eras(locale_code: str, key: str) -> tuple[str, ...]:
    told = {fold(era) for code in (locale_code, "en", *_NATIVE.get(key, ())) for era in names(code, key).eras}
    return tuple(sorted((era for era in told if era), key=len, reverse=True))


#: Languages whose name of the era everybody of that calendar understands.
_NATIVE = {ROC: ("zh_Hant", "zh_Hans"), "jalali": ("fa",), "hijri": ("ar",), "buddhist": ("th",)}


def _filled(numbers: list[str], own: Calendar, viewer: Viewer) -> list[str]:
    """Beside the name of its era a year needs no more digits than it has: 民國99年."""
    at = _place(viewer, own, numbers)
    if own.key == ROC and len(numbers[at]) < own.digits:
        return [p.zfill(own.digits) if i == at else p for i, p in enumerate(numbers)]
    return numbers


def _place(viewer: Viewer, own: Calendar, numbers: list[str]) -> int:
    """Which of the numbers is the year: one that is no day, else the one where the locale writes it."""
    if len(numbers) == 3:
        return 0 if typed_order(viewer)[0] == "y" else 2
    no_days = [i for i, p in enumerate(numbers) if int(p) > 31]
    pattern = names(str(viewer.locale), own.key).patterns["medium"]
    return no_days[0] if len(no_days) == 1 else int(pattern.index("y") > pattern.index("d"))


# ── words and order ──────────────────────────────────────────────────────────────────────────────────────────────────


def _with_month_name(viewer: Viewer, own: Calendar, numbers: list[str], words: list[str], marked: bool) -> date:
    said = _bare(" ".join(words))
    day, year = sorted(numbers, key=len)
    for key in dict.fromkeys((own.key, GREGORIAN)):
        month = _named_months(str(viewer.locale), key).get(said) or _named_months(str(viewer.locale), key).get(
            said.replace(" ", "")
        )
        if month:
            if key == own.key:
                return _by_year(viewer, own, year, month, int(day), marked=marked, named=said)
            return _by_year(viewer, CALENDARS[GREGORIAN], year, month, int(day))
    raise Refused(_("“%(word)s” is not the name of a month.") % {"word": said})


def _in_order(viewer: Viewer, own: Calendar, numbers: list[str]) -> tuple[str, int, int]:
    first, second, third = numbers
    if len(first) in (4, own.digits):
        return first, int(second), int(third)
    order = typed_order(viewer)
    if len(third) not in (4, own.digits) or order[0] == "y":
        raise Refused(_("Write the date in this order: %(example)s.") % _example(viewer))
    day, month = (int(first), int(second)) if order[0] == "d" else (int(second), int(first))
    if month > 12 and day <= 12:
        # Taking it the other way round would read 11/22 and 11/10 of one column in two ways.
        raise Refused(
            _("There is no month %(month)s. Write the date in this order: %(example)s.")
            % {"month": ordinary(month), **_example(viewer)}
        )
    return third, month, day


# ── which calendar a year is of ──────────────────────────────────────────────────────────────────────────────────────


def _by_year(
    viewer: Viewer, own: Calendar, year: str, month: int, day: int, *, marked: bool = False, named: str = ""
) -> date:
    """The day, in the calendar that the year is of: the viewer's own or the Gregorian one."""
    number, long = int(year), len(year) == 4
    if own.key == GREGORIAN:
        if viewer.calendar == GREGORIAN and viewer.locale.language == "fa" and number < _GREGORIAN_FROM:
            raise Refused(_("Write the date in the Gregorian calendar, such as %(example)s.") % _example(viewer))
        return _gregorian_day(viewer, number, month, day)
    mine = number in own.own and (own.digits == 4 or not long or marked)
    if mine:
        return _own_day(viewer, own, number, month, day)
    told = {"year": ordinary(number), "calendar": own.label, "example": type_date(EXAMPLE, viewer)}
    # Azar 2026 is a month of one calendar in a year of another, where the calendars do not share their months.
    apart = named and own.icu in ("persian", "islamic-umalqura")
    if marked or apart:
        raise Refused(
            _("%(year)s is no year of the %(calendar)s calendar that is meant here. Write %(example)s.") % told
        )
    if long and number in own.gregorian:
        return _gregorian_day(viewer, number, month, day)
    raise Refused(
        _("The year %(year)s could be of the Gregorian or of the %(calendar)s calendar. Write %(example)s.") % told
    )


def _own_day(viewer: Viewer, own: Calendar, year: int, month: int, day: int) -> date:
    first, last = own.years
    if first <= year <= last and 1 <= month <= 12 and day > own.days_in(year, month):
        name = day_writer(viewer, "month")(own.day(year, month, 1))
        raise _no_day(day, name, own.days_in(year, month), viewer)
    return own.day(year, month, day)


def _gregorian_day(viewer: Viewer, year: int, month: int, day: int) -> date:
    if not 1 <= year <= 9999:
        raise Refused(_("There is no year %(year)s.") % {"year": ordinary(year)})
    if not 1 <= month <= 12:
        raise Refused(_("There is no month %(month)s.") % {"month": ordinary(month)})
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        told: Any = day_writer(viewer, "gregorian month")(date(year, month, 1))
        raise _no_day(day, told, last, viewer)
    return date(year, month, day)


def _no_day(day: int, month: str, last: int, viewer: Viewer) -> Refused:
    told = {"day": ordinary(day), "month": month, "n": ordinary(last)}
    return Refused(_("There is no day %(day)s in %(month)s: it has %(n)s days.") % told)


# ── typing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def type_date(value: date, viewer: Viewer) -> str:
    """`value` as the viewer would type it, in her calendar; ISO 8601 where that could be misread, and that with a calendar suffix
    (RFC 9557) where even the year of ISO 8601 would be taken for one of her own calendar.
    """
    own = calendar(viewer.calendar)
    if own.key != GREGORIAN:
        if own.holds(value):
            year, month, day = own.split(value)
            if year in own.own and (own.digits < 4 or year >= 1000):
                return _typed(year, month, day, own.digits, viewer) or _neutral(value, own)
        return _neutral(value, own)
    typed = _typed(value.year, value.month, value.day, 4, viewer) if value.year >= _GREGORIAN_FROM else ""
    return typed or value.isoformat()


def _neutral(value: date, own: Calendar) -> str:
    """ISO 8601, marked where its year would be taken for one of `own`."""
    misread = value.year not in own.gregorian or (own.digits == 4 and value.year in own.own)
    return f"{value.isoformat()}[u-ca=gregory]" if misread else value.isoformat()


def _typed(year: int, month: int, day: int, digits: int, viewer: Viewer) -> str:
    """The numbers in the viewer's order and with her separators; "" where that would be no plain date."""
    written = {"d": f"{day}", "dd": f"{day:02}", "M": f"{month}", "MM": f"{month:02}"}
    pattern = re.sub(r"[^dMy./\- ]", "", short_pattern(viewer)).strip()
    text = re.sub("d+|M+|y+", lambda m: written.get(m[0], f"{year:0{digits}}"), pattern)
    plain = re.fullmatch(r"\d+(\. |[./\- ])\d+\1\d+\.?", text)
    return local_digits(text, viewer) if plain else ""


@lru_cache(maxsize=64)
def _named_months(locale_code: str, key: str) -> dict[str, int]:
    """Names of months, long and short, folded: the locale's own and English; with blanks, and without where that is no other month."""
    found: dict[str, int] = {}
    for code in ("en", locale_code):
        for number, name in _spellings(code, key):
            word = _bare(" ".join(p for p in _PIECES.findall(fold(name)) if p not in _FILLERS))
            if word and not word[0].isdecimal():
                found[word] = number
    for word, number in list(found.items()):
        found.setdefault(word.replace(" ", ""), number)
    return found


def _bare(word: str) -> str:
    """Without the signs that stand for hamza and ayn in Latin letters: Shaʻban, Sha'ban, Shaban."""
    return re.sub("[ʻʼʿʾ]", "", word)


def _spellings(locale_code: str, key: str) -> Iterable[tuple[int, str]]:
    if key == GREGORIAN:
        months: Any = Locale.parse(locale_code).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                yield from months[context][width].items()
        return
    told = names(locale_code, key)
    for months_told in (told.wide, told.alone, told.abbreviated):
        yield from enumerate(months_told, 1)
