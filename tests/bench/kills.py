"""`kill -9` of the whole server at random instants while people write: `python -m tests.bench.kills [--engine postgresql] [--kills 300]`.

Several writers create companies and edit them over HTTP, as browsers do. What the server acknowledged is remembered; what was in the
air when it died is sent again with the same key. After each kill the database is looked at before the server starts again:

- lost: an acknowledged record or value that is not there, or a record that is there twice;
- half: a record whose version, events, search rows, idempotency key or deliveries do not agree with one another.

At the end the worker has to finish every delivery. Prints one line in twenty kills and a last one as JSON; exits with 1 for any fault.
"""

from __future__ import annotations

import argparse
import http.client
import http.cookies
import json
import os
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from scripts import postgres
from scripts.prepare import Steps
from tests.journeys.installation import PASSWORD, Installation

COMPANY = "contacts.company"
LONGEST_LIFE = 0.6  # seconds between the first write after a start and the kill


class Cut(Exception):
    """The server went away before it had answered."""


@dataclass
class Browser:
    """A signed-in browser as far as writing needs one: cookies, the CSRF token, an answer or `Cut`."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
        """Status, headers and body of the answer."""
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
            "HX-Request": "true",
        }
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            self.connection.request(method, path, urlencode(form or {}) if method == "POST" else None, headers)
            answer = self.connection.getresponse()
            body = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Cut from error
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                for cookie in http.cookies.SimpleCookie(value).values():
                    self.cookies[cookie.key] = cookie.value
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body

    def close(self) -> None:
        """Forget the connection."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def sign_in(self) -> None:
        """As the administrator of the installation."""
        self.ask("GET", "/sign-in/")
        status, headers, body = self.ask("POST", "/sign-in/", {"email": "ada@example.com", "password": PASSWORD})
        assert status in (204, 302), f"{status} {headers} {body[:500]}"


@dataclass
class Write:
    """One change on its way: sent again until it is acknowledged."""

    name: str
    key: str
    record: int = 0
    value: str = ""
    version: int = 0


@dataclass
class Known:
    """What the server has acknowledged of one record."""

    name: str
    record: int
    value: str = ""
    version: int = 1


class Writer(threading.Thread):
    """Creates companies and edits those it made, one change at a time, until told to stop."""

    def __init__(self, number: int, port: int, seed: int, news: threading.Condition):
        super().__init__(name=f"writer-{number}", daemon=True)
        self.number, self.browser, self.chance = number, Browser(port), random.Random(seed)
        self.known: dict[str, Known] = {}
        self.air: Write | None = None
        self.made = self.acknowledged = self.refused = self.resent = 0
        self.up, self.over = threading.Event(), threading.Event()
        self.idle = threading.Event()
        self.fault = ""
        self.news = news  # told whenever something is acknowledged or goes wrong

    def run(self) -> None:
        """Write while the server is up."""
        try:
            while not self.over.is_set():
                self.idle.set()
                self.up.wait()
                self.idle.clear()
                if self.over.is_set():
                    break
                self._step()
        except Exception as error:
            with self.news:
                self.fault = f"{type(error).__name__}: {error}"
                self.news.notify_all()
        finally:
            self.idle.set()

    def _step(self) -> None:
        if self.air is None:
            self.air = self._next()
        else:
            self.resent += 1
        write = self.air
        try:
            acknowledged = self._edit(write) if write.record else self._create(write)
        except Cut:
            self.up.clear()
            return
        with self.news:
            self.acknowledged += acknowledged
            self.news.notify_all()
        self.air = None

    def _next(self) -> Write:
        if self.known and self.chance.random() < 0.6:
            old = self.chance.choice(list(self.known.values()))
            return Write(old.name, "", old.record, f"Also {self.chance.random():.9f}", old.version)
        self.made += 1
        name = f"Firm {self.number}-{self.made}"
        return Write(name, f"kill-{self.number}-{self.made}")

    def _create(self, write: Write) -> bool:
        form = {"fields": "name", "name": write.name, "once": write.key}
        status, headers, body = self.browser.ask("POST", "/companies/new/", form)
        place = headers.get("hx-redirect") or headers.get("location", "")
        found = re.search(r"/companies/(\d+)/", place)
        assert status in (204, 302), f"create: {status} {body[:300]}"
        assert found, f"create: no record in {place!r}"
        self.known[write.name] = Known(write.name, int(found[1]))
        return True

    def _edit(self, write: Write) -> bool:
        form = {"other_names": write.value, "version": str(write.version)}
        status, _headers, body = self.browser.ask("POST", f"/companies/{write.record}/other_names/edit/", form)
        if status == 409:
            # It was saved just before the server died, and the same is sent again from the old version; or nothing to save.
            self.refused += 1
            return False
        assert status == 200, f"edit: {status} {body[:300]}"
        known = self.known[write.name]
        known.value = write.value
        known.version = 0  # read from the database at the next look
        return True


@dataclass
class Findings:
    """What was wrong, and how much was looked at."""

    lost: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)


