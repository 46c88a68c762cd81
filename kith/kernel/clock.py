"""The only source of time. Instants are aware and in UTC; a day belongs to a zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """This instant, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today(zone: str = "UTC") -> date:
    """The calendar day that it is now in `zone` (an IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()


def at(seconds: float) -> datetime:
    """The instant so many seconds after the start of 1970, in UTC: what `datetime.timestamp()` gave."""
    return datetime.fromtimestamp(seconds, UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Let `at` (aware) be now inside the block: for tests, and for writing history as it happened."""
    if at.tzinfo is None:
        raise ValueError("A frozen instant needs a zone.")
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
