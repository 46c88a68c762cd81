"""Values from a list that the world keeps: countries, languages, time zones, currencies. Stored as codes, said as names."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString

from kith.kernel.collation import in_order
from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el
from kith.kernel.viewer import NEUTRAL, Viewer

from .kind import Kind, Option


class Coded(Kind):
    """A code, or "" for nothing. Subclasses say which codes there are and what they are called."""

    empty = ""
    widget = "choice"
    operators = ("in", "not_in", "empty", "filled")
    groups = ("",)

    def canonical(self, text: str) -> str:
        """The code that `text` spells, or ""."""
        raise NotImplementedError

    def by_name(self, text: str, viewer: Viewer) -> str:
        """The code of what is called `text` in the viewer's or some other language, or ""."""
        raise NotImplementedError

    def name(self, code: str, viewer: Viewer) -> str:
        """What `code` is called in the viewer's language; the code itself when it has no name."""
        raise NotImplementedError

    def refusal(self, text: str) -> str:
        """The sentence for a text that means nothing here."""
        raise NotImplementedError

    def codes(self) -> list[str]:
        """All codes."""
        raise NotImplementedError

    def parse(self, text: str, viewer: Viewer) -> str:
        text = self.checked_text(text)
        if not text:
            return ""
        found = (self.canonical(text) or self.by_name(text, viewer)) if len(text) <= 100 else ""
        if not found:
            raise Refused(self.refusal(text[:60]))
        return found

    def clean(self, value: Any) -> str:
        text = self.checked_text("" if value is None else value)
        if not text:
            return ""
        found = self.canonical(text) if len(text) <= 100 else ""
        if not found:
            raise Refused(self.refusal(text[:60]))
        return found

    def format(self, value: Any, viewer: Viewer) -> str:
        return self.name(value, viewer) if value else ""

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        return el("bdi", self.name(value, viewer), class_="tx") if value else EMPTY

    def choices(self, viewer: Viewer) -> list[Option]:
        """In the order of their names."""
        return in_order((Option(code, self.name(code, viewer)) for code in self.codes()), _label, viewer.language)

    def unpack(self, raw: Any) -> str:
        return raw or ""

    def export(self, value: Any) -> str:
        return value or ""

    def words(self, value: Any) -> str:
        return f"{self.name(value, NEUTRAL)} {value}" if value else ""

    def keys(self, value: Any) -> list[str]:
        return [value] if value else []

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": ["", *self.codes()]}


def _label(option: Option) -> str:
    return str(option.label)
