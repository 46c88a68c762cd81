"""How administrators want the options of a closed list to look, and lists that are read side by side."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, Value
from django.db.models.lookups import Exact
from django.test.utils import CaptureQueriesContext

from kith.events.facts import Fact
from kith.events.models import Event
from kith.kernel import clock
from kith.kernel.actor import System
from kith.kernel.errors import Forbidden, Refused
from kith.objects.abreast import counts, side_by_side
from kith.objects.custom import definitions
from kith.objects.declare import object_type
from kith.objects.history import standing_since
from kith.objects.looks import look, stored
from kith.objects.query import listing
from kith.objects.totals import sums_by
from kith.objects.write import Draft, change, write

pytestmark = [pytest.mark.django_db, pytest.mark.every_engine]
SEED = System("test")


@pytest.fixture
def state() -> Any:
    return object_type("toybox.toy").field("state")


def toys(n: int, **values: Any) -> list[Any]:
    drafts = [Draft({"name": f"Toy {values.get('state', 'none')} {i:03}", **values}) for i in range(n)]
    outcomes = write(SEED, "toybox.toy", drafts)
    assert all(o.ok for o in outcomes), [o.error for o in outcomes if not o.ok]
    return [o.record for o in outcomes]


def parts(field: Any, *values: str) -> list[Q]:
    return [Q(Exact(field.expression(), Value(value))) for value in values]


def test_an_administrator_decides_order_colour_and_numbers_for_everybody(cast: Any, state: Any):
    version = look(cast.actor("admin"), state, "lost", facts={"hue": 100, "probability": 5, "limit": 9}, place=0)
    definitions.refresh()
    assert [o.value for o in state.kind.all] == ["lost", "new", "used"]
    lost = state.kind.option("lost")
    assert (lost.hue, lost.probability, lost.limit, lost.meaning) == (100, 5, 9, "lost")
    assert str(lost.label) == "Lost"
    assert stored(state)[1] == version == 1
    event = Event.objects.get(name="options.looked")
    assert Fact.registry["options.looked"].load(event).sentence() == "The options of “State” of Toys look different."


def test_nobody_else_decides_and_nobody_is_overrun(cast: Any, state: Any):
    with pytest.raises(Forbidden):
        look(cast.actor("eve"), state, "lost", facts={"hue": 100})
    look(cast.actor("admin"), state, "lost", facts={"hue": 100}, version=0)
    with pytest.raises(Refused, match="Somebody else"):
        look(cast.actor("admin"), state, "lost", facts={"hue": 120}, version=0)
    with pytest.raises(Refused) as refused:
        look(cast.actor("admin"), state, "lost", facts={"probability": 101})
    assert refused.value.field == "probability"
    assert stored(state)[0] == {"options": {"lost": {"hue": 100}}}


def test_lists_side_by_side_are_the_same_as_one_by_one(cast: Any, state: Any):
    for value, n in (("new", 7), ("used", 3), ("lost", 0)):
        toys(n, state=value)
    actor = cast.actor("eve")
    for sort in ("name", "-name", "pieces", "-changed_at", "price"):
        with CaptureQueriesContext(connection) as asked:
            found = side_by_side(actor, "toybox.toy", parts(state, "new", "used", "lost"), sort=sort, limit=5)
        alone = [
            listing(actor, "toybox.toy", where=part, sort=sort, limit=5) for part in parts(state, "new", "used", "lost")
        ]
        assert [[r.pk for r in p.records] for p in found] == [[r.pk for r in p.records] for p in alone]
        assert [p.next for p in found] == [p.next for p in alone]
        assert len(asked) <= 8
    more = listing(actor, "toybox.toy", where=parts(state, "new")[0], sort="price", limit=5, after=found[0].next)
    assert len(more.records) == 2


def test_counts_go_no_further_than_they_must(cast: Any, state: Any):
    toys(4, state="new")
    toys(2, state="used")
    actor = cast.actor("eve")
    found = counts(actor, "toybox.toy", parts(state, "new", "used", "lost"), cap=3)
    assert [(c.value, c.exact) for c in found] == [(3, False), (2, True), (0, True)]
    assert [c.value for c in counts(actor, "toybox.toy", parts(state, "lost"), filter="pieces:filled")] == [0]
    # Whoever sees nothing counts nothing.
    assert [c.value for c in counts(cast.actor("dee"), "toybox.toy", parts(state, "new"))] == [0]


def test_amounts_are_added_up_for_each_group_in_the_base_currency(cast: Any, state: Any):
    toys(2, state="new", price="10 EUR")
    toys(1, state="used", price="7 XAF")
    found = sums_by(cast.actor("eve"), "toybox.toy", "price", state.expression())
    assert str(found["new"].base.amount) in ("20", "20.00", "20.0000")
    assert found["new"].missing == 0


def test_the_ledger_says_since_when_a_record_stands_where_it_is(cast: Any, state: Any):
    start = clock.now()
    with clock.frozen(start):
        moved, still = toys(2, state="new")
    with clock.frozen(start + timedelta(days=3)):
        moved = change(SEED, moved, state="used")
    with clock.frozen(start + timedelta(days=5)):
        moved = change(SEED, moved, pieces=4)
    with CaptureQueriesContext(connection) as asked:
        found = standing_since(state, [moved, still])
    assert len(asked) == 1
    assert found[moved.pk] == start + timedelta(days=3)
    assert found[still.pk] == start
