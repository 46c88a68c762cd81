"""The ASGI door, which the server of `kith serve` opens: what arrives slowly waits here, and holds none of the few threads.

A body is read whole, bounded in time, in rate and in number, before one of the threads is taken in which pages are made. A page goes
out whole, so that a visitor who reads slowly holds no thread either; only an answer that is made while it is sent (an export) keeps
one, of others, until it has been read or its reader has gone. What tells a page of changes (kith.config.streams) holds no thread at
all. How large a body may be is said by `kith.ui.limits`.
"""

from __future__ import annotations

import asyncio
import contextvars
import io
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import IO, Any, cast

from kith.config import wsgi  # sets Django up, before anything below is imported
from kith.config.feeds import Feeds
from kith.config.streams import Streams, left
from kith.identity.addresses import client, network
from kith.kernel.open_answers import DOOR, FOLLOWER, READER
from kith.ui import limits

#: Threads in which pages are made, because a request that waits for the database's write lock must not keep others from reading,
#: and those in which answers are made that are sent meanwhile.
THREADS, STREAMS = 4, 4
#: Seconds for the first of a body, and bytes that buy another second.
GRACE, RATE = 20.0, 8 * 1024
#: Bodies that are read at a time by one worker: in all, and from one network (/24, or /64 of IPv6).
BODIES, BODIES_OF_ONE = 256, 16
#: Bytes of a body that are kept in memory; more goes to a file without a name.
MEMORY = 256 * 1024
#: Bytes of an answer whose length is known and that is therefore handed over whole.
WHOLE = 8 * 1024 * 1024
#: Seconds that a reader of a stream may take for one piece of it.
PATIENCE = 60.0
#: In an environ: the body of this request was not read.
UNREAD = "kith.unread"

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Answer = tuple[str, list[tuple[str, str]], Iterable[bytes]]


class Gone(Exception):
    """The visitor has closed the connection: nobody is there to be answered."""


class Full(Exception):
    """As many bodies are being read as may be."""


class Bodies:
    """How many bodies are being read, in all and from each network. It belongs to one event loop."""

    def __init__(self, most: int = BODIES, of_one: int = BODIES_OF_ONE):
        self.most, self.of_one = most, of_one
        self.from_: Counter[str] = Counter()

    @contextmanager
    def one(self, network: str) -> Iterator[None]:
        """Count one more while it is read; raise Full instead. "" is no network, such as a proxy at a socket of this machine."""
        if self.from_.total() >= self.most or (network and self.from_[network] >= self.of_one):
            raise Full
        self.from_[network] += 1
        try:
            yield
        finally:
            self.from_[network] -= 1
            if not self.from_[network]:
                del self.from_[network]


