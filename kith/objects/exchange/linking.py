"""Links of imported rows: words and foreign keys become references, for many rows together, and missing records are made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from kith.identity.names import find_users
from kith.kernel.actor import Actor
from kith.kernel.errors import KithError, Refused
from kith.kernel.viewer import Viewer

from ..access import fields as fields_of
from ..access import may
from ..declare import Field, ObjectType, object_type
from ..kinds import Reference
from ..query import reader, visible_to
from ..search import matching
from ..write import Draft, write
from ..write.links import by_title
from .finding import known_keys, same
from .rows import Parsed, one_reference

#: A row and the record that it stands for, None where it makes one.
Pair = tuple[Parsed, Any]
#: "Inès Moreau (ines@example.com)", as one program writes people.
_NAME_AND_ADDRESS = re.compile(r"(.*\S)\s*[(<]([^()<>]+@[^()<>]+)[)>]")


@dataclass
class Linked:
    """What linking one batch of rows left to do."""

    #: (row, field name, key) of foreign keys that nothing has yet.
    late: list[tuple[Parsed, str, str]] = field(default_factory=list)
    #: (row, object, key, record id): what a row told by naming a record by words and by key.
    learned: list[tuple[Parsed, str, str, int]] = field(default_factory=list)
    #: Records made because rows named them: (object, id) → numbers of those rows.
    made: dict[tuple[str, int], set[int]] = field(default_factory=dict)


class Linker:
    """Turns what cells named into references that the actor may see; `create` makes what is missing where she may."""

    def __init__(self, actor: Actor, viewer: Viewer, *, create: bool, source: str, ours: bool, leave: bool = False):
        self.actor, self.viewer, self.create, self.source, self.leave = actor, viewer, create, source, leave
        #: Whether the file is an export of our own: only there does "12" mean our number twelve.
        self.ours = ours
        #: How many records were made because rows named them.
        self.made = 0
        #: What several records of one name came down to, so that a thousand rows ask once.
        self._narrow: dict[tuple[str, str, tuple[int, ...]], list[int]] = {}
        self._titles: dict[str, Field | None] = {}

    def link(self, rows: Sequence[Pair], fields: dict[str, Field]) -> Linked:
        """Put references into the rows' values; faults are told to the row."""
        linked = Linked()
        found: dict[str, dict[str, list[int]]] = {}
        for name in dict.fromkeys(name for parsed, _record in rows for name in parsed.wanted):
            named = [(parsed, record) for parsed, record in rows if name in parsed.wanted]
            if fields[name].kind.multiple:
                fields[name].attach([r for _p, r in named if r is not None], reader(self.actor))
            found[name] = self._find(fields[name], [text for parsed, _r in named for text in parsed.wanted[name]])
        for parsed, record in rows:
            for name, texts in parsed.wanted.items():
                for text in texts:
                    self._judge(parsed, record, fields[name], text, found[name])
        # Only rows that still stand may have records made for them.
        self._make([parsed for parsed, _r in rows if self.leave or not parsed.problems], fields, found, linked)
        for parsed, _record in rows:
            for name, texts in parsed.wanted.items():
                chosen = [(text, parsed.chosen.get((name, text)) or _only(found[name].get(text))) for text in texts]
                references = [Reference(fields[name].target or "", pk, text) for text, pk in chosen if pk]
                if references:
                    parsed.values[name] = one_reference(fields[name], references)
        self._by_keys(rows, fields, linked)
        return linked

    def by_key(self, target: str, keys: Iterable[str]) -> dict[str, Reference]:
        """Visible records that have these keys in the other program."""
        known = known_keys(target, self.source, set(keys))
        live = set(visible_to(self.actor, target).filter(pk__in=known.values()).values_list("pk", flat=True))
        return {key: Reference(target, pk) for key, pk in known.items() if pk in live}

    def take_back(self, linked: Linked, written: Iterable[int]) -> None:
        """Delete the records that were made for rows of which none was written: a refused row leaves nothing behind."""
        kept = set(written)
        unused = [made for made, rows in linked.made.items() if not rows & kept]
        for target in dict.fromkeys(key for key, _pk in unused):
            records = visible_to(self.actor, target).filter(pk__in=[pk for key, pk in unused if key == target])
            outcomes = write(self.actor, target, [Draft(record=record, verb="undo_create") for record in records])
            self.made -= sum(outcome.ok for outcome in outcomes)

    # ── by keys ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _by_keys(self, rows: Sequence[Pair], fields: dict[str, Field], linked: Linked) -> None:
        for name in dict.fromkeys(name for parsed, _record in rows for name in parsed.keys):
            target = fields[name].target or ""
            found = self.by_key(target, [p.keys[name] for p, _r in rows if name in p.keys])
            for parsed, _record in rows:
                key = parsed.keys.get(name)
                if key is None:
                    continue
                named = parsed.values.get(name) if name in parsed.wanted else None
                one = named[0] if isinstance(named, tuple) and len(named) == 1 else named
                if key in found:
                    parsed.values[name] = one_reference(fields[name], [found[key]])
                elif isinstance(one, Reference):
                    # The row names the record by words as well: now we know whose key it is.
                    linked.learned.append((parsed, target, key, one.id))
                elif named is None:
                    linked.late.append((parsed, name, key))

    # ── by words ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _find(self, found_by: Field, named: Iterable[str]) -> dict[str, list[int]]:
        """Ids of the visible records that these words may mean."""
        texts = list(dict.fromkeys(named))
        if found_by.target == "identity.user":
            return _colleagues(texts)
        target = object_type(found_by.target)
        numbers = {t: int(t.removeprefix("#")) for t in texts if (self.ours or t.startswith("#")) and _is_number(t)}
        words = [text for text in texts if text not in numbers]
        found = by_title(self.actor, target, words) if words else {}
        self._add_numbers(target, numbers, found)
        missing = [text for text in words if not found.get(text)]
        if missing and target.title_field.kind.parts:
            self._by_shown(target, missing, found)
        return found

    def _by_shown(self, target: ObjectType, texts: list[str], found: dict[str, list[int]]) -> None:
        """Names put together from parts are not stored as they are shown: searched for, then compared."""
        if target.title not in fields_of(self.actor, target):
            return
        for text in texts:
            condition = matching(target, text, [target.title_field])
            if condition is not None:
                # All that hold the words, not the first few: the one that is meant may come late among many of a common name.
                rows = visible_to(self.actor, target).filter(condition).iterator(chunk_size=500)
                found[text] = [r.pk for r in rows if same(target.title_of(r, self.viewer)) == same(text)]

    def _add_numbers(self, target: ObjectType, numbers: dict[str, int], found: dict[str, list[int]]) -> None:
        if not numbers:
            return
        live = set(visible_to(self.actor, target).filter(pk__in=numbers.values()).values_list("pk", flat=True))
        found.update({text: [pk] for text, pk in numbers.items() if pk in live})
        # A title may be a number too.
        for text, ids in by_title(self.actor, target, [t for t, pk in numbers.items() if pk not in live]).items():
            found.setdefault(text, ids)

    def _judge(self, parsed: Parsed, record: Any, link: Field, text: str, found: dict[str, list[int]]) -> None:
        """Bring the ids that `text` may mean down to one, or say why that cannot be."""
        ids = found.get(text) or []
        if len(ids) > 1:
            ids = self._narrowed(link, record, text, ids)
            if len(ids) == 1:
                parsed.chosen[link.name, text] = ids[0]
                return
        if len(ids) > 1:
            parsed.refuse(link.name, _("Several records are called “%(text)s”.") % {"text": text[:80]})
        elif not ids and not self._could_make(link, text):
            parsed.refuse(link.name, _("“%(text)s” was not found.") % {"text": text[:80]})

    def _narrowed(self, link: Field, record: Any, text: str, ids: list[int]) -> list[int]:
        """Of several records of one name: the one linked now, else the one that is written exactly so."""
        now = link.get(record) if record is not None else None
        linked = {one.id for one in (now if isinstance(now, tuple) else (now,)) if one is not None}
        if kept := [pk for pk in ids if pk in linked]:
            return kept[:1]
        if link.target == "identity.user":
            return ids
        target = object_type(link.target)
        if target.title not in fields_of(self.actor, target):
            return ids
        known = (target.key, text, tuple(ids))
        if known not in self._narrow:
            rows = visible_to(self.actor, target).filter(pk__in=ids)
            self._narrow[known] = [r.pk for r in rows if same(target.title_of(r, self.viewer)) == same(text)] or ids
        return self._narrow[known]

    # ── what is missing ──────────────────────────────────────────────────────────────────────────────────────────────

    def _could_make(self, link: Field, text: str) -> bool:
        """Whether a record can be made of a name alone, and by this actor."""
        if not self.create or link.target == "identity.user":
            return False
        title = self._title(object_type(link.target))
        if title is None:
            return False
        try:
            title.kind.parse(text, self.viewer)
        except Refused:
            return False
        return True

    def _title(self, target: ObjectType) -> Field | None:
        if target.key not in self._titles:
            writable = fields_of(self.actor, target, "create")
            title = writable.get(target.title)
            needed = [f for f in writable.values() if f.required and f is not title and f.kind.is_empty(f.default())]
            self._titles[target.key] = title if not needed and may(self.actor, "create", target) else None
        return self._titles[target.key]

    def _make(
        self, rows: list[Parsed], fields: dict[str, Field], found: dict[str, dict[str, list[int]]], linked: Linked
    ) -> None:
        """Make the records that rows name and nobody has; two spellings of one name in a file are one record."""
        wanted: dict[str, dict[str, list[tuple[Parsed, str, str]]]] = {}
        for parsed in rows:
            for name, texts in parsed.wanted.items():
                for text in texts:
                    if not found[name].get(text) and self._could_make(fields[name], text):
                        by_name = wanted.setdefault(fields[name].target or "", {})
                        by_name.setdefault(same(text), []).append((parsed, name, text))
        for key, by_name in wanted.items():
            title = self._title(object_type(key))
            if title is None:
                continue
            drafts = [
                Draft({title.name: title.kind.parse(asked[0][2], self.viewer)}, place=asked)
                for asked in by_name.values()
            ]
            for outcome in write(self.actor, key, drafts):
                asked = outcome.draft.place
                for parsed, name, text in asked:
                    if outcome.error is None:
                        found[name][text] = [outcome.record.pk]
                    else:
                        parsed.refuse(name, str(outcome.error))
                if outcome.error is None:
                    self.made += 1
                    linked.made[key, outcome.record.pk] = {parsed.row.number for parsed, _name, _text in asked}


def _colleagues(texts: list[str]) -> dict[str, list[int]]:
    """Users by address or name; also by both in one, the address counting first."""
    found = find_users(texts)
    both = {text: told for text in texts if not found[text] and (told := _NAME_AND_ADDRESS.fullmatch(text))}
    if both:
        again = find_users({part.strip() for told in both.values() for part in told.groups()})
        for text, told in both.items():
            found[text] = again[told[2].strip()] or again[told[1].strip()]
    return found


def _only(ids: list[int] | None) -> int | None:
    return ids[0] if ids and len(ids) == 1 else None


def _is_number(text: str) -> bool:
    bare = text.removeprefix("#").strip()
    return bare.isdecimal() and 0 < len(bare) < 19


def faults(error: KithError) -> list[tuple[str, str]]:
    """(field name or "", sentence) of everything that an error says."""
    if isinstance(error, Refused):
        return [(name, sentence) for name, sentences in error.errors.items() for sentence in sentences]
    return [("", str(error))]
