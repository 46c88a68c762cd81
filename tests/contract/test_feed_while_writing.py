"""Readers of the change feed while eight write at once, on either engine: each event once and in order, also that of a transaction which
ends long after those that came later. `python -m tests.bench.feed` is the same for two minutes, with processes and a served house."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from kith.api.tests.programs import Program
from kith.events.models import Event
from kith.kernel.actor import System
from kith.objects.write import create
from tests.bench.feed_people import Told, Writer, fault, number_of, poll
from tests.cast import Cast
from tests.elsewhere import Elsewhere

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.every_engine]
BOX = "toybox.box"
WRITERS, DEEDS = 8, 8


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(WRITERS + 4) as pool:
        yield pool


def closing(work: Callable[[], None]) -> Callable[[], None]:
    """The same, in a thread whose connection ends with it."""

    def done() -> None:
        try:
            work()
        finally:
            connection.close()

    return done


def write(threads: ThreadPoolExecutor, crew: list[Writer]) -> None:
    """Each does so many deeds, all at the same time."""

    def deeds(writer: Writer) -> Callable[[], None]:
        return lambda: [writer.step() for _deed in range(DEEDS)] and None

    for one in [threads.submit(closing(deeds(writer))) for writer in crew]:
        one.result(120)


def there() -> list[int]:
    return list(Event.objects.filter(object=BOX).order_by("pk").values_list("pk", flat=True))


def first_told(program: Program) -> dict[str, Any]:
    """The first change of all; where many numbers were given before, as by the tests before this one, an answer may tell none yet."""
    query = "/changes?object=boxes&limit=1"
    said = program.get(query).said
    while not said["data"]:
        assert said["more"]
        said = program.get(f"{query}&after={said['next']}").said
    first: dict[str, Any] = said["data"][0]
    return first


def test_readers_that_begin_anywhere_are_told_every_change_once_while_eight_write(
    cast: Cast, threads: ThreadPoolExecutor
):
    longest = 0.2 if connection.vendor == "postgresql" else 0.01
    crew = [Writer(BOX, seed, longest) for seed in range(WRITERS)]
    over, readers, reading = threading.Event(), [], list[Future[Any]]()

    def begin(kind: str, position: str) -> None:
        program = Program(cast.actor("eve"), name=kind)
        told = Told(kind, number_of(position), BOX)
        readers.append(told)

        def work() -> None:
            poll(lambda query: program.get(f"/changes?{query}").said, told, position, random.Random(kind), over, 0.2)

        reading.append(threads.submit(closing(work)))

    program = Program(cast.actor("eve"))
    create(System("seed"), BOX, name="First")
    try:
        begin("from the beginning", "")
        begin("from now on", program.get("/changes?after=now").said["next"])
        with Elsewhere() as slow:
            if connection.vendor == "postgresql":
                slow.begin()
            late = slow.do(lambda: create(System("slow"), BOX, name="Late").pk)
            write(threads, crew)
            by_numbers = set(there())
            begin("from a change on", first_told(program)["position"])
            slow.commit()
        begin("from the beginning, later", "")
        write(threads, crew)
    finally:
        # Whatever happened: readers would read on for ever.
        over.set()
    for one in reading:
        one.result(120)
    every = there()
    assert [told.verdict(every) for told in readers if fault(told.verdict(every))] == []
    assert len(every) > WRITERS * DEEDS
    if connection.vendor == "postgresql":
        # What a reader would have missed that goes by the numbers alone.
        (missed,) = Event.objects.filter(object=BOX, record=late).values_list("pk", flat=True)
        assert missed not in by_numbers
        assert missed < max(by_numbers)
