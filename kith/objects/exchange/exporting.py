"""Files of rows out: CSV, XLSX and JSON, a page at a time, so that a large list needs no more memory than a small one."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import Fact, make_event, record_events
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Refused
from kith.kernel.sentences import counted, part_of
from kith.kernel.viewer import Viewer

from ..access import fields as fields_of
from ..access import may, readable, visible
from ..declare import Field, ObjectType, object_type
from ..filters import text
from ..kinds import Kind
from ..query import listing
from .guard import guarded

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
PAGE = 500
#: What a sheet can hold (a limit of the format).
SHEET_ROWS, SHEET_CELL = 1_048_576, 32_767
_PLAIN_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?")


@dataclass(frozen=True)
class Column:
    """One column of the file: a field, or one part of a composite one."""

    name: str
    label: str
    kind: Kind
    read: Callable[[Any], Any]

    def text(self, record: Any) -> str:
        """The neutral text of this column for `record`."""
        value = self.read(record)
        return "" if self.kind.is_empty(value) else self.kind.export(value)


def export(
    actor: Actor,
    what: Any,
    form: str = "csv",
    *,
    filter: Any = None,
    sort: str = "",
    search: str = "",
    only: Collection[int] | None = None,
    columns: Iterable[str] | None = None,
    labels: bool = False,
    bom: bool = True,
    ids: bool = True,
    viewer: Viewer | None = None,
) -> Iterator[bytes]:
    """The bytes of a file with the records that `actor` may export, and of them the fields that she may see.

    `columns` are field paths (None: every field that can be written); composite values take a column for each part. Headers are
    neutral paths, or with `labels` what the fields are called. `ids` puts number and version first, so that the file can be brought
    back; `only` are the numbers of the records that are meant. Raises Forbidden, or Refused for an unknown field or
    format, before the first byte.
    """
    o = object_type(what)
    if form not in FORMATS:
        raise Refused(_("A file can be CSV, XLSX or JSON."))
    found = pages(actor, o, form, filter=filter, sort=sort, search=search, only=only, columns=columns, viewer=viewer)
    made = [*(_marks() if ids else ()), *(one for field in chosen(actor, o, columns) for one in columns_of(field))]
    return {"csv": _csv, "xlsx": _xlsx, "json": _json}[form](made, found, labels, bom)


def pages(
    actor: Actor,
    what: Any,
    form: str,
    *,
    filter: Any = None,
    sort: str = "",
    search: str = "",
    only: Collection[int] | None = None,
    columns: Iterable[str] | None = None,
    viewer: Viewer | None = None,
) -> Iterator[list[Any]]:
    """The records of an export, a page at a time: the gate of everything that leaves as a file, and its line in the audit.

    What is refused is refused here, and not while somebody is being sent the first pages.
    """
    o = object_type(what)
    if not may(actor, "export", o):
        raise Forbidden(_("You may not export records of “%(objects)s”.") % {"objects": o.plural})
    fields = chosen(actor, o, columns)
    # In the order in which they were made, so that whoever links comes after what is linked where that can be.
    order = sort or ("created_at" if "created_at" in fields_of(actor, o) else "")
    records = _records(actor, o, fields, only, filter=filter, sort=order, search=search, viewer=viewer)
    first = next(records, [])
    _write_down(actor, o, form, filter, search, columns, only)
    return _again(first, records)


@dataclass(frozen=True)
class Exported(Fact):
    """Records were taken out of the house as a file: which of them, and of them what. `record` is None."""

    name = "list.exported"
    label = lazy("A list was exported")
    icon = "download"
    record: Any
    object: str
    format: str
    filter: str
    search: str
    columns: list[str]
    #: The numbers of the records, where single ones were chosen; None for all that the list shows.
    only: list[int] | None = None

    def sentence(self) -> str:
        o = object_type(self.object) if self.object in ObjectType.known() else None
        told = {"objects": o.plural if o else self.object, "format": self.format.upper()}
        return _("Exported to a file (%(format)s): %(objects)s") % told


def _write_down(
    actor: Actor,
    o: ObjectType,
    form: str,
    filter: Any,
    search: str,
    columns: Iterable[str] | None,
    only: Collection[int] | None,
) -> None:
    asked = filter if isinstance(filter, str) else text(filter) if filter is not None else ""
    told: dict[str, Any] = {
        "object": o.key,
        "format": form,
        "filter": asked,
        "search": search,
        "columns": list(columns or ()),
    }
    if only is not None:
        told["only"] = sorted(only)
    with transaction.atomic():
        record_events([make_event(actor, Exported.name, o.key, None, told)])


def chosen(actor: Actor, o: ObjectType, columns: Iterable[str] | None) -> list[Field]:
    """The fields asked for, or every one that a file can bring back; hidden ones are as unknown as any other word."""
    if columns is not None:
        return [readable(actor, o, path) for path in columns]
    seen = fields_of(actor, o)
    order = [name for section in o.form for name in section.names]
    return [seen[name] for name in dict.fromkeys([o.title, *order, *seen]) if name in seen and seen[name].writable]


def columns_of(field: Field) -> list[Column]:
    """The columns of one field: its parts where they say everything, else the whole."""
    kind = field.kind
    if not kind.parts or not whole_in_parts(kind):
        return [Column(field.name, str(field.label), kind, field.get)]
    made = []
    for name, part in kind.parts.items():
        label = str(getattr(part, "part_label", None) or part.label)
        made.append(Column(f"{field.name}.{name}", part_of(field.label, label), part, _part_of(field, name)))
    return made


def _part_of(field: Field, name: str) -> Callable[[Any], Any]:
    def read(record: Any) -> Any:
        value = field.get(record)
        return None if field.kind.is_empty(value) else field.kind.part(value, name)

    return read


@lru_cache(maxsize=256)
def whole_in_parts(kind: Kind) -> bool:
    """Whether a value of `kind` can be put together again from its parts, tried on the kind's own examples."""
    for n in range(10):
        value = kind.example(n)
        if kind.is_empty(value):
            continue
        if kind.assemble({name: kind.part(value, name) for name in kind.parts}, kind.empty) != value:
            return False
    return True


