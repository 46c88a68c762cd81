"""The command menu: records, things to do, places to go, in one box."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.text import fold
from kith.objects.access import may
from kith.objects.query import listing

from ..panels import portrait, title
from ..render import navigable, page
from ..settings import pages_for

#: Records offered per object.
EACH = 5
SETTINGS = "/settings/"


def results(request: Any, actor: Actor) -> HttpResponse:
    """What fits the words typed; without any, what can be done and where to go."""
    q, viewer = request.GET.get("q", "").strip()[:200], request.viewer
    objects = navigable(actor)
    records: list[dict[str, Any]] = []
    if q:
        for o in objects:
            try:
                found = listing(actor, o, search=q, columns=[o.title], limit=EACH, viewer=viewer)
            except Refused:
                continue
            for r in found.records:
                shown = {"title": title(actor, o, r, viewer), "portrait": portrait(actor, o, r, viewer)}
                records.append({"object": o, "id": f"{o.slug}-{r.pk}", "url": o.url(r.pk), **shown})
    actions = []
    for o in objects:
        if may(actor, "create", o):
            actions.append((o.new_label, o.icon, f"{o.url()}new/"))
            actions.append((_("Import: %(objects)s") % {"objects": o.plural}, "upload", f"{o.url()}import/"))
    places = [(str(o.plural), o.icon, o.url()) for o in objects]
    places += [(_("Trash: %(objects)s") % {"objects": o.plural}, "trash-2", f"{o.url()}trash/") for o in objects]
    places += [(str(one.label), one.icon, one.url) for one in pages_for(request.user)]
    places.append((_("Settings"), "settings", SETTINGS))
    context = {"q": q, "records": records, "actions": _fitting(actions, q), "places": _fitting(places, q)}
    return page(request, "ui/pages/command.html", context, part="ui/parts/command_results.html")


def _fitting(entries: list[tuple[str, str, str]], q: str) -> list[tuple[str, str, str]]:
    """The entries whose words begin with each of the words typed."""
    wanted = fold(q).split()
    return [e for e in entries if all(any(w.startswith(t) for w in fold(e[0]).split()) for t in wanted)]
