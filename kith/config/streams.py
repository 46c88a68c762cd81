"""Answers that stay open: what others change is told to whoever looks at it (server-sent events), without a thread for each reader.

One thread in each process looks at the ledger twice a second, as long as somebody listens; it asks for everybody whether her session
still is one and what she may see of what changed, and hands the messages to the event loop, which sends them.
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, connection

from kith.events.watch import Line, Watch
from kith.identity.models import Session, User
from kith.kernel import clock
from kith.objects.custom import definitions
from kith.threads.bell import Bell, told_since
from kith.ui.live import news

log = logging.getLogger("kith.live")

#: Seconds between two looks at the ledger, between two looks at sessions although nothing was written, and between two signs of life.
LOOK, CHECK, BEAT = 0.5, 5.0, 20.0
#: Streams of one user and of all users in one process; seconds after which a stream ends and is opened anew by the browser.
OF_ONE, OF_ALL, LONGEST = 8, 1000, 900.0
#: Seconds that a reader may take for one message, and messages that wait for her; with more she reads everything anew.
PATIENCE, WAITING = 20.0, 32
#: Milliseconds after which a browser whose stream broke asks again.
AGAIN = 2000

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Loop = asyncio.AbstractEventLoop
#: What ends a stream, as the page hears it: the session is over; another page of hers took the place.
OVER, ENOUGH = "over", "enough"
#: Something came into the reader's own inbox; what, the page asks for.
TOLD = "told"
#: Much was missed: what the page shows is to be read anew.
STALE = "stale"
#: No message: nothing more comes, and nothing is said about it.
LAST = b""


def frame(event: str, data: Any = "", position: int | str | None = None) -> bytes:
    """One message as the browser reads it."""
    told = f"id: {position}\n" if position is not None else ""
    return f"{told}event: {event}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


class Stream:
    """One open answer. Belongs to the event loop; only `tell` and `end` are called from the thread that watches."""

    def __init__(self, reader: Any, loop: asyncio.AbstractEventLoop):
        self.reader, self.loop = reader, loop
        self.messages: asyncio.Queue[bytes] = asyncio.Queue()
        self.heard = False  # whether it was told what happened before it was opened
        self.ending = ""

    def tell(self, message: bytes) -> None:
        """Send this, after what waits; whoever reads too slowly is told to read everything anew instead."""
        with suppress(RuntimeError):  # the loop is closed: the process ends
            self.loop.call_soon_threadsafe(self._put, message)

    def end(self, why: str) -> None:
        """Say why, and send nothing more."""
        if not self.ending:
            self.ending = why
            self.tell(frame(why))

    def fail(self) -> None:
        """Something went wrong while it was found out what to tell her."""
        self.tell(frame(STALE))

    def _put(self, message: bytes) -> None:
        if self.messages.qsize() >= WAITING:
            while not self.messages.empty():
                self.messages.get_nowait()
            message = frame(STALE) + (message if self.ending else b"")
        self.messages.put_nowait(message)


class Streams:
    """The open answers of this process that tell pages what changed."""

    #: What one of them is; what their watching thread is called.
    stream: type[Stream] = Stream
    called = "live"

    def __init__(self, of_one: int = OF_ONE, of_all: int = OF_ALL):
        self.of_one, self.of_all = of_one, of_all
        self.open: list[Stream] = []
        self.lock = threading.Lock()
        self.wake = threading.Event()
        self.thread: threading.Thread | None = None
        self.warned = False

    async def serve(self, reader: Any, headers: list[tuple[bytes, bytes]], receive: Receive, send: Send) -> None:
        """Answer with what happens, until the reader leaves, loses the right to be here, or a quarter of an hour is over."""
        stream = self.stream(reader, asyncio.get_running_loop())
        self._end_with_the_server(stream.loop)
        if not self._take(stream):
            kind, body = self._full(reader)
            headers = [*(h for h in headers if h[0] != b"content-type"), *kind, (b"retry-after", b"60")]
            await send({"type": "http.response.start", "status": 503, "headers": headers})
            await send({"type": "http.response.body", "body": body, "more_body": False})
            return
        leaving = asyncio.ensure_future(left(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await self._send(send, f"retry: {AGAIN}\n\n".encode())
            await self._pour(stream, leaving, send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            pass  # she does not read, and her connection is closed
        finally:
            leaving.cancel()
            with self.lock:
                self.open.remove(stream)

    async def _pour(self, stream: Stream, leaving: asyncio.Future[None], send: Send) -> None:
        until = stream.loop.time() + LONGEST
        while not leaving.done() and stream.loop.time() < until:
            asked = asyncio.ensure_future(stream.messages.get())
            waited: set[asyncio.Future[Any]] = {asked, leaving}
            await asyncio.wait(waited, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
            if leaving.done():
                asked.cancel()
                return
            if not asked.done():
                asked.cancel()
                await self._send(send, frame("beat"))
                continue
            message = asked.result()
            if message == LAST:
                return
            await self._send(send, message)
            self._sent(stream)
            if stream.ending and stream.messages.empty():
                return

    def _full(self, reader: Any) -> tuple[list[tuple[bytes, bytes]], bytes]:
        """Header and body of the answer that says to come back later."""
        return [], b""

    def _sent(self, stream: Any) -> None:
        """A message has gone out."""

    def _turns(self) -> Any:
        """What the watching thread does each time."""
        return Turns()

    async def _send(self, send: Send, message: bytes) -> None:
        async with asyncio.timeout(PATIENCE):
            await send({"type": "http.response.body", "body": message, "more_body": True})

    def _take(self, stream: Stream) -> bool:
        """Count one more; the oldest of the same user makes room, and beyond the bound of the process nobody comes in."""
        with self.lock:
            if len(self.open) >= self.of_all:
                return False
            hers = [s for s in self.open if s.reader.user_id == stream.reader.user_id and not s.ending]
            for old in hers[: max(0, len(hers) + 1 - self.of_one)]:
                old.end(ENOUGH)
            self.open.append(stream)
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._watch, name=self.called, daemon=True)
                self.thread.start()
        self.wake.set()
        return True

    def _end_with_the_server(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let no open answer hold up a server that is asked to end: it waits for all of them. Browsers ask again by themselves."""
        if self.warned or threading.current_thread() is not threading.main_thread():
            return
        self.warned, was = True, signal.getsignal(signal.SIGTERM)

        def ending(number: int, where: Any) -> None:
            loop.call_soon_threadsafe(self._close)
            if callable(was):
                was(number, where)

        # Beside the server's own: an event loop hears of signals by other means, and this is called in addition.
        signal.signal(signal.SIGTERM, ending)

    def _close(self) -> None:
        for stream in self.open:
            stream.messages.put_nowait(LAST)

    # ── in the thread ────────────────────────────────────────────────────────────────────────────────────────────────

    def _watch(self) -> None:
        turns: Any = None
        while True:
            self.wake.wait(LOOK)
            self.wake.clear()
            with self.lock:
                there = list(self.open)
                if not there:
                    # Nobody listens: the next who comes starts it again.
                    self.thread = None
                    break
            try:
                turns = turns or self._turns()
                turns.turn(there)
            except DatabaseError as fault:
                log.warning("What changed could not be read; it is tried again", extra={"fault": type(fault).__name__})
                connection.close()
                if turns:
                    turns.watch.version = None
                time.sleep(LOOK)
            except Exception:
                log.exception("What changed could not be told")
                turns = None
                for stream in there:
                    stream.fail()
                time.sleep(CHECK)
        connection.close()


