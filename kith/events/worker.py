"""The worker: runs tasks, delivers the outbox, keeps the schedule, takes over from workers that died."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.core.management import call_command
from django.db import close_old_connections, connections

from .outbox import deliver
from .runs import recover
from .schedule import run_due

log = logging.getLogger("kith.worker")

PAUSE = 0.5


def work(stop: threading.Event, *, pause: float = PAUSE) -> None:
    """Work until `stop` is set. Faults are logged and never end the worker."""
    chores = threading.Thread(target=_loop, args=(stop, _chores, pause), name="chores", daemon=True)
    chores.start()
    _loop(stop, _tasks, pause)
    chores.join(timeout=10)


def once() -> None:
    """Do everything that is due and return: for tests and for `kith work --once`."""
    _chores()
    _tasks()
    _chores()


def _tasks() -> None:
    # In batch mode the back end works off what is ready and returns, so that `stop` is honoured between batches.
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


def _chores() -> None:
    while deliver():
        pass
    recover()
    run_due()


def _loop(stop: threading.Event, chore: Callable[[], None], pause: float) -> None:
    while not stop.is_set():
        try:
            chore()
        except Exception:
            log.exception("worker chore failed", extra={"chore": chore.__name__})
        finally:
            close_old_connections()
        stop.wait(pause)
    connections.close_all()
