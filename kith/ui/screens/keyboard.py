"""The sheet of keyboard shortcuts, and one's own keys in the settings."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.actor import Actor
from kith.kernel.errors import Invalid

from ..reach import Entry
from ..render import jump_letters, navigable, onward, page
from ..settings import SettingsPage, settings_page
from ..shortcuts import OFF, Line, by_scope, lines, read


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
    return onward(request, request.path, _("Saved") if changed else _("Nothing was changed."))


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
    scopes = [
        (label, [(line, given.get(line.name, line.now), errors.get(line.name, [])) for line in some if line.own])
        for label, some in by_scope(all_lines)
    ]
    off = given.get(OFF) if given else mine.get(OFF)
    context = {"scopes": [(label, some) for label, some in scopes if some], "off": off, "faulty": bool(errors)}
    return settings_page(request, "keyboard", "ui/settings/keyboard.html", context, status=status)


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
