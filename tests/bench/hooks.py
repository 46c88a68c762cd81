"""Webhooks through a receiver that fails and a worker that is killed: `python -m tests.bench.hooks [--events 10000] [--kills 100]`.

One process writes events: companies are created and changed. A worker (`kith work`) sends them, is killed with `kill -9` at random
instants while it sends, and started again. The receiver refuses a share of what comes: half of that before it did anything, half of it
afterwards, so that it gets some messages again that it worked off already. It keeps the ids of those, as every receiver should. At the end:

- lost: an event that was never worked off;
- double: an event that was worked off under two ids, which a receiver cannot tell from two events;
- disorder: an event of a record that was worked off before an earlier one of the same record.

Prints a line in twenty kills and a last one as JSON; exits with 1 for any fault.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from standardwebhooks.webhooks import Webhook as Library

from tests.journeys.installation import ROOT, Installation

from .kills import database

COMPANY = "contacts.company"
LONGEST_LIFE = 1.0  # seconds between the first message after a start and the kill
PATIENCE = 120.0  # where it hangs, not where it is slow

#: Makes the webhook of Ada's, and says its number and its secret.
MAKE = """
from kith.hooks import webhooks
from kith.identity.models import User
from kith.identity.names import actor_of
row, secret = webhooks.make(actor_of(User.objects.get()), {"name": "Bench", "url": %r, "object": %r, "kinds": ["created", "changed"]})
print(json.dumps([row.pk, secret]))
"""
#: Writes the events, and says their numbers by record.
WRITE = """
from kith.objects.write import change, create
made = [create(S, %(key)r, name=f"Firm {n}") for n in range(%(records)d)]
for n in range(%(events)d - len(made)):
    at = n %% len(made)
    made[at] = change(S, made[at], other_names=f"Also {n}")
