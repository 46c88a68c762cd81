"""My settings: how this person sees the house. The row of the user holds them, theme and row height are cookies."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.identity.names import viewer_of
from kith.kernel.actor import Actor
from kith.kernel.errors import Invalid

from ..personal import ASKED, SECTIONS, drafted, preview, read, zones
from ..policy import Policy
from ..render import draw, onward, page, wants_part
from ..saving import BACK, kept, way_back
from ..settings import Further, SettingsPage, settings_page
from .account import remember_language

FORM = "s-me"


def me(request: Any, actor: Actor) -> HttpResponse:
    """GET: every choice with what it means. POST: those that were sent, or none and what was wrong beside each.

    A form that saves itself keeps what is right, and says what was wrong with the rest.
    """
    if request.method == "GET":
        return _form(request, {}, {})
    user, given, itself = request.user, request.POST, wants_part(request)
    errors: dict[str, list[str]] = {}
    try:
        values = read(user, given, request.viewer)
    except Invalid as refusal:
        errors = refusal.errors
        if not itself:
            return _form(request, given, errors, status=422)
        values = read(user, {name: text for name, text in given.items() if name not in errors}, request.viewer)
    changed = [name for name, value in values.items() if getattr(user, name) != value]
    now = request.viewer.language
    held = {name: now if name == "language" else ASKED[name].value(user) for name in changed}
    for name in changed:
        setattr(user, name, values[name])
    if changed:
        user.save(update_fields=changed)
    language = values.get("language", now)
    back = way_back(request, FORM, held) if changed else None
    with translation.override(language):
        if not itself:
            response = onward(request, request.path, _("Saved") if changed else _("Nothing was changed."))
        elif language != now:
            # The whole page speaks another language.
            said = _("Restored.") if given.get(BACK) else _("Saved")
            response = onward(request, request.path, said, back=None if given.get(BACK) else back)
        else:
            request.viewer = viewer_of(user)
            form = draw(request, "ui/settings/_me.html", _context(request, {n: given[n] for n in errors}, errors))
            response = kept(request, form, back)
            response.status_code = 422 if errors else 200
    if language in dict(settings.LANGUAGES):
        remember_language(response, language)
    return response


def shown(request: Any, actor: Actor) -> HttpResponse:
    """What dates, times, numbers and amounts would look like with the choices as they are now."""
    viewer = drafted(request.user, request.POST, request.viewer)
    return page(request, "ui/settings/_preview.html", {"examples": preview(viewer)}, part="ui/settings/_preview.html")


def _form(request: Any, given: Any, errors: dict[str, list[str]], status: int = 200) -> HttpResponse:
    context = _context(request, given, errors)
    return settings_page(request, "me", "ui/settings/me.html", context, status=status)


def _context(request: Any, given: Any, errors: dict[str, list[str]]) -> dict[str, Any]:
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
    return {
        "sections": sections,
        "faulty": bool(errors),
        "zones": zones(viewer),
        "examples": preview(drafted(user, given, viewer)),
    }


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
