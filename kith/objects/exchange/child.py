"""The child process that reads files from outside: CSV, XLSX and JSON in, lines of JSON out.

This file is run by its path in a fresh interpreter, with the file as standard input; it imports nothing of Kith, and it
gives itself limits before it looks at the first byte. Whatever a hostile file does to a parser happens here, where the
worst outcome is a dead child and the sentence "the file was refused". Sentences are made by the parent (`reading`): the
child knows no language, so it names what it saw by a code.

Output, one JSON value a line: a head `{"columns": …}`, then lists of rows `[number, cells, trouble, detail]`, then
`{"end": …}`; or at any point `{"refused": code, …}`.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import gzip
import io
import json
import os
import re
import resource
import sys
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, Any

MEGABYTE = 1024 * 1024
MAX_BYTES = 100 * MEGABYTE
MAX_COLUMNS = 256
MAX_CELL = 1_000_000
CHUNK_ROWS, CHUNK_CHARACTERS = 500, 1_000_000
SAMPLE = 256 * 1024
#: Cells of a sheet, empty ones counted: one stray cell in its last corner would ask for 17 thousand millions.
MAX_AREA = 30_000_000

Row = list[Any]  # [number, cells, trouble, detail]

MAGIC = (
    (b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF8", "gif"), (b"%PDF", "pdf"), (b"\x7fELF", "program"),
    (b"MZ\x90", "program"), (b"\xd0\xcf\x11\xe0", "xls"), (b"SQLite format 3", "sqlite"), (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"), (b"BZh", "archive"), (b"\xfd7zXZ", "archive"), (b"\x28\xb5\x2f\xfd", "archive"),
    (b"PAR1", "parquet"), (b"RIFF", "media"), (b"OggS", "media"), (b"ID3", "media"), (b"II*\x00", "image"),
    (b"MM\x00*", "image"), (b"\xca\xfe\xba\xbe", "program"), (b"{\\rtf", "rtf"),
)  # fmt: skip
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
DELIMITERS = ",;\t|"
#: Encodings that a table from an office comes in; others are taken when somebody names them.
CANDIDATES = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "gb18030",
    "cp932", "euc_jp", "cp949", "big5", "koi8_r", "mac_roman", "iso8859_5", "cp850",
]  # fmt: skip
#: Letters beyond ASCII that each Latin page is used for, commonest first. Every byte is a letter in all of these pages,
#: so only what people write tells them apart; a page earlier in this table wins a tie.
LATIN = {
    "cp1252": "éäöüßèàçñáóíåøãêõæâôúîûëïùìòÄÖÜÅØÉÁÍÓÑÇÀ€£§°’“”–—«»·´®",
    "cp1250": "áéíčšžřěýůąęłńśóźżćőűúöüäßđťďňľČŠŽŘŁŚŻĆĐÁÉÍÓÖÜĽ€„”“–§°",
    "cp1254": "ıçşğüöİŞÇĞÜÖâîû€“”’–",
    "cp1257": "ąčęėįšųūžāēģīķļņõäöüĄČĘĖĮŠŲŪŽĀĒĪÕÄÖÜ€„“–",
    "mac_roman": "éäöüßèàçñáóíåøãêõæâôúîûëïùÄÖÜÅØÉÇÑ€’“”–—«»",
    "cp850": "éäöüßèàçñáóíåøãêõæâôúîûëïùÄÖÜÅØÉÇÑ",
}


class Refuse(Exception):
    """The whole file is refused; `code` picks the sentence, `detail` fills its holes."""

    def __init__(self, code: str, **detail: Any):
        super().__init__(code)
        self.code, self.detail = code, detail


def limit(size: int, kind: str) -> None:
    """Give this process little memory, processor time, and nothing to write to or to connect with."""
    # A workbook is unpacked and parsed as a whole; text and JSON are streamed.
    memory = (768 if kind == "xlsx" else 256) * MEGABYTE
    # Ten seconds, and more for large files: reading one megabyte of text takes about a tenth of a second.
    seconds = 10 + size // MEGABYTE
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))


def leave_the_network() -> bool:
    """Move this process to where there is no network; False where the system does not let it."""
    import ctypes

    new_user, new_network = 0x10000000, 0x40000000
    libc = ctypes.CDLL(None, use_errno=True)
    # Ordinary users need a user namespace of their own first, administrators may not be let have one.
    return any(libc.unshare(flags) == 0 for flags in (new_user | new_network, new_network))


# ── bytes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Bounded(io.RawIOBase):
    """A stream of bytes that refuses to give more than MAX_BYTES: what stops a gzip bomb."""

    def __init__(self, inner: IO[bytes] | gzip.GzipFile):
        self.inner, self.given = inner, 0

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer`."""
        try:
            data = self.inner.read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Refuse("broken_gzip") from error
        self.given += len(data)
        if self.given > MAX_BYTES:
            raise Refuse("too_large", megabytes=MAX_BYTES // MEGABYTE)
        buffer[: len(data)] = data
        return len(data)


def open_bytes(packed: bool) -> IO[bytes]:
    """The file's bytes from its start, unpacked where it is gzipped."""
    os.lseek(0, 0, os.SEEK_SET)
    raw: IO[bytes] = os.fdopen(0, "rb", closefd=False)
    return io.BufferedReader(Bounded(gzip.GzipFile(fileobj=raw) if packed else raw), 1 << 16)


def scan(packed: bool) -> dict[str, Any]:
    """Look once at every byte: how long, which BOM, whether UTF-8, and a sample of the lines that tell encodings apart."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    size, nuls, controls, wide, broken = 0, 0, 0, 0, 0
    head, telling = b"", io.BytesIO()
    stream = open_bytes(packed)
    while block := stream.read(1 << 18):
        size += len(block)
        if len(head) < SAMPLE:
            head += block[: SAMPLE - len(head)]
        nuls += block.count(0)
        controls += len(block) - len(
            block.translate(None, b"\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18")
        )
        if block.isascii() and not decoder.getstate()[0]:
            continue
        # A broken character does not make a file Latin-1: count how many are whole and how many are not.
        at = 0
        while True:
            try:
                wide += sum(c > "\x7f" for c in decoder.decode(block[at:])) if broken < 1000 else 0
                break
            except UnicodeDecodeError as error:
                broken += 1
                wide += sum(c > "\x7f" for c in error.object[: error.start].decode("utf-8", "ignore"))
                at = len(block) - (len(error.object) - max(error.end, error.start + 1))
                decoder.reset()
                if broken >= 1000 or at >= len(block):
                    break
        if telling.tell() < SAMPLE:
            for line in block.split(b"\n"):
                if not line.isascii():
                    telling.write(line[:2000] + b"\n")
                    if telling.tell() >= SAMPLE:
                        break
    return {
        "size": size, "nuls": nuls, "controls": controls, "wide": wide, "broken": broken,
        "head": head, "telling": telling.getvalue(),
    }  # fmt: skip


def encoding_of(seen: dict[str, Any], notes: list[Any]) -> str:
    """The encoding that the file's bytes are most likely written in."""
    head: bytes = seen["head"]
    for bom, name in BOMS:
        if head.startswith(bom):
            return name
    if seen["nuls"] * 5 > seen["size"]:
        # UTF-16 without a BOM: the NULs of Latin text stand at every second byte.
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if max(even, odd) > 10 * min(even, odd) + 1:
            return "utf-16-be" if even > odd else "utf-16-le"
    # Text of another encoding hardly ever holds whole characters of UTF-8 by accident.
    if seen["broken"] * 2 <= seen["wide"]:
        return "utf-8"
    sample: bytes = seen["telling"] or head
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=CANDIDATES).best()
    guess = best.encoding if best else "cp1252"
    if guess in LATIN or guess in {"cp1258"} or best is None:
        guess = latin_page(sample)
    notes.append(["guessed_encoding", {"encoding": guess}])
    return guess


