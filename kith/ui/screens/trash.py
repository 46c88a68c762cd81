"""What was deleted, for as long as it can be brought back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.sentences import together
from kith.objects.access import may
from kith.objects.bulk import KEEP_TRASH
from kith.objects.declare import ObjectType
from kith.objects.kinds.numerals import show_number
from kith.objects.query import listing, visible_to
from kith.objects.write import Draft, write

from ..panels import portrait, title
from ..render import onward, page


def show(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """GET: the trash, newest first. POST: restore the records chosen."""
    if request.method == "POST":
        return _restore(request, actor, o)
    viewer = request.viewer
    after = request.GET.get("after") or None
    try:
        found = listing(actor, o, sort="-changed_at", columns=[o.title], after=after, trash=True, viewer=viewer)
    except Refused:
        return HttpResponseRedirect(f"{o.url()}trash/")
    rows = [
        {
            "id": r.pk,
            "title": title(actor, o, r, viewer),
            "portrait": portrait(actor, o, r, viewer),
            "removed_at": r.removed_at,
            "gone_at": r.removed_at + KEEP_TRASH,
        }
        for r in found.records
    ]
    more = f"{o.url()}trash/?after={found.next}" if found.next else ""
    context = {"object": o, "rows": rows, "more": more, "days": KEEP_TRASH.days, "restorable": may(actor, "remove", o)}
    return page(request, "ui/pages/trash.html", context)


def _restore(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    ids = [int(i) for i in request.POST.getlist("ids") if i.isdecimal() and len(i) < 19][:500]
    if not ids:
        return onward(request, f"{o.url()}trash/", _("Select at least one record."))
    outcomes = write(
        actor, o, [Draft(record=r, verb="restore") for r in visible_to(actor, o, trash=True).filter(pk__in=ids)]
    )
    done = sum(x.ok for x in outcomes)
    refused = next((str(x.error) for x in outcomes if not x.ok), "")
    sentence = ngettext("%(n)s record restored.", "%(n)s records restored.", done) % {
        "n": show_number(done, request.viewer)
    }
    return onward(request, f"{o.url()}trash/", together(sentence, refused))
