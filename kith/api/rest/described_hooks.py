"""Webhooks, as OpenAPI says them: the addresses where programs look after their own, and what went through them."""

from __future__ import annotations

from kith.hooks.models import Arrival, Inlet, Sending

from .described import _MOMENT, _NUMBER, _TEXT, TAG, Json, _list, _object, _ref, gives, leads, operation
from .hooks_in import TAKES_IN
from .hooks_out import SENDS

_FLAG: Json = {"type": "boolean"}
_MAYBE: Json = {"type": ["string", "null"], "format": "date-time"}
_TOLD: Json = {"name": _TEXT, "url": _TEXT, "object": _TEXT, "kinds": _list(_TEXT), "filter": _TEXT}
_FILLED: Json = _object(
    {
        "to": {"description": "The path of a field, such as `name` or `price.currency`.", **_TEXT},
        "from": {
            "description": "Where its value stands in the JSON: names parted by points, or a JSON pointer.",
            **_TEXT,
        },
        "value": {"description": "What it always is; counts before `from`."},
    },
    ["to"],
)
_DOES: Json = {"type": "string", "enum": [Inlet.BOTH, Inlet.CREATE, Inlet.CHANGE]}
_TAKEN: Json = {"name": _TEXT, "object": _TEXT, "mapping": _list(_FILLED), "match": _TEXT, "does": _DOES}
_SECURED: Json = {"secured": {"type": "string", "enum": [Inlet.SIGNED, Inlet.PATH]}}


def _row(members: Json, more: Json) -> Json:
    """One of them, as it is told; the secret in one answer alone."""
    has = {
        "id": _NUMBER,
        "version": _NUMBER,
        **members,
        "paused": _FLAG,
        "paused_why": _TEXT,
        "made_at": _MOMENT,
        **more,
    }
    return _object({**has, "secret": {"type": "string", "description": "Told this once."}}, has)


def _page(one: str) -> Json:
    return _object({"data": _list(_ref(one)), "next": {"type": ["integer", "null"]}})


def _takes(members: Json, needed: list[str]) -> Json:
    return _object(members, needed, additionalProperties=False)


_ONE: Json = {"type": ["integer", "null"], "minimum": 1}
_RECORD: Json = {"object": _TEXT, "record": {"type": ["integer", "null"]}}
_TRY = {
    "at": _MOMENT,
    "status": {"type": ["integer", "null"]},
    "error": _TEXT,
    "answer": _TEXT,
    "milliseconds": {"type": "integer"},
}
_SENT_STATES = [Sending.WAITING, Sending.DONE, Sending.FAILED, Sending.DROPPED]
_CAME_STATES = [Arrival.WAITING, Arrival.DONE, Arrival.FAILED]

SCHEMAS: dict[str, Json] = {
    "webhook": _row(_TOLD, {"failing_since": _MAYBE}),
    "webhooks": _object({"data": _list(_ref("webhook"))}),
    "webhook.create": _takes(_TOLD, ["name", "url", "kinds"]),
    "webhook.change": _takes({**_TOLD, "paused": _FLAG}, []),
    "webhook.nothing": _takes({}, []),
    "webhook.again": _takes(
        {
            "message": {"description": "The number of one message.", **_ONE},
            "since": {"description": "Those that were given up since then.", **_MAYBE},
        },
        [],
    ),
    "webhook.sent_again": _object({"sent_again": {"type": "integer"}}),
    "webhook.message": _object(
        {
            "id": _NUMBER,
            "webhook_id": _TEXT,
            "type": _TEXT,
            **_RECORD,
            "at": _MOMENT,
            "state": {"type": "string", "enum": _SENT_STATES},
            "due": _MAYBE,
            "attempts": _list(_object(_TRY)),
        }
    ),
    "webhook.messages": _page("webhook.message"),
    "incoming": _row({**_TAKEN, **_SECURED}, {"address": _TEXT, "used_at": _MAYBE}),
    "incomings": _object({"data": _list(_ref("incoming"))}),
    "incoming.create": _takes({**_TAKEN, **_SECURED}, ["name", "object", "mapping"]),
    "incoming.change": _takes({**_TAKEN, "paused": _FLAG}, []),
    "incoming.again": _takes({"arrival": {"description": "The number of one delivery.", **_ONE}}, []),
    "incoming.tried_again": _object({"tried_again": {"type": "integer"}}),
    "incoming.arrival": _object(
        {
            "id": _NUMBER,
            "key": {"description": "By what it is known again.", **_TEXT},
            "at": _MOMENT,
            "state": {"type": "string", "enum": _CAME_STATES},
            "outcome": {"type": "string", "enum": ["", "created", "changed", "unchanged"]},
            "error": _TEXT,
            **_RECORD,
        }
    ),
    "incoming.arrivals": _page("incoming.arrival"),
}


_GONE: Json = {"204": {"description": "No Content"}}


def paths() -> dict[str, Json]:
    """The addresses of webhooks."""
    again = ("replay", "Send again what failed", "webhook.again", gives(202, "webhook.sent_again"))
    try_again = ("replay", "Work off again what failed", "incoming.again", gives(202, "incoming.tried_again"))
    trial = ("test", "Send something that is no event", "webhook.nothing", gives(202, "webhook.message"))
    return {
        **_of("webhook", "webhooks", "a webhook", SENDS.at, ("messages", "What was sent"), trial, again),
        **_of(
            "incoming", "incoming_webhooks", "an incoming webhook", TAKES_IN.at, ("arrivals", "What came in"), try_again
        ),
    }


def _onwards(names: str, ways: list[str]) -> Json:
    """What may be done next with one that was made."""
    here = "$response.body#/id"
    made = leads(f"{names}.change", id=here, If_Match="$response.header.ETag")
    for way in ("read", *ways, "remove"):
        made |= leads(f"{names}.{way}", id=here)
    return made


def _of(
    key: str, names: str, what: str, at: str, log: tuple[str, str], *further: tuple[str, str, str, Json]
) -> dict[str, Json]:
    """The addresses of one direction; `further` are those that do something: name, summary, what they take, what they answer."""

    def told(name: str, summary: str, parameters: tuple[str, ...], takes: str, answers: Json) -> Json:
        return operation(f"{names}.{name}" if name else names, summary, TAG, parameters, takes, answers)

    one, name = f"{at}/{{id}}", f"{key}.{log[0]}"
    row = gives(200, key, "ETag")
    keyed = ("idempotency_key",)
    made = {
        at: {
            "get": told("", f"All of the caller: {what}", (), "", gives(200, f"{key}s")),
            "post": told(
                "create",
                f"Make {what}; its secret is told",
                keyed,
                f"{key}.create",
                gives(
                    201,
                    key,
                    "Location",
                    "ETag",
                    links=_onwards(names, [log[0], "secret", *(way[0] for way in further)]),
                ),
            ),
        },
        one: {
            "get": told("read", f"Read {what}", ("id",), "", row),
            "patch": told("change", f"Change, pause or turn on {what}", ("id", "if_match"), f"{key}.change", row),
            "delete": told("remove", f"Remove {what} and its log", ("id",), "", _GONE),
        },
        f"{one}/{log[0]}": {"get": told(log[0], log[1], ("id", "after_entry", "limit_messages"), "", gives(200, name))},
    }
    secret = ("secret", "A new secret; for a day both count", "webhook.nothing", row)
    for verb, summary, takes, answers in (secret, *further):
        made[f"{one}/{verb}"] = {"post": told(verb, summary, ("id",), takes, answers)}
    return made
