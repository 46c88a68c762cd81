"""The vocabulary of kinds. One kind = one file that knows how to parse, clean, show, edit, filter, sort, store and describe it."""

from .address import Address, PostalAddress
from .boolean import Boolean
from .choice import Choice
from .code_set import CodeSet
from .coded import Coded
from .country import Country
from .currency import Currency
from .date import Date
from .datetime import DateTime
from .decimal import DecimalNumber
from .email import Email
from .emails import Emails
from .hours import Hours
from .integer import Integer
from .kind import Kind, Option
from .language import Language
from .languages import Languages
from .link import Link
from .many_links import ManyLinks
from .money import Amount, BaseAmount
from .person_name import FullName, PersonName
from .phone import Phone
from .phones import Phones
from .rate import ExchangeRate
from .recurring import Recurring
from .reference import Reference, Wanted
from .several import Entry, Several
from .tags import Tags
from .text import LongText, Text
from .timezone import TimeZone
from .user import User
from .web import WebAddress
from .weekdays import Weekday, Weekdays

#: Every kind that a field may be of, in the order in which people choose among them. (Currencies are parts of amounts.)
ALL_KINDS: list[type[Kind]] = [
    Text, LongText, Integer, DecimalNumber, Amount, Boolean, Date, DateTime, Choice, Tags, Link, ManyLinks, User, FullName, Email,
    Emails, Phone, Phones, WebAddress, PostalAddress, Country, Language, Languages, TimeZone, Hours, Weekdays, Recurring,
]  # fmt: skip

__all__ = [
    "ALL_KINDS", "Address", "Amount", "BaseAmount", "Boolean", "Choice", "CodeSet", "Coded", "Country", "Currency", "Date",
    "DateTime", "DecimalNumber", "Email", "Emails", "Entry", "ExchangeRate", "FullName", "Hours", "Integer", "Kind", "Language",
    "Languages", "Link", "LongText", "ManyLinks", "Option", "PersonName", "Phone", "Phones", "PostalAddress", "Recurring",
    "Reference", "Several", "Tags", "Text", "TimeZone", "User", "Wanted", "WebAddress", "Weekday", "Weekdays",
]  # fmt: skip
