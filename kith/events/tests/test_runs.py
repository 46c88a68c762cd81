"""Background work: progress, stopping, and going on after its worker died."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from kith.events import runs
from kith.events.models import Event, Run
from kith.kernel import clock
from kith.kernel.actor import System
from kith.objects.bulk import edit_many, remove_many, undo_all
from kith.objects.query import count, listing
from kith.objects.write import Draft, write
from tests.cast import Cast
from tests.drain import drain

SYSTEM = System("test")
pytestmark = pytest.mark.django_db


@pytest.fixture
def boxes() -> list[Any]:
    outcomes = write(SYSTEM, "toybox.box", [Draft({"name": f"Box {n}"}) for n in range(450)])
    return [out.record.pk for out in outcomes]


def begin(cast: Cast, boxes: list[Any], values: dict[str, Any]) -> Run:
    return runs.start(edit_many, cast.actor("admin"), object="toybox.box", ids=boxes, values=values)


def test_a_run_does_its_work_in_the_background_and_says_how_far_it_is(cast: Cast, boxes: list[Any]):
    run = begin(cast, boxes, {"country": "FI"})
    assert run.state == Run.WAITING
    drain()
    run.refresh_from_db()
    assert (run.state, run.done, run.total, run.result["done"]) == (Run.DONE, 450, 450, 450)
    assert count(SYSTEM, "toybox.box", filter="country:in:FI").value == 450
    event = Event.objects.filter(name="changed").latest("pk")
    assert (event.actor_name, event.cause) == ("Admin", run.cause)


def test_a_killed_run_goes_on_where_it_stopped_and_does_nothing_twice(
    cast: Cast, boxes: list[Any], monkeypatch: pytest.MonkeyPatch
):
    run = begin(cast, boxes, {"country": "SI"})

    class Killed(BaseException):
        """What nothing catches, as a kill."""

    steps = []
    real = runs.clock.now

    def dying() -> Any:
        steps.append(1)
        if len(steps) == 4:
            raise Killed
        return real()

    monkeypatch.setattr(runs.clock, "now", dying)
    with pytest.raises(Killed):
        runs.execute(run.pk)
    monkeypatch.undo()
    run.refresh_from_db()
    assert run.state == Run.RUNNING
    half = count(SYSTEM, "toybox.box", filter="country:in:SI").value
    assert half == run.done < 450, "what is committed and what the run says agree"
    assert runs.execute(run.pk) is None, "nobody takes over a run that shows signs of life"
    with clock.frozen(clock.now() + runs.LEASE + timedelta(seconds=1)):
        assert runs.recover() == 1
        drain()
    run.refresh_from_db()
    assert (run.state, run.result["done"], run.result["refused"]) == (Run.DONE, 450, [])
    assert Event.objects.filter(name="changed", cause=run.cause).count() == 450


def test_a_worker_taken_for_dead_leaves_nothing_behind(cast: Cast, boxes: list[Any]):
    run = begin(cast, boxes, {"country": "BR"})
    taken = []
    original = Run.objects.filter

    def steps(run: Run, **arguments: Any) -> Any:
        yield from edit_many.function(run, **arguments)

    job = runs.Job(steps, "")
    job.key = "test.taken_over"
    runs.Job.registry._items[job.key] = job
    try:
        Run.objects.filter(pk=run.pk).update(job=job.key)

        def taking(run: Run, **arguments: Any) -> Any:
            for n, step in enumerate(edit_many.function(run, **arguments)):
                if n == 1:
                    original(pk=run.pk).update(worker="another")
                    taken.append(n)
                yield step

        job.function = taking
        runs.execute(run.pk)
    finally:
        del runs.Job.registry._items[job.key]
    assert taken == [1]
    assert count(SYSTEM, "toybox.box", filter="country:in:BR").value == 0


def test_a_run_stops_when_asked_and_can_be_undone(cast: Cast, boxes: list[Any]):
    run = begin(cast, boxes, {"country": "DE"})
    runs.stop(run)
    drain()
    run.refresh_from_db()
    assert run.state == Run.STOPPED
    undo = runs.start(undo_all, cast.actor("admin"), cause=run.cause)
    drain()
    undo.refresh_from_db()
    assert undo.state == Run.DONE
    assert count(SYSTEM, "toybox.box", filter="country:in:DE").value == 0


def test_a_run_is_handed_on_when_its_process_ends(cast: Cast, boxes: list[Any], monkeypatch: pytest.MonkeyPatch):
    run = begin(cast, boxes, {"country": "DE"})
    monkeypatch.setattr(runs.stopping, "is_set", lambda: True)
    runs.execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.worker) == (Run.WAITING, "")
    monkeypatch.undo()
    drain()
    run.refresh_from_db()
    assert (run.state, run.result["done"]) == (Run.DONE, 450)


def test_a_bulk_edit_is_undone_as_one(cast: Cast, boxes: list[Any]):
    run = begin(cast, boxes, {"country": "DE", "name": "Same"})
    drain()
    assert count(SYSTEM, "toybox.box", search="same").value == 450
    undo = runs.start(undo_all, cast.actor("admin"), cause=run.cause)
    drain()
    undo.refresh_from_db()
    assert undo.result == {"undone": 450, "kept": []}
    assert count(SYSTEM, "toybox.box", search="same").value == 0
    assert count(SYSTEM, "toybox.box", search="box").value == 450


def test_somebody_without_the_right_changes_nothing_in_bulk_and_is_told_so(cast: Cast, boxes: list[Any]):
    run = runs.start(remove_many, cast.actor("dee"), object="toybox.box", ids=boxes)
    drain()
    run.refresh_from_db()
    assert run.state == Run.DONE
    assert len(run.result["refused"]) == 450
    assert len(listing(SYSTEM, "toybox.box", limit=500).records) == 450


def test_a_run_of_somebody_who_may_no_longer_sign_in_fails_in_words(cast: Cast, boxes: list[Any]):
    run = begin(cast, boxes, {"country": "FI"})
    cast.admin.is_active = False
    cast.admin.save()
    drain()
    run.refresh_from_db()
    assert (run.state, run.error) == (Run.FAILED, "The person who asked for this may no longer sign in.")


def test_a_run_asked_for_in_a_failed_transaction_is_never_done(cast: Cast, boxes: list[Any]):
    from django.db import transaction

    @transaction.atomic
    def fail() -> None:
        begin(cast, boxes, {"country": "FI"})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Run.objects.exists()
    assert not DBTaskResult.objects.exists()
