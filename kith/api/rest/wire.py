"""JSON in and out. What comes in is hostile until it is read here: its sort, its depth, its numbers, names that come twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.kernel.errors import KithError
from kith.kernel.sentences import listed

JSON = "application/json"
#: What a body may be called. A merge patch (RFC 7396) of a record's values is what we take for a change.
TAKEN = (JSON, "application/merge-patch+json")
#: So deep a body may be nested: an entry of a list of a field of the values of a record in a list is six deep.
DEPTH = 12


class Unfit(KithError):
    """A request that cannot be taken as it is. `status` says why in HTTP, `sort` to programs, `errors` where."""

    def __init__(
        self,
        status: int,
        sentence: Any,
        sort: str = "",
        *,
        errors: Iterable[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ):
        super().__init__(str(sentence))
        self.status, self.sort, self.errors = status, sort, list(errors)
        self.headers, self.more = dict(headers or {}), dict(more or {})


def encoded(data: Any) -> bytes:
    """`data` as JSON. Half a character, which a request may hold, becomes a question mark where it is said back."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def answer(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """An answer in JSON; one without a body for None."""
    response = HttpResponse(b"" if data is None else encoded(data), status=status, content_type=JSON)
    if data is None:
        del response.headers["Content-Type"]
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def body(request: Any, members: Iterable[str]) -> dict[str, Any]:
    """The object that a request brings, {} for none; numbers with a point as exact decimals. Members other than `members` are refused."""
    raw = request.body
    if not raw:
        return {}
    said = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if said not in TAKEN:
        raise Unfit(
            415, _("Send the body as JSON, with the header “Content-Type: application/json”."), headers={"Accept": JSON}
        )
    found = _read(raw)
    if not isinstance(found, dict):
        raise Unfit(400, _("The body needs to be a JSON object."))
    known = list(members)
    unknown = [name for name in found if name not in known]
    if unknown:
        sentence = _("The body has the unknown member “%(name)s”. Known are: %(names)s.") % {
            "name": unknown[0][:60],
            "names": listed(known),
        }
        raise Unfit(422, sentence, "unknown-member", errors=[{"pointer": pointer(unknown[0]), "detail": sentence}])
    return found


def _read(raw: bytes) -> Any:
    try:
        found = json.loads(
            raw.decode("utf-8"), parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_each_once
        )
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise Unfit(400, _("The body cannot be read as JSON.")) from error
    _not_too_deep(found)
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON.")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        # Of two members of one name, programs in a row take different ones.
        raise ValueError("A member comes twice.")
    return found


def _not_too_deep(found: Any) -> None:
    level = [found]
    for _depth in range(DEPTH):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return
    if level:
        raise Unfit(400, _("The body is nested too deeply."))


def values_of(found: Mapping[str, Any], at: str = "") -> dict[str, Any]:
    """The member `values` of a body or of one of its records: {field: value}."""
    values = found.get("values", {})
    if not isinstance(values, dict):
        sentence = _("The values need to be a JSON object: a value for each field.")
        raise Unfit(422, sentence, errors=[{"pointer": pointer(*filter(None, [at, "values"])), "detail": sentence}])
    return values


def pointer(*parts: str | int) -> str:
    """Where something stands in a body (RFC 6901), as a fragment."""
    return "#" + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
