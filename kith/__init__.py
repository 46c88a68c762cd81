"""Kith, a self-hosted CRM.

The packages in here are the rooms of the house; docs/house/map.md shows which one a line belongs in.
"""

from kith.kernel.sql import use_safe_sqlite

__version__ = "0.1.0"

# First of all, because Django takes whichever `sqlite3` it finds when its database back end is imported.
use_safe_sqlite()
