"""Every format, encoding and delimiter that people send, and everything that is refused, with its sentence."""

import gzip
import io
import json
import os
import random
import socket
import subprocess
import sys
import zipfile
from datetime import date

import pytest
import xlsxwriter

from kith.kernel.errors import Refused
from kith.objects.exchange import reading
from kith.objects.exchange.reading import Options, read


@pytest.fixture
def table(tmp_path):
    """Read bytes as a file; gives (table, rows)."""

    def reader(data: bytes, **options):
        after = options.pop("after", 0)
        path = tmp_path / "file"
        path.write_bytes(data)
        with read(path, Options(**options), count=True, after=after) as found:
            return found, list(found.rows)

    return reader


def cells(rows):
    return [row.cells for row in rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_any_common_delimiter_is_found_also_in_a_gzipped_file(table, delimiter, pack):
    text = f'name{delimiter}town\n"Ann{delimiter}a"{delimiter}Oulu\nBo{delimiter}Izola\n'
    found, rows = table(pack(text.encode()))
    assert (found.delimiter, found.columns, found.count) == (delimiter, ["name", "town"], 2)
    assert cells(rows) == [[f"Ann{delimiter}a", "Oulu"], ["Bo", "Izola"]]
    assert [row.number for row in rows] == [2, 3]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Ime;Mesto\nŽiga Čeč;تهران\n"),
        ("utf-8-sig", "Ime;Mesto\nŽiga Čeč;北京\n"),
        ("utf-16", "Ime;Mesto\nŽiga Čeč;北京\n"),
        ("utf-16-le", "Name;Town\nAnna Berg;Lund\n"),
        ("utf-16-be", "Name;Town\nAnna Berg;Lund\n"),
        ("cp1252", "Name;Straße;Ort\nJörg Groß;Königsallee 3;Düsseldorf\nGaëlle Lefèvre;12 rue;Orléans\n"),
        ("latin-1", "Nimi;Kaupunki\nPäivi Räsänen;Jyväskylä\n"),
        ("cp1250", "Ime;Mesto\nŽiga Čeč;Škofja Loka\nŠpela Žižek;Črnomelj\n"),
        ("cp1251", "Имя;Город\nИван Петров;Москва\nАнна Смирнова;Казань\n"),
        ("cp1253", "Όνομα;Πόλη\nΓιώργος Παπαδόπουλος;Αθήνα\n"),
        ("cp1254", "Ad;Şehir\nÇağla Şahin;İstanbul\n"),
        ("cp1257", "Vardas;Miestas\nŽygimantas Kąstytis;Šiauliai\nRūta;Panevėžys\n"),
        ("cp1256", "الاسم;المدينة\nمحمد علي;بغداد\nفاطمة;البصرة\n"),
        ("gb18030", "姓名;城市\n王小明;北京\n李华;上海\n"),
        ("shift_jis", "名前;都市\n田中太郎;東京\n山田花子;大阪\n"),
        ("euc_jp", "名前;都市\nタナカ たろう;トウキョウ\nやまだ 花子;おおさか\n"),
        ("big5", "姓名;城市\n王小明;臺北\n"),
        ("euc_kr", "이름;도시\n김철수;서울\n"),
        ("koi8_r", "Имя;Город\nИван Петров;Москва\nАнна Смирнова;Казань\n"),
    ],
)
def test_an_encoding_is_guessed_said_and_may_be_named_instead(table, encoding, text):
    expected = [line.split(";") for line in text.splitlines()]
    for options in ({}, {"encoding": encoding}):
        found, rows = table(text.encode(encoding), **options)
        assert [found.columns, *cells(rows)] == expected, found.encoding
    assert found.encoding == encoding
    if not encoding.startswith("utf"):
        assert any("not UTF-8" in note for note in table(text.encode(encoding))[0].notes)


def test_one_broken_byte_in_utf8_is_one_broken_row_not_another_encoding(table):
    found, rows = table("name\nÄäÖö\nÅså\nçéèñüßøæ\nšžčćđ\nĄęłńó\n".encode() + b"caf\xe9\n")
    assert found.encoding == "utf-8"
    assert [row.number for row in rows if row.problem] == [7]
    assert "cannot be read as UTF-8: “name”" in rows[-1].problem


def test_a_wrong_encoding_marks_the_rows_that_it_cannot_read(table):
    _found, rows = table("name\nAnna\nJörg\n".encode("cp1252"), encoding="utf-8")
    assert [bool(row.problem) for row in rows] == [False, True]


