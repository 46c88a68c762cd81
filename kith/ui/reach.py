"""What is within reach on every page: entries of the sidebar, favourites, what was looked at lately; and the panels of the start page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import DatabaseError

from kith.kernel.actor import Actor
from kith.kernel.registry import Registry, Room
from kith.kernel.viewer import Viewer
from kith.objects.favourites import favourites
from kith.objects.recents import recents

#: So many of what was looked at lately stand in the sidebar.
LATELY = 5
#: Where a panel stands: on the start page, or at the foot of the sidebar.
HOME, SIDE = "home", "side"


@dataclass(frozen=True)
class Entry:
    """An entry of the sidebar above the objects, such as an inbox. Rooms contribute instances.

    `count(actor)` gives how much waits there, in one query at most; 0 shows nothing. `letter` is the key after G that goes there. On a
    phone the entries stand in the menu “More”; the first is the first of the tab bar. `badge` is a template that draws what waits in the
    sidebar in place of a plain number, where it changes by itself.
    """

    registry: ClassVar[Registry[Entry]] = Registry("entry of the sidebar")

    key: str
    label: Any
    icon: str
    url: str
    letter: str = ""
    count: Callable[[Actor], int] | None = None
    order: int = 50
    badge: str = ""

    def contribute(self, room: Room) -> None:
        """Rooms contribute entries as instances."""
        Entry.registry.add(self.key, self)


@dataclass(frozen=True)
class Panel:
    """A part of the start page, or (`place` is SIDE) a card at the foot of the sidebar. Rooms contribute instances.

    `build(actor, viewer)` gives what `template` is drawn with, read through the gate in a constant number of queries, or None where
    there is nothing to show. A card of the sidebar is drawn on every page: it may cost two queries.
    """

    registry: ClassVar[Registry[Panel]] = Registry("panel of the start page")

    key: str
    label: Any
    icon: str
    template: str
    build: Callable[[Actor, Viewer], dict[str, Any] | None]
    place: str = HOME
    order: int = 50

    def contribute(self, room: Room) -> None:
        """Rooms contribute panels as instances."""
        Panel.registry.add(self.key, self)


def panels(actor: Actor, viewer: Viewer, place: str = HOME) -> list[dict[str, Any]]:
    """The panels of a place that have something to show: {"panel", and what its template is drawn with}."""
    chosen = sorted((one for one in Panel.registry if one.place == place), key=lambda one: one.order)
    built = [(one, one.build(actor, viewer)) for one in chosen]
    return [{"panel": one, **context} for one, context in built if context is not None]


def entries(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The entries of the sidebar for this page, with how much waits behind each."""
    ordered = sorted(Entry.registry, key=lambda one: one.order)
    return [
        {
            "key": one.key,
            "label": one.label,
            "icon": one.icon,
            "url": one.url,
            "letter": one.letter,
            "n": one.count(actor) if one.count else 0,
            "badge": one.badge,
            "here": path == one.url if one.url == "/" else path.startswith(one.url),
        }
        for one in ordered
    ]


def reach(request: Any) -> dict[str, Any]:
    """What the sidebar shows beside the objects. A page that says what went wrong is shown even where none of this can be read."""
    actor, viewer = request.actor, request.viewer
    if actor.user_id is None:
        return {"ways": [], "favourites": [], "recents": [], "cards": []}
    try:
        return {
            "ways": entries(actor, request.path),
            "favourites": favourites(actor, viewer),
            "recents": recents(actor, viewer, LATELY),
            "cards": panels(actor, viewer, SIDE),
        }
    except DatabaseError:
        return {"ways": [], "favourites": [], "recents": [], "cards": []}


__all__ = ["HOME", "SIDE", "Entry", "Panel", "entries", "panels", "reach"]
