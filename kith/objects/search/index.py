"""Keeping the index, and asking it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Q

from kith.kernel.text import tokens

from ..declare import Field, ObjectType
from .backends import back_end
from .models import SearchRow

MAX_TOKENS = 400
#: More words than this in a question narrow nothing.
MAX_WORDS = 8


def searchable(o: ObjectType) -> list[Field]:
    """Fields whose text is searched."""
    return [f for f in o.fields.values() if f.search]


def rows_for(o: ObjectType, records: Iterable[Any], fields: Iterable[Field] | None = None) -> list[SearchRow]:
    """Unsaved index rows for these records."""
    rows = []
    chosen = list(fields) if fields is not None else searchable(o)
    for record in records:
        for field in chosen:
            words = list(dict.fromkeys(tokens(field.kind.words(field.get(record)))))[:MAX_TOKENS]
            if words:
                rows.append(SearchRow(object=o.key, field=field.id, record=record.pk, tokens=" ".join(words)))
    return rows


def reindex(o: ObjectType, records: list[Any], fields: Iterable[Field] | None = None, *, fresh: bool = False) -> None:
    """Bring the index up to date for these records, set-based. `fresh`: they have no rows yet."""
    chosen = list(fields) if fields is not None else searchable(o)
    if not chosen or not records:
        return
    if not fresh:
        _drop(
            SearchRow.objects.filter(object=o.key, record__in=[r.pk for r in records], field__in=[f.id for f in chosen])
        )
    rows = rows_for(o, records, chosen)
    SearchRow.objects.bulk_create(rows, batch_size=1000)
    back_end(connection).added(rows)


def forget(o: ObjectType, ids: Iterable[int]) -> None:
    """Take records out of the index."""
    _drop(SearchRow.objects.filter(object=o.key, record__in=list(ids)))


def _drop(rows: Any) -> None:
    old = list(rows)
    back_end(connection).dropping(old)
    SearchRow.objects.filter(pk__in=[r.pk for r in old]).delete()


def matching(o: ObjectType, text: str, fields: Iterable[Field]) -> Q | None:
    """The condition that records fulfil whose readable `fields` hold every word of `text`, each as the start of a word.

    None when `text` holds no word at all.
    """
    words = tokens(text)[:MAX_WORDS]
    if not words:
        return None
    names = [f.id for f in fields if f.search]
    condition = Q()
    for word in words:
        rows = SearchRow.objects.filter(back_end(connection).starts(word), object=o.key, field__in=names)
        condition &= Q(pk__in=rows.values("record"))
    return condition
