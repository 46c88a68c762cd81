"""What the pages of webhooks have alike in both directions: a new secret is shown, they are paused and removed, their logs go on."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.hooks import owning
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.objects.declare import ObjectType, object_type

from ..render import onward
from ..settings import settings_page
from ..typed import ask_typed
from ..typed import said as typed_said

HERE = "/settings/webhooks/"
#: Lines of a log on one page.
PAGE_OF_LOG = 50


def object_label(key: str) -> str:
    """What records of this object are called; those of every object for ""."""
    if not key:
        return _("Records of every object")
    return str(object_type(key).plural) if key in ObjectType.known() else key


def told(request: Any, row: Any, secret: str, back: str, address: str) -> HttpResponse:
    """The page that shows a new secret, and the address that goes with it."""
    context = {"row": row, "secret": secret, "back": back, "address": address}
    return settings_page(request, "webhooks", "ui/settings/hook_told.html", context)


def page_of(request: Any, rows: Any, here: str) -> tuple[list[Any], str]:
    """A page of a log, newest first, and where the older lines stand ("" when there are none)."""
    given = request.GET.get("before", "")
    before = int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else 0
    found = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE_OF_LOG + 1])
    more = len(found) > PAGE_OF_LOG
    return found[:PAGE_OF_LOG], f"{here}?before={found[PAGE_OF_LOG - 1].pk}" if more else ""


def switched(actor: Actor, row: Any, verb: str) -> str:
    """Pause or turn on; what is said about it."""
    if verb == "pause":
        owning.pause(actor, row)
        return _("It is paused.")
    if verb == "resume":
        owning.resume(actor, row)
        return _("It is turned on.")
    raise Refused(_("Choose what to do."))


def removed(request: Any, actor: Actor, row: Any, asks: Any) -> HttpResponse:
    """Ask for the name, then take it away."""
    if request.method == "POST":
        try:
            ask_typed(request, row.name)
        except Refused as refusal:
            context = {"row": row, "danger": asks(row, typed_said(refusal))}
            return settings_page(request, "webhooks", "ui/settings/hook_remove.html", context, status=422)
        owning.remove(actor, row)
        return onward(request, HERE, _("It is removed."))
    return settings_page(request, "webhooks", "ui/settings/hook_remove.html", {"row": row, "danger": asks(row)})
