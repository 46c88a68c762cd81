"""Lists in the order of the viewer's language, page by page, on both engines; and keys that another ICU made."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from kith.kernel import collation
from kith.kernel.actor import System
from kith.kernel.collation import LANGUAGES, sort_key
from kith.kernel.errors import Refused
from kith.kernel.tests.orders import ORDERS, names
from kith.kernel.viewer import Viewer
from kith.objects import sorting
from kith.objects.query import listing, neighbours, reader
from kith.objects.sorting.models import Sorted
from kith.objects.write import Draft, change, create, write
from tests.cast import Cast

SYSTEM = System("sorting test")
READER = reader(SYSTEM, trash=None)
pytestmark = [pytest.mark.django_db, pytest.mark.every_engine]


def fill(called: list[str], what: str = "toybox.box") -> list[Any]:
    outcomes = write(SYSTEM, what, [Draft({"name": name}) for name in called])
    assert all(outcome.ok for outcome in outcomes)
    return [outcome.record for outcome in outcomes]


def walk(language: str, sort: str = "name", what: str = "toybox.box", limit: int = 37) -> list[Any]:
    """The whole list, page by page."""
    found: list[Any] = []
    after = None
    while True:
        page = listing(SYSTEM, what, sort=sort, after=after, limit=limit, viewer=Viewer(language=language))
        found += page.records
        after = page.next
        if after is None:
            return found


def shown(language: str, sort: str = "name", what: str = "toybox.box") -> list[str]:
    return [str(record.name) for record in walk(language, sort, what)]


def mixed(n: int) -> list[str]:
    """Names of all scripts, some of them twice."""
    known = [name for language in ORDERS for name in names(language)]
    rng = random.Random(3)
    return [f"{rng.choice(known)} {rng.choice(known)}" if i % 3 else rng.choice(known) for i in range(n)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_stands_in_the_order_of_the_viewers_language(language: str) -> None:
    shuffled = names(language)
    random.Random(5).shuffle(shuffled)
    fill(shuffled)
    assert shown(language) == names(language)
    assert shown(language, "-name") == names(language)[::-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_paging_through_five_hundred_names_is_pythons_sorted_list(language: str) -> None:
    records = fill(mixed(500))
    wanted = sorted(records, key=lambda record: (sort_key(record.name, language), record.pk))
    assert len({record.name for record in records}) < 500, "some are called alike, and their ids decide"
    assert [record.pk for record in walk(language)] == [record.pk for record in wanted]
    assert [record.pk for record in walk(language, "-name")] == [record.pk for record in wanted][::-1]
    for place in (0, 1, 250, 498, 499):
        found = neighbours(SYSTEM, wanted[place], sort="name", viewer=Viewer(language=language))
        assert found is not None
        assert (found.place.value, found.total.value) == (place + 1, 500)
        assert found.before == (wanted[place - 1].pk if place else None)
        assert found.after == (wanted[place + 1].pk if place < 499 else None)


def test_people_stand_by_family_and_chinese_names_alike_whether_taken_apart_or_not() -> None:
    people = [
        {"given": "Zoe", "family": "García"}, {"given": "Ana", "family": "García López"}, {"full": "王小明"},
        {"given": "大山", "family": "王"}, {"given": "红", "family": "张"}, {"given": "Åke", "family": "Öhman"}, {"full": "Suharto"},
    ]  # fmt: skip
    write(SYSTEM, "toybox.toy", [Draft({"name": name}) for name in people])
    seen = {
        language: [record.name.shown for record in walk(language, what="toybox.toy")] for language in ("zh-hans", "fi")
    }
    assert seen["zh-hans"][:3] == ["王大山", "王小明", "张红"]
    assert seen["fi"][:4] == ["Zoe García", "Ana García López", "Suharto", "Åke Öhman"]


@pytest.mark.parametrize(
    "sort", ["nickname", "made_on", "state", "price", "pieces", "emails", "website", "weight", "address.country"]
)
def test_nothing_comes_last_whichever_way_a_list_runs(sort: str) -> None:
    given = {
        "nickname": ["beta", "Alpha", "gamma"], "made_on": ["2024-02-01", "2023-01-01", "2024-02-02"], "state": ["used", "new", "lost"],
        "price": ["5 EUR", "4 EUR", "6 EUR"], "pieces": [5, -4, 6], "website": ["https://b.example", "https://a.example", "https://c.example"],
        "emails": [["b@example.com"], ["a@example.com"], ["c@example.com"]], "weight": ["2.5", "1", "10"],
        "address.country": [{"country": "DE"}, {"country": "AT"}, {"country": "CH"}],
    }[sort]  # fmt: skip
    name = sort.partition(".")[0]
    some = [create(SYSTEM, "toybox.toy", {"name": f"Toy {i}", name: value}).pk for i, value in enumerate(given)]
    bare = [create(SYSTEM, "toybox.toy", {"name": f"Bare {i}"}).pk for i in range(3)]
    # Austria, Germany, Switzerland: by their names, where their codes say Austria, Switzerland, Germany.
    up, down = [some[1], some[0], some[2]], [some[2], some[0], some[1]]
    for limit in (1, 2, 4, 50):
        assert [r.pk for r in walk("en", sort, "toybox.toy", limit)] == up + bare
        assert [r.pk for r in walk("en", f"-{sort}", "toybox.toy", limit)] == down + bare[::-1]


def test_countries_stand_by_what_they_are_called_in_the_viewers_language() -> None:
    for code in ("DE", "FI", "CH", "SE", "AX", "US"):
        create(SYSTEM, "toybox.box", name=f"Box in {code}", country=code)
    orders = {language: [r.country for r in walk(language, "country")] for language in ("en", "fi", "sl")}
    assert orders["en"] == ["AX", "FI", "DE", "SE", "CH", "US"]
    assert orders["fi"] == ["AX", "SE", "DE", "FI", "CH", "US"], (
        "Ahvenanmaa, Ruotsi, Saksa, Suomi, Sveitsi, Yhdysvallat"
    )
    assert orders["sl"] == ["AX", "FI", "DE", "SE", "CH", "US"], (
        "Ålandski otoki, Finska, Nemčija, Švedska, Švica, Združene države"
    )


def test_a_place_in_one_order_is_no_place_in_another() -> None:
    fill(mixed(60))
    finnish, slovenian = Viewer(language="fi"), Viewer(language="sl")
    cursor = listing(SYSTEM, "toybox.box", sort="name", limit=20, viewer=finnish).next
    assert len(listing(SYSTEM, "toybox.box", sort="name", after=cursor, limit=20, viewer=finnish).records) == 20
    for viewer, sort in ((slovenian, "name"), (finnish, "-name"), (finnish, "country"), (finnish, "-changed_at")):
        with pytest.raises(Refused, match="This place in the list is not known any more"):
            listing(SYSTEM, "toybox.box", sort=sort, after=cursor, limit=20, viewer=viewer)
    by_day = listing(SYSTEM, "toybox.box", sort="changed_at", limit=20, viewer=finnish).next
    assert listing(SYSTEM, "toybox.box", sort="changed_at", after=by_day, viewer=slovenian).records, (
        "days have no language"
    )


def test_a_renamed_record_moves_and_an_emptied_name_has_no_key() -> None:
    (box, _other) = fill(["Aalto", "Bo"])
    box = change(SYSTEM, box, name="Öhman")
    assert shown("fi") == ["Bo", "Öhman"]
    keys = [getattr(box, f"name_key_{language.replace('-', '_')}") for language in LANGUAGES]
    assert all(keys)
    kind = type(box)._meta.get_field("name").kind
    assert {kind.companions()[f"key_{language.replace('-', '_')}"][1]("") for language in LANGUAGES} == {None}


# ── the engines ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def plan(sort: str, what: str) -> str:
    """How the engine finds the first page."""
    with CaptureQueriesContext(connection) as caught:
        listing(SYSTEM, what, sort=sort, viewer=Viewer(language="fi"))
    sql = next(q["sql"] for q in caught if "ORDER BY" in q["sql"])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A small table is sorted sooner than walked by its index; whether the index could serve is what is asked.
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_incremental_sort = off")
        cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + sql)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.parametrize("sort", ["name", "-name", "emails", "-emails"])
def test_an_index_gives_the_order_in_both_directions(sort: str) -> None:
    fill(mixed(50), "toybox.toy")
    told = plan(sort, "toybox.toy")
    assert "_idx" in told, told
    assert "Sort" not in told, told
    assert "USE TEMP B-TREE" not in told, told


def test_the_order_of_the_database_itself_does_not_matter() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite compares bytes and nothing else")
    with connection.cursor() as cursor:
        for column in ("nickname", "website"):
            cursor.execute(f'ALTER TABLE toybox_toy ALTER COLUMN {column} TYPE varchar(500) COLLATE "en-x-icu"')
    values = ["b-a", "ba", "b c", "Bb", "ä", "z"]
    for i, value in enumerate(values):
        create(SYSTEM, "toybox.toy", name=f"Toy {i}", nickname=value)
    assert [r.nickname for r in walk("en", "nickname", "toybox.toy")] == sorted(values, key=str.lower)


# ── keys of another version ──────────────────────────────────────────────────────────────────────────────────────────────


def spoil(rows: Any) -> None:
    rows.update(name_key_fi=b"\x00", name_key_sl=None)


def test_keys_of_another_version_are_made_anew_in_steps_that_go_on_where_they_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    records = fill(mixed(50))
    sorting.refresh(READER)
    assert sorting.refresh(READER) == [], "what is new is left alone"
    rows = models.QuerySet(type(records[0]))
    rows.update(name_key_fi=b"\x00", name_key_sl=None)
    assert sorting.refresh(READER) == [], "nobody said that they are old"
    monkeypatch.setattr(collation, "VERSION", "78.1/1")
    assert "toybox.toy" in sorting.refresh(READER), "every object that has keys"
    Sorted.objects.filter(object="toybox.box").update(version="77.1/1", making="", reached=0)
    rows.update(name_key_fi=b"\x00", name_key_sl=None)
    left = []
    for _step in range(3):
        assert sorting.refresh(READER, most=1, size=20) == []
        left.append(rows.filter(name_key_fi=b"\x00").count())
    assert left == [30, 10, 0]
    assert sorting.refresh(READER, most=1, size=20) == ["toybox.box"]
    assert sorting.refresh(READER) == []
    for record in rows.all():
        assert bytes(record.name_key_fi) == sort_key(record.name, "fi")
        assert bytes(record.name_key_sl) == sort_key(record.name, "sl")


def test_a_place_in_a_list_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(mixed(60))
    viewer = Viewer(language="fi")
    cursor = listing(SYSTEM, "toybox.box", sort="name", limit=20, viewer=viewer).next
    monkeypatch.setattr(collation, "VERSION", "78.1/1")
    with pytest.raises(Refused):
        listing(SYSTEM, "toybox.box", sort="name", after=cursor, limit=20, viewer=viewer)


def test_a_list_whose_usual_order_is_by_what_somebody_may_not_see_runs_by_what_she_may(cast: Cast) -> None:
    cast.hide("objects.country", "code")
    assert len(listing(cast.actor("eve"), "objects.country", limit=5).records) == 5
    with pytest.raises(Refused):
        listing(cast.actor("eve"), "objects.country", sort="code")
