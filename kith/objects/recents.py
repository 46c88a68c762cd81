"""What somebody looked at lately: her own, a few dozen, shown to nobody else."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import OperationalError, models, transaction

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.guarded import tracking
from kith.kernel.viewer import Viewer, current_viewer

from .favourites import Starred, shown_of

#: So many are kept of one person; more is a history of what she reads, which nobody asked for.
KEPT = 30


class Seen(models.Model):
    """That somebody opened a record's page, the last time that she did."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    object = models.CharField(max_length=80)
    record = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        app_label = "objects"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "object", "record"], name="seen_once")]
        indexes = [
            models.Index(fields=["user", "-at"], name="seen_lately"),
            models.Index(fields=["object", "record"], name="seen_record"),
        ]


def seen(actor: Actor, key: str, record: int) -> None:
    """Note that the actor has this record before her. Nothing is noted while somebody looks through her eyes."""
    if actor.user_id is None or actor.observer is not None:
        return
    mine = Seen.objects.filter(user_id=actor.user_id).order_by("-at", "-pk")
    if mine.values_list("object", "record").first() == (key, record):
        return
    try:
        with tracking("recents"):
            # Mostly she was here before: then one line moves up, and there are no more of them than there were.
            if Seen.objects.filter(user_id=actor.user_id, object=key, record=record).update(at=clock.now()):
                return
            with transaction.atomic():
                Seen.objects.update_or_create(
                    user_id=actor.user_id, object=key, record=record, defaults={"at": clock.now()}
                )
                Seen.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[KEPT : KEPT * 2])).delete()
    except OperationalError:
        # Somebody else writes right now. The page is worth more than the note of it.
        return


def recents(actor: Actor, viewer: Viewer | None = None, limit: int = KEPT) -> list[Starred]:
    """What the actor looked at and still may see, the latest first: one query, and those of one look-up for each object."""
    if actor.user_id is None or actor.observer is not None:
        return []
    rows = list(
        Seen.objects.filter(user_id=actor.user_id).order_by("-at", "-pk").values_list("object", "record")[: limit * 2]
    )
    wanted: dict[str, set[int]] = {}
    for key, pk in rows:
        wanted.setdefault(key, set()).add(pk)
    viewer = viewer or current_viewer()
    found = {key: shown_of(actor, key, ids, viewer) for key, ids in wanted.items()}
    return [found[key][pk] for key, pk in rows if pk in found[key]][:limit]


def forget(key: str, ids: Iterable[int]) -> None:
    """Nobody has looked at these: they are gone for good."""
    Seen.objects.filter(object=key, record__in=list(ids)).delete()


__all__ = ["KEPT", "Seen", "forget", "recents", "seen"]
