"""The guard against formulas in spreadsheets: text that a program would run as a formula gets an apostrophe, and loses it again.

A cell that starts with = + - @ (or a tab or line break before them) is run by spreadsheet programs that open a CSV file (CWE-1236).
Our exports put an apostrophe before such text; our imports take one away where a guard may stand. Text that itself starts
with apostrophes before such a sign gets one more, so that what comes back is what went out.
"""

from __future__ import annotations

import re

_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n|＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n|＝＋－＠]")
#: A phone number or a plain number cannot do harm.
_HARMLESS = re.compile(r"[+-][\d\s().]+")


def guarded(text: str) -> str:
    """`text` as it may stand in a cell of a CSV or XLSX file."""
    return f"'{text}" if _DANGEROUS.match(text) and not _HARMLESS.fullmatch(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given; any other text as it is."""
    return text[1:] if _GUARDED.match(text) else text
