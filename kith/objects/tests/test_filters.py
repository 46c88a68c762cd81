"""Filters over values with parts, several values and links."""

from __future__ import annotations

import pytest

from kith.kernel.actor import System
from kith.kernel.errors import Refused
from kith.objects.query import listing
from kith.objects.write import create
from tests.cast import Cast

SYSTEM = System("test")
pytestmark = pytest.mark.django_db


def names(source: str, actor=SYSTEM, object="toybox.toy") -> list[str]:
    page = listing(actor, object, filter=source, sort="created_at")
    return [page.object.title_of(r) for r in page.records]


@pytest.fixture
def toys() -> None:
    create(
        SYSTEM,
        "toybox.toy",
        {"name.given": "Ada", "name.family": "Lovelace", "price": "10.00 EUR", "tags": "red, round"},
    )
    latin = {"name.latin_family": "Tanaka", "name.latin_given": "Yuki"}
    create(
        SYSTEM, "toybox.toy", {"name.family": "田中", "name.given": "由紀", **latin, "price": "900 JPY", "tags": "red"}
    )
    create(
        SYSTEM,
        "toybox.toy",
        {
            "name.given": "Žiga",
            "name.family": "Čeh",
            "emails": "ziga@example.com; z2@example.com",
            "address.country": "SI",
        },
    )


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("name:contains:ada lovelace", 1), ("name:contains:LOVE", 1), ("name:contains:tanaka", 1), ("name:contains:田中", 1),
        ("name:contains:ziga ceh", 1), ("name:contains:nobody", 0), ("name.family:is:Čeh", 1), ("name.family:contains:田", 1),
        ("price:at_least:5 EUR", 1), ("price:at_least:5 JPY", 1), ("price:at_most:5 EUR", 0), ("price.currency:in:JPY", 1),
        ("tags:in:red", 2), ("tags:all_of:red,round", 1), ("tags:not_in:round", 2), ("tags:empty", 1), ("tags:in:RED", 2),
        ("emails:is:z2@example.com", 1), ("emails:contains:example", 1), ("address.country:in:SI", 1), ("address.country:not_in:SI", 2),
        ("any(tags:in:round|address.country:in:SI)", 2), ("name:contains:a;tags:in:red", 2), ("created_at:last:1", 3),
    ],
)  # fmt: skip
def test_a_filter_finds_what_it_says(toys: None, source: str, found: int):
    assert len(names(source)) == found


@pytest.mark.parametrize(
    "source",
    [
        "price:at_least:five",
        "price:between:5 EUR,6 JPY",
        "pieces:is:many",
        "made_on:before:31.02.2026",
        "state:in:broken",
    ],
)
def test_an_operand_that_is_none_is_refused_in_words(toys: None, source: str):
    with pytest.raises(Refused):
        names(source)


def test_a_link_by_words_finds_a_name_as_people_say_it(toys: None):
    other = create(SYSTEM, "toybox.toy", {"name.given": "Bear", "friends": "Ada Lovelace; Čeh Žiga"})
    page = listing(SYSTEM, "toybox.toy", filter="name:contains:bear", columns=["friends"])
    assert other.pk == page.records[0].pk
    assert [f.title for f in page.columns[0].get(page.records[0])] == ["Ada Lovelace", "Žiga Čeh"]


def test_a_filter_through_a_link_counts_only_what_she_may_see(cast: Cast):
    box = create(cast.actor("ada"), "toybox.box", name="Secret", country="FI")
    mine = create(cast.actor("dee"), "toybox.box", name="Mine", country="FI")
    for target in (box, mine):
        create(SYSTEM, "toybox.toy", {"name.given": "Toy", "box": target.pk, "owner": cast.dee.pk})
    assert len(names("box.country:in:FI", cast.actor("dee"))) == 1
    assert len(names("box.country:in:FI", cast.actor("admin"))) == 2
    assert len(names(f"box:in:{box.pk}", cast.actor("dee"))) == 0
    assert len(names(f"box:in:{mine.pk}", cast.actor("dee"))) == 1
