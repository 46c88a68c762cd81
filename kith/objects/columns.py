"""Columns that carry a kind, and `Record`, the model that every object is made of.

A column *is* the declaration: label, kind, personal-data class, search weight, board and calendar use. In migrations it names
Django's own field class without labels or facts, so that changing a label makes no migration and old migrations never import us.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.core import checks
from django.db import models
from django.db.models import F
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

from kith.identity.names import user_references
from kith.kernel import clock
from kith.kernel.errors import Unscoped
from kith.kernel.money import Money as MoneyValue
from kith.kernel.registry import Room

from . import kinds
from .declare import (
    CONTACT,
    FREE_TEXT,
    HIGH,
    IDENTITY,
    LOW,
    NONE,
    SPECIAL,
    TITLE,
    Computed,
    Facts,
    Field,
    ObjectType,
    Reader,
    Section,
    object_type,
    stored_part,
)
from .kinds import Kind, Option, Reference

PROTECT, SET_NULL, CASCADE = models.PROTECT, models.SET_NULL, models.CASCADE

__all__ = [
    "CASCADE", "CONTACT", "FREE_TEXT", "HIGH", "IDENTITY", "LOW", "NONE", "PROTECT", "SET_NULL", "SPECIAL", "TITLE",
    "Address", "Boolean", "Choice", "Country", "Date", "DateTime", "Decimal", "Email", "Emails", "Integer", "Language", "Link",
    "LongText", "ManyLinks", "Money", "Option", "Owner", "PersonName", "Phone", "Phones", "Record", "Section", "Tags", "Text",
    "TimeZone", "User", "WebAddress",
]  # fmt: skip


# ── carriers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Column(Field):
    """A field whose value lies in a column of the object's own table."""

    def __init__(self, name: str, column: KindColumn, **rest: Any):
        super().__init__(
            name,
            column.kind,
            column.verbose_name,
            help=column.help_text,
            required=column.required,
            facts=column.facts,
            **rest,
        )
        self.column = column
        self.attname: str = column.attname  # type: ignore[attr-defined]
        self.writable = column.writable
        self.sortable = column.kind.sortable

    def default(self) -> Any:
        given = self.column.start
        return given() if callable(given) else self.kind.empty if given is None else given

    def get(self, record: Any) -> Any:
        return getattr(record, self.attname)

    def put(self, record: Any, value: Any) -> None:
        setattr(record, self.attname, value)
        for suffix, (_make, compute) in self.kind.companions().items():
            setattr(record, f"{self.name}_{suffix}", compute(value))

    @property
    def columns(self) -> list[str]:
        """Names of the columns that a write of this field touches."""
        return [self.name, *(f"{self.name}_{suffix}" for suffix in self.kind.companions())]

    def expression(self) -> Any:
        return F(self.attname)

    def part_expression(self, part: str, kind: Kind) -> Any:
        """The expression of one part of a composite value."""
        return self.column.part_expression(part, kind)

    def sort_expression(self) -> Any:
        for suffix in ("sort", "main"):
            if suffix in self.kind.companions():
                return F(f"{self.name}_{suffix}")
        if self.kind.stores_packed:
            # As it is stored: the place in a list is compared in SQL, not shown.
            return models.ExpressionWrapper(self.expression(), output_field=self.column.plain())
        return self.kind.sort_expression(self.expression())


class LinkColumn(Column):
    """A link to one record of another object."""

    sortable = False

    def get(self, record: Any) -> Any:
        record_id = getattr(record, self.attname)
        if record_id is None:
            return None
        found = record.attached.get(self.name)
        return found if found is not None and found.id == record_id else Reference(self.target or "", record_id, "")

    def put(self, record: Any, value: Any) -> None:
        setattr(record, self.attname, value.id if value is not None else None)
        record.attached.pop(self.name, None)

    def attach(self, records: list[Any], reader: Reader) -> None:
        ids = {getattr(r, self.attname) for r in records} - {None}
        found = references(self.target or "", ids, reader) if ids else {}
        for record in records:
            record.attached[self.name] = found.get(getattr(record, self.attname))


class UserColumn(LinkColumn):
    """A link to a user."""

    def attach(self, records: list[Any], reader: Reader) -> None:
        ids = {getattr(r, self.attname) for r in records} - {None}
        names = user_references(ids) if ids else {}
        for record in records:
            key = getattr(record, self.attname)
            record.attached[self.name] = Reference("identity.user", key, names[key]) if key in names else None


