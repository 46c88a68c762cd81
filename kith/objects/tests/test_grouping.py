"""Lists in groups: every record stands in one of them, in the list's own order, for a few queries however many there are."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kith.kernel.actor import System
from kith.kernel.errors import Refused
from kith.kernel.viewer import NEUTRAL, Viewer
from kith.objects.declare import object_type
from kith.objects.filters import All
from kith.objects.grouping import grouped, units_of
from kith.objects.query import listing
from kith.objects.write import Draft, create, write
from tests.cast import Cast

SYSTEM = System("test")
pytestmark = [pytest.mark.django_db, pytest.mark.every_engine]
IR = Viewer(language="en", zone="Asia/Tehran", locale_code="en_GB", country="IR", calendar="jalali")


@pytest.fixture
def toys(cast: Cast) -> list[Any]:
    boxes = [create(SYSTEM, "toybox.box", name=n, owner=cast.dee.pk).pk for n in ("Zinc", "Attic")]
    drafts = [
        Draft(
            {
                "name.given": f"T{i}",
                "state": ("new", "used", "", "used")[i % 4],
                "fragile": i % 3 == 0,
                "made_on": (None, "2026-11-21", "2026-11-22", "2025-03-20", "2025-03-21")[i % 5],
                "seen_at": (None, "2026-11-21T20:29:59Z", "2026-11-21T20:30:00Z")[i % 3],
                "keeper": (None, cast.ada.pk, cast.ben.pk)[i % 3],
                "box": (None, *boxes)[i % 3],
                "country": ("", "FI", "SI")[i % 3],
            }
        )
        for i in range(70)
    ]
    outcomes = write(SYSTEM, "toybox.toy", drafts)
    assert all(o.ok for o in outcomes), [str(o.error) for o in outcomes if not o.ok][:1]
    return [o.record for o in outcomes]


def walk(found: Any, sort: str, filter: Any = None) -> dict[str, list[int]]:
    """All records of each group, the rest of it page by page."""
    whole = {}
    for group in found.groups:
        ids, after = [r.pk for r in group.records], group.next
        while after:
            tree = group.tree if filter is None else All((filter, group.tree))
            page = listing(SYSTEM, "toybox.toy", filter=tree, sort=sort, after=after, limit=7)
            ids, after = ids + [r.pk for r in page.records], page.next
        whole[group.label] = ids
    return whole


@pytest.mark.parametrize("sort", ["", "name", "-made_on,name"])
@pytest.mark.parametrize(
    "by",
    ["state", "fragile", "keeper", "box", "country", "made_on", "made_on:day", "made_on:week", "made_on:year", "seen_at:day"],
)  # fmt: skip
def test_every_record_stands_in_one_group_in_the_lists_own_order(toys: list[Any], by: str, sort: str) -> None:
    found = grouped(SYSTEM, "toybox.toy", by, sort=sort, viewer=NEUTRAL)
    groups = walk(found, sort)
    together = [pk for ids in groups.values() for pk in ids]
    assert sorted(together) == sorted(t.pk for t in toys)
    order = [r.pk for r in listing(SYSTEM, "toybox.toy", sort=sort, limit=500).records]
    for ids in groups.values():
        assert ids == sorted(ids, key=order.index)
    assert {g.label: g.count.value for g in found.groups} == {label: len(ids) for label, ids in groups.items()}


def test_groups_stand_in_the_order_of_the_choice_of_names_and_of_time(toys: list[Any]) -> None:
    def labels(by: str, viewer: Viewer = NEUTRAL) -> list[str]:
        return [g.label for g in grouped(SYSTEM, "toybox.toy", by, viewer=viewer).groups]

    assert labels("state") == ["New", "Used", "Lost", "State is empty"], (
        "a choice that nobody made is a place to begin one"
    )
    assert labels("fragile") == ["Yes", "No"]
    assert labels("keeper") == ["Ada", "Ben", "Keeper is empty"]
    assert labels("box") == ["Attic", "Zinc", "Box is empty"]
    assert labels("made_on:month") == ["November 2026", "March 2025", "Made on is empty"]
    # In Iran the 22nd of November begins a month, and the 21st of March a year.
    assert labels("made_on:month", IR)[:2] == ["Azar 1405 AP", "Aban 1405 AP"]
    assert labels("made_on:year", IR) == ["1405", "1404", "1403", "Made on is empty"]
    assert len(labels("seen_at:day", IR)) == 3, "half past eight in the evening in London is midnight in Tehran"


def test_a_grouped_list_costs_the_same_for_many_records_and_groups(toys: list[Any]) -> None:
    def queries(by: str, n: int) -> int:
        filter = "any(" + "|".join(f"name:contains:T{i}" for i in range(n)) + ")"
        with CaptureQueriesContext(connection) as caught:
            grouped(SYSTEM, "toybox.toy", by, filter=filter, columns=["name", "box", "keeper"], viewer=NEUTRAL)
        return len(caught)

    for by in ("state", "box", "made_on:day"):
        assert queries(by, 5) == queries(by, 30) <= 8, by


def test_folded_groups_bring_no_records_and_keep_their_number(toys: list[Any]) -> None:
    found = grouped(SYSTEM, "toybox.toy", "state", viewer=NEUTRAL, folded={"state:in:used"})
    used = next(g for g in found.groups if g.label == "Used")
    assert used.records == []
    assert used.count.value == 35


def test_what_is_linked_and_not_hers_to_see_has_no_name(toys: list[Any], cast: Cast) -> None:
    for toy in listing(SYSTEM, "toybox.toy", limit=500).records:
        assert toy.pk
    found = grouped(cast.actor("ada"), "toybox.toy", "box", viewer=NEUTRAL)
    assert not {"Attic", "Zinc"} & {g.label for g in found.groups}


@pytest.mark.parametrize(
    "by", ["name", "friends", "tags", "nope", "state:month", "made_on:hour", "box.country", "price"]
)
def test_what_nobody_can_group_by_is_refused(by: str) -> None:
    with pytest.raises(Refused):
        grouped(SYSTEM, "toybox.toy", by, viewer=NEUTRAL)


def test_choices_links_people_and_time_can_be_grouped_by() -> None:
    o = object_type("toybox.toy")
    able = {f.name for f in o.fields.values() if units_of(f)}
    assert {"state", "fragile", "keeper", "owner", "box", "country", "made_on", "seen_at"} <= able
    assert not {"name", "friends", "tags", "price", "story"} & able
