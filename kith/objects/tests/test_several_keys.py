"""Lists sorted by several fields: each decides where those before it do not, whichever way each of them runs."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pytest

from kith.kernel.actor import System
from kith.kernel.errors import Refused
from kith.kernel.viewer import Viewer
from kith.objects.query import listing, neighbours
from kith.objects.write import Draft, write

SYSTEM = System("sorting test")
pytestmark = [pytest.mark.django_db, pytest.mark.every_engine]


def toys(n: int = 60) -> list[Any]:
    rng = random.Random(11)
    drafts = []
    for _ in range(n):
        values: dict[str, Any] = {"name.given": rng.choice(["Žiga", "Zora", "Ärla", "Ada", "آرش", "پریسا"])}
        values["pieces"] = rng.choice([None, 1, 2, 3])
        values["made_on"] = rng.choice([None, "2024-05-01", "1999-12-31", "2026-11-22"])
        values["state"] = rng.choice(["", "new", "used", "lost"])
        values["nickname"] = rng.choice(["", "b", "A", "a"])
        drafts.append(Draft(values))
    outcomes = write(SYSTEM, "toybox.toy", drafts)
    assert all(outcome.ok for outcome in outcomes)
    return [outcome.record for outcome in outcomes]


def walk(sort: str, language: str = "sl", limit: int = 7) -> list[int]:
    found: list[int] = []
    after = None
    while True:
        page = listing(SYSTEM, "toybox.toy", sort=sort, after=after, limit=limit, viewer=Viewer(language=language))
        found += [r.pk for r in page.records]
        after = page.next
        if after is None:
            return found


KEYS = {
    "pieces": lambda r: r.pieces,
    "made_on": lambda r: r.made_on,
    "nickname": lambda r: r.nickname.lower() or None,
}


def wanted(records: list[Any], sort: str) -> list[int]:
    """Python's own way: sort by the last key first, nothing last in every direction."""
    found = sorted(records, key=lambda r: r.pk, reverse=sort.startswith("-"))
    for name in reversed(sort.split(",")):
        key, down = KEYS[name.removeprefix("-")], name.startswith("-")
        filled = [r for r in found if key(r) is not None]
        empty = [r for r in found if key(r) is None]
        found = sorted(filled, key=lambda r, key=key: key(r), reverse=down) + empty
    return [r.pk for r in found]


PAIRS = (("pieces", "made_on"), ("made_on", "nickname"), ("nickname", "pieces"))
MIXED = [f"{a}{x},{b}{y}" for a, b in product(("", "-"), repeat=2) for x, y in PAIRS]


@pytest.mark.parametrize("sort", [*MIXED, "pieces,-made_on,nickname", "-made_on,pieces,-nickname"])
def test_paging_by_several_keys_is_pythons_sorted_list(sort: str) -> None:
    records = toys()
    expected = wanted(records, sort)
    assert walk(sort) == expected
    viewer = Viewer(language="sl")
    for place in (0, 1, 20, 41, 58, 59):
        record = next(r for r in records if r.pk == expected[place])
        found = neighbours(SYSTEM, record, sort=sort, viewer=viewer)
        assert found is not None
        assert found.before == (expected[place - 1] if place else None)
        assert found.after == (expected[place + 1] if place < 59 else None)
        assert found.place.value == place + 1


@pytest.mark.parametrize("language", ["sl", "fi", "fa"])
def test_names_keep_the_order_of_the_language_as_a_second_key(language: str) -> None:
    toys()
    whole = walk("state,name", language, limit=500)
    assert walk("state,name", language) == whole
    by_name = walk("name", language, limit=500)
    page = listing(SYSTEM, "toybox.toy", sort="state,name", limit=500, viewer=Viewer(language=language))
    for state in ("new", "used", "lost", ""):
        names = [str(r.name) for r in page.records if r.state == state]
        of_state = {r.pk for r in page.records if r.state == state}
        alone = [pk for pk in by_name if pk in of_state]
        assert names == [str(next(r for r in page.records if r.pk == pk).name) for pk in alone]


def test_a_field_that_stands_twice_counts_where_it_stands_first() -> None:
    toys(12)
    assert walk("pieces,-made_on,-pieces") == walk("pieces,-made_on")


@pytest.mark.parametrize("sort", ["pieces,nope", "pieces,friends", "pieces,made_on,nickname,state", ",-", "pieces,-"])
def test_what_nobody_can_sort_by_is_refused(sort: str) -> None:
    with pytest.raises(Refused):
        listing(SYSTEM, "toybox.toy", sort=sort)


def test_a_cursor_is_of_one_sort_alone() -> None:
    toys(20)
    cursor = listing(SYSTEM, "toybox.toy", sort="pieces,made_on", limit=5).next
    for other in ("pieces", "pieces,-made_on", "made_on,pieces", "-pieces,made_on"):
        with pytest.raises(Refused):
            listing(SYSTEM, "toybox.toy", sort=other, after=cursor)
