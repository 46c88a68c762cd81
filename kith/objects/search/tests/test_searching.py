"""Search through the read path: inside words, in one field at a time, in the reader's fields only, and kept with every change."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, models

from kith.kernel.actor import System
from kith.kernel.text import MAX_WORDS
from kith.objects import search
from kith.objects.query import count, listing, reader
from kith.objects.search.backends import TsVector, back_end
from kith.objects.search.models import Indexed, SearchRow
from kith.objects.write import Draft, change, create, remove, restore, write
from tests.cast import Cast

SYSTEM = System("search test")
pytestmark = pytest.mark.django_db


def toy(**values: Any) -> Any:
    return create(SYSTEM, "toybox.toy", values)


def found(text: str, actor: Any = SYSTEM) -> set[int]:
    return {r.pk for r in listing(actor, "toybox.toy", search=text, columns=[]).records}


def indexed() -> int:
    """Rows that the engine's own index still gives for the words of a toy called so, ours aside."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT (SELECT count(*) FROM kith_search WHERE kith_search MATCH 'ruokakauppa*') + "
                "(SELECT count(*) FROM kith_inside WHERE kith_inside MATCH 'kau')"
            )
        else:
            cursor.execute("SELECT count(*) FROM objects_searchrow WHERE tokens LIKE '%kau%'")
        return int(cursor.fetchone()[0])


def test_three_letters_are_found_inside_words_and_two_only_at_their_beginning():
    one = toy(name="Ruokakauppa")
    assert found("kau") == found("kauppa") == found("okakau") == found("ru") == {one.pk}
    assert found("ka") == found("kka") == found("kakau ppx") == set()


def test_letters_in_another_order_are_no_find():
    toy(name="kakauppa auppakau")
    assert found("kauppakau") == set()


def test_characters_that_only_stand_apart_are_no_find():
    toy(name="北京 京大 大学", nickname="大学")
    whole = toy(name="北京大学")
    assert found("北京大学") == {whole.pk}


def test_words_may_stand_in_several_fields_but_one_word_in_one():
    one = toy(name="Ada Lovelace", nickname="Countess")
    assert found("countess ada") == {one.pk}
    assert found("lacecount") == set()


def test_a_hidden_field_is_not_searched_in_any_way_of_writing(cast: Cast):
    one = toy(name="Ada", nickname="Müller 040 123 4567")
    cast.hide("toybox.toy", "nickname")
    for typed in ("müller", "mueller", "ülle", "mu", "0401234567", "+40 123 4567"):
        assert found(typed) == {one.pk}
        assert found(typed, cast.actor("eve")) == set()
    assert found("ada", cast.actor("eve")) == {one.pk}


def test_nobody_finds_anything_when_every_field_is_hidden(cast: Cast):
    toy(name="Ada")
    for field in ("name", "nickname", *(f.name for f in search.index.searchable(_toys()))):
        cast.hide("toybox.toy", field)
    assert search.matching(_toys(), "ada", []) == models.Q(pk__in=[])


def _toys() -> Any:
    from kith.objects.declare import object_type

    return object_type("toybox.toy")


def test_the_index_follows_every_change():
    one = toy(name="Ruokakauppa")
    assert indexed()
    one = change(SYSTEM, one, name="Leipomo")
    assert found("kauppa") == set()
    assert not indexed()
    assert found("leip") == {one.pk}
    one = change(SYSTEM, one, name="Ruokakauppa")
    remove(SYSTEM, one)
    assert not indexed()
    assert not SearchRow.objects.filter(record=one.pk, object="toybox.toy").exists()
    restore(SYSTEM, one)
    assert found("kauppa") == {one.pk}


def test_counts_agree_with_lists():
    for n in range(3):
        toy(name=f"Müller {n}")
    assert count(SYSTEM, "toybox.toy", search="müller").value == 3


def test_an_old_index_is_written_anew_once():
    one, gone = toy(name="Ruokakauppa"), toy(name="Kauppias")
    SearchRow.objects.filter(record=one.pk).delete()
    SearchRow.objects.create(object="toybox.toy", field="name", record=gone.pk + 1000, tokens="ruokakauppa")
    Indexed.objects.filter(object="toybox.toy").update(version=1)
    assert search.refresh(reader(SYSTEM)) == ["toybox.toy"]
    assert found("ruokakauppa") == {one.pk}
    assert not SearchRow.objects.filter(record=gone.pk + 1000).exists()
    assert search.refresh(reader(SYSTEM)) == []


def test_without_pg_trgm_words_are_found_by_their_beginning(monkeypatch: pytest.MonkeyPatch):
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has extensions")
    monkeypatch.setattr(TsVector, "_seen", set())
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX kith_inside")
    one = toy(name="Ruokakauppa")
    assert not back_end(connection).inside
    assert found("ruokak") == {one.pk}
    assert found("kauppa") == set()
    assert "pg_trgm" in str(search.shortcoming())
    back_end(connection).repair()
    assert search.shortcoming() is None
    assert found("kauppa") == {one.pk}


@pytest.mark.parametrize(
    "typed",
    ['"', "'", "\\", "%", "_", "*", "a*", "a' OR 1=1", "a:*", "NEAR(a b)", "-a", "^a", "\u202e", "🙂", "ﷺ", "a" * 500, "田" * 500,
     "1 2 3 4 5 6 7", "+", "(0)", "00", "\u200c", "ال", "''''", "a\u0301" * 200, "İ", "½", "①"],
)  # fmt: skip
def test_whatever_is_typed_is_answered(typed: str):
    toy(name="somebody")
    found(typed)


#: One letter or sign of every block of Unicode and more, those among them that are newer than a library's table of letters.
EVERYWHERE = [
    letter
    for start in range(0x80, 0x32000, 0xC5)
    if not 0xD800 <= start <= 0xDFFF and (letter := chr(start)).isprintable()
]


def test_letters_of_every_script_are_found_and_none_breaks_a_question():
    """Among words, since a letter alone may be a mark that goes."""
    names = [f"a{letter}b x{letter}{letter}y{letter}z" for letter in EVERYWHERE]
    for first in range(0, len(names), 500):
        some = names[first : first + 500]
        outcomes = write(SYSTEM, "toybox.toy", [Draft(values={"name": {"full": "Toy"}, "nickname": n}) for n in some])
        assert all(outcome.ok for outcome in outcomes)
        for name, outcome in list(zip(some, outcomes, strict=True))[::5]:
            for typed in (name, name[:2], name[4:8]):
                condition = search.matching(_toys(), typed, [_toys().fields["nickname"]])
                assert condition is None or _rows(condition, outcome.record.pk), (name, typed)


def _rows(condition: models.Q, pk: int) -> bool:
    return models.QuerySet(_toys().model).filter(condition, pk=pk).exists()


def test_a_question_of_many_words_is_cut():
    one = toy(name="a1 b2 c3 d4 e5 f6 g7 h8")
    assert found(" ".join(f"{c}{n}" for n, c in enumerate("abcdefgh", 1)) + " zz") == {one.pk}
    assert MAX_WORDS == 8


def test_words_of_any_length_are_kept():
    one = toy(name="Ada", nickname="x" * 60)
    assert found("x" * 60) == {one.pk}
    long = toy(name={"full": "y" * 200})
    assert found("y" * 150) == {long.pk}