def workbook(*sheets):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def test_a_workbook_is_read_from_its_first_sheet_that_holds_something(table):
    data = workbook(
        ("Empty", []), ("People", [["Name", "Amount", "Active"], ["Päivi", 12.5, True], [], ["Bo", 7, False]])
    )
    found, rows = table(data)
    assert (found.format, found.sheet, found.count) == ("xlsx", "People", 2)
    assert cells(rows) == [["Päivi", "12.5", "true"], ["Bo", "7", "false"]]
    assert [row.number for row in rows] == [2, 4], "as the spreadsheet numbers them"
    assert any("2 sheets" in note for note in found.notes)


def test_dates_of_a_workbook_come_as_iso(table):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["day"])
    sheet.write_datetime(1, 0, date(2024, 2, 29))
    book.close()
    assert cells(table(out.getvalue())[1]) == [["2024-02-29"]]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_json_objects_become_rows_and_inner_values_columns(table, pack):
    data = [
        {"name": "A", "address": {"city": "Oulu", "zip": None}, "tags": ["x", "y"]},
        {"name": "B", "active": True, "n": 3.0},
    ]
    found, rows = table(pack(json.dumps(data).encode()))
    assert found.columns == ["name", "address.city", "address.zip", "tags", "active", "n"]
    assert cells(rows) == [["A", "Oulu", "", "x; y", "", ""], ["B", "", "", "", "true", "3"]]
    assert [row.number for row in rows] == [1, 2]


def test_one_json_object_a_line_is_a_table_too(table):
    assert cells(table(b'{"a": "1"}\n{"a": "2"}\n')[1]) == [["1"], ["2"]]


def test_a_long_json_array_is_read_across_blocks(table):
    data = [{"name": "x" * (n % 300), "n": n} for n in range(3000)]
    found, rows = table(json.dumps(data).encode())
    assert found.count == 3000
    assert cells(rows) == [[item["name"], str(item["n"])] for item in data]


def test_doubled_and_missing_column_names_are_named_and_said(table):
    found, _rows = table(b"name,name,,town\na,b,c,d\n")
    assert found.columns == ["name", "name (2)", "#3", "town"]
    assert reading.column_label("#3") == "Column 3"
    assert any("appears more than once" in note for note in found.notes)
    assert any("Column 3 has no name" in note for note in found.notes)


def test_short_rows_are_filled_and_long_ones_reported_by_their_number(table):
    _found, rows = table(b"a,b\n1\n1,2,,\n1,2,3\n\n , \n")
    assert cells(rows) == [["1", ""], ["1", "2"], ["1", "2"]]
    assert [row.number for row in rows if row.problem] == [4]
    assert "“3”" in rows[2].problem
    assert rows[2].extra == ("3",)


def test_a_mark_for_inches_is_text_and_an_unclosed_quotation_is_a_problem(table):
    assert not any(row.problem for row in table(b'a,b\n1,5" pipe\n2,3\n')[1])
    assert table(b'a,b\n1,"2\n3,4\n')[1][0].problem


def test_rows_up_to_a_number_can_be_left_out(table):
    data = "a\n" + "".join(f"{n}\n" for n in range(2, 2000))
    _found, rows = table(data.encode(), after=1500)
    assert [row.number for row in rows] == list(range(1501, 2000))
    assert rows[0].cells == ["1501"]


def test_text_with_a_nul_byte_among_much_text_is_left_to_its_row(table):
    _found, rows = table(b"name,town\n" + b"Anna Berg,Lund\n" * 20 + b"Bo\x00,Lund\n")
    assert rows[-1].cells == ["Bo\x00", "Lund"]


def test_half_a_character_and_signs_in_names_reach_no_database(table):
    found, rows = table(b'[{"na\\u0000me": "x\\ud800y", "\\ud800": "z"}]')
    assert found.columns[0] == "name"
    assert rows[0].problem
    for text in (*found.columns, *rows[0].cells, rows[0].problem):
        text.encode()
        assert "\x00" not in text


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(402):
                sheet.write(b"0" * (1 << 20))
    return out.getvalue()


