"""What is checked before the house opens: every address has its policy, and no object takes an address that is already in use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from kith.objects.declare import object_types

from .policy import Policy

SLUG = "<slug:slug>"


@register("urls")
def addresses(app_configs: Any, **rest: Any) -> list[CheckMessage]:
    """An Error for each address without a policy, and for each object whose slug begins another address."""
    found: list[CheckMessage] = []
    taken = words_in_use()
    for address, pattern in _walk(get_resolver()):
        if not isinstance(getattr(pattern.callback, "policy", None), Policy):
            found.append(
                Error(f"The address /{address} has no policy: make it with kith.ui.policy.route().", id="kith.E101")
            )
    found += [
        Error(f"{o.key}: the address /{o.slug}/ is already in use. Choose another slug.", id="kith.E102")
        for o in object_types()
        if o.slug in taken
    ]
    return found


def words_in_use() -> set[str]:
    """Words that stand in an address where another has an object's slug: after the first slash, and after /api/v1/."""
    addresses = [address for address, _pattern in _walk(get_resolver())]
    before = {"", *(address.partition(SLUG)[0] for address in addresses if SLUG in address)}
    rest = {address.removeprefix(one) for one in before for address in addresses if address.startswith(one)}
    return {word for word in (one.partition("/")[0] for one in rest) if word and "<" not in word}


def _walk(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, address)
        else:
            yield address, pattern
