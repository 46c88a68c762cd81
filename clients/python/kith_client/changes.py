"""What happened, in order and each change once: asked for again and again, or as it happens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .asking import Asking
from .described import Change
from .problems import Problem, Unreachable

#: Begin with what happens from now on.
NOW = "now"
STREAM = "text/event-stream"
#: The server says something every twenty seconds.
SILENCE = 60.0
#: The last message of a stream: why it ends. After any other end it is taken up again where it was.
ENDS = {"over": "The token has ended.", "enough": "A newer stream of the same token took the place of this one."}


class Changes:
    """An iterator over changes. Keep `position` together with what you made of the change that you got last.

    `position` is behind a change once the next one is asked for, so whoever is stopped in between gets that change again, and misses none.
    `rights` is a mark of what you may see: when it differs from the one you keep, read your lists anew.
    """

    def __init__(
        self, asking: Asking, after: str = "", *, objects: Sequence[str] | None = None, what: Sequence[str] | None = None,
        records: bool = False, follow: bool = False, page: int = 1000,
    ):  # fmt: skip
        self.position, self.rights = after, ""
        self._asking, self._follow = asking, follow
        self._asked: dict[str, Any] = {"object": objects, "what": what, "expand": "record" if records else None}
        self._page = page
        self._going = self._followed() if follow else self._read()

    def __iter__(self) -> Iterator[Change]:
        return self

    def __next__(self) -> Change:
        return next(self._going)

    def close(self) -> None:
        """End; of use for one that follows."""
        self._going.close()

    def _read(self) -> Any:
        """What there is, to its end."""
        more = True
        while more:
            asked = {**self._asked, "limit": self._page, "after": self.position or None}
            said = self._asking.ask("GET", "/api/v1/changes", asked).data
            self.rights = said["rights"]
            for one in said["data"]:
                yield one
                self.position = one["position"]
            self.position, more = said["next"], said["more"]

    def _followed(self) -> Any:
        """What happens, without an end. A stream that ends by itself is taken up again; where there are none, it is asked."""
        faults = 0
        while True:
            try:
                for event, position, data in self._stream():
                    faults = 0
                    if event == "change":
                        yield data
                    elif event == "rights":
                        self.rights = data["rights"]
                    elif event in ENDS:
                        raise Unreachable(ENDS[event])
                    self.position = position or self.position
                # It is over after a quarter of an hour, or something went wrong there.
                self._asking.patience.sleep(1.0)
            except Unreachable as error:
                faults += 1
                if str(error) in ENDS.values() or faults >= self._asking.patience.tries:
                    raise
                self._asking.patience.sleep(faults)
            except Problem as problem:
                if problem.status != 406:
                    raise
                yield from self._read()
                self._asking.patience.sleep(1.0)

    def _stream(self) -> Iterator[tuple[str, str, Any]]:
        headers = {"Accept": STREAM, "Accept-Encoding": "identity"}
        with self._asking.stream(
            "/api/v1/changes", {**self._asked, "after": self.position or None}, headers, SILENCE
        ) as pieces:
            yield from messages(pieces)


def messages(pieces: Iterable[bytes]) -> Iterator[tuple[str, str, Any]]:
    """Server-sent events: (event, id, data), whatever the pieces are in which they come. Half a message at the end is none."""
    left = b""
    event = position = ""
    data: list[str] = []
    for piece in pieces:
        *lines, left = (left + piece).split(b"\n")
        for line in lines:
            name, _colon, value = line.decode().rstrip("\r").partition(":")
            value = value.removeprefix(" ")
            if name == "event":
                event = value
            elif name == "id":
                position = value
            elif name == "data":
                data.append(value)
            elif not name and not value:
                if event:
                    yield event, position, json.loads("\n".join(data) or "null")
                event, position, data = "", "", []
