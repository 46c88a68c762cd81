"""Whose pages a device keeps: marks that tell people and their sessions apart without saying who they are."""

from __future__ import annotations

from typing import Any

from django.utils.crypto import salted_hmac

#: What the service worker reads: whose this page is; whether it is a page or a form.
KEEP, AS = "Kith-Keep", "Kith-Keep-As"
_LETTERS = 24


def whose(request: Any) -> str:
    """The mark of whoever is signed in, with her rights as they are; "" for nobody, and for who only looks through others' eyes.

    Another person, and the same one after a change of roles or password, has another mark: what was kept under the old one is deleted.
    """
    user = _known(request)
    return _marked("page", f"{user.pk}:{user.auth_epoch}") if user is not None else ""


def writer(request: Any) -> str:
    """The mark under which texts that were not sent yet wait; it stays the same as long as the person does."""
    user = _known(request)
    return _marked("writer", str(user.pk)) if user is not None else ""


def mark(request: Any, response: Any) -> None:
    """Say to the device of whom this page is, when its policy lets it be kept."""
    policy = getattr(getattr(request.resolver_match, "func", None), "policy", None)
    if response.status_code == 200 and request.method == "GET" and policy is not None and policy.kept:
        mine = whose(request)
        if mine:
            response.headers[KEEP], response.headers[AS] = mine, policy.kept


def _known(request: Any) -> Any:
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated and getattr(request, "look", None) is None else None


def _marked(what: str, of: str) -> str:
    return salted_hmac(f"kith.ui.offline.{what}", of, algorithm="sha256").hexdigest()[:_LETTERS]
