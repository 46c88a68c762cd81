"""The next step of a record: done, put off, or said anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused, Stale
from kith.objects.access import may
from kith.objects.declare import ObjectType
from kith.objects.query import find
from kith.objects.steps import finish, step_of
from kith.objects.write import change

from .. import widgets
from ..render import answer, draw, onward, page, partial, toast, wants_part
from .fact import said


def step(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """GET: the card. POST `do`: "done", "move" (to `day`, or the day in the field's own input), "set" (text and day).

    422 keeps what was typed; 409 says who changed the step meanwhile.
    """
    if request.method == "GET":
        record = find(actor, o, pk, trash=None)
        return _whole(request, actor, o, record)
    record = find(actor, o, pk, "change")
    found = step_of(actor, record)
    if found is None:
        raise Missing
    given, viewer = request.POST, request.viewer
    version = int(given["version"]) if given.get("version", "").isdecimal() and len(given["version"]) < 10 else None
    try:
        if given.get("do") == "done":
            finish(actor, record, version=version)
            sentence = _("Done. What comes next?")
        else:
            # A day of the menu comes as it is stored, what was typed as the reader writes days.
            day = found.when.kind.clean(given["day"]) if given.get("day") else widgets.read(found.when, given, viewer)
            values = {found.when.name: day}
            if given.get("do") == "set":
                text = values[found.what.name] = widgets.read(found.what, given, viewer)
                if found.what.kind.is_empty(text):
                    raise Refused(_("Say what comes next."), field=found.what.name)
            change(actor, record, values, version=version)
            sentence = _("Saved")
    except Stale as stale:
        now = find(actor, o, pk)
        told = " ".join(t for t in (said(stale, now, f, viewer) for f in (found.what, found.when)) if t)
        return _whole(request, actor, o, now, fault=told, status=409)
    except Refused as refusal:
        told = " ".join(s for sentences in refusal.errors.values() for s in sentences)
        return _whole(request, actor, o, record, fault=told, status=422)
    if not wants_part(request):
        return onward(request, o.url(pk), sentence, undo=request.cause)
    finished = given.get("do") == "done"
    shown = card(actor, o, find(actor, o, pk), viewer, offered=finished)
    return answer(
        request,
        partial("#next", "outerHTML", draw(request, "ui/parts/next.html", shown)),
        toast(request, sentence, undo=request.cause),
        changed={"object": o.key, "ids": [pk], "by": "step" if finished else "action"},
    )


def _whole(
    request: Any, actor: Actor, o: ObjectType, record: Any, *, fault: str = "", status: int = 200
) -> HttpResponse:
    context = card(actor, o, record, request.viewer, given=request.POST if fault else None, fault=fault)
    if wants_part(request) and fault:
        return answer(
            request, partial("#next", "outerHTML", draw(request, "ui/parts/next.html", context)), status=status
        )
    return page(request, "ui/pages/next.html", context, part="ui/parts/next.html", status=status)


def card(
    actor: Actor,
    o: ObjectType,
    record: Any,
    viewer: Any,
    *,
    given: Any = None,
    fault: str = "",
    offered: bool = False,
) -> dict[str, Any]:
    """What the card is drawn with; `next` is None where there is nothing to show. `offered`: the form for the next one stands open."""
    found = step_of(actor, record)
    writable = found is not None and found.writable and record.removed_at is None and may(actor, "change", record)
    if found is None or (found.what.kind.is_empty(found.text) and not writable):
        return {"next": None}
    today = clock.today(viewer.zone)
    typed = given if given is not None else {}
    shown = {
        "record": record,
        "url": o.url(record.pk),
        "object": o,
        "text": found.what.kind.format(found.text, viewer),
        "due": due(found.day, today, found.when.kind.format(found.day, viewer)),
        "state": state(found.day, today),
        "writable": writable,
        "fault": fault,
        "offered": offered,
        "days": [
            (_("Today"), today),
            (_("Tomorrow"), today + timedelta(days=1)),
            (_("In a week"), today + timedelta(days=7)),
        ],
    }
    if writable:
        shown["what"] = widgets.widget(found.what, found.text, viewer, text=typed.get(found.what.name), required=True)
        shown["when"] = widgets.widget(found.when, found.day, viewer, text=typed.get(found.when.name))
        shown["what_id"], shown["what_label"] = f"w-{found.what.name}", found.what.label
        shown["when_id"], shown["when_label"] = f"w-{found.when.name}", found.when.label
    return {"next": shown}


def state(day: Any, today: Any) -> str:
    """ "late", "today", "ahead", or "open" where no day is said."""
    if day is None:
        return "open"
    return "late" if day < today else "today" if day == today else "ahead"


def due(day: Any, today: Any, shown: str) -> str:
    """When the step is due, as a sentence."""
    said = {
        "open": pgettext("of a next step", "No day is set"),
        "today": pgettext("of a next step", "Due today"),
        "late": pgettext("of a next step", "Overdue since %(day)s") % {"day": shown},
        "ahead": pgettext("of a next step", "Due %(day)s") % {"day": shown},
    }
    return said[state(day, today)]


__all__ = ["card", "step"]
