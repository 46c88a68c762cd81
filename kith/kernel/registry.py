"""Registries: where rooms put what they contribute, and `Room`, the one door it comes in by."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from django.apps import AppConfig

T = TypeVar("T")


class Duplicate(RuntimeError):
    """Two contributions have the same key."""


class Frozen(RuntimeError):
    """Something was contributed after start."""


class Registry(Generic[T]):
    """Things by key, in the order in which they came; closed once all rooms have contributed."""

    def __init__(self, noun: str):
        self.noun = noun
        self._items: dict[str, T] = {}
        self._frozen = False

    def add(self, key: str, item: T) -> T:
        """Add `item`; a second item under one key is refused, naming both files."""
        if self._frozen:
            raise Frozen(f"{self.noun} {key!r} was contributed after start; put it into a room's contributes().")
        there = self._items.get(key)
        if there is not None and there is not item:
            raise Duplicate(f"{self.noun} {key!r} is declared twice: {_where(there)} and {_where(item)}.")
        self._items[key] = item
        return item

    def __getitem__(self, key: str) -> T:
        return self._items[key]

    def get(self, key: str) -> T | None:
        """The item under `key`, or None."""
        return self._items.get(key)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def keys(self) -> list[str]:
        """All keys, in order."""
        return list(self._items)

    def freeze(self) -> None:
        """Close the registry: the set of things is fixed from here on."""
        self._frozen = True


def _where(item: Any) -> str:
    target = item if inspect.isclass(item) or inspect.isfunction(item) else getattr(item, "declared_by", type(item))
    try:
        return f"{inspect.getsourcefile(target)}:{inspect.getsourcelines(target)[1]}"
    except (OSError, TypeError):
        return repr(item)


#: Run once, after the last room has contributed: (order, function).
_when_complete: list[Callable[[], None]] = []


def when_complete(function: Callable[[], None]) -> Callable[[], None]:
    """Run `function` once all rooms have contributed, before registries are used."""
    _when_complete.append(function)
    return function


class Room(AppConfig):
    """A room of the house: a Django app that says in one list what it brings.

    Each thing in `contributes()` has a `contribute(room)` method and knows its own registry, so that a new sort of
    contribution changes nothing here.
    """

    default_auto_field = "django.db.models.BigAutoField"
    _furnished: set[str] = set()

    def contributes(self) -> list[Any]:
        """What this room brings to the house."""
        return []

    def ready(self) -> None:
        from django.apps import apps

        rooms = [config for config in apps.get_app_configs() if isinstance(config, Room)]
        if self is not rooms[-1]:
            return
        # The last room to be ready furnishes all of them: only now is every model loaded.
        for room in rooms:
            if room.name in Room._furnished:
                continue
            Room._furnished.add(room.name)
            for thing in room.contributes():
                thing.contribute(room)
        for function in _when_complete:
            function()
