"""Notes on any record, and answers to them: facts of the ledger, and a row for each that says how it stands now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import Fact, emit
from kith.events.models import Event
from kith.identity.models import User
from kith.identity.names import actor_of
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Missing, Refused
from kith.objects.access import may
from kith.objects.actions import action
from kith.objects.kinds import Integer, LongText
from kith.objects.query import find
from kith.objects.write.undo import reverses

from . import follow
from .marks import people_in
from .models import Note

LONGEST = 20_000


@dataclass(frozen=True)
class NoteAdded(Fact):
    """Somebody wrote a note, or answered the note whose event is `answers`."""

    name = "note.added"
    label = lazy("A note was written")
    icon = "sticky-note"
    record: Any
    text: str
    answers: int | str = ""

    def sentence(self) -> str:
        return _("Answer") if self.answers else _("Note")

    def body(self) -> str:
        return self.text


@dataclass(frozen=True)
class NoteChanged(Fact):
    """Somebody changed a note of hers."""

    name = "note.changed"
    label = lazy("A note was changed")
    icon = "sticky-note"
    aside = True
    record: Any
    note: int
    old: str
    new: str

    def sentence(self) -> str:
        return _("Note changed")


@dataclass(frozen=True)
class NoteRemoved(Fact):
    """Somebody removed a note of hers."""

    name = "note.removed"
    label = lazy("A note was removed")
    icon = "sticky-note"
    aside = True
    record: Any
    note: int

    def sentence(self) -> str:
        return _("Note removed")


@dataclass(frozen=True)
class NoteRestored(Fact):
    """A removed note came back."""

    name = "note.restored"
    label = lazy("A note was restored")
    icon = "sticky-note"
    aside = True
    record: Any
    note: int

    def sentence(self) -> str:
        return _("Note restored")


_TEXT = (lazy("Note"), LongText(max_length=LONGEST), True)
_WHICH = (lazy("Note"), Integer(), True)


@action(on="*", label=lazy("Add note"), verb="view", form={"text": _TEXT}, icon="sticky-note", shown=False)
def add_note(actor: Actor, record: Any, *, text: str) -> Any:
    """Write a note into the record's timeline. Whoever sees a record may write one."""
    _write(actor, record, text, None)
    return record


@action(on="*", label=lazy("Answer note"), verb="view", form={"to": _WHICH, "text": _TEXT}, icon="reply", shown=False)
def answer_note(actor: Actor, record: Any, *, to: int, text: str) -> Any:
    """Answer a note of this record. An answer to an answer is one to the note above: threads have one level."""
    above = note_of(record, to)
    _write(actor, record, text, above.answers or above.event)
    return record


@action(
    on="*", label=lazy("Change note"), verb="view",
    form={"note": _WHICH, "text": _TEXT, "version": (lazy("Version"), Integer(), False)}, icon="pencil", shown=False,
)  # fmt: skip
def change_note(actor: Actor, record: Any, *, note: int, text: str, version: int | None) -> Any:
    """Change a note of one's own; what it said before stays in the ledger. Refused when it was changed meanwhile, elsewhere."""
    row = _own(actor, record, note)
    if version is not None and version != row.version:
        raise Refused(_("This note was changed in another window. Open it again to see what it says now."))
    if text == row.text:
        return record
    before = set(people_in(row.text))
    told, untold = _mentioned(text, record)
    now = clock.now()
    same = Note.objects.filter(pk=row.pk, version=row.version)
    if not same.update(text=text, untold=untold, edited_at=now, version=F("version") + 1):
        raise Refused(_("This note was changed in another window. Open it again to see what it says now."))
    emit(NoteChanged(record, row.event, row.text, text), actor)
    follow.begin(set(told) - before, record.object_key(), record.pk)
    return record


@action(on="*", label=lazy("Remove note"), verb="view", form={"note": _WHICH}, icon="trash-2", shown=False)
def remove_note(actor: Actor, record: Any, *, note: int) -> Any:
    """Remove a note of one's own; it can be taken back."""
    row = _own(actor, record, note)
    if Note.objects.filter(pk=row.pk, removed_at=None).update(removed_at=clock.now(), version=F("version") + 1):
        emit(NoteRemoved(record, row.event), actor)
    return record


