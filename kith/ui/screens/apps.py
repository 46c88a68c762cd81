"""Apps: programs of others, registered by administrators so that people can let them work in their name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.identity import permits
from kith.kernel.actor import Actor
from kith.kernel.errors import Invalid
from kith.objects.access.models import VERBS

from ..policy import Policy
from ..render import onward
from ..settings import ADMINISTRATORS, Further, SettingsPage, settings_page
from .tokens import EVERYTHING, READ, SOME, rows_of, scopes_of, words_of

HERE = "/settings/apps/"
REACHES = {
    READ: lazy("Only read"),
    SOME: lazy("What I choose here"),
    EVERYTHING: lazy("Everything"),
}


def index(request: Any, actor: Actor) -> HttpResponse:
    """The apps."""
    rows = [{"app": app, "reach": words_of(app.scopes), "alive": app.ended_at is None} for app in permits.apps()]
    return settings_page(request, "apps", "ui/settings/apps.html", {"rows": rows})


def new(request: Any, actor: Actor) -> HttpResponse:
    """Register an app, and show its secret this once."""
    if request.method == "GET":
        return _form(request, actor, {"reach": READ, "kind": "confidential", "some": set()})
    post = request.POST
    given = {
        "name": post.get("name", "")[:80],
        "kind": "public" if post.get("kind") == "public" else "confidential",
        "addresses": post.get("addresses", "")[:12_000],
        "reach": post.get("reach", "") if post.get("reach") in REACHES else SOME,
        "some": {pair[:120] for pair in post.getlist("scope")},
    }
    wanted = permits.Wanted(
        given["name"], given["kind"] == "confidential", given["addresses"].splitlines(), scopes_of(given, actor)
    )
    try:
        app, secret = permits.register(actor, wanted)
    except Invalid as invalid:
        return _form(request, actor, given, invalid.errors, 422)
    here = settings.KITH_URL or request.build_absolute_uri("/").rstrip("/")
    context = {
        "app": app,
        "secret": secret,
        "back": HERE,
        "description": f"{here}/.well-known/oauth-authorization-server",
    }
    return settings_page(request, "apps", "ui/settings/app_told.html", context)


def end(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """Take an app away."""
    permits.end_app(actor, pk)
    return onward(request, HERE, _("The app opens nothing any more."))


def _form(
    request: Any, actor: Actor, given: dict[str, Any], errors: dict[str, list[str]] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "given": given,
        "errors": errors or {},
        "whole": (errors or {}).get("", []),
        "kinds": (
            ("confidential", _("It runs on a server and can keep a secret")),
            ("public", _("It runs on people’s own devices, where nothing stays a secret")),
        ),
        "reaches": REACHES.items(),
        "rows": rows_of(actor, given["some"]),
        "verbs": VERBS.values(),
    }
    return settings_page(request, "apps", "ui/settings/app_new.html", context, status=status)


PAGE = SettingsPage(
    "apps",
    "people",
    lazy("Apps"),
    "puzzle",
    lazy("Programs of others that people here may let in (OAuth)"),
    index,
    who=ADMINISTRATORS,
    methods=("GET",),
    words=lazy("OAuth client secret integration program redirect"),
    order=46,
    further=(
        Further("new/", new, "app-new", Policy(methods=("GET", "POST"), audit="account.app_registered", step_up=True)),
        Further("<int:pk>/end/", end, "app-end", Policy(methods=("POST",), audit="account.app_ended", step_up=True)),
    ),
)
