"""One fold for index and query: what was written is found as people type it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.kernel.text import ascii_digits, fold, has_controls, tokens

SAME = [
    ("Ääkköset", "aakkoset"), ("ÅSA", "asa"), ("Straße", "strasse"), ("İstanbul", "istanbul"), ("ISTANBUL", "ıstanbul"),
    ("Çağla", "cagla"),
    ("Łódź", "lodz"), ("Žižek", "zizek"), ("Ελλάδα", "ελλαδα"), ("ΛΌΓΟΣ", "λογος"), ("Ёлка", "елка"), ("كريم", "کریم"), ("علي", "علی"),
    ("أحمد", "احمد"), ("می‌روم", "میروم"), ("مـحـمـد", "محمد"), ("مُحَمَّد", "محمد"), ("۰۱۲", "012"), ("٠١٢", "012"), ("０１２", "012"),
    ("ＡＢＣ", "abc"),
    ("ｶﾀｶﾅ", "カタカナ"), ("Nguyễn", "nguyen"), ("Đặng", "dang"), ("Ærø", "aero"), ("  two   words ", "two words"), ("naïve", "naive"),
    ("ﬁn", "fin"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "typed"), SAME)
def test_spellings_that_people_take_for_one_are_one(written: str, typed: str):
    assert fold(written) == fold(typed)


@pytest.mark.parametrize(("one", "other"), [("は", "ば"), ("か", "が"), ("กา", "กี"), ("कि", "का"), ("田", "由")])
def test_marks_that_are_part_of_the_letter_stay(one: str, other: str):
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_is_folding_once(text: str):
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.text())
def test_words_typed_are_words_of_the_text(before: str, after: str):
    assert set(tokens("田中由紀")) <= set(tokens(f"{before} 田中由紀 {after}"))


def test_scripts_without_spaces_are_cut_into_pairs_and_others_into_words():
    assert tokens("田中由紀 Tanaka-san") == ["田中", "中由", "由紀", "tanaka", "san"]
    assert tokens("株") == ["株"]
    assert tokens("O'Neill & Søn") == ["o", "neill", "son"]
    assert tokens(" .,!? ") == []


def test_digits_of_every_script_are_read():
    assert ascii_digits("۰۹۱۲ ٠١٢ ０１２ ०१२ x½²") == "0912 012 012 012 x½²"


@pytest.mark.parametrize(
    ("text", "has"), [("a\x00b", True), ("a\tb\nc", False), ("\x1b[0m", True), ("\x7f", True), ("é\u200c", False)]
)
def test_control_characters_are_seen(text: str, has: bool):
    assert has_controls(text) is has
