"""HTML in plain Python: one escaping builder, one sanitiser. The only module that marks text as safe.

Cells of a list are built here: 50 rows × 8 columns are 400 small pieces, for which templates are too slow.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import nh3
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

EMPTY: SafeString = mark_safe("")
MAX_HTML = 256 * 1024
_VOID = {"br", "col", "hr", "img", "input", "link", "meta", "use", "wbr"}
#: What people's own HTML may hold; no ids, classes, data or hx attributes, no styles.
_TAGS = {
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "em",
    "h2",
    "h3",
    "h4",
    "hr",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "u",
    "ul",
}


def escape(value: Any) -> SafeString:
    """`value` as text inside HTML; text already marked safe passes."""
    return conditional_escape(value)


def el(tag: str, *children: Any, **attributes: Any) -> SafeString:
    """An element. Children are escaped unless safe; None children vanish.

    Attribute names: a trailing underscore is dropped, others become hyphens (`class_`, `data_f`, `aria_label`).
    Values: None and False leave the attribute out, True gives it without value. `style` takes custom properties only.
    """
    parts = ["<", tag]
    for word, value in attributes.items():
        if value is None or value is False:
            continue
        name = _attribute(word)
        # Always quoted anew, safe or not: what is safe between tags may still end an attribute.
        parts.append(f" {name}" if value is True else f' {name}="{html.escape(str(value))}"')
    parts.append(">")
    if tag not in _VOID:
        parts += [_inside(child) for child in children if child is not None]
        parts.append(f"</{tag}>")
    return mark_safe("".join(parts))


@lru_cache(maxsize=500)
def _attribute(word: str) -> str:
    name = word.rstrip("_").replace("_", "-")
    if name.startswith("on"):
        raise ValueError("Scripts in attributes are not written.")
    return name


def _inside(child: Any) -> str:
    # The common cases first: Django's own way asks every value whether it is lazy, which half of a list's time went into.
    if type(child) is SafeString:
        return child
    return html.escape(child) if type(child) is str else conditional_escape(child)


def join(children: Iterable[Any], separator: Any = "") -> SafeString:
    """Pieces one after another, each escaped unless safe."""
    return mark_safe(_inside(separator).join(_inside(child) for child in children if child is not None))


def clean(source: str) -> SafeString:
    """People's HTML with all that could act or hide removed; over 256 KiB it is shown as text."""
    if len(source) > MAX_HTML:
        return escape(source[:MAX_HTML])
    return mark_safe(
        nh3.clean(
            source, tags=_TAGS, attributes={"a": {"href", "title"}}, url_schemes={"http", "https", "mailto", "tel"}
        )
    )


#: Where the drawings of icons lie; the ui room says it at start, with the hash that long caching needs.
_sprite: Callable[[], str] = lambda: "/static/icons.svg"  # noqa: E731 - a default, replaced as a whole


def set_sprite(url: Callable[[], str]) -> None:
    """Let `url()` be the address of the icon sprite from here on."""
    global _sprite  # noqa: PLW0603 - set once, at start
    _sprite = url


def sprite(name: str) -> str:
    """The address of one drawing."""
    return f"{_sprite()}#{name}"


def icon(name: str, class_: str = "", label: Any = None) -> SafeString:
    """The icon `name` (Lucide). Without a label it is decoration and hidden from screen readers."""
    spoken: dict[str, Any] = {"aria_hidden": "true"} if label is None else {"role": "img", "aria_label": label}
    return el("svg", el("use", href=sprite(name)), class_=f"i s {class_}".strip(), **spoken)
