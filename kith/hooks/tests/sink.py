"""A server on this machine that takes webhooks, and does with each what it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = int | tuple[int, dict[str, str], bytes] | None


class Sink:
    """`got` are the requests in the order in which they came: (headers, body). `answers` gives status, or (status, headers, body), or
    None to say nothing at all until the server is closed.
    """

    def __init__(self, answers: Callable[[int], Answer] = lambda n: 204):
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers = answers
        self.over = threading.Event()
        lock = threading.Lock()
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with lock:
                    sink.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                    number = len(sink.got)
                answer = sink.answers(number)
                if answer is None:
                    sink.over.wait(30)
                    return
                status, headers, said = (answer, {}, b"") if isinstance(answer, int) else answer
                with suppress(OSError):
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(said)))
                    self.end_headers()
                    self.wfile.write(said)

            def log_message(self, *rest: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        self.place = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.place}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def close(self) -> None:
        """End it, and whatever waits."""
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)
