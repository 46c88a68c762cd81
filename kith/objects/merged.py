"""That one record went into another: where its address leads now, whose history it belongs to, and what moves along."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import NOW, Fact, on
from kith.events.models import Event
from kith.kernel import clock
from kith.kernel.registry import Registry, Room

#: A record that went into another that went into a third …: followed no further than this.
FARTHEST = 20


class Merge(models.Model):
    """A record, now in the trash or gone for good, that went into another one; taken away when it comes back."""

    object = models.CharField(max_length=80)
    record = models.BigIntegerField()
    into = models.BigIntegerField()
    #: Why: what `undo` takes back as a whole.
    cause = models.CharField(max_length=120, default="")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        app_label = "objects"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["object", "record"], name="merge_once")]
        indexes = [models.Index(fields=["object", "into"], name="merge_into")]


@dataclass(frozen=True)
class RecordMerged(Fact):
    """A record went into another. `into` is the other's number; `moved` says which rows of which `Carried` table came along."""

    name = "record.merged"
    label = lazy("Two records were merged")
    icon = "merge"
    record: Any
    into: int
    moved: dict[str, list[int]]
    kept: Any = None

    def sentence(self) -> str:
        return _("Merged into one record")

    def about(self) -> Iterable[Any]:
        return () if self.kept is None else (self.kept,)

    def payload(self) -> dict[str, Any]:
        return {"into": self.into, "moved": self.moved}


@dataclass(frozen=True)
class Carried:
    """A table whose rows hang on records by object and number, and go along when a record is merged into another.

    `alike` names the columns that, together with the record, may stand there once only: a row whose twin the other record has already
    stays where it is. `when(actor, into)` says whether rows may come to that record at all. Rooms contribute instances.
    """

    registry: ClassVar[Registry[Carried]] = Registry("table that follows a merge")

    key: str
    model: Any
    alike: tuple[str, ...] = ()
    object: str = "object"
    record: str = "record"
    when: Callable[[Any, Any], bool] = lambda actor, into: True

    def contribute(self, room: Room) -> None:
        """Rooms contribute them as instances."""
        Carried.registry.add(self.key, self)

    def carry(self, key: str, record: int, into: int) -> list[int]:
        """Move the rows of one record to the other; the numbers of those that moved."""
        rows = self.model.objects.filter(**{self.object: key})
        there = set(rows.filter(**{self.record: into}).values_list(*self.alike)) if self.alike else set()
        ours = rows.filter(**{self.record: record}).order_by("pk").values_list("pk", *self.alike)
        moved = [pk for pk, *alike in ours if not self.alike or tuple(alike) not in there]
        rows.filter(pk__in=moved).update(**{self.record: into})
        return moved

    def back(self, key: str, record: int, into: int, ids: list[int]) -> None:
        """Give them back, as far as they are still there."""
        rows = self.model.objects.filter(**{self.object: key, self.record: into}, pk__in=ids)
        rows.update(**{self.record: record})


def led_to(key: str, record: int) -> int | None:
    """The record into which this one went, however often; None when it went nowhere."""
    seen = {record}
    here = record
    for _step in range(FARTHEST):
        further = Merge.objects.filter(object=key, record=here).values_list("into", flat=True).first()
        if further is None or further in seen:
            break
        seen.add(further)
        here = further
    return here if here != record else None


def went_into(key: str, record: int) -> list[int]:
    """The records that went into this one, and those that had gone into them."""
    found: list[int] = []
    level = [record]
    for _step in range(FARTHEST):
        level = [
            pk
            for pk in Merge.objects.filter(object=key, into__in=level).values_list("record", flat=True)
            if pk not in found and pk != record
        ]
        if not level:
            break
        found += level
    return found


@on("restored", NOW)
def came_back(event: Event) -> None:
    """A record that was taken out of the trash stands for itself again."""
    Merge.objects.filter(object=event.object, record=event.record).delete()


@on("purged", NOW)
def gone_for_good(event: Event) -> None:
    """Nothing leads to a record that is no more."""
    Merge.objects.filter(object=event.object, into=event.record).delete()
