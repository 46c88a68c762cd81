"""Which records the rows of a file stand for: found for many rows with a few queries, through the read gate."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused

from ..access import fields as fields_of
from ..columns import ManyLinksColumn
from ..declare import Field, ObjectType
from ..keys import Key
from ..query import reader, visible_to
from . import mapping as maps
from .models import SourceKey
from .rows import Parsed

#: Long, with letters and digits mixed: nobody counts up such keys by hand.
_WORLDWIDE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_{}-]{12,}")
#: One way of finding, and what a row has for it: what two rows must not have in common when they are written together.
Mark = tuple[str, str]


class Finder:
    """Finds the records of rows by the matches chosen, in their order: the first that finds anything decides."""

    def __init__(self, actor: Actor, o: ObjectType, match: Sequence[str], source: str):
        self.actor, self.o, self.match, self.source = actor, o, match, source
        self.fields = fields_of(actor, o)
        #: The values behind keys, for what the database is asked by value.
        self._values: dict[tuple[str, str], Any] = {}
        for way in match:
            check_match(self.o, self.fields, way)

    def marks(self, parsed: Parsed) -> set[Mark]:
        """Everything that this row may be found by."""
        found: set[Mark] = set()
        for way in self.match:
            found.update((way, key) for key in self._row_keys(parsed, way))
        return found

    def find(self, rows: Sequence[Parsed]) -> list[list[int]]:
        """Ids of the visible records that each row stands for; more than one where the row is not clear."""
        found: list[list[int]] = [[] for _row in rows]
        for way in self.match:
            keys = [self._row_keys(row, way) if not found[i] else [] for i, row in enumerate(rows)]
            wanted = {key for some in keys for key in some}
            if not wanted:
                continue
            records = self._records(way, wanted)
            for i, some in enumerate(keys):
                ids = dict.fromkeys(pk for key in some for pk in records.get(key, ()))
                found[i] = found[i] or list(ids)
        return found

    # ── what a row has ───────────────────────────────────────────────────────────────────────────────────────────────

    def _row_keys(self, parsed: Parsed, way: str) -> list[str]:
        if way == maps.ID:
            return [str(parsed.record_id)] if parsed.record_id else []
        if way == maps.KEY:
            return [parsed.source_key] if parsed.source_key else []
        paths = way.split("+")
        if len(paths) == 1:
            return self._value_keys(paths[0], parsed)
        every = [self._value_keys(path, parsed)[:1] for path in paths]
        return ["\x1f".join(key for some in every for key in some)] if all(every) else []

    def _value_keys(self, path: str, parsed: Parsed) -> list[str]:
        name, _dot, part = path.partition(".")
        field = self.fields[name]
        if part:
            value = parsed.parts.get(name, {}).get(part)
            if value is None and name in parsed.values and not field.kind.is_empty(parsed.values[name]):
                value = field.kind.part(parsed.values[name], part)
            return _keys(field.kind.parts[part], value)
        if field.target:
            return [same(text) for text in parsed.wanted.get(name, ())]
        value = parsed.whole(field)
        keys = _keys(field.kind, value)
        if len(keys) == 1 and not field.kind.multiple:
            self._values[name, keys[0]] = value
        return keys

    # ── what records have ────────────────────────────────────────────────────────────────────────────────────────────

    def _records(self, way: str, wanted: set[str]) -> dict[str, list[int]]:
        rows = visible_to(self.actor, self.o)
        if way == maps.ID:
            return {
                str(pk): [pk] for pk in rows.filter(pk__in=[int(key) for key in wanted]).values_list("pk", flat=True)
            }
        if way == maps.KEY:
            pairs = known_keys(self.o.key, self.source, wanted)
            live = set(rows.filter(pk__in=pairs.values()).values_list("pk", flat=True))
            return {key: [pk] for key, pk in pairs.items() if pk in live}
        first, *rest = way.split("+")
        candidates = self._candidates(rows, first, {key.split("\x1f")[0] for key in wanted})
        found: dict[str, list[int]] = {}
        for record in candidates:
            for head in self._record_keys(record, first):
                others = [self._record_keys(record, path)[:1] for path in rest]
                if all(others):
                    key = "\x1f".join([head, *(key for some in others for key in some)])
                    if key in wanted and record.pk not in found.setdefault(key, []):
                        found[key].append(record.pk)
        return found

    def _candidates(self, rows: Any, path: str, keys: set[str]) -> list[Any]:
        """Records of which some may have one of `keys` in the field."""
        field = self.fields[path]
        if has_keys(field):
            ids = Key.objects.filter(object=self.o.key, field=field.id, value__in=keys).values("record")
            found = list(rows.filter(pk__in=ids))
        elif "folded" in field.kind.companions() and hasattr(field, "attname"):
            # The folded copy narrows it down by index; the exact comparison follows in Python.
            compute = field.kind.companions()["folded"][1]
            values = [self._values[path, key] for key in keys if (path, key) in self._values]
            found = list(rows.filter(**{f"{field.name}_folded__in": [compute(value) for value in values]}))
        else:
            operands = [field.kind.comparable(self._values[path, key]) for key in keys if (path, key) in self._values]
            found = list(rows.annotate(matched=field.expression()).filter(matched__in=operands))
        links = [f for f in self.fields.values() if f.target and any(f.name in way.split("+") for way in self.match)]
        for link in links:
            link.attach(found, reader(self.actor))
        return found

    def _record_keys(self, record: Any, path: str) -> list[str]:
        name, _dot, part = path.partition(".")
        field = self.fields[name]
        value = field.get(record)
        if part:
            return [] if field.kind.is_empty(value) else _keys(field.kind.parts[part], field.kind.part(value, part))
        if field.target:
            return [same(one.title) for one in (value if isinstance(value, tuple) else (value,)) if one is not None]
        return _keys(field.kind, value)


def known_keys(object_key: str, source: str, keys: set[str]) -> dict[str, int]:
    """Record ids by the other program's keys: those of `source`, then those that are the same wherever they come from.

    A key such as 0035g00000XyZAbAAN or a GUID means one record of one program in every file of it; "17" means another in each.
    """
    found = dict(SourceKey.objects.filter(object=object_key, source=source, key__in=keys).values_list("key", "record"))
    worldwide = {key for key in keys if key not in found and _WORLDWIDE.fullmatch(key)}
    if worldwide:
        elsewhere: dict[str, set[int]] = {}
        for key, record in SourceKey.objects.filter(object=object_key, key__in=worldwide).values_list("key", "record"):
            elsewhere.setdefault(key, set()).add(record)
        found.update({key: next(iter(records)) for key, records in elsewhere.items() if len(records) == 1})
    return found


def _keys(kind: Any, value: Any) -> list[str]:
    """What two equal values have in common: the keys of several values, else the value as files have it."""
    if value is None or kind.is_empty(value):
        return []
    if kind.multiple:
        return list(kind.keys(value))
    # Web addresses, e-mail addresses and phones know better than we do when two spellings are one.
    return list(kind.keys(value)) if kind.ltr else [same(kind.export(value))]


def same(text: str) -> str:
    """`text` in the form in which titles are compared: case and blanks do not count, letters and marks do."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def has_keys(field: Field) -> bool:
    """Whether the write path keeps exact-match keys of `field`."""
    return field.lookup or (field.kind.multiple and not isinstance(field, ManyLinksColumn))


def can_match(field: Field) -> bool:
    """Whether records can be found by a value of `field` alone."""
    if isinstance(field, ManyLinksColumn) or field.target or not field.filterable:
        return False
    return has_keys(field) or "folded" in field.kind.companions() or not (field.kind.stores_packed or field.kind.parts)


def check_match(o: ObjectType, fields: Mapping[str, Field], way: str) -> None:
    """Refused when records cannot be found in this way, or not by this person."""
    if way in (maps.ID, maps.KEY):
        return
    for index, path in enumerate(way.split("+")):
        name, _dot, part = path.partition(".")
        field = fields.get(name)
        if field is None or (part and part not in field.kind.parts):
            raise Refused(_("“%(object)s” has no field “%(field)s”.") % {"field": path[:80], "object": o.label})
        if index == 0 and (part or not can_match(field)):
            raise Refused(_("Records cannot be found by “%(field)s” alone.") % {"field": field.label})
