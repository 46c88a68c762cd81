"""What somebody who looks at a page is told of changes that others make: ids and positions, of records that she may see now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kith.events.facts import Fact
from kith.events.models import CHANGES
from kith.events.watch import Line
from kith.kernel.actor import Actor
from kith.objects.access import fields as fields_of
from kith.objects.access import may
from kith.objects.declare import ObjectType
from kith.objects.query import visible_to

#: What one page may show at most.
MOST_OBJECTS, MOST_RECORDS = 20, 20
#: Records of one object that are named in one message; of more it is only said that there are more.
MOST_IDS = 200
#: Ids that are asked about at once.
_ASKED = 500


@dataclass(frozen=True)
class Interest:
    """What a page shows: records of these objects, whichever they are, and these records with what concerns them."""

    objects: frozenset[str]
    records: frozenset[tuple[str, int]]

    @classmethod
    def of(cls, given: Any) -> Interest:
        """What an address says (`o` names objects, `r` records as object:id); what does not exist is left out."""
        known = ObjectType.known()
        records = set()
        for said in given.getlist("r")[:MOST_RECORDS]:
            key, _colon, pk = said.rpartition(":")
            if key in known and pk.isdecimal() and len(pk) < 19:
                records.add((key, int(pk)))
        return cls(frozenset(key for key in given.getlist("o")[:MOST_OBJECTS] if key in known), frozenset(records))


@dataclass(frozen=True)
class Reader:
    """Somebody whose page listens: who, by which session, what it shows, and from where on it has not heard.

    `position` is that of the last message that arrived; without one, `since` is when the page was made.
    """

    actor: Actor
    user_id: int
    epoch: int
    session: str
    interest: Interest
    position: int | None
    since: datetime | None


def news(actor: Actor, lines: Iterable[Line], interest: Interest) -> dict[str, Any]:
    """What of `lines` concerns a page and is `actor`'s to know: object → {"ids", "new", "gone", "at", "more"}.

    Her rights are read anew. Ids stand in the order in which things happened; `at` maps an id to the last position of its record.
    Nothing is said of a change whose fields are all hidden from her, nor of facts that only the audit trail shows.
    """
    actor.forget()
    about = _concerned(lines, interest)
    seen = {key: _visible(actor, key, {line.record for line, _records in some}) for key, some in about.items()}
    told: dict[str, Any] = {}
    others: dict[str, set[int]] = {}
    for key, some in about.items():
        names = {f.id for f in fields_of(actor, key).values()} if seen[key] else set()
        for line, records in some:
            if line.record not in seen[key] or (line.name == "changed" and not names.intersection(line.fields)):
                continue
            if key in interest.objects or (key, line.record) in interest.records:
                _tell(told, key, line.record, line)
            for other, pk in records:
                if pk not in others.setdefault(
                    other, _visible(actor, other, {p for o, p in interest.records if o == other})
                ):
                    continue
                _tell(told, other, pk, line, own=False)
    return told


def _concerned(lines: Iterable[Line], interest: Interest) -> dict[str, list[tuple[Line, list[tuple[str, int]]]]]:
    """The lines that a page may have to be told of, by object, with those of its records that they are about."""
    found: dict[str, list[tuple[Line, list[tuple[str, int]]]]] = {}
    for line in lines:
        if not line.record or line.object not in ObjectType.known() or _aside(line.name):
            continue
        records = [one for one in line.about if one in interest.records]
        if records or line.object in interest.objects or (line.object, line.record) in interest.records:
            found.setdefault(line.object, []).append((line, records))
    return found


def _aside(name: str) -> bool:
    fact = None if name in CHANGES else Fact.registry.get(name)
    return name not in CHANGES and (fact is None or fact.aside)


def _visible(actor: Actor, key: str, ids: set[int]) -> set[int]:
    if not ids or not may(actor, "view", key):
        return set()
    found: set[int] = set()
    every = sorted(ids)
    for start in range(0, len(every), _ASKED):
        some = every[start : start + _ASKED]
        found.update(visible_to(actor, key, trash=None).filter(pk__in=some).values_list("pk", flat=True))
    return found


def _tell(told: dict[str, Any], key: str, pk: int, line: Line, *, own: bool = True) -> None:
    of = told.setdefault(key, {"ids": [], "new": [], "gone": [], "at": {}, "more": False})
    if pk not in of["at"]:
        if len(of["at"]) >= MOST_IDS:
            of["more"] = True
            return
        of["ids"].append(pk)
    of["at"][pk] = line.id
    if own and line.name in ("created", "restored") and pk not in of["new"]:
        of["new"].append(pk)
        of["gone"] = [other for other in of["gone"] if other != pk]
    if own and line.name == "removed":
        of["new"] = [other for other in of["new"] if other != pk]
        of["gone"].append(pk)
