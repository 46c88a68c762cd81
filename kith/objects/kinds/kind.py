"""`Kind`: what every sort of value can do. One kind, one file; nothing else in the house asks which kind a value is."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import NullIf
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kith.kernel.errors import Refused
from kith.kernel.expressions import ByBytes, LowerText
from kith.kernel.html import EMPTY, el
from kith.kernel.registry import Registry, Room
from kith.kernel.text import fold, has_controls
from kith.kernel.viewer import NEUTRAL, Viewer

from .faces import logo
from .order import Order

#: Halves of surrogate pairs.
_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Option:
    """One of a closed list: stored `value`, translated `label`, and how it looks. `meaning` is for code, never the label.

    `probability` is how likely what stands there is to end well, in percent; `limit` after how many days it has stood there too long;
    `asks` names the fields that are asked for when somebody moves a record there and they are empty.
    """

    value: Any
    label: Any
    icon: str = ""
    hue: int | None = None
    meaning: str = ""
    probability: int | None = None
    limit: int | None = None
    asks: tuple[str, ...] = ()


class Kind:
    """A sort of value: parses, cleans, shows, edits, filters, sorts, stores and describes it.

    Values of a kind are immutable Python values; `empty` stands for "nothing". Options of a single field (a length, a list of
    choices) are given to the constructor. `parse(edit(v, viewer), viewer) == v` and `parse(export(v), NEUTRAL) == v` always hold.
    """

    registry: ClassVar[Registry[type[Kind]]] = Registry("kind")

    key: ClassVar[str] = ""
    label: ClassVar[Any] = ""
    icon: ClassVar[str] = "type"
    widget: ClassVar[str] = "text"
    #: Python's "nothing" of this kind.
    empty: ClassVar[Any] = None
    numeric: ClassVar[bool] = False
    ltr: ClassVar[bool] = False
    multiple: ClassVar[bool] = False
    inline: ClassVar[bool] = True
    #: Letters are sent there: `envelope(value, viewer, home=, latin=)` gives the lines of a label.
    posted: ClassVar[bool] = False
    sortable: ClassVar[bool] = True
    #: Text of people: a column of this kind must say what personal data it holds.
    textual: ClassVar[bool] = False
    operators: ClassVar[tuple[str, ...]] = ("is", "is_not", "empty", "filled")
    aggregates: ClassVar[tuple[str, ...]] = ("count", "empty")
    #: In what lists may be grouped: ("",) by values, ("day", "month", …) by time, () not at all; and the operator that asks for one group.
    groups: ClassVar[tuple[str, ...]] = ()
    groups_ask: ClassVar[str] = "in"
    #: Whether a column stores `pack(value)` (True) or the Python value itself (False).
    stores_packed: ClassVar[bool] = False
    #: Suffix of the folded companion column that text operators ask, for composite kinds whose text lies in several parts.
    folded_in: ClassVar[str] = ""
    #: The part that comparisons ask, for composite kinds (the amount of money).
    compared_part: ClassVar[str] = ""
    #: What `pack(value)` is in SQL: "text", "number", "boolean" or "json".
    packed_as: ClassVar[str] = "text"
    parts: Mapping[str, Kind] = {}
    #: What the write path keeps beside a value (an amount's worth in the base currency). Read, filtered and summed; never written.
    kept: Mapping[str, Kind] = {}
    #: Whether a value stands on a day of a calendar: True with a time of day, False without, None for kinds that are no time.
    timed: ClassVar[bool | None] = None
    #: Whether a value names the zone that its record lives in.
    tells_zone: ClassVar[bool] = False
    #: What this is called as a part of a composite kind ("City" of an address); None says `label`.
    part_label: Any = None
    #: What administrators say of a field of their own beside its kind: names of options of the constructor. `settled` checks them.
    asks: ClassVar[tuple[str, ...]] = ()
    #: What it is called to add values to those that stand there already, for many records at once; "" for kinds that take one value.
    adding: ClassVar[Any] = ""
    #: Whether administrators may choose it for a field of their own.
    definable: ClassVar[bool] = True

    def __init__(self, **options: Any):
        self.options = options

    @classmethod
    def contribute(cls, room: Room) -> None:
        """Rooms contribute kinds as classes."""
        cls.registry.add(cls.key, cls)

    @classmethod
    def settled(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """The options of a user-made field, as its definition keeps them (JSON); Refused, naming the option, for what cannot be."""
        return {}

    # ── from people and files ────────────────────────────────────────────────────────────────────────────────────────

    def parse(self, text: str, viewer: Viewer) -> Any:
        """The value that `text`, typed or imported, means to `viewer`; raises Refused with a whole sentence."""
        text = self.checked_text(text)
        return self.clean(text) if text else self.empty

    def read(self, data: Mapping[str, str], name: str, viewer: Viewer) -> Any:
        """The value from a posted form whose input is called `name` (composite kinds read `name.part`)."""
        return self.parse(data.get(name, ""), viewer)

    def read_inline(self, old: Any, data: Mapping[str, str], name: str, viewer: Viewer) -> Any:
        """The value from a form inside a list cell, where `old` stands now; kinds whose cell shows only a part keep the rest."""
        return self.read(data, name, viewer)

    def draft(self, data: Mapping[str, str], name: str, viewer: Viewer, old: Any) -> Any:
        """What a form that was not saved yet is drawn by, where inputs depend on each other; `old` is what is stored now."""
        return old

    def clean(self, value: Any) -> Any:
        """The canonical value for any Python or JSON value; raises Refused."""
        return value

    def is_empty(self, value: Any) -> bool:
        """Whether `value` is nothing."""
        return value is None or value == self.empty

    def checked_text(self, text: Any) -> str:
        """`text` without blanks around it; refuses what is not text and characters that no keyboard types."""
        if not isinstance(text, str):
            raise Refused(_("This needs to be text."))
        if has_controls(text):
            raise Refused(_("This text holds control characters, such as NUL. Remove them and try again."))
        if _HALVES.search(text):
            # Half a surrogate pair: legal in JSON and in Python, but no database and no file can hold it.
            raise Refused(_("This text holds half a character. Type it again."))
        return text.strip()

    # ── to people ────────────────────────────────────────────────────────────────────────────────────────────────────

    def format(self, value: Any, viewer: Viewer) -> str:
        """`value` as plain text for `viewer`; "" for nothing."""
        return "" if self.is_empty(value) else str(value)

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        """`value` in a list cell. Text stands in its own direction; kinds that are left-to-right islands say so by `ltr`."""
        if self.is_empty(value):
            return EMPTY
        text = self.format(value, viewer)
        if self.numeric:
            return el("bdi", text, class_="num")
        return el("bdi", text, class_="tx", dir="ltr" if self.ltr else None)

    def detail(self, value: Any, viewer: Viewer) -> SafeString:
        """`value` on the record page."""
        return self.cell(value, viewer)

    def beside(self, value: Any, kept: Any, viewer: Viewer) -> SafeString:
        """What is quietly said beside `value` on its record, from what the write path keeps with it."""
        return EMPTY

    def edit(self, value: Any, viewer: Viewer) -> str:
        """`value` as the text of an input."""
        return self.export(value)

    def edit_inline(self, value: Any, viewer: Viewer) -> str:
        """`value` as the text of an input inside a list cell."""
        return self.edit(value, viewer)

    def portrait(self, value: Any, viewer: Viewer) -> SafeString:
        """The small picture of a record whose title is `value`."""
        return logo(self.format(value, viewer))

    def addressee(self, value: Any, *, latin: bool = False) -> str:
        """The first line of a label to whatever is called `value`; `latin` asks for Latin letters where there are some."""
        return self.format(value, NEUTRAL)

    def envelope(self, value: Any, viewer: Viewer, *, home: str, latin: bool = False) -> list[str]:
        """The lines of a label on a letter posted in the country `home`; only kinds that are `posted` have one."""
        raise NotImplementedError(f"{self.key} is no address")

    def choices(self, viewer: Viewer) -> list[Option] | None:
        """The closed list of values, or None where anything may be typed."""
        return None

    def relook(self, looks: Mapping[str, Any]) -> None:
        """Take over what administrators decided about the options of this list (`kith.objects.looks`); {} for nothing."""

    def widget_context(self, value: Any, viewer: Viewer) -> dict[str, Any]:
        """What the edit template needs beside name, value, text and error."""
        return {}

    # ── to storage, ledger, wire and files ───────────────────────────────────────────────────────────────────────────

    def pack(self, value: Any) -> Any:
        """`value` as canonical JSON: dates as YYYY-MM-DD, instants as fixed-width UTC, decimals as scaled integers."""
        return value

    def unpack(self, raw: Any) -> Any:
        """The inverse of `pack`."""
        return self.empty if raw is None else raw

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema of `pack(value)`."""
        return {"type": "string"}

    def wire(self, value: Any) -> Any:
        """`value` as JSON for programs, which know nothing of how it is stored; `clean(wire(v)) == v` always holds."""
        return self.pack(value)

    def wire_schema(self) -> dict[str, Any]:
        """JSON Schema of `wire(value)`."""
        return self.json_schema()

    def taken_schema(self) -> dict[str, Any]:
        """JSON Schema of what programs may send for a value: what `wire` gives, or null for nothing. `clean` takes all of it, and more."""
        return nullable(self.wire_schema())

    def export(self, value: Any) -> str:
        """`value` as neutral text for files; `parse` reads it back unchanged in any language."""
        return "" if self.is_empty(value) else str(self.pack(value))

    def assemble(self, parts: Mapping[str, Any], old: Any) -> Any:
        """A value made of `parts` (by part name), the rest taken from `old`. Composite kinds only."""
        raise NotImplementedError(f"{self.key} has no parts")

    def part(self, value: Any, name: str) -> Any:
        """One part of a composite value."""
        raise NotImplementedError(f"{self.key} has no parts")

    # ── for search, sort and filter ──────────────────────────────────────────────────────────────────────────────────

    def words(self, value: Any) -> str:
        """Text that search finds the record by."""
        return self.format(value, NEUTRAL)

    def keys(self, value: Any) -> list[str]:
        """Normalised exact-match keys: what "is" compares for kinds with several values, and what imports match on."""
        if self.is_empty(value):
            return []
        text = self.export(value)
        return [(fold(text) or text)[:200]]

    def domains(self, value: Any) -> list[str]:
        """The domains of the internet that a value belongs to, in ASCII and without "www.": those of mail addresses and web pages."""
        return []

    def comparable(self, value: Any) -> Any:
        """`value` as filters compare it: the stored form of one operand."""
        return self.pack(value) if self.stores_packed else value

    def operand(self, text: str, viewer: Viewer) -> Any:
        """One operand of a filter from its text; a Refused names what is wrong."""
        return self.parse(text, viewer)

    def asked(self, text: str, viewer: Viewer) -> str:
        """An operand for a filter's text, which colleagues open who write dates in other ways: neutral where that matters."""
        return text

    def span(self, operator: str, text: str, viewer: Viewer, unit: str = "days") -> tuple[Any, ...]:
        """First and last value of "in the last (or next) so many days", "this week" and so on; kinds of time only.

        Reckoned from now in the viewer's zone, with her weeks, in her calendar. Of "past" and "future" it is the one value between.
        """
        raise Refused(_("This is not a field of time."))

    def begins(self, day: date, viewer: Viewer) -> Any:
        """The first value that stands on `day` where the viewer is; kinds of time only."""
        raise NotImplementedError(f"{self.key} is no time")

    def day_of(self, value: Any, viewer: Viewer) -> date:
        """The day on which `value` stands where the viewer is."""
        raise NotImplementedError(f"{self.key} is no time")

    def on_day(self, value: Any, day: date, viewer: Viewer) -> Any:
        """`value` (or nothing) moved to `day`: the time on the viewer's wall stays what it is."""
        raise NotImplementedError(f"{self.key} is no time")

    def bucket(self, raw: Any, unit: str, viewer: Viewer) -> tuple[str, ...]:
        """The group that a stored value belongs to: the operands of the condition that asks for all of it."""
        return (str(raw),)

    def bucket_label(self, values: tuple[str, ...], unit: str, viewer: Viewer) -> str:
        """What a group is called, where there are no choices to name it."""
        return self.format(self.operand(values[0], viewer), viewer)

    def bucket_order(self, values: tuple[str, ...]) -> Any:
        """What groups are sorted by, where there are no choices in an order."""
        return values

    def bucket_preset(self, values: tuple[str, ...]) -> str:
        """What a new record of a group begins with, as the address of its form says it."""
        return values[0]

    def narrow(self, field: Any, values: list[Any]) -> models.Q:
        """What must hold beside a comparison with `values`: sums of another currency are not more or less."""
        return models.Q()

    def order(self, expression: Any, viewer: Viewer) -> Order:
        """What a list sorts by for `viewer`, where no keys are stored."""
        if self.empty != "":
            return Order(ByBytes(expression))
        text = ByBytes(LowerText(expression) if self.textual else expression)
        return Order(NullIf(text, models.Value(""), output_field=models.TextField()), served=False)

    # ── for privacy and tests ────────────────────────────────────────────────────────────────────────────────────────

    def redact(self, value: Any) -> Any:
        """`value` with everything about a person gone."""
        return self.empty

    def example(self, n: int) -> Any:
        """The n-th example value, the same every time."""
        raise NotImplementedError(f"{type(self).__name__}.example")

    # ── storage of a column ──────────────────────────────────────────────────────────────────────────────────────────

    def companions(self) -> dict[str, tuple[Callable[[], models.Field[Any, Any]], Callable[[Any], Any]]]:
        """Further columns: suffix → (makes the plain Django field, computes its value from ours)."""
        return {}


def nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema, with null beside what it has."""
    sort = schema.get("type")
    if sort == "null" or (isinstance(sort, list) and "null" in sort):
        return schema
    if isinstance(sort, str) and not {"enum", "const", "anyOf"} & schema.keys():
        return {**schema, "type": [sort, "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def new_key() -> str:
    """A random key for one form: sent twice, the form is taken once."""
    return uuid.uuid4().hex
