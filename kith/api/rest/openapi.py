"""The description of these doors, made of the registry for whoever asks: OpenAPI 3.1, with schemas for each object.

Only what the caller may see stands in it. What an address takes and gives is said here, and tests hold it beside the addresses and
beside what they answer.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.objects.access import fields as fields_of
from kith.objects.access.models import CHANGE, CREATE
from kith.objects.actions import Action, actions_for
from kith.objects.declare import Field, ObjectType, object_types

from . import described, described_hooks
from .asking import Asked
from .metadata import known_to
from .records import address
from .shapes import usual
from .wire import answer

Json = dict[str, Any]
#: A schema whose text is longer than this is written once and referred to (the list of currencies, of zones).
LONG = 300


def show(asked: Asked) -> HttpResponse:
    """The document, for this caller and in her language."""
    asked.only()
    return answer(document(asked.actor))


def document(actor: Actor) -> Json:
    """The whole document as `actor` may see it."""
    schemas = _Schemas()
    paths, tags = (
        described.paths() | described_hooks.paths(),
        [{"name": described.TAG, "description": _("What there is, and who is asking.")}],
    )
    for o in object_types():
        if known_to(actor, o):
            paths |= _paths(actor, o, schemas)
            tags.append({"name": o.slug, "description": str(o.plural)})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kith",
            "version": "1",
            "description": _("Records, read and written by programs with a token."),
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": tags,
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "parameters": described.PARAMETERS,
            "headers": described.HEADERS,
            "responses": described.RESPONSES,
            "links": schemas.links,
            "schemas": {**described.SCHEMAS, **described_hooks.SCHEMAS, **schemas.made},
        },
    }


class _Schemas:
    """Schemas by name. Long ones of kinds, which many fields have, are written once."""

    def __init__(self) -> None:
        self.made: dict[str, Json] = {}
        #: Links that many answers have, by the operation that they lead to.
        self.links: dict[str, Json] = {}
        self._long: dict[str, str] = {}

    def linked(self, links: Json) -> Json:
        """These links, written once and referred to."""
        self.links |= links
        return {to: ref("links", to) for to in links}

    def of_kind(self, kind: Any, *, taken: bool = False) -> Json:
        """The schema of a kind's values, or where it stands; with `taken` of what may be sent for one."""
        schema: Json = kind.taken_schema() if taken else kind.wire_schema()
        if set(schema) == {"anyOf"}:
            return {"anyOf": [self._once(kind.key, one) for one in schema["anyOf"]]}
        return self._once(f"{kind.key}.sent" if taken and schema != kind.wire_schema() else kind.key, schema)

    def _once(self, name: str, schema: Json) -> Json:
        text = json.dumps(schema, sort_keys=True)
        if len(text) <= LONG:
            return schema
        if text not in self._long:
            names = (f"kind.{name}" + (f"_{n}" if n > 1 else "") for n in itertools.count(1))
            self._long[text] = next(one for one in names if one not in self.made)
            self.made[self._long[text]] = schema
        return ref("schemas", self._long[text])

    def of_field(self, field: Field, *, taken: bool = False) -> Json:
        """The schema of a field's values, with what the field is called."""
        found = self.of_kind(field.kind, taken=taken)
        about = {"title": str(field.label)} | ({"description": str(field.help)} if field.help else {})
        return {**found, **about}

    def values(
        self, fields: Iterable[Field], *, closed: bool, needed: Callable[[Field], bool] = lambda field: False
    ) -> Json:
        """An object with a member for each field; for writing, with the parts of composite values beside them, and no others."""
        fields = list(fields)
        properties: Json = {}
        for field in fields:
            properties[field.name] = self.of_field(field, taken=closed)
            if closed:
                for name, part in field.kind.parts.items():
                    properties[f"{field.name}.{name}"] = self.of_kind(part, taken=True)
        made: Json = {"type": "object", "properties": properties, "additionalProperties": not closed}
        return made | ({"required": must} if (must := [field.name for field in fields if needed(field)]) else {})


def ref(sort: str, name: str) -> Json:
    """Where something stands that is written once."""
    return {"$ref": f"#/components/{sort}/{name}"}


