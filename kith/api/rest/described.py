"""What every object has alike, as OpenAPI says it: parameters, headers, answers, and the addresses that name no object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kith.kernel.problems import MEDIA_TYPE

from .bulk import MOST as MOST_RECORDS
from .bulk import VERBS
from .changes import MOST as MOST_CHANGES
from .changes import RECORD, STREAM
from .changes import USUAL as USUAL_CHANGES
from .doing import MOST_ENTRIES
from .once import LONGEST
from .records import MOST, USUAL
from .shapes import LARGEST
from .wire import JSON

Json = dict[str, Any]
TAG = "kith"

_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "integer", "minimum": 1, "maximum": LARGEST}
_FLAG: Json = {"type": "string", "enum": ["true", "false"]}
_MOMENT: Json = {"type": "string", "format": "date-time"}


def _query(name: str, description: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _header(name: str, description: str, **more: Any) -> Json:
    return {"name": name, "in": "header", "description": description, "schema": _TEXT} | more


PARAMETERS: dict[str, Json] = {
    "id": {"name": "id", "in": "path", "required": True, "description": "The number of a record.", "schema": _NUMBER},
    "filter": _query(
        "filter", "Conditions in the filter language, such as `stage:in:customer,lead;made_on:last:2,weeks`.", _TEXT
    ),
    "sort": _query("sort", "Up to three paths of fields, parted by commas, “-” before those that go down.", _TEXT),
    "search": _query("search", "Words that records are found by.", {"type": "string", "maxLength": 500}),
    "fields": _query(
        "fields", "Paths of the fields to send, parted by commas, also through links: `name,company.country`.", _TEXT
    ),
    "expand": _query("expand", "Up to five links, parted by commas, whose records come along.", _TEXT),
    "limit": _query(
        "limit", "Records of a page.", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
    ),
    "after": _query("after", "The cursor `next` of the page before.", _TEXT),
    "count": _query("count", "Whether to count, as far as ten thousand.", _FLAG),
    "trash": _query("trash", "Whether to look in the trash.", _FLAG),
    "format": _query("format", "What is sent.", {"type": "string", "enum": ["ndjson", "csv"], "default": "ndjson"}),
    "after_entry": _query(
        "after", "The number `next` of the page before.", {"type": "integer", "minimum": 1, "maximum": 999_999_999}
    ),
    "limit_entries": _query(
        "limit", "Entries of a page.", {"type": "integer", "minimum": 1, "maximum": MOST_ENTRIES, "default": 25}
    ),
    "after_change": _query("after", "The position to go on from, or `now`; from the beginning without one.", _TEXT),
    "object_changes": _query("object", "Objects, by key or slug, parted by commas.", _TEXT),
    "what_changes": _query(
        "what",
        "Kinds of change, parted by commas: `created,changed,removed`, or what rooms say, such as `record.shared`.",
        _TEXT,
    ),
    "limit_changes": _query(
        "limit",
        "Changes of an answer.",
        {"type": "integer", "minimum": 1, "maximum": MOST_CHANGES, "default": USUAL_CHANGES},
    ),
    "expand_changes": _query(
        "expand", "Whether each change brings its record as it is now.", {"type": "string", "enum": [RECORD]}
    ),
    "last_event_id": _header("Last-Event-ID", "The last position that came by a stream; it counts before `after`."),
    "limit_messages": _query(
        "limit", "Messages of a page.", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
    ),
    "if_match": _header(
        "If-Match",
        "The ETag of the record as it was read, or `*` for whatever is there. Changes of other fields are merged; a removal is refused "
        "after any change.",
        required=True,
        schema={"type": "string", "pattern": r'^(\*|(W/)?"[0-9]{1,18}(-[0-9a-f]{8})?")$'},
    ),
    "if_none_match": _header("If-None-Match", "The ETag of the record as it is known."),
    "idempotency_key": _header(
        "Idempotency-Key",
        "A key of the request; sent again with the same key within thirty days, it is done once, and the record is told as it is then.",
        schema={"type": "string", "pattern": f"^[ -~]{{1,{LONGEST}}}$"},
    ),
}
LISTING = ("filter", "sort", "search", "fields", "expand", "limit", "after", "count", "trash")
CHANGES = ("after_change", "object_changes", "what_changes", "limit_changes", "expand_changes", "last_event_id")
EXPORTING = ("format", "filter", "sort", "search", "fields")

HEADERS: dict[str, Json] = {
    "ETag": {"description": "The version of the record.", "schema": _TEXT},
    "Location": {"description": "Where it is.", "schema": _TEXT},
    "RateLimit": {"description": "How many requests are left.", "schema": _TEXT},
    "RateLimit-Policy": {"description": "How many requests are taken in how many seconds.", "schema": _TEXT},
}


def _object(properties: Json, required: Iterable[str] | None = None, **more: Any) -> Json:
    return {
        "type": "object",
        "required": list(properties if required is None else required),
        "properties": properties,
        **more,
    }


def _list(items: Json, **more: Any) -> Json:
    return {"type": "array", "items": items, **more}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


_FAULT = _object({"pointer": _TEXT, "parameter": _TEXT, "detail": _TEXT}, ["detail"])
_RIGHTS = _list({"type": "string"})
_INPUT = _object(
    {"name": _TEXT, "label": _TEXT, "kind": _TEXT, "required": {"type": "boolean"}, "schema": {"type": "object"}}
)
_NAMED: Json = {
    "object": _TEXT,
    "slug": _TEXT,
    "label": _TEXT,
    "plural": _TEXT,
    "icon": _TEXT,
    "title": _TEXT,
    "url": _TEXT,
    "rights": _RIGHTS,
}

SCHEMAS: dict[str, Json] = {
    "problem": _object(
        {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "errors": _list(_FAULT),
            "differences": _list(_object({"field": _TEXT, "mine": {}, "theirs": {}, "by": _TEXT, "at": _MOMENT})),
        },
        ["type", "title", "status", "detail"],
    ),
    "objects": _object({"data": _list(_object(_NAMED))}),
    "object": _object(
        {
            **_NAMED,
            "help": _TEXT,
            "fields": _list(
                _object(
                    {
                        "name": _TEXT,
                        "id": _TEXT,
                        "label": _TEXT,
                        "help": _TEXT,
                        "kind": _TEXT,
                        "required": {"type": "boolean"},
                        "usual": {"type": "boolean"},
                        "creatable": {"type": "boolean"},
                        "changeable": {"type": "boolean"},
                        "sortable": {"type": "boolean"},
                        "filterable": {"type": "boolean"},
                        "target": {"type": ["string", "null"]},
                        "several": {"type": "boolean"},
                        "operators": _list(_object({"name": _TEXT, "label": _TEXT, "takes": _TEXT})),
                        "options": {
                            "type": ["array", "null"],
                            "items": _object({"value": {}, "label": _TEXT, "meaning": _TEXT}),
                        },
                        "parts": _list(_TEXT),
                        "schema": {"type": "object"},
                    }
                )
            ),
            "actions": _list(_object({"name": _TEXT, "label": _TEXT, "icon": _TEXT, "inputs": _list(_INPUT)})),
        }
    ),
    "me": _object(
        {
            "id": _NUMBER,
            "name": _TEXT,
            "language": _TEXT,
            "zone": _TEXT,
            "currency": _TEXT,
            "token": _object(
                {"name": _TEXT, "scopes": _list(_object({"object": _TEXT, "verb": _TEXT})), "expires_at": _MOMENT}
            ),
        }
    ),
    "any.record": {},
    "change": _object(
        {
            "position": _TEXT,
            "at": _MOMENT,
            "object": _TEXT,
            "id": _NUMBER,
            "what": _TEXT,
            "version": {"type": ["integer", "null"], "minimum": 1},
            "by": _object({"kind": _TEXT, "id": _TEXT, "name": _TEXT}),
            "fields": _list(_TEXT),
            "url": _TEXT,
            "record": {"oneOf": [_ref("any.record"), {"type": "null"}]},
        },
        ["position", "at", "object", "id", "what"],
    ),
    "changes": _object({"data": _list(_ref("change")), "next": _TEXT, "more": {"type": "boolean"}, "rights": _TEXT}),
    "bulk.result": _object(
        {
            "state": {"type": "string", "enum": ["created", "changed", "unchanged", "removed", "restored", "refused"]},
            "id": {"type": ["integer", "null"]},
            "version": {"type": "integer"},
            "status": {"type": "integer"},
            "detail": _TEXT,
            "errors": _list(_FAULT),
        },
        ["state"],
    ),
    "bulk.results": _object({"data": _list(_ref("bulk.result"))}),
    "bulk.begun": _object({"run": _NUMBER, "url": _TEXT}),
    "run": _object(
        {
            "id": _NUMBER,
            "title": _TEXT,
            "state": {"type": "string", "enum": ["waiting", "running", "done", "failed", "stopped"]},
            "done": {"type": "integer"},
            "total": {"type": ["integer", "null"]},
            "error": _TEXT,
            "url": _TEXT,
            "data": _list(_ref("bulk.result")),
        },
        ["id", "title", "state", "done", "total", "error", "url"],
    ),
    "history": _object(
        {
            "data": _list(
                _object(
                    {
                        "id": _NUMBER,
                        "name": _TEXT,
                        "at": _MOMENT,
                        "by": _object({"kind": _TEXT, "id": _TEXT, "name": _TEXT}),
                        "cause": _TEXT,
                        "sentence": _TEXT,
                        "text": _TEXT,
                        "changes": {"type": "object", "additionalProperties": _object({"old": {}, "new": {}})},
                        "on": {
                            "type": ["object", "null"],
                            "required": ["object", "id", "title"],
                            "properties": {"object": _TEXT, "id": _NUMBER, "title": _TEXT},
                        },
                    }
                )
            ),
            "next": {"type": ["integer", "null"]},
        }
    ),
}


def record(key: str, values: Json) -> Json:
    """A record of one object."""
    return _object(
        {
            "object": {"type": "string", "const": key},
            "id": _NUMBER,
            "version": {"type": "integer", "minimum": 1},
            "title": _TEXT,
            "url": _TEXT,
            "values": values,
            "expanded": {"type": "object", "additionalProperties": _list(_ref("any.record"))},
        },
        ["object", "id", "version", "title", "url", "values"],
    )


def written(key: str, record: Json) -> Json:
    """A record that was written. Where the caller may write and not see, no more than its number."""
    number = _object({"object": {"type": "string", "const": key}, "id": _NUMBER}, additionalProperties=False)
    return {"anyOf": [record, number]}


SCHEMAS["any.record"] = _object(
    {
        "object": _TEXT, "id": _NUMBER, "version": {"type": "integer"}, "title": _TEXT, "url": _TEXT, "values": {"type": "object"},
    }
)  # fmt: skip


def page(one: Json) -> Json:
    """A page of records."""
    return _object(
        {
            "data": _list(one),
            "next": {"type": ["string", "null"]},
            "count": _object({"value": {"type": "integer"}, "exact": {"type": "boolean"}}),
        },
        ["data", "next"],
    )


def bulk(values: Json) -> Json:
    """Many records to be written."""
    number = {**_NUMBER, "type": ["integer", "null"]}
    verb = {"type": ["string", "null"], "enum": [*VERBS, None]}
    one = _object(
        {"id": number, "version": number, "verb": verb, "values": values},
        [],
        additionalProperties=False,
    )
    return _object({"records": _list(one, minItems=1, maxItems=MOST_RECORDS)}, additionalProperties=False)


RESPONSES: dict[str, Json] = {
    "problem": {"description": "What went wrong (RFC 9457).", "content": {MEDIA_TYPE: {"schema": _ref("problem")}}}
}
EXPORTED: Json = {
    "200": {
        "description": "Every record, one after the other.",
        "content": {"application/x-ndjson": {"schema": _TEXT}, "text/csv": {"schema": _TEXT}},
    }
}
_DESCRIPTIONS = {200: "OK", 201: "Created", 202: "Accepted"}


def leads(to: str, **parameters: str) -> Json:
    """A link from an answer to another operation: which of its parameters stand where in the answer (or in what was asked)."""
    return {
        to: {"operationId": to, "parameters": {name.replace("_", "-"): where for name, where in parameters.items()}}
    }


def gives(status: int, schema: str, *headers: str, links: Json | None = None) -> Json:
    """An answer with a body, and the operations that it leads to."""
    told = {name: {"$ref": f"#/components/headers/{name}"} for name in ("RateLimit", "RateLimit-Policy", *headers)}
    return {
        str(status): {
            "description": _DESCRIPTIONS[status],
            "headers": told,
            "content": {JSON: {"schema": _ref(schema)}},
            **({"links": links} if links else {}),
        }
    }


def operation(name: str, summary: str, tag: str, parameters: Iterable[str], takes: str, answers: Json) -> Json:
    """What one method of one address does."""
    made: Json = {
        "operationId": name,
        "summary": summary,
        "tags": [tag],
        "parameters": [{"$ref": f"#/components/parameters/{one}"} for one in parameters],
        "responses": {**answers, "default": {"$ref": "#/components/responses/problem"}},
    }
    if takes:
        made["requestBody"] = {"required": True, "content": {JSON: {"schema": _ref(takes)}}}
    return made


def paths() -> dict[str, Json]:
    """The addresses that name no object."""
    document = {"200": {"description": "OK", "content": {JSON: {"schema": {"type": "object"}}}}}
    slug = {
        "name": "slug",
        "in": "path",
        "required": True,
        "description": "What the addresses of an object begin with.",
        "schema": _TEXT,
    }
    made = {
        "/api/v1/openapi.json": operation("openapi", "This document", TAG, (), "", document),
        "/api/v1/me": operation("me", "Who is asking", TAG, (), "", gives(200, "me")),
        "/api/v1/objects": operation("objects", "Every object", TAG, (), "", gives(200, "objects")),
        "/api/v1/objects/{slug}": operation(
            "object", "One object, its fields and actions", TAG, (), "", gives(200, "object")
        ),
        "/api/v1/runs/{id}": operation("run", "Work in the background", TAG, ("id",), "", gives(200, "run")),
    }
    made["/api/v1/objects/{slug}"]["parameters"] = [slug]
    told = gives(200, "changes", links=leads("changes", after="$response.body#/next"))
    told["200"]["content"][STREAM] = {"schema": _TEXT}
    made["/api/v1/changes"] = operation("changes", "What happened after a position", TAG, CHANGES, "", told)
    return {at: {"get": one} for at, one in made.items()}
