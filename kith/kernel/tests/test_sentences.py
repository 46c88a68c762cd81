"""Numbers, lists and quotation marks inside sentences, in the languages of the interface and some more."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils.translation import override

from kith.kernel.sentences import (
    apart,
    counted,
    either,
    isolated,
    listed,
    ordinary,
    part_of,
    quoted,
    run_on,
    strung,
    together,
)
from kith.kernel.viewer import LOCALES, Viewer, viewing

EN, FI, ZH, FA, SL = (Viewer(language=language) for language in LOCALES)


@pytest.mark.parametrize(
    ("viewer", "said"), [(EN, "1,284"), (FI, "1\u00a0284"), (ZH, "1,284"), (FA, "۱٬۲۸۴"), (SL, "1.284")]
)
def test_a_number_in_a_sentence_has_the_readers_digits_and_groups(viewer, said):
    assert counted(1284, viewer) == said


def test_a_number_that_names_something_has_no_groups():
    assert (ordinary(2026, EN), ordinary(2026, FA)) == ("2026", "۲۰۲۶")
    assert counted(Decimal("12.5"), SL) == "12,5"


@pytest.mark.parametrize(
    ("viewer", "all_of", "one_of", "values", "firms", "address"),
    [
        (EN, "a, b and c", "a, b or c", "a, b, c", "a; b; c", "a, b, c"),
        (FI, "a, b ja c", "a, b tai c", "a, b, c", "a; b; c", "a, b, c"),
        (SL, "a, b in c", "a, b ali c", "a, b, c", "a; b; c", "a, b, c"),
        (ZH, "a、b和c", "a、b或c", "a、b、c", "a；b；c", "a，b，c"),
        (
            FA,
            "a،\u200f b، و c",
            "a،\u200f b، یا c",
            "a،\u200f b،\u200f c",
            "a؛\u200f b؛\u200f c",
            "a،\u200f b،\u200f c",
        ),
        (Viewer(locale_code="ar_EG"), "a وb وc", "a أو b أو c", "a، b، c", "a؛ b؛ c", "a، b، c"),
    ],
)
def test_things_are_joined_as_the_language_does(viewer, all_of, one_of, values, firms, address):
    things = ["a", "b", "c"]
    assert (listed(things, viewer), either(things, viewer)) == (all_of, one_of)
    assert (strung(things, viewer), apart(things, viewer), run_on(things, viewer)) == (values, firms, address)
    assert [f(["a"], viewer) for f in (listed, either, strung, apart, run_on)] == ["a"] * 5
    assert [f([], viewer) for f in (listed, either, strung, apart, run_on)] == [""] * 5


def test_without_a_viewer_the_one_of_this_request_is_meant():
    with viewing(FA):
        assert counted(12) == "۱۲"
        assert listed("ab") == "a و b"
    with override("sl"):
        assert listed("ab") == "a in b"


def test_a_thing_of_a_list_stands_in_quotation_marks():
    assert quoted("ime") == "“ime”"


def test_sentences_stand_one_after_the_other_as_the_language_writes():
    assert together("One.", "", "Two.") == "One. Two."
    with viewing(ZH):
        assert together("一。", "二。") == "一。二。"
    assert part_of("Address", "City") == "Address: City"


@pytest.mark.parametrize(
    ("viewer", "words", "said"),
    [
        (FA, "Mikko Lahtinen", "\u2068Mikko Lahtinen\u2069"),
        (FA, "سارا محمدی", "سارا محمدی"),
        (EN, "سارا", "\u2068سارا\u2069"),
        (EN, "Mikko", "Mikko"),
        (FA, "۱۲", "۱۲"),
        (ZH, "", ""),
    ],
)
def test_words_that_run_the_other_way_keep_to_themselves(viewer, words, said):
    assert isolated(words, viewer) == said
