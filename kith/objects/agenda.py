"""What stands on the days of a calendar: the records of a list by a date of theirs, so many of each day, in one query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, F, Func, IntegerField, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.db.models.lookups import Exact, GreaterThanOrEqual, In, LessThan

from kith.kernel.actor import Actor
from kith.kernel.viewer import Viewer

from . import reads
from .access import fields as fields_of
from .access import readable
from .declare import Computed, Field, object_type
from .filters import Tree
from .query import reader, selected


@dataclass
class Day:
    """One day: its first records, and how many there are in all that begin on it."""

    day: date
    records: list[Any] = field(default_factory=list)
    count: int = 0


class _MonthAndDay(Func):
    """`MM-DD` of a date, as text."""

    output_field = CharField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="strftime('%%m-%%d', %(expressions)s)", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="to_char(%(expressions)s, 'MM-DD')", **extra)


def on_days(
    actor: Actor,
    what: Any,
    name: str,
    days: Sequence[date],
    *,
    each: int,
    filter: str | Tree | None = None,
    search: str = "",
    columns: Iterable[str] = (),
    viewer: Viewer,
) -> list[Day]:
    """The records whose field `name` stands on one of `days` (in order, without gaps), at most `each` of a day, earliest first.

    A record that lasts (`until`) stands on every day from its first to its last. One that comes yearly stands on the day of each year.
    One query for the records, however many there are; Refused for a field that is not the actor's to read.
    """
    o = object_type(what)
    asked = readable(actor, o, name)
    readable_fields = fields_of(actor, o)
    shown = [readable(actor, o, n) for n in dict.fromkeys((name, *columns)) if n.partition(".")[0] in readable_fields]
    end = readable_fields.get(asked.facts.until) if asked.facts.until else None
    rows = selected(actor, o, filter=filter, search=search, viewer=viewer)
    where, bucket = _yearly(asked, days) if asked.facts.yearly else _between(asked, end, days, viewer)
    rows = rows.filter(where).annotate(stands_at=asked.expression(), bucket=bucket)
    for column in shown:
        if isinstance(column, Computed):
            rows = rows.annotate(**{column.annotation: column.expression()})
    rows = rows.annotate(
        turn=Window(RowNumber(), partition_by=[F("bucket")], order_by=[F("stands_at").asc(), F("pk").asc()]),
        many=Window(Count("pk"), partition_by=[F("bucket")]),
    ).filter(turn__lte=each)
    found = list(rows.order_by("bucket", "turn"))
    read = reader(actor)
    for column in dict.fromkeys([o.title_field, *shown]):
        column.attach(found, read)
    reads.note(actor, o, shown, found)
    made = [Day(day) for day in days]
    for record in found:
        first = record.bucket
        made[first].count = record.many
        last = first
        if end is not None and not end.kind.is_empty(over := end.get(record)):
            last = min(len(days) - 1, max(first, (end.kind.day_of(over, viewer) - days[0]).days))
        for place in range(first, last + 1):
            made[place].records.append(record)
            if place > first:
                made[place].count += 1
    return made


def _between(asked: Field, end: Field | None, days: Sequence[date], viewer: Viewer) -> tuple[Q, Any]:
    """Which records stand on the days, and the number of the day on which each begins."""
    at = asked.expression()
    begins = [asked.comparable(asked.kind.begins(day, viewer)) for day in (*days, days[-1] + timedelta(days=1))]
    where = Q(LessThan(at, Value(begins[-1])))
    since = Q(GreaterThanOrEqual(at, Value(begins[0])))
    if end is not None:
        first = end.comparable(end.kind.begins(days[0], viewer))
        since |= Q(GreaterThanOrEqual(end.expression(), Value(first)))
    whens = [When(Q(LessThan(at, Value(after))), then=Value(n)) for n, after in enumerate(begins[1:])]
    return where & since, Case(*whens, default=Value(len(days) - 1), output_field=IntegerField())


def _yearly(asked: Field, days: Sequence[date]) -> tuple[Q, Any]:
    at = _MonthAndDay(asked.expression())
    places: dict[str, int] = {}
    for n, day in enumerate(days):
        places.setdefault(f"{day:%m-%d}", n)
        if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3:
            # Who was born on a leap day has the day before it in other years.
            places.setdefault("02-29", n)
    whens = [When(Q(Exact(at, Value(text))), then=Value(n)) for text, n in places.items()]
    return Q(In(at, list(places))), Case(*whens, default=Value(0), output_field=IntegerField())


__all__ = ["Day", "on_days"]
