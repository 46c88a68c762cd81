"""Keeping the index, and asking it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from kith.kernel.legal_forms import apart
from kith.kernel.text import asked, tokens

from ..declare import Field, ObjectType
from ..keys import Key
from .backends import back_end, question
from .models import SearchRow

#: Of one field; a long note is found by its first pages.
MAX_TOKENS = 2000


def searchable(o: ObjectType) -> list[Field]:
    """Fields whose text is searched."""
    return [f for f in o.fields.values() if f.search]


def rows_for(o: ObjectType, records: Iterable[Any], fields: Iterable[Field] | None = None) -> list[SearchRow]:
    """Unsaved index rows for these records."""
    rows = []
    chosen = list(fields) if fields is not None else searchable(o)
    for record in records:
        for field in chosen:
            words = tokens(field.kind.words(field.get(record)))[:MAX_TOKENS]
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
    for field in chosen:
        if field.facts.legal_forms:
            _keep_names(o, field, records, fresh)


def called(field: Field) -> str:
    """The id under which exact-match keys hold what the firms in `field` are called, without their legal forms."""
    return f"{field.id}~"


def _keep_names(o: ObjectType, field: Field, records: list[Any], fresh: bool) -> None:
    if not fresh:
        Key.objects.filter(object=o.key, field=called(field), record__in=[r.pk for r in records]).delete()
    names = ((r.pk, apart(field.kind.words(field.get(r)))[0][:254]) for r in records)
    Key.objects.bulk_create(
        [Key(object=o.key, field=called(field), value=name, record=pk) for pk, name in names if name], batch_size=1000
    )


def forget(o: ObjectType, ids: Iterable[int]) -> None:
    """Take records out of the index."""
    _drop(SearchRow.objects.filter(object=o.key, record__in=list(ids)))


def _drop(rows: Any) -> None:
    old = list(rows)
    back_end(connection).dropping(old)
    SearchRow.objects.filter(pk__in=[r.pk for r in old]).delete()


def matching(o: ObjectType, text: str, fields: Iterable[Field]) -> Q | None:
    """The condition that records fulfil whose readable `fields` hold every word of `text`, one or two letters as the start of a word,
    more of them anywhere in it.

    None when `text` holds no word at all.
    """
    words = asked(text)
    if not words:
        return None
    names = [f.id for f in fields if f.search]
    if not names:
        return Q(pk__in=[])
    sql, params = question(connection, words, o.key, names)
    # The statement is ours, everything that was typed is bound.
    return Q(pk__in=RawSQL(sql, params))  # noqa: S611


def shortcoming() -> str | None:
    """What search cannot do on this database, as a sentence for whoever runs it; None when nothing is missing."""
    if back_end(connection).inside:
        return None
    return (
        "Search finds words by their beginning only: the database lacks the extension pg_trgm. Have a superuser run "
        "CREATE EXTENSION pg_trgm in it, then run: kith migrate"
    )
