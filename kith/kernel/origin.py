"""From where something is done: the address and the device of a request, as the ledger keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """`address` is an IP address, `agent` what the client calls itself, `route` the name of the address asked for; "" where unknown."""

    address: str = ""
    agent: str = ""
    route: str = ""


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


def current_origin() -> Origin | None:
    """Where the present request comes from, or None outside of one."""
    return _origin.get()


@contextmanager
def coming_from(origin: Origin) -> Iterator[Origin]:
    """Bind `origin` for what happens inside."""
    token = _origin.set(origin)
    try:
        yield origin
    finally:
        _origin.reset(token)
