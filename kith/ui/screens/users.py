"""Users, for administrators: who may sign in, as what, in which teams; invitations and links."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.identity import factors, letters, links, people
from kith.identity.facts import tell
from kith.identity.models import Team, User
from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused
from kith.kernel.sentences import listed
from kith.objects.access.models import Role
from kith.objects.access.people import set_roles
from kith.objects.access.standard import role_name

from ..policy import Policy
from ..render import onward
from ..settings import ADMINISTRATORS, Further, SettingsPage, settings_page

HERE = "/settings/users/"
MOST = 200


def users(request: Any, actor: Actor) -> HttpResponse:
    """Everybody, those who may sign in first; searched by name and address."""
    q = request.GET.get("q", "").strip()[:100]
    found: Any = User.objects.annotate(seen=Max("sessions__seen_at")).prefetch_related("teams", "roles")
    if q:
        found = found.filter(Q(name__icontains=q) | Q(email__icontains=q))
    rows = list(found.order_by("-is_active", "name", "pk")[: MOST + 1])
    strong = factors.strong(rows)
    shown = [
        {
            "user": row,
            "roles": listed(sorted(role_name(role.key, role.name) for role in row.roles.all())),
            "teams": listed(sorted(team.name for team in row.teams.all())),
            "seen": row.seen or row.last_login,
            "strong": row.pk in strong,
            "waits": row.is_active and not row.last_login,
        }
        for row in rows[:MOST]
    ]
    return settings_page(request, "users", "ui/settings/users.html", {"rows": shown, "q": q, "more": len(rows) > MOST})


def invite(request: Any, actor: Actor) -> HttpResponse:
    """Invite somebody: a name, an address, what she may do."""
    if request.method == "GET":
        return _form(request, None, {"roles": ["member"], "teams": []})
    given = _given(request)
    try:
        with transaction.atomic():
            user, secret = people.invite(actor, given["email"], given["name"], admin=given["admin"])
            set_roles(actor, user, given["roles"])
            people.set_teams(actor, user, Team.objects.filter(pk__in=given["teams"]))
    except Refused as refusal:
        return _form(request, None, given, refusal.errors, 422)
    return _told(request, user, secret)


def edit(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """Change who somebody is here: address, administrator, roles, teams."""
    user = _user(pk)
    if request.method == "GET":
        return _form(request, user, _now(user))
    given = _given(request)
    try:
        with transaction.atomic():
            # First, for it may lock the rows of all administrators, in their order: of two such changes one waits for the other.
            people.set_admin(actor, user, given["admin"])
            people.set_email(actor, user, given["email"])
            set_roles(actor, user, given["roles"])
            people.set_teams(actor, user, Team.objects.filter(pk__in=given["teams"]))
    except Refused as refusal:
        return _form(request, user, given, refusal.errors, 422)
    return onward(request, HERE, _("Saved"))


def deactivate(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """Lock somebody out at once."""
    return _deed(request, _user(pk), people.deactivate, _("%(name)s can no longer sign in."))


def reactivate(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """Let somebody in again."""
    return _deed(request, _user(pk), people.reactivate, _("%(name)s may sign in again."))


def _deed(request: Any, user: User, deed: Any, said: str) -> HttpResponse:
    try:
        deed(request.actor, user)
    except Refused as refusal:
        return _form(request, user, _now(user), {"": [str(refusal)]}, 422)
    return onward(request, HERE, said % {"name": user.name})


def new_link(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """A link that works once, with which somebody chooses a password."""
    user = _user(pk)
    purpose = links.RESET if user.has_usable_password() else links.INVITE
    if not user.is_active:
        raise Refused(_("%(name)s may not sign in. Let her in again first.") % {"name": user.name})
    tell("account.link_made", user, actor, who=user.name)
    return _told(request, user, links.make(purpose, user))


def without_factors(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """Take away the second factors of somebody who lost them."""
    user = _user(pk)
    people.administers(actor)
    factors.remove_all(user)
    return onward(request, f"{HERE}{pk}/", _("%(name)s signs in without a second factor now.") % {"name": user.name})


def _told(request: Any, user: User, secret: str) -> HttpResponse:
    address = links.address(secret, settings.KITH_URL or request.build_absolute_uri("/").rstrip("/")) if secret else ""
    context = {"user": user, "address": address, "days": bool(not user.has_usable_password())}
    return settings_page(request, "users", "ui/settings/user_link.html", context)


def _user(pk: int) -> User:
    user = User.objects.filter(pk=pk).first()
    if user is None:
        raise Missing(_("There is no such user."))
    return user


def _given(request: Any) -> dict[str, Any]:
    post = request.POST
    return {
        "name": post.get("name", "")[:200],
        "email": post.get("email", "")[:254],
        "admin": "admin" in post,
        "roles": [key[:40] for key in post.getlist("role")],
        "teams": [int(number) for number in post.getlist("team") if number.isdecimal() and len(number) < 15],
    }


def _now(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "email": user.email,
        "admin": user.is_admin,
        "roles": list(Role.objects.filter(users=user).values_list("key", flat=True)),
        "teams": list(Team.objects.filter(members=user).values_list("pk", flat=True)),
    }


def _form(
    request: Any,
    user: User | None,
    given: dict[str, Any],
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "user": user,
        "given": given,
        "errors": errors or {},
        "whole": (errors or {}).get("", []),
        "roles": [{"key": role.key, "label": role_name(role.key, role.name)} for role in Role.objects.order_by("name")],
        "teams": list(Team.objects.order_by("name")),
        "has_factor": bool(user) and factors.has_factor(user),
        "mails": letters.possible(),
    }
    return settings_page(request, "users", "ui/settings/user.html", context, status=status)


def _posts(audit: str, methods: tuple[str, ...] = ("POST",)) -> Policy:
    return Policy(methods=methods, audit=audit, step_up=True)


PAGE = SettingsPage(
    "users",
    "people",
    lazy("Users"),
    icon="users",
    help=lazy("Who may sign in, as what, and in which teams"),
    screen=users,
    who=ADMINISTRATORS,
    methods=("GET",),
    words=lazy("invite deactivate administrator role team account password link"),
    order=10,
    further=(
        Further("invite/", invite, "user-invite", _posts("account.invited", ("GET", "POST"))),
        Further("<int:pk>/", edit, "user-edit", _posts("account.roles_changed", ("GET", "POST"))),
        Further("<int:pk>/deactivate/", deactivate, "user-deactivate", _posts("account.deactivated")),
        Further("<int:pk>/reactivate/", reactivate, "user-reactivate", _posts("account.reactivated")),
        Further("<int:pk>/link/", new_link, "user-link", _posts("account.link_made")),
        Further("<int:pk>/factors/remove/", without_factors, "user-factors", _posts("account.factors_removed")),
    ),
)
