"""What a list of 100 and a new record cost a program, beside the floor of the framework: `python -m tests.bench.api [--engine postgresql]`.

In one process, by turns, milliseconds of the clock. The door is the whole answer: middleware, token, its limit, rights, query, JSON. The
floor is a plain Django view without any of it: the same rows by the same columns and `json.dumps`; one INSERT of the same row. What the
door does for a new record beyond that (ledger, search, deliveries, an answer with the record) is counted in statements.

Prints medians, bests and the ratio of the medians as JSON. Of use on a quiet machine only.
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

from tests.journeys.installation import ROOT, Installation

from .kills import database

OBJECT, SLUG = "contacts.company", "companies"
TURNS, RECORDS = 60, 2_000
VALUES = {"name": "Kultasatama Oy", "stage": "customer", "notes": "Wants the new price list.", "employees": 40}


def measured(turns: int, records: int) -> dict[str, Any]:
    """In a process of its own, on the tables of an installation."""
    import django

    django.setup()
    from django.db import connection
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext

    from kith.identity import limits, tokens
    from kith.identity.models import User
    from kith.identity.names import actor_of
    from kith.kernel.actor import System
    from kith.objects.write import Draft, write

    from . import api_floor

    write(System("bench"), OBJECT, [Draft({**VALUES, "name": f"Firm {n}"}) for n in range(records)])
    whose = actor_of(User.objects.get())
    _row, text = tokens.make(whose, tokens.Wanted("Bench", (("*", "*"),)))
    # The bucket is filled and looked at as ever; it is only larger than what is measured here.
    take = limits.take
    limits.take = lambda gates: take([limits.Gate(one.key, 10**6, one.seconds) for one in gates])  # type: ignore[assignment]
    door = Client(SERVER_NAME="localhost", headers={"authorization": f"Bearer {text}"})
    with override_settings(MIDDLEWARE=[]):
        floor = Client(SERVER_NAME="localhost")
        floor.handler.load_middleware()

    def ask(client: Any, method: str, path: str, body: Any = None) -> Any:
        data = json.dumps(body) if body is not None else ""
        made = client.generic(method, path, data, "application/json")
        assert made.status_code in (200, 201), (path, made.status_code, made.content[:500])
        return made

    works: dict[str, dict[str, Callable[[], Any]]] = {
        "list of 100": {
            "door": lambda: ask(door, "GET", f"/api/v1/{SLUG}?limit=100&sort=-changed_at"),
            "floor": lambda: ask(floor, "GET", "/floor/list"),
        },
        "create": {
            "door": lambda: ask(door, "POST", f"/api/v1/{SLUG}", {"values": VALUES}),
            "floor": lambda: ask(floor, "POST", "/floor/create", {"values": VALUES}),
        },
    }
    figures: dict[str, Any] = {"records": records, "turns": turns}
    with override_settings(ROOT_URLCONF=api_floor.__name__):
        for name, ways in works.items():
            taken: dict[str, list[float]] = {way: [] for way in ways}
            for turn in range(turns + 5):
                for way in random.sample(list(ways), len(ways)):
                    begun = time.perf_counter()
                    ways[way]()
                    if turn >= 5:  # the first ones warm up
                        taken[way].append((time.perf_counter() - begun) * 1000)
            said: dict[str, Any] = {}
            for way, work in ways.items():
                with CaptureQueriesContext(connection) as queries:
                    answer = work()
                said[way] = {
                    "median": round(statistics.median(taken[way]), 2), "best": round(min(taken[way]), 2),
                    "statements": len(queries), "kilobytes": round(len(answer.content) / 1024, 1),
                }  # fmt: skip
            figures[name] = {**said, "ratio": round(said["door"]["median"] / said["floor"]["median"], 2)}
    return figures


def main() -> int:
    """Read the command line, measure in a process of its own, print the figures."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    asked.add_argument("--turns", type=int, default=TURNS)
    asked.add_argument("--records", type=int, default=RECORDS)
    asked.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    told = asked.parse_args()
    if told.here:
        print(json.dumps(measured(told.turns, told.records)))
        return 0
    with database(told.engine), tempfile.TemporaryDirectory(prefix="kith-api-") as folder:
        house = Installation(Path(folder))
        try:
            command = [
                sys.executable,
                "-m",
                "tests.bench.api",
                f"--turns={told.turns}",
                f"--records={told.records}",
                "--here",
            ]
            done = subprocess.run(command, env=house.environment, cwd=ROOT, capture_output=True, text=True, check=False)
        finally:
            house.end()
    if done.returncode:
        print(done.stderr[-3000:], file=sys.stderr)
        return 1
    print(json.dumps({"engine": told.engine, **json.loads(done.stdout.splitlines()[-1])}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
