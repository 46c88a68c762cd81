"""Digits of every script: which ones a locale writes, and a text with them."""

from __future__ import annotations

from babel import Locale

from .viewer import Viewer

#: First digit of the numbering systems that CLDR gives as a locale's own.
_ZEROS = {
    "arab": "\u0660", "arabext": "\u06f0", "beng": "\u09e6", "deva": "\u0966", "mymr": "\u1040", "tibt": "\u0f20", "thai": "\u0e50",
    "khmr": "\u17e0", "laoo": "\u0ed0", "gujr": "\u0ae6", "guru": "\u0a66", "telu": "\u0c66", "knda": "\u0ce6", "mlym": "\u0d66",
    "orya": "\u0b66", "olck": "\u1c50", "nkoo": "\u07c0", "adlm": "\U0001e950", "cakm": "\U00011136",
}  # fmt: skip


def system_of(locale: Locale) -> str:
    """The numbering system of a locale's own digits, "latn" where we know no other."""
    system = locale.default_numbering_system
    return system if system in _ZEROS else "latn"


def local_digits(text: str, viewer: Viewer) -> str:
    """`text` with 0–9 written in the digits of the viewer's locale."""
    zero = _ZEROS.get(viewer.locale.default_numbering_system)
    if zero is None:
        return text
    return text.translate({ord("0") + i: ord(zero) + i for i in range(10)})
