"""Webhooks are looked after: secrets are changed, messages sent again by hand, and what is wrong with a filter is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from standardwebhooks.webhooks import Webhook as Library

from kith.events.models import Event
from kith.hooks import owning, sending, webhooks
from kith.hooks.models import Attempt, Sending, Webhook
from kith.kernel import clock
from kith.kernel.errors import Invalid, Refused
from kith.objects.write import change
from tests.cast import Cast
from tests.drain import drain

from .conftest import SEED, later, said, toy
from .sink import Sink

pytestmark = pytest.mark.django_db
Hook = Callable[..., Webhook]


# Secrets


def test_while_a_secret_is_changed_both_count_and_then_the_new_one_alone(cast: Cast, sink: Sink, hook: Hook):
    row = hook(sink)
    new = owning.new_secret(cast.actor("eve"), row)
    assert new != row.told
    toy()
    drain()
    headers, body = sink.got[0]
    Library(row.told).verify(body, headers)
    Library(new).verify(body, headers)
    with clock.frozen(clock.now() + timedelta(hours=25)):
        toy("Later")
        drain()
        assert len(sink.got[1][0]["webhook-signature"].split(" ")) == 1
        row.refresh_from_db()
        assert row.secrets() == [new]


def test_secrets_stand_nowhere_in_the_database_or_the_ledger(cast: Cast, sink: Sink, hook: Hook):
    row = hook(sink)
    owning.new_secret(cast.actor("eve"), row)
    toy()
    drain()
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            assert row.told.removeprefix("whsec_") not in str(cursor.fetchall())


# By hand


def test_what_failed_is_sent_again_by_hand_in_order_under_its_own_id(
    cast: Cast, sinks: Callable[..., Sink], hook: Hook
):
    sink = sinks(lambda n: 410 if n == 1 else 200)
    row = hook(sink)
    made = toy()
    change(SEED, made, pieces=1)
    drain()
    eve = cast.actor("eve")
    with pytest.raises(Refused):
        sending.replay(eve, row)
    owning.resume(eve, row)
    assert sending.replay(eve, row) == 2
    drain()
    ids = [headers["webhook-id"] for headers, _body in sink.got]
    assert ids[0] == ids[1] != ids[2]
    assert [d["type"].rpartition(".")[2] for d in said(sink)[1:]] == ["created", "changed"]
    one = Sending.objects.order_by("pk").first()
    assert one is not None
    assert sending.replay(eve, row, only=one.pk) == 1
    drain()
    assert sink.got[-1][0]["webhook-id"] == ids[0]
    assert Event.objects.filter(name="webhook.replayed").count() == 2


def test_a_webhook_is_tried_out_once_without_a_record(cast: Cast, sinks: Callable[..., Sink], hook: Hook):
    sink = sinks(lambda n: 500)
    row = hook(sink)
    sending.try_out(cast.actor("eve"), row)
    drain()
    later(days=1)
    assert len(sink.got) == 1
    assert said(sink)[0]["type"] == "webhook.test"
    assert Sending.objects.get().state == Sending.FAILED
    row.refresh_from_db()
    assert row.failures == 0


def test_what_is_paused_is_sent_nothing(cast: Cast, sink: Sink, hook: Hook):
    row = hook(sink)
    owning.pause(cast.actor("eve"), row)
    toy()
    drain()
    assert sink.got == []
    assert not Sending.objects.exists()
    owning.resume(cast.actor("eve"), row)
    toy("Now")
    drain()
    assert len(sink.got) == 1


def test_the_log_goes_after_thirty_days(cast: Cast, sink: Sink, hook: Hook):
    from kith.hooks.keeping import forget_old_messages

    hook(sink)
    toy()
    drain()
    forget_old_messages()
    assert Attempt.objects.count() == 1
    with clock.frozen(clock.now() + timedelta(days=31)):
        forget_old_messages()
    assert not Attempt.objects.exists()
    assert not Sending.objects.exists()


def test_everything_that_is_done_with_a_webhook_stands_in_the_ledger(cast: Cast, sink: Sink, hook: Hook):
    eve = cast.actor("eve")
    row = hook(sink)
    webhooks.change(
        eve, row, {"name": "Shop", "url": row.url, "object": "", "kinds": ["created"], "filter": ""}, row.version
    )
    owning.new_secret(eve, row)
    owning.pause(eve, row)
    owning.resume(eve, row)
    owning.remove(eve, row)
    told = list(Event.objects.filter(object="hooks.webhook").order_by("pk").values_list("name", flat=True))
    assert told == [f"webhook.{name}" for name in ("made", "changed", "secret_changed", "paused", "resumed", "removed")]


def test_a_change_from_an_old_version_is_refused(cast: Cast, sink: Sink, hook: Hook):
    eve, row = cast.actor("eve"), hook(sink)
    given = {"name": "Shop", "url": row.url, "object": "", "kinds": ["created"], "filter": ""}
    webhooks.change(eve, row, given, 1)
    with pytest.raises(Refused):
        webhooks.change(eve, row, given, 1)


def test_a_filter_that_the_owner_could_not_use_in_a_list_is_refused(cast: Cast, sink: Sink, hook: Hook):
    cast.hide("toybox.toy", "pieces")
    for given in ({"filter": "pieces:at_least:10"}, {"object": "", "filter": "name:is:x"}, {"filter": "nonsense"}):
        with pytest.raises(Invalid) as refused:
            hook(sink, **given)
        assert list(refused.value.errors) == ["filter"]


def test_a_filter_that_can_be_read_no_more_is_closed(cast: Cast, sink: Sink, hook: Hook):
    row = hook(sink, filter="pieces:at_least:1")
    cast.hide("toybox.toy", "pieces")
    toy(pieces=5)
    drain()
    row.refresh_from_db()
    assert sink.got == []
    assert row.paused_why == Webhook.FILTER


def test_many_events_cost_a_constant_number_of_questions_to_be_picked(cast: Cast, sink: Sink, hook: Hook):
    from kith.hooks.outgoing import worth

    hook(sink)
    events = list(Event.objects.all()) + [Event(name="created", object="toybox.toy", record=n) for n in range(500)]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(worth(events)) == 500
    assert len(asked) == 1


def test_what_is_sent_is_the_same_json_however_often_it_is_written(cast: Cast, sink: Sink, hook: Hook):
    hook(sink)
    toy(name="Schöne „Puppe“ 😀")
    drain()
    body = sink.got[0][1]
    assert "😀".encode() in body
    assert json.loads(body)["data"]["record"]["title"] == "Schöne „Puppe“ 😀"