from kith.events.models import Event
print(json.dumps(list(Event.objects.filter(object=%(key)r, name__in=["created", "changed"]).order_by("pk").values_list("pk", "record"))))
"""


@dataclass
class Receiver:
    """What came, and what was made of it. `share` of all answers are failures."""

    share: float
    chance: random.Random
    secret: str = ""
    came: int = 0
    refused: int = 0
    again: int = 0
    unsigned: int = 0
    #: Messages that broke off in the middle, because who sent them was killed.
    cut: int = 0
    #: Ids that were worked off, in order, with (record, number of the event).
    done: dict[str, tuple[int, int]] = field(default_factory=dict)
    news: threading.Condition = field(default_factory=threading.Condition)

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """The status that a message is answered with."""
        with self.news:
            self.came += 1
            try:
                Library(self.secret).verify(body, headers)
            except Exception:
                self.unsigned += 1
                return 401
            fails = self.chance.random() < self.share
            worked = not fails or self.chance.random() < 0.5
            if worked:
                self._work(headers["webhook-id"], json.loads(body)["data"])
            self.refused += fails
            self.news.notify_all()
            return 500 if fails else 204

    def _work(self, message: str, data: dict[str, Any]) -> None:
        if message in self.done:
            self.again += 1
            return
        self.done[message] = (data["id"], number_of(data["position"]))


def number_of(position: str) -> int:
    """The number of the event that a position of the change feed names."""
    return int(position.rpartition("-")[2])


def served(receiver: Receiver) -> ThreadingHTTPServer:
    """The receiver on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                receiver.cut += 1
                return
            status = receiver.take({name.lower(): value for name, value in self.headers.items()}, body)
            try:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
            except OSError:
                return  # the worker was killed before it heard

        def log_message(self, *rest: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def worker(installation: Installation) -> subprocess.Popen[bytes]:
    """A worker of its own."""
    log = (installation.home / "worker.log").open("ab")
    return subprocess.Popen(
        [sys.executable, "-m", "kith", "work"],
        env=installation.environment,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )


def killed(installation: Installation, receiver: Receiver, seconds: float) -> bool:
    """Start a worker, and kill it `seconds` after its first message; False when nothing is left to be sent."""
    process = worker(installation)
    try:
        with receiver.news:
            before, until = receiver.came, time.monotonic() + PATIENCE
            while receiver.came == before:
                assert time.monotonic() < until, "Nothing is sent."
                if not receiver.news.wait(2.0) and not left(installation):
                    return False
            # Any instant may be the last.
            receiver.news.wait_for(lambda: False, seconds)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
    return True


def left(installation: Installation) -> int:
    """Events and messages that are not done."""
    waiting = "SELECT COUNT(*) FROM hooks_sending WHERE state = 'waiting'"
    to_come = "SELECT COUNT(*) FROM events_delivery WHERE done IS NULL AND consumer LIKE 'kith.hooks.%'"
    return sum(int(installation.rows(sql)[0][0]) for sql in (waiting, to_come))


def trial(events: int, kills: int, records: int, share: float, seed: int, folder: Path) -> dict[str, Any]:
    """Run it; the figures."""
    chance = random.Random(seed)
    receiver = Receiver(share, random.Random(seed + 1))
    server = served(receiver)
    place = f"127.0.0.1:{server.server_port}"
    installation = Installation(folder, KITH_OUTBOUND_ALLOW=place)
    written: list[list[int]] = []
    begun = time.monotonic()
    try:
        _hook, receiver.secret = installation.ask(MAKE % (f"http://{place}/", COMPANY))
        code = WRITE % {"key": COMPANY, "records": min(records, events), "events": events}
        faults: list[BaseException] = []

        def write() -> None:
            try:
                written.extend(_asked(installation, code))
            except BaseException as error:
                faults.append(error)

        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        done = 0
        while done < kills:
            if not killed(installation, receiver, chance.uniform(0, LONGEST_LIFE)):
                if not writer.is_alive():
                    break
                continue
            done += 1
            if done % 20 == 0:
                print(f"{done} kills, {receiver.came} came, {len(receiver.done)} worked off", flush=True)
        writer.join()
        if faults:
            raise faults[0]
        last = worker(installation)
        try:
            while left(installation):
                with receiver.news:
                    receiver.news.wait(2.0)
        finally:
            last.terminate()
            last.wait(PATIENCE)
    finally:
        server.shutdown()
        installation.end()
    return {
        "events": len(written), "kills": done, "came": receiver.came, "refused": receiver.refused, "came_again": receiver.again,
        "worked_off": len(receiver.done), "unsigned": receiver.unsigned, "cut": receiver.cut, **judged(written, receiver),
        "seconds": round(time.monotonic() - begun),
    }  # fmt: skip


def _asked(installation: Installation, code: str) -> Any:
    """As `Installation.ask`, for as long as it takes."""
    from tests.journeys.installation import PREFACE

    done = subprocess.run(
        [sys.executable, "-c", PREFACE + code],
        env=installation.environment, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def judged(written: list[list[int]], receiver: Receiver) -> dict[str, Any]:
    """What was lost, double, out of order."""
    times = Counter(event for _record, event in receiver.done.values())
    by_record: dict[int, list[int]] = defaultdict(list)
    for record, event in receiver.done.values():
        by_record[record].append(event)
    return {
        "lost": [event for event, _record in written if not times[event]][:20],
        "double": [event for event, n in times.items() if n > 1][:20],
        "disorder": [record for record, found in by_record.items() if found != sorted(found)][:20],
    }


def main() -> int:
    """Read the command line, run the trial, print the figures."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    asked.add_argument("--events", type=int, default=10_000)
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--records", type=int, default=500)
    asked.add_argument("--share", type=float, default=0.3, help="of all answers that are failures")
    asked.add_argument("--seed", type=int, default=1)
    told = asked.parse_args()
    with database(told.engine), tempfile.TemporaryDirectory(prefix="kith-hooks-") as folder:
        figures = trial(told.events, told.kills, told.records, told.share, told.seed, Path(folder))
    print(json.dumps({"engine": told.engine, "seed": told.seed, **figures}))
    return 1 if figures["lost"] or figures["double"] or figures["disorder"] or figures["unsigned"] else 0


if __name__ == "__main__":
    sys.exit(main())
