"""The command menu: records, things to do, places to go, in one box. On a record, what can be done with it comes first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused
from kith.kernel.highlights import marked
from kith.kernel.text import fold
from kith.objects.access import fields as fields_of
from kith.objects.access import may
from kith.objects.actions import actions_for
from kith.objects.declare import ObjectType, object_type
from kith.objects.favourites import favourites
from kith.objects.query import find, listing
from kith.objects.recents import recents

from ..panels import portrait, title
from ..reach import Entry
from ..render import navigable, page
from ..settings import pages_for, single_settings

#: Records offered per object, the best of so many; and of what was looked at lately.
EACH, LOOKED_AT, LATELY = 5, 20, 6
SETTINGS = "/settings/"


def results(request: Any, actor: Actor) -> HttpResponse:
    """What fits the words typed; without any, what was looked at lately, what can be done and where to go.

    `on` (the key of an object, a colon, a number) is the record that is open: its own actions come first.
    """
    q, viewer = request.GET.get("q", "").strip()[:200], request.viewer
    objects = navigable(actor)
    actions, places = _actions(actor, objects), _places(request, actor, objects)
    about, doing = _about(actor, request.GET.get("on", ""), viewer)
    context = {
        "q": q,
        "about": about,
        "doing": _fitting(doing, q),
        "records": _records(actor, objects, q, viewer) if q else [],
        "recents": [] if q else recents(actor, viewer, LATELY),
        "actions": _fitting(actions, q),
        "places": _fitting(places, q),
        "all": f"/search/?{urlencode({'q': q})}" if q else "",
    }
    return page(request, "ui/pages/command.html", context, part="ui/parts/command_results.html")


def _records(actor: Actor, objects: list[ObjectType], q: str, viewer: Any) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    for o in objects:
        try:
            found = listing(actor, o, search=q, columns=[o.title], limit=LOOKED_AT, viewer=viewer)
        except Refused:
            continue
        rows = []
        for r in found.records:
            name = title(actor, o, r, viewer)
            shown, named = marked(name, q)
            rows.append(((not fold(name).startswith(fold(q)), not named), r, shown))
        # Search finds words anywhere; who types a name means its beginning first.
        rows.sort(key=lambda row: row[0])
        for _rank, r, shown in rows[:EACH]:
            picture = portrait(actor, o, r, viewer)
            records.append(
                {"object": o, "id": f"{o.slug}-{r.pk}", "url": o.url(r.pk), "title": shown, "portrait": picture}
            )
    return records


Offer = tuple[str, str, str, bool]


def _actions(actor: Actor, objects: list[ObjectType]) -> list[Offer]:
    """Label, icon, address, and whether it opens in a dialog."""
    offered: list[Offer] = []
    for o in objects:
        if may(actor, "create", o):
            offered.append((str(o.new_label), o.icon, f"{o.url()}new/", True))
            offered.append((_("Import: %(objects)s") % {"objects": o.plural}, "upload", f"{o.url()}import/", False))
    return offered


def _places(request: Any, actor: Actor, objects: list[ObjectType]) -> list[Offer]:
    places: list[Offer] = [(str(one.label), one.icon, one.url, False) for one in Entry.registry]
    places += [(str(o.plural), o.icon, o.url(), False) for o in objects]
    places += [(one.title, one.icon, one.url, False) for one in favourites(actor, request.viewer)]
    places += [(_("Trash: %(objects)s") % {"objects": o.plural}, "trash-2", f"{o.url()}trash/", False) for o in objects]
    places += [(str(one.label), one.icon, one.url, False) for one in pages_for(request.user)]
    places += [(one.label, one.icon, one.url, False) for one in single_settings(request.user)]
    places.append((_("Settings"), "settings", SETTINGS, False))
    places.append((_("Keyboard shortcuts"), "keyboard", "/keyboard/", False))
    return places


def _about(actor: Actor, told: str, viewer: Any) -> tuple[dict[str, Any] | None, list[Offer]]:
    """The open record and what can be done with it; nothing when it is none that the actor sees."""
    key, _colon, number = told.rpartition(":")
    if key not in ObjectType.known() or not number.isascii() or not number.isdecimal() or len(number) > 18:
        return None, []
    o = object_type(key)
    if not may(actor, "view", o):
        return None, []
    try:
        record = find(actor, o, int(number))
    except Missing:
        return None, []
    url = o.url(record.pk)
    offered: list[Offer] = [
        (str(a.label), a.icon, f"{url}do/{a.name}/", True)
        for a in actions_for(actor, o)
        if a.shown and may(actor, a.right, record)
    ]
    offered.append((_("Add note"), "sticky-note", f"{url}#cmp-text", False))
    if may(actor, "change", record):
        offered += [
            (_("Change: %(field)s") % {"field": field.label}, field.icon, f"{url}{field.name}/fact/", False)
            for field in fields_of(actor, o, "change").values()
            if field is o.owner_field or (field.track and field.inline and field.kind.choices(viewer))
        ]
        offered.append((_("Edit all fields"), "pencil", f"{url}edit/", False))
    offered.append((_("Who can see this and why"), "eye", f"{url}access/", False))
    return {"title": title(actor, o, record, viewer), "portrait": portrait(actor, o, record, viewer)}, offered


def _fitting(entries: list[Offer], q: str) -> list[Offer]:
    """The entries whose words begin with each of the words typed."""
    wanted = fold(q).split()
    return [e for e in entries if all(any(w.startswith(t) for w in fold(e[0]).split()) for t in wanted)]
