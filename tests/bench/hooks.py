"""Webhooks through a receiver that fails and a worker that is killed: `python -m tests.bench.hooks [--events 10000] [--kills 100]`.

One process writes events: companies are created and changed. A worker (`kith work`) sends them, is killed with `kill -9` at random
instants while it sends, and started again. The receiver refuses a share of what comes: half of that before it did anything, half of it
afterwards, so that it gets some messages again that it worked off already. It keeps the ids of those, as every receiver should. At the end:

- lost: an event that was never worked off;
- double: an event that was worked off under two ids, which a receiver cannot tell from two events;
- disorder: an event of a record that was worked off before an earlier one of the same record;
- unsigned: a message whose signature did not fit, or that broke off although its sender lived; each is told with what is known of it.

A message that broke off because its sender was killed is none of these: head and body leave one after the other, and who dies in between
leaves a head alone. Those are counted as `cut`; what they tell has to come again, or it is lost. `asleep` is for how many seconds the trial
itself stood still at the longest, as on a machine that is paused: what was on its way then may be signed longer ago than receivers accept.

What failed waits longer after each try, in the end for hours. So that a trial ends in minutes, what waits for its next try is made due at
once: `--patience` minutes after the last kill, and when a worker that is to be killed has sent nothing for a while. Nothing in the house
does so: the trial itself writes to the table of sendings (`due`) and to the webhook (`rest_until`). `hurried` counts the messages that it
did this to, each as often as it happened. Waiting times are thereby not measured here. All else is as it was: messages are taken in the
same way, leases of killed workers are waited for, a message still goes after those before it, every failure counts.

Prints a line in twenty kills and a last one as JSON; exits with 1 for any fault.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import suppress
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
QUIET = 20.0  # seconds without a message after which a worker that is to be killed gets something to do
LOOK = 2.0  # seconds between two looks at what is left
TOLD = 10  # messages that are told of, of each sort

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
#: Makes due what waits for its next try, and says how much. What a worker has taken for itself is due already and stays as it is, and so is
#: what was never tried.
HURRY = """
from kith.hooks.models import Sending, Webhook
from kith.kernel import clock
now = clock.now()
Webhook.objects.filter(rest_until__gt=now).update(rest_until=None)
print(json.dumps(Sending.objects.filter(state=Sending.WAITING, tries__gt=0, due__gt=now).update(due=now)))
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
    #: What is known of messages whose signature did not fit, and of those that broke off when their sender was killed.
    unsigned: list[dict[str, Any]] = field(default_factory=list)
    cut: list[dict[str, Any]] = field(default_factory=list)
    #: Whether the sender was killed, and no other has sent anything since.
    killed: bool = False
    #: Digests of the bodies that came under an id.
    bodies: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    #: Ids that were worked off, in order, with (record, number of the event).
    done: dict[str, tuple[int, int]] = field(default_factory=dict)
    news: threading.Condition = field(default_factory=threading.Condition)

    def take(self, headers: dict[str, str], body: bytes, promised: int | None) -> int:
        """The status that a message is answered with; its head promised so many bytes, or does not say how many."""
        with self.news:
            try:
                Library(self.secret).verify(body, headers)
            except Exception as error:
                told = self._known(headers, body, promised, error)
                broke = promised is not None and len(body) < promised
                (self.cut if broke and self.killed else self.unsigned).append(told)
                self.came += not broke
                self.news.notify_all()
                return 401
            self.came += 1
            self.bodies[headers["webhook-id"]].add(hashlib.sha256(body).hexdigest())
            fails = self.chance.random() < self.share
            worked = not fails or self.chance.random() < 0.5
            if worked:
                self._work(headers["webhook-id"], json.loads(body)["data"])
            self.refused += fails
            self.news.notify_all()
            return 500 if fails else 204

    def _known(self, headers: dict[str, str], body: bytes, promised: int | None, error: Exception) -> dict[str, Any]:
        message = headers.get("webhook-id", "")
        before = self.bodies.get(message, set())
        return {
            "why": f"{type(error).__name__}: {error}",
            "id": message,
            "got": len(body),
            "promised": promised,
            "coding": headers.get("transfer-encoding"),
            "signed_at": headers.get("webhook-timestamp"),
            "now": int(time.time()),
            "came_before": len(before),
            "in_other_bytes": bool(before - {hashlib.sha256(body).hexdigest()}),
            "sender_killed": self.killed,
        }

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
            headers = {name.lower(): value for name, value in self.headers.items()}
            announced = headers.get("content-length", "")
            promised = int(announced) if announced.isdecimal() else None
            body = b""
            with suppress(OSError):
                while len(body) < (promised or 0) and (more := self.rfile.read1((promised or 0) - len(body))):
                    body += more
            status = receiver.take(headers, body, promised)
            try:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
            except OSError:
                return  # the worker was killed before it heard

        def log_message(self, *rest: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
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


def killed(installation: Installation, receiver: Receiver, seconds: float) -> tuple[bool, int]:
    """Start a worker, and kill it `seconds` after its first message. Whether there was one, and how many messages were hurried."""
    process = worker(installation)
    hurried, before, begun = 0, receiver.came, time.monotonic()
    try:
        while not came(receiver, before, LOOK):
            waited = time.monotonic() - begun
            assert waited < PATIENCE, "Nothing is sent."
            if not left(installation):
                return False, hurried
            if waited > QUIET:
                hurried += installation.ask(HURRY)
        receiver.killed = False
        # Any instant may be the last, and rather one at which a message has just come, because those are where much is half done.
        with receiver.news:
            receiver.news.wait_for(lambda: False, seconds)
    finally:
        receiver.killed = True
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
    return True, hurried


def finished(installation: Installation, receiver: Receiver, patience: float) -> int:
    """Let a worker send all that is left, hurried after `patience` seconds; how many messages were."""
    process = worker(installation)
    hurried, before, begun = 0, receiver.came, time.monotonic()
    news = begun
    try:
        while left(installation):
            time.sleep(LOOK)
            now = time.monotonic()
            if receiver.came > before:
                receiver.killed, before, news = False, receiver.came, now
            if now - begun > patience:
                hurried += installation.ask(HURRY)
                assert now - max(news, begun + patience) < PATIENCE, "Nothing is sent."
    finally:
        process.terminate()
        process.wait(PATIENCE)
    return hurried


def came(receiver: Receiver, before: int, seconds: float) -> bool:
    """Wait for a message beyond the first so many; whether there is one."""
    with receiver.news:
        return receiver.news.wait_for(lambda: receiver.came > before, seconds)


def left(installation: Installation) -> int:
    """Events and messages that are not done."""
    waiting = "SELECT COUNT(*) FROM hooks_sending WHERE state = 'waiting'"
    to_come = "SELECT COUNT(*) FROM events_delivery WHERE done IS NULL AND consumer LIKE 'kith.hooks.%'"
    return sum(int(installation.rows(sql)[0][0]) for sql in (waiting, to_come))


class Pulse(threading.Thread):
    """Measures for how long everything stood still."""

    def __init__(self) -> None:
        super().__init__(name="pulse", daemon=True)
        self.longest, self.over = 0.0, threading.Event()

    def run(self) -> None:
        """Wait for a second at a time; what it took longer was a pause."""
        begun = time.monotonic()
        while not self.over.wait(1.0):
            begun, before = time.monotonic(), begun
            self.longest = max(self.longest, begun - before - 1.0)


@dataclass(frozen=True)
class Plan:
    """What a trial is asked to do."""

    events: int
    kills: int
    records: int
    share: float
    seed: int
    #: Seconds that a worker lives at most after its first message, and those before what is left is hurried.
    life: float = LONGEST_LIFE
    patience: float = 180.0


def trial(plan: Plan, folder: Path) -> dict[str, Any]:
    """Run it; the figures."""
    chance = random.Random(plan.seed)
    receiver = Receiver(plan.share, random.Random(plan.seed + 1))
    server = served(receiver)
    place = f"127.0.0.1:{server.server_port}"
    installation = Installation(folder, KITH_OUTBOUND_ALLOW=place)
    written: list[list[int]] = []
    begun, pulse = time.monotonic(), Pulse()
    pulse.start()
    try:
        _hook, receiver.secret = installation.ask(MAKE % (f"http://{place}/", COMPANY))
        code = WRITE % {"key": COMPANY, "records": min(plan.records, plan.events), "events": plan.events}
        faults: list[BaseException] = []

        def write() -> None:
            try:
                written.extend(_asked(installation, code))
            except BaseException as error:
                faults.append(error)

        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        done = hurried = 0
        while done < plan.kills:
            there_was, n = killed(installation, receiver, chance.uniform(0, plan.life))
            hurried += n
            if not there_was:
                if not writer.is_alive():
                    break
                continue
            done += 1
            if done % 20 == 0:
                print(f"{done} kills, {receiver.came} came, {len(receiver.done)} worked off", flush=True)
        writer.join()
        if faults:
            raise faults[0]
        hurried += finished(installation, receiver, plan.patience)
    finally:
        pulse.over.set()
        server.shutdown()
        installation.end()
    return {
        "events": len(written), "kills": done, "came": receiver.came, "refused": receiver.refused, "came_again": receiver.again,
        "worked_off": len(receiver.done), "hurried": hurried, "unsigned": len(receiver.unsigned), "cut": len(receiver.cut),
        **judged(written, receiver), "of_unsigned": receiver.unsigned[:TOLD], "of_cut": receiver.cut[:TOLD],
        "asleep": round(pulse.longest), "seconds": round(time.monotonic() - begun),
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
    asked.add_argument(
        "--life", type=float, default=LONGEST_LIFE, help="seconds between a first message and a kill, at most"
    )
    asked.add_argument(
        "--patience", type=float, default=3.0, help="minutes after the last kill before what waits is hurried"
    )
    told = asked.parse_args()
    plan = Plan(told.events, told.kills, told.records, told.share, told.seed, told.life, told.patience * 60)
    with database(told.engine), tempfile.TemporaryDirectory(prefix="kith-hooks-") as folder:
        figures = trial(plan, Path(folder))
    print(json.dumps({"engine": told.engine, "seed": told.seed, **figures}))
    return 1 if figures["lost"] or figures["double"] or figures["disorder"] or figures["unsigned"] else 0


if __name__ == "__main__":
    sys.exit(main())
