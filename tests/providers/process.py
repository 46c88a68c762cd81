"""Foreign programs that a test starts on this machine, and ends."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE = 60


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, log: Path, **more: object) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` until the block ends; begins once something listens on `port`."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, **more)  # type: ignore[call-overload]
        try:
            for _try in range(PATIENCE * 10):
                assert process.poll() is None, log.read_text()[-2000:]
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.1)
            else:
                raise AssertionError(log.read_text()[-2000:])
            yield process
        finally:
            process.terminate()
            process.wait(20)
