"""The directory: where it asks, with which tokens, and what its groups stand for here. For administrators."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.identity import tokens
from kith.identity.models import DirectoryGroup, Team
from kith.kernel.actor import Actor
from kith.kernel.errors import Invalid, Missing, Refused
from kith.kernel.sentences import listed
from kith.objects import directory
from kith.objects.access.models import Role

from ..policy import Policy
from ..render import onward
from ..settings import ADMINISTRATORS, Further, SettingsPage, settings_page
from .tokens import choices, days_of, shown, told

HERE = "/settings/scim/"


def index(request: Any, actor: Actor) -> HttpResponse:
    """Address, tokens and groups."""
    labels = {role.key: role.label for role in Role.objects.all()}
    groups: Any = DirectoryGroup.objects.select_related("team").annotate(people=Count("members")).order_by("name")
    rows = [
        (
            group,
            listed(
                [*([group.team.name] if group.team else []), *(labels[key] for key in group.roles if key in labels)]
            ),
            group.people,
        )
        for group in groups
    ]
    rules = (directory.ADMINISTRATORS, directory.TEAMS)
    context = {
        "address": f"{settings.KITH_URL or request.build_absolute_uri('/').rstrip('/')}/scim/v2",
        "tokens": [shown(row) for row in tokens.for_scim()],
        "groups": rows,
        "settings": [(one.label, one.help, one.kind.format(one.value, request.viewer)) for one in rules],
    }
    return settings_page(request, "scim", "ui/settings/scim.html", context)


def new(request: Any, actor: Actor) -> HttpResponse:
    """Make a token for a directory, and show it this once."""
    given = {"name": "", "days": tokens.MOST_DAYS, "networks": ""}
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        post = request.POST
        given = {
            "name": post.get("name", "")[:80],
            "days": days_of(request),
            "networks": post.get("networks", "")[:2000],
        }
        try:
            wanted = tokens.Wanted(str(given["name"]), (), days_of(request), str(given["networks"]).splitlines())
            token, text = tokens.make_for_scim(actor, wanted)
            return told(request, "scim", token, text, HERE)
        except Invalid as invalid:
            errors = invalid.errors
    context = {"given": given, "errors": errors, "whole": errors.get("", []), "lengths": choices()}
    return settings_page(request, "scim", "ui/settings/scim_token.html", context, status=422 if errors else 200)


def revoke(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """End a directory's token at once."""
    tokens.revoke(actor, pk)
    return onward(request, HERE, _("The token opens nothing any more."))


def group(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """Say what a group stands for: a team, roles."""
    there = DirectoryGroup.objects.select_related("team").filter(pk=pk).first() if pk < 2**63 else None
    if there is None:
        raise Missing(_("There is no such group."))
    given: dict[str, Any] = {"team": there.team.pk if there.team else None, "roles": list(there.roles)}
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        said = request.POST.get("team", "")
        number = int(said) if said.isdecimal() and len(said) < 15 else None
        given = {"team": number, "roles": [key[:40] for key in request.POST.getlist("role")]}
        try:
            team = Team.objects.filter(pk=number).first() if number else None
            if number and team is None:
                raise Refused(_("There is no such team."), "team")
            directory.map_group(actor, there, team, given["roles"])
            return onward(request, HERE, _("Saved"))
        except Refused as refusal:
            errors = refusal.errors
    context = {
        "group": there,
        "given": given,
        "errors": errors,
        "teams": list(Team.objects.order_by("name")),
        "roles": [(role.key, role.label) for role in Role.objects.order_by("name")],
        "people": list(there.members.order_by("name")[:200]),
    }
    return settings_page(request, "scim", "ui/settings/scim_group.html", context, status=422 if errors else 200)


def _policy(audit: str, *methods: str) -> Policy:
    return Policy(methods=methods, audit=audit, step_up=True)


PAGE = SettingsPage(
    "scim",
    "people",
    lazy("Directory"),
    "book-user",
    lazy("A directory adds people, locks them out, and keeps their groups (SCIM)"),
    index,
    who=ADMINISTRATORS,
    methods=("GET",),
    words=lazy("SCIM provisioning Entra Okta groups deprovisioning identity"),
    order=45,
    further=(
        Further("new/", new, "scim-token-new", _policy("account.scim_token_made", "GET", "POST")),
        Further("<int:pk>/revoke/", revoke, "scim-token-revoke", _policy("account.scim_token_revoked", "POST")),
        Further("groups/<int:pk>/", group, "scim-group", _policy("directory.group_changed", "GET", "POST")),
    ),
)
