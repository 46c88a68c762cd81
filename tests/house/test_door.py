"""The door in front of the pages: who sends or reads slowly waits there, and nobody else does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import select
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from kith.config.asgi import BODIES_OF_ONE, GRACE, MEMORY, Bodies, Door, Full, environ_of
from kith.ui import limits

from .test_serve import PATIENCE, ROOT, fresh, server, serving, steady  # noqa: F401 - fixtures

#: As many as stopped a server of one worker for good, twice over.
CROWD = 30
#: How a form and what a program sends begin; the rest is to come.
FORM = (
    b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken=" + b"a" * 32 + b"\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nemail="
)
PROGRAM = (
    b"POST /api/v1/people HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\nAccept-Language: fi\r\n"
    b'Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{"values": {"name": "Ha'
)


# ── the whole server ─────────────────────────────────────────────────────────────────────────────────────────────────

whole = [
    pytest.mark.skipif(sys.platform != "linux", reason="`kith serve` is watched through /proc"),
    pytest.mark.skipif(
        not (ROOT / "kith/config/collected/staticfiles.json").exists(),
        reason="the static files are not built; bin/test builds them",
    ),
]


def live(test: Any) -> Any:
    for mark in whole:
        test = mark(test)
    return test


@contextlib.contextmanager
def crowd(port: int, number: int = CROWD, sent: bytes = FORM) -> Iterator[list[socket.socket]]:
    """So many visitors, each of whom has begun to send a form and goes on with a byte now and then."""
    with contextlib.ExitStack() as stack:
        found = []
        for _visitor in range(number):
            visitor = stack.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE))
            visitor.sendall(sent)
            found.append(visitor)
        for visitor in found:
            with contextlib.suppress(OSError):  # some of them have been sent away
                visitor.send(b"a")
        yield found


def answered(visitors: list[socket.socket], number: int) -> list[bytes]:
    """What `number` of the visitors were told, who waits for it."""
    told = []
    waiting = list(visitors)
    while len(told) < number:
        ready = select.select(waiting, [], [], PATIENCE)[0]
        assert ready, f"{len(told)} were answered, {number} were expected"
        for visitor in ready:
            waiting.remove(visitor)
            said = b""
            with contextlib.suppress(ConnectionResetError):
                while piece := visitor.recv(65536):
                    said += piece
            told.append(said)
    return told


@live
def test_thirty_who_send_slowly_keep_nobody_else_waiting(steady: Any) -> None:  # noqa: F811
    with crowd(steady.port) as visitors:
        told = answered(visitors, CROWD - BODIES_OF_ONE)  # from here on the others are being waited for
        for _time in range(3):
            begun = time.monotonic()
            with urllib.request.urlopen(f"http://127.0.0.1:{steady.port}/sign-in/", timeout=PATIENCE) as answer:
                assert answer.status == 200
            assert time.monotonic() - begun < 1
    for said in told:
        head, _blank, body = said.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: 10" in head
        assert b"content-security-policy: default-src 'none'" in head
        assert "Too much is being sent to Kith at once." in body.decode()


@live
def test_places_are_free_again_once_the_slow_ones_have_gone(steady: Any) -> None:  # noqa: F811
    for _time in range(2):
        with crowd(steady.port, BODIES_OF_ONE + 1) as visitors:
            answered(visitors, 1)
    # The server hears of it a moment later, but long before their time would have been over.
    until = time.monotonic() + GRACE / 2
    while (told := posted(steady.port)) == 503:
        assert time.monotonic() < until
    assert told == 403, "it was read, and has no token"


@live
def test_programs_that_send_slowly_or_half_a_body_are_told_as_programs_are(steady: Any) -> None:  # noqa: F811
    """One too many at once hears 503 now, the others 408 when their time is over, all of them a problem; nothing is read as a record."""
    with crowd(steady.port, BODIES_OF_ONE + 1, PROGRAM) as visitors:
        told = answered(visitors, BODIES_OF_ONE + 1)
    assert sorted(said.split(b" ", 2)[1] for said in told) == [b"408"] * BODIES_OF_ONE + [b"503"]
    for said in told:
        head, _blank, body = said.partition(b"\r\n\r\n")
        assert b"content-type: application/problem+json" in head
        assert b"connection: close" in head
        problem = json.loads(body)
        assert (b"retry-after" in head) is (problem["status"] == 503)
        assert problem["type"] == "about:blank"
        assert problem["detail"]


def posted(port: int) -> int:
    form = urllib.request.Request(f"http://127.0.0.1:{port}/sign-in/", b"email=a", method="POST")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(form, timeout=PATIENCE)
    refused.value.close()
    return refused.value.code


@live
def test_the_server_ends_although_somebody_is_sending(server: Any) -> None:  # noqa: F811
    with crowd(server.port, 4):
        server.send_signal(signal.SIGTERM)
        assert server.wait(PATIENCE + 10) == 0


# ── the door alone ───────────────────────────────────────────────────────────────────────────────────────────────────


class Visit:
    """One request that a test sends piece by piece, and what came back."""

    def __init__(
        self, *pieces: bytes, length: int | None = None, headers: Iterable[tuple[bytes, bytes]] = (), **scope: Any
    ):
        self.pieces, self.said, self.left = list(pieces), [], asyncio.Event()
        size = sum(map(len, pieces)) if length is None else length
        told = [(b"host", b"localhost"), *headers, *([(b"content-length", str(size).encode())] if size else [])]
        self.scope = {
            "type": "http", "method": "POST", "path": "/sign-in/", "query_string": b"", "http_version": "1.1", "scheme": "http",
            "headers": told, "client": ("192.0.2.7", 50000), "server": ("127.0.0.1", 8000), **scope,
        }  # fmt: skip

    async def receive(self) -> dict[str, Any]:
        if self.pieces:
            piece = self.pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self.pieces) or self.unfinished}
        await self.left.wait()
        return {"type": "http.disconnect"}

    unfinished = False

    async def send(self, message: dict[str, Any]) -> None:
        self.said.append(message)

    def to(self, door: Door) -> Visit:
        """Send it, and wait for the answer."""
        asyncio.run(asyncio.wait_for(door(self.scope, self.receive, self.send), PATIENCE))
        return self

    @property
    def status(self) -> int:
        return int(self.said[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.said[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.said[1:])


class Pages:
    """An application that writes down what it was asked."""

    def __init__(self, answer: Any = None):
        self.asked: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.answer = answer or (lambda: HttpResponse(b"well"))

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        self.asked.append(environ)
        self.bodies.append(environ["wsgi.input"].read())
        answer = self.answer()
        start(f"{answer.status_code} Whatever", list(answer.items()))
        return answer


def test_a_body_arrives_whole_however_many_pieces_it_comes_in() -> None:
    pages = Pages()
    visit = Visit(b"a=1", b"&b", b"=2").to(Door(pages))
    assert (visit.status, visit.body, pages.bodies) == (200, b"well", [b"a=1&b=2"])
    assert b"connection" not in visit.headers


def test_a_large_body_waits_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = Pages()
    found = []
    monkeypatch.setattr(pages, "answer", lambda: found.append(pages.asked[0]["wsgi.input"]._rolled) or HttpResponse())
    Visit(b"x" * MEMORY, b"y" * MEMORY).to(Door(pages))
    assert found == [True]
    assert len(pages.bodies[0]) == 2 * MEMORY


class Slow(Visit):
    unfinished = True


def test_who_sends_nothing_any_more_is_told_so_and_the_application_reads_nothing() -> None:
    pages = Pages()
    visit = Slow(b"a=", length=500).to(Door(pages, grace=0.05))
    assert pages.asked[0][limits.ARRIVAL] == limits.LATE
    assert pages.bodies == [b""]
    assert visit.headers[b"connection"] == b"close"


def test_a_byte_now_and_then_buys_no_time() -> None:
    pages = Pages()

    class Dripping(Slow):
        async def receive(self) -> dict[str, Any]:
            await asyncio.sleep(0.01)
            return {"type": "http.request", "body": b"a", "more_body": True}

    begun = time.monotonic()
    Dripping(length=100_000).to(Door(pages, grace=0.1, rate=1000))
    assert pages.asked[0][limits.ARRIVAL] == limits.LATE
    assert time.monotonic() - begun < PATIENCE / 2


def test_who_sends_fast_enough_may_send_for_long() -> None:
    pages = Pages()

    class Steady(Visit):
        async def receive(self) -> dict[str, Any]:
            await asyncio.sleep(0.03)
            return await super().receive()

    Steady(*[b"x" * 1000] * 10).to(Door(pages, grace=0.1, rate=10_000))  # three times as long as the first grace
    assert pages.bodies == [b"x" * 10_000]


def test_who_leaves_while_sending_is_answered_by_nobody() -> None:
    pages = Pages()
    visit = Slow(b"a=", length=500)
    visit.left = asyncio.Event()
    visit.left.set()
    visit.to(Door(pages))
    assert visit.said == []
    assert pages.asked == []


def test_places_are_counted_for_each_network_and_in_all() -> None:
    bodies = Bodies(most=3, of_one=2)
    with bodies.one("192.0.2.0/24"), bodies.one("192.0.2.0/24"):
        with pytest.raises(Full), bodies.one("192.0.2.0/24"):
            pass
        with bodies.one("198.51.100.0/24"), pytest.raises(Full), bodies.one("203.0.113.0/24"):
            pass
    assert not bodies.from_, "nothing is remembered of those who were here"


def test_a_body_longer_than_its_address_takes_is_not_waited_for(db: Any) -> None:
    pages = Pages()
    visit = Slow(b"a", length=limits.smallest() + 1).to(Door(pages))
    assert pages.bodies == [b""]
    assert limits.ARRIVAL not in pages.asked[0], "the application refuses it by its length"
    assert visit.headers[b"connection"] == b"close"


@pytest.mark.parametrize("headers", [[(b"transfer-encoding", b"chunked")], [(b"content-length", b"1e9")]])
def test_a_body_without_a_length_is_not_waited_for(headers: list[tuple[bytes, bytes]]) -> None:
    pages = Pages()
    Slow(b"a", length=0, headers=headers).to(Door(pages))
    assert pages.bodies == [b""]


def test_headers_become_what_the_application_knows() -> None:
    sent = [
        (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y"), (b"x_forwarded_for", b"192.0.2.1"),
        (b"content-type", b"text/plain"),
    ]  # fmt: skip
    environ = environ_of(Visit(headers=sent, path="/سلام/", query_string=b"q=%C3%A4").scope)
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_ACCEPT"] == "x,y"
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/سلام/"
    assert environ["QUERY_STRING"] == "q=%C3%A4"
    assert environ["REMOTE_ADDR"] == "192.0.2.7"
    assert "HTTP_X_FORWARDED_FOR" not in environ, "a header with underscores could pass for one of our proxy's"


def test_nothing_of_the_environment_of_the_process_is_in_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITH_SECRET_KEY", "told to nobody")
    assert "told to nobody" not in str(environ_of(Visit().scope))


def test_a_stream_is_sent_piece_by_piece_while_it_is_made() -> None:
    visit = Visit(method="GET")
    made: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(5):
            made.append(len(visit.said))
            yield b"%d" % number

    visit.to(Door(Pages(lambda: StreamingHttpResponse(pieces()))))
    assert visit.body == b"01234"
    assert made == [1, 2, 3, 4, 5], "each was sent before the next was made"


def test_a_stream_that_cannot_go_on_is_never_said_to_be_whole() -> None:
    """As where a token is revoked in the middle of an export: the server, told of a fault, closes the connection."""
    visit = Visit(method="GET")

    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("the token has ended")

    with pytest.raises(RuntimeError, match="has ended"):
        visit.to(Door(Pages(lambda: StreamingHttpResponse(pieces()))))
    assert [(said.get("body"), said.get("more_body")) for said in visit.said[1:]] == [(b"half", True)]


def test_who_leaves_a_stream_ends_the_work_on_it() -> None:
    visit = Visit(method="GET")
    ended = threading.Event()

    def pieces() -> Iterator[bytes]:
        try:
            while True:
                yield b"x"
        finally:
            ended.set()

    async def leaving(message: dict[str, Any]) -> None:
        visit.said.append(message)
        if len(visit.said) == 3:
            visit.left.set()

    visit.send = leaving  # type: ignore[method-assign]
    visit.to(Door(Pages(lambda: StreamingHttpResponse(pieces()))))
    assert ended.wait(PATIENCE)


def test_a_reader_who_reads_nothing_ends_the_work_on_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kith.config.asgi.PATIENCE", 0.05)
    visit = Visit(method="GET")
    closed = threading.Event()

    async def stuck(message: dict[str, Any]) -> None:
        if message.get("more_body"):
            await asyncio.Event().wait()

    def pieces() -> Iterator[bytes]:
        try:
            yield b"x"
        finally:
            closed.set()

    visit.send = stuck  # type: ignore[method-assign]
    visit.to(Door(Pages(lambda: StreamingHttpResponse(pieces()))))
    assert closed.is_set()


def test_readers_of_streams_take_no_thread_of_the_pages() -> None:
    door = Door(Pages(lambda: StreamingHttpResponse([threading.current_thread().name.encode()])))

    def named() -> Iterator[bytes]:
        yield threading.current_thread().name.encode()

    door.pages.answer = lambda: StreamingHttpResponse(named())
    assert Visit(method="GET").to(door).body.startswith(b"streams")
    door.pages.answer = lambda: HttpResponse(threading.current_thread().name)
    assert Visit(method="GET").to(door).body.startswith(b"pages")


def test_a_visitor_who_leaves_before_a_thread_is_free_costs_none() -> None:
    hold, begun = threading.Event(), threading.Semaphore(0)

    def held() -> HttpResponse:
        begun.release()
        assert hold.wait(PATIENCE)
        return HttpResponse()

    pages = Pages(held)
    door = Door(pages)

    async def story() -> None:
        visits = [Visit(method="GET") for _number in range(5)]
        tasks = [asyncio.ensure_future(door(visit.scope, visit.receive, visit.send)) for visit in visits]
        for _number in range(4):
            await asyncio.to_thread(begun.acquire, True, PATIENCE)
        visits[4].left.set()
        await asyncio.wait_for(tasks[4], PATIENCE)
        hold.set()
        await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE)

    asyncio.run(story())
    assert len(pages.asked) == 4


def test_nothing_but_http_is_spoken() -> None:
    with pytest.raises(ValueError, match="websocket"):
        asyncio.run(Door(Pages())({"type": "websocket"}, None, None))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arrival", "status", "words"),
    [(limits.LATE, 408, "did not arrive in time"), (limits.CROWDED, 503, "Wait a moment")],
)
def test_what_was_not_waited_for_is_refused_in_words(
    db: Any, client: Any, arrival: str, status: int, words: str
) -> None:
    answer = client.post("/sign-in/", {"email": "a"}, **{limits.ARRIVAL: arrival})
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers
    assert answer.headers.get("Retry-After") == ("10" if status == 503 else None)
