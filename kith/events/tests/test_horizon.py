"""How far the ledger is decided: whoever reads up to there, and on from there, misses nothing."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from kith.events.facts import make_event, record_events
from kith.events.horizon import age, begin_age, horizon
from kith.events.models import Event
from kith.kernel.actor import System
from tests.elsewhere import Elsewhere

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.every_engine]


def happens(count: int = 1) -> list[int]:
    """Events, and their numbers."""
    events = [make_event(System("test"), "changed", "toybox.box", n + 1, {"name": ["a", n]}) for n in range(count)]
    with transaction.atomic():
        record_events(events)
    return [event.pk for event in events]


def between_writers() -> bool:
    """Whether others may write while somebody's transaction is open."""
    return connection.vendor == "postgresql"


def test_what_is_committed_is_decided():
    assert horizon() == Event.objects.count() == 0
    (first,) = happens()
    assert horizon() == first
    *_rest, last = happens(3)
    assert horizon() == last


def test_a_slow_transaction_holds_the_horizon_below_what_it_writes_until_it_is_over():
    (before,) = happens()
    with Elsewhere() as slow:
        slow.begin()
        (late,) = slow.do(happens)
        after = happens(2) if between_writers() else []
        assert horizon() == before
        assert late not in Event.objects.values_list("pk", flat=True)
        slow.commit()
        assert horizon() == max([late, *after])
    assert list(Event.objects.order_by("pk").values_list("pk", flat=True)) == [before, late, *after]


def test_each_of_several_slow_transactions_is_waited_for():
    if not between_writers():
        pytest.skip("SQLite lets one transaction write at a time")
    (before,) = happens()
    with Elsewhere() as slow, Elsewhere() as slower:
        slower.begin()
        slow.begin()
        (first,) = slower.do(happens)
        (second,) = slow.do(happens)
        (third,) = happens()
        slow.commit()
        assert horizon() == before
        (fourth,) = happens()
        slower.commit()
        assert horizon() == fourth
    assert before < first < second < third < fourth


def test_a_transaction_that_is_rolled_back_holds_nothing_any_more():
    (before,) = happens()
    with Elsewhere() as slow:
        slow.begin()
        slow.do(happens, 3)
        assert horizon() == before
        slow.roll_back()
        assert horizon() == before
        (after,) = happens()
        assert horizon() == after


def test_a_savepoint_that_is_rolled_back_takes_nothing_from_the_rest_of_its_transaction():
    (before,) = happens()

    def half() -> None:
        try:
            with transaction.atomic():
                happens()
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass

    with Elsewhere() as slow:
        slow.begin()
        slow.do(half)
        (late,) = slow.do(happens)
        if between_writers():
            happens()
        assert horizon() == before
        slow.commit()
        assert horizon() >= late


def test_a_transaction_that_has_written_nothing_yet_holds_nothing():
    with Elsewhere() as slow:
        if between_writers():
            slow.begin()
            slow.do(Event.objects.count)
        (before,) = happens()
        assert horizon() == before
        if between_writers():
            (late,) = slow.do(happens)
            assert late > before
            assert horizon() == before
            slow.commit()
            assert horizon() == late


def test_what_a_transaction_has_written_itself_it_sees_as_decided():
    with transaction.atomic():
        (mine,) = happens()
        assert horizon() == mine


def test_a_ledger_has_an_age_and_a_restore_begins_another():
    first = age()
    assert len(first.key) == 8
    begin_age()
    assert age().key != first.key
