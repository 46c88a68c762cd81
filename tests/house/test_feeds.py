"""What a stream of the change feed is told in each turn, and when nothing is read for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from kith.api.rest.changes import Follower, Wanted
from kith.api.tests.apps import Their
from kith.config.feeds import Feeds, FeedStream, Turns
from kith.events.horizon import begin_age, horizon
from kith.identity import permits, tokens
from kith.identity.models import Permit
from kith.kernel import clock
from kith.kernel.actor import System
from kith.kernel.viewer import NEUTRAL
from kith.objects.write import Draft, write
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SEED = System("seed")


class Loop:
    """An event loop that does at once what it is told."""

    def call_soon_threadsafe(self, work: Callable[..., Any], *given: Any) -> None:
        work(*given)


def stream(cast: Cast, who: str = "eve") -> FeedStream:
    return of_token(tokens.make(cast.actor(who), tokens.Wanted("Feed", (("*", "*"),)))[1])


def of_token(text: str) -> FeedStream:
    token, at = tokens.find(text, "192.0.2.1"), horizon()
    assert token
    follower = Follower(token.prefix, tokens.actor_of_token(token), NEUTRAL, "en", Wanted(), at, told=at)
    loop: Any = Loop()
    return FeedStream(follower, loop)


def said(one: FeedStream) -> list[tuple[str, Any]]:
    """What waits to be sent: event and data."""
    found = []
    while not one.messages.empty():
        for message in one.messages.get_nowait().decode().strip().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in message.splitlines())
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def turn(turns: Turns, there: list[FeedStream]) -> None:
    """One turn, as if something had been written by another connection."""
    turns.checked = 0.0
    turns.turn(there)


def boxes(count: int) -> list[int]:
    return [o.record.pk for o in write(SEED, "toybox.box", [Draft({"name": f"Box {n}"}) for n in range(count)])]


def test_nothing_is_read_for_whoever_has_not_got_yet_what_was_read_before(cast: Cast):
    feeds, turns, one = Feeds(), Turns(), stream(cast)
    turn(turns, [one])
    assert [event for event, _data in said(one)] == ["rights"]
    made = boxes(250)
    turn(turns, [one])
    assert said(one) == [], "the first has not gone out"
    assert turns.more
    found: list[int] = []
    for _turn in range(4):
        feeds._sent(one)
        turn(turns, [one])
        turn(turns, [one])
        told = said(one)
        assert len(told) <= 100, "no more than one stretch is ever under way"
        found += [data["id"] for _event, data in told]
    assert found == made
    assert not turns.more


def test_a_stream_ends_with_its_token_and_with_the_age_of_the_ledger(cast: Cast):
    turns, one, other = Turns(), stream(cast), stream(cast, "ada")
    tokens.revoke(cast.actor("eve"), tokens.of(cast.eve)[0].pk)
    boxes(1)
    turn(turns, [one, other])
    assert said(one) == [("over", "")], "before anything else is told"
    assert said(other)[0][0] == "rights"
    begin_age()
    turn(turns, [other])
    assert said(other)[-1] == ("over", "")


def test_a_stream_of_an_app_ends_when_it_is_shut_out_or_its_hour_is_over(cast: Cast):
    turns, their = Turns(), Their(cast)
    one, other = (of_token(their.tokens(scope="*:view")["access_token"]) for _one in range(2))
    turn(turns, [one, other])
    assert [event for event, _data in said(one) + said(other)] == ["rights", "rights"]
    permits.shut_out(Permit.objects.earliest("pk"))
    boxes(1)
    one.busy = other.busy = False
    turn(turns, [one, other])
    assert said(one) == [("over", "")], "before anything else is told"
    assert [event for event, _data in said(other)] == ["change"]
    boxes(1)
    other.busy = False
    with clock.frozen(clock.now() + timedelta(hours=1, seconds=1)):
        turn(turns, [other])
    assert said(other) == [("over", "")]


def test_a_place_is_told_now_and_then_while_only_others_are_busy(cast: Cast):
    turns, one = Turns(), stream(cast, "dee")
    turn(turns, [one])
    said(one)
    one.busy = False
    boxes(1000)
    turn(turns, [one])
    assert [event for event, _data in said(one)] == ["position"]


def test_one_too_many_is_told_so_in_her_language(cast: Cast):
    header, body = Feeds()._full(stream(cast).reader)
    assert header == [(b"content-type", b"application/problem+json")]
    assert json.loads(body)["status"] == 503
    assert translation.get_language() == "en"
