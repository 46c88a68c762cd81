"""A link to one record of another object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el
from kith.kernel.text import ascii_digits
from kith.kernel.viewer import Viewer

from .faces import logo
from .kind import Kind
from .numerals import LARGEST
from .reference import Reference, Wanted

_NUMBER = re.compile(r"#?\s*(\d{1,19})")
LONGEST = 300


def settled_target(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a definition says of a link: the key of the object that it leads to, which whoever asks has looked up."""
    if not (to := str(given.get("to") or "")):
        raise Refused(_("Choose what it links to."), field="to")
    return {"to": to}


class Link(Kind):
    """A link to a record of the object `to`; the value is a Reference, or a Wanted until the write path has found it.

    `export` gives the title, which reads back as Wanted: export and import agree through that look-up, not by the text alone.
    A link whose title the viewer may not see is exported as "#7".
    """

    key, label, icon, widget = "link", lazy("Link"), "link", "link"
    operators: ClassVar[tuple[str, ...]] = ("in", "not_in", "empty", "filled")
    groups: ClassVar[tuple[str, ...]] = ("",)
    sortable = False
    packed_as = "number"
    asks: ClassVar[tuple[str, ...]] = ("to",)

    def __init__(self, to: str = "", **options: Any):
        super().__init__(**options)
        self.to = to

    @classmethod
    def settled(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        return settled_target(given)

    def parse(self, text: str, viewer: Viewer) -> Any:
        return self._asked(self.checked_text(text))

    def _asked(self, text: str) -> Reference | Wanted | None:
        if not text:
            return None
        number = _NUMBER.fullmatch(ascii_digits(text[:40]))
        if number:
            return self._reference(int(number[1]))
        if len(text) > LONGEST:
            raise Refused(_("This is too long to be the name of a record."))
        return Wanted(text, self.to)

    def read(self, data: Mapping[str, str], name: str, viewer: Viewer) -> Any:
        """Inputs `name` (words), `name.id` and `name.was` (the words that the id stands for); words typed since count more than the id."""
        text, number = self.checked_text(data.get(name, "")), data.get(f"{name}.id", "")
        if text and number and text == data.get(f"{name}.was", "").strip():
            return self._asked(f"#{number}")
        return self._asked(text)

    def clean(self, value: Any) -> Any:
        """Takes an id, a Reference, a Wanted, a record, or text as `parse` does."""
        if value is None:
            return None
        if isinstance(value, str):
            return self._asked(self.checked_text(value))
        if isinstance(value, Wanted):
            return value
        if isinstance(value, Reference):
            if self.to and value.object != self.to:
                raise Refused(_("This record is of another sort than the link needs."))
            return value if self._reference(value.id) else None
        if isinstance(value, int) and not isinstance(value, bool):
            return self._reference(value)
        key = getattr(value, "crm_key", self.to)
        if hasattr(value, "pk") and not isinstance(value, type):
            if value.pk is None or (self.to and key != self.to):
                raise Refused(_("This record is of another sort than the link needs."))
            return self._reference(value.pk)
        raise Refused(_("Name a record, or give its number."))

    def _reference(self, number: Any) -> Reference:
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= LARGEST:
            raise Refused(_("There is no record with this number."))
        return Reference(self.to, number)

    def format(self, value: Any, viewer: Viewer) -> str:
        if value is None:
            return ""
        return value.text if isinstance(value, Wanted) else value.title or _("Hidden")

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        if value is None:
            return EMPTY
        if isinstance(value, Wanted):
            return el("bdi", value.text, class_="tx none")
        if not value.title:
            return el("span", _("Hidden"), class_="none")
        name = (
            el("a", value.title, href=value.url, class_="tx", dir="auto")
            if value.url
            else el("bdi", value.title, class_="tx")
        )
        return el("span", self.face(value), name, class_="fx")

    def face(self, value: Reference) -> SafeString:
        """The small picture before the title."""
        return logo(value.title, value.hue)

    def edit(self, value: Any, viewer: Viewer) -> str:
        """The title; the widget sends the id beside it, so that equal titles are told apart."""
        return self.export(value)

    def widget_context(self, value: Any, viewer: Viewer) -> dict[str, Any]:
        """`object` is where to look, `linked` the number of the record chosen now."""
        return {
            "object": self.to,
            "linked": value.id if isinstance(value, Reference) else "",
            "title": self.format(value, viewer),
        }

    def pack(self, value: Any) -> int | None:
        if isinstance(value, Wanted):
            raise Refused(_("Nothing called “%(text)s” was found.") % {"text": value.text})
        return None if value is None else value.id

    def unpack(self, raw: Any) -> Any:
        return None if raw is None else Reference(self.to, raw)

    def export(self, value: Any) -> str:
        if value is None:
            return ""
        return value.text if isinstance(value, Wanted) else value.title or f"#{value.id}"

    def bucket_preset(self, values: tuple[str, ...]) -> str:
        return f"#{values[0]}"

    def comparable(self, value: Any) -> Any:
        return self.pack(value)

    def words(self, value: Any) -> str:
        # A link's title is the other record's, with rights of its own; it is found there.
        return ""

    def keys(self, value: Any) -> list[str]:
        return [str(value.id)] if isinstance(value, Reference) else []

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": ["integer", "null"],
            "minimum": 1,
            "description": f"Id of a record of {self.to}." if self.to else "Id of a record.",
        }

    def example(self, n: int) -> Any:
        """None: which records there are is not the kind's to know."""
        return None
