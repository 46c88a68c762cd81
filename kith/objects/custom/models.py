"""Definitions that users wrote, and the shared table of the objects that they made."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..columns import Owner, Record


class CustomObject(models.Model):
    """An object that users made. `labels` and `plurals` are texts by language; "" is the default."""

    key = models.SlugField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    label = models.CharField(max_length=120)
    plural = models.CharField(max_length=120)
    labels = models.JSONField(default=dict)
    plurals = models.JSONField(default=dict)
    icon = models.CharField(max_length=40, default="square")
    title = models.CharField(max_length=20, default="")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()


class CustomField(models.Model):
    """A field that users made; `labels` and `helps` are texts by language.

    Its id (`f12`) is the key in the JSON column and never changes; names may.
    """

    object = models.CharField(max_length=80, db_index=True)
    label = models.CharField(max_length=120)
    labels = models.JSONField(default=dict)
    help = models.CharField(max_length=300, default="", blank=True)
    helps = models.JSONField(default=dict)
    kind = models.CharField(max_length=40)
    options = models.JSONField(default=dict)
    pii = models.CharField(max_length=20, default="free_text")
    search = models.CharField(max_length=10, default="", blank=True)
    required = models.BooleanField(default=False)
    indexed = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    @property
    def field_id(self) -> str:
        """The immutable name: `f12`."""
        return f"f{self.pk}"


class FieldLook(models.Model):
    """What administrators decided about the options of one field, over its declaration. `looks` is as `Choice.relook` reads it."""

    object = models.CharField(max_length=80)
    field = models.CharField(max_length=80)
    looks = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["object", "field"], name="field_look_once")]

    def object_key(self) -> str:
        """Where the ledger files it."""
        return "objects.look"


class DefinitionVersion(models.Model):
    """One row whose number rises with every change of a definition: one cheap read per request decides on reloading."""

    number = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()


class CustomRecord(Record):
    """A record of any object that users made."""

    definition = models.ForeignKey(CustomObject, on_delete=models.PROTECT, related_name="+", editable=False)
    owner = Owner(_("Owner"))

    class Meta:
        default_permissions = ()

    def object_key(self) -> str:
        return f"custom.o{self.definition_id}"  # type: ignore[attr-defined]
