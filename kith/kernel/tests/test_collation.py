"""The order of words in each language, against lists written by hand, and what every stored key has to be."""

from __future__ import annotations

import random
import unicodedata

import pytest

from kith.kernel.collation import LANGUAGES, MAX_BYTES, PARTS, in_order, language_of, sort_key

from .orders import ORDERS, names


def test_every_language_of_the_interface_has_an_order_to_be_held_against() -> None:
    assert set(ORDERS) == set(LANGUAGES)
    assert all(len(set(names(language))) >= 60 for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_stand_in_the_order_of_the_language(language: str) -> None:
    shuffled = names(language)
    random.Random(7).shuffle(shuffled)
    assert in_order(shuffled, str, language) == names(language)
    assert sorted(shuffled, key=lambda name: sort_key(name, language) or b"") == names(language)


def test_the_same_letters_stand_elsewhere_in_other_languages() -> None:
    letters = ["Žagar", "Åberg", "Zorro", "Čeh", "王", "Cuk", "Bo", "لیلا"]
    assert in_order(letters, str, "fi") == ["Bo", "Čeh", "Cuk", "Žagar", "Zorro", "Åberg", "لیلا", "王"]
    assert in_order(letters, str, "sl") == ["Åberg", "Bo", "Cuk", "Čeh", "Zorro", "Žagar", "لیلا", "王"]
    assert in_order(letters, str, "fa") == ["لیلا", "Åberg", "Bo", "Čeh", "Cuk", "Žagar", "Zorro", "王"]
    assert in_order(letters, str, "zh-hans") == ["王", "Åberg", "Bo", "Čeh", "Cuk", "Žagar", "Zorro", "لیلا"]


def test_the_letters_of_persian_stand_as_in_its_alphabet() -> None:
    alphabet = list("آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی")
    assert in_order(reversed(alphabet), str, "fa") == alphabet


def test_arabic_and_persian_forms_of_a_letter_stand_together() -> None:
    assert in_order(["يزدان", "یاور", "كامران", "کاوه", "گیتی"], str, "fa") == [
        "كامران",
        "کاوه",
        "گیتی",
        "یاور",
        "يزدان",
    ]


def test_families_stand_together_whatever_else_begins_like_them() -> None:
    people = [f"García López{PARTS}Ana", f"García{PARTS}Zoe", f"Garciani{PARTS}Abe", f"García{PARTS}Bo"]
    assert [p.replace(PARTS, " ") for p in in_order(people, str, "en")] == [
        "García Bo", "García Zoe", "García López Ana", "Garciani Abe",
    ]  # fmt: skip


def test_runs_of_digits_count_as_numbers_in_every_script() -> None:
    assert in_order(["Room 10", "Room 9", "Room ۱۱", "Room 2b"], str, "en") == [
        "Room 2b",
        "Room 9",
        "Room 10",
        "Room ۱۱",
    ]


def test_two_ways_of_writing_one_letter_have_one_key() -> None:
    for name in ("Ääri", "Čeh", "Nguyễn Thị Ánh", "Öykü"):
        for language in LANGUAGES:
            apart = unicodedata.normalize("NFD", name)
            assert apart != name
            assert sort_key(apart, language) == sort_key(name, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_are_short_and_a_cut_one_is_never_behind_what_it_stood_before(language: str) -> None:
    long = [start * 60 for start in ("Ääkkönen ", "王小明", "محمدی ", "Nguyễn", "9", "👩🏽‍🚀")]
    texts = [name + tail for name in [*long, *names(language)] for tail in ("", " a", " b", "\u200f")]
    keys = {text: sort_key(text, language) or b"" for text in texts}
    assert max(map(len, keys.values())) == MAX_BYTES
    ordered = in_order(texts, str, language)
    assert [keys[text] for text in ordered] == sorted(keys.values())


def test_nothing_has_no_key_and_comes_last() -> None:
    assert all(sort_key("", language) is None for language in LANGUAGES)
    assert sort_key("\u200f", "fa") is not None, "signs without weight are something"
    assert in_order(["", "b", "a"], str, "en") == ["a", "b", ""]


def test_other_languages_see_the_nearest_order_or_the_root() -> None:
    told = ("fi", "zh-hans", "zh-Hans", "zh", "fi-FI", "de", "", "en-GB")
    assert [language_of(code) for code in told] == ["fi", "zh-hans", "zh-hans", "zh-hans", "fi", "en", "en", "en"]
