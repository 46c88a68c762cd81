"""The next step of a record, as rooms that know of one tell it: what is to be done, and by when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from kith.kernel.actor import Actor
from kith.kernel.registry import Registry, Room

#: How a step stands: its sign differs by shape, and its words say it.
OK, TODAY, LATE, NONE = "ok", "today", "late", "none"


@dataclass(frozen=True)
class Step:
    """What is to be done next. `due` is the day, None for some time."""

    text: str
    due: date | None = None

    def state(self, today: date) -> str:
        """How it stands on `today`."""
        if self.due is None or self.due > today:
            return OK
        return TODAY if self.due == today else LATE


@dataclass(frozen=True)
class NextSteps:
    """Where the next steps of the records of `object` come from.

    `of(actor, records)` gives them by record id, in a constant number of queries, reading no more than the actor may; a record that is
    left out has none, and its card says so.
    """

    registry: ClassVar[Registry[NextSteps]] = Registry("source of next steps")

    object: str
    of: Callable[[Actor, Sequence[Any]], dict[int, Step]]

    def contribute(self, room: Room) -> None:
        """Rooms contribute sources as instances, one for an object."""
        NextSteps.registry.add(self.object, self)
