"""Business verbs: plain functions, declared once; each is a button, a bulk action, an endpoint, a workflow step and a command."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor, acting, cause, current_cause
from kith.kernel.errors import Forbidden, Invalid, Refused
from kith.kernel.registry import Registry, Room

from .access import may
from .access.models import CHANGE, VIEW
from .declare import Field, ObjectType, object_type
from .kinds import Kind
from .write.links import Links


class Action:
    """A declared verb. `on` is an object's key, or "*" for every object; `verb` the right that it needs on the record.

    `form` maps the names of further input to kinds; `icon` is a Lucide name; `bulk` says whether many records may be given.
    """

    registry: ClassVar[Registry[Action]] = Registry("action")

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        on: str,
        label: Any,
        verb: str,
        form: dict[str, tuple[Any, Kind, bool]],
        bulk: bool,
        icon: str,
        shown: bool,
    ):
        self.function, self.on, self.label, self.verb, self.form, self.bulk, self.icon = (
            function,
            on,
            label,
            verb,
            form,
            bulk,
            icon,
        )
        #: Whether it stands in menus; otherwise a screen of its own offers it.
        self.shown = shown
        self.name = function.__name__
        self.key = f"{on}.{function.__name__}"
        self.declared_by = function
        functools.update_wrapper(self, function)

    @property
    def right(self) -> str:
        """The right that it needs: its own name, which roles may grant, and otherwise its verb."""
        return f"{self.verb}/{self.name}"

    def __call__(self, actor: Actor, record: Any, **given: Any) -> Any:
        """Do it: checked, in one transaction, as one cause."""
        o = object_type(record)
        if self.on not in ("*", o.key):
            raise Refused(
                _("“%(action)s” is nothing that %(objects)s can do.") % {"action": self.label, "objects": o.plural}
            )
        # What everybody may do who sees a record does something nevertheless: scopes that only read do not cover it.
        scope = f"{CHANGE}/{self.name}" if self.verb == VIEW else self.right
        if actor.observer is not None or not actor.allows(o.key, scope) or not may(actor, self.right, record):
            raise Forbidden
        values = self.linked(actor, self.cleaned(given))
        # Granted by its name, an action may change its record even where the actor may not otherwise.
        doer = replace(actor, doing=(*actor.doing, (o.key, self.right)), memo={})
        with transaction.atomic(), acting(doer):
            if current_cause() is not None:
                return self.function(doer, record, **values)
            with cause():
                return self.function(doer, record, **values)

    def cleaned(self, given: dict[str, Any]) -> dict[str, Any]:
        """The further input, each cleaned by its kind; all faults together."""
        if unknown := set(given) - set(self.form):
            first = sorted(unknown)[0]
            sentence = _("“%(name)s” is not an input of “%(action)s”.") % {"name": first[:60], "action": self.label}
            raise Refused(sentence, field=first)
        values, errors = {}, {}
        for name, (label, kind, required) in self.form.items():
            try:
                value = kind.clean(given[name]) if name in given else kind.empty
                if required and kind.is_empty(value):
                    raise Refused(_("%(field)s is required.") % {"field": label})
                values[name] = value
            except Refused as refusal:
                errors[name] = [str(refusal)]
        if errors:
            raise Invalid(errors)
        return values

    def linked(self, actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
        """The input with records that were named by words found, and those named by number checked, both through the gate."""
        fields = [
            Field(name, kind, label)
            for name, (label, kind, _required) in self.form.items()
            if getattr(kind, "to", None)
        ]
        if not fields:
            return values
        links, errors = Links(actor), {}
        for field in fields:
            links.gather(field, values[field.name])
        links.answer()
        found = dict(values)
        for field in fields:
            try:
                found[field.name] = links.resolve(field, values[field.name])
            except Refused as refusal:
                errors[field.name] = [str(refusal)]
        if errors:
            raise Invalid(errors)
        return found

    def contribute(self, room: Room) -> None:
        """Rooms contribute actions as decorated functions."""
        Action.registry.add(self.key, self)


def action(
    *,
    on: str,
    label: Any,
    verb: str = CHANGE,
    form: dict[str, tuple[Any, Kind, bool]] | None = None,
    bulk: bool = False,
    icon: str = "zap",
    shown: bool = True,
) -> Callable[[Callable[..., Any]], Action]:
    """Make `function(actor, record, **input)` an action of object `on`; see Action."""

    def declare(function: Callable[..., Any]) -> Action:
        wanted = [p for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY]
        if {p.name for p in wanted} != set(form or {}):
            raise TypeError(f"{function.__qualname__}: the form and the keyword arguments name different inputs.")
        return Action(function, on=on, label=label, verb=verb, form=form or {}, bulk=bulk, icon=icon, shown=shown)

    return declare


def actions_for(actor: Actor, what: Any) -> list[Action]:
    """The actions that `actor` may do with (at least some) records of an object, in the order rooms contributed them."""
    o: ObjectType = object_type(what)
    return [a for a in Action.registry if a.on in ("*", o.key) and may(actor, a.right, o)]


def act(actor: Actor, name: str, record: Any, **given: Any) -> Any:
    """Do the action called `name` with a record; Refused when its object has no such action."""
    o = object_type(record)
    found = Action.registry.get(f"{o.key}.{name}") or Action.registry.get(f"*.{name}")
    if found is None:
        raise Refused(
            _("“%(action)s” is nothing that %(objects)s can do.") % {"action": name[:60], "objects": o.plural}
        )
    return found(actor, record, **given)
