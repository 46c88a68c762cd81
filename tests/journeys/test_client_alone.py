"""The Python client before a server that misbehaves, and its generated parts beside the shipped description."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from kith_client import Kith, Patience, Problem, TooMany, Unavailable, Unreachable
from kith_client.changes import messages
from kith_client.describe import written

from .installation import ROOT

Answers = list[tuple[int, dict[str, str], bytes] | None]


class Server:
    """Gives the answers that it was told, one after the other; None breaks off."""

    def __init__(self) -> None:
        self.answers: Answers = []
        self.came: list[tuple[str, str, str]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                owner.came.append((self.command, self.path, self.headers.get("Idempotency-Key", "")))
                told = owner.answers.pop(0)
                if told is None:
                    self.close_connection = True
                    return
                status, headers, body = told
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = self.close_connection or "Content-Length" in headers

            do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - names of the library

            def log_message(self, *rest: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def kith(server: Server, waited: list[float]) -> Iterator[Kith]:
    with Kith(server.url, "kith_x", patience=Patience(answer=10, tries=3, pause=30, sleep=waited.append)) as made:
        yield made


def told(status: int, said: Any = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    sort = "application/problem+json" if status >= 400 else "application/json"
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"Content-Type": sort, **given}, json.dumps(said or {"id": 1, "version": 7}).encode()


BUSY = told(429, {"type": "urn:kith:problem:too-many-requests", "detail": "Wait."}, Retry_After="7")
DOWN = told(503, {"detail": "Not now."})

#: What is asked, and whether it may be asked again after a 503, and after no answer at all.
ASKED: list[tuple[str, Callable[[Kith], Any], bool, bool]] = [
    ("reading", lambda k: k.people.get(1), True, True),
    ("making", lambda k: k.people.create({}), True, True),
    ("an action", lambda k: k.people.opt_out(1), True, True),
    ("a change of a version", lambda k: k.people.change(1, {}, version=7), True, False),
    ("a change of whatever is there", lambda k: k.people.change(1, {}), False, False),
    ("a removal of a version", lambda k: k.people.remove(1, version=7), True, False),
    ("a restoration", lambda k: k.people.restore(1), False, False),
    ("a new secret", lambda k: k.webhooks.new_secret(1), False, False),
]


@pytest.mark.parametrize(("ask", "down", "lost"), [one[1:] for one in ASKED], ids=[one[0] for one in ASKED])
def test_what_may_be_asked_again_is_and_nothing_else(
    kith: Kith, server: Server, waited: list[float], ask: Callable[[Kith], Any], down: bool, lost: bool
):
    server.answers = [BUSY, told(200)]
    ask(kith)
    assert waited == [7.0], "held back before anything was done: everything is asked again, when it was told to"
    for answer, again, error in ((DOWN, down, Unavailable), (None, lost, Unreachable)):
        server.answers, server.came = [answer, told(200)], []
        if again:
            ask(kith)
            assert len({key for _method, _path, key in server.came}) == 1, "under the same key"
        else:
            with pytest.raises(error):
                ask(kith)
        assert len(server.came) == (2 if again else 1)


def test_nobody_waits_longer_than_she_said_nor_for_ever(kith: Kith, server: Server, waited: list[float]):
    server.answers = [told(429, Retry_After="31")]
    with pytest.raises(TooMany):
        kith.me()
    assert waited == []
    server.answers = [DOWN, DOWN, DOWN]
    with pytest.raises(Unavailable):
        kith.me()
    assert len(waited) == 2
    assert all(0 < one <= 30 for one in waited)


def test_an_answer_that_is_no_problem_of_kiths_is_one_all_the_same(kith: Kith, server: Server):
    server.answers = [(502, {"Content-Type": "text/html"}, b"<h1>Bad Gateway</h1>")]
    with pytest.raises(Problem) as bad:
        kith.me()
    assert (bad.value.status, bad.value.sort, bad.value.fields, str(bad.value)) == (502, "", {}, "HTTP 502")


def test_an_export_that_breaks_off_is_not_taken_for_the_whole(kith: Kith, server: Server):
    line = b'{"id": 1}\n'
    server.answers = [(200, {"Content-Type": "application/x-ndjson", "Content-Length": "1000"}, line)]
    found = []
    with pytest.raises(Unreachable):
        found.extend(kith.people.export())


def test_messages_of_a_stream_are_whole_whatever_pieces_they_come_in():
    text = 'retry: 2000\n\nid: a-1\nevent: change\ndata: {"what":"created"}\n\nevent: beat\ndata: ""\n\nid: a-2\nevent: change\ndata: {'
    expected = [("change", "a-1", {"what": "created"}), ("beat", "", "")]
    for size in (1, 7, 1000):
        pieces = [text[at : at + size].encode() for at in range(0, len(text), size)]
        assert list(messages(pieces)) == expected


def test_a_token_does_not_travel_in_the_clear():
    for address in ("http://crm.example", "crm.example", "https://crm.example/?a=b"):
        with pytest.raises(ValueError, match="https"):
            Kith(address, "kith_x")
    Kith("http://crm.example", "kith_x", allow_http=True)


def test_the_typed_parts_are_those_of_the_shipped_description():
    """`python -m scripts.describe_api` writes both anew."""
    document = json.loads((ROOT / "docs/reference/openapi.json").read_text())
    there = {name: (ROOT / "clients/python/kith_client" / name).read_text() for name in ("described.py", "shelves.py")}
    assert there == written(document)
