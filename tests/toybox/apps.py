"""The toybox: what it contributes to the house."""

from __future__ import annotations

from typing import Any

from kith.kernel.registry import Room


class Toybox(Room):
    name = "tests.toybox"
    label = "toybox"

    def contributes(self) -> list[Any]:
        from . import facts, models, writings

        return [
            models.Box,
            models.Toy,
            models.Task,
            models.Talk,
            facts.ToyLost,
            facts.lose,
            facts.count_losses,
            facts.tell_the_keeper,
            *writings.ALL,
        ]
