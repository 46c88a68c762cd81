"""Undo: everything that one cause did is taken back, as far as nobody built on it since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from kith.events.models import Event
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden
from kith.kernel.sentences import listed

from ..access import rights
from ..declare import ObjectType, object_type
from .drafts import Draft
from .verbs import write

#: Takes back one event of a sort of its own; gives the reason why it stays, or "".
Reversal = Callable[[Actor, Event], str]
_reversals: dict[str, Reversal] = {}


def reverses(name: str) -> Callable[[Reversal], Reversal]:
    """Make a function take back events called `name`: what is no change of a record and can be undone all the same."""

    def declare(function: Reversal) -> Reversal:
        _reversals[name] = function
        return function

    return declare


@dataclass
class Undone:
    """How many events were undone, what was kept and why: (object, record id, sentence); `next` is where to go on, None at the end."""

    undone: int = 0
    kept: list[tuple[str, int, str]] = field(default_factory=list)
    next: int | None = None


#: By this the ledger knows what the program did as a part of what somebody did, and what undoing that takes back, too.
_ALONG = ("system", "along")


def along(actor: Actor) -> Actor:
    """The program, doing what follows from what `actor` does (links move when records are merged); the ledger names her."""
    return Actor(*_ALONG, actor.name)


def may_undo(actor: Actor, cause: str) -> bool:
    """Whether everything of this cause was the actor's own doing, or she administers the house."""
    done = Event.objects.filter(cause=cause)
    mine = done.filter(actor_kind=actor.kind, actor_id=actor.id)
    others = done.exclude(actor_kind=actor.kind, actor_id=actor.id).exclude(actor_kind=_ALONG[0], actor_id=_ALONG[1])
    return actor.observer is None and (_administers(actor) or (mine.exists() and not others.exists()))


def undo(actor: Actor, cause: str, *, before: int | None = None, limit: int = 1000) -> Undone:
    """Take back up to `limit` events of `cause`, newest first. Only who caused them, or may do all this anyway, may undo.

    Created records are deleted for good unless somebody changed them since; changed fields get their old value back unless they were
    changed again; removed records come back. The ledger keeps both what was done and that it was undone.
    """
    events = Event.objects.filter(cause=cause, name__in=("created", "changed", "removed", "restored", *_reversals))
    if before is not None:
        events = events.filter(pk__lt=before)
    if actor.observer is not None:
        raise Forbidden(_("You are looking through somebody else’s eyes. Nothing can be changed here."))
    if actor.is_narrowed:
        # What was done may have been done with more rights than these; each reversal would have to ask for its own.
        raise Forbidden(_("With a token of narrowed rights nothing is undone. Undo it yourself, signed in."))
    found = list(events.order_by("-pk")[:limit])
    report = Undone(next=found[-1].pk if len(found) == limit else None)
    if found and not may_undo(actor, cause):
        raise Forbidden(_("Only the person who did this may undo it."))
    with transaction.atomic():
        # Runs of one object and one sort of event are undone together; the order between runs stays.
        start = 0
        for end in range(1, len(found) + 1):
            if end == len(found) or _sort(found[end]) != _sort(found[start]):
                if found[start].name in _reversals:
                    _reverse(actor, found[start:end], report)
                else:
                    # What the program did along with it, it takes back itself: she may not even see those records.
                    doer = along(actor) if _sort(found[start])[2] else actor
                    _undo_alike(doer, object_type(found[start].object), found[start:end], cause, report)
                start = end
    return report


def _sort(event: Event) -> tuple[str, str, bool]:
    return event.object, event.name, (event.actor_kind, event.actor_id) == _ALONG


def _reverse(actor: Actor, events: list[Event], report: Undone) -> None:
    for event in events:
        why = _reversals[event.name](actor, event)
        if why:
            report.kept.append((event.object, event.record or 0, why))
        else:
            report.undone += 1


def _administers(actor: Actor) -> bool:
    return rights(actor).everything


def _undo_alike(actor: Actor, o: ObjectType, events: list[Event], cause: str, report: Undone) -> None:
    ids = [e.record for e in events if e.record]
    records = {r.pk: r for r in models.QuerySet(o.model).filter(pk__in=ids)}
    since = _changed_since(o, events, cause)
    drafts: list[Draft] = []
    kept = {(key, pk): why for key, pk, why in report.kept}
    for event in events:
        record = records.get(event.record or 0)
        if record is None:
            continue
        above = _above(o, record)
        if event.name == "created" and above in kept:
            # It came with that record, and what somebody built on keeps what belongs to it.
            report.kept.append((o.key, record.pk, kept[above]))
        elif event.name == "created":
            if event.record in since:
                report.kept.append((o.key, record.pk, _("Changed since by %(name)s.") % {"name": since[event.record]}))
            else:
                drafts.append(Draft(record=record, verb="undo_create"))
        elif event.name == "changed":
            values, again = _old_values(o, record, event)
            if again:
                report.kept.append(
                    (o.key, record.pk, _("Changed again since: %(fields)s.") % {"fields": listed(again)})
                )
            if values:
                drafts.append(Draft(values, record=record, event="undone"))
        elif event.name == "removed":
            drafts.append(Draft(record=record, verb="restore"))
        else:
            drafts.append(Draft(record=record, verb="remove"))
    for outcome in write(actor, o, drafts):
        if outcome.error is None:
            report.undone += 1
        else:
            report.kept.append((o.key, outcome.draft.record.pk, str(outcome.error)))


def _above(o: ObjectType, record: Any) -> tuple[str, int] | None:
    """The record that this one's rights follow, or None."""
    link = o.own[o.follows].get(record) if o.follows else None
    return (link.object, link.id) if link is not None else None


def _changed_since(o: ObjectType, events: list[Event], cause: str) -> dict[int, str]:
    """record id → who changed it after this cause made it."""
    ids = [e.record for e in events if e.name == "created"]
    first = events[-1].pk
    later = Event.objects.filter(object=o.key, record__in=ids, pk__gt=first).exclude(cause=cause).exclude(name="undone")
    return {record: name for record, name in later.values_list("record", "actor_name") if record}


def _old_values(o: ObjectType, record: Any, event: Event) -> tuple[dict[str, Any], list[str]]:
    """The values to go back to, and the labels of fields that were changed again."""
    by_id = {f.id: f for f in o.fields.values()}
    values, again = {}, []
    for field_id, (before, after) in event.data.items():
        candidate = by_id.get(field_id)
        if candidate is None or not candidate.writable:
            continue
        if candidate.kind.pack(_now(candidate, record)) == after:
            values[candidate.name] = candidate.kind.unpack(before)
        else:
            again.append(str(candidate.label))
    return values, again


def _now(candidate: Any, record: Any) -> Any:
    from ..columns import ManyLinksColumn

    if isinstance(candidate, ManyLinksColumn):
        pairs = candidate.pairs([record.pk])
        candidate.put(record, candidate.kind.clean([theirs for _ours, theirs in pairs]))
    return candidate.get(record)
