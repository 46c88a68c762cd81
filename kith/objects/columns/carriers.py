"""Carriers of fields whose values lie in columns of the object's own table, or in rows between two tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F

from kith.identity.names import user_references
from kith.kernel import collation
from kith.kernel.money import Money
from kith.kernel.text import fold
from kith.kernel.viewer import Viewer

from ..declare import Field, Reader, object_type
from ..kinds import Kind, Reference
from ..kinds.money import Worth
from ..kinds.order import KEY, Order, key_suffix


class Column(Field):
    """A field whose value lies in a column of the object's own table."""

    def __init__(self, name: str, column: Any, **rest: Any):
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
        self.attname: str = column.attname
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

    def texts(self) -> list[tuple[Any, Callable[[str], str]]]:
        return [(F(f"{self.name}_{self.kind.folded_in}"), fold), *super().texts()]

    def part_expression(self, part: str, kind: Kind) -> Any:
        """The expression of one part of a composite value."""
        return self.column.part_expression(part, kind)

    def order(self, viewer: Viewer) -> Order:
        companions, keys = self.kind.companions(), key_suffix(viewer.language)
        if keys in companions:
            return Order(F(f"{self.name}_{keys}"), of=f"{keys} {collation.VERSION}")
        if KEY in companions:
            return Order(F(f"{self.name}_{KEY}"))
        expression = self.expression()
        if self.kind.stores_packed:
            # As it is stored: the place in a list is compared in SQL, not shown.
            expression = models.ExpressionWrapper(expression, output_field=self.column.plain())
        order = self.kind.order(expression, viewer)
        return replace(order, full=order.served and not self.column.null)


class MoneyColumn(Column):
    """An amount, and beside it what it is worth in the base currency."""

    _KEPT: ClassVar[dict[str, str]] = {
        "amount": "base", "currency": "base_currency", "rate": "rate", "day": "rate_day", "on": "valued_on",
    }  # fmt: skip

    def worth(self, record: Any) -> Worth | None:
        on = getattr(record, f"{self.name}_valued_on")
        if on is None:
            return None
        base, rate = getattr(record, f"{self.name}_base"), getattr(record, f"{self.name}_rate")
        currency = getattr(record, f"{self.name}_base_currency")
        made = Money.from_scaled(base, currency) if base is not None and currency else None
        return Worth(made, Decimal(rate) if rate else None, getattr(record, f"{self.name}_rate_day"), on)

    def keep(self, record: Any, worth: Worth | None) -> None:
        base = worth.base if worth is not None else None
        values = {
            "amount": base.scaled if base is not None else None,
            "currency": base.currency if base is not None else "",
            "rate": f"{worth.rate:f}" if worth is not None and worth.rate is not None else "",
            "day": worth.day if worth is not None else None,
            "on": worth.on if worth is not None else None,
        }
        for what, value in values.items():
            setattr(record, f"{self.name}_{self._KEPT[what]}", value)

    @property
    def kept_columns(self) -> list[str]:
        return [f"{self.name}_{suffix}" for suffix in self._KEPT.values()]

    def kept_expression(self, what: str) -> Any:
        return F(f"{self.name}_{self._KEPT[what]}")

    def order(self, viewer: Viewer) -> Order:
        """By worth: 500 yen are less than 400 euros."""
        return Order(self.kept_expression("amount"))


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
    apart = True

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
    # A reader that knows its actor keeps a hidden title hidden here, too.
    named = getattr(reader, "title_of", lambda o, record: o.title_of(record))
    return {
        r.pk: Reference(key, r.pk, named(target, r), target.url(r.pk)) for r in reader(target).filter(pk__in=set(ids))
    }
