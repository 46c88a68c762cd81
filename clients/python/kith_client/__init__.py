"""Kith from Python: records of every object, what changes, and webhooks, with a token.

Standard library only. What comes and goes is the JSON of the description, typed by it (`kith_client.described`).
"""

from .asking import Patience
from .changes import NOW, Changes
from .house import Kith
from .objects import Objects
from .problems import (
    Fault,
    Forbidden,
    Invalid,
    KithError,
    Missing,
    NotLetIn,
    PositionLost,
    Problem,
    RunFailed,
    Stale,
    TooMany,
    Unavailable,
    Unreachable,
)

__all__ = [
    "NOW", "Changes", "Fault", "Forbidden", "Invalid", "Kith", "KithError", "Missing", "NotLetIn", "Objects", "Patience",
    "PositionLost", "Problem", "RunFailed", "Stale", "TooMany", "Unavailable", "Unreachable",
]  # fmt: skip
