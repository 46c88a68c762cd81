"""Work that never ends and keeps nobody waiting: a loop of the worker for each, beside the outbox and the runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from kith.kernel.registry import Registry, Room


class Errand:
    """A function that does some of what is due and says whether there was any. Called again at once while there is, else after a pause.

    Several workers call it at the same time: it takes what it does from the others by itself.
    """

    registry: ClassVar[Registry[Errand]] = Registry("errand")

    def __init__(self, function: Callable[[], bool]):
        self.function = function
        self.name = function.__name__
        self.key = f"{function.__module__}.{function.__qualname__}"
        self.declared_by = function
        self.__doc__ = function.__doc__

    def __call__(self) -> bool:
        return self.function()

    def contribute(self, room: Room) -> None:
        """Rooms contribute errands as decorated functions."""
        Errand.registry.add(self.key, self)


def errand(function: Callable[[], bool]) -> Errand:
    """Make a function an errand of the worker."""
    return Errand(function)
