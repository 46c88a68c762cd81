"""A whole installation for stories: its own data folder and database, served by `kith serve` as in production."""

from __future__ import annotations

import atexit
import json
import os
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

from tests.announced import PATIENCE, Commits, Ends, Output

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery staple"
PREFACE = "import json, django; django.setup()\nfrom kith.kernel.actor import System\nS = System('test')\n"
#: Reads code, a JSON text a line, and runs each in a process of its own, which begins with everything imported and no connection: whatever
#: that prints goes to the files which are told along. Answers with its exit code.
BESIDE = (
    PREFACE
    + """
import os, sys, traceback
from django.db import connections
for line in sys.stdin:
    code, *files = json.loads(line)
    if not (child := os.fork()):
        for stream, file in enumerate(files, 1):
            os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), stream)
        status = 1
        try:
            exec(code, {"json": json, "S": S})
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            connections.close_all()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
)


def furnished() -> Installation:
    """The one with one person, never served, and copied for every story of this process."""
    return _first(Installation, bare)


def bare() -> Installation:
    """The one with tables and nothing in them, made once in a process: migrating takes most of a story's time."""
    return _first(Bare, None)


class Installation:
    """A data folder, a database of the engine under test, and the server on it. There is one person, who is an administrator.

    It is a copy of what `of` returns, or else migrated anew; what is no copy of a furnished one is furnished by itself.
    """

    def __init__(
        self,
        folder: Path,
        settings: str = "kith.config.settings",
        *,
        of: Callable[[], Installation] | None = furnished,
        **environment: str,
    ):
        copied = of() if of else None
        self.home = folder / "home"
        if copied is None:
            self.home.mkdir(parents=True, exist_ok=True)
        else:
            shutil.copytree(copied.home, self.home)
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
            self._make_database(os.environ["DATABASE_URL"], copied.database if copied else "template1")
        self.process: subprocess.Popen[bytes] | None = None
        self._asked: subprocess.Popen[str] | None = None
        self.port = _free_port()
        if copied is None:
            self.kith("migrate")
        if of is not furnished:
            self.furnish()

    def furnish(self) -> None:
        """Fill the new installation: with an administrator and nothing else."""
        ada = ("--email", "ada@example.com", "--name", "Ada Aalto", "--admin", "--password-stdin")
        self.kith("user", "create", *ada, typed=PASSWORD)

    def _make_database(self, url: str, copied: str) -> None:
        self.database = f"kith_story_{uuid4().hex[:12]}"
        self._url = url
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{self.database}" TEMPLATE "{copied}"')
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
        """Run `code` beside the server, in a process of its own; it prints one JSON value last."""
        if self._asked is None:
            # Importing the house takes longer than most of what is asked: that is done once, and each question gets a copy.
            self._asked = subprocess.Popen(
                [sys.executable, "-c", BESIDE], env=self.environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )  # fmt: skip
        said, faults = (self.home.parent / f"asked.{name}" for name in ("out", "err"))
        assert self._asked.stdin
        assert self._asked.stdout
        self._asked.stdin.write(json.dumps([code, str(said), str(faults)]) + "\n")
        self._asked.stdin.flush()
        assert select.select([self._asked.stdout], [], [], 300)[0], "It has not answered in five minutes."
        status = self._asked.stdout.readline()
        assert status == "0\n", f"{status or 'ended'}\n{said.read_text()[-2000:]}\n{faults.read_text()[-3000:]}"
        return json.loads(said.read_text().splitlines()[-1])

    def look(self, sql: str) -> tuple[Any, ...] | None:
        """One row of the database, read directly: cheap enough to be asked again and again."""
        return next(iter(self.rows(sql)), None)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query, read directly from the database."""
        if self.database:
            with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connection:
                return connection.execute(sql).fetchall()  # type: ignore[call-overload, no-any-return]
        file = next(self.home.glob("*.sqlite3"))
        with closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)) as connection:
            connection.execute(
                "BEGIN IMMEDIATE"
            )  # after whoever is just committing: Commits tells of it a moment early
            return connection.execute(sql).fetchall()

    def serve(self) -> None:
        """Start the server and wait until it says that it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kith", "serve", "--port", str(self.port), "--workers", "1"],
            env=self.environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        self._output = Output(self.process, self.home / "serve.log", b"Kith serves on ")
        self._output.wait()

    def kill(self) -> None:
        """`kill -9` of the server and everything under it, at once."""
        assert self.process is not None
        family = [self.process.pid, *_descendants(self.process.pid)]
        ends = Ends(family)
        for pid in family:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        ends.wait()
        self._gone()

    def _gone(self) -> None:
        assert self.process is not None
        self.process.wait(timeout=PATIENCE)
        self._output.close()
        self.process = None

    def wait_for(self, condition: Any, what: str, patience: float = PATIENCE) -> Any:
        """Ask `condition` now and after each change in the database, until it is true; its value."""
        until = time.monotonic() + patience
        with closing(Commits(self.home, self.environment["DATABASE_URL"] if self.database else "")) as commits:
            while not (found := condition()):
                assert commits.wait(until - time.monotonic()), (
                    f"In {patience:.0f} seconds it never came true that {what}."
                )
        return found

    def end(self) -> None:
        """Stop the server in order, and remove the database."""
        if self._asked is not None:
            self._asked.communicate(timeout=PATIENCE)
        if self.process is not None:
            self.process.terminate()
            self._gone()
        if self.database:
            with psycopg.connect(self._url, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')


class Bare(Installation):
    """Tables, and nobody."""

    def furnish(self) -> None:
        """Leave it as it is."""


@cache
def _first(sort: type[Installation], of: Callable[[], Installation] | None) -> Installation:
    folder = Path(tempfile.mkdtemp(prefix="kith-story-"))
    made = sort(folder, of=of)

    def remove() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(psycopg.Error):  # the server may be gone with its databases
            made.end()

    atexit.register(remove)
    return made


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
