"""Reading a file of rows: what format it has, its columns, and its rows one after the other.

    with read(path) as table:
        for row in table.rows: …            # row.number as a spreadsheet counts, row.cells, row.problem

The parser runs in a child process of its own (see `child`); this side starts it, waits no longer than it should for the
next piece, and turns codes into sentences. CSV (any common delimiter and encoding), JSON arrays and lines of objects, both
also gzipped, and XLSX.
"""

from __future__ import annotations

import json
import os
import re
import select
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kith.kernel.confined import child
from kith.kernel.errors import Refused
from kith.kernel.sentences import counted, listed, ordinary, quoted

CHILD = Path(__file__).with_name("child.py")
#: Longest wait for the next piece; a parser that needs more is caught in something.
WAIT_SECONDS = 30
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
MAX_LINE = 64 * 1024 * 1024


@dataclass(frozen=True)
class Options:
    """How a file is to be read where the guess is wrong: "" and None mean "guess"."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header: bool | None = None

    @classmethod
    def of(cls, data: dict[str, Any]) -> Options:
        """The reading options among `data`."""
        return cls(**{name: data[name] for name in cls.__dataclass_fields__ if data.get(name) is not None})


@dataclass(frozen=True)
class Row:
    """One row: `number` as a spreadsheet counts (JSON: the how-manieth object), `problem` a sentence or ""."""

    number: int
    cells: list[str]
    problem: str = ""
    extra: tuple[str, ...] = ()


@dataclass
class Table:
    """A file's columns and rows. `count` is the number of rows where it was asked for, else None."""

    columns: list[str]
    format: str
    encoding: str
    delimiter: str
    sheet: str
    sheets: list[str]
    #: Whether the first row holds the names of the columns.
    header: bool
    notes: list[str]
    count: int | None
    _child: _Child = field(repr=False)

    @property
    def rows(self) -> Iterator[Row]:
        """The rows, once."""
        for chunk in self.chunks():
            yield from chunk

    def chunks(self) -> Iterator[list[Row]]:
        """The rows in lists of a bounded size."""
        while True:
            told = self._child.next()
            if isinstance(told, dict):
                return
            yield [Row(number, cells, *_problem(trouble, detail, self)) for number, cells, trouble, detail in told]

    def close(self) -> None:
        """Let the child go; what was not read is not read."""
        self._child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def read(path: str | os.PathLike[str], options: Options | None = None, *, after: int = 0, count: bool = False) -> Table:
    """The table in the file at `path`; rows numbered `after` or below are left out. Raises Refused with a sentence."""
    options = options or Options()
    if options.delimiter and (len(options.delimiter) != 1 or options.delimiter in '"\r\n'):
        raise Refused(_("A delimiter is a single sign, such as a comma or a semicolon."))
    parser = _Child(
        path,
        {
            "encoding": options.encoding,
            "delimiter": options.delimiter,
            "sheet": options.sheet,
            "header": options.header,
            "after": after,
            "count": count,
        },
    )
    try:
        head = parser.next()
    except BaseException:
        parser.close()
        raise
    return Table(
        columns=head["columns"],
        format=head["format"],
        encoding=head["encoding"],
        delimiter=head["delimiter"],
        sheet=head["sheet"],
        sheets=head["sheets"],
        header=head["header"],
        notes=[sentence for code, holes in head["notes"] if (sentence := _note(code, holes))],
        count=head["count"] if head["count"] >= 0 else None,
        _child=parser,
    )


def column_label(name: str) -> str:
    """`name` as people read it: columns without a name are called by their place."""
    return _("Column %(n)s") % {"n": ordinary(int(name[1:]))} if name.startswith("#") and name[1:].isdigit() else name


class _Child:
    """The parser's process."""

    def __init__(self, path: str | os.PathLike[str], options: dict[str, Any]):
        self.process = child(CHILD, path, json.dumps(options))
        self.out = self.process.stdout.fileno() if self.process.stdout else -1
        self.buffer = bytearray()

    def next(self) -> Any:
        """The next thing that the child tells; raises Refused when it refuses, dies or takes too long."""
        searched = 0
        while (end := self.buffer.find(b"\n", searched)) < 0:
            searched = len(self.buffer)
            ready = select.select([self.out], [], [], WAIT_SECONDS)[0]
            data = os.read(self.out, 1 << 18) if ready else b""
            if not data or searched > MAX_LINE:
                raise Refused(_refusal("too_complex", {}))
            self.buffer += data
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 1]
        try:
            told = json.loads(line)
        except ValueError as error:
            raise Refused(_refusal("too_complex", {})) from error
        if isinstance(told, dict) and "refused" in told:
            raise Refused(_refusal(told.pop("refused"), told))
        return told

    def close(self) -> None:
        """End the child and collect it."""
        self.process.kill()
        if self.process.stdout:
            self.process.stdout.close()
        self.process.wait()


