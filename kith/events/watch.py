"""What was just added to the ledger, found out by one reader for a whole process."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Max, Q

from .models import CHANGES, About, Event

#: Events that are taken in one look; what is more comes with the next.
MOST = 5000
#: Ids below the newest that a watch which begins looks at for transactions that are not committed yet.
BACK = 500
#: Seconds after which an id without an event is taken for one that will never have one, and how many are waited for.
PATIENCE, MOST_GAPS = 60.0, 5000
#: Events that may be told again to somebody who was away; with more between, everything on the page is read anew.
MOST_MISSED = 2000


@dataclass(frozen=True)
class Line:
    """An event as a watch tells it: what happened to which record, which fields it names, and whose timelines show it."""

    id: int
    name: str
    object: str
    record: int
    fields: tuple[str, ...]
    about: tuple[tuple[str, int], ...] = ()


class Pulse:
    """Whether anything was written."""

    def __init__(self) -> None:
        self.version: int | None = None

    def written(self) -> bool:
        """Whether others wrote anything since this was asked last. On SQLite that costs nothing to know; elsewhere it may be."""
        if connection.vendor != "sqlite":
            return True
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            version: int = cursor.fetchone()[0]
        was, self.version = self.version, version
        return was != version


class Watch(Pulse):
    """A place in the ledger, from which it is read on.

    On PostgreSQL an event with a lower id may become visible after one with a higher. Ids that were passed without an event are
    therefore looked for again for a minute; `floor` is the place up to which nothing is missing, and from which nobody misses anything.
    """

    def __init__(self) -> None:
        super().__init__()
        self.top = Event.objects.aggregate(top=Max("pk"))["top"] or 0
        there = set(Event.objects.filter(pk__gt=self.top - BACK).values_list("pk", flat=True))
        first = min(there, default=self.top)
        self.gaps = dict.fromkeys(sorted(set(range(first, self.top)) - there), time.monotonic())

    @property
    def floor(self) -> int:
        """The highest id up to which every event was told or will never be."""
        return min(self.gaps, default=self.top + 1) - 1

    def look(self) -> list[Line]:
        """The events that became visible since the last look, in the order of their ids."""
        now = time.monotonic()
        self.gaps = {pk: since for pk, since in self.gaps.items() if now - since < PATIENCE}
        asked = Q(pk__gt=self.top)
        if self.gaps:
            asked |= Q(pk__in=list(self.gaps))
        found = _lines(Event.objects.filter(asked), MOST)
        for line in found:
            self.gaps.pop(line.id, None)
            if line.id > self.top + 1:
                missing = range(max(self.top + 1, line.id - MOST_GAPS), line.id)
                self.gaps |= dict.fromkeys(missing, now)
            self.top = max(self.top, line.id)
        for pk in sorted(self.gaps)[:-MOST_GAPS]:
            del self.gaps[pk]
        return found

    def since(self, position: int) -> list[Line] | None:
        """What this watch has told after `position`; None when that is too much to tell again."""
        if not 0 <= position <= self.top:
            return [] if position > self.top else None
        found = _lines(Event.objects.filter(pk__gt=position, pk__lte=self.top), MOST_MISSED + 1)
        return found if len(found) <= MOST_MISSED else None

    def position_at(self, at: Any) -> int:
        """The position before the first event of the last few that happened at `at` or later."""
        recent = list(Event.objects.order_by("-pk").values_list("pk", "at")[:MOST_MISSED])
        later = [pk for pk, then in recent if then >= at]
        return min(later) - 1 if later else self.top


def _lines(events: Any, most: int) -> list[Line]:
    rows = list(events.order_by("pk").values_list("pk", "name", "object", "record", "data")[:most])
    about: dict[int, list[tuple[str, int]]] = {}
    if rows:
        told = About.objects.filter(event__gte=rows[0][0], event__lte=rows[-1][0])
        for event, key, record in told.values_list("event", "object", "record"):
            about.setdefault(event, []).append((key, record))
    return [
        Line(
            pk,
            name,
            key,
            record or 0,
            tuple(data) if name in CHANGES and isinstance(data, dict) else (),
            tuple(about.get(pk, ())),
        )
        for pk, name, key, record, data in rows
    ]
