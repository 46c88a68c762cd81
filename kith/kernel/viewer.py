"""For whom something is shown: language, zone, order of dates, digits.

A viewer carries no rights; rights belong to the actor.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from babel import Locale
from django.utils.translation import get_language

#: Interface languages and the locale whose formats they bring when the user chose none.
LOCALES = {"en": "en_GB", "fi": "fi_FI", "zh-hans": "zh_Hans_CN", "fa": "fa_IR", "sl": "sl_SI"}
RIGHT_TO_LEFT = {"fa", "ar", "he", "ur"}


@dataclass(frozen=True)
class Viewer:
    """One person's way of seeing: `language` (Django code), `zone` (IANA name), `locale_code` (CLDR), `currency` (ISO 4217)."""

    language: str = "en"
    zone: str = "UTC"
    locale_code: str = ""
    currency: str = "EUR"
    country: str = ""
    user_id: int | None = None
    name: str = ""

    @cached_property
    def locale(self) -> Locale:
        """Babel's locale for numbers, dates and names of things."""
        return Locale.parse(self.locale_code or LOCALES.get(self.language, "en_GB"))

    @cached_property
    def tzinfo(self) -> ZoneInfo:
        """The viewer's zone."""
        return ZoneInfo(self.zone)

    @property
    def rtl(self) -> bool:
        """Whether the interface runs from right to left."""
        return self.language.split("-")[0] in RIGHT_TO_LEFT


_viewer: ContextVar[Viewer | None] = ContextVar("viewer", default=None)


def current_viewer() -> Viewer:
    """The viewer bound to this request or job; else a neutral one in the active language."""
    return _viewer.get() or Viewer(language=get_language() or "en")


@contextmanager
def viewing(viewer: Viewer) -> Iterator[Viewer]:
    """Bind `viewer` for what happens inside."""
    token = _viewer.set(viewer)
    try:
        yield viewer
    finally:
        _viewer.reset(token)


#: How sentences outside any screen are said: commands, files, tests.
NEUTRAL = Viewer()
