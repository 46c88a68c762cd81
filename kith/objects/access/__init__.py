"""Who may see and do what: roles, grants × scopes, field rules, territories, deputies, shares of one record, private ones.

Three pure questions: `visible` (which records), `may` (this verb, here), `fields` (which fields). Everything else asks these.
"""

from .gate import deputised, fields, may, readable, visible
from .rights import Rights, rights

__all__ = ["Rights", "deputised", "fields", "may", "readable", "rights", "visible"]
