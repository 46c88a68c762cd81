"""The ledger as an auditor reads it: who did what, when, from where and by which cause, over all objects. For administrators."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import Fact, make_event, record_events
from kith.events.models import CHANGES, Event, Origin
from kith.identity.names import user_references
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Refused
from kith.kernel.viewer import Viewer

from .access import rights
from .declare import ObjectType, object_type, object_types
from .exchange.guard import guarded
from .history import Change, acted_by, changes_of, icon_of, sentence_of, with_titles
from .kinds import Reference
from .query import reader, visible_to

PAGE = 50
#: `at` is when a change was made; its row may come later, by the length of a transaction. Ids and times agree within this.
SLACK = timedelta(hours=1)
FORMATS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


@dataclass(frozen=True)
class Asked:
    """What of the ledger is asked for; "" and None leave a part open. `since` and `until` are days, both included, where the viewer is.

    `who` is "user:7", "system" or "guest"; `what` the name of an event, `object` the key of an object, `record` an id.
    """

    who: str = ""
    what: str = ""
    object: str = ""
    record: int | None = None
    cause: str = ""
    address: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Line:
    """One event: `on` is what it happened to (its `url` is "" where there is no page), `changes` old and new values by field."""

    id: int
    at: datetime
    name: str
    icon: str
    who: str
    who_kind: str
    sentence: str
    on: Reference | None
    changes: tuple[Change, ...]
    cause: str
    address: str
    agent: str
    route: str


@dataclass(frozen=True)
class Page:
    """Lines, newest first; `next` is the id to go on before, or None."""

    lines: list[Line]
    next: int | None


@dataclass(frozen=True)
class AuditExported(Fact):
    """Somebody took a copy of the ledger out of the house."""

    name = "audit.exported"
    label = lazy("The audit trail was exported")
    icon = "download"
    record: Any
    format: str
    asked: dict[str, Any]

    def sentence(self) -> str:
        return _("The audit trail was exported.")


def read(actor: Actor, asked: Asked, viewer: Viewer, *, before: int | None = None, limit: int = PAGE) -> Page:
    """A page of the ledger. Forbidden for everybody but administrators; Refused when the days are in the wrong order.

    A constant number of queries, whatever the page holds.
    """
    if not rights(actor).everything:
        raise Forbidden(_("Only administrators may read the audit trail."))
    events = _asked_for(asked, viewer)
    if before:
        events = events.filter(pk__lt=before)
    found = list(events.order_by("-pk")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    return Page(_lines(actor, found), found[-1].pk if more else None)


def _asked_for(asked: Asked, viewer: Viewer) -> Any:
    where = Q()
    kind, _colon, who = asked.who.partition(":")
    if kind:
        where &= Q(actor_kind=kind)
    if who:
        where &= Q(actor_id=who)
    if asked.what:
        where &= Q(name=asked.what)
        if asked.what not in CHANGES:
            where &= ~Q(name__in=CHANGES)  # so that the index of everything but changes is used
    if asked.object:
        where &= Q(object=asked.object)
    if asked.record is not None:
        where &= Q(record=asked.record)
    if asked.cause:
        where &= Q(cause=asked.cause)
    if asked.address:
        where &= Q(cause__in=Origin.objects.filter(address=asked.address).values("cause"))
    return Event.objects.filter(where & _in_days(asked, viewer))


def _in_days(asked: Asked, viewer: Viewer) -> Q:
    """The days as a range of ids, found by halving, so that no index on the time is needed, and exactly by the time itself."""
    if asked.since and asked.until and asked.since > asked.until:
        raise Refused(_("The first day comes after the last one."), field="since")
    where = Q()
    if asked.since:
        start = _midnight(asked.since, viewer.tzinfo)
        where &= Q(at__gte=start, pk__gte=_first_at(start - SLACK))
    if asked.until and asked.until < date.max:
        end = _midnight(asked.until + timedelta(days=1), viewer.tzinfo)
        where &= Q(at__lt=end, pk__lte=_first_at(end + SLACK))
    return where


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _first_at(moment: datetime) -> int:
    """The id of the first event at or after `moment`, as far as ids follow the time; beyond the last one when there is none."""
    ends = Event.objects.order_by("pk").values_list("pk", flat=True)
    low, high = ends.first() or 0, (ends.last() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = Event.objects.filter(pk__gte=middle).order_by("pk").values_list("pk", "at").first()
        if found is None or found[1] >= moment:
            high = middle
        else:
            low = found[0] + 1
    return low


def _lines(actor: Actor, events: list[Event]) -> list[Line]:
    causes = {event.cause for event in events} - {""}
    origins = {row.cause: row for row in Origin.objects.filter(cause__in=causes)}
    named = _named(actor, events)
    changes = with_titles(actor, [changes_of(actor, event) for event in events])
    nowhere = Origin()
    made = []
    for event, changed in zip(events, changes, strict=True):
        origin = origins.get(event.cause, nowhere)
        made.append(
            Line(
                event.pk,
                event.at,
                event.name,
                icon_of(event),
                acted_by(event),
                event.actor_kind,
                sentence_of(event),
                named.get((event.object, event.record or 0)),
                changed,
                event.cause,
                origin.address,
                origin.agent,
                origin.route,
            )
        )
    return made


def _named(actor: Actor, events: list[Event]) -> dict[tuple[str, int], Reference]:
    """What the events happened to, by object and id; what is gone keeps its number."""
    ids: dict[str, set[int]] = {}
    for event in events:
        if event.object and event.record:
            ids.setdefault(event.object, set()).add(event.record)
    found: dict[tuple[str, int], Reference] = {}
    for key, wanted in ids.items():
        if key in ObjectType.known():
            o = object_type(key)
            there = list(visible_to(actor, o, trash=None).filter(pk__in=wanted))
            o.title_field.attach(there, reader(actor))
            found |= {(key, r.pk): Reference(key, r.pk, o.title_of(r), o.url(r.pk)) for r in there}
        elif key == "identity.user":
            found |= {(key, pk): Reference(key, pk, name) for pk, name in user_references(wanted).items()}
        found |= {(key, pk): Reference(key, pk, f"#{pk}") for pk in wanted if (key, pk) not in found}
    return found


def export(actor: Actor, asked: Asked, viewer: Viewer, form: str = "csv") -> Iterator[bytes]:
    """The bytes of a file with everything asked for, newest first. The ledger keeps that it was exported.

    Forbidden and Refused before the first byte. Times are UTC, old and new values neutral, as in every file of ours.
    """
    if form not in FORMATS:
        raise Refused(_("A file can be CSV or JSON lines."))
    first = read(actor, asked, viewer, limit=500)
    kept = {name: str(value) for name, value in asdict(asked).items() if value not in ("", None)}
    with transaction.atomic():
        record_events([make_event(actor, AuditExported.name, "", None, {"format": form, "asked": kept})])
    return {"csv": _csv, "jsonl": _json_lines}[form](_pages(actor, asked, viewer, first))


def _pages(actor: Actor, asked: Asked, viewer: Viewer, page: Page) -> Iterator[list[Line]]:
    yield page.lines
    while page.next:
        page = read(actor, asked, viewer, before=page.next, limit=500)
        yield page.lines


COLUMNS = (
    "id", "at", "event", "who", "who_kind", "object", "record", "title", "sentence", "changes", "cause", "address", "agent", "route",
)  # fmt: skip


def _row(line: Line) -> dict[str, Any]:
    changes = {c.field.name: [c.field.kind.export(c.old), c.field.kind.export(c.new)] for c in line.changes}
    return {
        "id": line.id,
        "at": line.at.isoformat(),
        "event": line.name,
        "who": line.who,
        "who_kind": line.who_kind,
        "object": line.on.object if line.on else "",
        "record": line.on.id if line.on else None,
        "title": line.on.title if line.on else "",
        "sentence": line.sentence,
        "changes": changes,
        "cause": line.cause,
        "address": line.address,
        "agent": line.agent,
        "route": line.route,
    }


def _csv(pages: Iterator[list[Line]]) -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for lines in pages:
        for line in lines:
            row = _row(line) | {
                "changes": json.dumps(_row(line)["changes"], ensure_ascii=False) if line.changes else ""
            }
            writer.writerow([guarded(v) if isinstance(v := row[name], str) else v for name in COLUMNS])
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()


def _json_lines(pages: Iterator[list[Line]]) -> Iterator[bytes]:
    for lines in pages:
        yield "".join(json.dumps(_row(line), ensure_ascii=False) + "\n" for line in lines).encode()


def kinds_of_events() -> list[tuple[str, str]]:
    """Names of events to choose from, each with what it says."""
    said = {
        "created": _("A record was created"),
        "changed": _("A record was changed"),
        "removed": _("A record was moved to the trash"),
        "restored": _("A record was restored"),
        "purged": _("A record was deleted for good"),
        "undone": _("A change was undone"),
    }
    for fact in Fact.registry:
        said.setdefault(fact.name, str(fact.label or fact.name))
    return list(said.items())


def objects_of_events() -> list[tuple[str, str]]:
    """Objects to choose from: key and plural."""
    return [(o.key, str(o.plural)) for o in object_types()]
