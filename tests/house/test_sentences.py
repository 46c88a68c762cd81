"""What holds sentences right in every language: numbers in the reader's digits, lists joined by the language, nothing glued together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.catalogues import messages, spoken

ROOT = Path(__file__).resolve().parent.parent.parent
KITH = ROOT / "kith"

#: Lines of a file in which a fixed comma or semicolon joins something that is no text for people: how many, and what that is.
JOINED = {
    "config/backup.py": (3, "names of columns and tables in SQL"),
    "config/cli.py": (1, "a line for programs, taken apart at tabs"),
    "config/environ.py": (1, "English sentences about the environment, before any language is known"),
    "config/people.py": (1, "English sentences of the command line"),
    "config/soundness.py": (2, "English sentences about the environment, before any language is known"),
    "kernel/http.py": (1, "a fault of programming"),
    "kernel/recurrence/rule.py": (4, "an RRULE of RFC 5545"),
    "kernel/recurrence/series.py": (2, "lines of RFC 5545"),
    "objects/access/earlier.py": (4, "columns and places of an SQL statement"),
    "objects/columns/record.py": (1, "a fault of programming"),
    "objects/exchange/child.py": (1, "cells of a file"),
    "objects/kinds/code_set.py": (1, "the neutral form for files"),
    "objects/kinds/many_links.py": (1, "the neutral form for files"),
    "objects/kinds/several.py": (2, "the neutral form for files"),
    "objects/kinds/tags.py": (1, "the neutral form for files"),
    "objects/filters/tree.py": (2, "the text of a filter, for an address"),
    "objects/search/backends.py": (1, "places of an SQL statement"),
    "ui/middleware.py": (1, "directives of a header"),
    "objects/sorting/refresh.py": (1, "names of columns in SQL"),
    "objects/way.py": (1, "names of fields, for a place in a list"),
    "ui/screens/board.py": (2, "names of fields for the script and for an address"),
    "ui/screens/own_fields.py": (1, "names of columns, for an address"),
    "ui/view.py": (1, "names of fields, for an address"),
    "ui/screens/form.py": (2, "names of fields for the script"),
    "ui/parameters.py": (2, "parameters of an address"),
    "ui/templates/ui/parts/results.html": (1, "names of columns for the script"),
    "ui/screens/places.py": (1, "codes of countries for the script"),
    "ui/screens/trust.py": (1, "lines that are typed and read back, as the help beside them says"),
}
_COMMA = re.compile(r"""(["'])[,;،؛、；] ?\1\s*\.join\(|\|join:"[,;،؛、；] ?\"""")
_BLOCK = re.compile(
    r"{%\s*blocktrans(?:late)?\b(?P<with>.*?)%}(?P<text>.*?){%\s*endblocktrans(?:late)?\s*%}", re.DOTALL
)
#: Filters that make a number of Python's a number of people's, and names in a context that are numbers already shown.
_SHOWN = re.compile(r"\|\s*counted$")


def sources(*endings: str) -> Iterator[Path]:
    for file in sorted(KITH.rglob("*")):
        if file.suffix in endings and not {"tests", "migrations", "static", "locale"} & set(
            file.relative_to(KITH).parts
        ):
            yield file


def test_no_sentence_writes_its_numbers_itself() -> None:
    """`%(n)d` is Western digits in every language; the number comes in as text, made by `counted` or `ordinary`."""
    raw = [
        f"{room.name}: {message.id!r}"
        for room, catalogue in spoken()
        for message in messages(catalogue)
        for text in ([message.id] if isinstance(message.id, str) else message.id)
        if re.search(r"%\(\w+\)[^s]|%[di]", text)
    ]
    assert not raw, raw


@pytest.mark.parametrize("file", list(sources(".html")), ids=lambda file: file.name)
def test_numbers_in_the_sentences_of_a_template_are_shown_ones(file: Path) -> None:
    """What chooses the plural is never what is shown, and lengths go through `counted`."""
    for block in _BLOCK.finditer(file.read_text(encoding="utf-8")):
        given = dict(re.findall(r"(\w+)=(\S+)", block["with"]))
        holes = set(re.findall(r"{{\s*(\w+)\s*}}", block["text"]))
        chooses = re.search(r"\bcount\s+(\w+)=", block["with"])
        if chooses:
            assert chooses[1] not in holes, f"{chooses[1]} is shown as Python writes it: {block[0]}"
        for name in holes & set(given):
            assert "|length" not in given[name] or _SHOWN.search(given[name]), block[0]
        for name in holes & {"n", "k", "number", "rows", "total", "done", "count", "days", "size"} & set(given):
            shown = _SHOWN.search(given[name]) or given[name].startswith(("progress.", "grid."))
            assert shown, f"{name} may be a raw number: {block[0]}"


def test_a_number_that_chooses_the_plural_is_not_the_one_that_is_shown() -> None:
    """`ngettext(one, many, n) % {"n": n}` puts Python's digits into the sentence."""
    raw = []
    for file in sources(".py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.right, ast.Dict)):
                continue
            if not (isinstance(node.left, ast.Call) and getattr(node.left.func, "id", "") == "ngettext"):
                continue
            chooses = ast.dump(node.left.args[2])
            raw += [f"{file.name}:{value.lineno}" for value in node.right.values if ast.dump(value) == chooses]
    assert not raw, raw


def test_lists_are_joined_by_the_language() -> None:
    """`listed`, `either`, `strung`, `apart` and `run_on` know how; a fixed comma is English."""
    found = {
        file.relative_to(KITH).as_posix(): lines
        for file in sources(".py", ".html")
        if (lines := sum(bool(_COMMA.search(line)) for line in file.read_text(encoding="utf-8").splitlines()))
    }
    assert found == {name: lines for name, (lines, _why) in JOINED.items()}
