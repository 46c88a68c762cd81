"""Settings of notifications: of what, by which way, and when. And the texts that somebody writes again and again."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.identity.letters import possible
from kith.kernel.actor import Actor
from kith.kernel.dates import write_clock
from kith.kernel.errors import Forbidden, Invalid
from kith.objects.access import rights
from kith.threads import snippets, wishes
from kith.threads.models import Rhythm
from kith.threads.notices import NoticeKind

from ..render import draw, onward, wants_part
from ..saving import kept, way_back
from ..settings import SettingsPage, settings_page

FORM, _FORM = "s-tells", "ui/settings/_notifications.html"


def switches(request: Any, actor: Actor) -> HttpResponse:
    """GET: every kind with its switches. POST: keep them all."""
    user = request.user
    kinds = list(NoticeKind.registry)
    before = wishes.ways(user, kinds)
    rhythm = wishes.rhythm_of(user)
    if request.method == "GET":
        return _switches(request, kinds, before, _typed(rhythm, request.viewer))
    if actor.observer is not None:
        raise Forbidden
    given = request.POST
    wanted = {k.key: wishes.Ways(given.get(f"app.{k.key}") == "1", given.get(f"mail.{k.key}") == "1") for k in kinds}
    typed = {name: given.get(name, "").strip() for name in ("quiet_from", "quiet_until", "daily_at")}
    typed["pace"] = given.get("pace", "")
    errors: dict[str, str] = {}
    times = {name: _time(text, name, errors) for name, text in typed.items() if name != "pace"}
    if bool(times["quiet_from"]) != bool(times["quiet_until"]) and not errors:
        missing = "quiet_until" if times["quiet_from"] else "quiet_from"
        errors[missing] = _("Write when the quiet begins and when it ends.")
    daily = typed["pace"] == "daily"
    if daily and times["daily_at"] is None and "daily_at" not in errors:
        errors["daily_at"] = _("Write a time, such as %(time)s.") % {"time": write_clock(time(8), request.viewer)}
    if errors:
        return _switches(request, kinds, wanted, typed, errors)
    chosen = Rhythm(
        quiet_from=times["quiet_from"], quiet_until=times["quiet_until"], daily_at=times["daily_at"] if daily else None
    )
    wishes.decide(user, wanted, chosen, before)
    if not wants_part(request):
        return onward(request, request.path, _("Saved"))
    held = _typed(rhythm, request.viewer)
    now = _typed(chosen, request.viewer)
    switched = [f"{way}.{key}" for key, one in before.items() for way in ("app", "mail") if getattr(one, way)]
    back = way_back(request, FORM, held | dict.fromkeys(switched, "1")) if wanted != before or now != held else None
    return kept(request, draw(request, _FORM, _context(kinds, wanted, now, {}, request.viewer)), back)


def _switches(
    request: Any,
    kinds: list[NoticeKind],
    held: dict[str, Any],
    typed: dict[str, str],
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    context, page = _context(kinds, held, typed, errors or {}, request.viewer), "ui/settings/notifications.html"
    return settings_page(request, "notifications", page, context, part=_FORM, status=422 if errors else 200)


def _context(
    kinds: list[NoticeKind], held: dict[str, Any], typed: dict[str, str], errors: dict[str, str], viewer: Any
) -> dict[str, Any]:
    return {
        "kinds": [(kind, held[kind.key]) for kind in kinds], "typed": typed, "errors": errors,
        "mails": possible(), "example": write_clock(time(22), viewer),
    }  # fmt: skip


def _typed(rhythm: Rhythm, viewer: Any) -> dict[str, str]:
    said = {
        name: at.strftime("%H:%M") if (at := getattr(rhythm, name)) else ""
        for name in ("quiet_from", "quiet_until", "daily_at")
    }
    return {**said, "pace": "daily" if rhythm.daily_at else "once"}


def _time(text: str, name: str, errors: dict[str, str]) -> time | None:
    if not text:
        return None
    try:
        return time.fromisoformat(text[:8])
    except ValueError:
        errors[name] = _("Write a time as hours and minutes, such as 22:00.")
        return None


def texts(request: Any, actor: Actor) -> HttpResponse:
    """GET: the snippets that she can use. POST: make one, change one, or delete one."""
    if request.method == "GET":
        return _texts(request, actor, {}, {})
    given = request.POST
    pk = int(given["id"]) if given.get("id", "").isdecimal() and len(given["id"]) < 16 else None
    if given.get("do") == "delete":
        snippets.drop(actor, pk or 0)
        return onward(request, request.path, _("Deleted."))
    try:
        snippets.keep(actor, given.get("name", ""), given.get("text", ""), shared=given.get("shared") == "1", pk=pk)
    except Invalid as refusal:
        return _texts(request, actor, given, refusal.errors)
    return onward(request, request.path, _("Saved"))


def _texts(request: Any, actor: Actor, given: Any, errors: dict[str, list[str]]) -> HttpResponse:
    rows = [(row, snippets.writes(actor, row)) for row in snippets.snippets(actor)]
    editing = next((row for row, hers in rows if hers and str(row.pk) == request.GET.get("edit", "")), None)
    shown = given or (
        {"id": editing.pk, "name": editing.name, "text": editing.text, "shared": "" if editing.owner_id else "1"}
        if editing
        else {}
    )
    context = {"rows": rows, "given": shown, "errors": errors, "shares": rights(actor).everything}
    return settings_page(request, "snippets", "ui/settings/snippets.html", context, status=422 if errors else 200)


NOTIFICATIONS = SettingsPage(
    "notifications", "you", lazy("Notifications"), "bell", lazy("What you are told of, by which way, and when"),
    switches, words=lazy("inbox e-mail mention assignment quiet hours digest follow"), audit="the user's own rows", order=30,
)  # fmt: skip
SNIPPETS = SettingsPage(
    "snippets", "you", lazy("Snippets"), "text-quote", lazy("Texts that you write again and again, for notes"),
    texts, words=lazy("templates notes canned"), audit="the user's own rows", order=40,
)  # fmt: skip
