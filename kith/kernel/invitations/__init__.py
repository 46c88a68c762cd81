"""Appointments as iCalendar (RFC 5545, 5546), out and in, and in words. Pure but for the child process that reads what others wrote.

`written(appointment, REQUEST)` makes the file that goes with a mail, `in_words(appointment, viewer, REQUEST)` its text: both say what
stands in the same `Appointment`, so that they agree. `read(path)` reads a file from outside: what is wrong in it costs a property, or the
appointment when that cannot be without it, or the file; never more.
"""

from .appointment import (
    ACCEPTED,
    CANCEL,
    DECLINED,
    NEEDS_ACTION,
    PUBLISH,
    REPLY,
    REQUEST,
    TENTATIVE,
    Appointment,
    Invitee,
    Lost,
    Reading,
)
from .reading import read, read_bytes
from .words import in_words
from .writing import written

__all__ = [
    "ACCEPTED", "CANCEL", "DECLINED", "NEEDS_ACTION", "PUBLISH", "REPLY", "REQUEST", "TENTATIVE", "Appointment", "Invitee", "Lost",
    "Reading", "in_words", "read", "read_bytes", "written",
]  # fmt: skip
