"""Requests and answers: one connection a thread, kept open; what was held back or lost is sent again where that does no harm."""

from __future__ import annotations

import http.client
import json
import random
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from .problems import SORTS, Problem, Unreachable

AGENT = "kith-client/0.1"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
#: A refusal that came before anything was done; the other one may come from a proxy that knows nothing of that.
HELD_BACK, UNAVAILABLE = 429, 503
CHUNK = 64 * 1024

Connection = http.client.HTTPConnection


@dataclass(frozen=True)
class Answer:
    """An answer that was taken whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        """What it holds, None for nothing."""
        return json.loads(self.body) if self.body else None


@dataclass(frozen=True)
class Patience:
    """How long is waited: for an answer (seconds), how often is tried, and the longest pause that is made between two tries.

    A Retry-After that is longer than `pause` is not waited for: the refusal is raised.
    """

    answer: float = 60.0
    tries: int = 5
    pause: float = 60.0
    sleep: Callable[[float], object] = time.sleep


class Asking:
    """Asks one house with one token. Threads may share it."""

    def __init__(
        self, address: str, token: str, *, language: str = "", patience: Patience | None = None,
        tls: ssl.SSLContext | None = None, allow_http: bool = False,
    ):  # fmt: skip
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("The address of a house looks like https://crm.example.")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK and not allow_http:
            raise ValueError(
                "Without https everybody on the way can read the token. `allow_http=True` if that is meant."
            )
        self._host, self._port, self._root = parts.hostname, parts.port, parts.path.rstrip("/")
        self._tls = (tls or ssl.create_default_context()) if parts.scheme == "https" else None
        self.patience = patience or Patience()
        self._headers = {"Authorization": f"Bearer {token}", "User-Agent": AGENT, "Accept-Encoding": "gzip"}
        if language:
            self._headers["Accept-Language"] = language
        self._mine = threading.local()

    def ask(
        self, method: str, path: str, query: Mapping[str, Any] | None = None, body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        """An answer of 2xx or 3xx. Raises the Problem that another one says, and Unreachable when none came."""
        given = {"Accept": "application/json", **(headers or {})}

        def once() -> Answer:
            with self._answered(
                method, path, query, body, given, fresh=not _repeatable(method, given, lost=True)
            ) as got:
                answer = _whole(got)
            return _checked(answer)

        return self._tried(once, method, given)

    @contextmanager
    def stream(
        self, path: str, query: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None,
        patience: float | None = None,
    ) -> Iterator[Iterator[bytes]]:  # fmt: skip
        """The body of an answer piece by piece, as it comes; Unreachable when it breaks off."""
        connection, answer = self._tried(lambda: self._opened(path, query, dict(headers or {}), patience), "GET", {})
        try:
            yield self._flowing(answer)
        finally:
            answer.close()
            connection.close()

    def _flowing(self, answer: http.client.HTTPResponse) -> Iterator[bytes]:
        try:
            yield from _pieces(answer)
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(f"{self._host} broke off: {error or type(error).__name__}") from error

    def close(self) -> None:
        """Close the connection of this thread."""
        kept = getattr(self._mine, "connection", None)
        self._mine.connection = None
        if kept is not None:
            kept.close()

    # How often, and when again

    def _tried(self, once: Callable[[], Any], method: str, headers: Mapping[str, str]) -> Any:
        for left in reversed(range(self.patience.tries)):
            nth = self.patience.tries - left
            try:
                return once()
            except Problem as problem:
                wait = _wait(problem, nth)
                again = problem.status == HELD_BACK or (
                    problem.status == UNAVAILABLE and _repeatable(method, headers, lost=False)
                )
                if not (left and again) or wait > self.patience.pause:
                    raise
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if not (left and _repeatable(method, headers, lost=True)):
                    raise Unreachable(f"{self._host} gave no answer: {error or type(error).__name__}") from error
                wait = min(_backoff(nth), self.patience.pause)
            self.patience.sleep(wait)
        raise AssertionError("The last try returns or raises.")

    # One try

    @contextmanager
    def _answered(
        self, method: str, path: str, query: Mapping[str, Any] | None, body: Any, headers: Mapping[str, str], *, fresh: bool
    ) -> Iterator[http.client.HTTPResponse]:  # fmt: skip
        if fresh:
            # What must not be sent twice is not sent into a connection that the other end may just be closing.
            self.close()
        kept: Connection | None = getattr(self._mine, "connection", None)
        connection = kept or self._connect(self.patience.answer)
        self._mine.connection = connection
        try:
            try:
                answer = self._sent(connection, method, path, query, body, headers)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                if kept is None:
                    raise
                # It was closed while it lay idle: nobody was asked.
                connection.close()
                answer = self._sent(connection, method, path, query, body, headers)
            yield answer
        except BaseException:
            self.close()
            raise

    def _opened(
        self, path: str, query: Mapping[str, Any] | None, headers: dict[str, str], patience: float | None
    ) -> tuple[Connection, http.client.HTTPResponse]:
        connection = self._connect(patience or self.patience.answer)
        try:
            answer = self._sent(connection, "GET", path, query, None, headers)
            if answer.status != 200:
                _checked(_whole(answer))
        except BaseException:
            connection.close()
            raise
        return connection, answer

    def _connect(self, patience: float) -> Connection:
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=patience)
        return http.client.HTTPSConnection(self._host, self._port, timeout=patience, context=self._tls)

    def _sent(
        self, connection: Connection, method: str, path: str, query: Mapping[str, Any] | None, body: Any,
        headers: Mapping[str, str],
    ) -> http.client.HTTPResponse:  # fmt: skip
        given = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        target = self._root + path + (f"?{urlencode(given)}" if given else "")
        sent = {**self._headers, **headers}
        data = None
        if body is not None:
            data = json.dumps(body, ensure_ascii=False, default=str).encode()
            sent["Content-Type"] = "application/json"
        connection.request(method, target, data, sent)
        return connection.getresponse()


def _repeatable(method: str, headers: Mapping[str, str], *, lost: bool) -> bool:
    """Whether a request may be sent again: after its answer was lost, or after a 503.

    A change of a version that was read is refused or does nothing when it is made twice; but a lost answer to it says more than that.
    """
    if method == "GET" or "Idempotency-Key" in headers:
        return True
    return not lost and headers.get("If-Match", "*") != "*"


def _backoff(nth: int) -> float:
    # Jittered, so that those whom one fault hit do not come back together.
    return random.uniform(0.5, 1.0) * 0.5 * 2.0 ** (nth - 1)  # noqa: S311 - no secret


def _wait(problem: Problem, nth: int) -> float:
    said = problem.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdecimal():
        return float(said)
    with suppress(ValueError, TypeError):
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    return _backoff(nth)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _whole(got: http.client.HTTPResponse) -> Answer:
    body = b"".join(_pieces(got))
    got.close()  # before the next request may go out by the same connection
    return Answer(got.status, got.headers, body)  # type: ignore[arg-type]


def _checked(answer: Answer) -> Answer:
    """The same, or the problem that it says."""
    if 200 <= answer.status < 400:
        return answer
    said: Any = None
    if "json" in answer.headers.get("Content-Type", ""):
        with suppress(ValueError):
            said = answer.data
    sort = SORTS.get(answer.status, Problem)
    raise sort(answer.status, said if isinstance(said, dict) else {}, answer.headers)


def _pieces(got: http.client.HTTPResponse) -> Iterator[bytes]:
    """The body as it comes, unpacked. Raises what http.client raises where it breaks off."""
    packed = got.headers.get("Content-Encoding", "") == "gzip"
    unpacking = zlib.decompressobj(31)
    while piece := got.read1(CHUNK):
        if plain := unpacking.decompress(piece) if packed else piece:
            yield plain
    if got.length:
        raise http.client.IncompleteRead(b"", got.length)
    if packed and (rest := unpacking.flush()):
        yield rest