class ManyLinksColumn(Column):
    """Links to several records: rows of a table between, which may itself be an object with fields of its own."""

    sortable = False

    def get(self, record: Any) -> Any:
        return record.attached.get(self.name, ())

    def put(self, record: Any, value: Any) -> None:
        record.attached[self.name] = tuple(value)

    @property
    def columns(self) -> list[str]:
        return []

    @property
    def through(self) -> tuple[Any, str, str]:
        """The model between, and its attributes for our id and for the other's."""
        column: Any = self.column
        model = column.remote_field.through
        return (
            model,
            model._meta.get_field(column.m2m_field_name()).attname,
            model._meta.get_field(column.m2m_reverse_field_name()).attname,
        )

    def pairs(self, ids: Any) -> list[tuple[int, int]]:
        """(our id, their id) for records with these ids, the order of the links kept."""
        model, ours, theirs = self.through
        rows = models.QuerySet(model).filter(**{f"{ours}__in": ids})
        if hasattr(model, "removed_at"):
            rows = rows.filter(removed_at=None)
        order = getattr(self.column, "link_order", ()) or ("pk",)
        return list(rows.order_by(*order).values_list(ours, theirs))

    def attach(self, records: list[Any], reader: Reader) -> None:
        pairs = self.pairs([r.pk for r in records])
        found = references(self.target or "", {theirs for _ours, theirs in pairs}, reader) if pairs else {}
        for record in records:
            record.attached[self.name] = tuple(
                found.get(theirs) or Reference(self.target or "", theirs, "")
                for ours, theirs in pairs
                if ours == record.pk
            )

    def expression(self) -> Any:
        raise NotImplementedError("Several links are filtered through the gate of their target, see filters.compile.")


def references(key: str, ids: Any, reader: Reader) -> dict[int, Reference]:
    """What may be shown of the records with these ids, by id; those that the reader may not see are left out."""
    target = object_type(key)
    return {
        r.pk: Reference(key, r.pk, target.title_of(r), target.url(r.pk)) for r in reader(target).filter(pk__in=set(ids))
    }


# ── model fields ─────────────────────────────────────────────────────────────────────────────────────────────────────


class KindColumn:
    """Mixed into Django's field classes: takes facts, carries a kind, and vanishes from migrations."""

    plain: ClassVar[type[models.Field[Any, Any]]]
    kind_class: ClassVar[type[Kind]]
    #: Options that belong to the kind.
    kind_options: ClassVar[tuple[str, ...]] = ()
    carrier: ClassVar[type[Column]] = Column
    verbose_name: Any
    help_text: Any

    def __init__(
        self,
        label: Any = "",
        *,
        pii: str | None = None,
        search: str | None = None,
        track: bool = False,
        board: bool = False,
        calendar: bool = False,
        lookup: bool = False,
        aka: tuple[str, ...] = (),
        icon: str = "",
        related: Any = None,
        help: Any = "",
        required: bool = False,
        writable: bool = True,
        start: Any = None,
        **options: Any,
    ):
        kind_options = {name: options.pop(name) for name in self.kind_options if name in options}
        if search == TITLE and "sort_key" in self.kind_options:
            kind_options.setdefault("sort_key", True)
        self.kind = self.kind_class(**kind_options)
        self.facts = Facts(
            pii, search, track, board, calendar, lookup, getattr(self, "is_owner", False), tuple(aka), icon, related
        )
        self.required, self.writable, self.start = required, writable, start
        for name, value in self.storage().items():
            options.setdefault(name, value)
        options.setdefault("blank", True)
        options.setdefault("verbose_name", label or None)
        options.setdefault("help_text", help)
        super().__init__(**options)

    def storage(self) -> dict[str, Any]:
        """Options of the plain Django field that holds the value."""
        return {}

    def deconstruct(self) -> Any:
        """Plain Django for migrations: no labels, no facts, none of our classes."""
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        for word in ("verbose_name", "help_text", "blank"):
            kwargs.pop(word, None)
        return name, f"django.db.models.{self.plain.__name__}", args, kwargs

    def contribute_to_class(self, cls: Any, name: str, **rest: Any) -> None:
        """Add the column, and those that the kind keeps beside it."""
        super().contribute_to_class(cls, name, **rest)  # type: ignore[misc]
        if cls._meta.abstract or cls.__module__ == "__fake__":
            return
        for suffix, (make, _compute) in self.kind.companions().items():
            make().contribute_to_class(cls, f"{name}_{suffix}")

    def check(self, **rest: Any) -> list[Any]:
        """A text-like column must say what personal data it holds: silence is not an answer."""
        found = super().check(**rest)  # type: ignore[misc]
        if self.kind.textual and self.facts.pii is None and self.model._meta.app_label != "__fake__":  # type: ignore[attr-defined]
            found.append(
                checks.Error(
                    f"{self} is text of people: say pii=NONE, IDENTITY, CONTACT, FREE_TEXT or SPECIAL.",
                    obj=self,
                    id="kith.E001",
                )
            )
        return found

    def get_default(self) -> Any:
        """Nothing, in the kind's own words, unless the column says otherwise."""
        return self.kind.empty if not self.has_default() else super().get_default()  # type: ignore[attr-defined, misc]

    def part_expression(self, part: str, kind: Kind) -> Any:
        """The expression of one part of a composite value."""
        return stored_part(self.name, self.kind, part, kind)  # type: ignore[attr-defined]


