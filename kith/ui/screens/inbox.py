"""The inbox: what somebody was told, by record; done, put off, or unread again, each to be taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext, pgettext_lazy

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.dates import write_day, write_moment
from kith.kernel.errors import Forbidden, Refused
from kith.kernel.times import WallTime
from kith.kernel.viewer import Viewer
from kith.objects.kinds import Date
from kith.threads import inbox as box
from kith.threads.alarms import MORNING

from ..reach import Entry
from ..render import answer, draw, onward, own_url, page, partial, toast, wants_part

HERE = "/inbox/"
TABS = {
    box.NEW: pgettext_lazy("what stands in the inbox", "Inbox"),
    box.SNOOZED: pgettext_lazy("notifications that were put off", "Later"),
    box.DONE: pgettext_lazy("notifications that are done", "Done"),
}


def show(request: Any, actor: Actor) -> HttpResponse:
    """A page of one of the three boxes."""
    return page(request, "ui/pages/inbox.html", _context(request, actor), part="ui/parts/inbox.html")


def _context(request: Any, actor: Actor) -> dict[str, Any]:
    given = request.GET if request.method == "GET" else request.POST
    here = given.get("box", box.NEW)
    here = here if here in TABS else box.NEW
    after = given.get("after", "") if request.method == "GET" else ""
    found = box.inbox(actor, here, int(after) if after.isdecimal() and len(after) < 16 else None)
    return {
        "box": here, "tabs": TABS.items(), "groups": found.groups, "next": found.next, "continued": bool(after),
        "times": times(request.viewer), "unread_now": box.unread(actor),
    }  # fmt: skip


def do(request: Any, actor: Actor) -> HttpResponse:
    """Be done with a record, put it off, or mark it; only ever the own notices."""
    if actor.observer is not None or actor.user_id is None:
        raise Forbidden
    given = request.POST
    key, record, upto = given.get("object", "")[:80], _number(given.get("record")), _number(given.get("upto"))
    verb = given.get("do", "")
    back: dict[str, str] = {}
    if verb == "done":
        stamp = box.done(actor, key, record, upto)
        sentence, back = pgettext("something one was told", "Done."), {"do": "reopen", "stamp": stamp.isoformat()}
    elif verb == "reopen":
        box.reopen(actor, key, record, _moment(given.get("stamp", "")))
        sentence = _("Back in the inbox.")
    elif verb == "snooze":
        until = _until(given, request.viewer)
        box.snooze(actor, key, record, upto, until)
        there = WallTime.of(until, request.viewer.zone)
        sentence = _("Put off until %(when)s.") % {"when": write_moment(there.wall, request.viewer)}
        back = {"do": "wake"}
    elif verb == "wake":
        box.wake(actor, key, record)
        sentence = _("Back in the inbox.")
    elif verb in ("read", "unread"):
        box.mark(actor, key, record, upto, read=verb == "read")
        sentence = _("Marked as read.") if verb == "read" else _("Marked as unread.")
        back = {"do": "unread" if verb == "read" else "read"}
    else:
        raise Refused(_("Choose what to do."))
    if given.get("silent"):
        return HttpResponse(status=204)
    if not wants_part(request):
        return onward(request, own_url(request, given.get("next"), HERE), sentence)
    undone = {"url": f"{HERE}do/", "given": {"object": key, "record": record, "box": given.get("box", ""), **back}}
    listed = draw(request, "ui/parts/inbox.html", _context(request, actor))
    return answer(
        request, partial("#inbox", "outerHTML", listed), toast(request, sentence, back=undone if back else None)
    )


def times(viewer: Viewer) -> list[dict[str, str]]:
    """When something can be put off to, in the viewer's zone, and what her clock will say then."""
    now = WallTime.of(clock.now(), viewer.zone).wall
    today = now.date()
    later = (now + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)
    offered = []
    if later.date() == today:
        offered.append(("later", _("Later today"), later))
    offered.append(("tomorrow", _("Tomorrow"), datetime.combine(today + timedelta(days=1), MORNING)))
    ahead = (viewer.week_starts - today.weekday()) % 7 or 7
    if ahead > 1:
        offered.append(("week", _("Next week"), datetime.combine(today + timedelta(days=ahead), MORNING)))
    return [
        {"key": key, "label": label, "when": write_moment(wall, viewer), "at": wall.isoformat()}
        for key, label, wall in offered
    ]


def _until(given: Any, viewer: Viewer) -> datetime:
    """The instant that was chosen: a wall time of ours, or a day that was typed as she writes days."""
    text = given.get("day", "").strip()
    if text:
        day = Date().parse(text[:60], viewer)
        if day is None:
            raise Refused(_("Write a day, such as %(day)s.") % {"day": write_day(clock.today(viewer.zone), viewer)})
        wall = datetime.combine(day, MORNING)
    else:
        found = parse_datetime(given.get("at", "")[:40])
        if found is None or found.tzinfo is not None:
            raise Refused(_("Choose when."))
        wall = found
    until = WallTime(wall, viewer.zone).instant
    if until <= clock.now():
        raise Refused(_("Choose a time that is still to come."))
    return until


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 16 else 0


ENTRY = Entry(
    "inbox", lazy("Inbox"), "inbox", HERE, letter="i", count=box.unread, order=10, badge="ui/parts/unread.html"
)  # fmt: skip