def latin_page(sample: bytes) -> str:
    """The Latin code page in which `sample` reads most like something that people write."""
    high = bytes(b for b in sample if b > 0x7F)[:20_000]
    scores = {}
    for page, letters in LATIN.items():
        rank = {letter: 2.0 - index / len(letters) for index, letter in enumerate(letters)}
        try:
            text = high.decode(page)
        except UnicodeDecodeError:
            continue
        scores[page] = sum(rank.get(c, 0.0 if c.isalpha() else -2.0) for c in text)
    # Latin-1 proper takes every byte, so there is always an answer.
    return max(scores, key=lambda page: scores[page]) if scores else "latin-1"


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Lines:
    """The lines of a text, counting what tells an unclosed quotation mark."""

    def __init__(self, text: IO[str]):
        self.text, self.quotes = text, 0

    def __iter__(self) -> Iterator[str]:
        for line in self.text:
            if '"' in line:
                self.quotes += line.count('"')
            yield line


def open_text(packed: bool, encoding: str) -> IO[str]:
    """The file as text; bytes that mean nothing in `encoding` become U+FFFD, which marks their row."""
    return io.TextIOWrapper(open_bytes(packed), encoding=encoding, errors="replace", newline="")


def delimiter_of(head: str) -> str:
    """The delimiter by which the first lines fall into the same number of columns most often."""
    first = head.lstrip("\ufeff").splitlines()[:1]
    if first and first[0].lower().startswith("sep=") and len(first[0]) == 5:
        return first[0][4]
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        try:
            rows = [row for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter) if row][:60]
        except csv.Error:
            continue
        # The sample may end inside a row.
        rows = rows[:-1] if len(rows) > 2 else rows
        if not rows or len(rows[0]) < 2:
            continue
        width = len(rows[0])
        score = (sum(len(row) == width for row in rows) / len(rows), width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def csv_rows(packed: bool, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Every row of the file with its number as a spreadsheet counts, and what is wrong with it."""
    csv.field_size_limit(MAX_CELL)
    with open_text(packed, encoding) as text:
        lines = Lines(text)
        reader = csv.reader(iter(lines), delimiter=delimiter)
        number = 0
        while True:
            quotes, line = lines.quotes, reader.line_num
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                number += 1
                raise Refuse("unclosed_quote" if "field larger" in str(error) else "broken_csv", row=number) from error
            number += 1
            if number == 1 and len(cells) <= 2 and cells and cells[0].lower().lstrip("\ufeff").startswith("sep="):
                # A line for the spreadsheet program, not a row that anybody sees.
                number = 0
                continue
            # One stray mark within a line means inches; over several lines it means that an end is missing.
            unclosed = reader.line_num - line > 1 and (lines.quotes - quotes) % 2
            yield number, cells, "unclosed_quote" if unclosed else ""


# ── XLSX ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def check_zip() -> None:
    """Refuse a workbook that would unpack to more than it may, before anything is unpacked."""
    import zipfile

    try:
        with zipfile.ZipFile(os.fdopen(0, "rb", closefd=False)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Refuse("broken_xlsx") from error
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Refuse("binary", what="archive")
    if len(entries) > 2000 or sum(entry.file_size for entry in entries) > 4 * MAX_BYTES:
        raise Refuse("zip_bomb")
    if any(
        entry.file_size > 10 * MEGABYTE and entry.file_size > 250 * max(entry.compress_size, 1) for entry in entries
    ):
        raise Refuse("zip_bomb")
    os.lseek(0, 0, os.SEEK_SET)


def cell_text(value: Any) -> str:
    """A workbook's value as neutral text: ISO dates, no thousands marks, whole numbers without a point."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if hasattr(value, "isoformat"):
        text = str(value.isoformat())
        return text[:-9] if text.endswith("T00:00:00") else text.replace("T", " ")
    return str(value)


def open_sheet(wanted: str, notes: list[Any], found: dict[str, Any]) -> Any:
    """The sheet named `wanted`, or the first one that holds anything."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(os.fdopen(0, "rb", closefd=False).read()))
        names = book.sheet_names
        if wanted and wanted not in names:
            raise Refuse("no_sheet", sheet=wanted, sheets=names)
        chosen = None
        for name in [wanted] if wanted else names:
            chosen = book.get_sheet_by_name(name)
            if chosen.height:
                break
    except PasswordError as error:
        raise Refuse("password") from error
    except CalamineError as error:
        raise Refuse("broken_xlsx") from error
    if chosen is None or not chosen.height:
        raise Refuse("empty")
    if chosen.total_height * (chosen.width or 1) > MAX_AREA:
        raise Refuse("too_complex")
    if len(names) > 1:
        notes.append(["sheets", {"sheet": chosen.name, "count": len(names)}])
    found.update(sheet=chosen.name, sheets=names)
    return chosen


def xlsx_rows(sheet: Any) -> Iterator[tuple[int, list[str], str]]:
    """Every row of `sheet` from its first used one, with the number that the spreadsheet shows beside it."""
    for number, row in enumerate(sheet.to_python(skip_empty_area=False), 1):
        yield number, [cell_text(value) for value in row], ""


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def json_objects(packed: bool, encoding: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of an array, or of one-object-a-line, one after the other; the file is never in memory as a whole."""
    decoder = json.JSONDecoder()
    with open_text(packed, encoding) as text:
        buffer, at, number, ended, inside = text.read(1 << 16).lstrip("\ufeff \t\r\n"), 0, 0, False, False
        if buffer.startswith("["):
            inside, at = True, 1
        while True:
            at = _skip(buffer, at)
            if at >= len(buffer) and not ended:
                buffer, at = text.read(1 << 16), 0
                ended = not buffer
                continue
            if at >= len(buffer):
                if inside:
                    raise Refuse("broken_json", row=number + 1)
                return
            if inside and buffer[at] == "]":
                return
            try:
                item, end = decoder.raw_decode(buffer, at)
                if end == len(buffer) and not ended:
                    raise ValueError("a number may go on in the next block")
            except ValueError as error:
                more = "" if ended else text.read(max(1 << 16, len(buffer) - at))
                ended = ended or not more
                buffer, at = buffer[at:] + more, 0
                if not more or len(buffer) > 16 * MAX_CELL:
                    raise Refuse("broken_json", row=number + 1) from error
                continue
            except RecursionError as error:
                raise Refuse("broken_json", row=number + 1) from error
            number += 1
            if not isinstance(item, dict):
                raise Refuse("json_shape", row=number)
            yield number, item
            at = end


def _skip(buffer: str, at: int) -> int:
    while at < len(buffer) and buffer[at] in " \t\r\n,":
        at += 1
    return at


def flat(item: Any, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Columns and texts of one JSON object: inner objects become dotted columns, lists of plain values "a; b"."""
    for key, value in item.items():
        name = f"{prefix}{column_name(key)}"[:200]
        if isinstance(value, dict) and value and depth < 4:
            yield from flat(value, f"{name}.", depth + 1)
        else:
            yield name, json_text(value)


def json_text(value: Any) -> str:
    """One JSON value as the text of a cell."""
    if value is None or value == {} or value == []:
        return ""
    if isinstance(value, str):
        # Half a character becomes the sign of an unreadable one, so that its row is told.
        return value if value.isascii() else value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(part, list | dict) for part in value):
        return "; ".join(text for text in map(json_text, value) if text)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def json_rows(packed: bool, encoding: str) -> tuple[list[str], int, Iterator[tuple[int, list[str], str]]]:
    """Columns (the union of all objects' keys, in the order they are met), number of objects that hold anything, rows."""
    columns: dict[str, int] = {}
    count = 0
    for _number, item in json_objects(packed, encoding):
        cells = list(flat(item))
        count += any(text.strip() for _name, text in cells)
        for name in dict.fromkeys(name for name, _text in cells):
            if columns.setdefault(name, len(columns)) >= MAX_COLUMNS:
                raise Refuse("too_many_columns", columns=len(columns), most=MAX_COLUMNS)

    def rows() -> Iterator[tuple[int, list[str], str]]:
        for number, item in json_objects(packed, encoding):
            cells = [""] * len(columns)
            for name, text in flat(item):
                cells[columns[name]] = text
            yield number, cells, ""

    return list(columns), count, rows()


# ── what every format has ────────────────────────────────────────────────────────────────────────────────────────────

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_VALUE = re.compile(
    r"[^@\s]+@[^@\s]+\.\w+|(https?://|www\.)\S+|[+(]?\d[\d\s().,/-]{4,}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}.*|-?\d+([.,]\d+)?",
    re.IGNORECASE,
)


def looks_like_values(cells: list[str]) -> bool:
    """Whether a first row holds values (addresses, numbers, dates) and not the names of columns."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return 2 * sum(bool(_VALUE.fullmatch(cell)) for cell in filled) >= len(filled)


def header_of(cells: list[str], notes: list[Any]) -> list[str]:
    """Column names made of the header's cells: none empty, none twice."""
    names = [column_name(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise Refuse("too_many_columns", columns=len(names), most=MAX_COLUMNS)
    seen: set[str] = set()
    columns = []
    for index, name in enumerate(names):
        if not name:
            notes.append(["unnamed_column", {"column": index + 1}])
        # "#3" is language-neutral; screens say "Column 3".
        wanted = unique = (name or f"#{index + 1}")[:200]
        turn = 2
        while unique in seen:
            unique = f"{wanted} ({turn})"
            turn += 1
        if unique != wanted:
            notes.append(["doubled_column", {"column": wanted, "renamed": unique}])
        seen.add(unique)
        columns.append(unique)
    return columns


def column_name(text: str) -> str:
    """A header's cell as a name: one line, without signs that nobody sees."""
    return _CONTROLS.sub("", " ".join(storable(text).replace("\ufeff", "").split()))[:200]


def storable(text: str) -> str:
    """`text` without halves of characters (JSON can spell them), which no database takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def shaped(rows: Iterable[tuple[int, list[str], str]], width: int) -> Iterator[Row]:
    """Rows of exactly `width` cells, without those that are empty, each with what is wrong with it."""
    for number, raw, wrong in rows:
        if not any(raw) or not any(cell.strip() for cell in raw):
            continue
        # Short rows are whole as far as they go: many programs leave out what is empty at the end.
        cells = raw[:width] + [""] * (width - len(raw))
        extra = [cell for cell in raw[width:] if cell.strip()]
        unread = [index for index, cell in enumerate(cells) if "\ufffd" in cell]
        if wrong:
            yield [number, cells, wrong, None]
        elif extra:
            yield [number, cells, "extra_cells", extra[:5]]
        elif unread:
            yield [number, cells, "unreadable", unread]
        else:
            yield [number, cells, "", None]


def read(options: dict[str, Any]) -> Iterator[Any]:
    """Everything the parent is told about the file on standard input, in order."""
    notes: list[Any] = []
    found: dict[str, Any] = {"delimiter": "", "encoding": "", "sheet": "", "sheets": [], "header": True}
    start = os.pread(0, 64, 0)
    if not start:
        raise Refuse("empty")
    packed = start.startswith(b"\x1f\x8b")
    form = "xlsx" if start.startswith(b"PK\x03\x04") else ""
    limit(os.fstat(0).st_size * (8 if packed or form else 1), form)
    if form == "xlsx":
        check_zip()
        sheet = open_sheet(options.get("sheet", ""), notes, found)
        raw: Iterator[tuple[int, list[str], str]] = xlsx_rows(sheet)
        count = sum(1 for _ in shaped(xlsx_rows(sheet), MAX_COLUMNS)) if options.get("count") else -1
    else:
        seen = scan(packed)
        check_text(seen)
        encoding = found["encoding"] = options.get("encoding") or encoding_of(seen, notes)
        if not encoding.startswith("utf-") and not options.get("encoding") and seen["wide"] > 0:
            notes.append(["not_utf8", {"encoding": encoding}])
        head = seen["head"].decode(encoding, "ignore")
        if not head.strip("\ufeff \t\r\n\x00"):
            raise Refuse("empty")
        form = options.get("format") or ("json" if head.lstrip("\ufeff \t\r\n")[:1] in ("[", "{") else "csv")
        if form == "json":
            columns, count, raw = json_rows(packed, encoding)
        else:
            delimiter = found["delimiter"] = options.get("delimiter") or delimiter_of(head)
            raw = csv_rows(packed, encoding, delimiter)
            count = sum(1 for _ in shaped(csv_rows(packed, encoding, delimiter), 1)) if options.get("count") else -1
    if form != "json":
        first = next((row for row in raw if any(cell.strip() for cell in row[1])), None)
        if first is None:
            raise Refuse("empty")
        given = options.get("header")
        if given is None and looks_like_values(first[1]):
            # Nothing is lost by taking a first row of values as what it is; whoever knows better says so.
            given = False
            notes.append(["no_header", {"cell": next(cell for cell in first[1] if cell.strip())[:60]}])
        found["header"] = given is not False
        if given is False:
            columns = [f"#{index + 1}" for index in range(len(first[1]))]
            if len(columns) > MAX_COLUMNS:
                raise Refuse("too_many_columns", columns=len(columns), most=MAX_COLUMNS)
            raw = _again(first, raw)
        else:
            columns = header_of(first[1], notes)
            count -= count > 0
    if form == "json" and count == 0:
        raise Refuse("empty")
    yield {**found, "format": form, "packed": packed, "columns": columns, "count": count, "notes": notes}
    yield from chunks(shaped(raw, len(columns)), options.get("after", 0), len(columns))


def _again(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest


def check_text(seen: dict[str, Any]) -> None:
    """Refuse bytes that are no text, naming what they are where that is known."""
    head: bytes = seen["head"]
    for magic, what in MAGIC:
        if head.startswith(magic):
            raise Refuse("binary", what=what)
    if any(head.startswith(bom) for bom, _name in BOMS[1:]):
        # Half of UTF-16 looks like control characters; bytes that it cannot be mark their rows.
        return
    if seen["nuls"] * 5 > seen["size"]:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if max(even, odd) <= 10 * min(even, odd) + 1:
            raise Refuse("binary", what="")
    elif (seen["controls"] + seen["nuls"]) * 100 > seen["size"]:
        # A few control characters are somebody's slip and their rows' affair; one in a hundred is no text.
        raise Refuse("binary", what="")


def chunks(rows: Iterator[Row], after: int, width: int) -> Iterator[Any]:
    """Rows whose number is above `after`, in bounded lists; then the end."""
    chunk: list[Row] = []
    size, total = 0, 0
    for row in rows:
        total += 1
        if row[0] <= after:
            continue
        chunk.append(row)
        size += sum(map(len, row[1]))
        if len(chunk) >= CHUNK_ROWS or size >= CHUNK_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if total == 0:
        raise Refuse("lone_row")
    if chunk:
        yield chunk
    yield {"end": True, "rows": total, "width": width}


def main() -> None:
    """Read standard input as the first argument says, and write what was found."""
    out = sys.stdout.buffer
    with contextlib.suppress(OSError, AttributeError):
        # Not every system lets a process do without a network; the other limits always hold.
        leave_the_network()
    try:
        for thing in read(json.loads(sys.argv[1])):
            out.write(json.dumps(thing, ensure_ascii=True).encode() + b"\n")
            out.flush()
    except Refuse as refusal:
        out.write(json.dumps({"refused": refusal.code, **refusal.detail}).encode() + b"\n")
    except LookupError as error:
        if "encoding" not in str(error):
            raise
        out.write(json.dumps({"refused": "unknown_encoding"}).encode() + b"\n")
    except MemoryError:
        out.write(b'{"refused": "too_complex"}\n')
    except BrokenPipeError:
        # The parent has seen enough.
        os._exit(0)
    out.flush()


if __name__ == "__main__":
    main()
