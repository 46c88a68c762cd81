"""Links to several records of another object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kith.kernel.digits import local_digits
from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el
from kith.kernel.sentences import apart, counted
from kith.kernel.viewer import Viewer

from .kind import Kind
from .link import Link, settled_target
from .reference import Reference, Wanted

MOST = 500


class ManyLinks(Kind):
    """Links to records of the object `to`, in order, each once. Text and identity are as for `Link`."""

    key, label, icon, widget = "many_links", lazy("Several links"), "link", "many_links"
    empty: ClassVar[Any] = ()
    multiple = True
    sortable = False
    inline = False
    stores_packed = True
    packed_as = "json"
    operators = ("in", "not_in", "empty", "filled")
    asks = ("to",)

    def __init__(self, to: str = "", **options: Any):
        super().__init__(**options)
        self.to = to
        self.one = Link(to=to)

    @classmethod
    def settled(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        return settled_target(given)

    def parse(self, text: str, viewer: Viewer) -> tuple[Any, ...]:
        return self.clean(_names(self.checked_text(text)))

    def read(self, data: Mapping[str, str], name: str, viewer: Viewer) -> tuple[Any, ...]:
        """Ticked boxes `name-12` for what is linked now, and `name.add` with further names; or `name` as one text."""
        if f"{name}.add" not in data:
            return self.parse(data.get(name, ""), viewer)
        kept = [int(m[1]) for key in data if (m := re.fullmatch(rf"{re.escape(name)}-(\d{{1,18}})", key))]
        return self.clean([*kept, *_names(self.checked_text(data[f"{name}.add"]))])

    def clean(self, value: Any) -> tuple[Any, ...]:
        if value is None or value == "":
            return ()
        if isinstance(value, str):
            value = _names(self.checked_text(value))
        if isinstance(value, dict | bytes) or not hasattr(value, "__iter__"):
            raise Refused(_("This needs to be a list of records."))
        found = tuple(dict.fromkeys(v for v in map(self.one.clean, value) if v is not None))
        if len(found) > MOST:
            raise Refused(
                ngettext("Link at most %(n)s record.", "Link at most %(n)s records.", MOST) % {"n": counted(MOST)}
            )
        return found

    def format(self, value: Any, viewer: Viewer) -> str:
        return apart((self.one.format(v, viewer) for v in value or ()), viewer)

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        if not value:
            return EMPTY
        first = self.one.cell(value[0], viewer)
        if len(value) == 1:
            return first
        more = el(
            "bdi",
            f"+{local_digits(str(len(value) - 1), viewer)}",
            class_="dim num",
            dir="ltr",
            title=self.format(value[1:], viewer),
        )
        return el("span", first, more, class_="fx")

    def detail(self, value: Any, viewer: Viewer) -> SafeString:
        return el("ul", *(el("li", self.one.cell(v, viewer)) for v in value), class_="several") if value else EMPTY

    def widget_context(self, value: Any, viewer: Viewer) -> dict[str, Any]:
        """`object` is where to look, `links` the chosen (id, title)."""
        return {
            "object": self.to,
            "links": [(v.id, self.one.format(v, viewer)) for v in value or () if isinstance(v, Reference)],
        }

    def pack(self, value: Any) -> list[int]:
        return [n for n in (self.one.pack(v) for v in value or ()) if n is not None]

    def unpack(self, raw: Any) -> tuple[Any, ...]:
        return tuple(Reference(self.to, number) for number in raw or ())

    def export(self, value: Any) -> str:
        return "; ".join(self.one.export(v) for v in value or ())

    def comparable(self, value: Any) -> Any:
        return self.pack(value)

    def words(self, value: Any) -> str:
        return ""

    def keys(self, value: Any) -> list[str]:
        return [str(v.id) for v in value or () if not isinstance(v, Wanted)]

    def json_schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "integer", "minimum": 1}, "maxItems": MOST, "uniqueItems": True}

    def example(self, n: int) -> Any:
        """Nothing: which records there are is not the kind's to know."""
        return ()


def _names(text: str) -> list[str]:
    # A name may hold a comma ("Smith, Jones & Co"); only semicolons and line breaks part names.
    return [name.strip() for name in re.split("[;；؛\r\n]", text) if name.strip()]
