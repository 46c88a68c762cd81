"""Files in, and what became of their rows."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from kith.events.runs import execute
from kith.kernel.actor import Actor, System
from kith.objects import exchange
from kith.objects.exchange.models import Import


class Bringer:
    """Brings rows in, in one call: text or bytes, mapping and choices where the guesses are not wanted."""

    def __init__(self) -> None:
        self.import_: Import | None = None

    def prepare(self, what: str, data: str | bytes, actor: Actor, mapping: Any = None, **choices: Any) -> Import:
        raw = data.encode() if isinstance(data, str) else data
        import_ = exchange.accept(actor, what, io.BytesIO(raw), "file.csv")
        exchange.save_mapping(actor, import_, mapping or import_.mapping, choices or None)
        return import_

    def __call__(self, what: str, data: str | bytes, actor: Actor, mapping: Any = None, **choices: Any) -> Import:
        import_ = self.prepare(what, data, actor, mapping, **choices)
        run = execute(exchange.begin(actor, import_).pk)
        assert run is not None
        assert run.state == "done", run.error
        import_ = Import.objects.get(pk=import_.pk)
        done = exchange.report(import_)
        assert done.done == done.rows == run.done, "every row is accounted for"
        return import_


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Tests that run side by side do not clear away each other's files."""
    settings.KITH_HOME = tmp_path


@pytest.fixture
def bring(db: None) -> Bringer:
    return Bringer()


@pytest.fixture
def system() -> Actor:
    return System("import test")


def counts(import_: Import) -> tuple[int, int, int, int, int]:
    """created, updated, unchanged, skipped, refused"""
    told = exchange.report(import_).counts
    return tuple(told[s] for s in ("created", "updated", "unchanged", "skipped", "refused"))  # type: ignore[return-value]


def why(import_: Import, sort: str = "refused") -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.reason) for p in import_.problems.filter(sort=sort).order_by("row", "pk")]
