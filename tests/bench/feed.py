"""Readers of the change feed while others write: `python -m tests.bench.feed [--engine postgresql] [--seconds 120] [--writers 8]`.

Each writer is a process with a connection of its own: it creates, changes, removes and restores companies, writes twenty at once, rolls
back, and now and then keeps a transaction open after it has written. Readers begin at the beginning, now, and at changes that others were
told, at any moment; they ask again and again with limits of all sizes, or follow a stream, break off, and come back with the last position.

At the end every reader must have been told every event after the place where it began, once, in order. A reader that goes by the numbers
of events alone runs beside them: what it misses says whether the trial could have failed. Prints the figures as JSON; exits with 1 for any
fault.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.feed_people import LAST_WAIT, OBJECT, Client, Told, Writer, fault, number_of, poll
from tests.bench.kills import database
from tests.journeys.installation import ROOT, Installation

#: Seconds between two looks of the reader that goes by numbers alone.
GLANCE = 0.02


def write_for(seed: int, seconds: float, longest: float) -> None:
    """In a process of its own: write for so long, and say what was done."""
    import django

    django.setup()
    writer, until = Writer(OBJECT, seed, longest), time.monotonic() + seconds
    while time.monotonic() < until:
        writer.step()
    print(json.dumps({"deeds": writer.deeds, "slow": writer.slow, "locked": writer.locked}))


# ── the trial ────────────────────────────────────────────────────────────────────────────────────────────────────────

SETUP = """
from kith.identity import tokens
from kith.identity.models import User
from kith.identity.names import actor_of
ada = actor_of(User.objects.get(email="ada@example.com"))
print(json.dumps([tokens.make(ada, tokens.Wanted(f"Reader {n}", (("*", "*"),)))[1] for n in range(%d)]))
"""


class Trial:
    """A served house, its readers, and what went wrong."""

    def __init__(self, folder: Path, seed: int):
        self.chance, self.house = random.Random(seed), Installation(folder)
        self.readers: list[tuple[threading.Thread, Told]] = []
        self.faults: list[str] = []
        self.by_numbers: list[int] = []
        #: Nothing more is written; nothing more is asked.
        self.over, self.done = threading.Event(), threading.Event()

    def events(self, after: int = 0) -> list[int]:
        """The numbers of the events of our object, as the database has them now."""
        rows = self.house.rows(f"SELECT id FROM events_event WHERE object = '{OBJECT}' AND id > {after} ORDER BY id")
        return [row[0] for row in rows]

    def top(self) -> int:
        """The highest of them."""
        return max(self.events(), default=0)

    def asks(self, client: Client, pause: float, position: str = "", whence: str = "now") -> None:
        """Begin to ask again and again."""
        self._begin(
            f"asks, from {whence} on",
            position,
            lambda told, chance: poll(client.ask, told, position, chance, self.over, pause),
        )

    def follows(self, client: Client, position: str, whence: str = "now") -> None:
        """Begin to follow the stream."""
        self._begin(
            f"follows, from {whence} on",
            position,
            lambda told, chance: client.follow(told, position, chance, self.over, self.top),
        )

    def _begin(self, kind: str, position: str, work: Callable[[Told, random.Random], None]) -> None:
        told, chance = Told(kind, number_of(position)), random.Random(self.chance.random())

        def run() -> None:
            try:
                work(told, chance)
            except Exception as error:
                self.faults.append(f"{kind}: {type(error).__name__}: {error}")

        self.readers.append((threading.Thread(target=run, name=kind, daemon=True), told))
        self.readers[-1][0].start()

    def glance(self) -> None:
        """Read by the numbers of events alone, as one must not."""
        last = 0
        while not self.done.is_set():
            found = self.events(last)
            self.by_numbers += found
            last = max([last, *found])
            self.done.wait(GLANCE)

    def later(self, clients: list[Client], pause: float) -> None:
        """Readers that begin at a change that another was told, one after the other."""
        for n, client in enumerate(clients):
            self.done.wait(pause)
            known = self.readers[n % 4][1].positions
            position = self.chance.choice(known) if known else client.ask("after=now")["next"]
            if n % 2:
                self.follows(client, position, "a change")
            else:
                self.asks(client, 0.3, position, "a change")

    def finish(self) -> None:
        """Let everybody read to the end."""
        self.over.set()
        for thread, told in self.readers:
            thread.join(LAST_WAIT)
            if thread.is_alive():
                self.faults.append(f"{told.kind}: was not told everything within {LAST_WAIT:.0f} seconds")
        self.done.set()


def trial(seconds: float, writers: int, seed: int, folder: Path) -> dict[str, Any]:
    """Run it; the figures."""
    one = Trial(folder, seed)
    longest = 2.0 if one.house.database else 0.1  # on SQLite nobody else writes meanwhile
    try:
        one.house.serve()
        clients = [Client(one.house.port, text) for text in one.house.ask(SETUP % 8)]
        one.asks(clients[0], 0.5, whence="the beginning")
        one.asks(clients[1], 0.2, clients[1].ask("after=now")["next"])
        for client in clients[2:4]:
            one.follows(client, client.ask("after=now")["next"])
        threading.Thread(target=one.glance, daemon=True).start()
        begun = time.monotonic()
        crew = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.bench.feed", f"--write={seed * 100 + n}", f"--seconds={seconds}", f"--longest={longest}"],
                env=one.house.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True,
            )
            for n in range(writers)
        ]  # fmt: skip
        one.later(clients[4:], seconds / 6)
        wrote = [json.loads(writer.communicate(timeout=seconds + 300)[0].splitlines()[-1]) for writer in crew]
        lasted = time.monotonic() - begun
        one.finish()
        there = one.events()
    finally:
        one.over.set()
        one.done.set()
        one.house.end()
    lags = sorted(lag for _thread, told in one.readers for lag in told.lags)
    return {
        "writers": writers,
        "seconds": round(lasted),
        "deeds": sum(writer["deeds"] for writer in wrote),
        "slow_transactions": sum(writer["slow"] for writer in wrote),
        "waited_in_vain": sum(writer["locked"] for writer in wrote),
        "events": len(there),
        "events_per_second": round(len(there) / lasted),
        "missed_by_numbers_alone": len(set(there) - set(one.by_numbers)),
        "stream_lag_seconds": [round(statistics.median(lags), 2), round(lags[int(len(lags) * 0.95)], 2)]
        if lags
        else [],
        "readers": [told.verdict(there) for _thread, told in one.readers],
        "faults": one.faults,
    }


def main() -> int:
    """Read the command line, run the trial, print the figures."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    asked.add_argument("--seconds", type=float, default=120)
    asked.add_argument("--writers", type=int, default=8)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--longest", type=float, default=1, help=argparse.SUPPRESS)
    asked.add_argument("--write", type=int, help=argparse.SUPPRESS)
    told = asked.parse_args()
    if told.write is not None:
        write_for(told.write, told.seconds, told.longest)
        return 0
    with database(told.engine), tempfile.TemporaryDirectory(prefix="kith-feed-") as folder:
        figures = trial(told.seconds, told.writers, told.seed, Path(folder))
    print(json.dumps({"engine": told.engine, "seed": told.seed, **figures}, ensure_ascii=False, indent=1))
    return 1 if figures["faults"] or any(map(fault, figures["readers"])) else 0


if __name__ == "__main__":
    sys.exit(main())
