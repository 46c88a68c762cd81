"""The list of all settings, searchable."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from kith.kernel.actor import Actor

from ..render import page
from ..settings import fitting, fitting_single, grouped, pages_for


def index(request: Any, actor: Actor) -> HttpResponse:
    """Every page of settings that this person may see, by group; with `q`, those that fit the words."""
    q = request.GET.get("q", "").strip()[:100]
    context = {
        "q": q,
        "groups": grouped(fitting(pages_for(request.user), q)),
        "single": fitting_single(request.user, q),
    }
    return page(request, "ui/settings/index.html", context, part="ui/settings/_list.html")
