"""Every address of the house with its policy: who may come, by which methods, with which right.

A route cannot be made without a policy, so there is no address whose rules nobody wrote down.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, path
from django.utils.http import urlencode

from kith.identity import sign_in
from kith.kernel.errors import Forbidden, Missing
from kith.kernel.policy import ADMIN, ANYONE, USER, Policy
from kith.objects.access import may
from kith.objects.declare import by_slug

__all__ = ["ADMIN", "ANYONE", "USER", "Policy", "Screen", "keep", "route", "to_proof", "to_second_factor", "to_sign_in"]

Screen = Callable[..., HttpResponseBase]


def route(pattern: str, screen: Screen, name: str, policy: Policy) -> URLPattern:
    """An address. `<slug:slug>` in it is given to the screen as the object `o`; every screen gets (request, actor, …)."""

    @functools.wraps(screen)
    def view(request: Any, **captured: Any) -> HttpResponseBase:
        if request.method == "HEAD":
            # To a screen it is a GET, whose body the server leaves out. A screen that asks "is it a GET?" would take it for a POST,
            # and one that no token protects.
            request.method = "GET"
        if request.method not in policy.methods:
            return HttpResponseNotAllowed(policy.methods)
        if policy.who != ANYONE and not request.user.is_authenticated:
            return to_sign_in(request)
        if policy.who != ANYONE and not policy.halfway and sign_in.lacks_factor(request):
            return to_second_factor(request)
        if policy.who == ADMIN and not request.user.is_admin:
            raise Forbidden
        slug = captured.pop("slug", None)
        if slug is not None:
            o = by_slug(slug)
            if o is None:
                raise Missing
            if policy.verb and not may(request.actor, policy.verb, o):
                raise Forbidden
            captured["o"] = o
        if policy.step_up in (True, request.method) and not sign_in.is_fresh(request):
            return to_proof(request, policy)
        return screen(request, request.actor, **captured)

    view.policy = policy  # type: ignore[attr-defined]
    view.csrf_exempt = policy.elsewhere  # type: ignore[attr-defined]
    return path(pattern, view, name=name)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask somebody unknown to sign in, and bring them back to where they were."""
    return _send(request, "/sign-in/", _place(request))


def to_second_factor(request: HttpRequest) -> HttpResponse:
    """Ask somebody for the second factor that this installation wants."""
    return _send(request, "/sign-in/factor/", _place(request))


def to_proof(request: HttpRequest, policy: Policy) -> HttpResponse:
    """Ask for a fresh proof, and keep what was typed for afterwards."""
    if getattr(request, "htmx", None) or request.method != "POST":
        place = _before(request) if policy.download else _place(request)
        return _send(request, "/sign-in/again/", place)
    kept = keep(request)
    return _send(request, "/sign-in/again/", _before(request), {"kept": kept} if kept else {})


def _place(request: Any) -> str:
    htmx = getattr(request, "htmx", None)
    if htmx:
        return htmx.current_url_abs_path or "/"
    return str(request.get_full_path()) if request.method == "GET" else "/"


def _before(request: Any) -> str:
    """The page of ours from which the request came."""
    parts = urlsplit(request.headers.get("Referer", ""))
    own = parts.netloc == request.get_host() and parts.path.startswith("/") and not parts.path.startswith("//")
    return f"{parts.path}?{parts.query}" if own and parts.query else parts.path if own else "/"


def _send(request: Any, to: str, place: str, more: dict[str, str] | None = None) -> HttpResponse:
    told = {**({"next": place} if place != "/" else {}), **(more or {})}
    address = f"{to}?{urlencode(told)}" if told else to
    if getattr(request, "htmx", None):
        # A part of a page cannot be redirected; the script sends the whole page there.
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponse(status=302, headers={"Location": address})


#: What is never kept: it proves something by itself, or is made anew.
_UNKEPT = ("csrfmiddlewaretoken", "password", "code", "answer")
_MOST_KEPT, _LARGEST_KEPT = 3, 64 * 1024


def keep(request: Any) -> str:
    """Keep a posted form in the session until the proof is there; the key to it, "" when it is too large or holds files."""
    pairs = [(name, value) for name, values in request.POST.lists() for value in values if name not in _UNKEPT]
    if request.FILES or sum(len(name) + len(value) for name, value in pairs) > _LARGEST_KEPT:
        return ""
    kept = dict(list(request.session.get("kept", {}).items())[-(_MOST_KEPT - 1) :])
    key = secrets.token_urlsafe(12)
    request.session["kept"] = {**kept, key: {"path": request.get_full_path(), "pairs": pairs}}
    return key
