"""How far the ledger is decided: up to which number nothing can appear any more.

On SQLite one transaction writes at a time, so that events are there in the order of their numbers. On PostgreSQL an event gets its number
when it is written and can be seen when its transaction ends: whoever has read number 7 may meet number 6 afterwards. Hence a transaction
that adds to the ledger holds, until it ends, a shared advisory lock that says from which number on its events are: the highest one that
had been given by then. The lowest of these locks is as far as the ledger is decided. Reasons: docs/house/decisions/change-feed.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import Max
from django.utils.crypto import get_random_string

from .models import Age, Event

#: What tells these locks from all others: the upper 16 of their 64 bits. Numbers of events have the other 48.
TAG = 0x4B46
#: Readers compare ages, and nobody has to guess them: this only makes two alike unlikely.
_LETTERS, _LENGTH = "abcdefghijkmnpqrstuvwxyz23456789", 8
_POSITION = re.compile(rf"([a-z0-9]{{{_LENGTH}}})-(0|[1-9][0-9]{{0,17}})", re.ASCII)

_GIVEN = "SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM events_event_id_seq"
_HELD = (
    "SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 "
    "AND (classid::bigint >> 16) = %s AND pid IS DISTINCT FROM pg_backend_pid() "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def horizon() -> int:
    """The number of the last event up to which everything is decided; 0 for an empty ledger.

    What this connection itself has written and not committed counts as decided. Never above an event that is there, because numbers that
    were given to nobody may be given again after a crash. Asks for READ COMMITTED, as everything here is read: each statement looks anew.
    """
    if connection.vendor != "postgresql":
        return _top(None)
    with connection.cursor() as cursor:
        # In this order, each with a look of its own: a transaction that got its numbers before the first of them either still holds its
        # lock at the second, or has ended, and what it wrote is seen by the third.
        cursor.execute(_GIVEN)
        (given,) = cursor.fetchone()
        cursor.execute(_HELD, [TAG])
        (held,) = cursor.fetchone()
    return _top(given if held is None else min(given, held))


def _top(bound: int | None) -> int:
    events = Event.objects.all() if bound is None else Event.objects.filter(pk__lte=bound)
    return int(events.aggregate(top=Max("pk"))["top"] or 0)


def age() -> Age:
    """The age of this ledger: positions in it mean nothing in another one."""
    found = Age.objects.order_by("-pk").first()
    if found is None:
        raise RuntimeError("The ledger has no age; run `kith migrate`.")
    return found


class Lost(Exception):
    """A position from which nobody can read on: of another age, or from before what is kept."""


def written(number: int, of: Age) -> str:
    """A position as others keep it."""
    return f"{of.key}-{number}"


def place(text: str, of: Age) -> int:
    """The number in a position that was given out; ValueError for text that is none, Lost for one that is of no use any more."""
    found = _POSITION.fullmatch(text)
    if found is None:
        raise ValueError("This is no position.")
    number = int(found[2])
    # Not the horizon, which a transaction that was slow to lock may set back by a little, is the end, but what is there.
    if found[1] != of.key or not of.kept_from <= number <= _top(None):
        raise Lost
    return number


def begin_age() -> Age:
    """Let positions that were given until now be known for old ones. After a restore: numbers that were given are given again."""
    with transaction.atomic():
        return Age.objects.create(key=get_random_string(_LENGTH, _LETTERS))


def guard() -> None:
    """Make what lets transactions say from where on they write, where it is not there. After every migration."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for statement in _statements():
                cursor.execute(statement)
    if Age._meta.db_table in connection.introspection.table_names() and not Age.objects.exists():
        begin_age()


def _statements() -> Iterator[str]:
    # Once in a transaction: the setting is local to it, and is undone, as the lock is, where it goes back to a savepoint.
    yield (
        "CREATE OR REPLACE FUNCTION kith_say_from_where() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF coalesce(current_setting('kith.from_where', true), '') <> 'said' THEN "
        f"PERFORM pg_advisory_xact_lock_shared(({TAG}::bigint << 48) | ({_GIVEN})); "
        "PERFORM set_config('kith.from_where', 'said', true); "
        "END IF; RETURN NULL; END $$"
    )
    yield (
        "CREATE OR REPLACE TRIGGER events_event_from_where BEFORE INSERT ON events_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION kith_say_from_where()"
    )
