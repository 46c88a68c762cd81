"""What a new house still needs: steps that rooms and the platform contribute, each done when it is seen to be done.

Nothing keeps that a step is done; only that somebody does not want it (`SkippedStep`), for herself alone, and she may take it up again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.cache import cache

from kith.identity.models import SkippedStep, User
from kith.kernel.actor import Actor
from kith.kernel.registry import Registry, Room

#: So many seconds a process remembers that there is nothing left to do for somebody; that something is left is asked each time.
OVER_FOR = 300


@dataclass(frozen=True)
class Step:
    """One thing to do. `done(actor, user)` reads real state; `url(actor)` is where it is done, "" for nowhere in Kith; `offered(actor)`."""

    registry: ClassVar[Registry[Step]] = Registry("step of setting up")

    key: str
    label: Any
    help: Any
    icon: str
    act: Any
    url: Callable[[Actor], str]
    done: Callable[[Actor, User], bool]
    offered: Callable[[Actor], bool] = lambda _actor: True
    order: int = 50

    def contribute(self, room: Room) -> None:
        """Rooms contribute steps as instances."""
        Step.registry.add(self.key, self)


@dataclass(frozen=True)
class Shown:
    """A step as somebody sees it."""

    step: Step
    url: str
    done: bool
    skipped: bool


@dataclass(frozen=True)
class Setup:
    """All steps; how many are done; `next` is the first that is neither done nor skipped, None when nothing is left."""

    steps: list[Shown]

    @property
    def next(self) -> Shown | None:
        """The first step that is left."""
        return next((one for one in self.steps if not one.done and not one.skipped), None)

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(one.done for one in self.steps)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.steps)

    @property
    def share(self) -> int:
        """How much is done, of 100."""
        return 100 * sum(one.done for one in self.steps) // max(1, len(self.steps))

    @property
    def skips(self) -> bool:
        """Whether something was skipped that can be taken up again."""
        return any(one.skipped and not one.done for one in self.steps)


def look(actor: Actor, user: User) -> Setup:
    """How far this house is, for one administrator."""
    skipped = set(SkippedStep.objects.filter(user=user).values_list("step", flat=True))
    offered = sorted((step for step in Step.registry if step.offered(actor)), key=lambda step: step.order)
    return Setup([Shown(step, step.url(actor), step.done(actor, user), step.key in skipped) for step in offered])


def for_user(request: Any) -> Setup | None:
    """What the card shows to whoever asks; None for everybody but administrators, and when nothing is left."""
    user, actor = request.user, request.actor
    if not getattr(user, "is_admin", False) or actor.observer is not None or cache.get(_over(user)):
        return None
    found = look(actor, user)
    if found.next is None:
        cache.set(_over(user), True, OVER_FOR)
        return None
    return found


def _over(user: User) -> str:
    return f"setting-up-over-{user.pk}"


def skip(user: User, keys: list[str]) -> None:
    """She does not want to be reminded of these."""
    known = {step.key for step in Step.registry}
    SkippedStep.objects.bulk_create(
        [SkippedStep(user=user, step=key) for key in keys if key in known], ignore_conflicts=True
    )


def take_up(user: User) -> None:
    """What she skipped is offered again."""
    SkippedStep.objects.filter(user=user).delete()
    cache.delete(_over(user))
