"""Actions of one record, and what happened to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.kernel.errors import Missing
from kith.objects.actions import Action, act, actions_for
from kith.objects.declare import Field, ObjectType
from kith.objects.history import Change, Entry, timeline
from kith.objects.query import find

from . import once
from .asking import Asked
from .records import address, again, told
from .shapes import number
from .taking import hold_inputs
from .wire import answer, body, values_of

MOST_ENTRIES = 100


def action_of(o: ObjectType, name: str) -> Action:
    """The action that an address names."""
    found = Action.registry.get(f"{o.key}.{name}") or Action.registry.get(f"*.{name}")
    if found is None:
        raise Missing(
            _("“%(action)s” is nothing that %(objects)s can do.") % {"action": name[:60], "objects": o.plural}
        )
    return found


def do(asked: Asked, o: ObjectType, pk: int, name: str) -> HttpResponse:
    """Do an action with a record; the answer is the record afterwards."""
    asked.only()
    action = action_of(o, name)
    values = values_of(body(asked.request, ("values",)))

    def work() -> HttpResponse:
        # Looked for here: what an action took away is no reason not to say, under the same key, that it was done.
        record = find(asked.actor, o, number(pk))
        if action in actions_for(asked.actor, o):
            hold_inputs(action, values)
        act(asked.actor, action.name, record, **{str(name): value for name, value in values.items()})
        return told(asked, o, record.pk)

    return once.answered(asked, work, lambda kept: again(asked, o, kept))


def history(asked: Asked, o: ObjectType, pk: int) -> HttpResponse:
    """What happened to a record, newest first."""
    given = asked.only("after", "limit", "trash")
    limit = asked.number("limit", 25, MOST_ENTRIES)
    after = asked.number("after", 0, 999_999_999) or None
    record = find(asked.actor, o, number(pk), trash=asked.flag("trash"))
    found = timeline(asked.actor, record, after=after, limit=limit)
    made = {"data": [_entry(entry) for entry in found.entries], "next": found.next}
    headers = {}
    if found.next:
        more = "".join(f"&{name}={given[name]}" for name in ("limit", "trash") if name in given)
        headers["Link"] = f'<{address(o, record.pk)}/history?after={found.next}{more}>; rel="next"'
    return answer(made, headers=headers)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name,
        "at": entry.at.isoformat().replace("+00:00", "Z"),
        "by": {"kind": entry.actor_kind, "id": entry.actor_id, "name": entry.actor_name},
        "cause": entry.cause,
        "sentence": entry.sentence,
        "text": entry.body,
        "changes": {change.field.name: _change(change.field, change) for change in entry.changes},
        "on": None if entry.on is None else {"object": entry.on.object, "id": entry.on.id, "title": entry.on.title},
    }


def _change(field: Field, change: Change) -> dict[str, Any]:
    return {"old": field.kind.wire(change.old), "new": field.kind.wire(change.new)}
