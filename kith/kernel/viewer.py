"""For whom something is shown: language, zone, order of dates, digits.

A viewer carries no rights; rights belong to the actor.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from django.utils.translation import get_language

from .culture import Culture, culture

#: Interface languages and the locale whose formats they bring when the user chose none.
LOCALES = {"en": "en_GB", "fi": "fi_FI", "zh-hans": "zh_Hans_CN", "fa": "fa_IR", "sl": "sl_SI"}
RIGHT_TO_LEFT = {"fa", "ar", "he", "ur"}


@dataclass(frozen=True)
class Viewer:
    """One person's way of seeing: `language` (Django code), `zone` (IANA name), `locale_code` (CLDR), `currency` (ISO 4217).

    `calendar` is a key of kith.kernel.calendars, `digits` a numbering system of CLDR ("" for the locale's own), `first_weekday` counts
    from Monday as 0 (None for what is usual in the country).
    """

    language: str = "en"
    zone: str = "UTC"
    locale_code: str = ""
    currency: str = "EUR"
    country: str = ""
    user_id: int | None = None
    name: str = ""
    calendar: str = "gregorian"
    digits: str = ""
    first_weekday: int | None = None

    @cached_property
    def locale(self) -> Locale:
        """Babel's locale for numbers, dates and names of things."""
        return Locale.parse(self.locale_code or LOCALES.get(self.language, "en_GB"))

    @cached_property
    def tzinfo(self) -> ZoneInfo:
        """The viewer's zone."""
        return ZoneInfo(self.zone)

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """What was prepared once for this viewer, by whoever prepared it: writers of dates, lists of choices."""
        return {}

    @cached_property
    def week_starts(self) -> int:
        """The day that the viewer's weeks begin with, Monday as 0."""
        return self._culture.first_weekday if self.first_weekday is None else self.first_weekday

    @property
    def weekend(self) -> tuple[int, ...]:
        """The days on which most offices of the viewer's country are closed, Monday as 0."""
        return self._culture.weekend

    @property
    def _culture(self) -> Culture:
        return culture(self.country or self.locale.territory or "")

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
