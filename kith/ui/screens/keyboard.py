"""The sheet of keyboard shortcuts, and one's own keys in the settings."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.actor import Actor
from kith.kernel.errors import Invalid

from ..reach import Entry
from ..render import draw, jump_letters, navigable, onward, page, wants_part
from ..saving import kept, way_back
from ..settings import SettingsPage, settings_page
from ..shortcuts import OFF, Line, by_scope, lines, read

FORM = "s-keys"


def sheet(request: Any, actor: Actor) -> HttpResponse:
    """What every key does, as this person has them."""
    context = {"scopes": by_scope([one for one in _lines(request, actor) if one.now]), "off": _mine(request).get(OFF)}
    return page(request, "ui/pages/keyboard.html", context, part="ui/parts/keys_sheet.html")


def own(request: Any, actor: Actor) -> HttpResponse:
    """GET: each key with an input. POST: all of them, or none and beside each what was wrong; `reset` goes back to the house's keys."""
    user, mine = request.user, _mine(request)
    all_lines = _lines(request, actor)
    if request.method == "GET":
        return _form(request, all_lines, {}, {}, mine)
    if request.POST.get("reset"):
        wanted: dict[str, Any] = {}
    else:
        try:
            wanted = read(request.POST, all_lines)
        except Invalid as refusal:
            return _form(request, all_lines, request.POST, refusal.errors, mine, status=422)
    changed = wanted != mine
    if changed:
        user.shortcuts = wanted
        user.save(update_fields=["shortcuts"])
    if not wants_part(request):
        return onward(request, request.path, _("Saved") if changed else _("Nothing was changed."))
    held = {line.name: line.now for line in all_lines if line.own} | ({OFF: "1"} if mine.get(OFF) else {})
    form = draw(request, "ui/settings/_keyboard.html", _context(_lines(request, actor), {}, {}, wanted))
    return kept(request, form, way_back(request, FORM, held) if changed else None)


def _mine(request: Any) -> dict[str, Any]:
    return request.user.shortcuts if isinstance(request.user.shortcuts, dict) else {}


def _lines(request: Any, actor: Actor) -> list[Line]:
    letters = jump_letters(navigable(actor))
    places = [(one.key, one.label, one.letter) for one in Entry.registry if one.letter]
    objects = [(o.slug, str(o.plural), letters[o.key]) for o in navigable(actor)]
    said = [(name, _("Go to: %(objects)s") % {"objects": label}, letter) for name, label, letter in [*places, *objects]]
    return lines(_mine(request), said)


def _form(
    request: Any,
    all_lines: list[Line],
    given: Any,
    errors: dict[str, list[str]],
    mine: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    context = _context(all_lines, given, errors, mine)
    template, part = "ui/settings/keyboard.html", "ui/settings/_keyboard.html"
    return settings_page(request, "keyboard", template, context, part=part, status=status)


def _context(all_lines: list[Line], given: Any, errors: dict[str, list[str]], mine: dict[str, Any]) -> dict[str, Any]:
    scopes = [
        (label, [(line, given.get(line.name, line.now), errors.get(line.name, [])) for line in some if line.own])
        for label, some in by_scope(all_lines)
    ]
    off = given.get(OFF) if given else mine.get(OFF)
    return {"scopes": [(label, some) for label, some in scopes if some], "off": off, "faulty": bool(errors)}


PAGE = SettingsPage(
    "keyboard",
    "you",
    lazy("Keyboard"),
    icon="keyboard",
    help=lazy("Which keys do what, and whether single keys do anything"),
    screen=own,
    words=lazy("shortcuts hotkeys keys letters jump remap switch off"),
    audit="the user's own row",
    single=lambda: [("off", _("Switch single keys off"))],
    order=15,
)
