"""The change feed as a stream, on a served house: prompt, resumed without a gap, over with the token, and in nobody's way."""

from __future__ import annotations

import http.client
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kith.config.asgi import STREAMS, THREADS
from kith.config.feeds import OF_ONE

from .examples import tried
from .installation import Installation

# One house of its own for all of it.
pytestmark = [pytest.mark.journey, pytest.mark.every_engine, pytest.mark.xdist_group("feed")]
PATIENCE = 30.0
SERVED = pytest.mark.one_engine("what the server holds open is a matter of the server, and not of the database")
#: What the whole way from a change to the program may take.
PROMPT = 3.0

#: Made at once, because each question to a house is a process.
TOKENS = """
from kith.identity import tokens
from kith.identity.models import User
from kith.identity.names import actor_of
ada = actor_of(User.objects.get(email="ada@example.com"))
made = [tokens.make(ada, tokens.Wanted("Feed", (("*", "*"),))) for n in range(%d)]
print(json.dumps([[row.pk, text] for row, text in made]))
"""
CREATE = """
from kith.objects.write import create
print(json.dumps([create(S, "contacts.company", name=f"Firm {n}").pk for n in range(%d)]))
"""
REVOKE = """
from kith.identity import tokens
from kith.identity.models import User
from kith.identity.names import actor_of
tokens.revoke(actor_of(User.objects.get(email="ada@example.com")), %d)
print("null")
"""


class Program:
    """A program with a token, that follows what changes."""

    def __init__(self, house: Installation, token: tuple[int, str]):
        self.house = house
        self.pk, self.text = token
        self.connection: http.client.HTTPConnection | None = None
        self.answer: http.client.HTTPResponse | None = None

    def ask(self, query: str, **headers: str) -> http.client.HTTPResponse:
        self.close()
        self.connection = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=PATIENCE)
        self.connection.request("GET", f"/api/v1/{query}", headers={"Authorization": f"Bearer {self.text}", **headers})
        self.answer = self.connection.getresponse()
        return self.answer

    def close(self) -> None:
        for one in (self.answer, self.connection):
            if one is not None:
                one.close()

    def follow(self, query: str = "after=now", **headers: str) -> Iterator[tuple[str, str, Any]]:
        """The messages of a stream as they come: event, id, data."""
        answer = self.ask(f"changes?{query}", Accept="text/event-stream", **headers)
        assert (answer.status, answer.getheader("Content-Type")) == (200, "text/event-stream")
        assert answer.getheader("RateLimit"), "the limits are those of every other door"
        message: dict[str, str] = {}
        while line := answer.readline().decode():
            if line == "\n":
                if "event" in message:
                    yield message["event"], message.get("id", ""), json.loads(message["data"])
                message = {}
            else:
                name, _colon, value = line.rstrip("\n").partition(": ")
                message[name] = value


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = Installation(tmp_path_factory.mktemp("feed"))
    made.serve()
    yield made
    made.end()


@pytest.fixture(scope="module")
def tokens(house: Installation) -> Iterator[tuple[int, str]]:
    """Tokens that nobody has used yet."""
    return iter(house.ask(TOKENS % (THREADS + STREAMS + 1 + 12)))


@pytest.fixture
def program(house: Installation, tokens: Iterator[tuple[int, str]]) -> Iterator[Program]:
    made = Program(house, next(tokens))
    yield made
    made.close()


def test_a_change_comes_promptly_with_its_record_and_after_a_break_nothing_is_missing_or_told_twice(
    house: Installation, program: Program
):
    heard = program.follow("after=now&object=companies&expand=record")
    event, position, data = next(heard)
    assert (event, set(data)) == ("rights", {"rights"})
    (pk,) = house.ask(CREATE % 1)
    event, position, data = next(heard)
    assert (event, data["what"], data["id"]) == ("change", "created", pk)
    assert data["position"] == position
    assert data["record"]["values"]["name"] == "Firm 0"
    missed = house.ask(CREATE % 3)
    again = program.follow("after=now&object=companies", **{"Last-Event-ID": position})
    assert next(again)[0] == "rights"
    found = [next(again) for _one in missed]
    assert [data["id"] for _event, _position, data in found] == missed
    assert [data["record"] for _event, _position, data in found if "record" in data] == []


