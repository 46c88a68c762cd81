"""The worker: runs tasks, delivers the outbox, keeps the schedule, takes over from workers that died."""

from __future__ import annotations

import functools
import logging
import os
import threading
from collections.abc import Callable

from django.db import close_old_connections, connections
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker

from . import runs
from .errands import Errand
from .outbox import deliver
from .runs import recover
from .schedule import run_due

log = logging.getLogger("kith.worker")

PAUSE = 0.5

#: What is done before every piece of work: other floors look here whether what they keep in memory is still so.
beforehand: list[Callable[[], None]] = []


def work(stop: threading.Event, *, pause: float = PAUSE) -> None:
    """Work until `stop` is set. Faults are logged and never end the worker."""
    runs.stopping = stop
    hands = [threading.Thread(target=_loop, args=(stop, _chores, pause), name="chores", daemon=True)]
    # What asks other machines has threads of its own: whoever does not answer keeps nobody else waiting.
    hands += [
        threading.Thread(target=_loop, args=(stop, _prepared(errand), pause), name=errand.name, daemon=True)
        for errand in Errand.registry
    ]
    for hand in hands:
        hand.start()
    _loop(stop, _tasks, pause)
    for hand in hands:
        hand.join(timeout=10)


def once() -> None:
    """Do everything that is due and return: for tests and for `kith work --once`."""
    _chores()
    while any([_tasks(), *[errand() for errand in Errand.registry]]):
        _chores()


def _tasks() -> bool:
    """Do one task, if there is one; whether there was."""
    for prepare in beforehand:
        prepare()
    # One task at a time, so that `stop` is honoured in between. The class behind the command: the command itself would take over the
    # signals of this process.
    hand = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=1,
        worker_id=f"{os.getpid()}-{threading.get_ident()}",
        excluded_queue_names=[],
    )
    hand.run()
    return bool(hand._run_tasks)


def _chores() -> None:
    for prepare in beforehand:
        prepare()
    while deliver():
        pass
    recover()
    run_due()


def _prepared(errand: Errand) -> Callable[[], bool]:
    @functools.wraps(errand.function)
    def done() -> bool:
        for prepare in beforehand:
            prepare()
        return errand()

    return done


def _loop(stop: threading.Event, chore: Callable[[], object], pause: float) -> None:
    while not stop.is_set():
        busy = False
        try:
            busy = bool(chore())
        except Exception:
            log.exception("worker chore failed", extra={"chore": chore.__name__})
        finally:
            close_old_connections()
        if not busy:
            stop.wait(pause)
    connections.close_all()
