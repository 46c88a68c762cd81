"""Several values of one kind, each with a type and marks: what e-mail addresses and phones of one person have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kith.kernel import collation
from kith.kernel.digits import local_digits
from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el
from kith.kernel.sentences import apart, counted, strung
from kith.kernel.text import fold
from kith.kernel.viewer import NEUTRAL, Viewer

from .kind import Kind, Option, nullable
from .lists import split_entries
from .order import KEY, key_column
from .spoken import everywhere, said

MOST = 20
TYPES = (
    Option("work", lazy("Work"), "briefcase"),
    Option("home", lazy("Home"), "house"),
    Option("mobile", lazy("Mobile"), "smartphone"),
    Option("other", lazy("Other"), "circle"),
)
#: Neutral word in files, label on screens.
MARKS = {"primary": lazy("primary"), "invalid": lazy("invalid"), "opted out": lazy("opted out")}
_TRUE = {"1", "on", "true", "yes"}


@dataclass(frozen=True)
class Entry:
    """One of several: `type` is work, home, mobile, other or "" (not said); exactly one of a list is `primary`."""

    value: str
    type: str = ""
    primary: bool = False
    invalid: bool = False
    opted_out: bool = False


class Several(Kind):
    """A tuple of entries whose values are of the kind `inner`.

    As text: `ada@example.com (work); a@home.example (home, invalid)`. The first is the primary one unless another is marked
    `primary`. Words in parentheses are understood in every language of the interface. Values given twice become one entry.
    """

    inner: ClassVar[Kind]
    empty: ClassVar[Any] = ()
    multiple = textual = stores_packed = True
    packed_as = "json"
    operators = ("is", "contains", "empty", "filled")

    # ── from people and files ────────────────────────────────────────────────────────────────────────────────────────

    def parse(self, text: str, viewer: Viewer) -> tuple[Entry, ...]:
        return self._whole([self._entry(item, viewer) for item in split_entries(self.checked_text(text))])

    def _entry(self, item: str, viewer: Viewer) -> Entry:
        found = re.fullmatch(r"(.+?)\s*[(（]([^()（）]*)[)）]", item, re.DOTALL)
        marks = [_words().get(fold(word)) for word in re.split("[,،、，]", found[2])] if found else []
        if not found or not marks or None in marks:
            if found and "@" in found[1]:
                raise Refused(_("“%(words)s” is not known as a type or a mark.") % {"words": found[2][:60]})
            return Entry(self.inner.parse(item, viewer))
        return Entry(
            self.inner.parse(found[1], viewer),
            type=next((m for m in marks if m and m not in MARKS), ""),
            primary="primary" in marks,
            invalid="invalid" in marks,
            opted_out="opted out" in marks,
        )

    def read(self, data: Mapping[str, str], name: str, viewer: Viewer) -> tuple[Entry, ...]:
        """Rows `name-0.value`, `.type`, `.primary`, `.invalid`, `.opted_out`; or `name` as one line of text.

        The primary row may also be named by its number in `name.primary` (a group of radio buttons). Rows without a value are
        left out.
        """
        rows = sorted({int(m[1]) for key in data if (m := re.fullmatch(rf"{re.escape(name)}-(\d{{1,4}})\.value", key))})
        if not rows:
            return self.parse(data.get(name, ""), viewer)
        entries = []
        for row in rows:
            start = f"{name}-{row}."
            value = self.inner.parse(data.get(f"{start}value", ""), viewer)
            if not value:
                continue
            ticked = {mark: data.get(start + mark, "").lower() in _TRUE for mark in ("primary", "invalid", "opted_out")}
            ticked["primary"] |= data.get(f"{name}.primary") == str(row)
            entries.append(Entry(value, self._type(data.get(f"{start}type", "")), **ticked))
        return self._whole(entries)

    def read_inline(self, old: Any, data: Mapping[str, str], name: str, viewer: Viewer) -> tuple[Entry, ...]:
        return self.edit_primary(old or (), data.get(name, ""), viewer)

    def edit_inline(self, value: Any, viewer: Viewer) -> str:
        primary = self.primary(value)
        return self.inner.edit(primary.value, viewer) if primary else ""

    def edit_primary(self, old: tuple[Entry, ...], text: str, viewer: Viewer) -> tuple[Entry, ...]:
        """`old` with the primary value replaced by `text`: what editing inside a list cell means. The other entries stay.

        An empty text takes the primary entry away and the next one moves up. A new value loses the marks of the old one: they
        were said about another address.
        """
        value = self.inner.parse(text, viewer)
        primary = self.primary(old)
        if primary is None:
            return self._whole([Entry(value)]) if value else ()
        if value == primary.value:
            return old
        rest = [e for e in old if e is not primary and e.value != value]
        if not value:
            return self._whole(rest)
        place = min(old.index(primary), len(rest))
        return self._whole([*rest[:place], Entry(value, primary.type, primary=True), *rest[place:]])

    def clean(self, value: Any) -> tuple[Entry, ...]:
        """Takes entries, their JSON form, plain values, or text as `parse` does."""
        if value is None:
            return ()
        if isinstance(value, str):
            return self.parse(value, NEUTRAL)
        if not isinstance(value, list | tuple):
            raise Refused(_("This needs to be a list."))
        if len(value) > MOST:
            self._too_many()
        return self._whole([self._clean_entry(item) for item in value])

    def _clean_entry(self, item: Any) -> Entry:
        if isinstance(item, Mapping):
            unknown = [str(key) for key in item if key not in Entry.__dataclass_fields__]
            if unknown:
                raise Refused(_("“%(words)s” is not known as a type or a mark.") % {"words": unknown[0][:60]})
            item = Entry(**{"value": "", **item})
        if not isinstance(item, Entry):
            item = Entry(item)
        if not all(isinstance(flag, bool) for flag in (item.primary, item.invalid, item.opted_out)):
            raise Refused(_("The marks primary, invalid and opted out are yes or no."))
        return replace(item, value=self.inner.clean(item.value), type=self._type(item.type))

    def _type(self, value: Any) -> str:
        if value in ("", None):
            return ""
        if not isinstance(value, str) or value not in {o.value for o in TYPES}:
            raise Refused(_("The type is one of work, home, mobile and other."))
        return value

    def _whole(self, entries: list[Entry]) -> tuple[Entry, ...]:
        """One entry per value, one of them primary."""
        found: dict[str, Entry] = {}
        for entry in entries:
            if not entry.value:
                continue
            key = self.inner.keys(entry.value)[0]
            twin = found.get(key)
            found[key] = entry if twin is None else replace(
                twin,
                type=twin.type or entry.type,
                primary=twin.primary or entry.primary,
                invalid=twin.invalid or entry.invalid,
                opted_out=twin.opted_out or entry.opted_out,
            )  # fmt: skip
        if len(found) > MOST:
            self._too_many()
        several = list(found.values())
        chosen = next((i for i, e in enumerate(several) if e.primary), 0)
        return tuple(replace(e, primary=i == chosen) for i, e in enumerate(several))

    def _too_many(self) -> None:
        raise Refused(ngettext("Use at most %(n)s entry.", "Use at most %(n)s entries.", MOST) % {"n": counted(MOST)})

    # ── to people ────────────────────────────────────────────────────────────────────────────────────────────────────

    def primary(self, value: tuple[Entry, ...] | None) -> Entry | None:
        """The entry to use when one is needed; None for nothing."""
        return next((e for e in value or () if e.primary), None)

    def format(self, value: Any, viewer: Viewer) -> str:
        return apart((self.inner.format(e.value, viewer) for e in value or ()), viewer)

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        primary = self.primary(value)
        if primary is None:
            return EMPTY
        shown = self._crossed(primary, self.inner.cell(primary.value, viewer))
        marks = self._marks(primary, viewer)
        if len(value) == 1 and not marks:
            return shown
        others = apart((self.inner.format(e.value, viewer) for e in value if e is not primary), viewer)
        more = (
            el("bdi", f"+{local_digits(str(len(value) - 1), viewer)}", class_="dim num", dir="ltr", title=others)
            if others
            else None
        )
        return el("span", shown, el("span", strung(marks, viewer), class_="none") if marks else None, more, class_="fx")

    def detail(self, value: Any, viewer: Viewer) -> SafeString:
        if not value:
            return EMPTY
        lines = []
        for entry in value:
            words = [said(o.label, viewer) for o in TYPES if o.value == entry.type]
            words += [said(MARKS["primary"], viewer)] if entry.primary and len(value) > 1 else []
            words += self._marks(entry, viewer)
            shown = self._crossed(entry, self.inner.detail(entry.value, viewer))
            lines.append(el("li", shown, el("span", strung(words, viewer), class_="dim") if words else None))
        return el("ul", *lines, class_="several")

    def _crossed(self, entry: Entry, shown: SafeString) -> SafeString:
        return el("s", shown) if entry.invalid else shown

    def _marks(self, entry: Entry, viewer: Viewer) -> list[str]:
        """Warnings in words: a line through a number says nothing to somebody who hears the page."""
        told = {"invalid": entry.invalid, "opted out": entry.opted_out}
        return [said(MARKS[mark], viewer) for mark, there in told.items() if there]

    def widget_context(self, value: Any, viewer: Viewer) -> dict[str, Any]:
        """`rows` are (entry, text of its input); `types` the options of the type; `primary` the text for editing in a cell."""
        primary = self.primary(value)
        return {
            "rows": [(e, self.inner.edit(e.value, viewer)) for e in value or ()],
            "types": TYPES,
            "primary": self.inner.edit(primary.value, viewer) if primary else "",
            "widget": self.inner.widget,
        }

    # ── to storage, ledger, wire and files ───────────────────────────────────────────────────────────────────────────

    def pack(self, value: Any) -> list[dict[str, Any]]:
        return [
            {"value": e.value, "type": e.type, "primary": e.primary, "invalid": e.invalid, "opted_out": e.opted_out}
            for e in value or ()
        ]

    def unpack(self, raw: Any) -> tuple[Entry, ...]:
        return tuple(Entry(**item) for item in raw or ())

    def export(self, value: Any) -> str:
        return "; ".join(self._written(e, first=i == 0) for i, e in enumerate(value or ()))

    def _written(self, entry: Entry, first: bool) -> str:
        told = {"primary": entry.primary and not first, "invalid": entry.invalid, "opted out": entry.opted_out}
        words = [entry.type] * bool(entry.type) + [mark for mark, there in told.items() if there]
        return f"{self.inner.export(entry.value)} ({', '.join(words)})" if words else self.inner.export(entry.value)

    def json_schema(self) -> dict[str, Any]:
        return self._schema(self.inner.json_schema())

    def taken_schema(self) -> dict[str, Any]:
        return nullable(self._schema(self.inner.taken_schema()))

    def _schema(self, value: dict[str, Any]) -> dict[str, Any]:
        entry = {
            "type": "object",
            "required": ["value"],
            "additionalProperties": False,
            "properties": {
                "value": value,
                "type": {"type": "string", "enum": ["", *(o.value for o in TYPES)]},
                "primary": {"type": "boolean"},
                "invalid": {"type": "boolean"},
                "opted_out": {"type": "boolean"},
            },
        }
        return {"type": "array", "items": entry, "maxItems": MOST}

    # ── for search, sort and filter ──────────────────────────────────────────────────────────────────────────────────

    def keys(self, value: Any) -> list[str]:
        return [key for e in value or () for key in self.inner.keys(e.value)]

    def domains(self, value: Any) -> list[str]:
        """Those of its entries."""
        return [domain for e in value or () for domain in self.inner.domains(e.value)]

    def words(self, value: Any) -> str:
        return " ".join(self.inner.words(e.value) for e in value or ())

    def operand(self, text: str, viewer: Viewer) -> Any:
        """One address or number; for "contains" the filter takes text as it is."""
        return self.parse(text, viewer)

    def companions(self) -> Any:
        """`key`: that of the primary entry as bytes, to sort by: addresses and numbers have no language."""
        return {KEY: (key_column, self._key)}

    def _key(self, value: Any) -> bytes | None:
        primary = self.primary(value)
        return self.inner.keys(primary.value)[0].encode()[: collation.MAX_BYTES] if primary else None

    def example(self, n: int) -> tuple[Entry, ...]:
        first = Entry(
            self.inner.example(n),
            ("work", "home", "", "mobile", "other")[n % 5],
            primary=n % 4 != 1,
            invalid=n % 4 == 2,
        )
        second = Entry(self.inner.example(n + 1), "home", primary=n % 4 == 1, opted_out=n % 4 == 3)
        return (first,) if n % 3 == 0 and n % 4 != 1 else (first, second)


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    """Types and marks by what they are called in any language of the interface; neutral words win."""
    found = {fold(word): option.value for option in TYPES for word in everywhere(option.label)}
    found |= {fold(word): mark for mark, label in MARKS.items() for word in everywhere(label)}
    return found | {o.value: o.value for o in TYPES} | {mark: mark for mark in MARKS} | {"opted_out": "opted out"}
