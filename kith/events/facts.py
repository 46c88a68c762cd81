"""Typed facts, and reactions to what happens: at once in the same transaction, or later by a delivery."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable
from typing import Any, ClassVar

from django.db import transaction

from kith.kernel import clock
from kith.kernel.actor import Actor, current_actor, current_cause
from kith.kernel.origin import current_origin
from kith.kernel.registry import Registry, Room

from .models import About, Delivery, Event, Origin

NOW, LATER = "now", "later"
#: In place of the name of an event: all of them, those of rooms to come included.
EVERY = "*"


class Fact:
    """Something that a room says happened. Subclasses are frozen dataclasses whose first field is the record.

    `name` is the event's name in the ledger, `label` what such events are called where one is chosen; `sentence()` says it in the
    reader's language; other fields are its payload and must be JSON values named by field id, so that privacy can redact any event
    of any room.
    """

    registry: ClassVar[Registry[type[Fact]]] = Registry("event")
    name: ClassVar[str] = ""
    label: ClassVar[Any] = ""
    icon: ClassVar[str] = "circle"
    #: For the audit trail only: it does not stand in the record's own timeline.
    aside: ClassVar[bool] = False
    record: Any

    def sentence(self) -> str:
        """What happened, as one translated sentence."""
        raise NotImplementedError

    def body(self) -> str:
        """Text shown below the sentence, such as a note; "" for none."""
        return ""

    def about(self) -> Iterable[Any]:
        """Other records whose timeline shows it."""
        return ()

    @classmethod
    def contribute(cls, room: Room) -> None:
        """Rooms contribute facts as classes."""
        cls.registry.add(cls.name, cls)

    def payload(self) -> dict[str, Any]:
        """All fields but the record."""
        return {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.name != "record"}  # type: ignore[arg-type]

    @classmethod
    def load(cls, event: Event) -> Any:
        """The fact that `event` keeps; its record is None, its payload complete (absent keys are "")."""
        names = [f.name for f in dataclasses.fields(cls) if f.name != "record"]  # type: ignore[arg-type]
        make: Any = cls
        return make(record=None, **{name: event.data.get(name, "") for name in names})


class Reaction:
    """What somebody does when something happens."""

    registry: ClassVar[Registry[Reaction]] = Registry("reaction")

    def __init__(
        self,
        function: Callable[[Event], None],
        names: tuple[str, ...],
        when: str,
        object: str | None,
        only: Callable[[list[Event]], Collection[Event]] | None = None,
        outside: bool = False,
    ):
        self.function, self.names, self.when, self.object = function, names, when, object
        self.only, self.outside = only, outside
        self.key = f"{function.__module__}.{function.__qualname__}"
        self.declared_by = function
        self.__doc__ = function.__doc__

    def __call__(self, event: Event) -> None:
        self.function(event)

    def contribute(self, room: Room) -> None:
        """Rooms contribute reactions as decorated functions."""
        Reaction.registry.add(self.key, self)
        _by_name.clear()

    def hears(self, name: str) -> bool:
        """Whether events of this name are for it."""
        return name in self.names or EVERY in self.names

    def wants(self, event: Event) -> bool:
        """Whether this event is for it."""
        return self.hears(event.name) and (self.object is None or self.object == event.object)


def on(
    what: type[Fact] | str | tuple[str, ...],
    when: str = LATER,
    *,
    object: str | None = None,
    only: Callable[[list[Event]], Collection[Event]] | None = None,
    outside: bool = False,
) -> Callable[[Callable[[Event], None]], Reaction]:
    """Make a function a reaction to a fact, or to "created", "changed", "removed", "restored" and "purged" of `object`, or to EVERY event.

    NOW runs in the same transaction and may touch the database only. LATER becomes a delivery: at least once, so it must bear
    being run twice; retried with back-off; a dead letter after that. `only` picks those of several events that were written together
    which are worth a delivery, with one question about all of them. `outside` runs it outside of any transaction, because it asks
    another machine: what it has done itself it must write down itself.
    """
    if isinstance(what, str):
        names: tuple[str, ...] = (what,)
    elif isinstance(what, tuple):
        names = what
    else:
        names = (what.name,)
    return lambda function: Reaction(function, names, when, object, only, outside)


_by_name: dict[tuple[str, str], list[Reaction]] = {}


def reactions_to(event: Event, when: str) -> list[Reaction]:
    """Reactions to this event, in the order rooms contributed them."""
    key = (event.name, when)
    if key not in _by_name:
        _by_name[key] = [r for r in Reaction.registry if r.hears(event.name) and r.when == when]
    return [r for r in _by_name[key] if r.wants(event)]


def emit(fact: Fact, actor: Actor | None = None) -> Event:
    """Write `fact` into the ledger, inside the transaction of what it is about."""
    actor = actor or current_actor()
    if actor is None:
        raise RuntimeError(f"Nobody is acting: {fact.name} needs an actor.")
    event = make_event(actor, fact.name, fact.record.object_key(), fact.record.pk, fact.payload())
    record_events([event], {0: [(r.object_key(), r.pk) for r in fact.about()]})
    return event


def make_event(
    actor: Actor,
    name: str,
    object: str,
    record: int | None,
    data: dict[str, Any],
    deputy_for: str = "",
    version: int | None = None,
) -> Event:
    """An unsaved event of `actor`, now, with the cause bound here; `deputy_for` names the colleague in whose place she acted, `version`
    is what a change made of the record."""
    bound = current_cause()
    return Event(
        name=name,
        at=clock.now(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name[:200],
        deputy_for=deputy_for[:200],
        cause=bound.key if bound else "",
        object=object,
        record=record,
        data=data,
        version=version,
    )


def record_events(events: list[Event], about: dict[int, list[tuple[str, int]]] | None = None) -> None:
    """Write events, whom they are about, and their deliveries, set-based; then run the NOW reactions.

    `about` maps an event's place in the list to (object, record) pairs. Raises RuntimeError outside a transaction.
    """
    if not events:
        return
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Events are written in the transaction of what they are about.")
    Event.objects.bulk_create(events, batch_size=500)
    _keep_origin(events[0].cause)
    if about:
        rows = [About(event=events[i], object=key, record=pk) for i, pairs in about.items() for key, pk in pairs]
        About.objects.bulk_create(rows, batch_size=1000)
    Delivery.objects.bulk_create(_deliveries(events), batch_size=1000)
    for event in events:
        for reaction in reactions_to(event, NOW):
            reaction(event)


def _deliveries(events: list[Event]) -> list[Delivery]:
    heard = [(event, reaction) for event in events for reaction in reactions_to(event, LATER)]
    picked: dict[str, set[int]] = {}
    for reaction in {r.key: r for _event, r in heard if r.only is not None}.values():
        if reaction.only is not None:
            mine = [event for event, r in heard if r is reaction]
            picked[reaction.key] = {id(event) for event in reaction.only(mine)}
    return [
        Delivery(event=event, consumer=r.key, due=event.at)
        for event, r in heard
        if r.only is None or id(event) in picked[r.key]
    ]


def _keep_origin(cause: str) -> None:
    origin = current_origin()
    if origin is not None and cause:
        row = Origin(cause=cause, address=origin.address[:45], agent=origin.agent[:300], route=origin.route[:80])
        Origin.objects.bulk_create([row], ignore_conflicts=True)
