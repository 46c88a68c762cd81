"""When and from where a token was last used: written down when that is possible at once, because nobody waits for a note."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from kith.kernel import clock

from .models import Token

#: Between two notes of a token's last use.
NOTED = timedelta(minutes=1)


def note(token: Token, address: str) -> None:
    """Write down that a token is used from an address, once a minute."""
    now = clock.now()
    if token.used_at is None or now - token.used_at >= NOTED:
        before = Q(used_at=None) | Q(used_at__lte=now - NOTED)
        Token.objects.filter(before, pk=token.pk).update(used_at=now, used_from=address)


def at_once(work: Callable[[], None]) -> None:
    """Do this now or not at all: a note of use is not worth waiting for somebody else's long transaction."""
    with suppress(DatabaseError), _impatient(), transaction.atomic():
        work()


@contextmanager
def _impatient() -> Iterator[None]:
    if connection.vendor != "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        patience = cursor.fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 50")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")
