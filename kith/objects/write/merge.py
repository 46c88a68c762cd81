"""Two to five records become one: it stays, with the values chosen; what hung on the others hangs on it; the others go to the trash.

All of it is one transaction and one cause, so that one undo takes it back for as long as the trash keeps the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kith.events.facts import emit
from kith.events.models import Event
from kith.kernel.actor import Actor, acting, cause, current_cause
from kith.kernel.errors import Forbidden, Missing, Refused
from kith.kernel.sentences import counted

from ..access import fields as fields_of
from ..access import may
from ..access.models import CHANGE, REMOVE, SHARE, Private
from ..columns import LinkColumn, ManyLinksColumn, Record
from ..declare import Field, ObjectType, object_type, object_types
from ..filters import Condition
from ..merged import Carried, Merge, RecordMerged
from ..query import find, reader, selected, visible_to
from .drafts import Draft
from .undo import along, reverses
from .verbs import change, remove, write

#: So many records are merged at once.
MOST = 5
#: So many records may link to those that go: more would keep everybody else waiting.
MOST_LINKS = 5000


def merge(
    actor: Actor,
    keep: Any,
    others: Sequence[Any],
    values: Mapping[str, Any] | None = None,
    *,
    versions: Mapping[int, int] | None = None,
) -> Any:
    """Merge `others` into `keep` and give it back. `values` are those fields of it that change; see `together` for what suggests itself.

    `versions` (record id → version) are those that the choice was made by. Needs the right to change the one and to remove the others.
    Refused, with nothing changed, when one of them changed meanwhile, is gone, or is private while another is not.
    """
    o = object_type(keep)
    ids = [other.pk for other in others]
    if not ids or len({keep.pk, *ids}) != len(ids) + 1 or any(object_type(other) is not o for other in others):
        raise Refused(_("Choose two or more different records of one sort to merge."))
    if len(ids) >= MOST:
        raise Refused(
            ngettext("Merge at most %(n)s record at a time.", "Merge at most %(n)s records at a time.", MOST)
            % {"n": counted(MOST)}
        )
    if actor.observer is not None:
        raise Forbidden(_("You are looking through somebody else’s eyes. Nothing can be changed here."))
    bound = nullcontext() if current_cause() is not None else cause()
    with bound, transaction.atomic(), acting(actor):
        kept, gone = _locked(actor, o, keep.pk, ids)
        _unchanged([kept, *gone], versions or {})
        _alike_private(o, [kept, *gone])
        program = along(actor)
        for other, field in _linking(o):
            _move(program, other, field, kept.pk, ids)
        own, forced = _own_links(actor, o, kept, ids, dict(values or {}))
        if forced:
            kept = change(program, kept, forced)
        for record in gone:
            remove(actor, record)
        if own:
            kept = change(actor, kept, own)
        bound_cause = current_cause()
        for record in gone:
            moved = {
                one.key: rows
                for one in Carried.registry
                if one.when(actor, kept) and (rows := one.carry(o.key, record.pk, kept.pk))
            }
            Merge.objects.update_or_create(
                object=o.key,
                record=record.pk,
                defaults={"into": kept.pk, "cause": bound_cause.key if bound_cause else ""},
            )
            emit(RecordMerged(record, kept.pk, moved, kept), actor)
    return kept


def together(actor: Actor, keep: Any, others: Sequence[Any]) -> dict[str, Any]:
    """What suggests itself as the values of `keep`: its own, those of the others where it has none, of several values all.

    Field name → value, of the fields that differ from what it has and that the actor may change.
    """
    o = object_type(keep)
    found = {}
    for field in choosable(actor, o).values():
        now = field.get(keep)
        wanted = united(field, [keep, *others])
        if field.kind.pack(wanted) != field.kind.pack(now):
            found[field.name] = wanted
    return found


def united(field: Field, records: Sequence[Any]) -> Any:
    """The values of several records as one: all of several values, otherwise the first that there is."""
    values = [value for record in records if not field.kind.is_empty(value := field.get(record))]
    if not values:
        return field.kind.empty
    if not field.kind.multiple:
        return values[0]
    return field.kind.clean(tuple(dict.fromkeys(one for value in values for one in value)))


def choosable(actor: Actor, o: ObjectType) -> dict[str, Field]:
    """The fields whose values are chosen when records are merged: those that the actor may change, but for what moves as records."""
    return {name: field for name, field in fields_of(actor, o, CHANGE).items() if not _through_records(field)}


def _through_records(field: Field) -> bool:
    return isinstance(field, ManyLinksColumn) and issubclass(field.through[0], Record)


# ── before ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _locked(actor: Actor, o: ObjectType, keep: int, ids: list[int]) -> tuple[Any, list[Any]]:
    """The records, locked in the order of their numbers so that two merges cannot wait for each other."""
    every = [keep, *ids]
    list(models.QuerySet(o.model).filter(pk__in=every).order_by("pk").select_for_update())
    there = dict(visible_to(actor, o, trash=None).filter(pk__in=every).values_list("pk", "removed_at"))
    if any(pk not in there for pk in every):
        raise Missing
    if any(there.values()):
        raise Refused(_("One of these records is in the trash by now, or was merged before."))
    return find(actor, o, keep, CHANGE), [find(actor, o, pk, REMOVE) for pk in ids]


def _unchanged(records: list[Any], versions: Mapping[int, int]) -> None:
    if any(record.pk in versions and versions[record.pk] != record.version for record in records):
        raise Refused(_("Somebody changed one of these records meanwhile. Look at the values again before you merge."))


def _alike_private(o: ObjectType, records: list[Any]) -> None:
    private = Private.objects.filter(object=o.key, record__in=[r.pk for r in records]).count()
    if private not in (0, len(records)):
        raise Refused(
            _(
                "One of these records is private and another is not. Make them alike first, so that nothing is given away."
            )
        )


# ── what hangs on them ───────────────────────────────────────────────────────────────────────────────────────────────


def _linking(o: ObjectType) -> Iterable[tuple[ObjectType, Field]]:
    """Every field of any object that links to this one, but for lists of links whose rows are records: those move themselves."""
    return [
        (other, field)
        for other in object_types()
        for field in other.fields.values()
        if field.target == o.key and field.writable and not _through_records(field)
    ]


def _move(program: Actor, other: ObjectType, field: Field, keep: int, ids: list[int]) -> None:
    """Let the records that link to those that go link to the one that stays; whatever the actor may see or change of them."""
    rows = selected(program, other, filter=Condition(field.name, "in", tuple(map(str, ids))))
    if other.key == field.target:
        rows = rows.exclude(pk__in=[keep, *ids])
    found = list(rows.order_by("pk")[: MOST_LINKS + 1])
    if len(found) > MOST_LINKS:
        raise Refused(
            ngettext(
                "More than %(n)s record links to what would go. Keep that one instead.",
                "More than %(n)s records link to what would go. Keep that one instead.",
                MOST_LINKS,
            )
            % {"n": counted(MOST_LINKS)}
        )
    if not found:
        return
    if field.kind.multiple:
        field.attach(found, reader(program, trash=None))
        drafts = []
        for record in found:
            now = [link.id for link in field.get(record)]
            drafts.append(
                Draft({field.name: list(dict.fromkeys(keep if pk in ids else pk for pk in now))}, record=record)
            )
    else:
        drafts = _without_twins(program, other, field, keep, found)
    _done(write(program, other, drafts))


def _done(outcomes: Iterable[Any]) -> None:
    for outcome in outcomes:
        if outcome.error is not None:
            raise Refused(_("These records cannot be merged: %(why)s") % {"why": outcome.error}) from outcome.error


def _without_twins(program: Actor, other: ObjectType, field: Field, keep: int, found: list[Any]) -> list[Draft]:
    """Links of which there may be one only: the record that stays may have one like it already.

    That one is filled up with what the other knows, and the other goes to the trash. Where a rule holds for some records only (one
    main company), the one that moves gives up what makes it one of them.
    """
    if not isinstance(field, LinkColumn):
        return [Draft({field.name: keep}, record=record) for record in found]
    values: dict[int, dict[str, Any]] = {record.pk: {field.name: keep} for record in found}
    twins: dict[int, Any] = {}
    rows = models.QuerySet(other.model)
    for constraint in other.model._meta.constraints:
        names = getattr(constraint, "fields", ())
        if field.name not in names:
            continue
        attnames = [other.model._meta.get_field(name).attname for name in names if name != field.name]
        under = rows.filter(constraint.condition) if constraint.condition is not None else rows
        theirs = {tuple(getattr(r, a) for a in attnames): r for r in under.filter(**{field.attname: keep})}
        bound = set(under.filter(pk__in=values).values_list("pk", flat=True))
        for record in found:
            if record.pk not in bound:
                continue
            key = tuple(getattr(record, a) for a in attnames)
            twin = theirs.setdefault(key, record)
            if twin is record:
                continue
            yielding = _yielding(other, constraint)
            if yielding:
                values[record.pk] |= yielding
            else:
                twins.setdefault(record.pk, twin)
    drafts = [Draft(values[record.pk], record=record) for record in found if record.pk not in twins]
    for record in found:
        if record.pk in twins:
            drafts += _absorbed(other, twins[record.pk], record, field)
    return drafts


def _yielding(other: ObjectType, constraint: Any) -> dict[str, Any]:
    """The yes-or-no fields by which a rule holds for some records only, as they are on those for which it does not."""
    named = (
        {child[0] for child in constraint.condition.children if isinstance(child, tuple)}
        if constraint.condition
        else set()
    )
    return {
        n: False for n in named if n in other.own and other.own[n].kind.packed_as == "boolean" and other.own[n].writable
    }


def _absorbed(other: ObjectType, twin: Any, record: Any, link: Field) -> list[Draft]:
    """What the twin does not know yet, and the end of the other."""
    known = {
        name: field.get(record)
        for name, field in other.own.items()
        if field.writable
        and name != link.name
        and not isinstance(field, ManyLinksColumn)
        and field.kind.is_empty(field.get(twin))
        and not field.kind.is_empty(field.get(record))
    }
    drafts = [Draft(known, record=twin)] if known else []
    return [*drafts, Draft(record=record, verb="remove")]


def _own_links(
    actor: Actor, o: ObjectType, kept: Any, ids: list[int], values: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values with links of the record that stays to itself or to those that go taken off; and those that she may not change."""
    mine = fields_of(actor, o, CHANGE)
    group = {kept.pk, *ids}
    forced: dict[str, Any] = {}
    for name, field in o.fields.items():
        if field.target != o.key or not field.writable or _through_records(field):
            continue
        field.attach([kept], reader(actor, trash=None))
        wanted = values.get(name, field.get(kept))
        many = field.kind.multiple
        linked = [_number(link) for link in (wanted if many else (wanted,)) if link is not None]
        if not group & set(linked):
            continue
        left = [pk for pk in linked if pk not in group]
        (values if name in mine else forced)[name] = left if many else None
    return values, forced


