"""What a column of a list comes to."""

from __future__ import annotations

import pytest

from kith.kernel.errors import Refused
from kith.kernel.viewer import NEUTRAL
from kith.objects.aggregates import AGGREGATES, aggregate, offered
from kith.objects.declare import object_types
from kith.objects.kinds.numerals import LARGEST
from kith.objects.write import create
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.every_engine]
BOX = "toybox.box"


def test_every_field_answers_what_it_is_offered_and_refuses_the_rest(cast: Cast):
    admin = cast.actor("admin")
    for o in object_types():
        for field in o.fields.values():
            can = offered(field)
            for how in AGGREGATES:
                if how in can:
                    assert isinstance(aggregate(admin, o, field.name, how, viewer=NEUTRAL), str)
                else:
                    with pytest.raises(Refused):
                        aggregate(admin, o, field.name, how, viewer=NEUTRAL)


def test_numbers_are_added_exactly_and_only_over_what_is_mine_and_filtered(cast: Cast):
    from kith.objects.declare import object_type

    name = next(f.name for f in object_type("toybox.toy").fields.values() if f.kind.key == "integer" and f.writable)
    ada = cast.actor("ada")
    for n in (LARGEST, LARGEST, 7, None):
        create(ada, "toybox.toy", {"name": f"Toy {n}", name: n})
    create(cast.actor("dee"), "toybox.toy", {"name": "Not hers", name: 1000})

    def told(how: str, **asked: str) -> str:
        return aggregate(ada, "toybox.toy", name, how, viewer=NEUTRAL, **asked).replace(",", "")

    assert told("sum") == str(2 * LARGEST + 7)
    assert told("sum", filter=f"{name}:at_most:10") == "7"
    assert (told("min"), told("max")) == ("7", str(LARGEST))
    assert (told("empty"), told("filled")) == ("1", "3")
    assert told("sum", filter=f"{name}:at_most:-10") == ""


def test_a_column_that_is_withheld_adds_up_to_nothing(cast: Cast):
    create(cast.actor("ada"), BOX, name="Attic", country="FI")
    cast.hide(BOX, "country")
    with pytest.raises(Refused):
        aggregate(cast.actor("eve"), BOX, "country", "filled", viewer=NEUTRAL)
