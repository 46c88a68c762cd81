"""My settings: how this person sees the house. The row of the user holds them, theme and row height are cookies."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.actor import Actor
from kith.kernel.errors import Invalid

from ..personal import ASKED, SECTIONS, drafted, preview, read, zones
from ..policy import Policy
from ..render import onward, page
from ..settings import Further, SettingsPage, settings_page
from .account import remember_language


def me(request: Any, actor: Actor) -> HttpResponse:
    """GET: every choice with what it means. POST: all of them, or none and what was wrong beside each."""
    if request.method == "GET":
        return _form(request, {}, {})
    user, given = request.user, request.POST
    try:
        values = read(user, given, request.viewer)
    except Invalid as refusal:
        return _form(request, given, refusal.errors, status=422)
    changed = [name for name, value in values.items() if getattr(user, name) != value]
    for name in changed:
        setattr(user, name, values[name])
    if changed:
        user.save(update_fields=changed)
    language = values.get("language", request.viewer.language)
    with translation.override(language):
        response = onward(request, request.path, _("Saved") if changed else _("Nothing was changed."))
    if language in dict(settings.LANGUAGES):
        remember_language(response, language)
    return response


def shown(request: Any, actor: Actor) -> HttpResponse:
    """What dates, times, numbers and amounts would look like with the choices as they are now."""
    viewer = drafted(request.user, request.POST, request.viewer)
    return page(request, "ui/settings/_preview.html", {"examples": preview(viewer)}, part="ui/settings/_preview.html")


def _form(request: Any, given: Any, errors: dict[str, list[str]], status: int = 200) -> HttpResponse:
    user, viewer = request.user, request.viewer
    sections = []
    for label, some in SECTIONS:
        rows = []
        for asked in some:
            own = viewer.language if asked.name == "language" else asked.value(user)
            rows.append(
                {
                    "asked": asked,
                    "choices": asked.choices(user, viewer) if asked.choices else None,
                    "value": given.get(asked.name, own),
                    "errors": errors.get(asked.name, []),
                }
            )
        sections.append((label, rows))
    context = {
        "sections": sections,
        "faulty": bool(errors),
        "zones": zones(viewer),
        "examples": preview(drafted(user, given, viewer)),
    }
    return settings_page(request, "me", "ui/settings/me.html", context, status=status)


PAGE = SettingsPage(
    "me",
    "you",
    lazy("My settings"),
    icon="user-cog",
    help=lazy("Language, time zone, calendar, numbers, theme"),
    screen=me,
    words=lazy("name currency country digits first day of the week dark light row height date format"),
    audit="the user's own row",
    single=lambda: (
        [(f"me-{name}", asked.label) for name, asked in ASKED.items()]
        + [("theme", _("Theme")), ("density", _("Row height"))]
    ),
    order=10,
    further=(Further("preview/", shown, "settings-me-preview", Policy(methods=("POST",))),),
)