NOISE = random.Random(1).randbytes(3000)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty"),
        (b" \n\n  \n", "This file is empty"),
        (b"\xef\xbb\xbf", "This file is empty"),
        (b"[]", "This file is empty"),
        (b"a,b\n", "a single row"),
        (b"a,b\n,\n\n", "a single row"),
        (NOISE, "not text"),
        (b"\x89PNG\r\n\x1a\n" + NOISE, "picture"),
        (b"%PDF-1.7\n" + NOISE, "PDF"),
        (b"\x7fELF" + NOISE, "program"),
        (b"PK\x03\x04" + NOISE, "damaged"),
        (b"\x00" * 2000, "not text"),
        (b"\xd0\xcf\x11\xe0" + NOISE, "old .xls"),
        (",".join(f"c{n}" for n in range(400)).encode() + b"\n1\n", "400 columns"),
        (json.dumps([{f"c{n}": n for n in range(400)}]).encode(), "columns"),
        (gzip.compress(b"a,b\n1,2\n" * 100)[:-20], "compressed file is damaged"),
        (b'[{"a": 1},', "This JSON cannot be read"),
        (b'[{"a": 1} {', "This JSON cannot be read"),
        (b"[" * 100_000, "This JSON cannot be read"),
        (b"[1, 2]", "not a list of objects"),
        (b'a\n"' + b"x" * 1_100_000, "never closed"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(table, data, sentence):
    with pytest.raises(Refused, match=sentence):
        table(data)


def test_a_gzip_bomb_and_a_zip_bomb_are_refused_before_they_grow(table):
    with pytest.raises(Refused, match="larger than 100 MB"):
        table(gzip.compress(b"a,b\n" + b"0" * (101 << 20), compresslevel=1))
    with pytest.raises(Refused, match="would unpack to far more"):
        table(bomb())


def test_an_unknown_encoding_or_sheet_is_refused(table):
    with pytest.raises(Refused, match="encoding is not known"):
        table(b"a\n1\n", encoding="klingon")
    with pytest.raises(Refused, match="no sheet called “Nope”"):
        table(workbook(("One", [["a"], ["1"]])), sheet="Nope")


def test_rows_without_names_lose_none_and_that_is_said(table):
    data = b"anna@example.fi,+358 40 1234567,2020-01-01\nbo@example.fi,1,2\n"
    for options in ({}, {"header": False}):
        found, rows = table(data, **options)
        assert (found.columns, found.header, found.count) == (["#1", "#2", "#3"], False, 2)
        assert [row.number for row in rows] == [1, 2]
    assert any("not the names of columns" in note for note in table(data)[0].notes)
    found, rows = table(b"2023,2024\n1,2\n", header=True)
    assert (found.columns, found.count, len(rows)) == (["2023", "2024"], 1, 1)


def test_a_delimiter_is_one_sign(table):
    for wrong in (",,", '"', "\n"):
        with pytest.raises(Refused, match="single sign"):
            table(b"a,b\n1,2\n", delimiter=wrong)


def test_a_child_that_dies_is_a_refused_file(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"a\n1\n")
    script = tmp_path / "dies.py"
    script.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    monkeypatch.setattr(reading, "CHILD", script)
    with pytest.raises(Refused, match="This file was refused"):
        read(path)


def test_a_child_that_hangs_is_a_refused_file(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"a\n1\n")
    script = tmp_path / "hangs.py"
    script.write_text("import signal\nsignal.pause()\n")
    monkeypatch.setattr(reading, "CHILD", script)
    monkeypatch.setattr(reading, "WAIT_SECONDS", 0.2)
    with pytest.raises(Refused, match="This file was refused"):
        read(path)


def test_the_child_has_no_memory_to_waste(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"a\n1\n")
    script = tmp_path / "eats.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(reading.CHILD.parent)!r})\n"
        "import child\nchild.limit(1000, 'csv')\nx = bytearray(500 << 20)\nprint('{}')\n"
    )
    monkeypatch.setattr(reading, "CHILD", script)
    with pytest.raises(Refused, match="This file was refused"):
        read(path)


def test_the_child_has_no_network(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        script = (
            f"import socket, sys; sys.path.insert(0, {str(reading.CHILD.parent)!r})\n"
            "import child\n"
            "if not child.leave_the_network(): sys.exit(3)\n"
            f"socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), timeout=5)\n"
        )
        ended = subprocess.run([sys.executable, "-I", "-c", script], stderr=subprocess.PIPE, check=False)
    if ended.returncode == 3:
        pytest.skip("this system lets no process leave its network")
    assert b"Network is unreachable" in ended.stderr


def test_no_child_is_left_behind(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"a\n" + b"1\n" * 100_000)
    with read(path) as found:
        next(iter(found.rows))
        pid = found._child.process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
