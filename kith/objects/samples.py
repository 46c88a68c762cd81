"""Sample data: records that rooms make up, so that somebody new sees what the house is like; marked, and taken away by one button.

The mark is the cause of their creation: the run that made them stands in a short list that is read with the settings, so that a house
without sample data pays nothing for it. What people changed or linked is theirs, and stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.models import Event, Run
from kith.events.runs import Progress, job, start
from kith.events.schedule import every
from kith.kernel import clock
from kith.kernel.actor import Actor, System, current_actor
from kith.kernel.errors import Forbidden, Refused
from kith.kernel.registry import Registry, Room

from . import settings
from .actions import act
from .columns import ManyLinksColumn
from .declare import ObjectType, object_type, object_types
from .query import reader, visible_to
from .roles import administers
from .write import Draft, write

#: Under which key the causes of sample records are kept beside the settings.
KEPT = "objects.samples"
CHUNK = 40
_SYSTEM = "sample data"


@dataclass(frozen=True)
class To:
    """In the values of an item: the record that another item made."""

    name: str


@dataclass(frozen=True)
class Item:
    """One record to be: `values` as the write path takes them, with `To(name)` for records of earlier items; notes for its timeline."""

    name: str
    object: str
    values: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sample:
    """What a room brings: `make(today)` gives the same items on the same day, those that are linked to first."""

    registry: ClassVar[Registry[Sample]] = Registry("sample data")

    key: str
    make: Callable[[date], Iterable[Item]]

    def contribute(self, room: Room) -> None:
        """Rooms contribute samples as instances."""
        Sample.registry.add(self.key, self)


# ── the mark ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def causes() -> list[str]:
    """What made sample records; empty in most houses."""
    return list(settings.kept(KEPT) or ())


def made(o: ObjectType, ids: Iterable[int] | None = None) -> Any:
    """The events by which the sample records of `o` (or those among `ids`) came to be; only asked where there are causes."""
    found = Event.objects.filter(object=o.key, name="created", cause__in=causes())
    return found if ids is None else found.filter(record__in=list(ids))


def among(o: ObjectType, ids: Iterable[int]) -> set[int]:
    """Those of the records that are sample data; asks nothing where there is none."""
    return set(made(o, ids).values_list("record", flat=True)) if causes() else set()


def standing(actor: Actor, o: ObjectType) -> int:
    """How many sample records of `o` the actor sees."""
    return visible_to(actor, o).filter(pk__in=made(o).values("record")).count() if causes() else 0


def in_list(actor: Actor, o: ObjectType) -> bool:
    """Whether lists and totals of `o` hold sample data."""
    return bool(causes()) and visible_to(actor, o).filter(pk__in=made(o).values("record")).exists()


def counts(actor: Actor) -> list[tuple[ObjectType, int]]:
    """Objects that have sample records, and how many."""
    return [(o, n) for o in object_types() if (n := standing(actor, o))] if causes() else []


# ── making ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def load(actor: Actor) -> Run:
    """Begin to make sample data, in the background. Refused when there is some already."""
    _only_administrators(actor)
    busy = Run.objects.filter(job__in=(make_samples.key, take_samples.key), state__in=(Run.WAITING, Run.RUNNING))
    if busy.exists():
        raise Refused(_("Sample data is being made or removed just now."))
    if counts(System(_SYSTEM)):
        raise Refused(_("There is sample data already."))
    return start(make_samples, actor, title=_("Make sample data"), day=clock.today().isoformat())


def _only_administrators(actor: Actor) -> None:
    if not administers(actor):
        raise Forbidden(_("Only administrators make and remove sample data."))


@job(label=lazy("Make sample data"))
def make_samples(run: Run, *, day: str) -> Progress:
    """Everything that rooms bring, a chunk at a time; it goes on where a killed worker stopped."""
    actor = _acting()
    _only_administrators(actor)
    items = [item for sample in Sample.registry for item in sample.make(date.fromisoformat(day))]
    at, known = run.position.get("at", 0), run.position.get("ids", {})
    if run.cause not in causes():
        settings.keep(KEPT, [*causes(), run.cause])
    result = run.result or {"done": 0, "refused": []}
    yield at, len(items)
    while at < len(items):
        chunk = _chunk(items, at)
        ready = [(item, values) for item in chunk if (values := _resolved(item, known)) is not None]
        outcomes = write(actor, chunk[0].object, [Draft(values, place=item) for item, values in ready])
        result["refused"] += [[0, _("What it belongs to was refused.")]] * (len(chunk) - len(ready))
        for outcome in outcomes:
            if outcome.error is not None:
                result["refused"].append([0, str(outcome.error)])
                continue
            result["done"] += 1
            known[outcome.draft.place.name] = outcome.record.pk
            for text in outcome.draft.place.notes:
                act(actor, "add_note", outcome.record, text=text)
        at += len(chunk)
        run.position, run.result = {"at": at, "ids": known}, result
        yield at, len(items)


def _chunk(items: list[Item], at: int) -> list[Item]:
    """The next items of one object of which none needs another."""
    chunk: list[Item] = []
    for item in items[at : at + CHUNK]:
        names = {one.name for one in chunk}
        if chunk and (
            item.object != chunk[0].object or any(isinstance(v, To) and v.name in names for v in item.values.values())
        ):
            break
        chunk.append(item)
    return chunk


def _resolved(item: Item, known: dict[str, int]) -> dict[str, Any] | None:
    """The values with numbers of records in place of names; None where a record that it needs was refused."""
    values = {}
    for name, value in item.values.items():
        if isinstance(value, To):
            if value.name not in known:
                return None
            values[name] = known[value.name]
        else:
            values[name] = value
    return values


def _acting() -> Actor:
    actor = current_actor()
    if actor is None:
        raise RuntimeError("A job runs for somebody.")
    return actor


# ── taking away ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Plan:
    """What goes (object → ids) and what stays: (object, id, why)."""

    going: dict[str, list[int]]
    staying: list[tuple[str, int, str]]


def plan() -> Plan:
    """Sample records that nobody changed and nothing of people's own links to, and the others with the reason why they stay."""
    system = System(_SYSTEM)
    known: dict[str, set[int]] = {}
    why: dict[tuple[str, int], str] = {}
    objects = [o for o in object_types() if made(o).exists()]
    for o in objects:
        known[o.key] = set(visible_to(system, o).filter(pk__in=made(o).values("record")).values_list("pk", flat=True))
        later = Event.objects.filter(object=o.key, record__in=made(o).values("record")).exclude(cause__in=causes())
        # Whoever moved a record to the trash and back did not make it her own.
        for record, name in later.exclude(name__in=("removed", "restored", "undone")).values_list(
            "record", "actor_name"
        ):
            if record in known[o.key]:
                why[o.key, record] = _("Changed since by %(name)s.") % {"name": name}
    linked = list(_links(system, objects, known))
    _spread(linked, known, why)
    staying = [(key, pk, said) for (key, pk), said in sorted(why.items())]
    going = {key: sorted(ids - {pk for k, pk in why if k == key}) for key, ids in known.items()}
    return Plan({key: ids for key, ids in going.items() if ids}, staying)


