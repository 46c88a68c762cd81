"""Digits of the world's scripts: which ones somebody reads, and text written in them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .viewer import Viewer

#: First digit of the numbering systems that CLDR gives as a locale's own.
ZEROS = {
    "arab": "\u0660", "arabext": "\u06f0", "beng": "\u09e6", "deva": "\u0966", "mymr": "\u1040", "tibt": "\u0f20", "thai": "\u0e50",
    "khmr": "\u17e0", "laoo": "\u0ed0", "gujr": "\u0ae6", "guru": "\u0a66", "telu": "\u0c66", "knda": "\u0ce6", "mlym": "\u0d66",
    "orya": "\u0b66", "olck": "\u1c50", "nkoo": "\u07c0", "adlm": "\U0001e950", "cakm": "\U00011136",
}  # fmt: skip


def digits_of(viewer: Viewer) -> str:
    """The numbering system (CLDR's name) whose digits the viewer reads: chosen, else the locale's own, else "latn"."""
    system = viewer.digits or viewer.locale.default_numbering_system
    return system if system in ZEROS else "latn"


def system_of(viewer: Viewer) -> str:
    """The numbering system whose signs for decimals and thousands stand between the viewer's digits; "latn" where the locale has none."""
    system = digits_of(viewer)
    symbols: Any = viewer.locale.number_symbols.get(system, {})
    # Some locales name a foreign system and give only a few of its signs.
    return system if all(sign in symbols for sign in _NEEDED) else "latn"


_NEEDED = ("decimal", "group", "minusSign", "plusSign")


def local_digits(text: str, viewer: Viewer) -> str:
    """`text` with 0-9 written in the viewer's digits."""
    return in_digits(text, digits_of(viewer))


def in_digits(text: str, system: str) -> str:
    """`text` with 0-9 written in the digits of a numbering system; unchanged for "latn" and for systems that are not known."""
    table = _table(system)
    return text.translate(table) if table else text


@lru_cache(maxsize=32)
def _table(system: str) -> dict[int, int]:
    zero = ZEROS.get(system)
    return {ord("0") + i: ord(zero) + i for i in range(10)} if zero else {}
