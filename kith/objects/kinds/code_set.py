"""Several values from a list that the world keeps: languages, days of the week. Stored as codes, said as names."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el
from kith.kernel.sentences import counted, listed, strung
from kith.kernel.viewer import NEUTRAL, Viewer

from .coded import Coded
from .kind import Kind, Option
from .lists import split_entries

MOST = 30


class CodeSet(Kind):
    """Codes of `inner`, each once, in the order in which they were given."""

    inner: ClassVar[Coded]
    empty: ClassVar[Any] = ()
    widget = "code_set"
    multiple = True
    inline = False
    sortable = False
    stores_packed = True
    packed_as = "json"
    operators = ("in", "all_of", "not_in", "empty", "filled")

    def parse(self, text: str, viewer: Viewer) -> tuple[str, ...]:
        return self.clean([self.inner.parse(item, viewer) for item in split_entries(self.checked_text(text))])

    def clean(self, value: Any) -> tuple[str, ...]:
        if value is None:
            return ()
        if isinstance(value, str):
            return self.parse(value, NEUTRAL)
        if not isinstance(value, list | tuple | set | frozenset):
            raise Refused(_("This needs to be a list."))
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        found = self.ordered(list(dict.fromkeys(filter(None, (self.inner.clean(item) for item in items)))))
        if len(found) > MOST:
            raise Refused(
                ngettext("Use at most %(n)s value.", "Use at most %(n)s values.", MOST) % {"n": counted(MOST)}
            )
        return tuple(found)

    def ordered(self, codes: list[str]) -> list[str]:
        """The codes in the order that is kept."""
        return codes

    def format(self, value: Any, viewer: Viewer) -> str:
        names = [self.inner.name(code, viewer) for code in value or ()]
        return listed(names, viewer) if names else ""

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        return el("bdi", self.format(value, viewer), class_="tx") if value else EMPTY

    def edit(self, value: Any, viewer: Viewer) -> str:
        """Names where they read back as the same code, else codes; without marks of direction, which nobody types."""
        return strung([self._typed(code, viewer) for code in value or ()], viewer).replace("\u200f", "")

    def _typed(self, code: str, viewer: Viewer) -> str:
        name = self.inner.name(code, viewer)
        if re.search(r"[,;،؛、，；\n]", name):
            return code
        return name if (self.inner.canonical(name) or self.inner.by_name(name, viewer)) == code else code

    def choices(self, viewer: Viewer) -> list[Option] | None:
        return self.inner.choices(viewer)

    def pack(self, value: Any) -> list[str]:
        return list(value or ())

    def unpack(self, raw: Any) -> tuple[str, ...]:
        return tuple(raw or ())

    def export(self, value: Any) -> str:
        return "; ".join(value or ())

    def keys(self, value: Any) -> list[str]:
        return list(value or ())

    def words(self, value: Any) -> str:
        return " ".join(self.inner.words(code) for code in value or ())

    def json_schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.inner.json_schema(), "maxItems": MOST, "uniqueItems": True}

    def example(self, n: int) -> tuple[str, ...]:
        first, second = self.inner.example(n), self.inner.example(n + 1)
        return self.clean([first] if n % 3 == 0 else [first, second])