@dataclass
class Stored:
    """What the database says while no server runs: companies by id as (name, other names, version), and counts by record."""

    companies: dict[int, tuple[str, str, int]]
    events: dict[int, int]
    indexed: dict[int, int]
    keys: dict[str, int]

    @classmethod
    def of(cls, installation: Installation) -> Stored:
        """Read it."""
        of_companies = f"WHERE object = '{COMPANY}' AND"
        read = installation.rows
        return cls(
            {pk: rest for pk, *rest in read("SELECT id, name, other_names, version FROM contacts_company")},  # type: ignore[misc]
            dict(
                read(
                    f"SELECT record, COUNT(*) FROM events_event {of_companies} name IN ('created', 'changed') GROUP BY record"
                )
            ),
            dict(read(f"SELECT record, COUNT(*) FROM objects_searchrow {of_companies} field = 'name' GROUP BY record")),
            dict(read("SELECT key, record FROM events_once WHERE key LIKE 'kill-%'")),
        )

    def half(self) -> Iterator[str]:
        """Records whose parts do not agree."""
        for pk, (name, _other, version) in self.companies.items():
            if self.events.get(pk) != version:
                yield f"{name}: version {version}, {self.events.get(pk)} events"
            if self.indexed.get(pk) != 1:
                yield f"{name}: {self.indexed.get(pk, 0)} search rows"
        for record in self.events.keys() - self.companies.keys():
            yield f"#{record}: events without a record"
        for key, record in self.keys.items():
            if record not in self.companies:
                yield f"{key}: a key without its record"

    def doubled(self) -> Iterator[str]:
        """Names that are there more than once."""
        for name, count in Counter(name for name, _other, _version in self.companies.values()).items():
            if count > 1:
                yield f"{name} is there {count} times"

    def lost(self, writer: Writer) -> Iterator[str]:
        """What was acknowledged to `writer` and is not there. Its memory learns what was in the air and arrived."""
        for known in writer.known.values():
            air = writer.air if writer.air is not None and writer.air.record == known.record else None
            if known.record not in self.companies:
                yield f"{known.name}: acknowledged and gone"
                continue
            _name, value, version = self.companies[known.record]
            if value != known.value and not (air and value == air.value):
                yield f"{known.name}: {known.value!r} was acknowledged, {value!r} is there"
            known.value, known.version = value, version
            if air is not None and value == air.value:
                writer.air = None  # it was saved, only the answer was lost
            elif air is not None:
                air.version = version


def look(installation: Installation, writers: list[Writer], found: Findings) -> None:
    """Compare the database with what was acknowledged, and with itself."""
    stored = Stored.of(installation)
    found.half += stored.half()
    found.lost += stored.doubled()
    for writer in writers:
        found.lost += stored.lost(writer)


@contextmanager
def database(engine: str) -> Iterator[None]:
    """A PostgreSQL server for the length of the trial, where that is asked for."""
    if engine == "sqlite":
        os.environ.pop("DATABASE_URL", None)
        yield
        return
    with postgres.server(Steps()) as (url, version):
        os.environ["DATABASE_URL"] = url
        print(f"PostgreSQL {version}")
        yield


def trial(kills: int, writers: int, seed: int, folder: Path) -> dict:
    """Run it; the figures."""
    chance = random.Random(seed)
    installation = Installation(folder)
    news = threading.Condition()
    crew = [Writer(n, installation.port, chance.randrange(2**31), news) for n in range(writers)]
    found, begun = Findings(), time.monotonic()
    try:
        installation.serve()
        for writer in crew:
            writer.browser.sign_in()
            writer.start()
        for n in range(1, kills + 1):
            before = sum(w.acknowledged for w in crew)
            for writer in crew:
                writer.up.set()
            with news:
                assert news.wait_for(
                    lambda before=before: sum(w.acknowledged for w in crew) > before or faults(crew), 60
                ), "Nothing is written."
                # Any instant may be the last; a writer that fails ends the trial sooner.
                news.wait_for(lambda: faults(crew), chance.uniform(0, LONGEST_LIFE))
            installation.kill()
            for writer in crew:
                writer.up.clear()
            for writer in crew:
                writer.idle.wait(30)
            if wrong := faults(crew):
                raise AssertionError(wrong)
            look(installation, crew, found)
            if n % 20 == 0:
                print(
                    f"{n} kills, {sum(w.acknowledged for w in crew)} acknowledged, {sum(w.resent for w in crew)} sent again, "
                    f"{len(found.lost)} lost, {len(found.half)} half; {time.monotonic() - begun:.0f} s",
                    flush=True,
                )
            if found.lost or found.half:
                break
            installation.serve()
        installation.wait_for(lambda: not waiting(installation), "every delivery is done", 120)
    finally:
        for writer in crew:
            writer.over.set()
            writer.up.set()
        installation.end()
    return {
        "kills": kills,
        "acknowledged": sum(w.acknowledged for w in crew),
        "records": sum(len(w.known) for w in crew),
        "sent_again": sum(w.resent for w in crew),
        "lost": found.lost[:20],
        "half": found.half[:20],
        "seconds": round(time.monotonic() - begun),
    }


def waiting(installation: Installation) -> int:
    """Deliveries that are not done."""
    return int(installation.rows("SELECT COUNT(*) FROM events_delivery WHERE done IS NULL")[0][0])


def faults(crew: list[Writer]) -> str:
    """What went wrong in the writers themselves."""
    return "; ".join(f"{w.name}: {w.fault}" for w in crew if w.fault)


def main() -> int:
    """Read the command line, run the trial, print the figures."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    asked.add_argument("--kills", type=int, default=300)
    asked.add_argument("--writers", type=int, default=4)
    asked.add_argument("--seed", type=int, default=1)
    told = asked.parse_args()
    with database(told.engine), tempfile.TemporaryDirectory(prefix="kith-kills-") as folder:
        figures = trial(told.kills, told.writers, told.seed, Path(folder))
    print(json.dumps({"engine": told.engine, "seed": told.seed, **figures}, ensure_ascii=False))
    return 1 if figures["lost"] or figures["half"] else 0


if __name__ == "__main__":
    sys.exit(main())
