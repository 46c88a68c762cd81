"""The same change for many records, in the background, chunk by chunk; it goes on where a killed worker stopped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kith.events.models import Run
from kith.events.runs import Progress, job
from kith.events.schedule import every
from kith.kernel import clock
from kith.kernel.actor import Actor, System, current_actor
from kith.kernel.errors import Forbidden
from kith.kernel.viewer import current_viewer

from .access import may
from .access.models import MASS
from .declare import ObjectType, object_type, object_types
from .kinds.numerals import show_number
from .query import PAGE, visible_to
from .write import Draft, undo, write

CHUNK = 200
#: Up to so many, a page of a list, are changed one by one; more at once are a mass change.
ONE_BY_ONE = PAGE
#: Removed records stay in the trash for so long.
KEEP_TRASH = timedelta(days=30)


def ask_for_mass(actor: Actor, o: ObjectType) -> None:
    """Forbidden for whoever may not change many records of an object at once."""
    if not may(actor, MASS, o):
        raise Forbidden(
            gettext("Changing more than %(n)s records at once is a right of its own, and you do not have it.")
            % {"n": show_number(ONE_BY_ONE, current_viewer())}
        )


def _acting() -> Actor:
    actor = current_actor()
    if actor is None:
        raise RuntimeError("A job runs for somebody.")
    return actor


def _each(run: Run, object: str, ids: list[int], trash: bool, draft: Any) -> Progress:
    actor, o = _acting(), object_type(object)
    at = run.position.get("at", 0)
    result = run.result or {"done": 0, "unchanged": 0, "refused": []}
    # The first step is committed too: a run that was seen waiting is seen running.
    yield at, len(ids)
    while at < len(ids):
        chunk = ids[at : at + CHUNK]
        # The same for so many is a right of its own, asked again for every chunk.
        records = {r.pk: r for r in visible_to(actor, o, MASS, trash=trash).filter(pk__in=chunk)}
        result["refused"] += [[pk, ""] for pk in chunk if pk not in records][: 1000 - len(result["refused"])]
        for outcome in write(actor, o, [draft(records[pk]) for pk in chunk if pk in records]):
            if outcome.error is not None:
                if len(result["refused"]) < 1000:
                    result["refused"].append([outcome.draft.record.pk, str(outcome.error)])
            else:
                result["unchanged" if outcome.state == "unchanged" else "done"] += 1
        at += len(chunk)
        run.position, run.result = {"at": at}, result
        yield at, len(ids)


@job(label=_("Edit records"))
def edit_many(run: Run, *, object: str, ids: list[int], values: dict[str, Any]) -> Progress:
    """Give many records the same values (packed)."""
    o = object_type(object)
    cleaned = {name: o.field(name).kind.unpack(raw) for name, raw in values.items()}
    return _each(run, object, ids, False, lambda record: Draft(cleaned, record=record))


@job(label=_("Edit records"))
def add_many(run: Run, *, object: str, ids: list[int], values: dict[str, Any]) -> Progress:
    """Add values (packed) to what stands in a field of many records."""
    o = object_type(object)
    found = {name: (o.field(name), o.field(name).kind.unpack(raw)) for name, raw in values.items()}
    return _each(
        run,
        object,
        ids,
        False,
        lambda record: Draft({n: [*field.get(record), *more] for n, (field, more) in found.items()}, record=record),
    )


@job(label=_("Delete records"))
def remove_many(run: Run, *, object: str, ids: list[int]) -> Progress:
    """Move many records to the trash."""
    return _each(run, object, ids, False, lambda record: Draft(record=record, verb="remove"))


@job(label=_("Restore records"))
def restore_many(run: Run, *, object: str, ids: list[int]) -> Progress:
    """Take many records back from the trash."""
    return _each(run, object, ids, True, lambda record: Draft(record=record, verb="restore"))


@job(label=pgettext_lazy("name of a run", "Undo"))
def undo_all(run: Run, *, cause: str) -> Progress:
    """Undo everything that a cause did, in steps."""
    actor = _acting()
    result = run.result or {"undone": 0, "kept": []}
    before = run.position.get("before")
    yield run.done, run.total
    while True:
        report = undo(actor, cause, before=before, limit=CHUNK * 2)
        result["undone"] += report.undone
        result["kept"] = (result["kept"] + [list(k) for k in report.kept])[:1000]
        before = report.next
        run.position, run.result = {"before": before}, result
        yield result["undone"] + len(result["kept"]), run.total
        if before is None:
            return


@every(hours=6)
def empty_trash() -> None:
    """Delete for good what has been in the trash for thirty days."""
    system = System("emptying the trash")
    for o in object_types():
        old = models.QuerySet(o.model).filter(**o.base, removed_at__lt=clock.now() - KEEP_TRASH).order_by("pk")
        while chunk := list(old[:CHUNK]):
            outcomes = write(system, o, [Draft(record=r, verb="purge") for r in chunk])
            if not any(outcome.ok for outcome in outcomes):
                break
