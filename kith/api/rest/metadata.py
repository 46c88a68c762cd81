"""What there is: objects, their fields, and what the caller may do with them. And who the caller is."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden
from kith.kernel.viewer import Viewer
from kith.objects.access import fields as fields_of
from kith.objects.access import may
from kith.objects.access.models import CHANGE, CREATE, EXPORT, REMOVE, VIEW
from kith.objects.actions import Action, actions_for
from kith.objects.declare import Field, ObjectType, object_types
from kith.objects.filters import OPERATORS

from .asking import Asked
from .records import address
from .wire import answer

VERBS = (VIEW, CREATE, CHANGE, REMOVE, EXPORT)


def index(asked: Asked) -> HttpResponse:
    """Every object whose records the caller may see or make."""
    asked.only()
    return answer({"data": [_named(asked.actor, o) for o in object_types() if known_to(asked.actor, o)]})


def show(asked: Asked, o: ObjectType) -> HttpResponse:
    """An object with its fields and actions, as far as the caller may see them."""
    asked.only()
    if not known_to(asked.actor, o):
        raise Forbidden
    actor = asked.actor
    changed, created = fields_of(actor, o, CHANGE), fields_of(actor, o, CREATE)
    fields = [_field(f, asked.viewer, f.name in created, f.name in changed) for f in fields_of(actor, o).values()]
    actions = [_action(action, asked.viewer) for action in actions_for(actor, o)]
    return answer({**_named(actor, o), "help": str(o.help), "fields": fields, "actions": actions})


def known_to(actor: Actor, o: ObjectType) -> bool:
    """Whether the caller has to do with an object at all."""
    return may(actor, VIEW, o) or may(actor, CREATE, o)


def _named(actor: Actor, o: ObjectType) -> dict[str, Any]:
    return {
        "object": o.key,
        "slug": o.slug,
        "label": str(o.label),
        "plural": str(o.plural),
        "icon": o.icon,
        "title": o.title,
        "url": address(o),
        "rights": [verb for verb in VERBS if may(actor, verb, o)],
    }


def _field(field: Field, viewer: Viewer, created: bool, changed: bool) -> dict[str, Any]:
    kind = field.kind
    options = kind.choices(viewer)
    return {
        "name": field.name,
        "id": field.id,
        "label": str(field.label),
        "help": str(field.help),
        "kind": kind.key,
        "required": field.required,
        "usual": field.fact,
        "creatable": created,
        "changeable": changed,
        "sortable": field.sortable and kind.sortable,
        "filterable": field.filterable,
        "target": field.target,
        "several": kind.multiple,
        "operators": [
            {"name": name, "label": str(OPERATORS[name].label), "takes": OPERATORS[name].takes}
            for name in kind.operators
            if field.filterable
        ],
        "options": None
        if options is None
        else [{"value": one.value, "label": str(one.label), "meaning": one.meaning} for one in options],
        "parts": list(kind.parts),
        "schema": kind.wire_schema(),
    }


def _action(action: Action, viewer: Viewer) -> dict[str, Any]:
    inputs = [
        {"name": name, "label": str(label), "kind": kind.key, "required": required, "schema": kind.wire_schema()}
        for name, (label, kind, required) in action.form.items()
    ]
    return {"name": action.name, "label": str(action.label), "icon": action.icon, "inputs": inputs}


def me(asked: Asked) -> HttpResponse:
    """Who the caller is, how she sees things, and what her token covers."""
    asked.only()
    viewer, token = asked.viewer, asked.token
    return answer(
        {
            "id": asked.actor.user_id,
            "name": asked.actor.name,
            "language": viewer.language,
            "zone": viewer.zone,
            "currency": viewer.currency,
            "token": {
                "name": token.name,
                "scopes": [{"object": key, "verb": verb} for key, verb in token.scopes],
                "expires_at": token.expires_at.isoformat().replace("+00:00", "Z"),
            },
        }
    )
