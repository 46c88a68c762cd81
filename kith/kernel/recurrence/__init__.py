"""What happens again: rules of RFC 5545 with their exceptions, read in the wall time of a place and said in words. Pure: no tables.

A rule names days; the time of day is that of the start, and so is the zone. Nine o'clock stays nine o'clock when the clocks change; what
falls into a gap or an hour that comes twice follows `kith.kernel.times`. A rule may be without an end, a reading never is: it asks for a
window, and gives at most so many.
"""

from .rule import DAILY, MONTHLY, WEEKLY, YEARLY, Rule
from .series import MOST, Change, Occurrence, Recurrence, days, following, next_day, occurrences
from .words import sentence

__all__ = [
    "DAILY", "MONTHLY", "MOST", "WEEKLY", "YEARLY", "Change", "Occurrence", "Recurrence", "Rule", "days", "following", "next_day",
    "occurrences", "sentence",
]  # fmt: skip
