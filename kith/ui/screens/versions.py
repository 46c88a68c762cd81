"""The history of a record, field by field: what it was, how two versions differ, and one field taken back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused, Stale
from kith.objects.access import fields as fields_of
from kith.objects.access import may
from kith.objects.declare import ObjectType
from kith.objects.query import find
from kith.objects.versions import Version, differences, value_at, versions
from kith.objects.write import change

from .. import panels
from ..render import onward, page
from .fact import said


def history(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """GET: versions, newest first, a page at a time (`after`); with `a` and `b` how these two differ. POST: take one field back (`take`).

    `take` is an event, a field and "old" (before the event) or "new" (after it), joined by colons; `version` the one that was read.
    409 where somebody else changed the field meanwhile, with what it is now.
    """
    if request.method == "POST":
        return _take_back(request, actor, o, pk)
    return _shown(request, actor, o, pk)


def _take_back(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    record = find(actor, o, pk, "change")
    event, _colon, rest = request.POST.get("take", "").partition(":")
    name, _colon, side = rest.partition(":")
    if not event.isdecimal() or len(event) > 18:
        raise Refused(_("Choose what to take back."))
    field, value = value_at(actor, record, name, int(event), before=side == "old")
    read = request.POST.get("version", "")
    try:
        changed = change(
            actor, record, {name: value}, version=int(read) if read.isdecimal() and len(read) < 10 else None
        )
    except Stale as stale:
        now = panels.loaded(actor, o, pk, request.viewer)
        told = said(stale, now, field, request.viewer)
        sentence = _("%(what)s Look at it again before you take it back.") % {"what": told}
        return _shown(request, actor, o, pk, fault=sentence, status=409)
    except Refused as refusal:
        told = " ".join(s for sentences in refusal.errors.values() for s in sentences)
        return _shown(request, actor, o, pk, fault=told, status=422)
    where = f"{o.url(pk)}?tab=history"
    if changed.version == record.version:
        return onward(request, where, _("It is so already."))
    return onward(request, where, _("“%(field)s” was taken back.") % {"field": field.label}, undo=request.cause)


def _shown(request: Any, actor: Actor, o: ObjectType, pk: int, *, fault: str = "", status: int = 200) -> HttpResponse:
    record = find(actor, o, pk, trash=None)
    viewer = request.viewer
    after = _event(request.GET.get("after", ""))
    found, further = versions(actor, record, after=after)
    mine = fields_of(actor, o, "change") if record.removed_at is None and may(actor, "change", record) else {}
    context = {
        "object": o,
        "record": record,
        "url": o.url(pk),
        "title": panels.title(actor, o, record, viewer),
        "versions": [_version(one, viewer, mine) for one in found],
        "further": further,
        "paged": after is not None,
        "fault": fault,
    }
    one, other = sorted((_event(request.GET.get("a", "")) or 0, _event(request.GET.get("b", "")) or 0))
    if one and other:
        told = differences(actor, record, one, other)
        context |= {
            "compared": True,
            "a": one,
            "b": other,
            "older": _moment(actor, record, one),
            "newer": _moment(actor, record, other),
            "differences": [_line(c, viewer, c.field.name in mine) for c in told],
        }
    return page(request, "ui/pages/history.html", context, part="ui/parts/history.html", status=status)


def _event(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _moment(actor: Actor, record: Any, event: int) -> Version | None:
    found, _more = versions(actor, record, after=event + 1, limit=1)
    return found[0] if found else None


def _version(one: Version, viewer: Any, mine: Any) -> dict[str, Any]:
    names = {
        "created": _("Created"),
        "removed": _("Moved to the trash"),
        "restored": _("Restored from the trash"),
        "undone": _("Undone"),
    }
    return {
        "id": one.id,
        "at": one.at,
        "by": one.by,
        "said": names.get(one.name, ""),
        "changes": [_line(c, viewer, c.field.name in mine and one.name != "created") for c in one.changes],
        "long": one.name == "created",
    }


def _line(change: Any, viewer: Any, back: bool) -> dict[str, Any]:
    kind = change.field.kind
    return {
        "field": change.field,
        "old": kind.cell(change.old, viewer),
        "new": kind.cell(change.new, viewer),
        "back": back,
    }


__all__ = ["history"]
