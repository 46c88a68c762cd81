"""What holds for a country after all: an administrator's words over what the house knows itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kith.kernel.actor import System
from kith.kernel.culture import culture
from kith.kernel.hours import Span

from ..declare import object_type
from ..kinds.weekdays import DAYS
from ..query import visible_to
from .house import house

_READER = System("what is usual in a country")


@dataclass(frozen=True)
class Customs:
    """What is usual in `country`, with `values` by the field names of a country's record; `own` are those that somebody wrote.

    `record` is the number of the country's record, or None where it has none.
    """

    country: str
    values: dict[str, Any]
    own: frozenset[str] = frozenset()
    record: int | None = None

    @property
    def weekend(self) -> tuple[int, ...]:
        """Days on which offices are closed; Monday is 0."""
        return tuple(DAYS.index(day) for day in self.values["weekend"])

    @property
    def zone(self) -> str:
        """The zone that most people live in, or ""."""
        return str(self.values["zone"])

    @property
    def zone_certain(self) -> bool:
        """Whether nearly everybody lives in that zone."""
        return "zone" in self.own or culture(self.country).zone_certain

    @property
    def working(self) -> Span:
        """When offices are open."""
        found: Span = self.values["working_hours"]
        return found

    @property
    def quiet(self) -> Span | None:
        """When nobody is called."""
        found: Span | None = self.values["quiet_hours"]
        return found

    @property
    def languages(self) -> tuple[str, ...]:
        """Usual languages, the most usual one first."""
        return tuple(self.values["languages"])


def customs(country: str) -> Customs:
    """What is usual in one country; one query."""
    return all_customs([country])[country]


def all_customs(countries: Iterable[str]) -> dict[str, Customs]:
    """The same for several, in one query. "" and codes that are no country give what is usual in the world."""
    wanted = set(countries)
    o = object_type("objects.country")
    records = {record.code: record for record in visible_to(_READER, o).filter(code__in=wanted).order_by("-pk")}
    return {code: _merged(code, records.get(code), o) for code in wanted}


def _merged(code: str, record: Any, o: Any) -> Customs:
    values = house(code)
    if record is None:
        return Customs(code, values)
    own = {name: o.own[name].get(record) for name in values}
    written = {name: value for name, value in own.items() if not o.own[name].kind.is_empty(value)}
    return Customs(code, {**values, **written}, frozenset(written), record.pk)
