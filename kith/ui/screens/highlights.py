"""Settings: which facts stand in the strip of each object's records."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.actor import Actor
from kith.kernel.errors import Missing
from kith.objects.access import may
from kith.objects.declare import ObjectType, object_type, object_types
from kith.objects.settings import put, stored

from ..highlights import MOST, chosen, offered, setting_of
from ..render import onward
from ..settings import ADMINISTRATORS, SettingsPage, settings_page

#: Kept where an administrator wants none at all.
NONE = "-"


def highlights(request: Any, actor: Actor) -> HttpResponse:
    """GET: four choices for each object. POST: those of `object` (`h`, four times), or with `usual` what it has by itself."""
    if request.method == "POST":
        key = request.POST.get("object", "")
        if key not in ObjectType.known():
            raise Missing
        o = object_type(key)
        known = offered(actor, o)
        wanted = list(dict.fromkeys(word for word in request.POST.getlist("h")[:MOST] if word in known))
        kept = "" if request.POST.get("usual") else " ".join(wanted) or NONE
        read = request.POST.get("version", "")
        put(actor, setting_of(o), kept, int(read) if read.isdecimal() and len(read) < 10 else None)
        return onward(request, request.path, _("Saved"))
    rows = []
    for o in object_types():
        if not may(actor, "view", o):
            continue
        known, mine = offered(actor, o), chosen(o)
        slots = [mine[n] if n < len(mine) else "" for n in range(MOST)]
        rows.append(
            {
                "object": o,
                "version": stored(setting_of(o))[1],
                "own": bool(setting_of(o).value),
                "slots": [[(key, label, key == slot) for key, (label, _icon) in known.items()] for slot in slots],
            }
        )
    return settings_page(request, PAGE.key, "ui/settings/highlights.html", {"rows": rows})


PAGE = SettingsPage(
    "highlights",
    "data",
    lazy("Highlights of records"),
    icon="layout-panel-top",
    help=lazy("Up to four facts that stand at the top of each record’s page"),
    screen=highlights,
    who=ADMINISTRATORS,
    audit="setting.changed",
    words=lazy("strip summary facts record page"),
    order=60,
)
