"""The next step with a record: what is to be done and by when, two fields that its object names; finished, moved, and set anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import Fact, emit
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused

from .access import fields as fields_of
from .declare import Field, object_type
from .write import change


@dataclass(frozen=True)
class StepDone(Fact):
    """The next step was done. What it was stands in the change beside it, for whoever may read that field."""

    name = "step.done"
    label = lazy("A next step was done")
    icon = "circle-check"
    record: Any

    def sentence(self) -> str:
        return _("Next step done")


@dataclass(frozen=True)
class Step:
    """The fields that say what comes next and when, and what they say; `writable` whether the actor may change both."""

    what: Field
    when: Field
    text: Any
    day: Any
    writable: bool


def step_of(actor: Actor, record: Any) -> Step | None:
    """The next step of a record; None where its object has none, or where the actor may not read it."""
    o = object_type(record)
    mine = fields_of(actor, o)
    if o.next_step is None or not all(name in mine for name in o.next_step):
        return None
    what, when = (mine[name] for name in o.next_step)
    change = fields_of(actor, o, "change")
    return Step(what, when, what.get(record), when.get(record), what.name in change and when.name in change)


def finish(actor: Actor, record: Any, *, version: int | None = None) -> Any:
    """The next step is done, and there is none: both fields are emptied, and the timeline says so."""
    step = step_of(actor, record)
    if step is None or step.what.kind.is_empty(step.text):
        raise Refused(_("There is no next step to finish. Somebody may have done so already."))
    with transaction.atomic():
        values = {step.what.name: step.what.kind.empty, step.when.name: step.when.kind.empty}
        changed = change(actor, record, values, version=version)
        emit(StepDone(changed), actor)
    return changed
