"""Composite values in one line of text: `given=Yuki | family=Tanaka`. Neutral, complete, and read back without guessing.

Exports write one column per part; this form serves where there is only one: a single column, an input in a list cell.
A backslash escapes `|`, `\\` and line breaks (`\\n`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_ESCAPES = {"\\": "\\\\", "|": "\\|", "\n": "\\n", "\t": "\\t"}
_BACK = {"\\\\": "\\", "\\|": "|", "\\n": "\n", "\\t": "\t"}


def write_labelled(values: Mapping[str, str]) -> str:
    """The parts that are not empty, each with its name."""
    return " | ".join(f"{name}={_escaped(text)}" for name, text in values.items() if text)


def read_labelled(text: str, names: Iterable[str]) -> dict[str, str] | None:
    """The parts that `text` names, or None when it is not written in this form."""
    known = set(names)
    found: dict[str, str] = {}
    for piece in re.findall(r"(?:[^|\\]|\\.)+", text):
        name, sign, value = piece.strip().partition("=")
        if not sign or name.strip() not in known or name.strip() in found:
            return None
        found[name.strip()] = re.sub(r"\\[\\|nt]", lambda m: _BACK[m[0]], value.strip())
    return found or None


def _escaped(text: str) -> str:
    return re.sub(r"[\\|\n\t]", lambda m: _ESCAPES[m[0]], text)
