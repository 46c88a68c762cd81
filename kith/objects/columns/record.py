"""`Record`, the model that every object is made of, and how its declaration becomes an ObjectType."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kith.kernel import clock
from kith.kernel.errors import Unscoped
from kith.kernel.registry import Room

from ..declare import Computed, Field, ObjectType
from .column import KindColumn
from .fields import Stamp, User


class ClosedManager(models.Manager):
    """A gate that is closed by default: records are reached by `visible_to(actor, …)` and in no other way."""

    use_in_migrations = False

    def get_queryset(self) -> Any:
        raise Unscoped(f"Say for whom: visible_to(actor, {self.model.__name__}).")


class Record(models.Model):
    """What every record has. Rooms add columns and a `class Crm` with key, slug, icon, title, list and form."""

    created_at = Stamp(pgettext_lazy("when", "Created"), writable=False, start=clock.now, icon="calendar-plus")
    created_by = User(_("Created by"), writable=False)
    changed_at = Stamp(_("Last changed"), writable=False, start=clock.now, db_index=True, icon="history")
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
    "key", "slug", "icon", "new", "title", "list", "form", "quick", "nav", "follows", "rules", "help",
    "subject", "duplicates", "alike", "next_step", "due", "about", "body", "highlights", "sort", "computed", "common", "example",
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
        **crm,
    )
    made.declared_by = model  # type: ignore[attr-defined]
    for name in (*made.list, *(n for section in made.form for n in section.names)):
        made.own[name.partition(".")[0]]  # a KeyError here names a field that the class does not have
    return made
