"""Keys of the keyboard: one list of what each does and where, the sheet that shows it, and what somebody made of it for herself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from kith.kernel.errors import Invalid
from kith.kernel.registry import Registry, Room

#: Where a key means something: key → heading, in the order of the sheet.
SCOPES: dict[str, Any] = {
    "everywhere": pgettext_lazy("keyboard shortcuts that work", "Everywhere"),
    "list": pgettext_lazy("keyboard shortcuts that work", "In a list"),
    "record": pgettext_lazy("keyboard shortcuts that work", "On a record"),
    "board": pgettext_lazy("keyboard shortcuts that work", "On a board or in a calendar"),
    "inbox": pgettext_lazy("keyboard shortcuts that work", "In the inbox"),
    "form": pgettext_lazy("keyboard shortcuts that work", "In a form"),
}
#: Signs beside letters that may be chosen: they are on every keyboard, with Shift or without.
SIGNS = "/?.,;'[]-=0123456789"
OFF = "off"
_NO_LETTER = lazy("One letter from A to Z, or leave it empty.")
_NO_KEY = lazy("One letter, digit or sign, or leave it empty.")
JUMP = "go:"


@dataclass(frozen=True)
class Shortcut:
    """One key or combination: `pressed` as it is shown, keys with a blank between ("Ctrl K"). Rooms contribute instances.

    A single letter or sign can be changed or taken away by each person; scripts ask `pressed(event)` of assets/js/core.js, which
    gives the key that stands here. Combinations stay: they are the browser's or the reader's habit.
    """

    registry: ClassVar[Registry[Shortcut]] = Registry("keyboard shortcut")

    key: str
    label: Any
    pressed: str
    scope: str = "everywhere"

    def __post_init__(self) -> None:
        if self.scope not in SCOPES:
            raise ValueError(f"{self.key}: shortcuts have no scope {self.scope!r}.")

    def contribute(self, room: Room) -> None:
        """Rooms contribute shortcuts as instances."""
        Shortcut.registry.add(self.key, self)

    @property
    def own(self) -> bool:
        """Whether each person may choose another key."""
        return len(self.pressed) == 1


SHORTCUTS = (
    Shortcut("command", lazy("Search and commands"), "Ctrl K"),
    Shortcut("new", lazy("New record"), "n"),
    Shortcut("add", lazy("Choose what to add"), "+"),
    Shortcut("search", lazy("Search in this list"), "/"),
    Shortcut("sheet", lazy("This list of shortcuts"), "?"),
    Shortcut("undo", lazy("Undo the last change"), "Ctrl Z"),
    Shortcut("peek", lazy("Preview"), "Space", "list"),
    Shortcut("open", lazy("Edit or open"), "Enter", "list"),
    Shortcut("select", lazy("Select"), "x", "list"),
    Shortcut("next", lazy("Next record"), "j", "record"),
    Shortcut("previous", lazy("Previous record"), "k", "record"),
    Shortcut("inbox-done", pgettext_lazy("verb", "Done"), "e", "inbox"),
    Shortcut("inbox-later", pgettext_lazy("verb", "Later"), "h", "inbox"),
    Shortcut("inbox-unread", lazy("Mark as unread"), "u", "inbox"),
    Shortcut("save", pgettext_lazy("keyboard shortcut", "Save"), "Ctrl Enter", "form"),
    Shortcut("another", lazy("Save and add another"), "Ctrl Shift Enter", "form"),
    Shortcut("leave", pgettext_lazy("keyboard shortcut", "Close or cancel"), "Esc", "form"),
)


@dataclass(frozen=True)
class Line:
    """A line of the sheet and of the settings: `name` is what a form calls it, `usual` the key of the house, `now` hers ("" for none)."""

    name: str
    label: Any
    usual: str
    now: str
    own: bool
    scope: str
    after_g: bool = False

    @property
    def caps(self) -> list[str]:
        """The keys as they are printed on a keyboard."""
        now = self.now.upper() if len(self.now) == 1 else self.now
        return ["G", now] if self.after_g else now.split(" ")


def lines(chosen: Mapping[str, Any], jumps: list[tuple[str, Any, str]]) -> list[Line]:
    """Every shortcut with the key that one person uses. `jumps` are (name, label, usual letter) of what G leads to."""
    found = [
        Line(
            one.key,
            one.label,
            one.pressed,
            _chosen(chosen, one.key, one.pressed) if one.own else one.pressed,
            one.own,
            one.scope,
        )
        for one in Shortcut.registry
    ]
    found += [
        Line(JUMP + name, label, letter, _chosen(chosen, JUMP + name, letter), True, "everywhere", True)
        for name, label, letter in jumps
    ]
    return found


def _chosen(chosen: Mapping[str, Any], name: str, usual: str) -> str:
    value = chosen.get(name, usual)
    return value if isinstance(value, str) and len(value) <= 1 else usual


def keymap(chosen: Mapping[str, Any]) -> dict[str, str]:
    """What scripts translate: the key that is pressed → the key that the house knows it by; "" for one that means nothing to her."""
    if chosen.get(OFF):
        return {OFF: "1"}
    own = [(one.pressed, _chosen(chosen, one.key, one.pressed)) for one in Shortcut.registry if one.own]
    moved = [(usual, now) for usual, now in own if usual != now]
    return {usual: "" for usual, _now in moved} | {now: usual for usual, now in moved if now}


def read(given: Mapping[str, str], all_lines: list[Line]) -> dict[str, Any]:
    """What was posted as what is stored: only what differs from the house's keys. Invalid tells conflicts beside each key."""
    errors: dict[str, list[str]] = {}
    wanted: dict[str, str] = {}
    for line in all_lines:
        if not line.own:
            continue
        text = given.get(line.name, line.now).strip().lower()
        if text and (len(text) != 1 or not _typable(text, line)):
            errors[line.name] = [str(_NO_LETTER if line.after_g else _NO_KEY)]
        elif text == "g" and not line.after_g:
            errors[line.name] = [_("G begins the jumps from place to place.")]
        wanted[line.name] = text
    own = {line.name: line for line in all_lines if line.own}
    for name, text in wanted.items():
        for other, line in own.items():
            if text and other != name and wanted[other] == text and _meet(own[name], line):
                errors.setdefault(
                    name, [_("“%(key)s” means “%(what)s” already.") % {"key": text.upper(), "what": line.label}]
                )
    if errors:
        raise Invalid(errors)
    stored: dict[str, Any] = {name: text for name, text in wanted.items() if text != own[name].usual}
    return {**stored, **({OFF: True} if given.get(OFF) else {})}


def _typable(text: str, line: Line) -> bool:
    return (text.isascii() and text.isalpha()) or (not line.after_g and (text in SIGNS or text == line.usual))


def _meet(one: Line, other: Line) -> bool:
    """Whether two shortcuts can be pressed in the same place."""
    if one.after_g != other.after_g:
        return False
    return one.scope == other.scope or "everywhere" in (one.scope, other.scope)


def by_scope(all_lines: list[Line]) -> list[tuple[Any, list[Line]]]:
    """Lines under the headings of their scopes; scopes without any are left out."""
    grouped = [(label, [line for line in all_lines if line.scope == key]) for key, label in SCOPES.items()]
    return [(label, some) for label, some in grouped if some]


__all__ = ["JUMP", "OFF", "SCOPES", "SHORTCUTS", "Line", "Shortcut", "by_scope", "keymap", "lines", "read"]
