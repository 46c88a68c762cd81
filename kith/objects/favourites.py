"""What somebody keeps within reach: records, and whatever else can be starred. Rows of their own user; nobody else ever sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Missing, Refused
from kith.kernel.registry import Registry, Room
from kith.kernel.sentences import counted
from kith.kernel.viewer import Viewer, current_viewer

from .access import fields as fields_of
from .declare import ObjectType, object_type
from .query import reader, visible_to

#: One person keeps at most so many: more are no favourites, and a sidebar that nobody reads.
MOST = 200


class Favourite(models.Model):
    """That somebody starred something: a record by its object's key and number, or anything else that has a `Starrable`."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    object = models.CharField(max_length=80)
    record = models.BigIntegerField()
    #: Where it stands in her list, from the top; equal places by when they were starred.
    place = models.IntegerField(default=0)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        app_label = "objects"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "object", "record"], name="favourite_once")]
        indexes = [models.Index(fields=["object", "record"], name="favourite_record")]


@dataclass(frozen=True)
class Starred:
    """A favourite as it is shown: `object` and `id` are what `star` takes."""

    object: str
    id: int
    title: str
    url: str
    icon: str


@dataclass(frozen=True)
class Starrable:
    """Another sort of thing than records that can be starred, such as a saved view.

    `found(actor, ids)` gives, in a constant number of queries, those of the ids that the actor may see, as (title, address, icon).
    Rooms contribute instances; `key` is no object's key.
    """

    registry: ClassVar[Registry[Starrable]] = Registry("thing to star")

    key: str
    found: Callable[[Actor, set[int]], dict[int, tuple[str, str, str]]]

    def contribute(self, room: Room) -> None:
        """Rooms contribute them as instances."""
        Starrable.registry.add(self.key, self)


def star(actor: Actor, key: str, record: int, on: bool = True) -> None:
    """Star something, or take its star away; the same again changes nothing.

    Missing for what the actor may not see, Refused beyond MOST. A star that leads nowhere any more can still be taken away.
    """
    user = _whose(actor)
    if not on:
        Favourite.objects.filter(user_id=user, object=key, record=record).delete()
        return
    if record not in shown_of(actor, key, {record}, current_viewer()):
        raise Missing
    with transaction.atomic():
        mine = Favourite.objects.filter(user_id=user)
        if mine.count() >= MOST and not mine.filter(object=key, record=record).exists():
            raise Refused(
                _("You have %(n)s favourites already. Take a star away somewhere first.") % {"n": counted(MOST)}
            )
        last = mine.aggregate(last=models.Max("place"))["last"]
        row = Favourite(user_id=user, object=key, record=record, place=0 if last is None else last + 1)
        Favourite.objects.bulk_create([row], ignore_conflicts=True)


def is_starred(actor: Actor, key: str, record: int) -> bool:
    """Whether the actor starred it."""
    if actor.user_id is None or actor.observer is not None:
        return False
    return Favourite.objects.filter(user_id=actor.user_id, object=key, record=record).exists()


def favourites(actor: Actor, viewer: Viewer | None = None) -> list[Starred]:
    """What the actor starred and still may see, in her order: one query, and those of one look-up for each sort of thing.

    Nothing while somebody looks through her eyes: what she keeps within reach is hers.
    """
    if actor.user_id is None or actor.observer is not None:
        return []
    rows = list(
        Favourite.objects.filter(user_id=actor.user_id).order_by("place", "pk").values_list("object", "record")[:MOST]
    )
    wanted: dict[str, set[int]] = {}
    for key, pk in rows:
        wanted.setdefault(key, set()).add(pk)
    viewer = viewer or current_viewer()
    found = {key: shown_of(actor, key, ids, viewer) for key, ids in wanted.items()}
    return [found[key][pk] for key, pk in rows if pk in found[key]]


def arrange(actor: Actor, order: Iterable[tuple[str, int]]) -> None:
    """Put the favourites into this order: (object, id) from the top; those that are not named keep theirs below."""
    user = _whose(actor)
    given = list(order)[:MOST]
    places = {pair: place for place, pair in enumerate(dict.fromkeys(given))}
    with transaction.atomic():
        rows = list(Favourite.objects.filter(user_id=user).order_by("place", "pk"))
        rows.sort(key=lambda row: places.get((row.object, row.record), len(places)))
        for place, row in enumerate(rows):
            row.place = place
        Favourite.objects.bulk_update(rows, ["place"])


def forget(key: str, ids: Iterable[int]) -> None:
    """Nobody has a star at these any more: they are gone for good."""
    Favourite.objects.filter(object=key, record__in=list(ids)).delete()


def _whose(actor: Actor) -> int:
    if actor.user_id is None or actor.observer is not None:
        raise Forbidden(_("You are looking through somebody else’s eyes. Nothing can be changed here."))
    return actor.user_id


def shown_of(actor: Actor, key: str, ids: set[int], viewer: Viewer) -> dict[int, Starred]:
    """Those of the things of one sort that the actor may see, as they are named to her; two queries at most."""
    other = Starrable.registry.get(key)
    if other is not None:
        return {pk: Starred(key, pk, *said) for pk, said in other.found(actor, ids).items() if pk in ids}
    if key not in ObjectType.known():
        return {}
    o = object_type(key)
    records = list(visible_to(actor, o).filter(pk__in=ids))
    titled = o.title in fields_of(actor, o)
    if titled:
        o.title_field.attach(records, reader(actor))
    return {
        r.pk: Starred(key, r.pk, o.title_of(r, viewer) if titled else f"#{r.pk}", o.url(r.pk), o.icon) for r in records
    }
