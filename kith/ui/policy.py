"""Every address of the house with its policy: who may come, by which methods, with which right.

A route cannot be made without a policy, so there is no address whose rules nobody wrote down.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, path
from django.utils.http import urlencode

from kith.kernel.errors import Forbidden, Missing
from kith.kernel.guarded import TRACKERS
from kith.objects.access import may
from kith.objects.declare import by_slug

Screen = Callable[..., HttpResponseBase]

ANYONE, USER, ADMIN = "anyone", "user", "admin"


@dataclass(frozen=True)
class Policy:
    """`who`: "anyone", "user" (somebody signed in) or "admin" (an administrator). `methods`: what is answered; HEAD goes with GET.

    `verb`: the right that is needed on the object named by the address ("" when the address names none). `writes`: whether a POST
    changes records, which the write path then checks and records again; `audit` says in words what the ledger keeps of it.
    `tracker`: the tracker of kith.kernel.guarded for which a GET here may write; every other GET runs on a connection that only reads.
    `upload`: bytes of the largest file that is taken here; everywhere else a body ends at DATA_UPLOAD_MAX_MEMORY_SIZE.
    """

    who: str = USER
    methods: tuple[str, ...] = ("GET",)
    verb: str = ""
    writes: bool = False
    audit: str = ""
    tracker: str = ""
    upload: int = 0

    def __post_init__(self) -> None:
        if self.tracker and self.tracker not in TRACKERS:
            raise ValueError(f"{self.tracker!r} is no tracker; kith.kernel.guarded lists them.")


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
        return screen(request, request.actor, **captured)

    view.policy = policy  # type: ignore[attr-defined]
    return path(pattern, view, name=name)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask somebody unknown to sign in, and bring them back to where they were."""
    htmx = getattr(request, "htmx", None)
    place = (htmx.current_url_abs_path or "/") if htmx else request.get_full_path() if request.method == "GET" else "/"
    address = f"/sign-in/?{urlencode({'next': place})}" if place != "/" else "/sign-in/"
    if htmx:
        # A part of a page cannot be redirected; the script sends the whole page there.
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponse(status=302, headers={"Location": address})
