"""How the options of a closed list look and what they mean in numbers, as administrators decided over what the declaration says.

The order of the options, their hue, how likely what stands there is to end well, after how many days it stands there too long, and what is
asked for when something comes there. A decision
is kept as what differs from the declaration, so that what nobody touched follows the house's own vocabulary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import Fact, emit
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Refused
from kith.kernel.viewer import current_viewer

from .access import rights
from .custom import definitions
from .custom.models import FieldLook
from .declare import Field, ObjectType, object_type

#: What may be decided of an option: name → (lowest, highest).
BOUNDS = {"hue": (0, 359), "probability": (0, 100), "limit": (1, 3650)}


@dataclass(frozen=True)
class OptionsLooked(Fact):
    """An administrator decided how the options of a field look."""

    name = "options.looked"
    label = lazy("The look of a list of options was changed")
    icon = "palette"
    record: Any
    object: str
    field: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]

    def sentence(self) -> str:
        known = object_type(self.object) if self.object in ObjectType.known() else None
        field = next((f for f in known.fields.values() if f.id == self.field), None) if known else None
        if known is None or field is None:
            return _("The look of a list of options was changed.")
        return _("The options of “%(field)s” of %(object)s look different.") % {
            "field": field.label,
            "object": known.plural,
        }


def may_look(actor: Actor) -> bool:
    """Whether `actor` may decide how options look: administrators do, for everybody."""
    return rights(actor).everything and actor.observer is None


def askable(field: Field) -> dict[str, Field]:
    """What a move to an option of `field` may ask for: every other field of its object that people fill in."""
    own = field.object.fields.values()
    return {f.name: f for f in own if f.writable and f.fact and f is not field and f.name != field.object.title}


def stored(field: Field) -> tuple[dict[str, Any], int]:
    """What was decided about a field's options, and its version; ({}, 0) where nobody decided anything."""
    row = FieldLook.objects.filter(object=field.object.key, field=field.id).first()
    return (dict(row.looks), row.version) if row else ({}, 0)


def look(
    actor: Actor,
    field: Field,
    value: str,
    *,
    facts: Mapping[str, int | None],
    place: int | None = None,
    asks: Sequence[str] | None = None,
    version: int | None = None,
) -> int:
    """Decide about the option `value` of `field`; returns the version of the decision.

    `facts` holds what is decided of hue, probability and limit (None: none); `place` is where the option stands among all, from 0;
    `asks` names the fields that a move there asks for while they are empty; None leaves place and fields as they are.
    `version` is the one that was read. Forbidden for everybody but administrators; Refused, naming what is wrong, otherwise.
    """
    if not may_look(actor):
        raise Forbidden(_("Only administrators may change how the columns look."))
    options = list(field.kind.choices(current_viewer()) or ())
    values = [str(o.value) for o in options]
    if value not in values:
        raise Refused(_("This option is not there any more."))
    for name, number in facts.items():
        low, high = BOUNDS[name]
        if number is not None and not low <= number <= high:
            raise Refused(
                _("Write a number from %(low)s to %(high)s.") % {"low": low, "high": high},
                field=name,
            )
    with transaction.atomic():
        row = FieldLook.objects.select_for_update().filter(object=field.object.key, field=field.id).first()
        if version is not None and version != (row.version if row else 0):
            raise Refused(_("Somebody else changed these columns in the meantime. Look again before you save."))
        old = dict(row.looks) if row else {}
        told = {key: dict(some) for key, some in old.get("options", {}).items()}
        told[value] = {**told.get(value, {}), **facts}
        if asks is not None:
            told[value]["asks"] = [name for name in askable(field) if name in asks]
        new = {**old, "options": told}
        if place is not None:
            rest = [v for v in values if v != value]
            rest.insert(max(0, min(place, len(rest))), value)
            new["order"] = rest
        if new == old:
            return row.version if row else 0
        row = _store(row, field, new)
        emit(OptionsLooked(row, field.object.key, field.id, old, new), actor)
        definitions.changed()
        definitions.forget()
    return row.version


def _store(row: FieldLook | None, field: Field, looks: dict[str, Any]) -> FieldLook:
    """The row as decided; Refused when somebody else wrote it at the same moment."""
    overtaken = Refused(_("Somebody else changed these columns in the meantime. Look again before you save."))
    if row is None:
        try:
            with transaction.atomic():
                return FieldLook.objects.create(
                    object=field.object.key, field=field.id, looks=looks, changed_at=clock.now()
                )
        except IntegrityError:
            raise overtaken from None
    # Compare and set: where the engine does not lock rows, the version decides.
    same = FieldLook.objects.filter(pk=row.pk, version=row.version)
    if not same.update(looks=looks, version=F("version") + 1, changed_at=clock.now()):
        raise overtaken
    row.looks, row.version = looks, row.version + 1
    return row
