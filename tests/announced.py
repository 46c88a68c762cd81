"""What other processes do announces itself: a line that they print, a change that they commit, their end.

Nothing here looks again after a pause; everything has a deadline, in seconds.
"""

from __future__ import annotations

import ctypes
import os
import select
import struct
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import psycopg

PATIENCE = 120.0  # where it hangs, not where it is slow
IN_MODIFY = 0x2
EVENT = struct.Struct("iIII")  # of inotify: watch, mask, cookie, length of the name that follows
#: Tables whose changes a PostgreSQL database tells of; SQLite tells of all.
TOLD = ("events_run", "events_delivery")


class Output:
    """What a process prints, kept in a file; the process must have been started with `stdout=PIPE`."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, ready: bytes):
        self.process, self.log, self.ready = process, log, ready
        self.is_ready = False
        self._told = threading.Event()
        self._reader = threading.Thread(target=self._follow, name=f"output of {process.pid}", daemon=True)
        self._reader.start()

    def _follow(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines, self.log.open("ab", buffering=0) as log:
            for line in lines:
                log.write(line)
                if self.ready in line:
                    self.is_ready = True
                    self._told.set()
        self._told.set()  # nobody is left who could still print it

    def wait(self, patience: float = PATIENCE) -> None:
        """Return once it has printed the line that contains `ready`; an end before that, or none in time, fails the test."""
        self._told.wait(patience)
        assert self.is_ready, f"{self.ready!r} was not printed:\n{self.log.read_text(errors='replace')[-3000:]}"

    def close(self, patience: float = PATIENCE) -> None:
        """Read to the end, which comes when the process and all that it started are gone."""
        self._reader.join(patience)
        assert not self._reader.is_alive(), "Something that it started still holds its output."


class Ends:
    """The ends of processes that run now, watched through descriptors of Linux that no later process can inherit."""

    def __init__(self, pids: list[int]):
        self._open: list[int] = []
        for pid in pids:
            try:
                self._open.append(os.pidfd_open(pid))
            except ProcessLookupError:
                continue

    def wait(self, patience: float = PATIENCE) -> None:
        """Return once all have ended."""
        until = time.monotonic() + patience
        poll = select.poll()
        for descriptor in self._open:
            poll.register(descriptor, select.POLLIN)
        try:
            left = set(self._open)
            while left:
                ended = poll.poll(max(0.0, until - time.monotonic()) * 1000)
                assert ended, f"{len(left)} processes are still there after {patience:.0f} seconds."
                for descriptor, _event in ended:
                    poll.unregister(descriptor)
                    left.discard(descriptor)
        finally:
            for descriptor in self._open:
                os.close(descriptor)


class Commits:
    """Tells that something was committed to a database: PostgreSQL by a notice of its own, SQLite by writing to its journal.

    Writing to the journal comes a moment before the change can be seen; who looks then must take the lock of writers first.
    """

    def __init__(self, home: Path, url: str = ""):
        self._connection: psycopg.Connection[Any] | None = None
        if url:
            self._connection = psycopg.connect(url, autocommit=True)
            self._connection.execute(
                "CREATE OR REPLACE FUNCTION story_told() RETURNS trigger LANGUAGE plpgsql"
                " AS 'BEGIN PERFORM pg_notify(''story'', ''''); RETURN NULL; END'"
            )
            for table in TOLD:
                self._connection.execute(
                    f"CREATE OR REPLACE TRIGGER story_told AFTER INSERT OR UPDATE ON {table} EXECUTE FUNCTION story_told()"  # type: ignore[arg-type]
                )
            self._connection.execute("LISTEN story")
            return
        libc = ctypes.CDLL(None, use_errno=True)
        self._watch = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._watch < 0 or libc.inotify_add_watch(self._watch, os.fsencode(home), IN_MODIFY) < 0:
            raise OSError(ctypes.get_errno(), "the folder cannot be watched")

    def wait(self, seconds: float) -> bool:
        """Wait for a change since the last call; False when none came in time."""
        if self._connection is not None:
            return any(True for _notice in self._connection.notifies(timeout=seconds, stop_after=1))
        until = time.monotonic() + seconds
        poll = select.poll()
        poll.register(self._watch, select.POLLIN)
        while poll.poll(max(0.0, until - time.monotonic()) * 1000):
            if any(name.endswith(b"-wal") for name in self._changed()):
                return True
        return False

    def _changed(self) -> list[bytes]:
        told, at, names = os.read(self._watch, 1 << 16), 0, []
        while at < len(told):
            length = EVENT.unpack_from(told, at)[3]
            at += EVENT.size + length
            names.append(told[at - length : at].rstrip(b"\0"))
        return names

    def close(self) -> None:
        """Stop watching."""
        if self._connection is not None:
            self._connection.close()
        else:
            os.close(self._watch)
