"""What somebody was told, grouped by the record that it is about, newest first; read through the gate of now, not of then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Max, Q, QuerySet

from kith.events.models import Event
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.objects.access import fields as fields_of
from kith.objects.declare import ObjectType, object_type
from kith.objects.history import acted_by
from kith.objects.query import reader, visible_to

from . import marks
from .models import Notice
from .notices import NoticeKind, Subject

NEW, SNOOZED, DONE = "new", "snoozed", "done"
BOXES = (NEW, SNOOZED, DONE)
#: Records on a page; notices that are read for them; the most that a pill counts.
PAGE, LINES, MOST = 25, 400, 99
EXCERPT = 240


@dataclass(frozen=True)
class Line:
    """One notice: what, by whom ("" for nobody), and what was written."""

    id: int
    icon: str
    by: str
    says: str
    excerpt: str
    at: datetime
    unread: bool
    event: int

    @property
    def told(self) -> str:
        """Who and what, as plain text: never one sentence made of two."""
        return f"{self.by} · {self.says}" if self.by else self.says


@dataclass(frozen=True)
class Group:
    """What somebody was told about one record, or one thing of another sort; `latest` is the number of its newest notice."""

    object: ObjectType | Subject
    id: int
    title: str
    url: str
    latest: int
    lines: list[Line]
    unread: bool
    snoozed_until: datetime | None

    @property
    def more(self) -> int:
        """How many lines are not shown at first."""
        return max(0, len(self.lines) - 3)


@dataclass(frozen=True)
class Page:
    """A page of the inbox; `next` is where to go on, None at the end."""

    groups: list[Group]
    next: int | None


def inbox(actor: Actor, box: str = NEW, after: int | None = None, limit: int = PAGE) -> Page:
    """A page of one of the three boxes. What the actor may not see any more is left out, and leaves no gap."""
    rows = _of(actor, box)
    groups: list[Group] = []
    for _turn in range(8):
        grouped = rows.values("object", "record").annotate(latest=Max("pk")).order_by("-latest")
        found = list((grouped.filter(latest__lt=after) if after else grouped)[: limit + 1])
        shown = _groups(actor, rows, found[:limit])
        groups += shown
        after = found[limit - 1]["latest"] if len(found) > limit else None
        if after is None or len(groups) >= limit:
            break
    return Page(groups, after)


def unread(actor: Actor) -> int:
    """How many records the actor has unread notices of, 99 at most; those that she may not see do not count."""
    if actor.user_id is None:
        return 0
    now = clock.now()
    rows = _of(actor, NEW).filter(_unread(now)).values_list("object", "record").distinct()
    wanted: dict[str, set[int]] = {}
    for key, record in rows[: 3 * MOST]:
        wanted.setdefault(key, set()).add(record)
    known = ObjectType.known()
    n = sum(visible_to(actor, key).filter(pk__in=ids).count() for key, ids in wanted.items() if key in known)
    n += sum(len(subject.seen(actor, ids)) for key, ids in wanted.items() if (subject := Subject.registry.get(key)))
    return min(n, MOST)


def _unread(now: datetime) -> Q:
    # What was put off is new again once its time has come.
    return Q(read_at=None) | Q(snoozed_until__lte=now, read_at__lt=F("snoozed_until"))


def _of(actor: Actor, box: str) -> QuerySet[Notice]:
    mine = Notice.objects.filter(user=actor.user_id, shown=True)
    if box == DONE:
        return mine.filter(done_at__isnull=False)
    later = Q(snoozed_until__gt=clock.now())
    mine = mine.filter(done_at=None)
    return mine.filter(later) if box == SNOOZED else mine.exclude(later)


def _groups(actor: Actor, rows: QuerySet[Notice], found: list[Any]) -> list[Group]:
    about: dict[tuple[str, int], tuple[ObjectType | Subject, str, str]] = {}
    ids: dict[str, set[int]] = {}
    for one in found:
        ids.setdefault(one["object"], set()).add(one["record"])
    here = Q()
    for key, some in ids.items():
        seen = _seen(actor, key, some)
        about |= {(key, pk): said for pk, said in seen.items()}
        here |= Q(object=key, record__in=list(seen))
    if not about:
        return []
    # Told one after the other, by several workers: lines stand in the order in which it happened.
    notices = sorted(rows.filter(here).order_by("-pk")[:LINES], key=lambda n: n.event, reverse=True)
    events = Event.objects.in_bulk([n.event for n in notices])
    lines = _lines(actor, notices, events)
    made = []
    for one in found:
        at = (one["object"], one["record"])
        if at not in about or not lines.get(at):
            continue
        sort, title, url = about[at]
        mine = [n for n in notices if (n.object, n.record) == at]
        until = max((n.snoozed_until for n in mine if n.snoozed_until), default=None)
        unread = any(line.unread for line in lines[at])
        made.append(Group(sort, at[1], title, url, one["latest"], lines[at], unread, until))
    return made


def _seen(actor: Actor, key: str, ids: set[int]) -> dict[int, tuple[ObjectType | Subject, str, str]]:
    """Of one sort of thing, what the actor may see: id → (the sort, its title, its address)."""
    subject = Subject.registry.get(key)
    if subject is not None:
        return {pk: (subject, title, url) for pk, (title, url) in subject.seen(actor, ids).items()}
    if key not in ObjectType.known():
        return {}
    o = object_type(key)
    records = list(visible_to(actor, o).filter(pk__in=ids))
    o.title_field.attach(records, reader(actor))
    titled = o.title in fields_of(actor, o)
    return {r.pk: (o, o.title_of(r) if titled else f"#{r.pk}", o.url(r.pk)) for r in records}


def _lines(actor: Actor, notices: list[Notice], events: dict[int, Event]) -> dict[tuple[str, int], list[Line]]:
    texts = {n.event: text for n in notices if (text := _text(events.get(n.event)))}
    known = marks.names(actor, texts.values())
    now = clock.now()
    made: dict[tuple[str, int], list[Line]] = {}
    for n in notices:
        kind, event = NoticeKind.registry.get(n.kind), events.get(n.event)
        if kind is None or event is None:
            continue
        says = kind.says(event, actor)
        if not says:
            continue
        excerpt = marks.plain(texts.get(n.event, ""), known)
        waited = n.snoozed_until is not None and n.read_at is not None and n.read_at < n.snoozed_until <= now
        made.setdefault((n.object, n.record), []).append(
            Line(
                n.pk,
                kind.icon,
                "" if kind.alone else acted_by(event),
                says,
                excerpt if len(excerpt) <= EXCERPT else f"{excerpt[:EXCERPT].rstrip()}…",
                n.at,
                n.read_at is None or waited,
                n.event,
            )
        )
    return made


def _text(event: Event | None) -> str:
    if event is None:
        return ""
    return str(event.data.get("text") or event.data.get("new") or "") if event.name.startswith("note.") else ""


# ── what is done with it ─────────────────────────────────────────────────────────────────────────────────────────────


def _about(actor: Actor, key: str, record: int, upto: int) -> QuerySet[Notice]:
    """The actor's own notices of one record, up to the newest that she saw; nobody else's, whatever was posted."""
    mine = Notice.objects.filter(user=actor.user_id or 0, object=key, record=record, shown=True)
    return mine.filter(pk__lte=upto) if upto else mine


def done(actor: Actor, key: str, record: int, upto: int) -> datetime:
    """Be done with a record for now; gives what takes it back."""
    now = clock.now()
    _about(actor, key, record, upto).filter(done_at=None).update(done_at=now, read_at=now, mail_at=None)
    return now


def reopen(actor: Actor, key: str, record: int, stamp: datetime | None = None) -> None:
    """Put back what was done: all of a record, or what was done at `stamp`."""
    rows = _about(actor, key, record, 0)
    (rows.filter(done_at=stamp) if stamp else rows.filter(done_at__isnull=False)).update(done_at=None)


def snooze(actor: Actor, key: str, record: int, upto: int, until: datetime) -> None:
    """Put a record off until an instant; it is unread again then."""
    _about(actor, key, record, upto).filter(done_at=None).update(snoozed_until=until, read_at=clock.now(), mail_at=None)


def wake(actor: Actor, key: str, record: int) -> None:
    """Take back that a record was put off."""
    _about(actor, key, record, 0).filter(snoozed_until__isnull=False).update(snoozed_until=None)


def mark(actor: Actor, key: str, record: int, upto: int, *, read: bool) -> None:
    """Say that a record was read, or that it is to look unread."""
    rows = _about(actor, key, record, upto).filter(done_at=None)
    if read:
        rows.filter(Q(read_at=None) | Q(snoozed_until__isnull=False)).update(
            read_at=clock.now(), snoozed_until=None, mail_at=None
        )
    else:
        newest = rows.order_by("-pk").values_list("pk", flat=True).first()
        Notice.objects.filter(pk=newest).update(read_at=None)


def of_letter(actor: Actor, letter: int) -> list[Group]:
    """What one e-mail is about, as far as the actor may see it now, grouped like the inbox."""
    rows = Notice.objects.filter(user=actor.user_id, letter=letter)
    found = list(rows.values("object", "record").annotate(latest=Max("pk")).order_by("-latest"))
    return _groups(actor, rows, found)
