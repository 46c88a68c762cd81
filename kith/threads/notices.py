"""Telling people what concerns them: reactions to the ledger, whatever object an event is about.

`NoticeKind` is what one can be told of; `tell` makes the rows, for those who may see the record and want to know. One event tells a person
once, by the first kind that names her. What a run or an import does to many records at once tells her once, not once for each.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kith.events.facts import LATER, NOW, on
from kith.events.models import Event
from kith.identity.models import Team, User
from kith.identity.names import actor_of
from kith.kernel.actor import Actor, System
from kith.kernel.registry import Registry, Room
from kith.kernel.sentences import counted, listed
from kith.objects.access import may
from kith.objects.declare import ObjectType
from kith.objects.history import changes_of
from kith.objects.query import visible_to

from . import wishes
from .files import FileAdded
from .follow import assigned, begin, in_bulk
from .marks import people_in
from .models import Alarm, File, Follow, Note, Notice
from .notes import NoteAdded, NoteChanged

#: More fields than these are counted, not named.
NAMED = 3


@dataclass(frozen=True)
class NoticeKind:
    """Something that people are told of. Rooms contribute instances.

    `says(event, reader)` is the sentence without who did it, and `alone` that nobody did; `app` and `mail` say whether it is on for
    somebody who chose nothing, `asked` whether it is on in the inbox for what she asked for, such as records that she chose to follow.
    """

    registry: ClassVar[Registry[NoticeKind]] = Registry("kind of notice")

    key: str
    label: Any
    icon: str
    says: Callable[[Event, Actor], str]
    help: Any = ""
    app: bool = False
    mail: bool = False
    asked: bool = False
    alone: bool = False

    def contribute(self, room: Room) -> None:
        """Rooms contribute kinds as instances."""
        NoticeKind.registry.add(self.key, self)


@dataclass(frozen=True)
class Subject:
    """Something beside records that people are told of, such as a webhook of theirs. `key` is what the ledger calls it.

    `seen(actor, ids)` gives the titles and addresses of those of `ids` that the actor may see. Rooms contribute instances.
    """

    registry: ClassVar[Registry[Subject]] = Registry("subject of notices")

    key: str
    icon: str
    seen: Callable[[Actor, Collection[int]], dict[int, tuple[str, str]]]

    def contribute(self, room: Room) -> None:
        """Rooms contribute subjects as instances."""
        Subject.registry.add(self.key, self)


class Hearer:
    """A function that hears of notices right after they are made, inside of their transaction: it may touch the database only."""

    registry: ClassVar[Registry[Hearer]] = Registry("hearer of notices")

    def __init__(self, function: Callable[[list[Notice]], None]):
        self.function = function
        self.key = f"{function.__module__}.{function.__qualname__}"
        self.declared_by = function

    def contribute(self, room: Room) -> None:
        """Rooms contribute hearers as instances."""
        Hearer.registry.add(self.key, self)


def _changed(event: Event, reader: Actor) -> str:
    if event.name == NoteAdded.name:
        return _("wrote a note")
    if event.name == FileAdded.name:
        return _("added the file “%(name)s”") % {"name": event.data.get("file_name", "")}
    labels = [str(change.field.label) for change in changes_of(reader, event)]
    if not labels:
        return ""
    if len(labels) > NAMED:
        return ngettext("changed %(n)s field", "changed %(n)s fields", len(labels)) % {"n": counted(len(labels))}
    return _("changed: %(fields)s") % {"fields": listed(labels)}


MENTION = NoticeKind(
    "mention",
    lazy("Somebody mentions me"),
    "at-sign",
    lambda event, reader: _("mentioned you"),
    app=True,
    mail=True,
)
ASSIGNED = NoticeKind(
    "assigned",
    lazy("A record is assigned to me"),
    "user-check",
    lambda event, reader: _("made you the owner of this and of others") if in_bulk(event) else _("made you the owner"),
    app=True,
    mail=True,
)
REPLY = NoticeKind(
    "reply", lazy("Somebody answers a note of mine"), "reply", lambda event, reader: _("answered your note")
)
SHARED = NoticeKind(
    "shared", lazy("A record is shared with me"), "user-plus", lambda event, reader: _("shared this with you")
)
CHANGED = NoticeKind(
    "changed",
    lazy("A record that I follow changes"),
    "bell",
    _changed,
    lazy("In the inbox this is on for records that you follow by your own choice, until you decide here."),
    asked=True,
)
KINDS = (MENTION, ASSIGNED, REPLY, SHARED, CHANGED)

WATCHED = ("created", "changed", NoteAdded.name, NoteChanged.name, FileAdded.name, "record.shared")


def worth(events: list[Event]) -> Collection[Event]:
    """Those of the events that may concern somebody; one question about all of them together."""
    found = [e for e in events if e.record and (_for_somebody(e) or assigned(e) is not None)]
    rest = {id(e): e for e in events if e.record and e.name in ("changed", NoteAdded.name, FileAdded.name)}
    for e in found:
        rest.pop(id(e), None)
    if rest:
        objects = {e.object for e in rest.values()}
        rows = Follow.objects.filter(object__in=objects, record__in={e.record for e in rest.values()}, on=True)
        followed: dict[tuple[str, int], set[str]] = {}
        for key, record, user in rows.values_list("object", "record", "user_id"):
            followed.setdefault((key, record), set()).add(str(user))
        found += [e for e in rest.values() if followed.get((e.object, e.record or 0), set()) - {e.actor_id}]
    return found


def _for_somebody(event: Event) -> bool:
    if event.name == NoteAdded.name:
        return bool(event.data.get("answers") or people_in(str(event.data.get("text", ""))))
    if event.name == NoteChanged.name:
        return bool(_newly_mentioned(event))
    return event.name == "record.shared"


def _newly_mentioned(event: Event) -> list[int]:
    before = people_in(str(event.data.get("old", "")))
    return [pk for pk in people_in(str(event.data.get("new", ""))) if pk not in before]


@on(WATCHED, LATER, only=worth)
def notify(event: Event) -> None:
    """Tell everybody whom an event concerns. Twice is once: a person has one notice of an event."""
    heard: dict[int, NoticeKind] = {}

    def hear(kind: NoticeKind, people: Iterable[int]) -> None:
        for pk in people:
            heard.setdefault(pk, kind)

    if event.name == NoteAdded.name:
        hear(MENTION, people_in(str(event.data.get("text", ""))))
        if event.data.get("answers"):
            above = Note.objects.filter(event=event.data["answers"], object=event.object, record=event.record).first()
            others = Note.objects.filter(answers=event.data["answers"], object=event.object, removed_at=None)
            if above is not None and above.author:
                hear(REPLY, [above.author])
            hear(REPLY, [pk for pk in others.values_list("author", flat=True) if pk and not above])
    elif event.name == NoteChanged.name:
        hear(MENTION, _newly_mentioned(event))
    elif event.name == "record.shared":
        hear(SHARED, _shared_with(event))
    elif (owner := assigned(event)) is not None:
        hear(ASSIGNED, [owner])
    if event.name in ("changed", NoteAdded.name, FileAdded.name):
        following = Follow.objects.filter(object=event.object, record=event.record, on=True)
        hear(CHANGED, following.values_list("user_id", flat=True))
    tell(event, heard)


def _shared_with(event: Event) -> list[int]:
    user, team = event.data.get("user"), event.data.get("team")
    if isinstance(user, int):
        return [user]
    if isinstance(team, int):
        return list(Team.members.through.objects.filter(team_id=team).values_list("user_id", flat=True))
    return []


def tell(event: Event, heard: dict[int, NoticeKind], *, asked: Iterable[int] = ()) -> list[Notice]:
    """Make a notice for each of these people (id → of what), but for who did it, who may not see it, and who does not want to know.

    `asked` are those who asked for it in another way than by following the record.
    """
    if event.record is None or (seen := _seen_by(event)) is None:
        return []
    people = User.objects.filter(pk__in=heard, is_active=True)
    if event.actor_kind == "user":
        people = people.exclude(pk=event.actor_id)
    chosen = wishes.chosen(heard)
    following = Follow.objects.filter(user__in=heard, object=event.object, record=event.record, on=True, asked=True)
    asking = {*asked, *following.values_list("user_id", flat=True)}
    made = []
    for user in people.order_by("pk"):
        kind = heard[user.pk]
        app, mail = chosen.get((user.pk, kind.key), (kind.app or (kind.asked and user.pk in asking), kind.mail))
        if not (app or mail) or (in_bulk(event) and _told_before(user, kind, event)):
            continue
        actor = actor_of(user)
        if not seen(actor) or not kind.says(event, actor):
            continue
        made.append(
            Notice(
                user=user,
                kind=kind.key,
                event=event.pk,
                cause=event.cause,
                object=event.object,
                record=event.record,
                at=event.at,
                shown=app,
                mail_at=wishes.mail_at(user) if mail else None,
            )
        )
    Notice.objects.bulk_create(made, ignore_conflicts=True)
    if made:
        for hearer in Hearer.registry:
            hearer.function(made)
    return made


def _seen_by(event: Event) -> Callable[[Actor], bool] | None:
    """Whether somebody may see what an event is about; None where it is nothing, or gone."""
    pk = event.record or 0
    subject = Subject.registry.get(event.object)
    if subject is not None:
        return lambda actor: pk in subject.seen(actor, [pk])
    if event.object not in ObjectType.known():
        return None
    record = visible_to(System("notices"), event.object).filter(pk=pk).first()
    return None if record is None else lambda actor: may(actor, "view", record)


def _told_before(user: User, kind: NoticeKind, event: Event) -> bool:
    return Notice.objects.filter(user=user, kind=kind.key, cause=event.cause).exclude(event=event.pk).exists()


@on("purged", NOW)
def forget_purged(event: Event) -> None:
    """What was said about a record goes with it; its files go from the disk once nothing names them."""
    for model in (Note, File, Follow, Notice, Alarm):
        model.objects.filter(object=event.object, record=event.record).delete()


__all__ = ["KINDS", "Hearer", "NoticeKind", "Subject", "begin", "notify", "tell"]
