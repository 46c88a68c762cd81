"""What was asked for is marked in the spelling that the text has, and nothing of the text is ever markup."""

from __future__ import annotations

import pytest

from kith.kernel.highlights import marked, spans


@pytest.mark.parametrize(
    ("text", "question", "parts"),
    [
        ("Zoë van der Berg", "zoe", ["Zoë"]),
        ("Anaïs Lefe\u0300vre", "lefevre", ["Lefe\u0300vre"]),
        ("علي كريمي", "علی", ["علي"]),
        ("سارا محمدی", "محمدي", ["محمدی"]),
        ("田中 由紀", "田中", ["田中"]),
        ("神田ロボティクス", "ろぼ", ["ロボ"]),
        ("Straße 5", "strasse", ["Straße"]),
        ("İstanbul", "istan", ["İstan"]),
        ("Tanaka, tanaka@example.com", "TANAKA", ["Tanaka", "tanaka"]),
        ("Anna Hannah", "an", ["An"]),
        ("Nothing here", "zebra", []),
        ("Sara Mohammadi سارا", "sara سارا", ["Sara", "سارا"]),
        ("Ｆｕｌｌ width", "full", ["Ｆｕｌｌ"]),
    ],
)
def test_a_word_is_marked_as_it_is_written(text: str, question: str, parts: list[str]) -> None:
    assert [text[a:b] for a, b in spans(text, question)] == parts


def test_markup_in_a_text_is_text() -> None:
    shown, found = marked("<b>Zoë</b> & <script>", "zoe")
    assert found
    assert shown == "&lt;b&gt;<mark>Zoë</mark>&lt;/b&gt; &amp; &lt;script&gt;"


def test_a_long_text_is_cut_around_the_first_place() -> None:
    shown, found = marked("word " * 300 + "needle " + "tail " * 300, "needle")
    assert found
    assert "<mark>needle</mark>" in shown
    assert len(shown) < 200
    assert shown.startswith("…")
    assert shown.endswith("…")


def test_what_is_not_there_is_not_marked() -> None:
    assert marked("Anna", "") == ("Anna", False)
