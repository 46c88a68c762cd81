"""Our column classes, one for each kind; in migrations each names Django's own field class."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

from kith.kernel.money import Money as MoneyValue

from .. import kinds
from ..kinds import Kind
from .carriers import LinkColumn, ManyLinksColumn, MoneyColumn, UserColumn
from .column import JsonColumn, KindColumn, PackedColumn


class Text(KindColumn, models.CharField):
    """One line of text."""

    plain, kind_class, kind_options = models.CharField, kinds.Text, ("max_length", "sort_key")

    def storage(self) -> dict[str, Any]:
        return {"max_length": self.kind.max_length, "default": "", "db_index": self.facts.lookup}


class LongText(KindColumn, models.TextField):
    """Paragraphs."""

    plain, kind_class = models.TextField, kinds.LongText

    def storage(self) -> dict[str, Any]:
        return {"default": ""}


class Integer(KindColumn, models.BigIntegerField):
    """A whole number."""

    plain, kind_class = models.BigIntegerField, kinds.Integer

    def storage(self) -> dict[str, Any]:
        return {"null": True}


class Decimal(PackedColumn, models.BigIntegerField):
    """A number with a fixed count of places, stored as a whole number: exact on both engines."""

    plain, kind_class, kind_options = models.BigIntegerField, kinds.DecimalNumber, ("places",)

    def storage(self) -> dict[str, Any]:
        return {"null": True}


class ExchangeRate(PackedColumn, models.BigIntegerField):
    """What one unit of a currency is worth in another, exact."""

    plain, kind_class = models.BigIntegerField, kinds.ExchangeRate

    def storage(self) -> dict[str, Any]:
        return {"null": True}


class Boolean(KindColumn, models.BooleanField):
    """Yes or no."""

    plain, kind_class = models.BooleanField, kinds.Boolean

    def storage(self) -> dict[str, Any]:
        return {"default": False}


class Date(KindColumn, models.DateField):
    """A calendar day."""

    plain, kind_class = models.DateField, kinds.Date

    def storage(self) -> dict[str, Any]:
        return {"null": True}


class DateTime(KindColumn, models.DateTimeField):
    """An instant."""

    plain, kind_class = models.DateTimeField, kinds.DateTime

    def storage(self) -> dict[str, Any]:
        return {"null": True}


class Stamp(DateTime):
    """An instant that is never missing."""

    def storage(self) -> dict[str, Any]:
        return {}


class Choice(KindColumn, models.CharField):
    """One option of a closed list; the option's id is stored, its label translated."""

    plain, kind_class, kind_options = models.CharField, kinds.Choice, ("options",)

    def storage(self) -> dict[str, Any]:
        return {"max_length": 40, "default": ""}


class Tags(JsonColumn):
    """Free labels."""

    kind_class = kinds.Tags


class Emails(JsonColumn):
    """Several e-mail addresses, each with type and marks."""

    kind_class = kinds.Emails


class Phones(JsonColumn):
    """Several phone numbers, each with type and marks."""

    kind_class = kinds.Phones


class PersonName(JsonColumn):
    """A person's name in its parts, in the own script and in Latin."""

    kind_class = kinds.FullName


class Address(JsonColumn):
    """A postal address."""

    kind_class = kinds.PostalAddress


class Email(KindColumn, models.CharField):
    """One e-mail address."""

    plain, kind_class = models.CharField, kinds.Email

    def storage(self) -> dict[str, Any]:
        return {"max_length": 254, "default": "", "db_index": self.facts.lookup}


class Phone(KindColumn, models.CharField):
    """One phone number in E.164, with an extension."""

    plain, kind_class = models.CharField, kinds.Phone

    def storage(self) -> dict[str, Any]:
        return {"max_length": 40, "default": ""}


class WebAddress(KindColumn, models.CharField):
    """An address of the web."""

    plain, kind_class = models.CharField, kinds.WebAddress

    def storage(self) -> dict[str, Any]:
        return {"max_length": 500, "default": "", "db_index": self.facts.lookup}


class Country(KindColumn, models.CharField):
    """A country: ISO 3166-1 alpha-2."""

    plain, kind_class = models.CharField, kinds.Country

    def storage(self) -> dict[str, Any]:
        return {"max_length": 2, "default": ""}


class Currency(KindColumn, models.CharField):
    """A currency: ISO 4217."""

    plain, kind_class = models.CharField, kinds.Currency

    def storage(self) -> dict[str, Any]:
        return {"max_length": 3, "default": ""}


