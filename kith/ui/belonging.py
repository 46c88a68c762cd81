"""Lists of the records that link to one: the first few of each, how many there are, and where one is added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.viewer import Viewer
from kith.objects.access import fields as fields_of
from kith.objects.access import may
from kith.objects.declare import Field, ObjectType, object_type
from kith.objects.kinds.faces import logo
from kith.objects.kinds.numerals import show_number
from kith.objects.query import count, listing

from .panels import portrait, title

#: So many items of a list are shown, and its records are counted no further.
ITEMS, COUNTED = 5, 1000


@dataclass(frozen=True)
class Item:
    """One record of a related list."""

    url: str
    title: str
    portrait: SafeString
    below: str


@dataclass(frozen=True)
class List:
    """Records that link to this one: the first few, how many there are, where all of them are, where one is added ("" for nowhere)."""

    key: str
    object: ObjectType
    label: Any
    count: str
    items: list[Item]
    all: str
    add: str


def related(actor: Actor, record: Any, viewer: Viewer) -> list[List]:
    """Lists of the records that link to this one, as far as this person may see objects and the linking fields."""
    o = object_type(record)
    made = []
    for one in o.related:
        other = one.object
        if not may(actor, "view", other) or one.field.name not in fields_of(actor, other):
            continue
        condition = f"{one.field.name}:in:{record.pk}"
        columns = [
            other.title,
            *(n for n in other.list if n.partition(".")[0] in fields_of(actor, other) and n != one.field.name),
        ][:4]
        found = listing(actor, other, filter=condition, columns=columns, limit=ITEMS, viewer=viewer)
        number = count(actor, other, filter=condition, cap=COUNTED, viewer=viewer)
        shown = show_number(number.value, viewer)
        may_add = may(actor, "create", other) and one.field.name in fields_of(actor, other, "create")
        made.append(
            List(
                one.key,
                other,
                one.label,
                shown if number.exact else _("%(number)s+") % {"number": shown},
                [_item(actor, other, r, found.columns, viewer) for r in found.records],
                f"{other.url()}?{urlencode({'filter': condition}, safe=':')}",
                f"{other.url()}new/?{urlencode({one.field.name: record.pk, 'stay': 1})}" if may_add else "",
            )
        )
    return made


def _item(actor: Actor, other: ObjectType, record: Any, columns: Iterable[Field], viewer: Viewer) -> Item:
    # A bare yes or no says nothing without its label.
    texts = [
        f.kind.format(f.get(record), viewer) for f in columns if f.name != other.title and f.kind.packed_as != "boolean"
    ]
    texts = [text for text in texts if text]
    # What has no name of its own is called by what else is known of it, before it is called by its number.
    nameless = other.title in fields_of(actor, other) and other.title_field.kind.is_empty(other.title_field.get(record))
    called = texts.pop(0) if nameless and texts else title(actor, other, record, viewer)
    picture = logo(called) if nameless else portrait(actor, other, record, viewer)
    return Item(other.url(record.pk), called, picture, " · ".join(texts[:2]))


__all__ = ["Item", "List", "related"]