def _marks() -> list[Column]:
    from ..kinds import Integer

    return [
        Column("id", "id", Integer(), lambda record: record.pk),
        Column("version", "version", Integer(), lambda record: record.version),
    ]


def _records(
    actor: Actor, o: ObjectType, fields: list[Field], only: Collection[int] | None, **asked: Any
) -> Iterator[list[Any]]:
    # Paths through links are attached by the listing, so whole fields are asked for by their paths.
    paths = [field.name for field in fields]
    after = None
    while True:
        mine = visible(actor, o, "export") & (Q() if only is None else Q(pk__in=only))
        page = listing(actor, o, columns=paths, after=after, limit=PAGE, where=mine, **asked)
        if page.records:
            yield page.records
        after = page.next
        if after is None:
            return
        # A long file is read for minutes: a right that is taken away ends it at the next page, unfinished.
        actor.forget()


def _again(first: list[Any], rest: Iterator[list[Any]]) -> Iterator[list[Any]]:
    if first:
        yield first
        yield from rest


def _header(columns: list[Column], labels: bool) -> list[str]:
    if not labels:
        return [column.name for column in columns]
    seen: dict[str, int] = {}
    names = []
    for column in columns:
        seen[column.label] = turn = seen.get(column.label, 0) + 1
        names.append(column.label if turn == 1 else f"{column.label} ({turn})")
    return names


def _guarded(column: Column, text: str) -> str:
    return guarded(text) if column.kind.textual else text


def _csv(columns: list[Column], pages: Iterator[list[Any]], labels: bool, bom: bool) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(_header(columns, labels))
    if bom:
        yield b"\xef\xbb\xbf"
    for records in pages:
        writer.writerows([_guarded(column, column.text(record)) for column in columns] for record in records)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    if buffer.tell():
        yield buffer.getvalue().encode()


def _json(columns: list[Column], pages: Iterator[list[Any]], labels: bool, bom: bool) -> Iterator[bytes]:
    names = _header(columns, labels)
    start = "[\n"
    for records in pages:
        lines = []
        for record in records:
            item = {name: _json_value(column, record) for name, column in zip(names, columns, strict=True)}
            lines.append(json.dumps(item, ensure_ascii=False))
        yield (start + ",\n".join(lines)).encode()
        start = ",\n"
    yield b"[]\n" if start == "[\n" else b"\n]\n"


def _json_value(column: Column, record: Any) -> Any:
    text = column.text(record)
    if not text:
        return None
    if column.kind.numeric and not column.kind.parts and re.fullmatch(r"-?\d{1,15}", text):
        return int(text)
    return text


def _xlsx(columns: list[Column], pages: Iterator[list[Any]], labels: bool, bom: bool) -> Iterator[bytes]:
    import xlsxwriter  # type: ignore[import-untyped]

    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                # Nothing that somebody typed becomes a formula or a link.
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        sheet = book.add_worksheet()
        day, moment = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.freeze_panes(1, 1)
        for index, name in enumerate(_header(columns, labels)):
            sheet.write_string(0, index, name)
        number = 0
        for records in pages:
            for record in records:
                number += 1
                if number >= SHEET_ROWS:
                    raise Refused(
                        _("A sheet holds at most %(n)s rows. Export as CSV instead.") % {"n": counted(SHEET_ROWS - 1)}
                    )
                for index, column in enumerate(columns):
                    _write_cell(sheet, number, index, column, record, day, moment)
        book.close()
        file.seek(0)
        while block := file.read(1 << 16):
            yield block


def _write_cell(sheet: Any, row: int, index: int, column: Column, record: Any, day: Any, moment: Any) -> None:
    value = column.read(record)
    if column.kind.is_empty(value):
        return
    text = column.kind.export(value)
    # Instants stay text: a sheet knows no zones. Days before 1900 and long numbers would come back as others.
    if isinstance(value, date) and not isinstance(value, datetime) and value.year >= 1901:
        sheet.write_datetime(row, index, value, day)
    elif column.kind.numeric and not column.kind.parts and _PLAIN_NUMBER.fullmatch(text) and len(text) <= 15:
        sheet.write_number(row, index, float(text))
    elif text:
        sheet.write_string(row, index, _guarded(column, text)[:SHEET_CELL])
