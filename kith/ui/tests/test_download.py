"""Files leave as attachments, under clean names, in a sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from kith.threads.download import LONGEST, attachment, clean_name


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("letter.pdf", "letter.pdf"), ("Ääkköset ja 名前.csv", "Ääkköset ja 名前.csv"), ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Users\\a.txt", "C__Users_a.txt"), ("a\0b.txt", "ab.txt"), ("a\r\nSet-Cookie: x.txt", "aSet-Cookie_ x.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"), ("\u200f\u2066a\u2069.txt", "a.txt"), ("con.txt", "con_.txt"), ("NUL", "NUL_"),
        ("console.txt", "console.txt"), ("", "file"), ("...", "file"), (" . ", "file"), ("a.txt. ", "a.txt"), ('a"b;c.txt', "a_b;c.txt"),
        ("\ud800x.txt", "x.txt"), ("e\u0301.txt", "é.txt"),
    ],
)  # fmt: skip
def test_a_name_is_clean(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@pytest.mark.parametrize("name", ["a" * 500 + ".xlsx", "名" * 500 + ".csv", "a." + "b" * 500, "." * 500 + "x"])
def test_a_long_name_is_cut_and_keeps_its_ending(name: str) -> None:
    assert 0 < len(clean_name(name)) <= LONGEST
    for ending in (".xlsx", ".csv"):
        assert clean_name(name).endswith(ending) == name.endswith(ending)


def test_a_header_says_the_name_in_every_script_and_no_second_header() -> None:
    answer = attachment([b"x"], 'Ä"\r\nX: y\u202e.csv', "text/csv")
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment; filename*=utf-8''")
    assert not {"\r", "\n", "\u202e"} & set(said)


@pytest.mark.parametrize("format_", ["csv", "xlsx", "json"])
def test_an_export_leaves_by_this_way(sign_in: Any, boxes: Any, format_: str) -> None:
    boxes(2)
    answer = sign_in("admin").get(f"/boxes/export/?format={format_}")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert b"".join(answer.streaming_content)