class Language(KindColumn, models.CharField):
    """A language: BCP 47."""

    plain, kind_class = models.CharField, kinds.Language

    def storage(self) -> dict[str, Any]:
        return {"max_length": 35, "default": ""}


class TimeZone(KindColumn, models.CharField):
    """A time zone: IANA name."""

    plain, kind_class = models.CharField, kinds.TimeZone

    def storage(self) -> dict[str, Any]:
        return {"max_length": 64, "default": ""}


class Languages(JsonColumn):
    """Several languages: BCP 47."""

    kind_class = kinds.Languages


class Weekdays(JsonColumn):
    """Days of the week."""

    kind_class = kinds.Weekdays


class Hours(PackedColumn, models.CharField):
    """From a wall time to another."""

    plain, kind_class = models.CharField, kinds.Hours

    def storage(self) -> dict[str, Any]:
        return {"max_length": 11, "null": True}


class Recurrence(PackedColumn, models.TextField):
    """When something happens again: a rule with its exceptions."""

    plain, kind_class = models.TextField, kinds.Recurring

    def storage(self) -> dict[str, Any]:
        return {"null": True}


class _MoneyAttribute(DeferredAttribute):
    """`record.amount` as Money, from the scaled amount and the currency beside it."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        raw = super().__get__(instance, cls)
        if instance is None or raw is None:
            return raw if instance is None else None
        currency = getattr(instance, f"{self.field.name}_currency")
        return MoneyValue.from_scaled(raw, currency) if currency else None

    def __set__(self, instance: Any, value: Any) -> None:
        if isinstance(value, MoneyValue):
            setattr(instance, f"{self.field.name}_currency", value.currency)
            value = value.scaled
        instance.__dict__[self.field.attname] = value


class Money(KindColumn, models.BigIntegerField):
    """An amount and its currency, in two columns: a whole number of 1/10,000 and an ISO 4217 code."""

    plain, kind_class, kind_options = models.BigIntegerField, kinds.Amount, ("currency",)
    carrier = MoneyColumn
    descriptor_class = _MoneyAttribute

    def storage(self) -> dict[str, Any]:
        return {"null": True}

    def get_prep_value(self, value: Any) -> Any:
        return value.scaled if isinstance(value, MoneyValue) else super().get_prep_value(value)

    def part_expression(self, part: str, kind: Kind) -> Any:
        return F(self.attname) if part == "amount" else super().part_expression(part, kind)


class Link(KindColumn, models.ForeignKey):
    """A link to one record of another object. `on_delete` acts when the other record is purged from the trash."""

    plain, kind_class, carrier = models.ForeignKey, kinds.Link, LinkColumn

    def __init__(self, to: Any, label: Any = "", *, on_delete: Any = models.SET_NULL, object: str = "", **rest: Any):
        rest.setdefault("related_name", "+")
        self.object_key = object or (to.lower() if isinstance(to, str) else "")
        super().__init__(label, to=to, on_delete=on_delete, **rest)
        self.kind = self.kind_class(to=self.object_key)

    def storage(self) -> dict[str, Any]:
        return {"null": True}


class User(KindColumn, models.ForeignKey):
    """A link to a user."""

    plain, kind_class, carrier = models.ForeignKey, kinds.User, UserColumn

    def __init__(self, label: Any = "", *, to: Any = "identity.User", on_delete: Any = models.SET_NULL, **rest: Any):
        rest.setdefault("related_name", "+")
        super().__init__(label, to=to, on_delete=on_delete, **rest)

    def storage(self) -> dict[str, Any]:
        return {"null": True}


class Owner(User):
    """Whose record it is: rights of scope "own" and "team" follow it. A new record belongs to whoever makes it."""

    is_owner = True

    def __init__(self, label: Any = "", **rest: Any):
        super().__init__(label or _("Owner"), **rest)


class ManyLinks(KindColumn, models.ManyToManyField):
    """Links to several records. With `through`, the rows between are records of an object of their own."""

    plain, kind_class, carrier = models.ManyToManyField, kinds.ManyLinks, ManyLinksColumn

    def __init__(self, to: Any, label: Any = "", *, object: str = "", link_order: tuple[str, ...] = (), **rest: Any):
        rest.setdefault("related_name", "+")
        self.link_order = link_order
        super().__init__(label, to=to, **rest)
        self.kind = self.kind_class(to=object or (to.lower() if isinstance(to, str) else ""))

    def get_default(self) -> Any:
        return None
