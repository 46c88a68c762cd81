"""Names as people say them: the forms of CLDR, the order of a culture, and names that mean to mislead."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith.kernel.errors import Refused
from kith.kernel.text import tokens
from kith.kernel.viewer import NEUTRAL
from kith.objects.kinds import FullName, PersonName
from kith.objects.kinds.name_forms import family_first, first_sign, initials

from .viewers import EVERYBODY, US

names = FullName()
ADA = PersonName(given="Ada", middle="Augusta King", family="Lovelace", prefix="Dr.", suffix="PhD")
KING = PersonName(given="Martin", middle="Luther", family="King", suffix="Jr.")
TANAKA = PersonName(given="由紀", family="田中", latin_given="Yuki", latin_family="Tanaka")
KIM = PersonName(given="민준", family="김")
WANG = PersonName(given="小明", family="王", prefix="先生")
NAGY = PersonName(given="János", middle="Péter", family="Nagy", prefix="dr.")
NGUYEN = PersonName(given="Anh", middle="Văn", family="Nguyễn", prefix="Ông")
ALAVI = PersonName(given="محمد", family="علوی", prefix="دکتر")
EINSTEIN = PersonName(given="アルベルト", family="アインシュタイン")

SAID: list[tuple[PersonName, str, str, str, str, str]] = [
    (ADA, "", "referring", "long", "formal", "Dr. Ada Augusta King Lovelace, PhD"),
    (ADA, "", "referring", "medium", "formal", "Ada A. K. Lovelace, PhD"),
    (ADA, "", "referring", "short", "formal", "A. A. K. Lovelace"),
    (ADA, "", "referring", "long", "informal", "Ada Lovelace"),
    (ADA, "", "referring", "short", "informal", "Ada L."),
    (ADA, "", "addressing", "long", "formal", "Dr. Lovelace"),
    (ADA, "", "addressing", "long", "informal", "Ada"),
    (ADA, "", "monogram", "long", "formal", "AAL"),
    (ADA, "", "monogram", "short", "informal", "A"),
    (ADA, "", "sorting", "long", "formal", "Lovelace, Ada Augusta King"),
    (KING, "", "referring", "long", "formal", "Martin Luther King Jr."),
    (KING, "", "addressing", "long", "formal", "Martin King"),
    (TANAKA, "ja", "referring", "long", "formal", "田中由紀"),
    (TANAKA, "ja", "addressing", "long", "formal", "田中由紀様"),
    (TANAKA, "ja", "addressing", "short", "informal", "由紀"),
    (TANAKA, "ja", "sorting", "long", "formal", "田中由紀"),
    (TANAKA, "ja", "monogram", "long", "formal", "由"),
    (PersonName(given="由紀", family="田中", prefix="先生"), "ja", "addressing", "long", "formal", "田中先生"),
    (PersonName(given="Yuki", family="Tanaka"), "ja", "referring", "long", "formal", "Tanaka Yuki"),
    (PersonName(given="Yuki", family="Tanaka"), "", "referring", "long", "formal", "Yuki Tanaka"),
    (KIM, "ko", "referring", "long", "formal", "김민준"),
    (KIM, "", "addressing", "long", "formal", "김민준 님"),
    (WANG, "zh-Hans", "referring", "long", "formal", "王小明先生"),
    (WANG, "zh", "addressing", "long", "formal", "王先生"),
    (WANG, "zh", "monogram", "long", "formal", "王"),
    (NAGY, "hu", "referring", "long", "formal", "dr. Nagy János Péter"),
    (NAGY, "hu", "referring", "medium", "formal", "Nagy János P."),
    (NAGY, "hu", "sorting", "long", "formal", "Nagy, János Péter"),
    (NAGY, "de", "referring", "long", "formal", "dr. János Péter Nagy"),
    (NGUYEN, "", "referring", "long", "formal", "Ông Nguyễn Văn Anh"),
    (NGUYEN, "vi", "addressing", "long", "formal", "Ông Anh"),
    (NGUYEN, "vi", "sorting", "medium", "formal", "Nguyễn Văn Anh"),
    (ALAVI, "fa", "referring", "long", "formal", "دکتر محمد علوی"),
    (ALAVI, "fa", "sorting", "long", "formal", "علوی، محمد"),
    (EINSTEIN, "", "referring", "long", "formal", "アルベルト・アインシュタイン"),
    (PersonName(given="ユキ", family="タナカ"), "ja", "referring", "long", "formal", "タナカユキ"),
    (PersonName(full="María José de la Cruz", prefix="Sra."), "es", "addressing", "long", "formal", "Sra. María José de la Cruz"),
    (PersonName(full="田中 由紀", prefix="様"), "ja", "referring", "long", "formal", "田中 由紀様"),
    (PersonName(family="null", prefix="Mr"), "", "addressing", "long", "formal", "Mr null"),
    (PersonName(given="X"), "", "referring", "short", "formal", "X"),
    (PersonName(given="X"), "", "monogram", "short", "formal", "X"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "language", "usage", "length", "formality", "expected"), SAID)
def test_a_name_is_said_by_the_rules_of_its_culture(
    name: PersonName, language: str, usage: Any, length: Any, formality: Any, expected: str
) -> None:
    assert name.said(usage, length, formality, language=language) == expected


@pytest.mark.parametrize(
    ("name", "language", "first"),
    [
        (TANAKA, "", True),
        (KIM, "", True),
        (TANAKA, "en", True),
        (NGUYEN, "fi", True),
        (PersonName(given="由紀\u200b", family="田中\u202e"), "", True),
        (NGUYEN, "", True),
        (NAGY, "", False),
        (NAGY, "hu", True),
        (PersonName(given="Wei", family="Zhang"), "zh-Hant-TW", True),
        (PersonName(given="Wei", family="Zhang", order="given_first"), "zh", False),
        (PersonName(given="由紀", family="田中", order="given_first"), "ja", False),
        (EINSTEIN, "", False),
        (PersonName(given="Adébáyọ̀", family="Ọláyinká"), "", False),
        (PersonName(given="Đorđe", family="Đorđević"), "", False),
        (ADA, "fi", False),
    ],
)
def test_the_family_name_comes_first_where_the_person_comes_from(name: PersonName, language: str, first: bool) -> None:
    assert family_first(name, language) is first


def test_tanaka_in_two_scripts_is_one_person_and_found_by_both() -> None:
    found = set(tokens(names.words(TANAKA)))
    for query in ("田中 由紀", "田中由紀", "Tanaka Yuki", "yuki tanaka", "田中", "TANAKA"):
        assert set(tokens(query)) <= found, query
    whole = set(tokens(names.words(PersonName(full="田中 由紀"))))
    assert set(tokens("田中由紀")) <= whole
    assert names.keys(PersonName(full="田中 由紀")) == names.keys(TANAKA)


def test_initials_are_of_whole_signs() -> None:
    assert initials("John Ronald") == "J. R."
    assert initials("由紀") == "由紀"
    assert initials("e\u0301lan") == "e\u0301."
    assert first_sign("👩‍👩‍👧 Mum") == "👩‍👩‍👧"
    assert first_sign("👍🏽x") == "👍🏽"
    assert first_sign("’t Hooft") == "t"
    assert first_sign("") == first_sign("\u202e") == ""


# ── names that mean to mislead, and names that only look so ──────────────────────────────────────────────────────────

KEPT = [
    PersonName(full="X"),
    PersonName(given="O", family="Ó"),
    PersonName(full="x" * 200),
    PersonName(given="x" * 100, family="y" * 100),
    PersonName(full="🙂"),
    PersonName(given="👩‍👩‍👧", family="🇫🇮"),
    PersonName(given="Jennifer", family="null"),
    PersonName(given="null", family="NULL"),
    PersonName(full="None"),
    PersonName(given="undefined", family="NaN"),
    PersonName(family="=1+1", given="@SUM(A1)"),
    PersonName(given="\u202eAda", family="ecalevoL\u202c"),
    PersonName(full="gnp.\u202egnj.exe"),
    PersonName(full="Ada\u200b Love\u00adlace"),
    PersonName(given="کتاب\u200cفروش", family="رضایی"),
    PersonName(given="a\u0300\u0301\u0302\u0303", family="Z̸a̸l̸g̸o̸"),
]  # fmt: skip


@pytest.mark.parametrize("name", KEPT, ids=lambda name: repr(name.full or name.given)[:20])
def test_odd_names_are_kept_letter_by_letter(name: PersonName) -> None:
    assert names.clean(name) == name
    assert names.unpack(names.pack(name)) == name
    for viewer in EVERYBODY:
        assert names.parse(names.export(name), viewer) == name
        shown = names.format(name, viewer)
        assert shown
        assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b")
        assert "\u202e" not in names.cell(name, viewer) + names.detail(name, viewer) + names.portrait(name, viewer)
        assert names.cell(name, viewer).startswith("<bdi")
        assert names.read_inline(name, {"n": names.edit_inline(name, viewer)}, "n", viewer) == name


def test_what_turns_or_hides_is_said_in_words() -> None:
    turned = names.warnings(PersonName(full="gnp.\u202egnj.exe"), US)
    assert turned == ["This name holds characters that turn the direction of writing. They are kept, but not shown."]
    assert "cannot be seen" in names.warnings(PersonName(given="A\u200bda"), US)[0]
    assert names.warnings(PersonName(given="کتاب\u200cفروش"), US) == names.warnings(PersonName(), US) == []
    assert names.warnings(None, US) == []
    assert names.widget_context(PersonName(full="a\u202e"), US)["warnings"]


@pytest.mark.parametrize(
    "text", ["\u202e", "\u200b\u200b", "\u00ad", "\u3164", "\u2800", "\u202e \u202c", "\U000e0041", "\u0301"]
)
def test_a_name_of_which_nothing_can_be_seen_is_refused_in_words(text: str) -> None:
    with pytest.raises(Refused, match="can be seen"):
        names.parse(text, NEUTRAL)
    with pytest.raises(Refused, match="can be seen"):
        names.clean({"given": text})


sign = st.text(max_size=12)
some = st.builds(
    PersonName, sign, sign, sign, sign, sign, sign, sign, sign, st.sampled_from(["", "family_first", "given_first"])
)


@settings(deadline=None)
@given(name=some, language=st.sampled_from(["", "ja", "zh-Hans", "ko", "hu", "vi", "fa", "en", "??"]))
def test_every_form_of_every_name_says_something_that_does_no_harm(name: PersonName, language: str) -> None:
    try:
        name = names.clean(name)
    except Refused:
        return
    forms = product(
        ("referring", "addressing", "monogram", "sorting"), ("long", "medium", "short"), ("formal", "informal")
    )
    for usage, length, formality in forms:
        said = name.said(usage, length, formality, language=language)  # type: ignore[arg-type]
        assert bool(said) is not names.is_empty(name), (usage, length, formality)
        assert not set(said) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
