"""Pieces of sentences that every language writes in its own way: numbers, lists of things, words in quotation marks.

A number chooses the plural form as it is and stands in the sentence as it is shown:

    ngettext("%(n)s record", "%(n)s records", n) % {"n": counted(n, viewer)}

Where no viewer is at hand, the one of this request or job is meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any
from unicodedata import bidirectional

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal
from django.utils.translation import pgettext

from .digits import local_digits, system_of
from .viewer import Viewer, current_viewer

#: What parts two things of a list, and what parts them when the things themselves may hold that sign.
_STRONGER = {",": ";", "،": "؛", "、": "；"}


def counted(n: int | Decimal, viewer: Viewer | None = None) -> str:
    """A number inside a sentence: with the viewer's digits, and in groups."""
    viewer = viewer or current_viewer()
    text = format_decimal(n, locale=viewer.locale, numbering_system=system_of(viewer))
    return local_digits(text, viewer)


def isolated(text: str, viewer: Viewer | None = None) -> str:
    """Somebody's words inside a sentence that runs the other way: they keep to themselves, and figures beside them stay the sentence's.

    The marks are those of UAX #9 (first strong isolate). Words that run the sentence's own way are left as they are.
    """
    way = next((way for way in map(bidirectional, text) if way in ("L", "R", "AL")), "")
    if not way or (way != "L") == (viewer or current_viewer()).rtl:
        return text
    return f"\u2068{text}\u2069"


def ordinary(n: int, viewer: Viewer | None = None) -> str:
    """A number that names something (a row, a year, a record): with the viewer's digits, never in groups."""
    return local_digits(str(n), viewer or current_viewer())


def listed(things: Iterable[Any], viewer: Viewer | None = None) -> str:
    """Things as a sentence names them all: “name, e-mail and phone”, «نام، ایمیل و تلفن», “名称、邮箱和电话”."""
    return format_list([str(thing) for thing in things], locale=(viewer or current_viewer()).locale)


def either(things: Iterable[Any], viewer: Viewer | None = None) -> str:
    """Things of which one is enough: “name, e-mail or phone”."""
    return format_list([str(thing) for thing in things], "or", locale=(viewer or current_viewer()).locale)


def strung(things: Iterable[Any], viewer: Viewer | None = None) -> str:
    """Things one after the other, without a word between the last two: values, marks, names of columns."""
    return _sign(str((viewer or current_viewer()).locale)).join(str(thing) for thing in things)


def run_on(lines: Iterable[Any], viewer: Viewer | None = None) -> str:
    """Lines (of an address) written in one: with the comma that parts of a sentence take, which is another one in Chinese."""
    return _sign(str((viewer or current_viewer()).locale)).replace("、", "，").join(str(line) for line in lines)


def apart(things: Iterable[Any], viewer: Viewer | None = None) -> str:
    """As `strung`, for things that may hold a comma themselves: names of firms, addresses."""
    sign = _sign(str((viewer or current_viewer()).locale))
    for weak, strong in _STRONGER.items():
        sign = sign.replace(weak, strong)
    return sign.join(str(thing) for thing in things)


def together(*sentences: str) -> str:
    """Whole sentences one after the other; those that are empty are left out. Chinese and Japanese put no space between them."""
    return ("" if current_viewer().locale.language in ("zh", "ja") else " ").join(filter(None, sentences))


def part_of(whole: Any, part: Any) -> str:
    """A part by the name of the whole and its own: “Address: City”."""
    return pgettext("a part after the name of the whole", "%(whole)s: %(part)s") % {"whole": whole, "part": part}


def quoted(text: Any) -> str:
    """`text` in the quotation marks of the language that is being spoken; for things of a list, which are no sentence's own."""
    return pgettext("one thing of a list, in quotation marks", "“%(text)s”") % {"text": text}


@lru_cache(maxsize=64)
def _sign(locale_code: str) -> str:
    """What stands between two things of a list."""
    pattern = str(Locale.parse(locale_code).list_patterns["standard"]["middle"])
    sign = pattern.removeprefix("{0}").removesuffix("{1}")
    # Languages that put “and” between all things have no sign in this pattern; a value is no sentence.
    return (
        sign
        if any(weak in sign for weak in _STRONGER)
        else "، "
        if Locale.parse(locale_code).text_direction == "rtl"
        else ", "
    )
