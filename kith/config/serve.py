"""`kith serve`: one parent, a web server and a worker under it. `kith work`: a worker alone."""

import ctypes
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from kith.kernel.errors import KithError

GRACE = 30.0  # seconds that a child has for the requests or the job in its hands
GRACE_OF_REQUESTS = 10  # the web server's own, after which it ends the process that a request holds up
STEADY = 60.0  # a worker that lived this long was not failing at start, so its back-off begins anew
LONGEST_PAUSE = 60.0
BEAT = 0.2
PR_SET_PDEATHSIG = 1  # of Linux; elsewhere children of a killed parent go on and must be ended by hand
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Occupied(KithError):
    """Another process holds the data folder in a way that excludes this one."""


@contextmanager
def holding(home: Path, *, alone: bool) -> Iterator[None]:
    """Hold the data folder: any number of servers and workers together, or one `restore` alone."""
    with (home / "in-use.lock").open("a") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as error:
            other = "Kith is running on it; stop it first" if alone else "a restore is writing to it; wait for its end"
            raise Occupied(f"{home} is in use: {other}.") from error
        yield


@dataclass
class Child:
    """A process under the parent, and how often it was started."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    answered: bool = True  # False until it does, for a child that people talk to
    started: float = 0.0
    pause: float = 0.0
    again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start the process, in a group with its own children; it ends with this one, even when this one is killed."""
        prepare = _end_with(os.getpid())
        self.process = subprocess.Popen(self.command, process_group=0, preexec_fn=prepare)  # noqa: PLW1509, S603
        self.started = time.monotonic()

    @property
    def alive(self) -> bool:
        """Tell whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def end(self) -> None:
        """Ask the process to finish; one that has not answered yet has nothing to finish, and may not hear either."""
        if self.process is None or not self.alive:
            return
        if self.answered:
            self.process.send_signal(signal.SIGTERM)
        else:
            os.killpg(self.process.pid, signal.SIGKILL)

    def sweep(self) -> None:
        """End what a process that is gone has left behind: the server's own workers outlive it when it is killed."""
        if self.process is None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            until = time.monotonic() + GRACE / 6
            try:
                os.killpg(self.process.pid, number)
                while time.monotonic() < until:
                    time.sleep(BEAT)
                    os.killpg(self.process.pid, 0)
            except ProcessLookupError:
                return


def serve(host: str, port: int, workers: int, say: Callable[[str], None], welcome: str = "") -> int:
    """Run the web server and one worker until SIGTERM or SIGINT; return the exit code.

    `welcome` is the secret of the first administrator's link, where there is no user yet.

    A worker that dies is started again, after longer and longer pauses; a web server that dies ends the whole, so that
    whoever supervises Kith (systemd, a container) sees it.
    """
    if fault := _port_fault(host, port):
        say(fault)
        return 1
    web = Child("web server", _web_command(host, port, workers), answered=False)
    worker = Child("worker", [sys.executable, "-m", "kith", "work", "--as-child"])
    ending: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: ending.append(received))
    web.start()
    worker.start()
    try:
        while not ending:
            if not web.alive:
                say("The web server ended by itself; its last lines above say why.")
                return 1
            if not web.answered and _answers(host, port):
                web.answered = True
                say(f"Kith serves on http://{_shown(host)}:{port}/")
                if welcome:
                    say(
                        "Nobody may sign in yet. The first administrator comes in through this link, once, within 24 hours:"
                    )
                    say(f"{settings.KITH_URL or f'http://{_shown(host)}:{port}'}/sign-in/link/{welcome}/")
            _keep(worker, say)
            time.sleep(BEAT)
    finally:
        _finish([web, worker], say)
    return 0


def work(*, once: bool = False) -> int:
    """Run deliveries and jobs until SIGTERM or SIGINT, finishing the one in hand; with `once`, only those that are due."""
    from kith.events import worker  # rooms can be imported only once Django is set up

    if once:
        worker.once()
    else:
        worker.work(_stop_event())
    return 0


def _keep(worker: Child, say: Callable[[str], None]) -> None:
    if worker.alive:
        return
    now = time.monotonic()
    if worker.process is not None:
        lived = now - worker.started
        worker.pause = 1.0 if lived >= STEADY else min(LONGEST_PAUSE, max(1.0, worker.pause * 2))
        say(f"The worker ended (code {worker.process.returncode}); it starts again in {worker.pause:.0f} s.")
        worker.sweep()
        worker.process = None
        worker.again_at = now + worker.pause
    elif now >= worker.again_at:
        worker.start()


def _finish(children: list[Child], say: Callable[[str], None]) -> None:
    for child in children:
        child.end()
    until = time.monotonic() + GRACE
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(
                f"The {child.name} did not finish within {GRACE:.0f} s and is ended; "
                "its work goes on at the next start."
            )
            child.process.kill()
            child.process.wait()
        child.sweep()


def _web_command(host: str, port: int, workers: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "asginl", "--http", "1", "--no-ws"),
        *("--host", host, "--port", str(port), "--workers", str(workers)),
        *("--respawn-failed-workers", "--workers-kill-timeout", str(GRACE_OF_REQUESTS)),
        *("--log-level", "warning", "--no-access-log", "kith.config.asgi:application"),
    ]


def _port_fault(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return f"Port {port} of {host} cannot be used: {error.strerror}. Choose another with --port."
    return None


def _answers(host: str, port: int) -> bool:
    anywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
    # A whole request: the socket accepts connections before anybody is there to answer them.
    asked = http.client.HTTPConnection(anywhere.get(host, host), port, timeout=1)
    try:
        asked.request("HEAD", "/", headers={"Host": "localhost"})
        asked.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()
    return True


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _stop_event() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set."""
    event = threading.Event()
    read, written = os.pipe()
    os.set_blocking(written, False)
    # Not set by the handler itself: that runs inside whatever the main thread does, which may be waiting on this event.
    signal.set_wakeup_fd(written)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)

    def wait() -> None:
        os.read(read, 1)
        event.set()

    threading.Thread(target=wait, name="stop", daemon=True).start()
    return event


def _end_with(parent: int) -> Callable[[], None]:
    """Return what a child does before it becomes its program: ask to be told when the parent dies, however it dies."""

    def prepare() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died in the meantime
            os._exit(1)

    return prepare
