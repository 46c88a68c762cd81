"""Rows of the table between, for fields with several links."""

from __future__ import annotations

from typing import Any

from django.db import models

from kith.kernel.actor import Actor

from ..columns import ManyLinksColumn, Record
from ..declare import object_type
from .drafts import Draft


def store(actor: Actor, many: ManyLinksColumn, wanted: list[tuple[Any, list[int]]]) -> None:
    """Make the links of each (record, ids) what the ids say. Where rows between are records, they go through the write path."""
    model, ours, theirs = many.through
    ids = [record.pk for record, _ids in wanted]
    now: dict[int, list[int]] = {pk: [] for pk in ids}
    for pk, other in many.pairs(ids):
        now[pk].append(other)
    added = [(record.pk, other) for record, others in wanted for other in others if other not in now[record.pk]]
    dropped = [(record.pk, other) for record, others in wanted for other in now[record.pk] if other not in others]
    if issubclass(model, Record):
        _through_records(actor, model, ours, theirs, added, dropped)
        return
    rows = models.QuerySet(model)
    for pk, other in dropped:
        rows.filter(**{ours: pk, theirs: other}).delete()
    rows.bulk_create([model(**{ours: pk, theirs: other}) for pk, other in added], batch_size=500)


def _through_records(actor: Actor, model: Any, ours: str, theirs: str, added: list[Any], dropped: list[Any]) -> None:
    from .verbs import write

    o = object_type(model)
    rows = models.QuerySet(model)
    our_field, their_field = (
        model._meta.get_field(ours.removesuffix("_id")).name,
        model._meta.get_field(theirs.removesuffix("_id")).name,
    )
    touched = {pk for pk, _other in (*added, *dropped)}
    known = {
        (getattr(r, ours), getattr(r, theirs)): r
        for r in rows.filter(**{f"{ours}__in": touched}).order_by("-removed_at", "pk")
    }
    drafts = [Draft(record=known[pair], verb="remove") for pair in dropped]
    for pk, other in added:
        # A link that was there before comes back with its role and dates.
        if (pk, other) in known:
            drafts.append(Draft(record=known[pk, other], verb="restore"))
        else:
            drafts.append(Draft({our_field: pk, their_field: other}))
    for outcome in write(actor, o, drafts):
        if outcome.error is not None:
            raise outcome.error
