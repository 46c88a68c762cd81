"""The one address of SCIM: who asks, how much may be asked, and an answer in SCIM's words for every fault."""

from __future__ import annotations

import json
import logging
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from scim2_models import Error, InvalidFilterException, PayloadTooLargeException, SCIMException, UnauthorizedException
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService

from kith.identity import limits, tokens
from kith.identity.models import Token
from kith.kernel.actor import System, acting
from kith.kernel.guarded import stopped

from .shapes import LARGEST, provider
from .storage import LONGEST_FILTER, Storage, in_its_words

log = logging.getLogger("kith.scim")
AT = "/scim/v2"
#: What of a request is handed on; cookies and the token are not.
_HEADERS = ("Content-Type", "If-Match", "If-None-Match")


class TooOften(SCIMException):
    """More requests than anybody needs."""

    status = 429
    _default_detail = "Too many requests"


@lru_cache(maxsize=1)
def service() -> ScimService:
    """The protocol."""
    return ScimService(provider())


def scim(request: Any, where: str = "") -> HttpResponse:
    """Answer one request of a directory."""
    try:
        token = tokens.authenticate(request, Token.SCIM)
        made = _served(request, where, token)
    except tokens.Unknown:
        made = service().error_response(UnauthorizedException(detail="A valid token for SCIM is needed"))
    except limits.TooMany as error:
        made = service().error_response(TooOften())
        made.headers["Retry-After"] = str(error.wait)
    except SCIMException as error:
        made = service().error_response(error)
    except RecursionError:
        made = service().error_response(InvalidFilterException(detail="This is nested too deeply"))
    except Exception as error:
        if slow := stopped(error):
            made = service().error_response(SCIMException.from_error(_slow(str(slow))))
        else:
            log.exception("SCIM failed", extra={"route": "scim"})
            made = service().error_response(error)
    return _sent(made)


def _served(request: Any, where: str, token: Token) -> ScimResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        raise PayloadTooLargeException(detail=f"A request may have {LARGEST} bytes")
    if any(len(value) > LONGEST_FILTER for values in request.GET.lists() for value in values[1]):
        raise InvalidFilterException(detail=f"A part of the question is longer than {LONGEST_FILTER} characters")
    method = "GET" if request.method == "HEAD" else request.method
    asked = ScimRequest(
        method=method,
        base_url=request.build_absolute_uri(AT),
        path=f"/{where}",
        query=request.GET.dict(),
        headers=[(name, request.headers[name]) for name in _HEADERS if name in request.headers],
        body=request.body,
    )
    # The name of the token is what the ledger says of who did it.
    actor = System(f"SCIM {token.name}")
    storage = Storage(actor, reading=method == "GET" or where.endswith(".search"))
    with acting(actor), in_its_words():
        return ScimHandler(service(), storage).handle(asked)


def _slow(sentence: str) -> Any:
    return Error(status=503, detail=sentence)


def _sent(made: ScimResponse) -> HttpResponse:
    body = b"" if made.body is None else json.dumps(made.body, ensure_ascii=False).encode()
    answer = HttpResponse(body, status=int(made.status))
    if made.body is None:
        del answer.headers["Content-Type"]
        made.headers.pop("Content-Type", None)
    for name, value in made.headers.items():
        answer.headers[name] = value
    return answer
