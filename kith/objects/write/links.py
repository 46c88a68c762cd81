"""Links by id or by words, checked as reads: nobody links to what she may not see, nor learns that it exists."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kith.identity.models import User
from kith.identity.names import find_users
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.expressions import LowerText
from kith.kernel.legal_forms import apart, same_firm
from kith.kernel.text import fold
from kith.kernel.viewer import NEUTRAL

from ..access import fields as fields_of
from ..declare import Field, ObjectType, object_type
from ..keys import Key
from ..kinds import Reference, Wanted
from ..query import visible_to
from ..search import called


class Links:
    """What the links of one batch may point at: gathered first, answered with a few queries, then read."""

    def __init__(self, actor: Actor):
        self.actor = actor
        self._ids: dict[str, set[int]] = {}
        self._texts: dict[str, set[str]] = {}
        self._found: dict[str, set[int]] = {}
        self._named: dict[str, dict[str, list[int]]] = {}

    def gather(self, field: Field, value: Any) -> None:
        """Remember what `value` (a Reference, a Wanted, or a tuple of them) points at."""
        for one in _each(value):
            if isinstance(one, Wanted):
                self._texts.setdefault(field.target or "", set()).add(one.text)
            elif isinstance(one, Reference):
                self._ids.setdefault(field.target or "", set()).add(one.id)

    def answer(self) -> None:
        """Ask the database, once per target."""
        for target, ids in self._ids.items():
            rows: Any = User.objects if target == "identity.user" else visible_to(self.actor, target)
            self._found[target] = set(rows.filter(pk__in=ids).values_list("pk", flat=True))
        for target, texts in self._texts.items():
            self._named[target] = (
                find_users(texts) if target == "identity.user" else by_title(self.actor, object_type(target), texts)
            )

    def resolve(self, field: Field, value: Any, linked: frozenset[int] = frozenset()) -> Any:
        """`value` with every Wanted found and every id allowed; raises Refused. What is `linked` already may stay without being seen."""
        if isinstance(value, tuple):
            return tuple(dict.fromkeys(self._resolve(field, one, linked) for one in value))
        return None if value is None else self._resolve(field, value, linked)

    def _resolve(self, field: Field, one: Any, linked: frozenset[int]) -> Reference:
        target = field.target or ""
        if isinstance(one, Reference) and one.id in linked:
            return one
        if isinstance(one, Wanted):
            ids = self._named.get(target, {}).get(one.text, [])
            if len(ids) > 1:
                raise Refused(
                    _("Several records are called “%(text)s”. Choose one by its number, such as #12.")
                    % {"text": one.text[:80]}
                )
            if not ids:
                raise Refused(_("“%(text)s” was not found.") % {"text": one.text[:80]})
            return Reference(target, ids[0], one.text)
        if one.id not in self._found.get(target, ()):
            raise Refused(_("“%(text)s” was not found.") % {"text": f"#{one.id}"})
        return Reference(target, one.id, one.title)


def _each(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else () if value is None else (value,)


def by_title(actor: Actor, o: ObjectType, texts: Iterable[str]) -> dict[str, list[int]]:
    """Ids of the visible records that have these texts as title or as an exact-match key, by text."""
    folded: dict[str, list[str]] = {}
    for text in texts:
        for spelling in _spellings(o, text):
            folded.setdefault(spelling, []).append(text)
    found: dict[str, list[int]] = {text: [] for texts_ in folded.values() for text in texts_}
    if not folded:
        return found
    rows = visible_to(actor, o)
    title = o.title_field
    readable = fields_of(actor, o)
    pairs: Any
    if title.name not in readable:
        # Finding by a hidden title is reading it.
        pairs = ()
    elif "folded" in title.kind.companions() and hasattr(title, "attname"):
        column = f"{title.name}_folded"
        pairs = rows.filter(**{f"{column}__in": list(folded)}).values_list(column, "pk")
    else:
        lowered = {text.lower() for text in found}
        pairs = (
            (fold(str(value)), pk)
            for value, pk in rows.annotate(t=LowerText(title.expression())).filter(t__in=lowered).values_list("t", "pk")
        )
    lookups = [f.id for f in readable.values() if f.lookup]
    for value, pk in [*pairs, *_by_key(o, rows, folded, lookups)]:
        for text in folded.get(value, ()):
            if pk not in found[text]:
                found[text].append(pk)
    if title.facts.legal_forms and title.name in readable:
        _add_firms(o, rows, {text: ids for text, ids in found.items() if not ids})
    return found


def _add_firms(o: ObjectType, rows: Any, missing: dict[str, list[int]]) -> None:
    """Firms whose name was given with a legal form too many or too few. Only where nobody is called exactly so, and never one form
    for another: "Acme Oy" and "Acme Ltd" are two firms, and "Acme" alone means neither of them for sure."""
    texts: dict[str, list[str]] = {}
    for text in missing:
        if name := apart(text)[0][:254]:
            texts.setdefault(name, []).append(text)
    keys = Key.objects.filter(object=o.key, field=called(o.title_field), value__in=list(texts))
    pairs = list(keys.filter(record__in=rows.values("pk")).order_by("record").values_list("value", "record"))
    titles = dict(rows.filter(pk__in=[pk for _name, pk in pairs]).values_list("pk", o.title))
    for name, pk in pairs:
        for text in texts[name]:
            if same_firm(text, titles[pk]):
                missing[text].append(pk)


def _spellings(o: ObjectType, text: str) -> set[str]:
    """How a title may stand in its folded column: as written, and as the kind itself would put it ("Lovelace Ada")."""
    spellings = {fold(text)}
    companion = o.title_field.kind.companions().get("folded")
    if companion is not None:
        with suppress(Refused):
            spellings.add(companion[1](o.title_field.kind.parse(text, NEUTRAL)))
    return spellings


def _by_key(o: ObjectType, rows: Any, folded: Iterable[str], lookups: list[str]) -> list[tuple[str, int]]:
    if not lookups:
        return []
    keys = Key.objects.filter(Q(value__in=list(folded)), object=o.key, field__in=lookups, record__in=rows.values("pk"))
    return list(keys.values_list("value", "record"))
