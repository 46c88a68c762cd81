"""Every failure as a problem (RFC 9457), in the caller's language and with the sentences of the forms."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _

from kith.identity.limits import TooMany
from kith.identity.tokens import Unknown
from kith.kernel.errors import Forbidden, Invalid, KithError, Missing, Refused, Stale, UnknownField
from kith.kernel.guarded import TooSlow, stopped
from kith.kernel.problems import MEDIA_TYPE, problem

from .wire import Unfit, encoded, pointer

log = logging.getLogger("kith.rest")


def answer(made: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The answer that says a problem."""
    response = HttpResponse(encoded(made), status=int(made["status"]), content_type=MEDIA_TYPE)
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def said(error: Exception) -> HttpResponse:
    """The answer to whatever went wrong. A fault of ours is written to the log, and nothing of it is told."""
    if slow := stopped(error):
        error = slow
    if isinstance(error, Unfit):
        return answer(problem(error.status, str(error), error.sort, error.errors, **error.more), error.headers)
    if isinstance(error, TooMany):
        sentence = _("Too many requests. Wait a moment and try again.")
        return answer(problem(429, sentence, "too-many-requests"), {"Retry-After": str(error.wait)})
    if isinstance(error, Unknown):
        return answer(problem(401, str(error), "no-token"), {"WWW-Authenticate": 'Bearer realm="Kith"'})
    if isinstance(error, Stale):
        more = {"differences": [_difference(one) for one in error.differences]}
        return answer(problem(412, str(error), "stale", _errors(error), **more))
    if isinstance(error, RequestDataTooBig):
        return answer(problem(413, _("What you sent is too large.")))
    if isinstance(error, UnreadablePostError):
        return answer(problem(408, _("Your request did not arrive whole.")))
    if isinstance(error, KithError):
        return answer(problem(status_of(error), str(error), sort_of(error), _errors(error)))
    log.error("REST failed", exc_info=error, extra={"route": "rest"})
    return answer(problem(500, _("This is our fault, and it has been recorded. What you did just now was not saved.")))


def status_of(error: KithError) -> int:
    """What a failure is called in HTTP."""
    if isinstance(error, TooSlow):
        return 503
    return next((status for sort, status in _STATUS.items() if isinstance(error, sort)), 422)


_STATUS: dict[type[KithError], int] = {Forbidden: 403, Missing: 404, Stale: 412}
_SORT: dict[type[KithError], str] = {
    Forbidden: "forbidden", Missing: "missing", Stale: "stale", TooSlow: "too-slow", UnknownField: "unknown-field",
    Invalid: "invalid", Refused: "refused",
}  # fmt: skip


def sort_of(error: KithError) -> str:
    """What programs may tell a failure by."""
    return next((name for sort, name in _SORT.items() if isinstance(error, sort)), "")


def errors_of(error: KithError, *at: str | int) -> list[dict[str, str]]:
    """The sentences of a failure, each with the place in the body that it belongs to; `at` is where the values stand."""
    if isinstance(error, UnknownField):
        return [{"pointer": pointer(*at, error.name), "detail": str(error)}]
    if isinstance(error, Stale):
        return [{"pointer": pointer(*at, one.field.name), "detail": str(error)} for one in error.differences]
    if isinstance(error, Refused):
        return [
            {"pointer": pointer(*at, *([name] if name else [])), "detail": sentence}
            for name, sentences in error.errors.items()
            for sentence in sentences
        ]
    return []


def _errors(error: KithError) -> list[dict[str, str]]:
    place = getattr(error, "parameter", "")
    if place:
        return [{"parameter": place, "detail": str(error)}]
    if isinstance(error, Refused) and not isinstance(error, UnknownField) and set(error.errors) <= {""}:
        return []
    return errors_of(error, "values")


def _difference(one: Any) -> dict[str, Any]:
    kind = one.field.kind
    return {
        "field": one.field.name,
        "mine": kind.wire(one.mine),
        "theirs": kind.wire(one.theirs),
        "by": one.by,
        "at": one.at.isoformat().replace("+00:00", "Z"),
    }
