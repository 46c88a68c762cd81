"""The change feed as server-sent events: programs that keep one answer open and are told each change once, in order.

A reader who is slow is not told to begin anew, as pages are: nothing is read for her before what was read has gone out, and whoever breaks
off goes on from the last position that she got (`Last-Event-ID`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from kith.api.rest.changes import Follower
from kith.api.rest.wire import encoded
from kith.events.horizon import age, horizon
from kith.events.watch import Pulse
from kith.identity import tokens
from kith.identity.models import Token
from kith.kernel.problems import MEDIA_TYPE, problem
from kith.objects.custom import definitions

from .streams import CHECK, OVER, Loop, Stream, Streams, frame

#: Streams of one token (the oldest makes room) and of all programs in one process.
OF_ONE, OF_ALL = 4, 200


class FeedStream(Stream):
    """One open answer to a program."""

    def __init__(self, reader: Any, loop: Loop):
        super().__init__(reader, loop)
        #: Whether what was read for her last is still on its way.
        self.busy = False

    def fail(self) -> None:
        """The connection ends, and the program comes back to the position that it has."""
        self.end("fault")

    def _put(self, message: bytes) -> None:
        self.messages.put_nowait(message)


class Feeds(Streams):
    """The open answers of this process that tell programs what changed."""

    stream = FeedStream
    called = "feed"

    def __init__(self, of_one: int = OF_ONE, of_all: int = OF_ALL):
        super().__init__(of_one, of_all)

    def _full(self, reader: Follower) -> tuple[list[tuple[bytes, bytes]], bytes]:
        with translation.override(reader.language):
            sentence = _("Too many programs follow what changes just now. Wait a moment and try again.")
        return [(b"content-type", MEDIA_TYPE.encode())], encoded(problem(503, sentence, "too-many-streams"))

    def _sent(self, stream: FeedStream) -> None:
        stream.busy = False
        self.wake.set()

    def _turns(self) -> Turns:
        return Turns()


class Turns:
    """What is done each time: whose token still opens something, and what each of them is to be told now."""

    def __init__(self) -> None:
        self.watch, self.checked, self.age = Pulse(), 0.0, age()
        #: Whether somebody was not told everything that there is.
        self.more = False

    def turn(self, there: list[FeedStream]) -> None:
        """Tell each of these streams, one after the other, what follows in it; those that are still being read to wait."""
        now = time.monotonic()
        fresh = any(not stream.heard for stream in there)
        if not (self.watch.written() or fresh or self.more or now - self.checked >= CHECK):
            return
        self.checked, self.more = now, False
        definitions.refresh()
        left = self._admitted(there)
        upto = horizon()
        for stream in left:
            stream.heard = True
            if stream.busy:
                self.more = True
                continue
            said, more = stream.reader.news(self.age, upto)
            self.more = self.more or more
            if said:
                stream.busy = True
                stream.tell(b"".join(frame(event, data, position) for event, data, position in said))

    def _admitted(self, there: Iterable[FeedStream]) -> list[FeedStream]:
        """Those whose token opens something; the others end here, before anything else is told. A restore ends all."""
        streams = [stream for stream in there if not stream.ending]
        opening = Token.objects.filter(prefix__in={stream.reader.prefix for stream in streams}, purpose=Token.API)
        alive = set(tokens.alive(opening).values_list("prefix", flat=True)) if age().key == self.age.key else set()
        for stream in streams:
            if stream.reader.prefix not in alive:
                stream.end(OVER)
        return [stream for stream in streams if stream.reader.prefix in alive]
