"""A record as programs get it: which fields, in what form, and the linked records that come along."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused
from kith.kernel.sentences import counted

from . import reads
from .access import fields as fields_of
from .access import readable
from .declare import Field, ObjectType, object_type
from .query import listing

#: So many fields may be named, links expanded, and linked records come along with one answer for each link.
MOST_FIELDS, MOST_EXPANDED, MOST_ALONG = 200, 5, 500
LARGEST = 2**63 - 1


def usual(actor: Actor, o: ObjectType) -> list[Field]:
    """The fields that are sent when none are named: all that the caller may see, but for what is only a column of lists."""
    return [field for field in fields_of(actor, o).values() if field.fact]


class Shape:
    """What of an object's records is sent: `names` are paths of fields, None for the usual ones."""

    def __init__(self, actor: Actor, o: ObjectType, names: Iterable[str] | None = None):
        self.actor, self.o = actor, o
        self.fields = usual(actor, o) if names is None else [readable(actor, o, name) for name in names]
        #: Links whose records come along.
        self.expand: list[Field] = []
        #: What lists have to load; everything else lies in the record's own row, links as ids.
        self.loaded = [f.name for f in self.fields if f.apart]
        self._bare = [f for f in self.fields if not f.apart]
        self._cells = [(f.name, f.get, f.kind.wire) for f in self.fields]
        self._titled = o.title in fields_of(actor, o)

    def bringing(self, names: Iterable[str]) -> Shape:
        """The same, and the records to which these links lead."""
        self.expand = [self._link(name) for name in names]
        self.loaded = list(dict.fromkeys([*self.loaded, *(f.name for f in self.expand if f.apart)]))
        return self

    def _link(self, name: str) -> Field:
        field = readable(self.actor, self.o, name)
        if field.target is None or field.target not in ObjectType.known() or "." in name:
            raise Refused(_("“%(field)s” leads to no records that could come along.") % {"field": field.label})
        return field

    def records(self, found: list[Any]) -> list[dict[str, Any]]:
        """Records that a list with the columns `loaded` gave, as programs get them."""
        reads.note(self.actor, self.o, self._bare, found)
        along = {link.name: self._along(link, found) for link in self.expand}
        made = []
        for record in found:
            sent = {
                "object": self.o.key,
                "id": record.pk,
                "version": record.version,
                "title": self.o.title_of(record) if self._titled else f"#{record.pk}",
                "url": self.o.url(record.pk),
                "values": {name: wire(get(record)) for name, get, wire in self._cells},
            }
            if self.expand:
                sent["expanded"] = {
                    link.name: [along[link.name][pk] for pk in _ids(link, record) if pk in along[link.name]]
                    for link in self.expand
                }
            made.append(sent)
        return made

    def _along(self, link: Field, found: list[Any]) -> dict[int, dict[str, Any]]:
        """The records that a link leads to from all of these, as far as the caller may see them: id → record."""
        wanted = {pk for record in found for pk in _ids(link, record)}
        if len(wanted) > MOST_ALONG:
            sentence = _("More than %(n)s records would come along by “%(field)s”. Ask for fewer records at once.")
            raise Refused(sentence % {"n": counted(MOST_ALONG), "field": link.label})
        if not wanted:
            return {}
        inner = Shape(self.actor, object_type(link.target))
        page = listing(self.actor, inner.o, where=Q(pk__in=wanted), columns=inner.loaded, sort="", limit=MOST_ALONG)
        return {sent["id"]: sent for sent in inner.records(page.records)}


def _ids(link: Field, record: Any) -> list[int]:
    value = link.get(record)
    return [one.id for one in (value if isinstance(value, tuple) else (value,)) if one is not None]


def number(pk: int) -> int:
    """The number of a record from an address; Missing for what no record can have."""
    if not 0 < pk <= LARGEST:
        raise Missing
    return pk


def one(shape: Shape, pk: int, *, trash: bool = False) -> dict[str, Any]:
    """One record; Missing where it does not exist or is not the caller's to see."""
    page = listing(shape.actor, shape.o, where=Q(pk=number(pk)), columns=shape.loaded, limit=1, trash=trash)
    if not page.records:
        raise Missing
    return shape.records(page.records)[0]
