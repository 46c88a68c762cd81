"""A record moves to another day of a calendar: dragged there, by keys, or by a form that asks for the day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Refused, Stale
from kith.objects.access import fields as fields_of
from kith.objects.declare import Field, ObjectType
from kith.objects.query import find
from kith.objects.write import change

from .. import panels, widgets
from ..calendars.calendar import KEY, date_for
from ..calendars.spans import named
from ..inputs import Inputs
from ..render import announce, answer, onward, page, toast, wants_part
from . import fact


def move(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """GET: the form that asks for the day. POST: move the record to the day `to` (ISO 8601), or to what the form says."""
    record = find(actor, o, pk, "change")
    on = date_for(actor, o, request.GET.get("on", ""))
    if on.name not in fields_of(actor, o, "change"):
        raise Forbidden(_("You may not change “%(field)s”.") % {"field": on.label})
    if request.method == "GET":
        return _form(request, actor, o, record, on)
    given, viewer = request.POST, request.viewer
    version = int(given["version"]) if given.get("version", "").isdecimal() and len(given["version"]) < 10 else None
    try:
        values = _read(given, record, o, on, actor, viewer)
        record = change(actor, record, values, version=version)
    except Stale as stale:
        fresh = panels.loaded(actor, o, pk, viewer)
        told = fact.said(stale, fresh, on, viewer) or str(stale)
        if not wants_part(request):
            raise Refused(told) from stale
        return answer(
            request, toast(request, told, bad=True), status=409, changed={"object": o.key, "ids": [pk], "by": "stale"}
        )
    except Refused as refusal:
        if given.get("fields") or not wants_part(request):
            return _form(request, actor, o, record, on, errors=refusal.errors)
        told = " ".join(s for sentences in refusal.errors.values() for s in sentences)
        return answer(request, toast(request, told, bad=True), status=422)
    title = panels.title(actor, o, record, viewer)
    value = values[on.name]
    if value is None:
        sentence = _("“%(title)s” stands on no day now.") % {"title": title}
    else:
        day = named(on.kind.day_of(value, viewer), viewer)
        sentence = _("“%(title)s” was moved to %(day)s.") % {"title": title, "day": day}
    if not wants_part(request):
        return onward(request, f"{o.url()}?layout={KEY}&on={on.name}", sentence, undo=request.cause)
    told_changed = {"object": o.key, "ids": [pk], "by": "day", "version": record.version}
    return answer(request, toast(request, sentence, undo=request.cause), announce(sentence), changed=told_changed)


def _read(given: Any, record: Any, o: ObjectType, on: Field, actor: Actor, viewer: Any) -> dict[str, Any]:
    """The new date; what lasts keeps how long it lasts on the wall."""
    old = on.get(record)
    if given.get("fields"):
        value = widgets.read(on, given, viewer)
    else:
        try:
            day = date.fromisoformat(given.get("to", ""))
        except ValueError:
            raise Refused(_("Choose a day."), field=on.name) from None
        value = on.kind.on_day(old, day, viewer)
    values = {on.name: value}
    end = fields_of(actor, o, "change").get(on.facts.until) if on.facts.until else None
    if end is None or value is None or old is None or end.kind.is_empty(over := end.get(record)):
        return values
    by = on.kind.day_of(value, viewer) - on.kind.day_of(old, viewer)
    if by:
        values[end.name] = end.kind.on_day(over, end.kind.day_of(over, viewer) + by, viewer)
    return values


def _form(
    request: Any, actor: Actor, o: ObjectType, record: Any, on: Field, errors: dict[str, list[str]] | None = None
) -> HttpResponse:
    viewer = request.viewer
    rows = Inputs([on]).shown(request.POST if errors else {}, viewer, values={on.name: on.get(record)}, errors=errors)
    title = panels.title(actor, o, record, viewer)
    context = {
        "object": o,
        "url": f"{o.url(record.pk)}day/?on={on.name}",
        "version": record.version,
        "names": on.name,
        "heading": _("Move “%(title)s”") % {"title": title},
        "summary": [s for name, sentences in (errors or {}).items() if name != on.name for s in sentences],
        "rows": rows,
        "cancel": o.url(record.pk),
    }
    return page(request, "ui/board/move.html", context, part="ui/board/move_form.html", status=422 if errors else 200)
