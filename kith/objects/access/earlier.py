"""Whether somebody saw a record before something happened to it, which she does not see now.

The gate itself is asked, with the rights that she has now, about the row as it stood then: the ledger says what to put back. So a change
that takes a record out of her sight can be told to her as that, and nothing is told of what was never hers to see. What lives beside the
row (links to several records, the rights of others, the record that it follows) counts as it is now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Q

from kith.events.models import CHANGES, Event
from kith.identity.models import Team
from kith.kernel.actor import Actor
from kith.kernel.errors import KithError

from ..declare import Field, ObjectType
from .facts import MadeOpen, MadePrivate, Unshared
from .gate import owner_of, visible
from .models import VIEW, Private

#: Events that say of a row what it was and what it became.
_TELLING = (*CHANGES, MadePrivate.name, MadeOpen.name)
#: Rows that are asked about at once.
_AT_ONCE = 100


@dataclass
class _Row:
    """A record on its way through time: its columns, whether it was private, and whether anything that the gate looks at was another."""

    record: Any
    private: bool
    other: bool
    columns: frozenset[str]
    fields: dict[str, Field] = field(repr=False)

    def put(self, event: Event, place: int) -> None:
        """Give it the values of an event: the old ones (0) or the new ones (1)."""
        if event.name in (MadePrivate.name, MadeOpen.name):
            self.private = (event.name == MadePrivate.name) is bool(place)
            self.other = True
            return
        if event.name not in CHANGES:
            return
        for key, pair in event.data.items():
            known = self.fields.get(key)
            if known is None or not isinstance(pair, list) or len(pair) != 2:
                continue
            try:
                known.put(self.record, known.kind.unpack(pair[place]))
            except (KithError, ValueError, TypeError, KeyError):
                continue  # the kind has changed since; the column stays as it is
            self.other = self.other or not self.columns.isdisjoint(self._touched(known))

    def _touched(self, known: Field) -> set[str]:
        meta = self.record._meta
        return {meta.get_field(name).attname for name in known.columns}

    def snapshot(self, number: int) -> list[Any]:
        """Its columns as the database takes them; the version carries the number of the event."""
        return [
            number
            if column.attname == "version"
            else column.get_db_prep_save(getattr(self.record, column.attname), connection)
            for column in self.record._meta.concrete_fields
        ]


def seen_before(actor: Actor, o: ObjectType, events: Sequence[Event]) -> set[int]:
    """Of `events` that happened to records of `o` which `actor` does not see now, the numbers of those before which she saw the record.

    A handful of queries, and one for each hundred rows of which something stood otherwise that rights ask for.
    """
    if not events or not actor.allows(o.key, VIEW):
        return set()
    actor = actor.whole
    told = _lost_shares(actor, events)
    events = [event for event in events if event.name != "created" and event.pk not in told]
    if not events:
        return told
    openly = _openly(actor, o)
    rows = models.QuerySet(o.model).filter(visible(openly, o)).order_by().values_list("version")
    try:
        sql, given = rows.query.sql_with_params()
    except EmptyResultSet:
        return told
    table = connection.ops.quote_name(o.model._meta.db_table)
    columns = frozenset(re.findall(rf'{re.escape(table)}\."(\w+)"', sql.partition(" WHERE ")[2]))
    owner = o.model._meta.get_field(owner_of(o)).attname
    asked = [
        row.snapshot(number)
        for number, row in _earlier(o, events, columns)
        # A private record is its owner's; shares of that time are not known any more.
        if not row.private or getattr(row.record, owner) == actor.user_id
    ]
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        put = _derived(o, len(some))
        stood = sql.replace(f"FROM {table}", f"FROM ({put}) AS {table}", 1)
        with connection.cursor() as cursor:
            cursor.execute(stood, [*(value for row in some for value in row), *given])
            told |= {number for (number,) in cursor.fetchall()}
    return told


def _openly(actor: Actor, o: ObjectType) -> Actor:
    """The same, as if no record of this object were private: whether one was is looked up for its time."""
    kept = {key: known for key, known in actor.memo.items() if not (isinstance(key, tuple) and key[0] == "visible")}
    kept["private"] = set(Private.objects.order_by().values_list("object", flat=True).distinct()) - {o.key}
    return replace(actor, memo=kept)


def _lost_shares(actor: Actor, events: Iterable[Event]) -> set[int]:
    """Events that took a share from her or from a team of hers."""
    taken = [event for event in events if event.name == Unshared.name]
    if not taken or actor.user_id is None:
        return set()
    teams = set(Team.objects.filter(members=actor.user_id).values_list("pk", flat=True))
    return {e.pk for e in taken if e.data.get("user") == actor.user_id or e.data.get("team") in teams}


def _earlier(o: ObjectType, events: Sequence[Event], columns: frozenset[str]) -> Iterator[tuple[int, _Row]]:
    """Rows as they stood before each of `events`, by the event's number, where anything that the gate looks at was another then."""
    ids = {event.record for event in events if event.record}
    there = {r.pk: r for r in models.QuerySet(o.model).filter(**o.base, pk__in=ids)}
    private = set(Private.objects.filter(object=o.key, record__in=there).values_list("record", flat=True))
    asked = {event.pk for event in events}
    fields = {one.id: one for one in o.fields.values()}
    telling = Event.objects.filter(Q(name__in=_TELLING) | Q(pk__in=asked), object=o.key)
    # Backwards from what there is …
    rows = {pk: _Row(record, pk in private, False, columns, fields) for pk, record in there.items()}
    for event in telling.filter(record__in=there, pk__gte=min(asked)).order_by("-pk").iterator(chunk_size=1000):
        row = rows[event.record or 0]
        row.put(event, 0)
        if event.pk in asked and row.other:
            yield event.pk, row
    # … and forwards from the beginning for what there is no more.
    rows = {}
    for event in (
        telling.filter(record__in=ids - set(there), pk__lte=max(asked)).order_by("pk").iterator(chunk_size=1000)
    ):
        pk = event.record or 0
        if event.name == "created" and pk not in rows:
            rows[pk] = _Row(o.new(), False, True, columns, fields)
            rows[pk].record.pk = pk
            rows[pk].record.created_by_id = int(event.actor_id) if event.actor_kind == "user" else None
        if pk not in rows:
            continue
        if event.pk in asked and event.name != "created":
            yield event.pk, rows[pk]
        rows[pk].put(event, 1)


def _derived(o: ObjectType, count: int) -> str:
    """A table in the place of the object's own, of `count` rows that are given."""
    quote = connection.ops.quote_name
    columns = o.model._meta.concrete_fields
    if connection.vendor == "postgresql":
        types = ["bigint" if c.attname == "version" else c.db_type(connection) for c in columns]
        first = ", ".join(f"CAST(%s AS {t}) AS {quote(c.column)}" for t, c in zip(types, columns, strict=True))
        other = ", ".join(f"CAST(%s AS {t})" for t in types)
    else:
        first = ", ".join(f"%s AS {quote(c.column)}" for c in columns)
        other = ", ".join(["%s"] * len(columns))
    return " UNION ALL ".join([f"SELECT {first}", *[f"SELECT {other}"] * (count - 1)])