#: A record that links (object, id), the field's label, the record that it links to, whether the first has no sense without the second.
_Link = tuple[tuple[str, int], str, tuple[str, int], bool]


def _links(system: Actor, objects: list[ObjectType], known: dict[str, set[int]]) -> Iterable[_Link]:
    read = reader(system)
    for o in objects:
        for related in o.related:
            other, links = related.object, related.field
            rows = (
                list(visible_to(system, other).order_by("pk"))
                if other.key in known
                else _linking(system, related, known[o.key])
            )
            links.attach(rows, read)
            for row in rows:
                value = links.get(row)
                for ref in value if isinstance(value, tuple) else (value,):
                    if ref is not None and ref.id in known[o.key]:
                        yield (other.key, row.pk), str(other.label), (o.key, ref.id), other.follows == links.name


def _linking(system: Actor, related: Any, ids: set[int]) -> list[Any]:
    """Records of an object without samples that link to one of `ids`."""
    from .filters.tree import Condition
    from .query import selected

    found: dict[int, Any] = {}
    some = sorted(ids)
    for at in range(0, len(some), CHUNK):
        condition = Condition(related.field.name, "in", tuple(str(pk) for pk in some[at : at + CHUNK]))
        found.update({row.pk: row for row in selected(system, related.object, filter=condition)})
    return list(found.values())


def _spread(links: list[_Link], known: dict[str, set[int]], why: dict[tuple[str, int], str]) -> None:
    """What stays keeps what it links to, and what belongs to it; until nothing is added any more."""
    grown = True
    while grown:
        grown = False
        for linking, label, target, belongs in links:
            own = linking[1] not in known.get(linking[0], ())
            if (own or linking in why) and target not in why:
                why[target] = _("Linked: %(object)s.") % {"object": label}
                grown = True
            if belongs and target in why and linking not in why and not own:
                why[linking] = why[target]
                grown = True


def remove(actor: Actor) -> Run:
    """Begin to take sample data away, in the background; it lies in the trash for thirty days."""
    _only_administrators(actor)
    busy = Run.objects.filter(job__in=(make_samples.key, take_samples.key), state__in=(Run.WAITING, Run.RUNNING))
    if busy.exists():
        raise Refused(_("Sample data is being made or removed just now."))
    if not counts(actor):
        raise Refused(_("There is no sample data."))
    return start(take_samples, actor, title=_("Remove sample data"))


@job(label=lazy("Remove sample data"))
def take_samples(run: Run) -> Progress:
    """What nobody changed or linked goes to the trash, what belongs to others first."""
    actor = _acting()
    _only_administrators(actor)
    found = plan()
    order = sorted(found.going, key=lambda key: -_depth(object_type(key)))
    total = run.done + sum(map(len, found.going.values()))
    result = run.result or {"done": 0, "kept": []}
    result["kept"] = [list(one) for one in found.staying]
    run.result = result
    yield result["done"], total
    for key in order:
        ids = found.going[key]
        for at in range(0, len(ids), CHUNK):
            rows = list(visible_to(actor, key, "remove").filter(pk__in=ids[at : at + CHUNK]))
            for outcome in write(actor, key, [Draft(record=row, verb="remove") for row in rows]):
                if outcome.error is None:
                    result["done"] += 1
                else:
                    result["kept"].append([key, outcome.draft.record.pk, str(outcome.error)])
            run.result = result
            yield result["done"], total


def _depth(o: ObjectType) -> int:
    """Records that follow others go before them, and those that link before those that are linked to."""
    links = sum(1 for f in o.own.values() if f.target in ObjectType.known() and not isinstance(f, ManyLinksColumn))
    return links + 10 * bool(o.follows)


@every(days=1)
def forget_samples() -> None:
    """Where no sample record is left, not even in the trash, lists need not look for one."""
    system = System(_SYSTEM)
    if causes() and not any(
        visible_to(system, o, trash=None).filter(pk__in=made(o).values("record")).exists() for o in object_types()
    ):
        settings.keep(KEPT, [])


__all__ = ["Item", "Plan", "Sample", "To", "among", "counts", "in_list", "load", "made", "plan", "remove", "standing"]
