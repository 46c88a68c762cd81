"""Who does something, and because of what.

Every read and every write names its actor. System work has a named actor too, so that the ledger says what ran:
`System("nightly retention")`. There is no way to work as nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

MAX_DEPTH = 5


@dataclass(frozen=True)
class Actor:
    """Somebody who acts. `kind` is "user", "system" or "guest"; `name` is the name at the time, kept by the ledger."""

    kind: str
    id: str
    name: str
    user_id: int | None = None
    #: Who looks through this actor's eyes without being it: she sees what the actor sees, and changes nothing.
    observer: Actor | None = field(default=None, compare=False)
    #: Actions that the actor is doing just now: (object, right), each a right of its own.
    doing: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)
    #: What of the actor's rights counts here, as (object or "*", verb or "*"); None for all of them. It narrows and never widens.
    scopes: frozenset[tuple[str, str]] | None = None
    #: Prefix of the token that the actor came with; "" for whoever is here herself. Work that outlives the request ends with it.
    token: str = field(default="", compare=False)
    #: Rights resolved for this actor, filled and read by the access module; kept for one request or one step of a run.
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def forget(self) -> None:
        """Read the actor's rights anew at the next question: they may have changed since."""
        self.memo.clear()

    def allows(self, object_key: str, verb: str) -> bool:
        """Whether the scopes that the actor came with cover `verb` on an object; what she has a right to is another question."""
        if self.scopes is None:
            return True
        # An action is covered by its own name ("change/opt_out") or by the verb that it stands for.
        verbs = {verb, verb.partition("/")[0], "*"}
        return any((key, one) in self.scopes for key in (object_key, "*") for one in verbs)

    @property
    def is_narrowed(self) -> bool:
        """Whether less than all of the actor's rights count here."""
        return self.scopes is not None and ("*", "*") not in self.scopes

    @property
    def whole(self) -> Actor:
        """The same actor with all rights: for whoever has asked `allows` already."""
        if not self.is_narrowed:
            # With a scope for everything, too: the rights are the same, and are read once.
            return self
        if "whole" not in self.memo:
            self.memo["whole"] = replace(self, scopes=None, token="", memo={})
        found: Actor = self.memo["whole"]
        return found

    @property
    def is_system(self) -> bool:
        """Whether this is the program itself, acting for a stated reason."""
        return self.kind == "system"


def System(reason: str) -> Actor:  # noqa: N802 - reads as the noun it makes
    """The program itself, doing `reason`; sees everything, is named in the ledger."""
    return Actor("system", reason, reason)


def Guest(form: str) -> Actor:  # noqa: N802
    """Somebody unknown, coming in through `form`; may only what its role grants."""
    return Actor("guest", form, form)


@dataclass(frozen=True)
class Cause:
    """Why something happens: a request, an import, a rule; chained, so that loops can be stopped."""

    key: str
    depth: int = 0
    parents: tuple[str, ...] = ()


_cause: ContextVar[Cause | None] = ContextVar("cause", default=None)


class Loop(RuntimeError):
    """A chain of causes came back to itself or went deeper than MAX_DEPTH."""


def current_cause() -> Cause | None:
    """The cause bound here, or None."""
    return _cause.get()


@contextmanager
def cause(key: str | None = None) -> Iterator[Cause]:
    """Bind a cause for what happens inside; inside another cause it becomes a link of that chain.

    Raises `Loop` when the chain would be deeper than five or would repeat `key`.
    """
    outer = _cause.get()
    key = key or f"call:{uuid4().hex[:12]}"
    if outer is None:
        bound = Cause(key)
    else:
        if outer.depth + 1 > MAX_DEPTH or key in (outer.key, *outer.parents):
            raise Loop(f"{key} was caused by itself or too deeply: {' → '.join((*outer.parents, outer.key))}")
        bound = Cause(key, outer.depth + 1, (*outer.parents, outer.key))
    token = _cause.set(bound)
    try:
        yield bound
    finally:
        _cause.reset(token)


_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current_actor() -> Actor | None:
    """Who is acting here, or None outside any action."""
    return _actor.get()


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Bind `actor` for what happens inside."""
    token = _actor.set(actor)
    try:
        yield actor
    finally:
        _actor.reset(token)
