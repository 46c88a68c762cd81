"""What it costs writers that the ledger says how far it is decided: `python -m tests.bench.feed_cost [--engine postgresql]`.

Milliseconds, median and best, by turns with and without what says it. On SQLite nothing has to say it, and there is one column.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.feed_people import OBJECT
from tests.bench.kills import database
from tests.journeys.installation import ROOT, Installation


def cost(rounds: int) -> dict[str, Any]:
    """In a process of its own: milliseconds for one change and for a stretch of 500 events, by turns with and without what says how far
    the ledger is decided, and for asking how far that is. On SQLite nothing says it, and there is one column of figures."""
    import django

    django.setup()
    from django.db import connection, transaction

    from kith.events.facts import make_event, record_events
    from kith.events.horizon import horizon
    from kith.kernel.actor import System
    from kith.objects.write import change, create

    actor = System("measuring")
    record = create(actor, OBJECT, name="Measured")

    def one_change() -> None:
        nonlocal record
        record = change(actor, record, name=f"Measured {random.random()}")

    def events(count: int) -> Callable[[], None]:
        def work() -> None:
            with transaction.atomic():
                record_events(
                    [make_event(actor, "changed", OBJECT, record.pk, {"name": ["a", "b"]}) for _one in range(count)]
                )

        return work

    works: dict[str, tuple[Callable[[], None], int]] = {
        "one change through the write path": (one_change, 40),
        "one event in a transaction": (events(1), 100),
        "500 events in a transaction": (events(500), 4),
    }
    taken: dict[tuple[str, str], list[float]] = {}
    ways = ("with", "without") if connection.vendor == "postgresql" else ("with",)
    for turn in range(rounds + 1):
        for way in ways:
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(
                        f"ALTER TABLE events_event {'ENABLE' if way == 'with' else 'DISABLE'} TRIGGER events_event_from_where"
                    )
            for name, (work, times) in works.items():
                for _time in range(times):
                    begun = time.perf_counter()
                    work()
                    if turn:  # the first one warms up
                        taken.setdefault((name, way), []).append((time.perf_counter() - begun) * 1000)
    asked = []
    for _time in range(500):
        begun = time.perf_counter()
        horizon()
        asked.append((time.perf_counter() - begun) * 1000)
    figures: dict[str, Any] = {
        name: {way: [round(statistics.median(taken[name, way]), 3), round(min(taken[name, way]), 3)] for way in ways}
        for name in works
    }
    return {**figures, "asking how far": [round(statistics.median(asked), 3), round(min(asked), 3)]}


def main() -> int:
    """Read the command line, measure in a process of its own, print the figures."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    asked.add_argument("--rounds", type=int, default=20)
    asked.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    told = asked.parse_args()
    if told.here:
        print(json.dumps(cost(told.rounds)))
        return 0
    with database(told.engine), tempfile.TemporaryDirectory(prefix="kith-feed-") as folder:
        house = Installation(Path(folder))
        try:
            command = [sys.executable, "-m", "tests.bench.feed_cost", f"--rounds={told.rounds}", "--here"]
            done = subprocess.run(command, env=house.environment, cwd=ROOT, capture_output=True, text=True, check=True)
        finally:
            house.end()
    print(json.dumps({"engine": told.engine, **json.loads(done.stdout.splitlines()[-1])}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
