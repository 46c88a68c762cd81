"""Sign-in with accounts elsewhere: which providers are trusted, and what their groups mean."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.identity import trusting
from kith.identity.models import Provider, Team
from kith.identity.trusting import Wanted
from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused
from kith.kernel.sentences import listed
from kith.objects.access.models import Role

from ..policy import Policy
from ..render import onward
from ..settings import ADMINISTRATORS, Further, SettingsPage, settings_page

HERE = "/settings/sign-in/"
ADMINISTRATOR = "administrator"
TEXTS = {"key": 40, "name": 80, "protocol": 10, "issuer": 500, "client_id": 300, "secret": 2000, "sign_in_url": 500, "certificate": 20_000,
         "groups_claim": 200, "default_role": 40}  # fmt: skip
FLAGS = ("is_active", "makes_users", "strong")


def providers(request: Any, actor: Actor) -> HttpResponse:
    """Every provider."""
    rows = [(row, Provider.PROTOCOLS[row.protocol]) for row in Provider.objects.order_by("name")]
    return settings_page(request, "sign-in", "ui/settings/providers.html", {"rows": rows})


def edit(request: Any, actor: Actor, pk: int | None = None) -> HttpResponse:
    """Set a provider up."""
    there = _provider(pk) if pk is not None else None
    if request.method == "GET":
        return _form(request, there, _now(there))
    given = {name: request.POST.get(name, "").strip()[:length] for name, length in TEXTS.items()}
    given |= {name: name in request.POST for name in FLAGS}
    given |= {name: request.POST.get(name, "")[:10_000] for name in ("domains", "groups")}
    try:
        wanted = Wanted(**{**given, "domains": given["domains"].lower().split(), "groups": _groups(given["groups"])})
        trusting.save(actor, there, wanted)
    except Refused as refusal:
        return _form(request, there, given, refusal.errors, 422)
    return onward(request, HERE, _("Saved"))


def remove(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """Forget a provider."""
    row = _provider(pk)
    try:
        trusting.remove(actor, row)
    except Refused as refusal:
        return _form(request, row, _now(row), refusal.errors, 422)
    return onward(request, HERE, _("Removed."))


def _provider(pk: int) -> Provider:
    row = Provider.objects.filter(pk=pk).first()
    if row is None:
        raise Missing(_("There is no such provider."))
    return row


def _groups(text: str) -> dict[str, Any]:
    """What is typed, a line for each group: its name, =, then roles, teams and “administrator” with commas between them."""
    roles = set(Role.objects.values_list("key", flat=True))
    teams = set(Team.objects.values_list("name", flat=True))
    found: dict[str, Any] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        group, equals, names = line.partition("=")
        if not (group.strip() and equals):
            raise Refused(_("“%(line)s” is not of the form: group = role, team") % {"line": line[:80]}, "groups")
        row: dict[str, Any] = {"roles": [], "teams": []}
        for name in filter(None, (name.strip() for name in re.split(r"[,،，、]", names))):
            if name in roles:
                row["roles"].append(name)
            elif name in teams:
                row["teams"].append(name)
            elif name == ADMINISTRATOR:
                row["admin"] = True
            else:
                raise Refused(_("“%(name)s” is neither a role nor a team here.") % {"name": name[:80]}, "groups")
        found[group.strip()[:200]] = row
    return found


def _now(there: Provider | None) -> dict[str, Any]:
    if there is None:
        return {"protocol": Provider.OIDC, "is_active": True, "groups": "", "domains": ""}
    lines = [
        f"{group} = {', '.join([*row.get('roles', ()), *row.get('teams', ()), *([ADMINISTRATOR] if row.get('admin') else [])])}"
        for group, row in there.groups.items()
    ]
    kept = {name: getattr(there, name) for name in (*TEXTS, *FLAGS) if name != "secret"}
    return {**kept, "groups": "\n".join(lines), "domains": " ".join(there.domains)}


def _form(
    request: Any,
    there: Provider | None,
    given: dict[str, Any],
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    base = request.build_absolute_uri("/sign-in")
    context = {
        "there": there,
        "given": {**given, "secret": ""},
        "errors": errors or {},
        "whole": (errors or {}).get("", []),
        "protocols": Provider.PROTOCOLS.items(),
        "roles": [(role.key, role.label) for role in Role.objects.order_by("name")],
        "names": listed([*Role.objects.values_list("key", flat=True), ADMINISTRATOR]),
        "ours": [(lazy("Redirect address"), f"{base}/oidc/{there.key}/back/")]
        if there and there.protocol == Provider.OIDC
        else [
            (lazy("Metadata and entity ID"), f"{base}/saml/{there.key}/"),
            (lazy("Where answers go (ACS)"), f"{base}/saml/{there.key}/acs/"),
        ]
        if there
        else [],
    }
    return settings_page(request, "sign-in", "ui/settings/provider.html", context, status=status)


def _posts(audit: str, methods: tuple[str, ...] = ("POST",)) -> Policy:
    return Policy(methods=methods, audit=audit, step_up=True)


PAGE = SettingsPage(
    "sign-in",
    "people",
    lazy("Accounts elsewhere"),
    icon="log-in",
    help=lazy("Sign-in with OpenID Connect and SAML, roles and teams from groups"),
    screen=providers,
    who=ADMINISTRATORS,
    methods=("GET",),
    words=lazy("SSO single sign-on OIDC identity provider directory"),
    order=30,
    further=(
        Further("new/", edit, "provider-new", _posts("account.provider_saved", ("GET", "POST"))),
        Further("<int:pk>/", edit, "provider-edit", _posts("account.provider_saved", ("GET", "POST"))),
        Further("<int:pk>/remove/", remove, "provider-remove", _posts("account.provider_removed")),
    ),
)
