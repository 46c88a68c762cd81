"""The addresses of OAuth that programs ask: tokens, their end, what they are, and the description of all of it.

The page on which people let an app in is a screen (`kith.ui.screens.letting_in`); the protocol is `kith.identity.oauth`. Answers are the
protocol's (RFC 6749, 7009, 7662, 8414), in English as it asks, and problems only where the house itself refuses.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from kith.identity import addresses, limits, oauth
from kith.kernel.policy import ANYONE, TOKEN, Policy

from .doors import door

FORM = "application/x-www-form-urlencoded"
#: What is kept from whom: nothing of this may lie in a cache, and no page of another site may read it.
_HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def issuer(request: Any) -> str:
    """The name of this house as apps know it: its address."""
    return str(settings.KITH_URL or request.build_absolute_uri("/").rstrip("/"))


def _asked(answer: Callable[[oauth.Pairs, Any], oauth.Said]) -> Callable[[Any], HttpResponse]:
    def answered(request: Any) -> HttpResponse:
        try:
            limits.take(_gates(request))
        except limits.TooMany as error:
            return _said({"Retry-After": str(error.wait)}, json.dumps({"error": "temporarily_unavailable"}), 429)
        if request.content_type != FORM or request.GET:
            return _said({}, json.dumps({"error": "invalid_request"}), 400)
        asked = [(name, value) for name, values in request.POST.lists() for value in values]
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        return _said(*answer(asked, headers))

    return answered


def _gates(request: Any) -> list[limits.Gate]:
    """Nobody tries codes and secrets without end: a network may ask 120 times, and then once in two seconds."""
    network = addresses.network(addresses.client(request.META))
    return [limits.Gate(f"oauth:{network}", 120, 2), limits.Gate("oauth", 12_000, 0.02)]


def _said(headers: Any, body: str, status: int) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type="application/json")
    for name, value in {**headers, **_HEADERS}.items():
        response.headers[name] = value
    return response


def described(request: Any) -> HttpResponse:
    """The description of this house for apps (RFC 8414)."""
    here = issuer(request)
    proofs = ["client_secret_basic", "client_secret_post"]
    made = {
        "issuer": here,
        "authorization_endpoint": f"{here}/oauth/authorize/",
        "token_endpoint": f"{here}/oauth/token",
        "revocation_endpoint": f"{here}/oauth/revoke",
        "introspection_endpoint": f"{here}/oauth/introspect",
        "scopes_supported": ["*:*", "*:view"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": [*proofs, "none"],
        "revocation_endpoint_auth_methods_supported": [*proofs, "none"],
        "introspection_endpoint_auth_methods_supported": proofs,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "ui_locales_supported": [code for code, _name in settings.LANGUAGES],
    }
    return HttpResponse(json.dumps(made), content_type="application/json")


def _policy(audit: str) -> Policy:
    return Policy(TOKEN, ("POST",), audit=audit, elsewhere=True, tracker="token")


urlpatterns = [
    door(".well-known/oauth-authorization-server", described, "oauth-description", Policy(ANYONE)),
    door("oauth/token", _asked(oauth.exchange), "oauth-token", _policy("account.app_shut_out")),
    door("oauth/revoke", _asked(oauth.revoke), "oauth-revoke", _policy("account.app_shut_out")),
    door("oauth/introspect", _asked(oauth.introspect), "oauth-introspect", _policy("")),
]
