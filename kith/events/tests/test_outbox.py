"""Deliveries: at least once, retried, dead at last; facts in the transaction of what they are about."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from kith.events import outbox
from kith.events.facts import emit
from kith.events.models import Delivery, Event
from kith.kernel import clock
from kith.kernel.actor import System
from kith.objects.actions import act
from kith.objects.write import create
from tests.toybox import facts
from tests.toybox.facts import ToyLost

SYSTEM = System("test")
pytestmark = pytest.mark.django_db


@pytest.fixture
def toy():
    facts.seen.clear()
    return create(SYSTEM, "toybox.toy", name={"given": "Bear"})


def test_what_happens_now_happens_in_the_transaction_and_later_after_it(toy):
    act(SYSTEM, "lose", toy, where="park")
    event = Event.objects.get(name=ToyLost.name)
    assert facts.seen == [("now", event.pk)]
    assert outbox.deliver() == 1
    assert facts.seen == [("now", event.pk), ("later", event.pk)]
    assert outbox.deliver() == 0
    assert Delivery.objects.get().done is not None


def test_a_fact_rolled_back_is_told_to_nobody(toy):
    @transaction.atomic
    def fail() -> None:
        act(SYSTEM, "lose", toy, where="park")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Event.objects.filter(name=ToyLost.name).exists()
    assert outbox.deliver() == 0


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused(toy):
    with pytest.raises(RuntimeError, match="transaction"):
        emit(ToyLost(toy, "park"), SYSTEM)


def test_what_fails_is_tried_again_later_and_is_dead_at_last(toy):
    act(SYSTEM, "lose", toy, where="nowhere")
    at = clock.now()
    for n in range(1, len(outbox.BACK_OFF) + 2):
        with clock.frozen(at):
            assert outbox.deliver() == 1, n
            delivery = Delivery.objects.get()
            assert (delivery.tries, delivery.done) == (n, None)
            assert delivery.dead is (n > len(outbox.BACK_OFF))
            assert "nobody to tell" in delivery.error
            assert outbox.deliver() == 0, "not before it is due"
        at = delivery.due + timedelta(seconds=1)
    with clock.frozen(at + timedelta(days=30)):
        assert outbox.deliver() == 0
        outbox.revive(delivery)
        assert outbox.deliver() == 1


def test_a_delivery_whose_worker_died_is_taken_over_after_its_lease(toy):
    act(SYSTEM, "lose", toy, where="park")
    Delivery.objects.update(claim="dead worker", claimed_until=clock.now() + timedelta(minutes=1))
    assert outbox.deliver() == 0
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        assert outbox.deliver() == 1
    assert len(facts.seen) == 2


def test_a_reaction_run_twice_does_what_it_does_once(toy):
    act(SYSTEM, "lose", toy, where="park")
    outbox.deliver()
    Delivery.objects.update(done=None, claim="", claimed_until=None)
    outbox.deliver()
    assert len(facts.seen) == 2


def test_a_worker_that_is_slow_keeps_what_it_has_taken(toy, monkeypatch):
    for where in ("park", "zoo", "lake"):
        act(SYSTEM, "lose", toy, where=where)
    now = [clock.now()]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    tried, others = outbox._try, []

    def slow(delivery: Delivery) -> None:
        now[0] += outbox.LEASE - timedelta(seconds=5)
        monkeypatch.setattr(outbox, "_try", tried)
        others.append(outbox.deliver())
        monkeypatch.setattr(outbox, "_try", slow)
        tried(delivery)

    monkeypatch.setattr(outbox, "_try", slow)
    assert outbox.deliver() == 3
    assert others == [0, 0, 0]
    assert Delivery.objects.filter(done=None).count() == 0
