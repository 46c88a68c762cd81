"""Work in the background: how far it is, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable

from .asking import Asking
from .described import Run
from .problems import RunFailed, Unreachable

OVER = ("done", "failed", "stopped")


class Runs:
    """What programs of this token asked for that takes long."""

    def __init__(self, asking: Asking):
        self._asking = asking

    def get(self, run: int) -> Run:
        """How far it is."""
        found: Run = self._asking.ask("GET", f"/api/v1/runs/{run}").data
        return found

    def wait(
        self, run: int, *, patience: float | None = None, told: Callable[[Run], object] | None = None
    ) -> Run:  # fmt: skip
        """The run when it is done. `told` hears of it now and then; RunFailed when it ends otherwise.

        Unreachable after `patience` seconds, None for as long as it takes; it goes on by itself then.
        """
        until = None if patience is None else time.monotonic() + patience
        while True:
            answer = self._asking.ask("GET", f"/api/v1/runs/{run}")
            found: Run = answer.data
            if told:
                told(found)
            if found["state"] == "done":
                return found
            if found["state"] in OVER:
                raise RunFailed(found)
            if until is not None and time.monotonic() >= until:
                raise Unreachable(f"The run {run} takes longer than {patience:.0f} seconds.")
            self._asking.patience.sleep(float(answer.headers.get("Retry-After", "1")))
