"""What Schemathesis loads: each request says that it comes from another network, what is answered is counted, and the trash is known.

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
from schemathesis.checks import CHECKS
from schemathesis.specs.openapi import checks

NETWORKS = itertools.cycle([f"198.18.{n}.1" for n in range(64)])
#: In turns: as it was made up, as it is described.
TURNS = itertools.cycle((False, True))
STATUSES: Counter[str] = Counter()
OPERATIONS: Counter[str] = Counter()
PHASES: Counter[str] = Counter()
LOCK = threading.Lock()
#: What was last done to a record, by the name of its object and its number: whether it was taken back from the trash.
TAKEN_BACK: dict[tuple[str, str], bool] = {}


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
        if 200 <= response.status_code < 300:
            _follow(case, response)


CHECKS.unregister("use_after_free")


@schemathesis.check
def use_after_free(ctx: Any, response: Any, case: Any) -> bool | None:
    """In place of the check of this name, which knows no trash: what was removed is found there, and may be taken back."""
    asks_the_trash = (case.query or {}).get("trash") == "true"
    if asks_the_trash or TAKEN_BACK.get(_record(case)):
        return None
    found: bool | None = checks.use_after_free(ctx, response, case)
    return found


def _record(case: Any, number: Any = None) -> tuple[str, str]:
    number = (case.path_parameters or {}).get("id") if number is None else number
    return case.operation.path.removeprefix("/api/v1/").partition("/")[0], str(number)


def _follow(case: Any, response: Any) -> None:
    if case.operation.path.endswith("/{id}") and case.operation.method.upper() == "DELETE":
        TAKEN_BACK[_record(case)] = False
    elif case.operation.path.endswith("/{id}/restore"):
        TAKEN_BACK[_record(case)] = True
    elif case.operation.path.endswith("/bulk") and response.status_code == 200:
        for one in response.json()["data"]:
            if one["state"] in ("removed", "restored"):
                TAKEN_BACK[_record(case, one["id"])] = one["state"] == "restored"


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
