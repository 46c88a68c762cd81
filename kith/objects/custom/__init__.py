"""Fields and objects made by users: definitions are data, values lie in one JSON column, no table is altered while the program runs."""

from .definitions import refresh

__all__ = ["refresh"]
