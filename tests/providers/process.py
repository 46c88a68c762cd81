"""Foreign programs that a test starts on this machine, and ends."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.announced import Output


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], ready: bytes, log: Path, **more: object) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` until the block ends; begins once it has printed a line with `ready`."""
    process = subprocess.Popen(  # type: ignore[call-overload]
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **more
    )
    output = Output(process, log, ready)
    try:
        output.wait()
        yield process
    finally:
        process.terminate()
        process.wait(20)
        output.close()
