"""The columns of a board: the values of a field as somebody sees them, and what each of them means for the records in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Value
from django.db.models.lookups import Exact, In, IsNull
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kith.identity.names import active_users
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY
from kith.kernel.sentences import counted
from kith.kernel.viewer import Viewer
from kith.objects.access import fields as fields_of
from kith.objects.access import readable
from kith.objects.declare import Field, ObjectType, object_type
from kith.objects.kinds import Option, faces
from kith.objects.kinds.spoken import said
from kith.objects.query import listing

from ..widgets import links_to_users

#: A board of more columns is no board.
MOST = 20
#: What an option can mean for a record that comes there: it is over, for better or worse.
CLOSING = ("won", "lost")


@dataclass(frozen=True)
class Column:
    """One column. `text` is its value as forms say it, "" for the records that are in none of the others; `where` finds its records.

    `probability` (percent) and `limit` (days) are None where nobody said any; `asks` names fields that a move to it asks for.
    """

    number: int
    text: str
    key: Any
    label: str
    where: Q
    hue: int | None = None
    icon: str = ""
    meaning: str = ""
    probability: int | None = None
    limit: int | None = None
    asks: tuple[str, ...] = ()
    face: SafeString = EMPTY
    rest: bool = False

    @property
    def closing(self) -> bool:
        """Whether what comes here is over."""
        return self.meaning in CLOSING


def can_be_columns(field: Field) -> bool:
    """Whether the values of `field` can be columns: those of a short closed list, colleagues, or records of another object."""
    if field.kind.multiple or not field.filterable or not field.fact or field.name != field.id.partition(".")[0]:
        return False
    if field.target:
        return True
    options = field.kind.choices(_ANYBODY)
    return options is not None and 0 < len(options) <= MOST


_ANYBODY = Viewer()


def fields_for(actor: Actor, o: ObjectType) -> list[Field]:
    """The fields by which `actor` may lay out a board, the likeliest first: stages, other closed lists, colleagues, links."""
    found = [f for f in fields_of(actor, o).values() if can_be_columns(f)]
    return sorted(found, key=lambda f: (not f.facts.board, bool(f.target), bool(f.target) and not links_to_users(f)))


def field_for(actor: Actor, o: ObjectType, name: str) -> Field:
    """The field that a view names, or the likeliest one; Refused, in a sentence, where there is none."""
    if name:
        field = readable(actor, o, name)
        if not can_be_columns(field):
            raise Refused(_("“%(field)s” cannot be the columns of a board.") % {"field": field.label}, field=name)
        return field
    found = fields_for(actor, o)
    if not found:
        raise Refused(_("There is no field here whose values could be columns."))
    return found[0]


def columns_of(actor: Actor, field: Field, viewer: Viewer) -> list[Column]:
    """The columns of a board by `field`, the one for records in none of the others last; Refused when there are too many."""
    values = _values(actor, field, viewer)
    if len(values) > MOST:
        raise Refused(
            _("“%(field)s” has too many values for a board. It can have %(n)s columns at most.")
            % {"field": field.label, "n": counted(MOST)},
            field=field.name,
        )
    expression = field.expression()
    made = [
        Column(n, text, key, label, Q(Exact(expression, Value(key))), **facts)
        for n, (text, key, label, facts) in enumerate(values)
    ]
    if not field.kind.is_empty(field.kind.empty):
        # Yes and no leave nothing over.
        return made
    keys = [column.key for column in made]
    rest = Q(IsNull(expression, True)) | ~Q(In(expression, keys)) if keys else Q()
    label = pgettext("column of a board", "None of these") if field.target else pgettext("column of a board", "Not set")
    return [*made, Column(len(made), "", None, label, rest, rest=True)]


def _values(actor: Actor, field: Field, viewer: Viewer) -> list[tuple[str, Any, str, dict[str, Any]]]:
    """Value as text, as it is stored, its name, and the facts of its column."""
    if links_to_users(field):
        return [
            (str(pk), pk, name, {"face": faces.avatar(name, None, "us s")}) for pk, name in active_users()[: MOST + 1]
        ]
    if field.target:
        target = object_type(field.target)
        found = listing(actor, target, columns=[target.title], sort=target.title, limit=MOST + 1, viewer=viewer)
        named = target.title in fields_of(actor, target)
        titled = [(r.pk, target.title_of(r, viewer) if named else f"#{r.pk}") for r in found.records]
        return [(str(pk), pk, title, {"face": faces.logo(title)}) for pk, title in titled]
    return [
        (field.kind.export(option.value), field.comparable(option.value), said(option.label, viewer), _facts(option))
        for option in field.kind.choices(viewer) or ()
    ]


def _facts(option: Option) -> dict[str, Any]:
    return {
        "hue": option.hue,
        "icon": option.icon,
        "meaning": option.meaning,
        "probability": option.probability,
        "limit": option.limit,
        "asks": option.asks,
    }


def column_of(columns: list[Column], field: Field, record: Any) -> Column | None:
    """In which of `columns` a record stands; None where it stands in none of them."""
    value = field.get(record)
    empty = field.kind.is_empty(value)
    key = None if empty else value.id if field.target else field.comparable(value)
    rest = next((c for c in columns if c.rest), None)
    return next((c for c in columns if not c.rest and c.key == key), rest)


def column_named(columns: list[Column], text: str) -> Column:
    """The column whose value is `text`; Refused for a value that has none."""
    found = next((c for c in columns if c.text == text), None)
    if found is None:
        raise Refused(_("This column is not there any more. Load the page again."))
    return found
