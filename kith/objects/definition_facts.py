"""What the ledger says of fields and objects that administrators make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import Fact

from .declare import ObjectType, object_type


def _objects(key: str) -> str:
    return str(object_type(key).plural) if key in ObjectType.known() else key


def _aside(definition: Any) -> bool:
    """Whether a definition says so; one that was redacted says nothing."""
    return isinstance(definition, dict) and bool(definition.get("aside"))


@dataclass(frozen=True)
class FieldDefined(Fact):
    """A field as it was and as it is; nothing for one that was not there."""

    name = "definition.field_changed"
    icon = "square-pen"
    label = lazy("Field defined")
    record: Any
    object: str
    called: str
    before: Any
    after: Any

    def sentence(self) -> str:
        told = {"field": self.called, "objects": _objects(self.object)}
        was, now = _aside(self.before), _aside(self.after)
        if not self.before:
            return _("Field “%(field)s” of %(objects)s made") % told
        if now and not was:
            return _("Field “%(field)s” of %(objects)s put aside") % told
        if was and not now:
            return _("Field “%(field)s” of %(objects)s brought back") % told
        return _("Field “%(field)s” of %(objects)s changed") % told


@dataclass(frozen=True)
class FieldsOrdered(Fact):
    """The fields of an object stand in another order: ids of their definitions."""

    name = "definition.fields_ordered"
    icon = "list-ordered"
    label = lazy("Fields put into another order")
    record: Any
    object: str
    before: Any
    after: Any

    def sentence(self) -> str:
        return _("Fields of %(objects)s put into another order") % {"objects": _objects(self.object)}


@dataclass(frozen=True)
class ObjectDefined(Fact):
    """A user-made object as it was and as it is."""

    name = "definition.object_changed"
    icon = "shapes"
    label = lazy("Object defined")
    record: Any
    called: str
    before: Any
    after: Any

    def sentence(self) -> str:
        told = {"object": self.called}
        was, now = _aside(self.before), _aside(self.after)
        if not self.before:
            return _("Object “%(object)s” made") % told
        if now and not was:
            return _("Object “%(object)s” put aside") % told
        if was and not now:
            return _("Object “%(object)s” brought back") % told
        return _("Object “%(object)s” changed") % told


FACTS = [FieldDefined, FieldsOrdered, ObjectDefined]
