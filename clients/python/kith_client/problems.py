"""What can go wrong, as exceptions: a refusal of Kith's is a `Problem` (RFC 9457) with its sentences and where each belongs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class KithError(Exception):
    """Whatever goes wrong here is one of these."""


class Unreachable(KithError):
    """Kith gave no answer, or broke off in the middle of one. Whether a change was made cannot be told then."""


@dataclass(frozen=True)
class Fault:
    """One sentence about one place: `pointer` into the body (RFC 6901, such as "#/values/name"), or a parameter of the address."""

    detail: str
    pointer: str = ""
    parameter: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """The parts of the place: ("values", "name"); () for the whole."""
        if self.parameter:
            return (self.parameter,)
        parts = self.pointer.removeprefix("#").split("/")[1:]
        return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)


class Problem(KithError):
    """Kith refused: `detail` is a sentence in the language asked for, `sort` a word that programs can tell by ("stale", "invalid")."""

    def __init__(self, status: int, said: Mapping[str, Any], headers: Mapping[str, str]):
        super().__init__(str(said.get("detail") or said.get("title") or f"HTTP {status}"))
        self.status = status
        self.type = str(said.get("type", "about:blank"))
        self.title = str(said.get("title", ""))
        self.detail = str(said.get("detail", ""))
        self.said = dict(said)
        self.headers = headers
        self.errors = [
            Fault(str(one.get("detail", "")), str(one.get("pointer", "")), str(one.get("parameter", "")))
            for one in said.get("errors", ())
        ]

    @property
    def sort(self) -> str:
        """The last word of the type, "" where it has none of its own."""
        return self.type.rpartition(":")[2] if self.type.startswith("urn:kith:problem:") else ""

    @property
    def fields(self) -> dict[str, list[str]]:
        """The sentences by field, "" for those about the whole: {"name": ["Write a name."]}."""
        found: dict[str, list[str]] = {}
        for one in self.errors:
            path = one.path[1:] if one.path[:1] == ("values",) else one.path
            found.setdefault("/".join(path), []).append(one.detail)
        return found


class NotLetIn(Problem):
    """401: no token, or none that opens anything."""


class Forbidden(Problem):
    """403: the owner of the token may not do that, or the token does not cover it."""


class Missing(Problem):
    """404: there is no such record for the owner of the token."""


class PositionLost(Problem):
    """410: nobody can go on from this position of the change feed. Begin with `NOW`, and read the lists anew."""


class Stale(Problem):
    """412: somebody changed the same fields meanwhile; `differences` says what, as {"field", "mine", "theirs", "by", "at"}."""

    @property
    def differences(self) -> list[dict[str, Any]]:
        """What stands against what."""
        return list(self.said.get("differences", ()))


class Invalid(Problem):
    """422: values or parameters that cannot be taken; see `fields`."""


class TooMany(Problem):
    """429: too many requests, for longer than the client was told to wait."""


class Unavailable(Problem):
    """503: not now."""


class RunFailed(KithError):
    """Work in the background did not end well; `run` says how far it came."""

    def __init__(self, run: Mapping[str, Any]):
        super().__init__(str(run.get("error") or run.get("state")))
        self.run = run


SORTS: dict[int, type[Problem]] = {
    401: NotLetIn, 403: Forbidden, 404: Missing, 410: PositionLost, 412: Stale, 422: Invalid, 429: TooMany, 503: Unavailable,
}  # fmt: skip
