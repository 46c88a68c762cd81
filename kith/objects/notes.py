"""Notes on any record: facts of the ledger, shown in its timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import Fact, emit
from kith.kernel.actor import Actor

from .actions import action
from .kinds import LongText


@dataclass(frozen=True)
class NoteAdded(Fact):
    """Somebody wrote a note."""

    name = "note.added"
    label = lazy("A note was written")
    icon = "sticky-note"
    record: Any
    text: str

    def sentence(self) -> str:
        return _("Note")

    def body(self) -> str:
        return self.text


@action(
    on="*",
    label=lazy("Add note"),
    verb="view",
    form={"text": (lazy("Note"), LongText(max_length=20_000), True)},
    icon="sticky-note",
    shown=False,
)
def add_note(actor: Actor, record: Any, *, text: str) -> Any:
    """Write a note into the record's timeline. Whoever sees a record may write one."""
    emit(NoteAdded(record, text), actor)
    return record
