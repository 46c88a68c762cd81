"""Nobody finds what she may not see, or changes what she may not change, at any address of the house.

One case in forty runs with every test run (one in 160 on PostgreSQL), every fourth one with `scripts/matrix.py`, all of them with
KITH_MATRIX=all.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from kith.kernel import clock
from kith.kernel.policy import TOKEN
from kith.objects.custom import definitions

from .matrix import programs, strangers
from .matrix.cases import cases, routes, share, unguarded
from .matrix.judge import Judge
from .matrix.world import World, build

pytestmark = pytest.mark.django_db

ROUTES = {route.name: route for route in routes()}
#: So many cases there are at least, with everything that the test rooms bring.
LEAST = 20_000


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for the whole module, gone with it; every case is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        # Time stands still, so that two answers never differ by "3 seconds ago".
        with clock.frozen(clock.now()):
            yield build()
        transaction.set_rollback(True)
    definitions.forget()


@pytest.fixture(autouse=True)
def known(world: World) -> None:
    """What users made is forgotten after each test, and known again before the next."""
    definitions.forget()
    definitions.refresh()
    logging.getLogger("django.request").setLevel(logging.ERROR)


def test_every_address_has_a_policy():
    assert unguarded() == []


def test_there_are_enough_cases_and_a_generator_for_every_route(world: World):
    counted = {name: sum(1 for _case in cases(world, route)) for name, route in ROUTES.items()}
    assert [name for name, n in counted.items() if not n] == []
    print(f"matrix: {sum(counted.values())} cases of {len(counted)} routes, one in {share()} is run")
    assert sum(counted.values()) >= LEAST


def test_every_door_for_programs_is_asked_as_programs_ask():
    of_programs = [r.name for r in ROUTES.values() if r.policy.who == TOKEN or r.pattern.startswith(("in/", "oauth/"))]
    assert [name for name in of_programs if not (programs.asks(name) or strangers.asks(name))] == []


def test_what_is_planted_is_seen_by_whoever_may(world: World):
    judge = Judge(world)
    for name in ("list", "record", "story", "export", "choose", "peek"):
        before = judge.found.seen
        for case in cases(world, ROUTES[name], ("eve", "ada")):
            if case.about[1] in ("", "own") and case.method == "GET" and case.chosen(20):
                judge.try_(case)
        assert judge.found.seen > before, name


@pytest.mark.parametrize("name", list(ROUTES))
def test_nobody_finds_or_changes_what_is_not_hers(world: World, name: str):
    judge, begun = Judge(world), time.monotonic()
    for case in cases(world, ROUTES[name]):
        if case.chosen(share()):
            judge.try_(case)
    if kept := os.environ.get("KITH_MATRIX_REPORT"):
        with open(kept, "a") as report:
            f = judge.found
            report.write(f"{name}\t{f.cases}\t{f.seen}\t{f.written}\t{len(f.faults)}\t{time.monotonic() - begun:.1f}\n")
    assert not judge.found.faults, f"{len(judge.found.faults)} of {judge.found.cases}:\n" + "\n".join(
        judge.found.faults[:12]
    )
