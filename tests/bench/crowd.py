"""A crowd of a chosen size: `python -m tests.bench.crowd --rows 100000`, into the installation that KITH_HOME or DATABASE_URL names.

People of all lands of the demo, in their scripts, a fifth as many companies, everything through the write path. The same size makes the
same crowd in every run. The twelve users of the demo own it; sign in as its Ada.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

SEED = 20261122
BATCH = 2_000
STAGES = ("lead", "qualified", "opportunity", "customer", "partner", "")


def companies(rng: Random, lands: Any, number: int, owners: list[int]) -> Iterator[dict[str, Any]]:
    """Values of companies."""
    weights = [land.weight for land in lands]
    for n in range(number):
        (land,) = rng.choices(lands, weights)
        words = [
            w.partition("=")[0].partition("/")[0]
            for w in (rng.choice(land.brands.split(",")), rng.choice(land.trades.split(",")))
        ]
        city, _region, _code, _phone = rng.choice(land.cities.split(";")).split("|")
        yield {
            "name": f"{words[0]} {words[1]} {n}",
            "website": f"https://firm{n}.example",
            "address.country": land.code,
            "address.city": city.partition("/")[0],
            "owner": rng.choice(owners),
        }


def people(rng: Random, lands: Any, number: int, owners: list[int], firms: list[int]) -> Iterator[dict[str, Any]]:
    """Values of people."""
    weights = [land.weight for land in lands]
    for n in range(number):
        (land,) = rng.choices(lands, weights)
        given, _slash, latin_given = rng.choice(rng.choice((land.women, land.men)).split(",")).partition("/")
        family, _slash, latin_family = rng.choice(land.families.split(",")).partition("/")
        yield {
            "name.given": given,
            "name.family": family.partition(":")[0],
            "name.latin_given": latin_given,
            "name.latin_family": latin_family.partition(":")[0],
            "emails": f"person{n}@firm{n % 1000}.example",
            "phones": f"+35845700{n % 10000:04d}",
            "job_title": rng.choice(land.titles.split(",")).partition("/")[0],
            "stage": rng.choice(STAGES),
            "address.country": land.code,
            "owner": rng.choice(owners),
            "companies": [rng.choice(firms)] if firms else [],
        }


def fill(rows: int, say: Any = print) -> None:
    """Make users and records; says how fast."""
    from kith.contacts.demo import load
    from kith.contacts.demo.lands import LANDS
    from kith.events.outbox import deliver
    from kith.identity.models import User
    from kith.kernel.actor import System, cause
    from kith.objects.write import Draft, write

    load(scale=0.02)
    owners = list(User.objects.order_by("pk").values_list("pk", flat=True))
    rng, actor = Random(SEED), System("crowd")
    made: list[int] = []
    begun = time.monotonic()
    for key, values in (
        ("contacts.company", companies(rng, LANDS, rows // 5, owners)),
        ("contacts.person", people(rng, LANDS, rows, owners, made)),
    ):
        while batch := [Draft(one) for one in islice(values, BATCH)]:
            with cause("import:crowd"):
                outcomes = write(actor, key, batch)
            for outcome in outcomes:
                if outcome.error is not None:
                    raise outcome.error
            if key == "contacts.company":
                made += [outcome.record.pk for outcome in outcomes]
    seconds = time.monotonic() - begun
    say(f"{rows} people and {rows // 5} companies in {seconds:.0f} s: {rows * 1.2 / seconds:.0f} records/s")
    # What reacts to all this does so now, and not beside what is measured afterwards.
    begun, done = time.monotonic(), 0
    while tried := deliver(1000):
        done += tried
    say(f"{done} reactions in {time.monotonic() - begun:.0f} s")


def main() -> None:
    """Fill the installation of the environment."""
    asked = argparse.ArgumentParser(prog="crowd", description=(__doc__ or "").split("\n", 1)[0])
    asked.add_argument("--rows", type=int, default=100_000)
    told = asked.parse_args()
    import django

    django.setup()
    fill(told.rows)


if __name__ == "__main__":
    main()
