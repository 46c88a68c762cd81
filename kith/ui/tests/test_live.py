"""What a page is told of others' changes: ids of records that its reader may see at that moment, and nothing else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict

from kith.config import streams
from kith.config.streams import Streams, Turns
from kith.events.watch import Watch
from kith.identity import sessions
from kith.identity import sign_in as doors
from kith.identity.models import User
from kith.kernel import clock
from kith.kernel.actor import System
from kith.objects.access.people import set_roles
from kith.objects.access.sharing import share
from kith.objects.write import change, create, purge, remove, restore
from kith.threads.models import Notice
from kith.ui.live import Interest, Reader, news
from tests.cast import Cast

pytestmark = pytest.mark.django_db
S = System("test")


def interest(query: str) -> Interest:
    return Interest.of(QueryDict(query))


BOXES = "o=toybox.box"


@pytest.fixture
def told(cast: Cast) -> Callable[..., dict[str, Any]]:
    """What each person of the cast is told of what happens in a function."""

    def of(deed: Callable[[], Any], query: str = BOXES, *who: str) -> dict[str, Any]:
        watch = Watch()
        deed()
        lines = watch.look()
        return {name: news(cast.actor(name), lines, interest(query)) for name in who or ("ada", "ben", "dee", "eve")}

    return of


def ids(all_: dict[str, Any]) -> dict[str, list[int]]:
    return {who: [pk for of in found.values() for pk in of["ids"]] for who, found in all_.items()}


def test_a_change_is_told_to_those_who_may_see_the_record_and_to_nobody_else(cast: Cast, boxes: Any, told: Any) -> None:
    (mine,) = boxes(1)
    found = ids(told(lambda: change(S, mine, name="Other")))
    assert found == {"ada": [mine.pk], "ben": [mine.pk], "dee": [], "eve": [mine.pk]}


def test_nothing_but_numbers_is_told(cast: Cast, boxes: Any, told: Any) -> None:
    (mine,) = boxes(1)
    said = told(lambda: change(S, mine, name="Planted word"), BOXES, "ada")["ada"]
    assert "Planted" not in json.dumps(said)
    assert set(said["toybox.box"]) == {"ids", "new", "gone", "at", "more"}


def test_a_change_of_hidden_fields_alone_is_not_told(cast: Cast, boxes: Any, told: Any) -> None:
    (mine,) = boxes(1)
    cast.hide("toybox.box", "name")
    assert ids(told(lambda: change(S, mine, name="Other"), BOXES, "ada", "eve")) == {"ada": [mine.pk], "eve": []}


def test_what_is_new_and_what_is_gone_is_said(cast: Cast, boxes: Any, told: Any) -> None:
    (mine,) = boxes(1)
    assert told(lambda: remove(S, mine), BOXES, "ada")["ada"]["toybox.box"]["gone"] == [mine.pk]
    mine.refresh_from_db()
    assert told(lambda: restore(S, mine), BOXES, "ada")["ada"]["toybox.box"]["new"] == [mine.pk]
    made: list[Any] = []
    back = told(
        lambda: made.append(create(S, "toybox.box", name="B", country="FI", owner=cast.ada.pk)), BOXES, "ada", "dee"
    )
    assert back["ada"]["toybox.box"]["new"] == [made[0].pk]
    assert back["dee"] == {}


def test_a_page_hears_only_of_what_it_shows(cast: Cast, boxes: Any, told: Any) -> None:
    one, two = boxes(2)
    query = f"r=toybox.box:{one.pk}"
    assert ids(told(lambda: change(S, two, name="Other"), query, "ada")) == {"ada": []}
    assert ids(told(lambda: change(S, one, name="Other"), query, "ada")) == {"ada": [one.pk]}
    assert ids(told(lambda: change(S, one, name="Third"), "o=toybox.toy", "ada")) == {"ada": []}


def test_a_share_lets_somebody_hear_and_its_end_lets_her_hear_no_more(cast: Cast, boxes: Any) -> None:
    (mine,) = boxes(1)
    watch, dee = Watch(), cast.actor("dee")
    given = share(cast.actor("ada"), mine, user=cast.dee.pk)
    change(S, mine, name="One")
    assert news(dee, watch.look(), interest(BOXES)) != {}
    given.delete()
    change(S, mine, name="Two")
    assert news(dee, watch.look(), interest(BOXES)) == {}, "rights are read at each message"


def test_records_that_are_gone_for_good_are_nobodys(cast: Cast, boxes: Any, told: Any) -> None:
    (mine,) = boxes(1)
    remove(S, mine)
    mine.refresh_from_db()
    assert ids(told(lambda: purge(S, mine), BOXES, "ada", "eve")) == {"ada": [], "eve": []}


def test_what_an_address_may_ask_for_is_bounded_and_what_does_not_exist_is_left_out() -> None:
    assert interest(
        "o=nobody.nothing&o=toybox.box&r=toybox.box:x&r=toybox.box:7&r=:&r=toybox.box:99999999999999999999"
    ) == Interest(frozenset({"toybox.box"}), frozenset({("toybox.box", 7)}))
    many = interest("&".join(f"r=toybox.box:{n}" for n in range(100)))
    assert len(many.records) == 20


# ── the stream ───────────────────────────────────────────────────────────────────────────────────────────────────────


class Heard:
    """A stream that is not open: what it was told."""

    def __init__(self, reader: Reader):
        self.reader, self.heard, self.ending = reader, False, ""
        self.said: list[bytes] = []

    def tell(self, message: bytes) -> None:
        self.said.append(message)

    end = streams.Stream.end

    @property
    def events(self) -> list[str]:
        return [
            line[7:] for message in self.said for line in message.decode().splitlines() if line.startswith("event: ")
        ]


@pytest.fixture
def listener(cast: Cast, sign_in: Any) -> Any:
    def make(name: str, query: str = BOXES, **more: Any) -> Heard:
        client, user = sign_in(name), getattr(cast, name)
        key = sessions.stored(client.session.session_key)
        told = {"position": None, "since": None, **more}
        return Heard(Reader(cast.actor(name), user.pk, user.auth_epoch, key, interest(query), **told))

    return make


@pytest.fixture
def turns(cast: Cast) -> Any:
    made = Turns()
    made.watch.written = lambda: True  # type: ignore[method-assign] # one connection here reads and writes
    return made


def test_each_listener_hears_from_where_she_begins_and_nobody_hears_too_much(
    cast: Cast, boxes: Any, listener: Any, turns: Any
) -> None:
    (mine,) = boxes(1)
    ada, dee = listener("ada"), listener("dee")
    turns.turn([ada, dee])
    assert [m.decode().splitlines()[2] for m in ada.said] == ["data: {}"], "from here on she listens"
    change(S, mine, name="Other")
    turns.turn([ada, dee])
    assert (len(ada.said), len(dee.said)) == (2, 1)
    assert f'"ids":[{mine.pk}]' in ada.said[1].decode()


def test_after_a_break_what_was_missed_is_told(cast: Cast, boxes: Any, listener: Any, turns: Any) -> None:
    (mine,) = boxes(1)
    position = turns.watch.floor
    turns.watch.look()
    change(S, mine, name="While she was away")
    back = listener("ada", position=position)
    turns.turn([back])
    assert f'"ids":[{mine.pk}]' in back.said[0].decode()
    assert f"id: {turns.watch.floor}" in back.said[0].decode()


def test_too_much_after_a_break_means_reading_everything_anew(
    cast: Cast, boxes: Any, listener: Any, turns: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    position = turns.watch.floor
    monkeypatch.setattr("kith.events.watch.MOST_MISSED", 2)
    boxes(5)
    back = listener("ada", position=position)
    turns.turn([back])
    assert back.events == ["stale"]


def test_what_happened_while_the_page_was_on_its_way_is_told(cast: Cast, boxes: Any, listener: Any, turns: Any) -> None:
    (mine,) = boxes(1)
    turns.watch.look()
    made = clock.now()
    change(S, mine, name="Meanwhile")
    ada = listener("ada", since=made)
    turns.turn([ada])
    assert f'"ids":[{mine.pk}]' in ada.said[0].decode()


ENDS: dict[str, Callable[[Cast, Heard], Any]] = {
    "she signs out": lambda cast, ada: sessions.end(cast.ada, ada.reader.session),
    "her roles change": lambda cast, ada: set_roles(S, cast.ada, ["own"]),
    "her password changes": lambda cast, ada: doors.raise_epoch(cast.ada),
    "she is deactivated": lambda cast, ada: User.objects.filter(pk=cast.ada.pk).update(is_active=False),
}


@pytest.mark.parametrize("why", ENDS)
def test_a_stream_ends_before_anything_else_is_told_when(
    why: str, cast: Cast, boxes: Any, listener: Any, turns: Any
) -> None:
    (mine,) = boxes(1)
    ada, ben = listener("ada"), listener("ben")
    turns.turn([ada, ben])
    ENDS[why](cast, ada)
    change(S, mine, name="Not hers to hear")
    turns.turn([ada, ben])
    assert ada.events == ["changed", "over"]
    assert ben.events[-1] == "changed"


class Quiet(Streams):
    """Streams that nobody watches for."""

    def _watch(self) -> None:
        pass


def opened(streams_: Streams, readers: list[Reader]) -> list[list[dict[str, Any]]]:
    """What each of these was sent until the last has come."""

    async def all_of_them() -> list[list[dict[str, Any]]]:
        said: list[list[dict[str, Any]]] = [[] for _reader in readers]
        left = asyncio.Event()

        async def receive() -> dict[str, Any]:
            await left.wait()
            return {"type": "http.disconnect"}

        async def one(n: int) -> None:
            async def send(message: dict[str, Any]) -> None:
                said[n].append(message)

            await streams_.serve(readers[n], [(b"content-type", b"text/event-stream")], receive, send)

        going = [asyncio.ensure_future(one(n)) for n in range(len(readers))]
        while not all(said):
            await asyncio.sleep(0)
        for _turn in range(20):
            await asyncio.sleep(0)
        left.set()
        await asyncio.gather(*going)
        return said

    return asyncio.run(asyncio.wait_for(all_of_them(), 20))


def test_one_person_has_so_many_streams_and_the_newest_stay(listener: Any) -> None:
    reader = listener("ada").reader
    said = opened(Quiet(of_one=2), [reader] * 3)
    assert [b"event: enough" in b"".join(m.get("body", b"") for m in one) for one in said] == [True, False, False]


def test_beyond_the_bound_of_a_process_a_page_is_asked_to_come_later(listener: Any) -> None:
    ada, ben = listener("ada").reader, listener("ben").reader
    said = opened(Quiet(of_all=1), [ada, ben])
    assert [one[0]["status"] for one in said] == [200, 503]
    assert dict(said[1][0]["headers"])[b"retry-after"] == b"60"


def test_nothing_is_kept_of_those_who_left(listener: Any) -> None:
    streams_ = Quiet()
    opened(streams_, [listener("ada").reader])
    assert streams_.open == []


def test_who_reads_too_slowly_reads_everything_anew_instead(listener: Any) -> None:
    async def filled() -> list[bytes]:
        stream = streams.Stream(listener_reader, asyncio.get_running_loop())
        for n in range(streams.WAITING + 1):
            stream.tell(streams.frame("changed", {"n": n}))
        await asyncio.sleep(0)
        return [stream.messages.get_nowait() for _one in range(stream.messages.qsize())]

    listener_reader = listener("ada").reader
    assert asyncio.run(filled()) == [streams.frame("stale")]


# ── its address ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_somebody_who_keeps_answers_open_a_browser_is_told_not_to_ask_again(sign_in: Any) -> None:
    assert sign_in("ada").get("/live/?o=toybox.box").status_code == 204


def test_a_stranger_is_sent_to_the_sign_in_page(client: Any) -> None:
    assert client.get("/live/?o=toybox.box").headers["Location"].startswith("/sign-in/")


def test_a_list_says_how_many_of_the_new_records_belong_into_it(cast: Cast, boxes: Any, sign_in: Any, hx: Any) -> None:
    made = [*boxes(2), *boxes(1, country="JP"), *boxes(1, owner=cast.dee.pk)]
    asked = "new=" + ",".join(str(b.pk) for b in made)
    ada, dee = sign_in("ada"), sign_in("dee")
    assert ada.get(f"/boxes/fresh/?{asked}", **hx).content.decode() == "3 new records"
    assert ada.get(f"/boxes/fresh/?{asked}&filter=country:in:JP", **hx).content.decode() == "1 new record"
    assert dee.get(f"/boxes/fresh/?{asked}", **hx).content.decode() == "1 new record"
    assert dee.get(f"/boxes/fresh/?{asked}&filter=country:in:JP", **hx).status_code == 204
    assert ada.get("/boxes/fresh/?new=zz&filter=nothing:is:1", **hx).status_code == 204


# ── one's own inbox ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_whose_inbox_grew_hears_of_it_on_every_page_and_nobody_else_does(cast: Cast, listener: Any, turns: Any) -> None:
    ada, ben = listener("ada"), listener("ben", "inbox=1")
    turns.turn([ada, ben])
    told = Notice.objects.create(user=cast.ben, kind="mention", event=1, object="toybox.box", record=1)
    Notice.objects.create(user=cast.ada, kind="mention", event=1, object="toybox.box", record=1, shown=False)
    turns.turn([ada, ben])
    turns.turn([ada, ben])
    assert (ada.events, ben.events) == (["changed"], ["changed", "told"])
    assert str(told.record) not in ben.said[-1].decode()


def test_who_was_away_or_still_on_the_way_hears_of_it_too(cast: Cast, listener: Any, turns: Any) -> None:
    made = clock.now()
    Notice.objects.create(user=cast.ada, kind="mention", event=1, object="toybox.box", record=1)
    on_the_way, other, back = (
        listener("ada", since=made),
        listener("ben", since=made),
        listener("ben", position=turns.watch.floor),
    )
    turns.turn([on_the_way, other, back])
    assert [one.events for one in (on_the_way, other, back)] == [["changed", "told"], ["changed"], ["changed", "told"]]
