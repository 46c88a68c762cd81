"""Records beside each other that look like one: what stays is chosen field by field, then they are merged."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused
from kith.kernel.sentences import counted
from kith.objects.access import fields as fields_of
from kith.objects.access import may
from kith.objects.access.models import CHANGE, REMOVE
from kith.objects.declare import Field, ObjectType
from kith.objects.kinds.kind import new_key
from kith.objects.query import listing
from kith.objects.write import first_time, merge
from kith.objects.write.merge import MOST, choosable, united

from .. import panels
from ..render import page

#: The choice of all values of several.
ALL = "all"


def compare(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """GET: two to five records (`ids`) beside each other. POST: merge them into `keep`, `choose.<field>` naming whose value stays.

    What somebody else changed meanwhile is shown again with 409, choices kept.
    """
    given = request.POST if request.method == "POST" else request.GET
    ids = _asked(given)
    records = _records(request, actor, o, ids)
    if request.method == "GET":
        return _shown(request, actor, o, records, given)
    keep = next((r for r in records if str(r.pk) == given.get("keep")), None)
    if keep is None:
        return _shown(request, actor, o, records, given, _("Choose which record stays."), status=422)
    others = [r for r in records if r is not keep]
    versions = {r.pk: _number(given.get(f"v.{r.pk}", "")) for r in records}
    if any(versions[r.pk] != r.version for r in records):
        said = _("Somebody changed one of these records meanwhile. Look at the values again before you merge.")
        return _shown(request, actor, o, records, given, said, status=409)
    try:
        with transaction.atomic():
            if first_time(actor, given.get("once", "") or new_key(), "merge", o.key, sorted(ids)):
                merge(actor, keep, others, _chosen(actor, o, keep, others, given), versions=versions)
    except Refused as refusal:
        return _shown(request, actor, o, records, given, str(refusal), status=422)
    n = len(records)
    said = ngettext("%(n)s record is one now.", "%(n)s records are one now.", n) % {"n": counted(n)}
    messages.success(request, said, extra_tags=request.cause)
    return HttpResponseRedirect(o.url(keep.pk))


def _asked(given: Any) -> list[int]:
    words = [word for text in given.getlist("ids") for word in text[:200].split(",")]
    ids = list(dict.fromkeys(int(word) for word in words if word.isdecimal() and len(word) < 19))
    if not 2 <= len(ids) <= MOST:
        raise Refused(
            ngettext(
                "Choose two to %(n)s record to compare.",
                "Choose two to %(n)s records to compare.",
                MOST,
            )
            % {"n": counted(MOST)}
        )
    return ids


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _records(request: Any, actor: Actor, o: ObjectType, ids: list[int]) -> list[Any]:
    columns = list(fields_of(actor, o))
    found = listing(actor, o, columns=columns, where=Q(pk__in=ids), limit=len(ids), viewer=request.viewer)
    there = {r.pk: r for r in found.records}
    if len(there) != len(ids):
        raise Missing(_("One of these records does not exist any more, or you may not see it."))
    return [there[pk] for pk in ids]


def _chosen(actor: Actor, o: ObjectType, keep: Any, others: list[Any], given: Any) -> dict[str, Any]:
    """The values that the choices stand for, of the fields that will differ."""
    every = {str(r.pk): r for r in [keep, *others]}
    values = {}
    for name, field in choosable(actor, o).items():
        choice = given.get(f"choose.{name}", "")
        if choice == ALL and field.kind.multiple:
            wanted = united(field, [keep, *others])
        elif choice in every:
            wanted = field.get(every[choice])
        else:
            continue
        if field.kind.pack(wanted) != field.kind.pack(field.get(keep)):
            values[name] = wanted
    return values


def _shown(
    request: Any, actor: Actor, o: ObjectType, records: list[Any], given: Any, fault: str = "", status: int = 200
) -> HttpResponse:
    viewer = request.viewer
    fields = [f for f in fields_of(actor, o).values() if f.fact and f.name != o.title]
    fields = [fields_of(actor, o)[o.title], *fields] if o.title in fields_of(actor, o) else fields
    may_choose = choosable(actor, o)
    filled = {r.pk: sum(not f.kind.is_empty(f.get(r)) for f in fields if f.writable) for r in records}
    removable = {r.pk: may(actor, REMOVE, r) for r in records}
    # One stays, which has to be changed, and all others go.
    keepable = {
        r.pk: may(actor, CHANGE, r) and all(removable[other.pk] for other in records if other is not r) for r in records
    }
    able = [r for r in records if keepable[r.pk]]
    keep = next((r for r in able if str(r.pk) == given.get("keep")), None)
    keep = keep or max(able or records, key=lambda r: (filled[r.pk], -r.pk))
    rows = [_row(f, records, keep, viewer, given, chosen=f.name in may_choose) for f in fields]
    context = {
        "object": o,
        "heads": [
            {
                "record": r,
                "url": o.url(r.pk),
                "title": panels.title(actor, o, r, viewer),
                "portrait": panels.portrait(actor, o, r, viewer),
                "keepable": keepable[r.pk],
                "keep": r is keep,
                "changed": r.changed_at,
            }
            for r in records
        ],
        "differing": [row for row in rows if row["differs"]],
        "same": [row for row in rows if not row["differs"] and not row["empty"]],
        "mergeable": bool(able),
        "fault": fault,
        "once": given.get("once", "") if fault else new_key(),
    }
    return page(request, "ui/pages/merge.html", context, status=status)


def _row(field: Field, records: list[Any], keep: Any, viewer: Any, given: Any, *, chosen: bool) -> dict[str, Any]:
    kind = field.kind
    packed = [kind.pack(field.get(r)) for r in records]
    empty = [kind.is_empty(field.get(r)) for r in records]
    differs = any(one != packed[0] for one in packed)
    several = chosen and kind.multiple and sum(not e for e in empty) > 1
    asked = given.get(f"choose.{field.name}", "")
    first = next((r for r in [keep, *records] if not kind.is_empty(field.get(r))), keep)
    choice = asked if asked in {ALL, *(str(r.pk) for r in records)} else ALL if several else str(first.pk)
    return {
        "field": field,
        "chosen": chosen and differs,
        "differs": differs,
        "empty": all(empty),
        "shown": kind.detail(field.get(records[0]), viewer),
        "cells": [
            {"id": r.pk, "shown": kind.detail(field.get(r), viewer), "empty": e, "on": choice == str(r.pk)}
            for r, e in zip(records, empty, strict=True)
        ],
        "all": {"shown": kind.format(united(field, records), viewer), "on": choice == ALL} if several else None,
    }


__all__ = ["compare"]
