"""The one filter language: text for addresses, JSON for storage, a sentence for people, a condition for the database.

Nothing from a client is ever a look-up name: names are resolved through the field registry, operators through a table, and every
unknown one is refused.
"""

from .compile import Asker, compile
from .compile import operands as compile_operands
from .operators import OPERATORS, UNITS, Operator
from .sentence import Chip, conditions, said_of, sentence
from .tree import All, Any_, Condition, Tree, from_json, parse, text, to_json

__all__ = [
    "OPERATORS",
    "UNITS",
    "All",
    "Any_",
    "Asker",
    "Chip",
    "Condition",
    "Operator",
    "Tree",
    "compile",
    "compile_operands",
    "conditions",
    "from_json",
    "parse",
    "said_of",
    "sentence",
    "text",
    "to_json",
]
