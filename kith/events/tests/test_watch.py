"""A place in the ledger from which it is read on: nothing is missed, not even what becomes visible late."""

from __future__ import annotations

import pytest
from django.db import transaction

from kith.events import watch as module
from kith.events.facts import make_event, record_events
from kith.events.models import About, Event
from kith.events.watch import Watch
from kith.kernel.actor import System

pytestmark = pytest.mark.django_db


def happened(count: int = 1, **data: object) -> list[Event]:
    events = [
        make_event(System("test"), "changed", "toybox.box", n + 1, {"name": ["a", n], **data}) for n in range(count)
    ]
    with transaction.atomic():
        record_events(events)
    return events


def late(pk: int) -> Event:
    """An event with an id that was passed already."""
    event = make_event(System("test"), "changed", "toybox.box", 77, {})
    event.pk = pk
    event.save(force_insert=True)
    return event


def test_what_happens_is_told_once_and_in_order() -> None:
    happened(2)
    watch = Watch()
    assert watch.look() == []
    told = [event.pk for event in happened(3)]
    assert [line.id for line in watch.look()] == told
    assert watch.look() == []


def test_a_line_says_which_fields_and_whose_timelines() -> None:
    watch = Watch()
    (event,) = happened(1)
    About.objects.create(event=event, object="toybox.toy", record=5)
    (line,) = watch.look()
    assert (line.object, line.record, line.fields, line.about) == ("toybox.box", 1, ("name",), (("toybox.toy", 5),))


def test_an_event_that_becomes_visible_after_a_later_one_is_told_all_the_same() -> None:
    happened()
    watch = Watch()
    before = watch.top
    late(before + 3)
    watch.look()
    assert watch.floor == before, "two are missing, and whoever comes back is told from before them"
    late(before + 1)
    assert [line.id for line in watch.look()] == [before + 1]
    assert watch.floor == before + 1
    late(before + 2)
    assert [line.id for line in watch.look()] == [before + 2]
    assert watch.floor == before + 3


def test_a_watch_that_begins_looks_for_what_is_not_committed_yet() -> None:
    (first,) = happened()
    late(first.pk + 2)
    watch = Watch()
    assert watch.floor == first.pk
    late(first.pk + 1)
    assert [line.id for line in watch.look()] == [first.pk + 1]


def test_an_id_that_never_gets_an_event_is_given_up_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch()
    late(watch.top + 5)
    watch.look()
    assert watch.gaps
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    watch.look()
    assert watch.floor == watch.top


def test_who_was_away_hears_what_she_missed_unless_it_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch()
    position = watch.floor
    told = [event.pk for event in happened(4)]
    watch.look()
    assert [line.id for line in watch.since(position) or []] == told
    assert watch.since(watch.top) == []
    monkeypatch.setattr(module, "MOST_MISSED", 3)
    assert watch.since(position) is None


def test_a_page_hears_what_happened_since_it_was_made() -> None:
    happened(2)
    watch = Watch()
    (event,) = happened()
    watch.look()
    assert watch.position_at(event.at) <= event.pk - 1
    assert event.pk in [line.id for line in watch.since(watch.position_at(event.at)) or []]