def _number(link: Any) -> int:
    return int(getattr(link, "id", None) or getattr(link, "pk", None) or link)


# ── and back ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@reverses(RecordMerged.name)
def part_again(actor: Actor, event: Event) -> str:
    """First of what undoing a merge does, for it was the last that was done: rows go back to the record that comes back next."""
    o = object_type(event.object)
    merged: Any = Merge.objects.filter(object=o.key, record=event.record, into=event.data["into"]).first()
    record: Any = models.QuerySet(o.model).filter(pk=event.record, removed_at__isnull=False).first()
    if merged is None or record is None:
        raise Refused(_("This cannot be undone any more: the merged record was restored or deleted for good."))
    kept: Any = visible_to(actor, o).filter(pk=merged.into).first()
    if kept is None or not may(actor, CHANGE, kept) or not may(actor, REMOVE, record):
        raise Forbidden(_("You may no longer change both of these records, so the merge stays as it is."))
    for key, rows in event.data["moved"].items():
        one = Carried.registry.get(key)
        if one is not None:
            one.back(o.key, record.pk, merged.into, rows)
    merged.delete()
    return ""


def may_carry_shares(actor: Actor, into: Any) -> bool:
    """Shares come along where the actor may share the record: to merge is not to let others in."""
    return may(actor, SHARE, into)
