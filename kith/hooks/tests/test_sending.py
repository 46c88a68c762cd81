"""What happens is told elsewhere: signed, as the owner may see it, in order, again until it arrives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook as Library

from kith.events.horizon import age, place
from kith.events.models import Event
from kith.hooks import sending
from kith.hooks.models import Attempt, Sending, Webhook
from kith.kernel import clock
from kith.objects.query import find
from kith.objects.write import change, purge, remove
from tests.cast import Cast
from tests.drain import drain

from .conftest import SEED, later, said, toy
from .sink import Sink

pytestmark = pytest.mark.django_db
Hook = Callable[..., Webhook]
START = clock.now().replace(microsecond=0)


# What is sent


def test_a_change_is_sent_signed_as_the_scheme_wants_and_says_what_rest_says(cast: Cast, sink: Sink, hook: Hook):
    row = hook(sink)
    made = toy(pieces=5)
    drain()
    change(SEED, made, pieces=6)
    drain()
    assert len(sink.got) == 2
    for headers, body in sink.got:
        Library(row.told).verify(body, headers)  # raises when it does not fit
        assert headers["content-type"] == "application/json"
    first, second = said(sink)
    assert (first["type"], second["type"]) == ("toybox.toy.created", "toybox.toy.changed")
    data = second["data"]
    assert (data["object"], data["id"], data["version"]) == ("toybox.toy", made.pk, 2)
    assert data["changed"] == {"pieces": {"old": 5, "new": 6}}
    assert data["record"]["values"]["pieces"] == 6
    assert data["record"]["title"] == "Robot"
    assert data["by"]["name"] == "seed"
    event = Event.objects.get(object="toybox.toy", name="changed")
    assert second["timestamp"] == event.at.isoformat().replace("+00:00", "Z")
    assert place(data["position"], age()) == event.pk
    assert set(Sending.objects.values_list("state", flat=True)) == {"done"}


def test_the_record_is_the_one_that_rest_gives(cast: Cast, sink: Sink, hook: Hook):
    from kith.api.tests.programs import Program

    hook(sink)
    made = toy(pieces=5, price={"amount": "12.50", "currency": "EUR"})
    drain()
    assert said(sink)[0]["data"]["record"] == Program(cast.actor("eve")).get(f"/toys/{made.pk}").said


def test_only_what_was_chosen_is_told(cast: Cast, sink: Sink, hook: Hook):
    hook(sink, kinds=["changed"], filter="pieces:at_least:10")
    made = toy(pieces=3)
    change(SEED, made, pieces=4)
    change(SEED, find(SEED, "toybox.toy", made.pk), pieces=12)
    from kith.objects.write import create

    create(SEED, "toybox.box", name="Crate")
    drain()
    # Both changes are told: when they are read, the record fits. What it was in between is in `changed`.
    assert {d["data"]["changed"]["pieces"]["new"] for d in said(sink)} <= {4, 12}
    assert all(d["data"]["record"]["values"]["pieces"] == 12 for d in said(sink))
    sink.got.clear()
    change(SEED, find(SEED, "toybox.toy", made.pk), pieces=2)
    drain()
    assert sink.got == []


def test_facts_of_rooms_are_told_with_their_sentence(cast: Cast, sink: Sink, hook: Hook):
    from kith.threads.notes import add_note

    hook(sink, kinds=["note.added"])
    made = toy()
    add_note.function(cast.actor("eve"), find(cast.actor("eve"), "toybox.toy", made.pk), text="It is broken")
    drain()
    (only,) = said(sink)
    assert only["type"] == "toybox.toy.note.added"
    assert only["data"]["text"] == "It is broken"


def test_moving_to_the_trash_is_told_with_the_record(cast: Cast, sink: Sink, hook: Hook):
    hook(sink, kinds=["removed"])
    made = toy()
    remove(SEED, made)
    drain()
    (only,) = said(sink)
    assert (only["type"], only["data"]["record"]["id"]) == ("toybox.toy.removed", made.pk)


def test_where_nobody_asks_a_write_leaves_no_delivery(cast: Cast):
    from kith.events.models import Delivery

    toy()
    assert not Delivery.objects.filter(consumer="kith.hooks.outgoing.fan_out").exists()


# Whose it is


def test_a_webhook_tells_what_its_owner_may_see_and_no_more(cast: Cast, sink: Sink, hook: Hook):
    cast.hide("toybox.toy", "pieces")
    hook(sink, "eve")
    hook(sink, "dee", name="Stranger")
    made = toy(pieces=5, owner=cast.ada.pk)
    drain()
    (only,) = said(sink)
    assert "pieces" not in only["data"]["record"]["values"]
    assert "pieces" not in only["data"]["changed"]
    change(SEED, made, pieces=6)
    drain()
    assert len(sink.got) == 1  # of a change of nothing but hidden fields nothing is said


def test_what_is_hidden_while_a_message_waits_leaves_it(cast: Cast, sinks: Callable[..., Sink], hook: Hook):
    sink = sinks(lambda n: 500 if n == 1 else 204)
    hook(sink)
    toy(pieces=5)
    drain()
    assert said(sink)[0]["data"]["record"]["values"]["pieces"] == 5
    cast.hide("toybox.toy", "pieces")
    later(minutes=1)
    assert len(sink.got) == 2
    assert "pieces" not in said(sink)[1]["data"]["record"]["values"]
    assert "pieces" not in said(sink)[1]["data"]["changed"]


def test_what_its_owner_loses_sight_of_is_not_sent(cast: Cast, sinks: Callable[..., Sink], hook: Hook):
    sink = sinks(lambda n: 500)
    hook(sink, "dee")
    made = toy(owner=cast.dee.pk)
    drain()
    change(SEED, made, owner=cast.ada.pk)
    Sending.objects.exclude(tries=1).delete()
    later(minutes=1)
    assert len(sink.got) == 1
    assert Sending.objects.get().state == Sending.DROPPED
    assert Sending.objects.get().body == {}


def test_nothing_is_sent_for_somebody_who_may_not_sign_in_any_more(cast: Cast, sink: Sink, hook: Hook):
    row = hook(sink)
    type(cast.eve).objects.filter(pk=cast.eve.pk).update(is_active=False)
    toy()
    drain()
    row.refresh_from_db()
    assert sink.got == []
    assert row.paused_why == Webhook.TOKEN


def test_a_purged_record_leaves_nothing_in_the_log(cast: Cast, sink: Sink, hook: Hook):
    hook(sink)
    made = toy("Zzyzx")
    drain()
    remove(SEED, made)
    drain()
    purge(SEED, find(SEED, "toybox.toy", made.pk, trash=True))
    assert not Sending.objects.exists()
    assert not Attempt.objects.exists()


# Order and trying again


def test_a_message_is_tried_again_under_the_same_id_with_growing_waits(
    cast: Cast, sinks: Callable[..., Sink], hook: Hook
):
    sink = sinks(lambda n: 500 if n < 4 else 200)
    row = hook(sink)
    waits, now = [], clock.now()
    with clock.frozen(now):
        toy()
        drain()
    for turn in range(3):
        due = Sending.objects.get().due
        waits.append((due - now).total_seconds())
        with clock.frozen(due - timedelta(seconds=1)):
            drain()
        assert Sending.objects.get().tries == turn + 1
        now = due
        with clock.frozen(now):
            drain()
    assert len({headers["webhook-id"] for headers, _body in sink.got}) == 1
    assert len({body for _headers, body in sink.got}) == 1
    assert 2.4 < waits[0] < 7.6
    assert 7.4 < waits[1] < 22.6
    assert 22.4 < waits[2] < 67.6
    assert Sending.objects.get().state == Sending.DONE
    assert list(Attempt.objects.order_by("pk").values_list("status", "ok")) == [(500, False)] * 3 + [(200, True)]
    row.refresh_from_db()
    assert (row.failures, row.failing_since) == (0, None)


def test_the_next_of_a_record_waits_for_the_one_before_and_other_records_do_not(
    cast: Cast, sinks: Callable[..., Sink], hook: Hook
):
    sink = sinks(lambda n: 500 if n == 1 else 200)
    hook(sink)
    first = toy("First")
    drain()
    assert len(sink.got) == 1
    change(SEED, first, pieces=1)
    toy("Second")
    drain()
    assert [d["data"]["record"]["title"] for d in said(sink)] == ["First", "Second"]
    later(seconds=10)
    told = [(d["data"]["record"]["title"], d["type"].rpartition(".")[2]) for d in said(sink)]
    assert told == [("First", "created"), ("Second", "created"), ("First", "created"), ("First", "changed")]


def test_a_message_does_not_overtake_one_that_is_still_in_the_outbox(cast: Cast, sink: Sink, hook: Hook):
    from kith.events.models import Delivery

    hook(sink)
    made = toy()
    change(SEED, made, pieces=1)
    held = Delivery.objects.filter(consumer="kith.hooks.outgoing.fan_out").order_by("event").first()
    assert held is not None
    Delivery.objects.filter(pk=held.pk).update(due=clock.now() + timedelta(minutes=5))
    drain()
    assert sink.got == []
    assert Sending.objects.count() == 1
    later(minutes=6)
    assert [d["type"].rpartition(".")[2] for d in said(sink)] == ["created", "changed"]


def test_what_was_given_up_lets_the_next_go(cast: Cast, sinks: Callable[..., Sink], hook: Hook):
    sink = sinks(lambda n: 204 if n > 2 else 500)
    hook(sink)
    made = toy()
    drain()
    Sending.objects.update(tried_at=clock.now() - timedelta(days=3))
    change(SEED, made, pieces=1)
    later(minutes=1)
    assert list(Sending.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "done"]


def test_a_worker_that_died_leaves_its_messages_to_the_next(cast: Cast, sink: Sink, hook: Hook):
    hook(sink)
    toy()
    from kith.events.outbox import deliver

    deliver()
    (taken,) = sending._claimed()
    assert not sending._claimed()
    assert not sending.send()
    with clock.frozen(clock.now() + sending.LEASE + timedelta(seconds=1)):
        assert sending.send()
    assert sink.got[0][0]["webhook-id"] == taken.message
