"""What makes a Django field a column of ours: it takes facts, carries a kind, and vanishes from migrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core import checks
from django.db import models

from ..declare import TITLE, Assumption, Facts, stored_part
from ..kinds import Kind
from .carriers import Column

if TYPE_CHECKING:
    _Base = models.Field[Any, Any]
else:
    _Base = object


class KindColumn(_Base):
    """Mixed into Django's field classes: takes facts, carries a kind, and vanishes from migrations."""

    plain: ClassVar[type[models.Field[Any, Any]]]
    kind_class: ClassVar[type[Kind]]
    #: Options that belong to the kind.
    kind_options: ClassVar[tuple[str, ...]] = ()
    carrier: ClassVar[type[Column]] = Column
    kind: Any

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
        legal_forms: bool = False,
        assumed: Assumption | None = None,
        dated: str = "",
        until: str = "",
        yearly: bool = False,
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
            pii,
            search,
            track,
            board,
            calendar,
            lookup,
            getattr(self, "is_owner", False),
            tuple(aka),
            icon,
            related,
            dated,
            until=until,
            yearly=yearly,
            legal_forms=legal_forms,
            assumed=assumed,
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
        name, _path, args, kwargs = super().deconstruct()
        for word in ("verbose_name", "help_text", "blank"):
            kwargs.pop(word, None)
        return name, f"django.db.models.{self.plain.__name__}", args, kwargs

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False, **rest: Any) -> None:
        """Add the column, and those that the kind keeps beside it."""
        super().contribute_to_class(cls, name, **rest)
        if cls._meta.abstract or cls.__module__ == "__fake__":
            return
        for suffix, (make, _compute) in self.kind.companions().items():
            companion = make()
            companion.contribute_to_class(cls, f"{name}_{suffix}")
            if isinstance(companion, models.BinaryField):
                _index(cls, f"{name}_{suffix}")

    def check(self, **rest: Any) -> list[Any]:
        """A text-like column must say what personal data it holds: silence is not an answer."""
        found = super().check(**rest)
        if self.kind.textual and self.facts.pii is None and self.model._meta.app_label != "__fake__":
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
        return self.kind.empty if not self.has_default() else super().get_default()

    def part_expression(self, part: str, kind: Kind) -> Any:
        """The expression of one part of a composite value."""
        return stored_part(self.name, self.kind, part, kind)


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
        return super().get_prep_value(self.kind.pack(value))


class JsonColumn(PackedColumn, models.JSONField):
    """A column of JSON, for kinds whose values have parts."""

    plain = models.JSONField

    def storage(self) -> dict[str, Any]:
        return {"null": True}

    def get_default(self) -> Any:
        return self.kind.empty


def _index(cls: Any, key: str) -> None:
    """An index over a column of keys that gives rows in the order of a list, equal names by id."""
    made = models.Index(fields=[key, "id"])
    # Migrations read what a class said of itself, the database what came of it: both are told.
    cls._meta.indexes = cls._meta.original_attrs["indexes"] = [*cls._meta.indexes, made]
