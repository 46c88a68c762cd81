"""The search index: one row per searchable field of a record, in the transaction of the change; FTS5 on SQLite, GIN indexes on PostgreSQL.

A row per field, so that a field hidden from somebody is not searched for her either: finding a record by a hidden value is reading it.
"""

from .index import called, forget, matching, reindex, rows_for, shortcoming
from .refresh import refresh

__all__ = ["called", "forget", "matching", "refresh", "reindex", "rows_for", "shortcoming"]
