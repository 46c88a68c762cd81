"""One line of text, and long text."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el
from kith.kernel.sentences import counted
from kith.kernel.text import fold
from kith.kernel.viewer import Viewer

from .kind import Kind
from .order import key_companions

_EXAMPLES = (
    "Aurora",
    "Çağla",
    "田中商店",
    "شرکت نمونه",
    "O'Neill & Søn",
    "Ελλάδα",
    "a=b+c",
    "naïve 🙂",
    "São Paulo",
    "x",
)


class Text(Kind):
    """One line of at most `max_length` characters. With `sort_key` a folded copy is stored to find by, and keys to sort by."""

    key, label, icon, widget = "text", lazy("Text"), "type", "text"
    empty, textual = "", True
    operators: ClassVar[tuple[str, ...]] = ("contains", "is", "is_not", "starts", "empty", "filled")

    def __init__(self, max_length: int = 200, sort_key: bool = False, **options: Any):
        super().__init__(**options)
        self.max_length = max_length
        self.sort_key = sort_key

    def clean(self, value: Any) -> str:
        text = " ".join(self.checked_text("" if value is None else value).splitlines())
        if len(text) > self.max_length:
            raise Refused(
                ngettext("Use at most %(n)s character.", "Use at most %(n)s characters.", self.max_length)
                % {"n": counted(self.max_length)}
            )
        return text

    def unpack(self, raw: Any) -> str:
        return raw or ""

    def export(self, value: Any) -> str:
        return value or ""

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.max_length}

    def companions(self) -> Any:
        if not self.sort_key:
            return {}
        return {
            "folded": (
                lambda: models.CharField(max_length=100, default="", db_index=True),
                lambda value: fold(value or "")[:100],
            ),
            **key_companions(self.export),
        }

    def example(self, n: int) -> str:
        return f"{_EXAMPLES[n % len(_EXAMPLES)]} {n}"[: self.max_length]


class LongText(Text):
    """Paragraphs. Enter is a line break; saved with Ctrl+Enter."""

    key, label, icon, widget = "long_text", lazy("Long text"), "text-align-start", "long_text"
    operators = ("contains", "empty", "filled")
    sortable = False

    def __init__(self, max_length: int = 100_000, **options: Any):
        super().__init__(max_length=max_length, **options)

    def clean(self, value: Any) -> str:
        text = self.checked_text("" if value is None else value).replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > self.max_length:
            raise Refused(_("This text is too long: use at most %(n)s characters.") % {"n": counted(self.max_length)})
        return text

    def detail(self, value: Any, viewer: Viewer) -> SafeString:
        return el("div", value, class_="long", dir="auto") if value else EMPTY

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        return el("bdi", value[:200].replace("\n", " "), class_="tx") if value else EMPTY
