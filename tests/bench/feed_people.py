"""Who writes and who reads in the trials of the change feed: at a served house (`tests.bench.feed`), and in threads of a test."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

OBJECT = "contacts.company"
LAST_WAIT = 60.0
_never = threading.Event()


# ── who writes ───────────────────────────────────────────────────────────────────────────────────────────────────────


class RolledBack(Exception):
    """A transaction that comes to nothing."""


@dataclass
class Writer:
    """Writes records of one object, one deed at a time. `longest`: seconds that it keeps a transaction open, at most."""

    object: str
    seed: int
    longest: float
    ids: list[int] = field(default_factory=list)
    slow: int = 0
    deeds: int = 0
    locked: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def step(self) -> None:
        """One deed."""
        from django.db import OperationalError, transaction

        self.deeds += 1
        deed = self.chance.choices((self.one, self.many, self.nothing, self.lingering), (80, 6, 6, 8))[0]
        try:
            with suppress(RolledBack), transaction.atomic():
                deed()
        except OperationalError as busy:
            # SQLite lets one write at a time: whoever waited in vain behind seven others has written nothing, and goes on.
            if "locked" not in str(busy):
                raise
            self.locked += 1

    def one(self) -> None:
        """Something happens to one record."""
        from kith.objects.query import find
        from kith.objects.write import change, create, remove, restore

        if not self.ids or self.chance.random() < 0.4:
            self.ids.append(create(self.actor, self.object, name=self.name).pk)
            return
        record = find(self.actor, self.object, self.chance.choice(self.ids), trash=None)
        if record.removed_at is not None:
            restore(self.actor, record)
        elif self.chance.random() < 0.15:
            remove(self.actor, record)
        else:
            change(self.actor, record, name=self.name)

    def many(self) -> None:
        """Twenty at once."""
        from kith.objects.write import Draft, write

        write(self.actor, self.object, [Draft({"name": self.name}) for _one in range(20)])

    def nothing(self) -> None:
        """Something that is rolled back."""
        from kith.objects.write import create

        create(self.actor, self.object, name=self.name)
        raise RolledBack

    def lingering(self) -> None:
        """A transaction that has written and is in no hurry to end."""
        from kith.objects.write import create

        self.slow += 1
        self.ids.append(create(self.actor, self.object, name=self.name).pk)
        _never.wait(self.chance.uniform(self.longest / 10, self.longest))

    @property
    def name(self) -> str:
        """A name that nobody had yet."""
        return f"Firm {self.seed} {self.chance.getrandbits(60):x}"

    @property
    def actor(self) -> Any:
        """Who writes."""
        from kith.kernel.actor import System

        return System(f"writer {self.seed}")


# ── who reads ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Told:
    """What one reader was told: positions in the order in which they came. `begun`: the place where it began, as a number."""

    kind: str
    begun: int
    object: str = OBJECT
    positions: list[str] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    questions: int = 0

    @property
    def numbers(self) -> list[int]:
        """The numbers in them."""
        return [number_of(position) for position in self.positions]

    def verdict(self, there: list[int]) -> dict[str, Any]:
        """What was missing, told twice or out of order, beside the numbers of all events that are `there`."""
        numbers, expected = self.numbers, [number for number in there if number > self.begun]
        return {
            "reader": self.kind,
            "began_at": self.begun,
            "told": len(numbers),
            "missing": len(set(expected) - set(numbers)),
            "twice": len(numbers) - len(set(numbers)),
            "unexpected": len(set(numbers) - set(expected)),
            "in_order": numbers == sorted(numbers),
            "questions": self.questions,
        }


def number_of(position: str) -> int:
    """Only trials look into a position."""
    return int(position.partition("-")[2] or 0)


def fault(verdict: dict[str, Any]) -> bool:
    """Whether something was wrong."""
    return bool(verdict["missing"] or verdict["twice"] or verdict["unexpected"] or not verdict["in_order"])


Ask = Callable[[str], dict[str, Any]]


def poll(ask: Ask, told: Told, position: str, chance: random.Random, over: threading.Event, pause: float) -> None:
    """Ask again and again, from `position` on; after `over`, until nothing more comes."""
    while True:
        last = over.is_set()
        query = f"object={told.object}&limit={chance.choice((1, 7, 50, 300, 1000))}"
        said = ask(f"{query}&after={position}" if position else query)
        told.questions += 1
        told.positions += [one["position"] for one in said["data"]]
        position = said["next"]
        if last and not said["more"] and not said["data"]:
            return
        if not said["more"]:
            over.wait(chance.uniform(0, pause))


@dataclass
class Client:
    """A program at the door: asks, or follows."""

    port: int
    token: str

    def ask(self, query: str) -> dict[str, Any]:
        """The answer to one question."""
        while True:
            with self._sent(query) as connection:
                answer = connection.getresponse()
                body = answer.read()
            if answer.status == 429:
                _never.wait(float(answer.headers["Retry-After"]))
                continue
            assert answer.status == 200, f"{query}: {answer.status} {body[:500]!r}"
            found: dict[str, Any] = json.loads(body)
            return found

    def _sent(self, query: str, **headers: str) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LAST_WAIT)
        connection.request(
            "GET", f"/api/v1/changes?{query}", headers={"Authorization": f"Bearer {self.token}", **headers}
        )
        return closing(connection)

    def follow(
        self, told: Told, position: str, chance: random.Random, over: threading.Event, top: Callable[[], int]
    ) -> None:
        """Follow the stream, break off at any moment and come back with the last position; after `over`, until the place of `top`."""
        while not (over.is_set() and told.positions and number_of(position) >= top()):
            until = time.monotonic() + chance.uniform(0.5, 6)
            told.questions += 1
            with self._sent(
                f"object={OBJECT}", Accept="text/event-stream", **{"Last-Event-ID": position}
            ) as connection:
                answer = connection.getresponse()
                assert answer.status == 200, answer.read()
                message: dict[str, str] = {}
                while (line := answer.readline().decode()) and not (over.is_set() and number_of(position) >= top()):
                    if line != "\n":
                        name, _colon, value = line.rstrip("\n").partition(": ")
                        message[name] = value
                        continue
                    position = message.get("id", position)
                    if message.get("event") == "change":
                        told.positions.append(position)
                        at = json.loads(message["data"])["at"]
                        told.lags.append(time.time() - _seconds(at))
                    message = {}
                    # Only between two messages: half of one is lost with its connection, and comes again.
                    if time.monotonic() > until and chance.random() < 0.1:
                        break


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
