"""What somebody wants written, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kith.kernel.errors import KithError

from ..declare import Field


@dataclass
class Draft:
    """One wanted write. `values` maps field names, or parts such as `name.given`, to values that the field's kind can clean.

    Without a record it creates one. `verb` is create, change, remove, restore, purge or undo_create; `version` is the one that was read;
    `place` is the caller's own (a row number). `event` names the ledger event when it is not the verb's usual one.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    record: Any = None
    version: int | None = None
    verb: str = ""
    place: Any = None
    event: str = ""

    def __post_init__(self) -> None:
        self.verb = self.verb or ("create" if self.record is None else "change")


@dataclass
class Outcome:
    """What came of a draft: `state` is created, changed, unchanged, removed, restored, purged or refused (then `error` says why)."""

    draft: Draft
    state: str = "refused"
    record: Any = None
    error: KithError | None = None

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return self.error is None


@dataclass(frozen=True)
class Difference:
    """A field that somebody else changed since it was read: what we wanted, what stands there now, by whom and when."""

    field: Field
    mine: Any
    theirs: Any
    by: str
    at: datetime
