"""My settings: how this person sees the house."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from kith.kernel.actor import Actor

from ..settings import SettingsPage, settings_page


def me(request: Any, actor: Actor) -> HttpResponse:
    """Theme, row height and language."""
    return settings_page(request, "me", "ui/settings/me.html")


PAGE = SettingsPage(
    "me",
    "you",
    _("My settings"),
    "user-cog",
    _("Language, time zone, calendar, numbers, theme"),
    me,
    words=_("name currency country digits first day of the week dark light row height date format"),
    order=10,
)
