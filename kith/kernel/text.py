"""One normaliser for the index and for the query, so that what was written is found as it is typed.

`fold` makes spellings equal: compatibility forms, case, Turkish i, Arabic and Persian letters and digits, marks, tatweel and
joiners. `tokens` cuts folded text into words, and scripts written without spaces (Chinese, Japanese, Thai, …) into pairs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_MAP = {
    **dict.fromkeys("أإآٱ", "ا"), "ك": "ک", "ي": "ی", "ى": "ی", "ئ": "ی", "ة": "ه", "ۀ": "ه", "ؤ": "و",
    "ı": "i", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ς": "σ",
    "ـ": "", "\u200c": "", "\u200d": "", "\u00ad": "", "\u2060": "", "\ufeff": "",
    **{chr(0x200E + i): "" for i in range(2)}, **{chr(0x202A + i): "" for i in range(5)}, **{chr(0x2066 + i): "" for i in range(4)},
}  # fmt: skip
_TABLE = str.maketrans(_MAP)
#: Blocks written without spaces between words.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUNS = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+", re.UNICODE)
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """`text` in the spelling that the index uses: lower case, no marks, one form per letter and digit, single spaces."""
    text = unicodedata.normalize("NFKC", text.replace("İ", "i"))
    text = unicodedata.normalize("NFD", text.casefold())
    # Marks go, except where they are part of the letter itself (kana voicing, Thai and Indic vowels).
    text = "".join(
        c for c in text if unicodedata.category(c) != "Mn" or c in "\u3099\u309a" or "\u0900" <= c <= "\u0eff"
    )
    text = unicodedata.normalize("NFC", text).translate(_TABLE)
    text = "".join(
        str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() and unicodedata.digit(c, None) is not None else c
        for c in text
    )
    return " ".join(text.split())


def tokens(text: str) -> list[str]:
    """The words of `text`, folded; runs of unspaced scripts as overlapping pairs (a single character stands alone)."""
    found: list[str] = []
    for run in _RUNS.findall(fold(text)):
        if _IS_UNSPACED.match(run) and len(run) > 1:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            found.append(run)
    return found


def ascii_digits(text: str) -> str:
    """`text` with the digits of every script written 0–9; nothing else changes."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in text)


#: Characters that never belong into a stored line of text: NUL and other controls, but not tab and line breaks.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def has_controls(text: str) -> bool:
    """Whether `text` holds control characters that no keyboard types."""
    return bool(_CONTROLS.search(text))
