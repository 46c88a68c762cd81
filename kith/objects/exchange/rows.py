"""From the cells of a row to values of fields, through the kinds, exactly as they will be written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from kith.kernel.errors import KithError, Refused
from kith.kernel.text import has_controls
from kith.kernel.viewer import Viewer

from ..declare import Field
from ..kinds import Kind, Reference
from . import mapping as maps
from .choices import Choices
from .guard import unguarded
from .mapping import Target
from .reading import Row

#: So many different texts of one column are remembered: countries, stages and towns repeat, names do not.
REMEMBERED = 2000
LONGEST_REMEMBERED = 100
LONGEST_KEY = 200


@dataclass
class Parsed:
    """One row as values. `values` are whole fields, `parts` parts of composite ones, both by field name."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Links by the words in the file, and by the other program's key.
    wanted: dict[str, list[str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    #: Which of several records of one name was meant, by (field name, words).
    chosen: dict[tuple[str, str], int] = field(default_factory=dict)
    #: Which column filled a field, for reasons in the report.
    column: dict[str, str] = field(default_factory=dict)
    record_id: int | None = None
    version: int | None = None
    source_key: str = ""
    problems: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)

    def whole(self, found: Field) -> Any:
        """The value of a field as this row alone has it, its parts put together; empty where they do not fit."""
        value = self.values.get(found.name, found.kind.empty)
        if found.name not in self.parts:
            return value
        try:
            return found.kind.assemble(self.parts[found.name], value)
        except Refused:
            return value

    def refuse(self, name: str, sentence: str) -> None:
        """The row cannot be written: `sentence` says why, `name` is the field, or "" for the row as a whole."""
        self.problems.append((self.column.get(name, ""), sentence))


@dataclass(frozen=True)
class Cell:
    """What happens to one column."""

    index: int
    column: str
    target: Target
    clear: bool


class RowReader:
    """Reads rows of one file by its mapping and choices."""

    def __init__(
        self,
        known: Mapping[str, Target],
        columns: Sequence[str],
        mapping: Mapping[str, Mapping[str, str]],
        choices: Choices,
        viewer: Viewer,
        form: str = "csv",
    ):
        self.choices, self.form = choices, form
        self.viewer = choices.viewer(viewer)
        self.cells = [
            Cell(index, column, known[said["to"]], said.get("blanks") == "clear")
            for index, column in enumerate(columns)
            if (said := mapping.get(column)) and said["to"] in known
        ]
        #: The column that says in which country a row's phone numbers are dialled.
        self.country = next((c for c in self.cells if (k := _kind(c.target)) is not None and k.key == "country"), None)
        self._viewers: dict[str, Viewer] = {}
        self._memory: list[dict[tuple[str, str], Any]] = [{} for _column in columns]

    def read(self, row: Row) -> Parsed:
        """The row's values; what is wrong with it stands in `problems`."""
        parsed = Parsed(row)
        if row.problem:
            parsed.problems.append(("", row.problem))
            return parsed
        viewer = self._viewer_of(row)
        for cell in self.cells:
            text = row.cells[cell.index] if self.form == "json" else unguarded(row.cells[cell.index])
            if cell.target.field is not None:
                parsed.column.setdefault(cell.target.field.name, cell.column)
            if not text.strip():
                if cell.clear:
                    self._clear(parsed, cell)
                continue
            try:
                self._take(parsed, cell, text, viewer)
            except KithError as refusal:
                wrong = (cell.column, str(refusal))
                if self.choices.bad_cells == "leave":
                    parsed.remarks.append(wrong)
                else:
                    parsed.problems.append(wrong)
        return parsed

    def _viewer_of(self, row: Row) -> Viewer:
        if self.country is None or not (text := row.cells[self.country.index].strip()):
            return self.viewer
        try:
            country = self._value(self.country, text, self.viewer)
        except KithError:
            return self.viewer
        if country not in self._viewers:
            self._viewers[country] = replace(self.viewer, country=country)
        return self._viewers[country]

    def _clear(self, parsed: Parsed, cell: Cell) -> None:
        target = cell.target
        if target.field is None:
            return
        if target.part:
            part = target.field.kind.parts[target.part]
            parsed.parts.setdefault(target.field.name, {}).setdefault(target.part, part.empty)
        else:
            parsed.values.setdefault(target.field.name, target.field.kind.empty)

    def _take(self, parsed: Parsed, cell: Cell, text: str, viewer: Viewer) -> None:
        target = cell.target
        if target.field is None:
            self._mark(parsed, target.path, text.strip())
            return
        name, kind = target.field.name, target.field.kind
        if target.by_key:
            parsed.keys[name] = _key(text)
        elif target.field.target is not None:
            self._link(parsed, target, text)
        elif target.part:
            parsed.parts.setdefault(name, {})[target.part] = self._value(cell, text, viewer, parsed)
        else:
            value = self._value(cell, text, viewer, parsed)
            if target.type:
                value = kind.clean([replace(entry, type=entry.type or target.type) for entry in value])
            if target.many and (before := parsed.values.get(name)):
                value = kind.clean((*before, *value))
            parsed.values[name] = value

    def _mark(self, parsed: Parsed, path: str, text: str) -> None:
        if path == maps.KEY:
            parsed.source_key = _key(text)
            return
        if not text.isdecimal() or not 0 < int(text) < 2**63:
            raise Refused(_("This needs to be the number of a record, as an export writes it."))
        if path == maps.ID:
            parsed.record_id = int(text)
        else:
            parsed.version = int(text)

    def _link(self, parsed: Parsed, target: Target, text: str) -> None:
        """Names of linked records; they are looked up together for many rows, see `links`."""
        found = target.field
        if found is None:
            return
        text = found.kind.checked_text(text)
        names = [text]
        if found.kind.multiple:
            names = [n.strip() for n in text.replace("\n", ";").replace("；", ";").split(";")]
        wanted = parsed.wanted.setdefault(found.name, [])
        for name in names:
            if len(name) > 300:
                raise Refused(_("This is too long to be the name of a record."))
            if name and name not in wanted:
                wanted.append(name)

    def _value(self, cell: Cell, text: str, viewer: Viewer, parsed: Parsed | None = None) -> Any:
        """The value of a cell; the same text of the same column is read once."""
        memory, key = self._memory[cell.index], (text, viewer.country)
        if key in memory:
            found = memory[key]
            if isinstance(found, Refused):
                raise found.with_traceback(None)
            return found
        kind = _kind(cell.target)
        assert kind is not None  # noqa: S101 - only fields come here
        try:
            value = kind.parse(text, viewer)
        except Refused as refusal:
            first = text.partition("; ")[0]
            if self.form == "json" and first != text and not kind.multiple and parsed is not None:
                # A list where one value belongs: its first item is taken, and said.
                value = kind.parse(first, viewer)
                parsed.remarks.append(
                    (cell.column, _("Only the first of several values was taken: “%(value)s”.") % {"value": first[:80]})
                )
                return value
            if len(text) <= LONGEST_REMEMBERED and len(memory) < REMEMBERED:
                memory[key] = refusal
            raise
        if len(text) <= LONGEST_REMEMBERED and len(memory) < REMEMBERED:
            memory[key] = value
        return value


def _key(text: str) -> str:
    """Another program's key as it is kept; Refused for what no program gives."""
    text = text.strip()
    if len(text) > LONGEST_KEY or has_controls(text):
        raise Refused(_("This is too long to be a key, or holds signs that no key has."))
    return text


def _kind(target: Target) -> Kind | None:
    if target.field is None:
        return None
    return target.field.kind.parts[target.part] if target.part else target.field.kind


def values_for(parsed: Parsed, fields: Mapping[str, Any], record: Any, *, add: bool) -> dict[str, Any]:
    """The values to write for `record` (None: a new one), parts under their own paths.

    `add`: several values (addresses, tags) are added to those that the record has instead of replacing them.
    """
    values: dict[str, Any] = {}
    for name, value in parsed.values.items():
        found = fields[name]
        adding = record is not None and add and found.kind.multiple and not found.kind.is_empty(value)
        values[name] = _added(found, found.get(record), value) if adding else value
    for name, parts in parsed.parts.items():
        kinds = fields[name].kind.parts
        if (
            record is not None
            or name in values
            or any(not kinds[part].is_empty(value) for part, value in parts.items())
        ):
            # The write path puts parts together with what is there when the record is locked.
            values.update({f"{name}.{part}": value for part, value in parts.items()})
    if record is None:
        values = {
            name: value for name, value in values.items() if name not in fields or not fields[name].kind.is_empty(value)
        }
    return values


def _added(found: Any, before: Any, value: Any) -> Any:
    if found.kind.is_empty(before):
        return value
    seen = set(found.kind.keys(before))
    new = [item for item in value if not set(found.kind.keys((item,))) & seen]
    return found.kind.clean((*before, *new)) if new else before


def one_reference(found: Any, references: Sequence[Reference]) -> Any:
    """The value of a link field for what its cell named."""
    return tuple(references) if found.kind.multiple else references[0] if references else None
