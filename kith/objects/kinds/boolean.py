"""Yes or no."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el, icon
from kith.kernel.text import fold
from kith.kernel.viewer import Viewer

from .kind import Kind, Option
from .spoken import everywhere, said

YES, NO = lazy("Yes"), lazy("No")
_TRUE = ("true", "yes", "y", "1", "x", "on", "t", "✓", "✔", "☑")
_FALSE = ("false", "no", "n", "0", "off", "f", "-")


@lru_cache(maxsize=1)
def _spoken() -> dict[str, bool]:
    """Yes and no in every language of the interface; English words win where two languages disagree."""
    words = {fold(word): True for word in everywhere(YES)} | {fold(word): False for word in everywhere(NO)}
    return words | dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)


class Boolean(Kind):
    """Yes or no. Nothing said is no; "no" is a value, so it is never empty."""

    key, label, icon, widget = "boolean", lazy("Yes or no"), "toggle-left", "boolean"
    empty = False
    packed_as = "boolean"
    operators = ("is",)
    groups = ("",)
    groups_ask = "is"
    aggregates = ("count",)

    def parse(self, text: str, viewer: Viewer) -> bool:
        text = self.checked_text(text)
        if not text:
            return False
        found = _spoken().get(fold(text[:40]))
        if found is None:
            raise Refused(_("Write yes or no."))
        return found

    def clean(self, value: Any) -> bool:
        if value is None:
            return False
        if isinstance(value, str):
            return self.parse(value, Viewer())
        if isinstance(value, bool):
            return value
        if isinstance(value, int) and value in (0, 1):
            return bool(value)
        raise Refused(_("Write yes or no."))

    def is_empty(self, value: Any) -> bool:
        return value is None

    def format(self, value: Any, viewer: Viewer) -> str:
        return "" if value is None else said(YES if value else NO, viewer)

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        if value is None:
            return EMPTY
        text = self.format(value, viewer)
        return (
            el("span", icon("check"), el("span", text, class_="tx"), class_="fx")
            if value
            else el("span", text, class_="none")
        )

    def choices(self, viewer: Viewer) -> list[Option]:
        return [Option(True, YES, "check"), Option(False, NO, "x")]

    def bucket(self, raw: Any, unit: str, viewer: Viewer) -> tuple[str, ...]:
        return (self.export(bool(raw)),)

    def unpack(self, raw: Any) -> bool:
        return bool(raw)

    def export(self, value: Any) -> str:
        return "" if value is None else "true" if value else "false"

    def words(self, value: Any) -> str:
        return ""

    def json_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def example(self, n: int) -> bool:
        return n % 2 == 0