def note_of(record: Any, event: int) -> Note:
    """The note of this record that was added by `event`; Missing when there is none, or it was removed."""
    row = Note.objects.filter(object=record.object_key(), record=record.pk, event=event, removed_at=None).first()
    if row is None:
        raise Missing(_("This note is not there any more."))
    return row


def past(record: Any, event: int) -> list[tuple[Any, str, str]]:
    """What a note said before: (until when, who changed it, the text), newest first."""
    note_of(record, event)
    events = Event.objects.filter(object=record.object_key(), record=record.pk, name=NoteChanged.name)
    mine = [e for e in events.order_by("-pk")[:500] if e.data.get("note") == event]
    return [(e.at, e.actor_name, str(e.data.get("old", ""))) for e in mine]


def untold(record: Any, event: int) -> list[str]:
    """Names of those who were mentioned in a note and were not told, because they may not see the record."""
    ids = Note.objects.filter(event=event, object=record.object_key()).values_list("untold", flat=True).first() or []
    return list(User.objects.filter(pk__in=ids).order_by("name").values_list("name", flat=True))


def _write(actor: Actor, record: Any, text: str, answers: int | None) -> None:
    told, untold = _mentioned(text, record)
    # First who follows, so that the event already finds them.
    if actor.user_id:
        follow.begin([actor.user_id], record.object_key(), record.pk)
    follow.begin(told, record.object_key(), record.pk)
    event = emit(NoteAdded(record, text, answers or ""), actor)
    Note.objects.create(
        event=event.pk,
        object=event.object,
        record=record.pk,
        answers=answers,
        author=actor.user_id,
        author_name=event.actor_name,
        text=text,
        untold=untold,
        at=event.at,
    )


def _own(actor: Actor, record: Any, event: int) -> Note:
    row = note_of(record, event)
    if actor.user_id is None or row.author != actor.user_id:
        raise Forbidden(_("Only the person who wrote a note may change or remove it."))
    return row


def _mentioned(text: str, record: Any) -> tuple[list[int], list[int]]:
    """Who is mentioned and may see the record, and who is mentioned and may not."""
    ids = people_in(text)
    if not ids:
        return [], []
    users = {user.pk: user for user in User.objects.filter(pk__in=ids, is_active=True)}
    told = [pk for pk in ids if pk in users and may(actor_of(users[pk]), "view", record)]
    return told, [pk for pk in ids if pk not in told]


# ── undo ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _still_hers(actor: Actor, event: Event) -> Any:
    """The record, while she may see it."""
    return find(actor, event.object, event.record)


@reverses(NoteAdded.name)
def _unadd(actor: Actor, event: Event) -> str:
    record = _still_hers(actor, event)
    if Note.objects.filter(answers=event.pk, removed_at=None).exists():
        return _("Somebody answered this note.")
    if Note.objects.filter(event=event.pk, removed_at=None).update(removed_at=clock.now(), version=F("version") + 1):
        emit(NoteRemoved(record, event.pk), actor)
        return ""
    return _("It was removed before.")


@reverses(NoteRemoved.name)
def _unremove(actor: Actor, event: Event) -> str:
    record, note = _still_hers(actor, event), event.data.get("note")
    gone = Note.objects.filter(event=note, object=event.object, record=event.record, removed_at__isnull=False)
    if not gone.update(removed_at=None, version=F("version") + 1):
        return _("It was restored before.")
    emit(NoteRestored(record, int(note)), actor)
    return ""


@reverses(NoteChanged.name)
def _unchange(actor: Actor, event: Event) -> str:
    record, note = _still_hers(actor, event), event.data.get("note")
    old, new = str(event.data.get("old", "")), str(event.data.get("new", ""))
    same = Note.objects.filter(event=note, object=event.object, record=event.record, removed_at=None, text=new)
    if not same.update(text=old, edited_at=clock.now(), version=F("version") + 1):
        return _("The note was changed again since.")
    emit(NoteChanged(record, int(note), new, old), actor)
    return ""
