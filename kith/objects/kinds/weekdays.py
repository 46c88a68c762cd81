"""Days of the week."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

from babel import Locale
from django.utils.functional import lazy as lazily
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.text import fold
from kith.kernel.viewer import LOCALES, Viewer

from .code_set import CodeSet
from .coded import Coded
from .kind import Option

#: From Monday, as Python and ISO 8601 count.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EXAMPLES = (
    "sat sun", "fri", "fri sat", "fri sun", "sun", "thu fri", "mon tue wed thu fri", "sat", "mon", "mon tue wed thu fri sat sun",
)  # fmt: skip


class Weekday(Coded):
    """One day of the week, by the first three letters of its English name."""

    key, label, icon = "weekday", lazy("Day of the week"), "calendar-days"

    def canonical(self, text: str) -> str:
        code = text.lower()
        return code if code in DAYS else ""

    def by_name(self, text: str, viewer: Viewer) -> str:
        name = fold(text)
        return _names(str(viewer.locale)).get(name) or _everywhere().get(name) or ""

    def name(self, code: str, viewer: Viewer) -> str:
        return day_name(DAYS.index(code), viewer.locale) if code in DAYS else code

    def refusal(self, text: str) -> str:
        return _("“%(text)s” is not known as a day of the week.") % {"text": text}

    def codes(self) -> list[str]:
        return list(DAYS)

    def choices(self, viewer: Viewer) -> list[Option]:
        """In the order of the week."""
        return [Option(code, self.name(code, viewer)) for code in DAYS]

    def example(self, n: int) -> str:
        return DAYS[n % 7]


class Weekdays(CodeSet):
    """A set of days of the week, in the order of the week."""

    key, label, icon, widget = "weekdays", lazy("Days of the week"), "calendar-days", "weekdays"
    inner: ClassVar[Coded] = Weekday()

    def ordered(self, codes: list[str]) -> list[str]:
        return sorted(codes, key=DAYS.index)

    def read(self, data: Mapping[str, str], name: str, viewer: Viewer) -> tuple[str, ...]:
        """Boxes `name.mon`, …, where the form has them, else one line of text."""
        if f"{name}.days" in data:
            return self.clean([code for code in DAYS if f"{name}.{code}" in data])
        return super().read(data, name, viewer)

    def widget_context(self, value: Any, viewer: Viewer) -> dict[str, Any]:
        """`days` are (code, name, chosen) from Monday."""
        return {"days": [(code, self.inner.name(code, viewer), code in (value or ())) for code in DAYS]}

    def example(self, n: int) -> tuple[str, ...]:
        return tuple(_EXAMPLES[n % len(_EXAMPLES)].split())


def day_name(day: int, locale: Locale) -> str:
    """What a day (0 is Monday) is called where it stands alone."""
    return str(locale.days["stand-alone"]["wide"][day])


def _said(day: int) -> str:
    return day_name(day, Locale.parse(LOCALES.get(get_language() or "en", "en_GB")))


#: The name of a day (0 is Monday) in the language that is active when it is shown.
day_label = lazily(_said, str)


@lru_cache(maxsize=64)
def _names(locale_code: str) -> dict[str, str]:
    days = Locale.parse(locale_code).days
    return {
        fold(str(days[form][width][i])): code
        for form in ("format", "stand-alone")
        for width in ("abbreviated", "wide")
        for i, code in enumerate(DAYS)
    }


@lru_cache(maxsize=1)
def _everywhere() -> dict[str, str]:
    """Names in the languages of the interface; English ones win."""
    found: dict[str, str] = {}
    for locale in (*reversed(LOCALES.values()), "en"):
        found |= _names(locale)
    return found