def _refusal(code: str, holes: dict[str, Any]) -> str:
    """The sentence why a file is refused."""
    if code == "binary":
        return no_table(str(holes.get("what", "")))
    if code == "too_many_columns":
        return ngettext(
            "This file has %(columns)s column. An import takes at most %(most)s: leave out those that are not needed.",
            "This file has %(columns)s columns. An import takes at most %(most)s: leave out those that are not needed.",
            holes["columns"],
        ) % _said(holes)
    sentences = {
        "empty": _("This file is empty: there is nothing in it to import."),
        "too_large": _("This file is larger than %(megabytes)s MB. Split it and import the parts one after the other."),
        "lone_row": _("This file has a single row. It needs the names of the columns in the first row and at least one row below."),
        "broken_gzip": _("This compressed file is damaged or not complete. Get it again, or unpack it first."),
        "broken_xlsx": _(
            "This workbook is damaged or is not an .xlsx file. Open it in a spreadsheet program, save it again, and try once more."
        ),
        "broken_csv": _("Row %(row)s cannot be read as a line of columns. Check the quotation marks there."),
        "broken_json": _("This JSON cannot be read: something is wrong at object %(row)s."),
        "json_shape": _("This JSON is not a list of objects: item %(row)s is something else."),
        "unclosed_quote": _("A quotation mark in row %(row)s is never closed, so the rest of the file would be one cell."),
        "zip_bomb": _("This workbook would unpack to far more than it shows, so it was not opened. Save the sheet that you need as CSV."),
        "password": _("This workbook is protected by a password. Save it without one and try again."),
        "no_sheet": _("There is no sheet called “%(sheet)s”. The file has: %(sheets)s."),
        "unknown_encoding": _("This encoding is not known. Choose another, such as UTF-8."),
        "too_complex": _(
            "This file was refused: reading it took more memory or time than it should. "
            "It may be damaged; save it as CSV and try again."
        ),
    }  # fmt: skip
    return sentences.get(code, sentences["too_complex"]) % _said(holes)


def _said(holes: dict[str, Any]) -> dict[str, str]:
    """What the child told, as a sentence takes it: numbers in digits of the reader, names of sheets as a list."""
    counts = ("columns", "most", "megabytes", "count")
    return {
        name: listed(map(quoted, value))
        if isinstance(value, list)
        else (counted if name in counts else ordinary)(value)
        if isinstance(value, int)
        else str(value)
        for name, value in holes.items()
    }


def no_table(what: str) -> str:
    """The sentence for a file that is something else, as `child.MAGIC` names it."""
    sentences = {
        "png": _("This file is a picture, not a table."),
        "jpeg": _("This file is a picture, not a table."),
        "gif": _("This file is a picture, not a table."),
        "image": _("This file is a picture, not a table."),
        "pdf": _("This file is a PDF, not a table. Export the data as CSV or XLSX instead."),
        "program": _("This file is a program, not a table."),
        "xls": _(
            "This is a workbook in the old .xls format, or one with a password. Save it as .xlsx or CSV and try again."
        ),
        "archive": _("This file is an archive. Unpack it and import the files in it one by one."),
        "sqlite": _("This file is a database, not a table. Export the table as CSV."),
    }
    return sentences.get(what) or _("This file is not text, so it is no CSV file, whatever its name says.")


def _note(code: str, holes: dict[str, Any]) -> str:
    """What people should know about how a file was read."""
    if code == "sheets":
        return ngettext(
            "The file has %(count)s sheet; “%(sheet)s” was read.",
            "The file has %(count)s sheets; “%(sheet)s” was read.",
            holes["count"],
        ) % _said(holes)
    sentences = {
        "guessed_encoding": _("The text is not UTF-8; it was read as %(encoding)s. If letters look wrong below, choose another encoding."),
        "no_header": _(
            "The first row holds values such as “%(cell)s”, not the names of columns, so the columns are numbered. "
            "If it does hold names, say so."
        ),
        "unnamed_column": _("Column %(column)s has no name in the first row."),
        "doubled_column": _("The column name “%(column)s” appears more than once; the later one is called “%(renamed)s”."),
    }  # fmt: skip
    return sentences[code] % _said(holes) if code in sentences else ""


def _problem(trouble: str, detail: Any, table: Table) -> tuple[str, tuple[str, ...]]:
    """The sentence about a row that cannot be taken as it is, and the cells that have no column."""
    if not trouble:
        return "", ()
    if trouble == "extra_cells":
        return (
            _(
                "This row has more cells than there are columns: %(cells)s. A delimiter inside a text without quotation marks does this."
            )
            % {"cells": listed(quoted(_CONTROLS.sub("", cell)[:60]) for cell in detail)},
            tuple(detail),
        )
    if trouble == "unreadable":
        names = listed(quoted(column_label(table.columns[index])) for index in detail)
        return (
            _("Some characters cannot be read as %(encoding)s: %(columns)s. Choose the file’s encoding.")
            % {"encoding": table.encoding.upper(), "columns": names},
            (),
        )
    return _("A quotation mark opens here and is closed in another row or never."), ()