def test_a_stream_and_the_same_by_asking_tell_the_same(house: Installation, program: Program):
    house.ask(CREATE % 120)
    said = json.loads(program.ask("changes?limit=1000").read())
    assert not said["more"]
    heard = program.follow("")
    found: list[Any] = []
    while len(found) < len(said["data"]):
        event, _position, data = next(heard)
        found += [data] if event == "change" else []
    assert found == said["data"]


def test_a_stream_is_over_with_its_token(house: Installation, program: Program):
    heard = program.follow()
    next(heard)
    house.ask(REVOKE % program.pk)
    begun = time.monotonic()
    assert next(heard)[0] == "over"
    assert time.monotonic() - begun < PROMPT
    assert list(heard) == [], "nothing comes after it"
    assert program.ask("changes").status == 401


def test_whoever_loses_rights_is_told_so_and_no_more_of_what_she_lost(house: Installation):
    ben = house.ask(
        """
from kith.identity.models import User
from kith.identity.names import actor_of
from kith.identity import tokens
from kith.objects.access.models import Grant, Role
ben = User.objects.make("ben@example.com", "Ben", "correct horse battery")
role = Role.objects.create(key="reads", name="Reads")
role.users.add(ben)
Grant.objects.create(role=role, object="*", verb="view", scope="all")
row, text = tokens.make(actor_of(ben), tokens.Wanted("Feed", (("*", "*"),)))
print(json.dumps([row.pk, text]))
"""
    )
    program = Program(house, ben)
    heard = program.follow()
    _event, _position, before = next(heard)
    house.ask(CREATE % 1)
    assert next(heard)[2]["what"] == "created"
    house.ask(
        "from kith.objects.access.models import Grant\n"
        "Grant.objects.filter(role__key='reads').update(scope='own')\nprint('null')"
    )
    (pk,) = house.ask(CREATE % 1)
    event, _position, after = next(heard)
    assert event == "rights", pk
    assert after != before
    program.close()


@SERVED
def test_programs_that_listen_hold_no_thread_and_the_oldest_of_one_token_makes_room(
    house: Installation, program: Program, tokens: Iterator[tuple[int, str]]
):
    listening = [Program(house, next(tokens)) for _one in range(THREADS + STREAMS + 1)]
    for one in listening:
        next(one.follow())
    begun = time.monotonic()
    assert program.ask("me").status == 200
    assert time.monotonic() - begun < PROMPT
    for one in listening:
        one.close()
    mine = []
    for _one in range(OF_ONE + 1):
        other = Program(house, (program.pk, program.text))
        heard = other.follow()
        next(heard)
        mine.append((other, heard))
    assert next(mine[0][1])[0] == "enough"
    for other, _heard in mine:
        other.close()


@pytest.mark.one_engine("what a page says of the doors is the same on both; that it is true is shown once")
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on this machine")
def test_the_examples_of_the_page_about_it_do_what_it_says(house: Installation, program: Program, tmp_path: Path):
    house.ask(CREATE % 3)
    asked, narrowed, followed = tried("docs/how-to/change-feed.md", tmp_path, KITH=house.url, TOKEN=program.text)["sh"]
    assert len(json.loads(asked)["data"]) == 2
    assert json.loads(narrowed)["data"] == []
    assert "event: rights\n" in followed


def test_what_comes_in_hundreds_at_once_arrives_whole_and_in_order(house: Installation, program: Program):
    heard = program.follow("after=now&object=companies")
    next(heard)
    made = house.ask(CREATE % 300)
    found = [data["id"] for event, _position, data in (next(heard) for _one in made)]
    assert found == made
