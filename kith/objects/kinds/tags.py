"""Free labels."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kith.kernel.errors import Refused
from kith.kernel.html import join
from kith.kernel.sentences import counted, strung
from kith.kernel.text import fold
from kith.kernel.viewer import Viewer

from .faces import tag
from .kind import Kind
from .lists import SEPARATORS, split_list

MOST, LONGEST = 50, 100
_EXAMPLES = ("VIP", "新客户", "مشتری ویژه", "Żółw", "trade fair 2026", "Ελλάδα", "häät", "a+b=c", "🙂", "Ljubljana")


class Tags(Kind):
    """A set of labels in the order they were given; two spellings of one label (case, marks) are one."""

    key, label, icon, widget = "tags", lazy("Tags"), "tag", "tags"
    empty: ClassVar[Any] = ()
    multiple = True
    adding = lazy("Add tags")
    sortable = False
    stores_packed = True
    packed_as = "json"
    operators = ("in", "all_of", "not_in", "empty", "filled")

    def parse(self, text: str, viewer: Viewer) -> tuple[str, ...]:
        return self.clean(split_list(self.checked_text(text)))

    def clean(self, value: Any) -> tuple[str, ...]:
        if value is None:
            return ()
        if isinstance(value, str):
            value = split_list(self.checked_text(value))
        if not isinstance(value, list | tuple | set | frozenset):
            raise Refused(_("This needs to be a list of tags."))
        found: dict[str, str] = {}
        for item in sorted(value, key=str) if isinstance(value, set | frozenset) else value:
            text = " ".join(self.checked_text(item).split())
            if any(sign in text for sign in SEPARATORS):
                raise Refused(_("A tag cannot hold a comma or a semicolon: “%(tag)s”.") % {"tag": text[:LONGEST]})
            if len(text) > LONGEST:
                raise Refused(
                    ngettext("A tag has at most %(n)s character.", "A tag has at most %(n)s characters.", LONGEST)
                    % {"n": counted(LONGEST)}
                )
            if text:
                found.setdefault(fold(text) or text, text)
            if len(found) > MOST:
                raise Refused(
                    ngettext("Use at most %(n)s tag.", "Use at most %(n)s tags.", MOST) % {"n": counted(MOST)}
                )
        return tuple(found.values())

    def format(self, value: Any, viewer: Viewer) -> str:
        return strung(value or (), viewer)

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        return join((tag(text) for text in value or ()), " ")

    def pack(self, value: Any) -> list[str]:
        return list(value or ())

    def unpack(self, raw: Any) -> tuple[str, ...]:
        return tuple(raw or ())

    def export(self, value: Any) -> str:
        return "; ".join(value or ())

    def keys(self, value: Any) -> list[str]:
        # Folding takes ligatures apart: one sign may become eighteen.
        return list(dict.fromkeys((fold(text) or text)[:200] for text in value or ()))

    def words(self, value: Any) -> str:
        return " ".join(value or ())

    def json_schema(self) -> dict[str, Any]:
        item = {"type": "string", "minLength": 1, "maxLength": LONGEST}
        return {"type": "array", "items": item, "maxItems": MOST, "uniqueItems": True}

    def example(self, n: int) -> tuple[str, ...]:
        first = _EXAMPLES[n % len(_EXAMPLES)]
        return (first,) if n % 3 == 0 else (first, _EXAMPLES[(n + 3) % len(_EXAMPLES)])