class Turns:
    """What is done each time: who may still listen, what happened, what of it concerns whom."""

    def __init__(self) -> None:
        self.watch = Watch()
        self.bell = Bell()
        self.checked = 0.0

    def turn(self, there: list[Stream]) -> None:
        """Tell each of these streams what it is to know now."""
        now, fresh = time.monotonic(), [s for s in there if not s.heard]
        if not self.watch.written() and not fresh and now - self.checked < CHECK:
            return
        self.checked = now
        definitions.refresh()
        left = self._admitted(there)
        lines = self.watch.look()
        told: dict[Any, dict[str, Any]] = {}
        if lines:
            self._tell([s for s in left if s.heard], lines, told)
        rung = self.bell.rung()
        for stream in left:
            if not stream.heard:
                stream.heard = True
                self._catch_up(stream)
            elif stream.reader.user_id in rung:
                stream.tell(frame(TOLD))

    def _admitted(self, there: Iterable[Stream]) -> list[Stream]:
        """Those whose session, state and epoch are what they were; the others end here, before anything else is told."""
        streams = [s for s in there if not s.ending]
        keys = {s.reader.session for s in streams}
        sessions = set(
            Session.objects.filter(session_key__in=keys, expire_date__gt=clock.now()).values_list(
                "session_key", flat=True
            )
        )
        users = {s.reader.user_id for s in streams}
        epochs = dict(User.objects.filter(pk__in=users, is_active=True).values_list("pk", "auth_epoch"))
        left = []
        for stream in streams:
            if stream.reader.session in sessions and epochs.get(stream.reader.user_id) == stream.reader.epoch:
                left.append(stream)
            else:
                stream.end(OVER)
        return left

    def _tell(self, streams: list[Stream], lines: list[Line], told: dict[Any, dict[str, Any]]) -> None:
        for stream in streams:
            reader = stream.reader
            # Pages of one person that show the same are asked about once.
            key = (reader.user_id, reader.interest)
            if key not in told:
                told[key] = news(reader.actor, lines, reader.interest)
            if told[key]:
                stream.tell(frame("changed", told[key], self.watch.floor))

    def _catch_up(self, stream: Stream) -> None:
        """What happened between the making of the page, or the last message that arrived, and now."""
        reader = stream.reader
        position = reader.position
        if position is None:
            position = self.watch.position_at(reader.since) if reader.since else self.watch.top
        missed = self.watch.since(position)
        if missed is None:
            stream.tell(frame(STALE, position=self.watch.floor))
            return
        found = news(reader.actor, missed, reader.interest) if missed else {}
        # Also when there is nothing: the page then knows from where on it listens.
        stream.tell(frame("changed", found, self.watch.floor))
        # Who was away may have missed something of her own, too.
        if reader.position is not None or (reader.since and told_since(reader.user_id, reader.since)):
            stream.tell(frame(TOLD))


async def left(receive: Receive) -> None:
    """Return when the visitor has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