def _paths(actor: Actor, o: ObjectType, schemas: _Schemas) -> dict[str, Json]:
    """The addresses of one object."""
    name = o.slug
    schemas.made[f"{name}.values"] = schemas.values(usual(actor, o), closed=False)
    new = fields_of(actor, o, CREATE)
    schemas.made[f"{name}.create"] = _body(schemas.values(new.values(), closed=True, needed=_is_needed)) | _example(
        o, new
    )
    schemas.made[f"{name}.change"] = _body(schemas.values(fields_of(actor, o, CHANGE).values(), closed=True))
    schemas.made[name] = described.record(o.key, ref("schemas", f"{name}.values"))
    schemas.made[f"{name}.written"] = described.written(o.key, ref("schemas", name))
    schemas.made[f"{name}.page"] = described.page(ref("schemas", name))
    schemas.made[f"{name}.bulk"] = described.bulk({"type": "object"})
    said = _Said(o)
    at = address(o)
    one = f"{at}/{{id}}"
    actions = list(actions_for(actor, o))
    onwards = schemas.linked(_onwards(name, actions))
    made = {
        at: {
            "get": said(
                "list",
                _("List: %(objects)s"),
                described.LISTING,
                answers=described.gives(
                    200, f"{name}.page", links=described.leads(f"{name}.read", id="$response.body#/data/0/id")
                ),
            ),
            "post": said(
                "create",
                _("Create: %(objects)s"),
                ("idempotency_key",),
                takes=f"{name}.create",
                answers=described.gives(201, f"{name}.written", "Location", "ETag", links=onwards),
            ),
        },
        f"{at}/bulk": {
            "post": said(
                "bulk",
                _("Write many: %(objects)s"),
                ("idempotency_key",),
                takes=f"{name}.bulk",
                answers={
                    **described.gives(200, "bulk.results"),
                    **described.gives(
                        202, "bulk.begun", "Location", links=described.leads("run", id="$response.body#/run")
                    ),
                },
            )
        },
        f"{at}/export": {
            "get": said("export", _("Export: %(objects)s"), described.EXPORTING, answers=described.EXPORTED)
        },
        one: {
            "get": said(
                "read",
                _("Read one: %(objects)s"),
                ("id", "fields", "expand", "trash", "if_none_match"),
                answers={**described.gives(200, name, "ETag", links=onwards), "304": {"description": "Not Modified"}},
            ),
            "patch": said(
                "change",
                _("Change one: %(objects)s"),
                ("id", "if_match"),
                takes=f"{name}.change",
                answers=described.gives(200, f"{name}.written", "ETag", links=onwards),
            ),
            "delete": said(
                "remove",
                _("Move one to the trash: %(objects)s"),
                ("id", "if_match"),
                answers={
                    "204": {
                        "description": "No Content",
                        "links": described.leads(f"{name}.restore", id="$request.path.id"),
                    }
                },
            ),
        },
        f"{one}/restore": {
            "post": said(
                "restore",
                _("Take one back from the trash: %(objects)s"),
                ("id",),
                answers=described.gives(200, f"{name}.written", "ETag", links=onwards),
            )
        },
        f"{one}/history": {
            "get": said(
                "history",
                _("What happened to one: %(objects)s"),
                ("id", "after_entry", "limit_entries", "trash"),
                answers=described.gives(200, "history"),
            )
        },
    }
    for action in actions:
        made[f"{one}/actions/{action.name}"] = {"post": _action(said, o, action, schemas)}
    return made


def _onwards(name: str, actions: Iterable[Action]) -> Json:
    """What may be done next with a record that an answer holds."""
    here, mark = "$response.body#/id", "$response.header.ETag"
    made = described.leads(f"{name}.read", id=here) | described.leads(f"{name}.history", id=here)
    for way in ("change", "remove"):
        made |= described.leads(f"{name}.{way}", id=here, If_Match=mark)
    for action in actions:
        made |= described.leads(f"{name}.do.{action.name}", id=here)
    return made


def _is_needed(field: Field) -> bool:
    """Whether a new record cannot be without it. What has parts may come as those; what has a default need not come."""
    return field.required and not field.kind.parts and field.kind.is_empty(field.default())


def _example(o: ObjectType, new: Mapping[str, Field]) -> Json:
    """A record as its object gives one for an example, and what it cannot be without. None where that is another record."""
    must = {name: field for name, field in new.items() if name == o.title or _is_needed(field)}
    if not must or any(field.target is not None for field in must.values()):
        return {}
    values = {name: field.kind.example(1) for name, field in must.items()} | {
        name: new[name].kind.clean(str(value) if isinstance(value, Promise) else value)
        for name, value in o.example.items()
        if name in new
    }
    return {"examples": [{"values": {name: new[name].kind.wire(value) for name, value in values.items()}}]}


def _body(values: Json) -> Json:
    must = {"required": ["values"]} if values.get("required") else {}
    return {"type": "object", "properties": {"values": values}, "additionalProperties": False, **must}


def _action(said: _Said, o: ObjectType, action: Action, schemas: _Schemas) -> Json:
    name = f"{o.slug}.do.{action.name}"
    inputs = {
        key: {**schemas.of_kind(kind, taken=True), "title": str(label)}
        for key, (label, kind, _required) in action.form.items()
    }
    values: Json = {"type": "object", "properties": inputs, "additionalProperties": False}
    if needed := [key for key, (_label, _kind, required) in action.form.items() if required]:
        values["required"] = needed
    schemas.made[name] = _body(values)
    return said(
        f"do.{action.name}",
        str(action.label),
        ("id", "idempotency_key"),
        takes=name,
        answers=described.gives(200, f"{o.slug}.written", "ETag"),
    )


class _Said:
    """Operations of one object."""

    def __init__(self, o: ObjectType):
        self.o = o

    def __call__(self, name: str, summary: str, takes_of: Iterable[str], *, takes: str = "", answers: Json) -> Json:
        told = summary % {"objects": self.o.plural} if "%(objects)s" in summary else summary
        return described.operation(f"{self.o.slug}.{name}", told, self.o.slug, takes_of, takes, answers)
