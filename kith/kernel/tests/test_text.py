"""One fold for index and query: what was written is found as people type it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.kernel.text import LONGEST, MAX_WORDS, ascii_digits, asked, fold, has_controls, tokens

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
    assert tokens("田中由紀 Tanaka San") == ["田中", "中由", "由紀", "紀", "tanaka", "san"]
    assert tokens("株") == ["株"]
    assert tokens("ONeill & Bón") == ["oneill", "bon"]
    assert tokens(" .,!? ") == []


def test_digits_of_every_script_are_read():
    assert ascii_digits("۰۹۱۲ ٠١٢ ０１２ ०१२ x½²") == "0912 012 012 012 x½²"


@pytest.mark.parametrize(
    ("text", "has"), [("a\x00b", True), ("a\tb\nc", False), ("\x1b[0m", True), ("\x7f", True), ("é\u200c", False)]
)
def test_control_characters_are_seen(text: str, has: bool):
    assert has_controls(text) is has


VARIANTS = [
    ("O'Neill", "oneill"), ("Anna-Liisa", "annaliisa"), ("S.A.", "sa"), ("Müller", "mueller"), ("Søren", "soeren"), ("Åland", "aaland"),
    ("צה״ל", "צהל"), ("الأحمدي", "احمدی"), ("می‌روم", "روم"), ("call 040 123 4567 now", "0401234567"), ("+49 (0)30 12 34 56", "4930123456"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "also"), VARIANTS)
def test_other_spellings_of_a_word_are_held_too(written: str, also: str):
    assert also in tokens(written)


def test_search_takes_both_kana_and_both_forms_of_a_character_for_one():
    assert tokens("サクラ") == tokens("さくら")
    assert tokens("髙橋") == tokens("高橋")
    assert tokens("マリア・ガルシア") == [*tokens("まりあ"), *[t for t in tokens("がるしあ") if t != "あ"], "あ"]


def test_words_of_india_keep_their_vowels():
    assert tokens("प्रिया शर्मा") == ["प्रिया", "शर्मा"]


@given(st.text())
def test_every_word_can_be_asked_for_and_fits_the_index(text: str):
    assert all(0 < len(word) <= LONGEST for word in tokens(text))
    assert not any(set(word) & set(" %_'\"\\*") for word in tokens(text))
    words = asked(text)
    assert len(words) <= MAX_WORDS
    assert all(
        ways and all(ways) and all(0 < len(t) <= LONGEST for w in ways for term in w for t in term.tokens)
        for ways in words
    )


@given(st.text(alphabet="abcäö'-. 田中由كسرة0123()+ف\u200c", max_size=40))
def test_what_is_written_is_found_as_it_is_written(text: str):
    held = " ".join(tokens(text))
    for ways in asked(text):
        assert any(all(term.written in held for term in terms) for terms in ways)
