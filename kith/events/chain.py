"""The chain over the ledger: each link holds the digest of its events and of the link before, so that no event can be changed,
taken away or put in between without the chain telling.

Links are made after the fact, by a chore, in the order in which events became visible: an event of a slow transaction is sealed by a
later link than its id would say. The digests are keyed (HMAC, RFC 2104, with SHA-256) by a key that is encrypted in the database
under a key that lies outside of it. What a chain cannot tell by itself is that its end was cut off; `head` is there to be noted
elsewhere, and `verify` compares.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import Q

from kith.kernel import clock

from .models import Event, Gap, Origin, Seal, SealKey

#: Events of one link: what `verify` can point at when a link is broken.
MOST = 1_000
#: No transaction of ours is open for a day: an id without an event by then was rolled back.
GIVE_UP = timedelta(days=1)

Ranges = list[tuple[int, int]]


@dataclass(frozen=True)
class Head:
    """The end of the chain: the number of its last link and that link's digest; 0 and "" before the first."""

    number: int = 0
    digest: str = ""

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"


@dataclass
class Verdict:
    """What `verify` found: how many links and events it read, what is wrong in words, and how many events wait for their link."""

    links: int = 0
    events: int = 0
    waiting: int = 0
    faults: list[str] = field(default_factory=list)


def head() -> Head:
    """The end of the chain."""
    last = Seal.objects.order_by("-number").first()
    return Head(last.number, last.digest) if last else Head()


def seal(most: int = MOST) -> int:
    """Make the next link from events that have none, at most `most`; returns how many it holds. 0 means that nothing is left."""
    with transaction.atomic():
        last = Seal.objects.order_by("-number").first()
        before, upto = (Head(last.number, last.digest), last.upto) if last else (Head(), 0)
        late = _late(most)
        fresh = list(Event.objects.filter(pk__gt=upto).order_by("pk")[: most - len(late)]) if len(late) < most else []
        events = late + fresh
        _mind_gaps(late, fresh, upto)
        if not events:
            return 0
        ranges = as_ranges(event.pk for event in events)
        digest = _digest(_key(), before, ranges, events)
        try:
            with transaction.atomic():
                Seal.objects.create(
                    number=before.number + 1,
                    ranges=ranges,
                    count=len(events),
                    upto=max(upto, events[-1].pk),
                    digest=digest,
                )
        except IntegrityError:
            # Another worker made this link at the same time; what it left out comes with the next.
            transaction.set_rollback(True)
            return 0
    return len(events)


def _late(most: int) -> list[Event]:
    """Events that appeared in a gap since the chain passed it."""
    gaps = list(Gap.objects.order_by("first")[:500])
    if not gaps:
        return []
    inside = Q()
    for gap in gaps:
        inside |= Q(pk__range=(gap.first, gap.last))
    return list(Event.objects.filter(inside).order_by("pk")[:most])


def _mind_gaps(late: list[Event], fresh: list[Event], upto: int) -> None:
    """Note the ids that were passed over, forget those that are filled, and those that nobody can fill any more."""
    Gap.objects.filter(at__lt=clock.now() - GIVE_UP).delete()
    for event in late:
        gap = Gap.objects.get(first__lte=event.pk, last__gte=event.pk)
        gap.delete()
        rest = [(gap.first, event.pk - 1), (event.pk + 1, gap.last)]
        Gap.objects.bulk_create(Gap(first=a, last=b, at=gap.at) for a, b in rest if a <= b)
    passed: Ranges = []
    for event in fresh:
        if event.pk > upto + 1:
            passed.append((upto + 1, event.pk - 1))
        upto = event.pk
    Gap.objects.bulk_create(Gap(first=a, last=b) for a, b in passed)


def as_ranges(ids: Iterable[int]) -> Ranges:
    """Ids in rising order as [first, last] pairs."""
    made: list[list[int]] = []
    for number in ids:
        if made and made[-1][1] == number - 1:
            made[-1][1] = number
        else:
            made.append([number, number])
    return [(a, b) for a, b in made]


