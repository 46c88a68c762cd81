"""Background work with progress, which goes on where it stopped when its worker is killed.

A job is a generator. What it did up to a `yield (done, total)` is committed together with `run.position`; on the next start it gets the
same `run` and goes on from there. `run.cause` marks every event of the run, so that it can be undone as a whole.
"""

from __future__ import annotations

import logging
import os
import platform
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, ClassVar

from django.db import connection, transaction
from django.db.models import Q
from django.utils import translation
from django_tasks import task

from kith.kernel import clock
from kith.kernel.actor import Actor, System, acting, cause, current_actor
from kith.kernel.errors import KithError
from kith.kernel.registry import Registry, Room
from kith.kernel.viewer import Viewer, current_viewer, viewing

from .models import Run

log = logging.getLogger("kith.runs")

#: A worker that showed no sign of life for so long is taken for dead.
LEASE = timedelta(seconds=30)

#: Set when this process is asked to end: runs are handed on after their present step.
stopping = threading.Event()

Progress = Iterator[tuple[int, int | None]]

#: So many seconds at most a run on SQLite leaves to other writers between two steps.
BREATH = 0.15


class Job:
    """A declared piece of background work."""

    registry: ClassVar[Registry[Job]] = Registry("job")
    #: Turns what a run keeps of its actor into an actor again; the identity room sets it.
    actor_of: ClassVar[Callable[[Run], Actor]]
    #: Raises KithError when the door is closed by which the run was asked for; set by the identity room, asked before each step.
    check: ClassVar[Callable[[Run], None]]
    #: How the person who asked sees things; set by the identity room, too.
    viewer_of: ClassVar[Callable[[Run], Viewer]]

    def __init__(
        self,
        function: Callable[..., Progress],
        label: Any,
        forgets: tuple[str, ...] = (),
        kept: timedelta | None = None,
    ):
        self.function, self.label, self.forgets, self.kept = function, label, forgets, kept
        self.key = f"{function.__module__}.{function.__qualname__}"
        self.declared_by = function
        self.__doc__ = function.__doc__

    def contribute(self, room: Room) -> None:
        """Rooms contribute jobs as decorated functions."""
        Job.registry.add(self.key, self)


def job(
    *, label: Any = "", forgets: tuple[str, ...] = (), kept: timedelta | None = None
) -> Callable[[Callable[..., Progress]], Job]:
    """Make a generator function a job. Its arguments must be JSON: ids, never records.

    Where records must be handed over all the same, `forgets` names the arguments that no run keeps once it is over, however it ended.
    `kept` is how long the result of a run is kept that says something about single records.
    """
    return lambda function: Job(function, label, forgets, kept)


def start(work: Job, actor: Actor, *, title: str = "", total: int | None = None, **arguments: Any) -> Run:
    """Ask for `work` to be done in the background for `actor`; it starts once this transaction is committed.

    A run may what its actor may at each step: within the scopes with which she came, and while the token opens something by which she did.
    """
    viewer = current_viewer()
    with transaction.atomic():
        run = Run.objects.create(
            job=work.key,
            title=(title or str(work.label))[:300],
            arguments=arguments,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            scopes=None if actor.scopes is None else sorted(list(pair) for pair in actor.scopes),
            token=actor.token,
            language=viewer.language,
            zone=viewer.zone,
            total=total,
        )
        perform.enqueue(run.pk)
    return run


@task()
def perform(run_id: int) -> None:
    """Do one run, from where it stands to its end."""
    execute(run_id)


def execute(run_id: int) -> Run | None:
    """Do the run here and now; None when another worker has it or it is over. Never raises: a fault is kept in the run."""
    worker = f"{_host()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    now = clock.now()
    free = Q(state=Run.WAITING) | Q(state=Run.RUNNING, alive_until__lt=now)
    won = Run.objects.filter(free, pk=run_id).update(state=Run.RUNNING, worker=worker, alive_until=now + LEASE)
    if not won:
        return None
    run = Run.objects.get(pk=run_id)
    run.started_at = run.started_at or now
    viewer = Job.viewer_of(run)
    try:
        work = Job.registry[run.job]
        actor = Job.actor_of(run)
        with translation.override(run.language), viewing(viewer), acting(actor), cause(run.cause):
            _steps(run, work.function(run, **run.arguments))
    except KithError as refusal:
        _end(run, Run.FAILED, str(refusal))
    except _HandedOn:
        with transaction.atomic():
            Run.objects.filter(pk=run.pk, worker=worker).update(state=Run.WAITING, worker="", alive_until=None)
            perform.enqueue(run.pk)
    except _Stopped:
        _end(run, Run.STOPPED)
    except Exception as fault:
        log.exception("run failed", extra={"run": run.pk, "job": run.job})
        _end(run, Run.FAILED, f"{type(fault).__name__}")
    return run


