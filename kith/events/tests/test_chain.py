"""The chain over the ledger: it tells every change, and none may be made."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from kith.events import chain
from kith.events.append_only import altering
from kith.events.facts import make_event, record_events
from kith.events.models import Event, Gap, Origin, Seal
from kith.kernel import clock
from kith.kernel.actor import System, cause
from kith.kernel.origin import Origin as Place
from kith.kernel.origin import coming_from

pytestmark = pytest.mark.django_db


def happened(count: int = 1, **data: object) -> list[Event]:
    events = [
        make_event(System("test"), "changed", "toybox.box", n + 1, {"name": ["a", n], **data}) for n in range(count)
    ]
    with transaction.atomic():
        record_events(events)
    return events


def sealed(count: int) -> list[Event]:
    events = happened(count)
    while chain.seal(4):
        continue
    return events


def test_a_chain_over_the_ledger_as_it_was_written_is_whole() -> None:
    sealed(10)
    verdict = chain.verify()
    assert verdict.faults == []
    assert (verdict.links, verdict.events, verdict.waiting) == (3, 10, 0)


@pytest.mark.parametrize(
    "alteration",
    [
        {"actor_name": "Somebody else"}, {"data": {"name": ["a", "b"]}}, {"at": clock.now() - timedelta(days=1)}, {"name": "created"},
        {"record": 99}, {"cause": "request:other"}, {"object": "toybox.toy"}, {"actor_kind": "user"}, {"actor_id": "7"},
    ],
    ids=lambda alteration: next(iter(alteration)),
)  # fmt: skip
def test_any_changed_event_breaks_its_link(alteration: dict[str, object]) -> None:
    event = sealed(6)[4]
    with altering("a test"):
        Event.objects.filter(pk=event.pk).update(**alteration)
    assert ["Link 2: an event was changed" in fault for fault in chain.verify().faults] == [True]


def test_an_event_taken_away_is_named() -> None:
    event = sealed(6)[1]
    with altering("a test"):
        Event.objects.filter(pk=event.pk).delete()
    assert chain.verify().faults == [f"Link 1: events were taken away: #{event.pk}."]


def test_where_an_event_came_from_is_sealed_too() -> None:
    with cause("request:1"), coming_from(Place("192.0.2.7", "A browser", "record")):
        happened(2)
    assert list(Origin.objects.values_list("cause", "address", "agent", "route")) == [
        ("request:1", "192.0.2.7", "A browser", "record")
    ]
    assert chain.seal() == 2
    with altering("a test"):
        Origin.objects.update(address="192.0.2.8")
    assert len(chain.verify().faults) == 1


def test_an_event_put_in_between_is_found() -> None:
    events = happened(3)
    with altering("a test"):
        Event.objects.filter(pk=events[1].pk).delete()
    chain.seal()
    Gap.objects.all().delete()
    Event.objects.bulk_create([events[1]])
    assert chain.verify().faults == [f"Events were put in between: #{events[1].pk}."]


def test_an_event_of_a_slow_transaction_is_sealed_when_it_appears() -> None:
    sealed(1)  # the first gap is what lies before the first event
    before = Gap.objects.count()
    events = happened(5)
    slow = events[1:3]
    with altering("a test: not committed yet"):
        Event.objects.filter(pk__in=[event.pk for event in slow]).delete()
    assert chain.seal() == 3
    Event.objects.bulk_create(slow[1:])
    assert chain.seal() == 1
    Event.objects.bulk_create(slow[:1])
    assert chain.seal() == 1
    assert (chain.seal(), Gap.objects.count(), chain.verify().faults) == (0, before, [])


def test_a_gap_that_nobody_fills_is_forgotten_after_a_day() -> None:
    sealed(1)
    before = Gap.objects.count()
    events = happened(3)
    with altering("a test: rolled back"):
        Event.objects.filter(pk=events[1].pk).delete()
    chain.seal()
    assert Gap.objects.count() == before + 1
    with clock.frozen(clock.now() + chain.GIVE_UP + timedelta(minutes=1)):
        chain.seal()
    assert Gap.objects.count() == 0
    assert chain.verify().faults == []


def test_an_end_that_was_cut_off_shows_against_a_noted_head() -> None:
    sealed(8)
    noted = chain.head()
    with altering("a test"):
        last = Seal.objects.get(number=2)
        Event.objects.filter(pk__gte=last.ranges[0][0]).delete()
        last.delete()
    assert chain.verify().faults == []
    assert chain.verify(noted).faults == [
        f"The chain ends at link 1; link {noted.number} was noted: its end was cut off."
    ]


def test_a_chain_made_anew_without_the_key_shows() -> None:
    sealed(4)
    with altering("a test"):
        Seal.objects.update(digest="0" * 64)
    assert len(chain.verify().faults) == 1


@pytest.mark.parametrize("model", [Event, Origin, Seal])
def test_the_ledger_is_only_added_to(model: type) -> None:
    with cause("request:1"), coming_from(Place("192.0.2.7")):
        happened(1)
    chain.seal()
    row = model.objects.first()
    for deed in (
        lambda: model.objects.filter(pk=row.pk).delete(),
        row.save,
        lambda: model.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="ledger is only added to"), transaction.atomic():
            deed()
    assert model.objects.count() == 1


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's triggers hold for every program")
def test_another_program_cannot_rewrite_the_ledger_either(transactional_db: None) -> None:
    happened(1)
    with (
        sqlite3.connect(connection.settings_dict["NAME"]) as other,
        pytest.raises(sqlite3.OperationalError, match="kith_may_alter"),
    ):
        other.execute("DELETE FROM events_event")
    assert Event.objects.count() == 1


def test_the_ledger_cannot_be_emptied_at_once(transactional_db: None) -> None:
    happened(1)
    empty = "TRUNCATE events_event CASCADE" if connection.vendor == "postgresql" else "DELETE FROM events_event"
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="ledger is only added to"):
        cursor.execute(empty)
    assert Event.objects.count() == 1
