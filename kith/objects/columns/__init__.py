"""Columns that carry a kind, and `Record`, the model that every object is made of.

A column *is* the declaration: label, kind, personal-data class, search weight, board and calendar use. In migrations it names
Django's own field class without labels or facts, so that changing a label makes no migration and old migrations never import us.
"""

from django.db.models import CASCADE, PROTECT, SET_NULL

from ..declare import CONTACT, FREE_TEXT, HIGH, IDENTITY, LOW, NONE, SPECIAL, TITLE, Section
from ..kinds import Option
from .carriers import Column, LinkColumn, ManyLinksColumn, UserColumn, references
from .column import KindColumn
from .constraints import Must, Once
from .fields import (
    Address,
    Boolean,
    Choice,
    Country,
    Currency,
    Date,
    DateTime,
    Decimal,
    Email,
    Emails,
    ExchangeRate,
    Hours,
    Integer,
    Language,
    Languages,
    Link,
    LongText,
    ManyLinks,
    Money,
    Owner,
    PersonName,
    Phone,
    Phones,
    Recurrence,
    Tags,
    Text,
    TimeZone,
    User,
    WebAddress,
    Weekdays,
)  # fmt: skip
from .record import ClosedManager, Record, describe, describe_inherited

__all__ = [
    "CASCADE", "CONTACT", "FREE_TEXT", "HIGH", "IDENTITY", "LOW", "NONE", "PROTECT", "SET_NULL", "SPECIAL", "TITLE", "Address",
    "Boolean", "Choice", "ClosedManager", "Column", "Country", "Currency", "Date", "DateTime", "Decimal", "Email", "Emails",
    "ExchangeRate", "Hours", "Integer", "KindColumn", "Language", "Languages", "Link", "LinkColumn", "LongText", "ManyLinks",
    "ManyLinksColumn", "Money", "Must", "Once", "Option", "Owner", "PersonName", "Phone", "Phones", "Record", "Recurrence",
    "Section", "Tags", "Text", "TimeZone", "User", "UserColumn", "WebAddress", "Weekdays", "describe", "describe_inherited",
    "references",
]  # fmt: skip