class Door:
    """`pages`, a WSGI application, as an ASGI application that keeps slow visitors out of its threads."""

    def __init__(self, pages: Any, bodies: Bodies | None = None, *, grace: float = GRACE, rate: int = RATE):
        self.pages, self.bodies = pages, bodies or Bodies()
        self.grace, self.rate = grace, rate
        self.threads = ThreadPoolExecutor(THREADS, "pages")
        self.streams = ThreadPoolExecutor(STREAMS, "streams")
        self.live, self.feeds = Streams(), Feeds()
        self.busy = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise ValueError(f"Nothing here speaks {scope['type']}.")
        environ = environ_of(scope)
        environ[DOOR] = True
        context = contextvars.copy_context()
        with suppress(Gone), await self._body(environ, context, receive) as body:
            environ["wsgi.input"] = body
            answer = await self._in_thread(context, receive, self._page, environ)
            if (reader := environ.pop(READER, None)) is not None and answer[0].startswith("200"):
                told = [h for h in _headers(answer) if h[0] != b"content-length"]
                await self.live.serve(reader, told, receive, send)
                return
            if (follower := environ.pop(FOLLOWER, None)) is not None and answer[0].startswith("200"):
                told = [h for h in _headers(answer) if h[0] != b"content-length"]
                await self.feeds.serve(follower, told, receive, send)
                return
            await self._say(answer, environ, context, receive, send)

    async def _body(self, environ: dict[str, Any], context: contextvars.Context, receive: Receive) -> IO[bytes]:
        """The body; an empty one, and a word in `environ` that lets the application refuse, when it is not waited for."""
        length = limits.length(environ)
        if length == 0 and "HTTP_TRANSFER_ENCODING" not in environ:
            return io.BytesIO()
        environ[UNREAD] = True
        if length is None or "HTTP_TRANSFER_ENCODING" in environ:
            return io.BytesIO()
        if length > limits.smallest() and length > await self._in_thread(context, receive, limits.taken, environ):
            return io.BytesIO()
        try:
            with self.bodies.one(network(client(environ))):
                found = await self._read(receive)
        except Full:
            environ[limits.ARRIVAL] = limits.CROWDED
            return io.BytesIO()
        except TimeoutError:
            environ[limits.ARRIVAL] = limits.LATE
            return io.BytesIO()
        del environ[UNREAD]
        return found

    async def _read(self, receive: Receive) -> IO[bytes]:
        size, begun = 0, asyncio.get_running_loop().time()
        body = cast(IO[bytes], tempfile.SpooledTemporaryFile(MEMORY))  # noqa: SIM115
        try:
            async with asyncio.timeout(self.grace) as limit:
                while True:
                    said = await receive()
                    if said["type"] == "http.disconnect":
                        raise Gone
                    piece = said.get("body", b"")
                    body.write(piece)
                    size += len(piece)
                    if not said.get("more_body", False):
                        break
                    limit.reschedule(begun + self.grace + size / self.rate)
        except BaseException:
            body.close()
            raise
        body.seek(0)
        return body

    async def _in_thread(
        self,
        context: contextvars.Context,
        receive: Receive,
        work: Callable[[dict[str, Any]], Any],
        environ: dict[str, Any],
    ) -> Any:
        """What `work` returns in one of the threads; Gone, and no work at all, when the visitor leaves before it begins."""
        self.busy += 1
        doing: Future[Any] = self.threads.submit(context.run, work, environ)
        done = asyncio.wrap_future(doing)
        try:
            # While a body is unread, whether its sender is still there could be learned only by reading it.
            if self.busy > THREADS and UNREAD not in environ:
                leaving = asyncio.ensure_future(left(receive))
                await asyncio.wait({done, leaving}, return_when=asyncio.FIRST_COMPLETED)
                leaving.cancel()
                if not done.done() and doing.cancel():
                    raise Gone
            return await done
        finally:
            self.busy -= 1

    def _page(self, environ: dict[str, Any]) -> Answer:
        """In a thread: run the application; an answer that is not made while it is sent is here in one piece."""
        told: list[Any] = []
        chunks = self.pages(environ, lambda status, headers, *_rest: told.extend((status, headers)))
        status, headers = told
        if environ["REQUEST_METHOD"] == "HEAD" or not _streamed(chunks, headers):
            try:
                whole = b"" if environ["REQUEST_METHOD"] == "HEAD" else b"".join(chunks)
            finally:
                _close(chunks)
            return status, headers, [whole]
        return status, headers, chunks

    async def _say(
        self, answer: Answer, environ: dict[str, Any], context: contextvars.Context, receive: Receive, send: Send
    ) -> None:
        status, _pairs, chunks = answer
        told = _headers(answer)
        if UNREAD in environ:
            told.append((b"connection", b"close"))  # what still comes on it is half a body
        await send({"type": "http.response.start", "status": int(status[:3]), "headers": told})
        if isinstance(chunks, list):
            await send({"type": "http.response.body", "body": chunks[0], "more_body": False})
            return
        gone = threading.Event()
        leaving = asyncio.ensure_future(left(receive))
        leaving.add_done_callback(lambda _done: gone.set())
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self.streams, context.run, _pour, chunks, loop, send, gone)
        finally:
            leaving.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _headers(answer: Answer) -> list[tuple[bytes, bytes]]:
    """The headers of an answer as ASGI says them."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer[1]]


def _pour(chunks: Iterable[bytes], loop: asyncio.AbstractEventLoop, send: Send, gone: threading.Event) -> None:
    """In a thread: send `chunks` one after the other, no faster than they are read; stop when nobody reads them any more."""

    async def one(chunk: bytes) -> None:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})

    try:
        for chunk in chunks:
            if gone.is_set():
                break
            sent = asyncio.run_coroutine_threadsafe(one(chunk), loop)
            try:
                sent.result(PATIENCE)
            except TimeoutError:
                sent.cancel()
                break
    finally:
        _close(chunks)


def _streamed(chunks: Any, headers: list[tuple[str, str]]) -> bool:
    if not getattr(chunks, "streaming", True):
        return False
    length = next((value for name, value in headers if name.lower() == "content-length"), "")
    return not (length.isdecimal() and int(length) <= WHOLE)


def _close(chunks: Any) -> None:
    if close := getattr(chunks, "close", None):
        close()


def environ_of(scope: Scope) -> dict[str, Any]:
    """The request of `scope` as WSGI (PEP 3333) says it, without its body."""
    server, peer = scope.get("server") or ("localhost", 0), scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1] or 0),
        "REMOTE_ADDR": str(peer[0]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw, value in scope["headers"]:
        if b"_" in raw:
            continue  # in an environ nobody could tell it from the header with hyphens, which a proxy of ours may have set
        name = raw.decode("latin-1").upper().replace("-", "_")
        name = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
        text = value.decode("latin-1")
        if name in environ:
            text = f"{environ[name]}{'; ' if name == 'HTTP_COOKIE' else ','}{text}"
        environ[name] = text
    return environ


application = Door(wsgi.application)
