"""A whole installation for stories: its own data folder and database, served by `kith serve` as in production."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
PASSWORD = "correct horse battery staple"
PREFACE = "import json, django; django.setup()\nfrom kith.kernel.actor import System\nS = System('test')\n"


class Installation:
    """A data folder, a database of the engine under test, and the server on it."""

    def __init__(self, folder: Path, settings: str = "kith.config.settings", **environment: str):
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST", "DJANGO", "COV")) and name != "DATABASE_URL"
        }
        self.environment |= {
            "KITH_HOME": str(self.home),
            "DJANGO_SETTINGS_MODULE": settings,
            "PYTHONPATH": str(ROOT),
            **environment,
        }
        self.database = ""
        if os.environ.get("DATABASE_URL", "").startswith("postgres"):
            self._make_database(os.environ["DATABASE_URL"])
        self.process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        self.kith("migrate")
        self.kith(
            "user",
            "create",
            "--email",
            "ada@example.com",
            "--name",
            "Ada Aalto",
            "--admin",
            "--password-stdin",
            typed=PASSWORD,
        )

    def _make_database(self, url: str) -> None:
        self.database = f"kith_story_{uuid4().hex[:12]}"
        self._url = url
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{self.database}"')
        parts = urlsplit(url)
        self.environment["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{self.database}"))

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    def kith(self, *arguments: str, typed: str = "") -> str:
        """Run the command line; its output."""
        done = subprocess.run(
            [sys.executable, "-m", "kith", *arguments],
            env=self.environment,
            cwd=ROOT,
            input=typed,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, (
            f"kith {' '.join(arguments)}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        )
        return done.stdout

    def ask(self, code: str) -> Any:
        """Run `code` beside the server; it prints one JSON value last."""
        done = subprocess.run(
            [sys.executable, "-c", PREFACE + code],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
        return json.loads(done.stdout.splitlines()[-1])

    def look(self, sql: str) -> tuple[Any, ...] | None:
        """One row of the database, read directly: cheap enough to be asked again and again."""
        return next(iter(self.rows(sql)), None)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query, read directly from the database."""
        if self.database:
            with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connection:
                return connection.execute(sql).fetchall()  # type: ignore[call-overload, no-any-return]
        connection = sqlite3.connect(next(self.home.glob("*.sqlite3")), isolation_level=None)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def serve(self) -> None:
        """Start the server and wait until it answers."""
        with (self.home / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kith", "serve", "--port", str(self.port), "--workers", "1"],
                env=self.environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        wait_for(self._answers, "the server answers")

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.home / "serve.log").read_text()[-3000:]
        try:
            with urllib.request.urlopen(f"{self.url}/sign-in/", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """`kill -9` of the server and everything under it, at once."""
        assert self.process is not None
        family = [self.process.pid, *_descendants(self.process.pid)]
        for pid in family:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait(timeout=PATIENCE)
        wait_for(lambda: not any(_alive(pid) for pid in family), "all its processes are gone")
        self.process = None

    def end(self) -> None:
        """Stop the server in order, and remove the database."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=PATIENCE)
            self.process = None
        if self.database:
            with psycopg.connect(self._url, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')


def wait_for(condition: Any, what: str, patience: float = PATIENCE) -> Any:
    """Look again and again until `condition()` is true; its value."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if found := condition():
            return found
        _breathe()
    raise AssertionError(f"In {patience:.0f} seconds it never came true that {what}.")


def _breathe() -> None:
    # This is a pause of 50 ms, and so an exception to "no sleeping in tests": another process announces nothing that could be waited
    # for instead. What is tested is the condition, within a deadline, never how long it took.
    one, other = socket.socketpair()
    with one, other:
        one.settimeout(0.05)
        try:
            one.recv(1)
        except TimeoutError:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found: list[int] = []
    ahead = [pid]
    while ahead:
        children = parents.get(ahead.pop(), [])
        found += children
        ahead += children
    return found


def _alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
