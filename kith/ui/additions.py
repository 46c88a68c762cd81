"""What rooms add to a record’s page: a button in its header, a line under its name, a group of facts. Screens know none by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from kith.kernel.actor import Actor
from kith.kernel.registry import Registry, Room
from kith.kernel.viewer import Viewer
from kith.objects.declare import ObjectType

#: In the page’s header, under the name, or below the sections of facts.
BAR, HEAD, FACTS = "bar", "head", "facts"


@dataclass(frozen=True)
class Addition:
    """One addition to the pages of the object `object` ("*": of every one).

    `name` is its part of the address /<slug>/<id>/additions/<name>/.

    `build(actor, record, viewer)` gives what `template` is drawn with, or None where there is nothing to show; it reads no more than
    the actor may. It is read again when something of the record changes, and with `refresh`
    after so many seconds.
    """

    registry: ClassVar[Registry[Addition]] = Registry("addition to a record's page")

    object: str
    name: str
    label: Any
    template: str
    build: Callable[[Actor, Any, Viewer], dict[str, Any] | None]
    place: str = FACTS
    icon: str = "info"
    refresh: int = 0

    def contribute(self, room: Room) -> None:
        """Rooms contribute additions as instances."""
        Addition.registry.add(f"{self.object}:{self.name}", self)


def additions(o: ObjectType, place: str = "") -> list[Addition]:
    """What is added to an object's pages, in the order in which it was contributed."""
    return [one for one in Addition.registry if one.object in ("*", o.key) and place in ("", one.place)]


def drawn(one: Addition, actor: Actor, record: Any, viewer: Viewer) -> dict[str, Any] | None:
    """An addition as `ui/parts/addition.html` shows it; None where it has nothing to say."""
    context = one.build(actor, record, viewer)
    return None if context is None else {"addition": one, **context}


__all__ = ["BAR", "FACTS", "HEAD", "Addition", "additions", "drawn"]
