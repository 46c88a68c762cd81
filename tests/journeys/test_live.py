"""The stream of changes on a served house: prompt, resumed after a break, over with the session, and in nobody's way."""

from __future__ import annotations

import http.client
import re
import signal
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from kith.config.asgi import STREAMS, THREADS

from .installation import PASSWORD, Installation

pytestmark = pytest.mark.journey
PATIENCE = 20.0
#: What the whole way from a change to the page may take.
PROMPT = 2.0


class Listener:
    """Somebody signed in who reads a stream line by line."""

    def __init__(self, house: Installation):
        self.house, self.cookies = house, {}
        self.connection: http.client.HTTPConnection | None = None
        self.answer: http.client.HTTPResponse | None = None
        page = self.ask("GET", "/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
        assert token
        form = urlencode({"csrfmiddlewaretoken": token[1], "email": "ada@example.com", "password": PASSWORD})
        self.ask("POST", "/sign-in/", form).read()

    def ask(self, method: str, path: str, form: str = "", **headers: str) -> http.client.HTTPResponse:
        self.close()
        self.connection = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=PATIENCE)
        told = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **headers}
        if form:
            told["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, form or None, told)
        self.answer = answer = self.connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def close(self) -> None:
        for one in (self.answer, self.connection):
            if one is not None:
                one.close()

    def listen(self, query: str, **headers: str) -> Iterator[dict[str, str]]:
        """The messages of a stream as they come."""
        answer = self.ask("GET", f"/live/?{query}", **headers)
        assert (answer.status, answer.getheader("Content-Type")) == (200, "text/event-stream")
        message: dict[str, str] = {}
        while line := answer.readline().decode():
            if line == "\n":
                if "event" in message:
                    yield message
                message = {}
            else:
                name, _colon, value = line.rstrip("\n").partition(": ")
                message[name] = value


CREATE = """
from kith.objects.write import create
print(json.dumps(create(S, "contacts.person", name={"given": "Aino", "family": "Live"}).pk))
"""


@pytest.fixture(scope="module")
def ada(house: Installation) -> Listener:
    return Listener(house)


def test_a_change_is_told_within_two_seconds_and_after_a_break_nothing_is_missing(
    house: Installation, ada: Listener
) -> None:
    heard = ada.listen("o=contacts.person")
    first = next(heard)
    assert (first["event"], first["data"]) == ("changed", "{}")
    pk = house.ask(CREATE)
    (happened,) = house.rows("SELECT max(id) FROM events_event")
    message = next(heard)
    assert f'"new":[{pk}]' in message["data"]
    assert int(message["id"]) >= happened[0] - 1
    ada.close()
    missed = house.ask(CREATE)
    again = next(ada.listen("o=contacts.person", **{"Last-Event-ID": message["id"]}))
    assert f'"new":[{missed}]' in again["data"]
    ada.close()


def test_who_listens_holds_no_thread(house: Installation, ada: Listener) -> None:
    listening = [Listener(house) for _one in range(THREADS + STREAMS + 1)]
    for one in listening:
        next(one.listen("o=contacts.person"))
    begun = time.monotonic()
    assert ada.ask("GET", "/people/").status == 200
    assert time.monotonic() - begun < PROMPT
    for one in listening:
        one.close()
    ada.close()


def test_a_stream_is_over_within_a_second_of_the_session(house: Installation) -> None:
    ada = Listener(house)
    heard = ada.listen("o=contacts.person")
    next(heard)
    house.ask("from kith.identity.models import User\nUser.objects.update(auth_epoch=99)\nprint('null')")
    begun = time.monotonic()
    assert next(heard)["event"] == "over"
    assert time.monotonic() - begun < 1.0
    assert list(heard) == [], "nothing comes after it"
    ada.close()


def test_the_server_ends_at_once_although_somebody_listens(house: Installation) -> None:
    ada = Listener(house)
    heard = ada.listen("o=contacts.person")
    next(heard)
    assert house.process is not None
    begun = time.monotonic()
    house.process.send_signal(signal.SIGTERM)
    assert list(heard) == []
    house.process.wait(PATIENCE)
    assert time.monotonic() - begun < 5.0
    ada.close()
