"""Reads of sensitive fields (`pii=SPECIAL`): health, faith, convictions. Who looked at whose is kept in the ledger.

While a request is served, the read path notes what it gave; afterwards, when the connection may write again, one event per object
says it. A file that takes records out of the house is an event of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import Fact, make_event, record_events
from kith.kernel.actor import Actor
from kith.kernel.sentences import listed

from .declare import SPECIAL, Field, ObjectType, object_type


@dataclass(frozen=True)
class SensitiveRead(Fact):
    """Somebody saw sensitive fields. `record` is the one whose they are, or else `records` are several; `fields` are ids of fields."""

    name = "sensitive.read"
    label = lazy("Sensitive fields were read")
    icon = "eye"
    aside = True
    record: Any
    object: str
    fields: list[str]
    records: list[int]

    def sentence(self) -> str:
        known = {f.id: f for f in object_type(self.object).fields.values()} if self.object in ObjectType.known() else {}
        names = [known[key].label if key in known else key for key in self.fields or ()]
        return _("Sensitive fields were read: %(fields)s") % {"fields": listed(names)}


@dataclass
class Noted:
    """What was given while it was bound: object → (ids of fields, ids of records)."""

    found: dict[str, tuple[set[str], set[int]]] = field(default_factory=dict)
    MOST: ClassVar[int] = 1_000  # records named by one event

    def write_down(self, actor: Actor) -> None:
        """Put it into the ledger, as an event of its own for each object."""
        if not self.found:
            return
        events = []
        for key, (fields, records) in self.found.items():
            one = next(iter(records)) if len(records) == 1 else None
            told = {"object": key, "fields": sorted(fields), "records": [] if one else sorted(records)[: self.MOST]}
            events.append(make_event(actor, SensitiveRead.name, key, one, told))
        self.found.clear()
        with transaction.atomic():
            record_events(events)


_noted: ContextVar[Noted | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[Noted]:
    """Bind a note for what is read inside."""
    made = Noted()
    token = _noted.set(made)
    try:
        yield made
    finally:
        _noted.reset(token)


def note(actor: Actor, o: ObjectType, fields: Iterable[Field], records: Iterable[Any]) -> None:
    """Note that `actor` was given `fields` of `records`, if there is something sensitive in them."""
    noted = _noted.get()
    if noted is None or actor.is_system:
        return
    for one in fields:
        if one.pii == SPECIAL:
            filled = {r.pk for r in records if not one.kind.is_empty(one.get(r))}
            if filled:
                names, ids = noted.found.setdefault(o.key, (set(), set()))
                names.add(one.id)
                ids |= filled


def note_past(actor: Actor, o: ObjectType, pk: int, fields: Iterable[Field]) -> None:
    """Note that `actor` was told what `fields` of a record were, or became: the ledger is read as the record is."""
    noted = _noted.get()
    sensitive = {one.id for one in fields if one.pii == SPECIAL}
    if noted is None or actor.is_system or not sensitive:
        return
    names, ids = noted.found.setdefault(o.key, (set(), set()))
    names |= sensitive
    ids.add(pk)
