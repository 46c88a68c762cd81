"""Links of imported rows: words and foreign keys become references, for many rows together, and missing records are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from ..query import visible_to
from ..search import matching
from ..write import Draft, write
from ..write.links import by_title
from .finding import same
from .models import SourceKey
from .rows import Parsed, one_reference


class Linker:
    """Turns what cells named into references that the actor may see; `create` makes what is missing where she may."""

    def __init__(self, actor: Actor, viewer: Viewer, *, create: bool, source: str, ours: bool):
        self.actor, self.viewer, self.create, self.source = actor, viewer, create, source
        #: Whether the file is an export of our own: only there does "12" mean our number twelve.
        self.ours = ours
        self.made = 0
        #: What several records of one name came down to, so that a thousand rows ask once.
        self._narrow: dict[tuple[str, str, tuple[int, ...]], list[int]] = {}

    def link(self, rows: Sequence[tuple[Parsed, Any]], fields: dict[str, Field]) -> list[tuple[Parsed, str, str]]:
        """Put references into the rows' values. Faults are told to the row; gives the foreign keys that nothing has yet."""
        names = dict.fromkeys(name for parsed, _record in rows for name in parsed.wanted)
        for name in names:
            self._by_words([(p, r) for p, r in rows if name in p.wanted], fields[name])
        late: list[tuple[Parsed, str, str]] = []
        for name in dict.fromkeys(name for parsed, _record in rows for name in parsed.keys):
            found = self.by_key(fields[name].target or "", [p.keys[name] for p, _r in rows if name in p.keys])
            for parsed, _record in rows:
                key = parsed.keys.get(name)
                if key is None:
                    continue
                if key in found:
                    parsed.values[name] = one_reference(fields[name], [found[key]])
                else:
                    late.append((parsed, name, key))
        return late

    def by_key(self, target: str, keys: Iterable[str]) -> dict[str, Reference]:
        """Visible records that have these keys in the other program."""
        known = dict(
            SourceKey.objects.filter(object=target, source=self.source, key__in=set(keys)).values_list("key", "record")
        )
        live = set(visible_to(self.actor, target).filter(pk__in=known.values()).values_list("pk", flat=True))
        return {key: Reference(target, pk) for key, pk in known.items() if pk in live}

    # ── by words ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _by_words(self, rows: list[tuple[Parsed, Any]], field: Field) -> None:
        texts = dict.fromkeys(text for parsed, _record in rows for text in parsed.wanted[field.name])
        users = field.target == "identity.user"
        numbers = {t: int(t.removeprefix("#")) for t in texts if (self.ours or t.startswith("#")) and _is_number(t)}
        words = [text for text in texts if text not in numbers]
        if users:
            found = find_users(words)
        else:
            target = object_type(field.target)
            found = by_title(self.actor, target, words) if words else {}
            self._add_numbers(target, numbers, found)
            missing = [text for text in words if not found.get(text)]
            if missing and target.title_field.kind.parts:
                missing = self._by_shown(target, missing, found)
            if missing and self.create:
                self._make(target, missing, found)
        for parsed, record in rows:
            references = []
            for text in parsed.wanted[field.name]:
                ids = found.get(text) or []
                if len(ids) > 1:
                    ids = self._narrowed(field, record, text, ids, users)
                if len(ids) == 1:
                    references.append(Reference(field.target or "", ids[0], text))
                elif ids:
                    parsed.refuse(field.name, _("Several records are called “%(text)s”.") % {"text": text[:80]})
                else:
                    parsed.refuse(field.name, _("“%(text)s” was not found.") % {"text": text[:80]})
            if references:
                parsed.values[field.name] = one_reference(field, references)

    def _by_shown(self, target: ObjectType, texts: list[str], found: dict[str, list[int]]) -> list[str]:
        """Names put together from parts are not stored as they are shown: searched for, then compared. Gives what is still missing."""
        for text in texts:
            condition = matching(target, text, [target.title_field])
            if condition is not None:
                rows = visible_to(self.actor, target).filter(condition)[:20]
                found[text] = [r.pk for r in rows if same(target.title_of(r, self.viewer)) == same(text)]
        return [text for text in texts if not found.get(text)]

    def _add_numbers(self, target: ObjectType, numbers: dict[str, int], found: dict[str, list[int]]) -> None:
        if not numbers:
            return
        live = set(visible_to(self.actor, target).filter(pk__in=numbers.values()).values_list("pk", flat=True))
        found.update({text: [pk] for text, pk in numbers.items() if pk in live})
        # A title may be a number too.
        for text, ids in by_title(self.actor, target, [t for t, pk in numbers.items() if pk not in live]).items():
            found.setdefault(text, ids)

    def _narrowed(self, field: Field, record: Any, text: str, ids: list[int], users: bool) -> list[int]:
        """Of several records of one name: the one linked now, else the one that is written exactly so."""
        now = field.get(record) if record is not None else None
        linked = {one.id for one in (now if isinstance(now, tuple) else (now,)) if one is not None}
        if kept := [pk for pk in ids if pk in linked]:
            return kept[:1]
        return ids if users else self._exact(object_type(field.target), text, ids)

    def _exact(self, target: ObjectType, text: str, ids: list[int]) -> list[int]:
        known = (target.key, text, tuple(ids))
        if known not in self._narrow:
            rows = visible_to(self.actor, target).filter(pk__in=ids)
            self._narrow[known] = [r.pk for r in rows if same(target.title_of(r, self.viewer)) == same(text)] or ids
        return self._narrow[known]

    def _make(self, target: ObjectType, texts: list[str], found: dict[str, list[int]]) -> None:
        """Make records that only have a name, where that is enough and the actor may."""
        title = target.title_field
        writable = fields_of(self.actor, target, "create")
        others = [f for f in writable.values() if f.required and f is not title and f.kind.is_empty(f.default())]
        if title.name not in writable or others or not may(self.actor, "create", target):
            return
        drafts = []
        spelled: dict[str, str] = {}
        for text in texts:
            # Two spellings of one name in a file are one record.
            if (first := spelled.setdefault(same(text), text)) != text:
                continue
            try:
                drafts.append(Draft({title.name: title.kind.parse(first, self.viewer)}, place=text))
            except Refused:
                continue
        for outcome in write(self.actor, target, drafts):
            if outcome.error is None:
                found[outcome.draft.place] = [outcome.record.pk]
                self.made += 1
        for text in texts:
            if not found.get(text) and found.get(spelled[same(text)]):
                found[text] = found[spelled[same(text)]]


def _is_number(text: str) -> bool:
    bare = text.removeprefix("#").strip()
    return bare.isdecimal() and 0 < len(bare) < 19


def faults(error: KithError) -> list[tuple[str, str]]:
    """(field name or "", sentence) of everything that an error says."""
    if isinstance(error, Refused):
        return [(name, sentence) for name, sentences in error.errors.items() for sentence in sentences]
    return [("", str(error))]
