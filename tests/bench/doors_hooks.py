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
#: In turns: as it was made up, as it is described.
TURNS = itertools.cycle((False, True))
STATUSES: Counter[str] = Counter()
OPERATIONS: Counter[str] = Counter()
PHASES: Counter[str] = Counter()
LOCK = threading.Lock()


@schemathesis.hook
def before_call(context: Any, case: Any, *rest: Any) -> None:
    """Say where it comes from. Every other record that a chain begins with is the one of the description, so that chains get further."""
    case.headers = {**(case.headers or {}), "X-Forwarded-For": next(NETWORKS)}
    if _phase(case) == "stateful" and (given := _example(case)) and next(TURNS):
        case.body = given


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Count."""
    with LOCK:
        STATUSES[str(response.status_code)] += 1
        OPERATIONS[f"{case.operation.method.upper()} {case.operation.path}"] += 1
        PHASES[_phase(case)] += 1


def _phase(case: Any) -> str:
    phase = getattr(getattr(getattr(case, "meta", None), "phase", None), "name", None)
    return str(getattr(phase, "value", phase))


def _example(case: Any) -> Any:
    """What stands in the description as a new record of this sort, else None."""
    name = case.operation.definition.raw.get("operationId", "")
    return next(iter(case.operation.schema.raw_schema["components"]["schemas"].get(name, {}).get("examples", ())), None)


@atexit.register
def _write() -> None:
    made = {"cases": sum(STATUSES.values()), "operations": len(OPERATIONS), "statuses": STATUSES, "phases": PHASES}
    Path(os.environ["KITH_COUNTS"]).write_text(json.dumps(made, sort_keys=True))
