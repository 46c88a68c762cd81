"""The public verbs of the write path; all of them are batches of drafts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from kith.events.models import Once
from kith.kernel.actor import Actor, acting
from kith.kernel.errors import Forbidden, Refused

from ..declare import ObjectType, object_type
from ..query import find
from .batch import Batch, NotAllowed
from .drafts import Draft, Outcome


def create(actor: Actor, what: Any, values: Mapping[str, Any] | None = None, *, once: str = "", **more: Any) -> Any:
    """A new record. `once` is the request's idempotency key: sent again with the same content, it gives the first record back."""
    o = object_type(what)
    draft = Draft({**(values or {}), **more})
    if not once:
        return _one(actor, o, draft)
    with transaction.atomic():
        digest = hashlib.sha256(json.dumps([o.key, draft.values], sort_keys=True, default=str).encode()).hexdigest()
        earlier = _claim(actor, once, digest)
        if earlier is not None:
            if earlier.digest != digest:
                raise Refused(_("This form was already sent with other content. Open it again to add another record."))
            return find(actor, o, earlier.record)
        record = _one(actor, o, draft)
        Once.objects.filter(actor=_key(actor), key=once).update(object=o.key, record=record.pk)
    return record


def first_time(actor: Actor, once: str, *content: Any) -> bool:
    """Whether a request with this key comes for the first time; asked inside its transaction. Refused when it came with other content."""
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
    earlier = _claim(actor, once, digest)
    if earlier is not None and earlier.digest != digest:
        raise Refused(_("This form was already sent with other content. Open it again to add another record."))
    return earlier is None


def _claim(actor: Actor, once: str, digest: str) -> Once | None:
    """None when the key is new and now ours; else the row that has it."""
    if len(once) > 120 or not once.isprintable():
        raise Refused(_("This form cannot be read. Open it again."))
    try:
        with transaction.atomic():
            Once.objects.create(actor=_key(actor), key=once, digest=digest)
            return None
    except IntegrityError:
        return Once.objects.get(actor=_key(actor), key=once)


def _key(actor: Actor) -> str:
    return f"{actor.kind}:{actor.id}"[:100]


def change(
    actor: Actor, record: Any, values: Mapping[str, Any] | None = None, *, version: int | None = None, **more: Any
) -> Any:
    """The record with these fields changed. `version` is the one that was read; Stale when others changed the same fields since."""
    return _one(actor, object_type(record), Draft({**(values or {}), **more}, record=record, version=version))


def remove(actor: Actor, record: Any, *, version: int | None = None) -> Any:
    """Move a record to the trash."""
    return _one(actor, object_type(record), Draft(record=record, version=version, verb="remove"))


def restore(actor: Actor, record: Any) -> Any:
    """Take a record back from the trash."""
    return _one(actor, object_type(record), Draft(record=record, verb="restore"))


def purge(actor: Actor, record: Any) -> None:
    """Delete a record of the trash for good; its history stays in the ledger."""
    _one(actor, object_type(record), Draft(record=record, verb="purge"))


def _one(actor: Actor, o: ObjectType, draft: Draft) -> Any:
    (outcome,) = write(actor, o, [draft])
    if outcome.error is not None:
        raise outcome.error
    return outcome.record


def write(actor: Actor, what: Any, drafts: Sequence[Draft]) -> list[Outcome]:
    """Write many drafts of one object in one transaction, set-based; each gets its own outcome, and one refused draft hinders no other."""
    o = object_type(what)
    if actor.observer is not None:
        raise Forbidden(_("You are looking through somebody else’s eyes. Nothing can be changed here."))
    outcomes: dict[int, Outcome] = {id(d): Outcome(d) for d in drafts}
    with transaction.atomic(), acting(actor):
        for round_ in _rounds(drafts):
            _round(actor, o, round_, outcomes)
    return [outcomes[id(d)] for d in drafts]


def _rounds(drafts: Sequence[Draft]) -> list[list[Draft]]:
    """Drafts of one record one after another, everything else together."""
    rounds: list[list[Draft]] = [[]]
    times: dict[int, int] = {}
    for draft in drafts:
        turn = 0
        if draft.record is not None:
            turn = times.get(draft.record.pk, 0)
            times[draft.record.pk] = turn + 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(draft)
    return rounds


def _round(actor: Actor, o: ObjectType, drafts: list[Draft], outcomes: dict[int, Outcome]) -> None:
    left = list(drafts)
    while left:
        batch = Batch(actor, o, [outcomes[id(d)] for d in left])
        try:
            with transaction.atomic():
                batch.run()
            return
        except NotAllowed as refused:
            # The new state of some may not be: these are refused, the others are written again without them.
            for draft in refused.drafts:
                outcomes[id(draft)].error = refused.error
                left.remove(draft)
            _reset(outcomes, left)
        except IntegrityError as fault:
            if len(left) == 1:
                outcomes[id(left[0])].state, outcomes[id(left[0])].error = "refused", _said(o, fault)
                return
            _reset(outcomes, left)
            for draft in left:
                _round(actor, o, [draft], outcomes)
            return


def _reset(outcomes: dict[int, Outcome], drafts: list[Draft]) -> None:
    for draft in drafts:
        outcome = outcomes[id(draft)]
        outcome.state, outcome.record, outcome.error = "refused", None, None


def _said(o: ObjectType, fault: DatabaseError) -> Refused:
    """A constraint's refusal, in the words that the model gives it."""
    text = str(fault)
    for constraint in o.model._meta.constraints:
        names = [constraint.name, *(f".{name}" for name in getattr(constraint, "fields", ()))]
        if constraint.name in text or (all(name in text for name in names[1:]) and len(names) > 1):
            return Refused(constraint.get_violation_error_message())
    return Refused(
        _(
            "This would break a rule of the database: another record already has one of these values, or a linked record is gone."
        )
    )
