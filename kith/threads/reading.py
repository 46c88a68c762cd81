"""Notes as a timeline shows them: the text as it is now, its answers below it, who may change what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from kith.identity.names import user_references
from kith.kernel.actor import Actor
from kith.objects.history import Entry

from .marks import Piece, names, pieces
from .models import Note
from .notes import NoteAdded


@dataclass(frozen=True)
class Said:
    """A note or an answer, ready to be shown. `untold` are names, for its author alone; `removed` stays for the answers below it."""

    id: int
    lines: list[list[Piece]]
    at: datetime
    by: str
    mine: bool
    edited_at: datetime | None
    removed: bool = False
    untold: list[str] = field(default_factory=list)
    answers: list[Said] = field(default_factory=list)


@dataclass(frozen=True)
class Conversation:
    """The notes of some entries of a timeline: event → note; `left_out` are entries that do not stand there by themselves."""

    notes: dict[int, Said]
    left_out: set[int]


def conversation(actor: Actor, entries: Iterable[Entry]) -> Conversation:
    """Read the notes of `entries`, all together: the number of queries does not depend on how many there are."""
    ids = [entry.id for entry in entries if entry.name == NoteAdded.name]
    if not ids:
        return Conversation({}, set())
    rows = list(Note.objects.filter(Q(event__in=ids) | Q(answers__in=ids, removed_at=None)).order_by("event"))
    known = names(actor, (row.text for row in rows))
    absent = {pk for row in rows if row.untold and row.author == actor.user_id for pk in row.untold}
    called = user_references(absent) if absent else {}

    def said(row: Note, answers: list[Said]) -> Said:
        mine = row.author is not None and row.author == actor.user_id
        gone = row.removed_at is not None
        return Said(
            row.event,
            [] if gone else pieces(row.text, known, actor.user_id),
            row.at,
            row.author_name,
            mine and not gone,
            row.edited_at,
            gone,
            [called[pk] for pk in row.untold if pk in called] if mine else [],
            answers,
        )

    below: dict[int, list[Said]] = {}
    for row in rows:
        if row.answers and not row.removed_at:
            below.setdefault(row.answers, []).append(said(row, []))
    found: dict[int, Said] = {}
    left_out: set[int] = set()
    for row in rows:
        if row.answers or (row.removed_at and not below.get(row.event)):
            left_out.add(row.event)
        else:
            found[row.event] = said(row, below.get(row.event, []))
    return Conversation(found, left_out)
