"""Who may see and do what: roles, grants × scopes, field rules, shares of one record.

Three pure questions: `visible` (which records), `may` (this verb, here), `fields` (which fields). Everything else asks these.
"""

from .rights import Rights, fields, may, readable, rights, visible

__all__ = ["Rights", "fields", "may", "readable", "rights", "visible"]