class _Stopped(Exception):
    """Somebody asked the run to stop, or took it over."""


class _HandedOn(Exception):
    """This process ends; another goes on."""


def _steps(run: Run, work: Progress) -> None:
    while True:
        begun = time.monotonic()
        if (actor := current_actor()) is not None:
            # Whoever lost a right, or her place in the house, loses it for the rest of the run, too.
            actor.forget()
        Job.check(run)
        with transaction.atomic():
            step = next(work, None)
            if step is None:
                _end(run, Run.DONE)
                return
            run.done, run.total = step
            kept = Run.objects.filter(pk=run.pk, worker=run.worker).update(
                done=run.done,
                total=run.total,
                position=run.position,
                result=run.result,
                started_at=run.started_at,
                alive_until=clock.now() + LEASE,
            )
            if not kept:
                # Another worker took the run for dead and went on with it: this step must leave nothing behind.
                transaction.set_rollback(True)
                raise _Stopped
        if Run.objects.filter(pk=run.pk, stop_asked=True).exists():
            raise _Stopped
        if connection.vendor == "sqlite":
            # One writer at a time, and whoever waits looks again every 100 ms: without a pause between two steps, a person's
            # change could wait until the run is over.
            stopping.wait(min(BREATH, time.monotonic() - begun))
        if stopping.is_set():
            raise _HandedOn


def _end(run: Run, state: str, error: str = "") -> None:
    run.state, run.error, run.ended_at = state, error, clock.now()
    if state == Run.DONE and run.total is None:
        run.total = run.done
    if work := Job.registry.get(run.job):
        run.arguments = {name: value for name, value in run.arguments.items() if name not in work.forgets}
    Run.objects.filter(pk=run.pk, worker=run.worker).update(
        state=state,
        error=error,
        ended_at=run.ended_at,
        done=run.done,
        total=run.total,
        position=run.position,
        result=run.result,
        arguments=run.arguments,
        alive_until=None,
    )


def stop(run: Run) -> None:
    """Ask a run to stop after its present step; what it did stays and can be undone."""
    Run.objects.filter(pk=run.pk).update(stop_asked=True)


def forget_results() -> None:
    """Empty the results of runs that were over for as long as their jobs keep them; that they ran stays."""
    for work in Job.registry:
        if work.kept is not None:
            old = Run.objects.filter(job=work.key, ended_at__lt=clock.now() - work.kept)
            old.exclude(result={}).update(result={})


def recover() -> int:
    """Enqueue again the runs whose worker died; returns how many.

    A worker of this machine whose process is gone is dead at once, any other when its lease is over. Taking a living one for dead does
    no harm: what it does after that is rolled back.
    """
    count = 0
    for run in Run.objects.filter(state=Run.RUNNING):
        if run.alive_until is not None and run.alive_until >= clock.now() and not _gone(run.worker):
            continue
        # Moved on first, so that two recovering workers do not both enqueue it.
        with transaction.atomic():
            lost = Run.objects.filter(pk=run.pk, worker=run.worker, state=Run.RUNNING, alive_until=run.alive_until)
            if lost.update(alive_until=None, state=Run.WAITING, worker=""):
                perform.enqueue(run.pk)
                count += 1
    return count


def _gone(worker: str) -> bool:
    host, _colon, rest = worker.partition(":")
    pid = rest.partition(":")[0]
    if host != _host() or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _host() -> str:
    return platform.node().replace(":", "")[:20]


def plain_viewer(run: Run) -> Viewer:
    """How nobody in particular sees things: in the language and the zone that the run was asked for in."""
    return Viewer(language=run.language, zone=run.zone)


def system_or(run: Run, user_actor: Callable[[int], Actor | None]) -> Actor:
    """The actor that `run` keeps: system actors by their reason, users through `user_actor`."""
    if run.actor_kind != "user":
        return System(run.actor_name)
    actor = user_actor(int(run.actor_id))
    if actor is None:
        raise KithError("The person who asked for this may no longer sign in.")
    return actor