class PackedColumn(KindColumn):
    """A column that stores the packed form and gives back the kind's own value."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        above = getattr(super(), "from_db_value", None)
        if above is not None:
            value = above(value, expression, connection)
        return self.kind.unpack(value)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression") or self.kind.is_empty(value):
            return value if hasattr(value, "resolve_expression") else None
        return super().get_prep_value(self.kind.pack(value))  # type: ignore[misc]


class JsonColumn(PackedColumn, models.JSONField):
    plain = models.JSONField

    def storage(self) -> dict[str, Any]:
        return {"null": True}

    def get_default(self) -> Any:
        return self.kind.empty


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


class _Stamp(DateTime):
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

    def __init__(self, to: Any, label: Any = "", *, on_delete: Any = SET_NULL, object: str = "", **rest: Any):
        rest.setdefault("related_name", "+")
        self.object_key = object or (to.lower() if isinstance(to, str) else "")
        super().__init__(label, to=to, on_delete=on_delete, **rest)
        self.kind = self.kind_class(to=self.object_key)

    def storage(self) -> dict[str, Any]:
        return {"null": True}


class User(KindColumn, models.ForeignKey):
    """A link to a user."""

    plain, kind_class, carrier = models.ForeignKey, kinds.User, UserColumn

    def __init__(self, label: Any = "", *, to: Any = "identity.User", on_delete: Any = SET_NULL, **rest: Any):
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


# ── the record ───────────────────────────────────────────────────────────────────────────────────────────────────────


class ClosedManager(models.Manager):
    """A gate that is closed by default: records are reached by `visible_to(actor, …)` and in no other way."""

    use_in_migrations = False

    def get_queryset(self) -> Any:
        raise Unscoped(f"Say for whom: visible_to(actor, {self.model.__name__}).")


class Record(models.Model):
    """What every record has. Rooms add columns and a `class Crm` with key, slug, icon, title, list and form."""

    created_at = _Stamp(_("Created"), writable=False, start=clock.now, icon="calendar-plus")
    created_by = User(_("Created by"), writable=False)
    changed_at = _Stamp(_("Last changed"), writable=False, start=clock.now, db_index=True, icon="history")
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(
        "identity.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    custom = models.JSONField(default=dict, blank=True, editable=False)

    objects = ClosedManager()

    crm_key: ClassVar[str]

    class Meta:
        abstract = True
        default_permissions = ()

    @property
    def attached(self) -> dict[str, Any]:
        """What fields loaded for showing this record (linked titles), by field name."""
        return self.__dict__.setdefault("_attached", {})

    def object_key(self) -> str:
        """Key of the object that this record is of."""
        return self.crm_key

    @classmethod
    def contribute(cls, room: Room) -> None:
        """Register the object that this class declares."""
        ObjectType.registry.add(cls.Crm.key, describe(cls))  # type: ignore[attr-defined]


_CRM = {
    "key", "slug", "icon", "title", "list", "form", "quick", "nav", "follows", "rules", "help", "subject", "duplicates", "keep", "sort", "computed",
}  # fmt: skip


def describe_inherited(model: Any) -> list[Field]:
    """The fields that a Record class has without its own form: owner and what every record has."""
    return [c.carrier(c.name, c) for c in model._meta.fields if isinstance(c, KindColumn)]


def describe(model: Any) -> ObjectType:
    """The ObjectType of a Record class, from its columns and its `class Crm`."""
    crm = {name: value for name, value in vars(model.Crm).items() if not name.startswith("_")}
    unknown = set(crm) - _CRM
    if unknown:
        raise TypeError(f"{model.__name__}.Crm says {', '.join(sorted(unknown))}, which nothing reads.")
    crm.pop("keep", None)
    columns = [f for f in (*model._meta.fields, *model._meta.many_to_many) if isinstance(f, KindColumn)]
    # What people wrote comes before what every record has.
    inherited = {f.name for f in Record._meta.fields}
    columns.sort(key=lambda f: f.name in inherited)
    fields: list[Field] = [c.carrier(c.name, c) for c in columns]
    fields += [Computed(**spec) if isinstance(spec, dict) else spec for spec in crm.pop("computed", ())]
    model.crm_key = crm["key"]
    made = ObjectType(
        crm.pop("key"),
        model=model,
        label=model._meta.verbose_name,
        plural=model._meta.verbose_name_plural,
        fields=fields,
        help=crm.pop("help", "") or (model.__doc__ or "").strip(),
        **crm,
    )
    made.declared_by = model  # type: ignore[attr-defined]
    for name in (*made.list, *(n for section in made.form for n in section.names)):
        made.own[name.partition(".")[0]]  # a KeyError here names a field that the class does not have
    return made
