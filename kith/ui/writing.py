"""What can be written about a record beside a note: rooms contribute a call, a task, a letter; the composer of its page offers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.registry import Registry, Room
from kith.kernel.viewer import Viewer
from kith.objects.access import may, rights
from kith.objects.access.models import VIEW
from kith.objects.actions import Action
from kith.objects.declare import Field, ObjectType
from kith.objects.kinds.kind import new_key

from .inputs import Inputs, Shown

#: The input that the large box holds; every sort of writing has it.
TEXT = "text"


@dataclass(frozen=True)
class Writing:
    """A sort of thing to write about a record. Rooms contribute instances.

    `action` writes it: of its inputs the one called "text" is the large box, the others stand below. `label` is the radio button, `send`
    the button that does it, `hint` stands in the empty box. `makes` is the key of the object that the action makes: whoever may not
    create those is not offered it. `start(actor, record, viewer)` gives what inputs begin with. `mail` is the input that takes an
    address: where there is one, e-mail addresses of the record open this and not another program.
    """

    registry: ClassVar[Registry[Writing]] = Registry("sort of writing")

    action: Action
    label: Any
    send: Any
    hint: Any = ""
    makes: str = ""
    start: Callable[[Actor, Any, Viewer], Mapping[str, Any]] | None = None
    mail: str = ""

    @property
    def name(self) -> str:
        """Its part of addresses: the name of its action."""
        return self.action.name

    @property
    def icon(self) -> str:
        """That of its action."""
        return self.action.icon

    @property
    def inputs(self) -> Inputs:
        """The inputs beside the large box. Their names begin with its own: several forms stand on one page."""
        own = Inputs.of_action(self.action).fields.values()
        return Inputs(Field(self.posted(f.name), f.kind, f.label, required=f.required) for f in own if f.name != TEXT)

    def posted(self, name: str) -> str:
        """What one of its inputs is called in a form."""
        return name if name == TEXT else f"{self.name}.{name}"

    def contribute(self, room: Room) -> None:
        """Rooms contribute instances."""
        if TEXT not in self.action.form or (self.mail and self.mail not in self.action.form):
            raise TypeError(f"{self.action.key} has no input for what is written.")
        Writing.registry.add(self.action.key, self)


@dataclass(frozen=True)
class Form:
    """One sort of writing as `ui/parts/write.html` draws it; `open` where it is seen at once, `summary` what is wrong with all of it."""

    writing: Writing
    rows: list[Shown]
    once: str
    text: str = ""
    error: str = ""
    mail: str = ""
    open: bool = False


def writings(actor: Actor, o: ObjectType, record: Any) -> list[Writing]:
    """What this person, who sees this record, may write about it, in the order in which rooms contributed it."""
    return [
        one
        for one in Writing.registry
        if one.action.on in ("*", o.key)
        and _may(actor, o, record, one.action.right)
        and (not one.makes or may(actor, "create", one.makes))
    ]


def _may(actor: Actor, o: ObjectType, record: Any, right: str) -> bool:
    # Who sees a record writes about it. Only where a role says something else of this action by its name is that a question.
    verb, mine = right.partition("/")[0], rights(actor)
    if verb == VIEW and actor.allows(o.key, right) and mine.granted(o.key, right) == mine.granted(o.key, VIEW):
        return True
    return may(actor, right, record)


def fresh(one: Writing, actor: Actor, record: Any, viewer: Viewer, *, open: bool = False) -> Form:
    """An empty form, with what it begins with."""
    start = one.start(actor, record, viewer) if one.start is not None else {}
    values = {one.posted(name): one.action.form[name][1].clean(value) for name, value in start.items()}
    rows = one.inputs.shown({}, viewer, values=values)
    return Form(one, rows, new_key(), mail=_mail(one), open=open)


def refused(one: Writing, given: Any, viewer: Viewer, refusal: Refused) -> Form:
    """The form with what was typed, and what is wrong with it."""
    known = {one.posted(name): name for name in one.action.form}
    errors = {one.posted(name) if name in one.action.form else name: said for name, said in refusal.errors.items()}
    rest = [s for name, said in errors.items() if name == TEXT or name not in known for s in said]
    rows = one.inputs.shown(given, viewer, errors=errors)
    return replace(
        Form(one, rows, given.get("once", "") or new_key(), mail=_mail(one)),
        text=given.get(TEXT, ""),
        error=" ".join(rest),
        open=True,
    )


def _mail(one: Writing) -> str:
    return one.posted(one.mail) if one.mail else ""


__all__ = ["TEXT", "Form", "Writing", "fresh", "refused", "writings"]
