"""Taking back what one request or one run did."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kith.events.models import Event
from kith.events.runs import start
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Refused
from kith.kernel.sentences import together
from kith.objects.bulk import undo_all
from kith.objects.kinds.numerals import show_number
from kith.objects.write import may_undo, undo

from ..render import answer, onward, own_url, toast, wants_part

#: More events than this are undone in the background.
AT_ONCE = 300


def undo_cause(request: Any, actor: Actor) -> HttpResponse:
    """Take back everything that the cause named in the form did, as far as nobody built on it since."""
    key = request.POST.get("cause", "")
    events = Event.objects.filter(cause=key)
    touched = list(events.order_by("object").values_list("object", "record")[: AT_ONCE + 1])
    if not key or not touched:
        raise Refused(_("There is nothing to undo."))
    if not may_undo(actor, key):
        # Before anything is said of what was touched, or work is begun that would be refused.
        raise Forbidden(_("Only the person who did this may undo it."))
    if len(touched) > AT_ONCE:
        start(undo_all, actor, title=pgettext("name of a run", "Undo"), cause=key)
        return _said(request, _("This is being undone in the background."), touched)
    report = undo(actor, key)
    n = report.undone
    if not n:
        why = report.kept[0][2] if report.kept else _("It was undone before.")
        raise Refused(_("Nothing was undone. %(why)s") % {"why": why})
    sentence = (
        _("Undone.")
        if n == 1
        else ngettext("%(n)s change undone.", "%(n)s changes undone.", n) % {"n": show_number(n, request.viewer)}
    )
    if report.kept:
        sentence = together(sentence, report.kept[0][2])
    return _said(request, sentence, touched)


def _said(request: Any, sentence: str, touched: list[tuple[str, int | None]]) -> HttpResponse:
    if not wants_part(request):
        return onward(request, own_url(request, request.POST.get("next")), sentence)
    first = touched[0][0]
    ids = [record for key, record in touched if key == first and record]
    return answer(request, toast(request, sentence), changed={"object": first, "ids": ids[:300], "by": "undo"})
