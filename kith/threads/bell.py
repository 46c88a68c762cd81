"""That somebody was told something: which users' inboxes grew since it was asked last, found out by one reader for a whole process."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, QuerySet

from .models import Notice

#: Numbers below the newest that are looked at again: on PostgreSQL one may become visible after a higher one.
BACK = 200


class Bell:
    """A place among the notices, from which they are read on."""

    def __init__(self) -> None:
        self.top = Notice.objects.aggregate(top=Max("pk"))["top"] or 0
        self.seen = set(self._recent().values_list("pk", flat=True))

    def rung(self) -> set[int]:
        """The users who were told something since this was asked last."""
        found = dict(self._recent().values_list("pk", "user_id"))
        new = {pk: user for pk, user in found.items() if pk not in self.seen}
        self.top = max(found, default=self.top)
        self.seen = {pk for pk in self.seen | set(new) if pk > self.top - BACK}
        return set(new.values())

    def _recent(self) -> QuerySet[Notice]:
        return Notice.objects.filter(pk__gt=self.top - BACK, shown=True)


def told_since(user: int, at: datetime) -> bool:
    """Whether somebody was told something at `at` or later."""
    return Notice.objects.filter(user=user, done_at=None, at__gte=at, shown=True).exists()
