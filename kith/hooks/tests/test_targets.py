"""Targets that do not behave: they hang, redirect, lead inside, refuse for a day; and what the owner of a webhook is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kith.hooks import sending, webhooks
from kith.hooks.models import Attempt, Sending, Webhook
from kith.kernel import clock
from kith.kernel.errors import Invalid
from kith.objects.query import find
from kith.objects.write import change
from kith.threads import inbox
from tests.cast import Cast
from tests.drain import drain

from .conftest import SEED, later, said, toy
from .sink import Sink

pytestmark = pytest.mark.django_db
Hook = Callable[..., Webhook]
START = clock.now().replace(microsecond=0)
TYPED = pytest.mark.one_engine("an address is judged by its letters alone")


# Servers that do not behave


def test_a_redirect_is_a_failure_and_is_not_followed(cast: Cast, sinks: Callable[..., Sink], hook: Hook):
    other = sinks()
    sink = sinks(lambda n: (302, {"Location": other.url}, b""))
    hook(sink)
    toy()
    drain()
    assert other.got == []
    assert list(Attempt.objects.values_list("status", "ok")) == [(302, False)]
    assert Sending.objects.get().state == Sending.WAITING


def test_a_server_that_hangs_is_left_and_keeps_nobody_waiting(
    cast: Cast, sinks: Callable[..., Sink], hook: Hook, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sending, "SECONDS", 0.3)
    hangs, well = sinks(lambda n: None), sinks()
    hook(hangs, name="Hangs")
    hook(well, name="Well")
    for number in range(3):
        toy(f"Toy {number}")
    drain()
    assert len(well.got) == 3
    assert set(Attempt.objects.filter(ok=False).values_list("status", "error")) == {
        (None, "The other server took too long to answer.")
    }


def test_whoever_is_slow_keeps_nobody_else_waiting(cast: Cast, sinks: Callable[..., Sink], hook: Hook):
    """The slow one answers only when the other one has got everything, one message after the other."""
    served = threading.Event()
    slow = sinks(lambda n: 204 if served.wait(5) else 500)

    def answers(n: int) -> int:
        if n == 4:
            served.set()
        return 204

    well = sinks(answers)
    hook(slow, name="Slow", kinds=["created"])
    hook(well, name="Well")
    made = toy()
    for pieces in range(1, 4):
        made = change(SEED, made, pieces=pieces)
    drain()
    assert (len(well.got), len(slow.got)) == (4, 1)
    assert set(Attempt.objects.values_list("status", flat=True)) == {204}


def test_one_for_whom_very_much_waits_does_not_stand_before_the_others(
    cast: Cast, sinks: Callable[..., Sink], hook: Hook, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sending, "LOOKED_AT", 3)
    monkeypatch.setattr(sending, "TO_ONE", 2)
    much, little = hook(sinks(), name="Much"), hook(sinks(), name="Little", kinds=["changed"])
    first = toy("First")
    for number in range(8):
        toy(f"Toy {number}")
    change(SEED, first, pieces=1)
    from kith.events.outbox import deliver

    deliver()
    assert [one.webhook_id for one in sending._claimed()] == [much.pk, much.pk, little.pk]


def test_a_message_that_cannot_be_written_stops_no_other(
    cast: Cast, sink: Sink, hook: Hook, monkeypatch: pytest.MonkeyPatch
):
    hook(sink)
    toy("Broken")
    toy("Whole")
    still = sending.payload.still

    def breaks(actor: Any, body: Any) -> Any:
        if body["data"]["record"]["title"] == "Broken":
            raise ZeroDivisionError
        return still(actor, body)

    monkeypatch.setattr(sending.payload, "still", breaks)
    drain()
    assert [one["data"]["record"]["title"] for one in said(sink)] == ["Whole"]
    attempt = Attempt.objects.get(ok=False)
    assert (attempt.status, attempt.error) == (None, "This is our fault, and it has been recorded.")
    assert attempt.sending.state == Sending.WAITING


def test_a_name_that_leads_inside_is_never_asked(
    cast: Cast, sink: Sink, hook: Hook, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    from kith.kernel import http

    monkeypatch.setattr(http, "system_resolver", lambda host, port: ["10.0.0.7"])
    row = hook(sink, url="https://crm.example/hook")
    toy()
    drain()
    (attempt,) = Attempt.objects.all()
    assert attempt.status is None
    assert "not a place on the public internet" in attempt.error
    assert row.pk == attempt.webhook_id


@TYPED
@pytest.mark.parametrize(
    "url",
    ["http://hooks.example/x", "https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/x", "ftp://a.example/", "", "https://169.254.169.254/",
     "https://hooks.example:8443/", "https://user:pass@hooks.example/", "javascript:alert(1)", "https://" + "a" * 3000],
)  # fmt: skip
def test_an_address_that_cannot_be_asked_is_refused_when_it_is_typed(cast: Cast, url: str):
    with pytest.raises(Invalid) as refused:
        webhooks.make(cast.actor("eve"), {"name": "X", "url": url, "kinds": ["created"]})
    assert list(refused.value.errors) == ["url"]


def test_of_an_answer_two_kilobytes_are_kept_and_nothing_in_it_does_harm(
    cast: Cast, sinks: Callable[..., Sink], hook: Hook
):
    sink = sinks(lambda n: (400, {}, b"\x00\xff" + b"a" * 5000))
    hook(sink)
    toy()
    drain()
    answer = Attempt.objects.get().answer
    assert len(answer) == 2048
    assert "\0" not in answer


def test_after_failures_in_a_row_a_server_is_left_alone_for_a_while(cast: Cast, sinks: Callable[..., Sink], hook: Hook):
    sink = sinks(lambda n: 503)
    row = hook(sink)
    for number in range(8):
        toy(f"Toy {number}")
    drain()
    row.refresh_from_db()
    assert row.failures == 8
    assert row.rest_until is not None
    toy("Another")
    drain()
    assert len(sink.got) == 8
    later(minutes=20)
    assert len(sink.got) == 9  # one, to see whether it is there again


def test_how_long_a_server_asks_to_be_left_alone_is_kept(cast: Cast, sinks: Callable[..., Sink], hook: Hook):
    hook(sinks(lambda n: (429, {"Retry-After": "3600"}, b"")))
    toy()
    drain()
    assert Sending.objects.get().due > clock.now() + timedelta(minutes=59)


# What its owner is told


def sentences(cast: Cast, who: str = "eve") -> list[str]:
    return [line.says for group in inbox.inbox(cast.actor(who)).groups for line in group.lines]


def test_a_failing_webhook_is_told_to_its_owner_and_after_three_days_paused(
    cast: Cast, sinks: Callable[..., Sink], hook: Hook
):
    sink = sinks(lambda n: 500)
    row = hook(sink)
    with clock.frozen(START):
        toy()
        drain()
    told = []
    for hour in range(1, 80):
        with clock.frozen(START + timedelta(hours=hour)):
            drain()
            row.refresh_from_db()
            told.append((hour, row.paused_at is not None, len(sentences(cast))))
            if row.paused_at:
                break
    assert told[-1][0] in (72, 73)
    assert 10 < len(sink.got) < 30
    assert next(hour for hour, _paused, n in told if n) < 8
    assert row.paused_why == Webhook.FAILING
    groups = inbox.inbox(cast.actor("eve")).groups
    assert [(g.title, g.url) for g in groups] == [("Warehouse", f"/settings/webhooks/{row.pk}/")]
    assert len(groups[0].lines) == 2
    assert inbox.unread(cast.actor("eve")) == 1
    assert inbox.inbox(cast.actor("ada")).groups == []
    assert Sending.objects.get().state == Sending.FAILED


def test_a_target_that_answers_500_for_a_day_gets_everything_afterwards_in_order(
    cast: Cast, sinks: Callable[..., Sink], hook: Hook
):
    well = threading.Event()
    sink = sinks(lambda n: 204 if well.is_set() else 500)
    row = hook(sink)
    with clock.frozen(START):
        made = toy(pieces=0)
        drain()
    for hour in range(1, 25):
        with clock.frozen(START + timedelta(hours=hour)):
            if hour % 6 == 0:
                made = change(SEED, find(SEED, "toybox.toy", made.pk), pieces=hour)
            drain()
    row.refresh_from_db()
    assert row.paused_at is None
    assert len(sentences(cast)) == 1
    assert len({headers["webhook-id"] for headers, _body in sink.got}) == 1  # those after it waited for the first
    failed = len(sink.got)
    assert failed < 25
    well.set()
    with clock.frozen(START + timedelta(hours=34)):
        drain()
    told = [one["data"]["changed"].get("pieces", {}).get("new") for one in said(sink)[failed:]]
    assert told == [0, 6, 12, 18, 24]
    row.refresh_from_db()
    assert (row.failures, row.failing_since) == (0, None)


def test_an_address_that_is_gone_for_good_is_paused_at_once(cast: Cast, sinks: Callable[..., Sink], hook: Hook):
    sink = sinks(lambda n: 410)
    row = hook(sink)
    toy()
    toy("Another")
    drain()
    row.refresh_from_db()
    assert row.paused_why == Webhook.GONE
    assert set(Sending.objects.values_list("state", flat=True)) == {"failed"}
    assert "gone for good" in sentences(cast)[0]
    toy("More")
    drain()
    assert Sending.objects.count() == 2


def test_one_that_mostly_fails_for_hours_is_paused_before_the_three_days(
    cast: Cast, sinks: Callable[..., Sink], hook: Hook
):
    sink = sinks(lambda n: 500)
    row = hook(sink)
    toy()
    drain()
    one = Sending.objects.get()
    Attempt.objects.bulk_create(
        Attempt(sending=one, webhook=row, url=row.url, status=500, at=clock.now()) for _n in range(60)
    )
    Webhook.objects.update(failing_since=clock.now() - timedelta(hours=7))
    later(minutes=1)
    row.refresh_from_db()
    assert row.paused_why == Webhook.FAILING
