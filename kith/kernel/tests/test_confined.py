"""A child that reads files from outside reaches nobody, gains no rights, and does not outlive its parent."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import closing

import pytest

from kith.kernel.confined import confine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it is done by Linux")
REACH = """
import socket, sys
for family, address in ((socket.AF_INET, ("127.0.0.1", int(sys.argv[1]))), (socket.AF_INET, ("192.0.2.1", 80))):
    with socket.socket(family) as sock:
        sock.settimeout(1)
        try:
            sock.connect(address)
            print("reached", address)
        except OSError as error:
            print("refused", error.errno)
"""


def run(code: str, *arguments: str, confined: bool = True) -> str:
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={},
        preexec_fn=confine if confined else None,
    )
    return done.stdout


def test_it_reaches_nobody_not_even_on_this_machine() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = str(server.getsockname()[1])
        assert "reached" in run(REACH, port, confined=False)
        said = run(REACH, port)
    if "reached" in said:
        pytest.skip("this kernel gives no namespaces to us")
    assert said.count("refused") == 2


def test_it_gains_no_rights() -> None:
    assert "NoNewPrivs:\t1" in run("print(open('/proc/self/status').read())")
