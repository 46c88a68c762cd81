"""How often somebody may guess. No number of wrong passwords keeps the owner of an account out of it.

A limit is a bucket that leaks: each try fills it a little, and it empties with time. One statement of SQL takes a place in it, so
that any number of processes and machines share one limit, on both engines. A place that turned out to be a right password is given
back. Buckets for accounts that do not exist fill in the same way, and the same queries are made for them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import F

from kith.events.schedule import every
from kith.kernel import clock
from kith.kernel.errors import KithError

from .models import Bucket, Device, Failure, User


@dataclass(frozen=True)
class Gate:
    """A bucket: `burst` places, one of which becomes free every `seconds`."""

    key: str
    burst: int
    seconds: float

    @property
    def digest(self) -> str:
        """What the bucket is called in the table: addresses and names of people do not stand there."""
        return hashlib.sha256(self.key.encode()).hexdigest()


@dataclass(frozen=True)
class Visitor:
    """Who tries: from which network, and with which mark of a browser that was here before ("" for none)."""

    network: str
    mark: str = ""


class TooMany(KithError):
    """Too many tries; `wait` is how many seconds until the next may be made."""

    def __init__(self, wait: int):
        super().__init__("Too many tries.")
        self.wait = wait


def gates(account: str, visitor: Visitor, what: str = "password") -> list[Gate]:
    """Where a try for `account` (an e-mail address, known or not) has to pass.

    Whoever comes with a browser that signed in to this account before has a bucket of her own, which nobody else can fill. Whoever
    comes from a network that signed in before is not held back by what others do elsewhere. Only strangers share limits: each
    account's, each network's, and everybody's.
    """
    account = account.strip().casefold()
    known = Device.objects.filter(user__email=account)
    marked = bool(visitor.mark) and known.filter(mark=visitor.mark).exists()
    at_home = bool(visitor.network) and known.filter(network=visitor.network).exists()
    if marked:
        return [Gate(f"{what}:device:{account}:{visitor.mark}", 20, 45)]
    found = [
        Gate(f"{what}:pair:{account}:{visitor.network}", 20, 45),
        Gate(f"{what}:network:{visitor.network}", 200, 4.5),
    ]
    if not at_home:
        found += [Gate(f"{what}:account:{account}", 100, 36), Gate(f"{what}:all", 1000, 0.06)]
    return found


def take(wanted: Iterable[Gate]) -> list[int]:
    """Take a place in each bucket, or in none: raises TooMany. Gives how many places are left in each."""
    taken: list[Gate] = []
    left = []
    for gate in wanted:
        wait, free = _pour(gate)
        if wait:
            give_back(taken)
            raise TooMany(wait)
        taken.append(gate)
        left.append(free)
    return left


def give_back(taken: Iterable[Gate]) -> None:
    """Give the places back: the try was a right one."""
    for gate in taken:
        Bucket.objects.filter(key=gate.digest).update(full_at=F("full_at") - int(gate.seconds * 1000))


#: One statement: two requests at the same moment are two fillings, never one.
_POUR = (
    "INSERT INTO identity_bucket (key, full_at) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE "
    "SET full_at = GREATEST(identity_bucket.full_at, %s) + %s "
    "WHERE GREATEST(identity_bucket.full_at, %s) + %s <= %s RETURNING full_at"
)
POUR = {"postgresql": _POUR, "sqlite": _POUR.replace("GREATEST", "MAX")}


def _pour(gate: Gate) -> tuple[int, int]:
    """Fill the bucket by one, unless it is full: the seconds to wait, 0 when it was filled, and how many places are left."""
    now = int(clock.now().timestamp() * 1000)
    cost = int(gate.seconds * 1000)
    latest = now + gate.burst * cost
    with connection.cursor() as cursor:
        cursor.execute(POUR[connection.vendor], [gate.digest, now + cost, now, cost, now, cost, latest])
        if row := cursor.fetchone():
            return 0, int((latest - row[0]) // cost) if cost else gate.burst
    full_at = Bucket.objects.filter(key=gate.digest).values_list("full_at", flat=True).first() or latest
    return max(1, -(-(full_at + cost - latest) // 1000)), 0


# Counting


def count_failure(account: str, network: str, user: User | None) -> bool:
    """Count a wrong password or code, for the owner and for whoever reads the audit; whether it is the first of this day from there."""
    now = clock.now()
    digest = hashlib.sha256(f"account:{account.strip().casefold()}".encode()).hexdigest()
    row, made = Failure.objects.get_or_create(
        account=digest, network=network, day=now.date(), defaults={"user": user, "first_at": now, "last_at": now}
    )
    if not made:
        Failure.objects.filter(pk=row.pk).update(count=F("count") + 1, last_at=now)
    return made


@every(hours=1)
def forget_old_limits() -> None:
    """Empty buckets go at once, counts of failures after ninety days, browsers that nobody used after a year."""
    now = clock.now()
    Bucket.objects.filter(full_at__lt=int(now.timestamp() * 1000)).delete()
    Failure.objects.filter(last_at__lt=now - timedelta(days=90)).delete()
    Device.objects.filter(seen_at__lt=now - timedelta(days=365)).delete()
