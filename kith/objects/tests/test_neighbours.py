"""The records before and after one in a list are those that the list itself shows there."""

from __future__ import annotations

from typing import Any

import pytest

from kith.objects.query import listing, neighbours
from kith.objects.write import create


@pytest.mark.parametrize(
    "sort", ["", "name", "-name", "made_on", "-made_on", "pieces", "-pieces", "state", "price", "-changed_at"]
)
def test_walking_goes_the_way_of_the_list(cast: Any, sort: str) -> None:
    actor = cast.actor("ada")
    values = [
        {"pieces": 5, "made_on": "2024-05-01", "state": "used", "price": "5 EUR"},
        {"pieces": 5, "made_on": "2024-05-01", "state": "new"},
        {},
        {"pieces": -3, "state": "lost", "price": "12.50 EUR"},
        {},
        {"made_on": "1999-12-31", "price": "5 EUR"},
    ]
    for i, more in enumerate(values):
        create(actor, "toybox.toy", name=f"Toy No{i % 3}", **more)
    create(cast.actor("dee"), "toybox.toy", name="Toy of Dee")
    shown = listing(actor, "toybox.toy", sort=sort).records
    for i, record in enumerate(shown):
        found = neighbours(actor, record, sort=sort)
        assert found is not None
        assert found.before == (shown[i - 1].pk if i else None)
        assert found.after == (shown[i + 1].pk if i + 1 < len(shown) else None)
        assert (found.place.value, found.total.value) == (i + 1, len(values))


def test_a_record_outside_of_the_list_has_no_place_in_it(cast: Any) -> None:
    box = create(cast.actor("ada"), "toybox.box", name="Attic", country="FI")
    assert neighbours(cast.actor("ada"), box, filter="country:in:SI") is None
    assert neighbours(cast.actor("dee"), box) is None
