"""Small pictures beside names: avatar, logo tile, pill and tag. Colours come from the text, so that they stay the same."""

from __future__ import annotations

import re
from typing import Any

from django.utils.safestring import SafeString

from kith.kernel.html import el, icon

#: Scripts whose names are cut to one sign: joined letters and syllables make no initials.
_ONE_SIGN = re.compile(r"[\u0590-\u06ff\u0900-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def hue_of(text: str) -> int:
    """A hue (0–359) for `text`, the same on every machine."""
    return sum(map(ord, text)) * 29 % 360


def initials(name: str) -> str:
    """One or two signs that stand for `name`; "?" for none."""
    words = [w for w in re.split(r"[\s\-]+", name.removeprefix("ال")) if w[0:1].isalnum()]
    if not words:
        return "?"
    first = words[0][0]
    if _ONE_SIGN.match(first) or len(words) == 1:
        return first.upper()
    return (first + words[-1][0]).upper()


def avatar(name: str, hue: int | None = None, class_: str = "", *, alone: bool = False) -> SafeString:
    """A round tile with initials, for people; decoration beside the written name, or `alone`: then it says the name itself."""
    return _tile("av", initials(name), hue_of(name) if hue is None else hue, class_, name if alone else None)


def logo(name: str, hue: int | None = None, class_: str = "") -> SafeString:
    """A square tile with one letter, for everything that is not a person."""
    return _tile("lg", initials(name)[:1], hue_of(name) if hue is None else hue, class_)


def pill(label: Any, hue: int | None = None, icon_name: str = "") -> SafeString:
    """A coloured state."""
    drawing = icon(icon_name) if icon_name else None
    return el(
        "span", drawing, el("bdi", label), class_="pill", style=f"--h:{hue_of(str(label)) if hue is None else hue}"
    )


def tag(text: str) -> SafeString:
    """A free label."""
    return el("span", el("bdi", text), class_="tag", style=f"--h:{hue_of(text)}")


def _tile(sort: str, text: str, hue: int, class_: str, name: str | None = None) -> SafeString:
    spoken: dict[str, Any] = (
        {"aria_hidden": "true"} if name is None else {"role": "img", "aria_label": name, "title": name}
    )
    return el("span", text, class_=f"{sort} {class_}".strip(), style=f"--h:{hue}", **spoken)
