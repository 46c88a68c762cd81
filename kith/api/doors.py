"""An address for programs. It asks for a token itself, and knows no session: a cookie that comes along opens nothing."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from kith.kernel.policy import ANYONE, TOKEN, Policy

Door = Callable[..., HttpResponseBase]


class Anything(StringConverter):
    """The rest of an address, whatever it is. Django's `path` ends where a line ends, and screens would answer a program."""

    regex = r"[\s\S]+"


register_converter(Anything, "anything")


def door(pattern: str, answer: Door, name: str, policy: Policy, *, not_allowed: Door | None = None) -> URLPattern:
    """An address whose `answer` looks at the token. Its policy says "token" and that other sites may post here.

    What everybody may read, such as the description of a protocol, says "anyone" instead, and takes nothing.
    `not_allowed(request, methods)` answers what comes by another method, where a protocol has words of its own for that.
    """
    open_ = policy == Policy(ANYONE)
    if not open_ and (policy.who != TOKEN or not policy.elsewhere or policy.tracker != "token"):
        raise ValueError(f"{pattern}: an address for programs asks for a token, and notes that it was used.")

    @functools.wraps(answer)
    def view(request: Any, **captured: Any) -> HttpResponseBase:
        method = "GET" if request.method == "HEAD" else request.method
        if method not in policy.methods:
            return not_allowed(request, policy.methods) if not_allowed else HttpResponseNotAllowed(policy.methods)
        return answer(request, **captured)

    view.policy = policy  # type: ignore[attr-defined]
    # Reviewed: what comes is believed for its token, which stands in a header that no form and no link can set.
    view.csrf_exempt = not open_  # type: ignore[attr-defined]
    return path(pattern, view, name=name)


def letterbox(pattern: str, answer: Door, name: str, policy: Policy) -> URLPattern:
    """An address that takes what other programs post, and believes it for its signature, or for a secret that it comes with."""
    if policy.who != ANYONE or not policy.elsewhere or policy.methods != ("POST",):
        raise ValueError(f"{pattern}: a letterbox takes what anyone posts, and shows nothing.")

    @functools.wraps(answer)
    def view(request: Any, **captured: Any) -> HttpResponseBase:
        if request.method not in policy.methods:
            return HttpResponseNotAllowed(policy.methods)
        return answer(request, **captured)

    view.policy = policy  # type: ignore[attr-defined]
    # Reviewed: no session and no cookie is looked at here.
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return path(pattern, view, name=name)
