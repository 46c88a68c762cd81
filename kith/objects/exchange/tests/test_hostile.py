"""Files that are made to take more than they show: each is refused in words or read within its limits, and this side lives on."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kith.kernel.errors import Refused
from kith.objects.exchange.reading import read

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def book(
    sheet: str = "", *, sheets: int = 1, shared: str = "", before: str = "", more: dict[str, bytes] | None = None
) -> bytes:
    """A workbook made by hand, since no library would write what is wrong with these."""
    ids = range(1, sheets + 1)
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="r" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{before}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
        + "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in ids) + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        + "".join(f'<Relationship Id="r{n}" Type="{LINKS}/worksheet" Target="worksheets/s{n}.xml"/>' for n in ids)
        + f'<Relationship Id="rs" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'{before}<sst xmlns="{MAIN}">{shared}</sst>',
    }  # fmt: skip
    data = sheet or row("a", "b") + row("1", "2")
    for n in ids:
        parts[f"xl/worksheets/s{n}.xml"] = (
            f'{before}<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        for name, raw in (more or {}).items():
            archive.writestr(name, raw)
    return out.getvalue()


def row(*cells: str) -> str:
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Any]:
    """Read bytes whole: columns and rows. Afterwards this side still reads an ordinary file."""
    file = tmp_path / "file"

    def look(data: bytes) -> tuple[list[str], list[list[str]]]:
        file.write_bytes(data)
        with read(file, count=True) as table:
            return table.columns, [found.cells for found in table.rows]

    yield look
    assert look(b"a,b\n1,2\n") == (["a", "b"], [["1", "2"]])


def test_a_workbook_made_by_hand_is_read(opened: Any) -> None:
    assert opened(book()) == (["a", "b"], [["1", "2"]])


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)


def test_a_document_type_alone_does_no_harm(opened: Any) -> None:
    """So that the refusals below are about entities."""
    assert opened(book(before=LAUGHS)) == (["a", "b"], [["1", "2"]])


@pytest.mark.parametrize("place", ["cell", "shared"])
def test_a_billion_laughs_are_never_laughed(opened: Any, place: str) -> None:
    if place == "cell":
        data = book(row("a", "b") + row("&l9;", "2"), before=LAUGHS)
    else:
        cell = '<row><c t="s"><v>0</v></c></row>'
        data = book(cell * 2, shared="<si><t>&l9;</t></si>", before=LAUGHS)
    with pytest.raises(Refused, match="This workbook is damaged"):
        opened(data)


def test_a_file_of_this_machine_is_not_read_into_a_cell(opened: Any, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("sesame")
    before = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
    with pytest.raises(Refused, match="This workbook is damaged"):
        opened(book(row("a", "b") + row("&x;", "2"), before=before))


def test_a_thousand_sheets_are_read_as_the_first_and_more_parts_than_any_workbook_has_are_refused(opened: Any) -> None:
    assert opened(book(sheets=1000)) == (["a", "b"], [["1", "2"]])
    with pytest.raises(Refused, match="would unpack to far more"):
        opened(book(more={f"xl/media/{n}": b"" for n in range(2000)}))


def test_a_part_that_unpacks_to_far_more_than_it_shows_is_refused(opened: Any) -> None:
    with pytest.raises(Refused, match="would unpack to far more"):
        opened(book(more={"xl/media/a": b"0" * (11 << 20)}))


def test_an_archive_in_an_archive_is_not_unpacked(opened: Any) -> None:
    nested = b"0" * (1 << 20)
    for _depth in range(5):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for n in range(10):
                archive.writestr(f"{n}.zip", nested)
        nested = out.getvalue()
    with pytest.raises(Refused, match="is an archive"):
        opened(nested)
    assert opened(book(more={"xl/embeddings/a.zip": nested})) == (["a", "b"], [["1", "2"]])
    with pytest.raises(Refused):
        opened(gzip.compress(gzip.compress(b"a,b\n1,2\n")))


def test_a_part_that_says_it_is_small_and_is_not_ends_the_reading_only(opened: Any) -> None:
    data = bytearray(book(row("a", "b") + row("1", "2") * 200_000))
    at = data.find(b"PK\x01\x02")
    while at >= 0:  # every size in the directory becomes 100 bytes
        data[at + 24 : at + 28] = (100).to_bytes(4, "little")
        at = data.find(b"PK\x01\x02", at + 4)
    with pytest.raises(Refused, match="This workbook is damaged"):
        opened(bytes(data))


@pytest.mark.parametrize("sign", [b"[", b'{"a":', b'[{"a":'])
def test_json_that_is_nested_without_end_is_refused(opened: Any, sign: bytes) -> None:
    for data in (sign * 100_000, b'[{"a": ' + sign * 20_000):
        with pytest.raises(Refused, match=r"JSON|too complex|more memory|not a list"):
            opened(data)


def test_a_huge_cell_is_refused_or_read_within_the_limits(opened: Any) -> None:
    with pytest.raises(Refused, match="never closed"):
        opened(f'a,b\n"{"x" * (3 << 20)}",2\n'.encode())
    huge = "x" * (3 << 20)
    assert opened(json.dumps([{"a": huge}]).encode()) == (["a"], [[huge]])
    assert opened(book(row("a", "b") + row(huge, "2"))) == (["a", "b"], [[huge, "2"]])
    with pytest.raises(Refused, match="This JSON cannot be read"):
        opened(b'[{"a": "' + b"x" * (70 << 20) + b'"}]')


def test_a_cell_in_the_last_corner_asks_for_no_memory(opened: Any) -> None:
    def at(place: str, number: int) -> str:
        return f'<row r="{number}"><c r="{place}{number}" t="inlineStr"><is><t>a</t></is></c></row>'

    with pytest.raises(Refused, match="more memory or time"):
        opened(book(at("A", 1) + at("XFD", 1048576)))