def _key() -> bytes:
    row = SealKey.objects.order_by("pk").first()
    if row is None:
        row = SealKey.objects.create(key=secrets.token_hex(32))
    return bytes.fromhex(SealKey.objects.get(pk=row.pk).key.reveal())


def _digest(key: bytes, before: Head, ranges: Any, events: Iterable[Event]) -> str:
    made = hmac.new(key, f"{before.number}:{before.digest}:{json.dumps(ranges)}".encode(), hashlib.sha256)
    events = list(events)
    origins = {row.cause: row for row in Origin.objects.filter(cause__in={event.cause for event in events} - {""})}
    for event in events:
        made.update(_of(key, event, origins.get(event.cause)))
    return made.hexdigest()


def _of(key: bytes, event: Event, origin: Origin | None) -> bytes:
    said = [
        event.pk,
        event.name,
        event.at,
        event.actor_kind,
        event.actor_id,
        event.actor_name,
        event.cause,
        event.object,
        event.record,
        event.data,
        [origin.address, origin.agent, origin.route] if origin else None,
    ]
    if event.deputy_for:
        # Said only where it is so: links made before the ledger knew deputies stay true.
        said.append(event.deputy_for)
    if event.version is not None:
        said.append({"version": event.version})
    text = json.dumps(said, cls=_Exact, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()


class _Exact(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def verify(noted: Head | None = None) -> Verdict:
    """Read the whole chain and every event; `noted` is a head that somebody wrote down earlier and that must still be part of it."""
    verdict, before, sealed_upto = Verdict(), Head(), 0
    key = _key()
    found_noted = noted is None or noted.number == 0
    covered: Ranges = []
    for link in Seal.objects.order_by("number").iterator(chunk_size=200):
        if link.number != before.number + 1:
            verdict.faults.append(f"Link {before.number + 1} is missing.")
        events = list(_events(link.ranges))
        if len(events) != link.count:
            there = {event.pk for event in events}
            missing = [n for a, b in link.ranges for n in range(a, b + 1) if n not in there]
            verdict.faults.append(f"Link {link.number}: events were taken away: {_shown(missing)}.")
        elif _digest(key, before, link.ranges, events) != link.digest:
            verdict.faults.append(f"Link {link.number}: an event was changed, among {_shown_ranges(link.ranges)}.")
        if noted and link.number == noted.number:
            found_noted = True
            if link.digest != noted.digest:
                verdict.faults.append(f"Link {link.number} is not the one that was noted: the chain was made anew.")
        covered += [(a, b) for a, b in link.ranges]
        verdict.links, verdict.events = verdict.links + 1, verdict.events + len(events)
        before, sealed_upto = Head(link.number, link.digest), link.upto
    if noted and not found_noted:
        verdict.faults.append(
            f"The chain ends at link {before.number}; link {noted.number} was noted: its end was cut off."
        )
    added = _outside(covered, sealed_upto)
    if added:
        verdict.faults.append(f"Events were put in between: {_shown(added)}.")
    verdict.waiting = Event.objects.filter(pk__gt=sealed_upto).count()
    return verdict


def _events(ranges: Any) -> Iterator[Event]:
    for a, b in ranges:
        yield from Event.objects.filter(pk__range=(a, b)).order_by("pk")


def _outside(covered: Ranges, upto: int) -> list[int]:
    """Ids of events up to `upto` that no link covers and no gap expects."""
    expected = [(gap.first, gap.last) for gap in Gap.objects.all()]
    found, at = [], 0
    for a, b in [*sorted([*covered, *expected]), (upto + 1, upto + 1)]:
        if a > at + 1:
            found += Event.objects.filter(pk__gt=at, pk__lt=a).values_list("pk", flat=True)[:20]
        at = max(at, b)
    return found


def _shown(ids: list[int]) -> str:
    return _shown_ranges(as_ranges(ids))


def _shown_ranges(ranges: Any) -> str:
    shown = [f"#{a}" if a == b else f"#{a}-#{b}" for a, b in ranges[:10]]
    return " ".join(shown) + (" …" if len(ranges) > 10 else "")
