"""What Schemathesis loads: each request says that it comes from another network, and what is answered is counted.

Runs in an environment of its own (see `doors`), where nothing of Kith is installed.
"""

from __future__ import annotations

import atexit
import itertools
import json
import os
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import schemathesis

NETWORKS = itertools.cycle([f"198.18.{n}.1" for n in range(64)])
STATUSES: Counter[str] = Counter()
OPERATIONS: Counter[str] = Counter()
PHASES: Counter[str] = Counter()
LOCK = threading.Lock()


@schemathesis.hook
def before_call(context: Any, case: Any, *rest: Any) -> None:
    """Say where it comes from."""
    case.headers = {**(case.headers or {}), "X-Forwarded-For": next(NETWORKS)}


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Count."""
    with LOCK:
        STATUSES[str(response.status_code)] += 1
        OPERATIONS[f"{case.operation.method.upper()} {case.operation.path}"] += 1
        phase = getattr(getattr(getattr(case, "meta", None), "phase", None), "name", None)
        PHASES[str(getattr(phase, "value", phase))] += 1


@atexit.register
def _write() -> None:
    made = {"cases": sum(STATUSES.values()), "operations": len(OPERATIONS), "statuses": STATUSES, "phases": PHASES}
    Path(os.environ["KITH_COUNTS"]).write_text(json.dumps(made, sort_keys=True))
