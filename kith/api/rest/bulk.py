"""Many records by one request: a result for each. Up to 500 are answered at once, more by a run that is watched at its address."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.models import Run
from kith.events.runs import Progress, job, start
from kith.kernel.actor import Actor, current_actor
from kith.kernel.errors import Forbidden, Invalid, KithError, Missing, Refused
from kith.kernel.sentences import counted
from kith.objects.access import may, visible
from kith.objects.access.models import MASS
from kith.objects.bulk import ONE_BY_ONE, ask_for_mass
from kith.objects.declare import ObjectType, object_type
from kith.objects.query import visible_to
from kith.objects.write import Draft, Outcome, write

from . import once, problems
from .asking import Asked
from .shapes import LARGEST
from .taking import record_faults
from .wire import Unfit, answer, body, pointer

MOST, AT_ONCE, CHUNK = 10_000, 500, 200
MEMBERS = ("id", "version", "verb", "values")
VERBS = ("create", "change", "remove", "restore")
#: So long the results of a run can be read.
KEPT = timedelta(days=30)


def many(asked: Asked, o: ObjectType) -> HttpResponse:
    """Write many records; each is refused or done by itself."""
    asked.only()
    found = body(asked.request, ("records",))
    wanted = _checked(found.get("records"))
    if not any(may(asked.actor, verb, o) for verb in ("create", "change", "remove")):
        raise Forbidden(_("You may not change records of “%(objects)s”.") % {"objects": o.plural})
    if is_mass(wanted):
        ask_for_mass(asked.actor, o)
    return once.answered(asked, lambda: _begun(asked, o, wanted), _again)


def is_mass(wanted: Sequence[Mapping[str, Any]]) -> bool:
    """Whether so many records that exist are to be changed that it is a right of its own, as it is in lists."""
    return sum(one.get("id") is not None for one in wanted) > ONE_BY_ONE


def _begun(asked: Asked, o: ObjectType, wanted: list[dict[str, Any]]) -> HttpResponse:
    # Held against the description as it came: a run keeps texts in place of numbers.
    faults = {str(place): found for place, one in enumerate(wanted) if (found := _faults(asked.actor, o, one))}
    if len(wanted) <= AT_ONCE:
        return answer({"data": written(asked.actor, o, wanted, faults, mass=is_mass(wanted))})
    records = json.loads(json.dumps(wanted, default=_exact))
    title = _("Write %(n)s records: %(objects)s") % {"n": counted(len(wanted)), "objects": o.plural}
    run = start(write_many, asked.actor, title=title, total=len(wanted), object=o.key, records=records, faults=faults)
    return _told_of(run.pk)


def _faults(actor: Actor, o: ObjectType, one: Mapping[str, Any]) -> dict[str, list[str]]:
    verb = verb_of(one)
    return record_faults(actor, o, verb, one.get("values") or {}) if verb in ("create", "change") else {}


def _told_of(run: int) -> HttpResponse:
    address = f"/api/v1/runs/{run}"
    return answer({"run": run, "url": address}, 202, {"Location": address})


def _again(kept: once.Kept) -> HttpResponse:
    """What came of many records, once more. Why some were refused is not kept: a sentence may quote what was sent."""
    if "run" in kept:
        return _told_of(kept["run"])
    why = _("This was refused. Send it again under a new key to learn why.")
    return answer({"data": [{**one, "detail": why} if one["state"] == "refused" else one for one in kept["data"]]})


def _exact(value: Any) -> Any:
    if isinstance(value, Decimal):
        # A run keeps its arguments as JSON, whose numbers are floats to most programs.
        return str(value)
    raise TypeError(type(value).__name__)


def _checked(records: Any) -> list[dict[str, Any]]:
    if not isinstance(records, list) or not records:
        raise _unfit(_("Give a list of records."), "records")
    if len(records) > MOST:
        raise _unfit(_("Give at most %(n)s records at once.") % {"n": counted(MOST)}, "records")
    for place, one in enumerate(records):
        if not isinstance(one, dict):
            raise _unfit(_("Each record is a JSON object."), "records", place)
        if unknown := [name for name in one if name not in MEMBERS]:
            sentence = _("A record has no member “%(name)s”.") % {"name": unknown[0][:60]}
            raise _unfit(sentence, "records", place, unknown[0])
        for name in ("id", "version"):
            value = one.get(name)
            if value is not None and (type(value) is not int or not 0 < value <= LARGEST):
                raise _unfit(_("This needs to be a whole number above zero."), "records", place, name)
        verb = verb_of(one)
        if verb not in VERBS or (verb == "create") is not (one.get("id") is None):
            raise _unfit(
                _("A record without a number is created; one with a number is changed, removed or restored."),
                "records",
                place,
            )
        if not isinstance(one.get("values", {}), dict):
            raise _unfit(_("The values need to be a JSON object: a value for each field."), "records", place, "values")
        if one.get("values") and verb in ("remove", "restore"):
            raise _unfit(_("What is removed or restored takes no values."), "records", place, "values")
    return records


def _unfit(sentence: str, *at: str | int) -> Unfit:
    return Unfit(422, sentence, "invalid", errors=[{"pointer": pointer(*at), "detail": sentence}])


def verb_of(one: Mapping[str, Any]) -> Any:
    """What is to be done with a record."""
    if one.get("verb") is not None:
        return one["verb"]
    return "create" if one.get("id") is None else "change"


def written(
    actor: Actor,
    o: ObjectType,
    wanted: Sequence[Mapping[str, Any]],
    faults: Mapping[str, Mapping[str, list[str]]],
    first: int = 0,
    *,
    mass: bool,
) -> list[dict[str, Any]]:
    """Write these and say of each what came of it; `first` is the place of the first one in what was sent.

    `faults` are the sentences about values that are not as described, by the place of their record and by their name.
    With `mass` only those are written that the actor may change along with many others.
    """
    ids = [one["id"] for one in wanted if one.get("id") is not None]
    seen = visible_to(actor, o, trash=None).filter(pk__in=ids) if ids else None
    there = {record.pk: record for record in seen} if seen is not None else {}
    reached = set(there)
    if mass and seen is not None:
        reached = set(seen.filter(visible(actor, o, MASS)).values_list("pk", flat=True))
    drafts: dict[int, Draft] = {}
    for place, one in enumerate(wanted):
        if one.get("id") is None or one["id"] in reached:
            record = there.get(one.get("id") or 0)
            drafts[place] = Draft(one.get("values") or {}, record, one.get("version"), verb_of(one))
    back = {place for place, draft in drafts.items() if _is_back(draft) and ids.count(draft.record.pk) == 1}
    unfit = {place: Invalid(faults[str(first + place)]) for place in drafts if str(first + place) in faults}
    wanting = {place: draft for place, draft in drafts.items() if place not in back and place not in unfit}
    outcomes = dict(zip(wanting, write(actor, o, list(wanting.values())), strict=True))
    outcomes |= {place: Outcome(drafts[place], "unchanged", drafts[place].record) for place in back}
    outcomes |= {place: Outcome(drafts[place], error=error) for place, error in unfit.items()}
    results = []
    for place, one in enumerate(wanted):
        why = Forbidden() if one.get("id") in there else Missing()
        results.append(_result(one, outcomes.get(place, why), first + place))
    return results


def _is_back(draft: Draft) -> bool:
    """Whether it asks for a record that is not in the trash any more."""
    return draft.verb == "restore" and draft.record.removed_at is None


def _result(one: Mapping[str, Any], outcome: Outcome | KithError, place: int) -> dict[str, Any]:
    error = outcome if isinstance(outcome, KithError) else outcome.error
    if error is None:
        assert isinstance(outcome, Outcome)  # noqa: S101 - what failed before it was written has an error
        return {"state": outcome.state, "id": outcome.record.pk, "version": outcome.record.version}
    made: dict[str, Any] = {
        "state": "refused",
        "id": one.get("id"),
        "status": problems.status_of(error),
        "detail": str(error),
    }
    found = problems.errors_of(error, "records", place, "values")
    if found and not (isinstance(error, Refused) and set(error.errors) <= {""} and not hasattr(error, "name")):
        made["errors"] = found
    return made


# What was sent stands in the records then; a copy of it is nobody's business.
@job(label=lazy("Write records"), forgets=("records", "faults"), kept=KEPT)
def write_many(
    run: Run, *, object: str, records: list[dict[str, Any]], faults: dict[str, dict[str, list[str]]] | None = None
) -> Progress:
    """What one request asked to write, in steps."""
    actor = current_actor()
    if actor is None:
        raise RuntimeError("A job runs for somebody.")
    o, mass = object_type(object), is_mass(records)
    at, results = run.position.get("at", 0), run.result.get("data", [])
    yield at, len(records)
    while at < len(records):
        results = results + written(actor, o, records[at : at + CHUNK], faults or {}, at, mass=mass)
        at = min(len(records), at + CHUNK)
        run.position, run.result = {"at": at}, {"data": results}
        yield at, len(records)
