"""A fact, an action and two reactions, for the contract tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import LATER, NOW, Fact, emit, on
from kith.events.models import Event
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.objects.actions import action
from kith.objects.kinds import Text
from kith.objects.write import change

#: What the reactions did, for tests to look at: (reaction, event id).
seen: list[tuple[str, int]] = []


@dataclass(frozen=True)
class ToyLost(Fact):
    """Somebody lost a toy."""

    name = "toybox.toy.lost"
    record: Any
    where: str

    def sentence(self) -> str:
        return _("Lost: %(where)s") % {"where": self.where}


@action(on="toybox.toy", label=lazy("Lose"), form={"where": (lazy("Where"), Text(), True)}, bulk=True, icon="x")
def lose(actor: Actor, toy: Any, *, where: str) -> Any:
    """Mark a toy as lost."""
    if toy.state == "lost":
        raise Refused(_("This toy is already lost."))
    toy = change(actor, toy, state="lost")
    emit(ToyLost(toy, where), actor)
    return toy


@on(ToyLost, NOW)
def count_losses(event: Event) -> None:
    """In the same transaction."""
    seen.append(("now", event.pk))


@on(ToyLost, LATER)
def tell_the_keeper(event: Event) -> None:
    """By a delivery."""
    if event.data["where"] == "nowhere":
        raise RuntimeError("nobody to tell")
    if ("later", event.pk) not in seen:
        seen.append(("later", event.pk))
