"""The one write path: a change is one transaction with its check, its event, its index rows and its deliveries.

authorise → accept only writable fields → clean each by kind → fill defaults → resolve links → the room's rules → lock and version check →
write changed columns → diff → keys and search rows → authorise the new state → ledger event and deliveries.
"""

from .drafts import Difference, Draft, Outcome
from .merge import merge
from .undo import Undone, may_undo, undo
from .verbs import change, create, first_time, purge, remove, restore, write

__all__ = [
    "Difference",
    "Draft",
    "Outcome",
    "Undone",
    "change",
    "create",
    "first_time",
    "may_undo",
    "merge",
    "purge",
    "remove",
    "restore",
    "undo",
    "write",
]
