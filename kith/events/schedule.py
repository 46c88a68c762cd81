"""What happens by the clock: functions that run every so often, on one worker at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar

from django.db import transaction
from django.db.models import F, Q

from kith.kernel import clock
from kith.kernel.actor import System, acting, cause
from kith.kernel.registry import Registry, Room

from .models import Scheduled

log = logging.getLogger("kith.schedule")


class Chore:
    """A function that runs every `every`, as a named system actor."""

    registry: ClassVar[Registry[Chore]] = Registry("scheduled chore")

    def __init__(self, function: Callable[[], None], every: timedelta):
        self.function, self.every = function, every
        self.key = f"{function.__module__}.{function.__qualname__}"
        self.declared_by = function

    def __call__(self) -> None:
        self.function()

    def contribute(self, room: Room) -> None:
        """Rooms contribute chores as decorated functions."""
        Chore.registry.add(self.key, self)


def every(**interval: float) -> Callable[[Callable[[], None]], Chore]:
    """Run a function every so often: `@every(days=1)`."""
    return lambda function: Chore(function, timedelta(**interval))


def run_due() -> int:
    """Run the chores whose time has come; returns how many ran."""
    ran = 0
    now = clock.now()
    known = dict(Scheduled.objects.values_list("chore", "next_at"))
    for chore in Chore.registry:
        if chore.key not in known:
            Scheduled.objects.get_or_create(chore=chore.key, defaults={"next_at": now})
        elif known[chore.key] > now:
            continue
        # Compare and set: one worker wins the turn.
        turn = Scheduled.objects.filter(Q(next_at__lte=now), chore=chore.key)
        if not turn.update(next_at=now + chore.every, runs=F("runs") + 1):
            continue
        try:
            with transaction.atomic(), acting(System(chore.key)), cause(f"chore:{chore.key}"):
                chore()
            ran += 1
        except Exception:
            log.exception("chore failed", extra={"chore": chore.key})
    return ran
