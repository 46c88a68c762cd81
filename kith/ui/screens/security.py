"""Sign-in and security: how this person proves who she is, and where she is signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.identity import addresses, factors, linking, sessions, sign_in
from kith.identity.facts import origin, tell, way
from kith.identity.limits import TooMany
from kith.identity.models import Provider, Session
from kith.identity.passwords import Busy, shortest
from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused
from kith.objects.kinds import Choice
from kith.objects.kinds.kind import Option
from kith.objects.settings import Setting

from ..policy import Policy
from ..render import onward, page
from ..settings import Further, SettingsPage, settings_page
from .account import slow_down, waiting

HERE = "/settings/security/"
SEED = "new_seed"


def security(request: Any, actor: Actor, status: int = 200, **more: Any) -> HttpResponse:
    """Password, second factors, sessions and linked accounts on one page."""
    user = request.user
    kinds = factors.kinds(user)
    linked = linking.linked(user)
    there = {account.provider.pk for account in linked}
    context = {
        "has_password": user.has_usable_password(),
        "password_at": user.password_at,
        "least": shortest(user),
        "has_app": factors.CODE in kinds,
        "passkeys": [
            (row.pk, row.data.get("name", ""), row.created_at, row.last_used_at) for row in factors.passkeys(user)
        ],
        "has_codes": factors.RECOVERY in kinds,
        "codes_left": factors.recovery_codes_left(user),
        "has_factor": bool(kinds & {factors.CODE, factors.PASSKEY}),
        "asked_for": sign_in.lacks_factor(request),
        "sessions": [_session(row, request) for row in sessions.of(user)],
        "linked": linked,
        "linkable": [p for p in linking.shown() if p.pk not in there],
        "errors": {},
        **more,
    }
    return settings_page(request, "security", "ui/settings/security.html", context, status=status)


def _session(row: Session, request: Any) -> dict[str, Any]:
    browser, system = addresses.browser(row.device)
    told = {"address": row.address, "browser": browser, "system": system}
    here = row.session_key == sessions.stored(request.session.session_key)
    seen: datetime = row.seen_at
    return {
        "key": row.session_key,
        "here": here,
        "from": origin(told),
        "way": way(row.how),
        "seen": seen,
        "began": row.started_at,
    }


def password(request: Any, actor: Actor) -> HttpResponse:
    """Change the password; the present one is the proof. Every other session is over afterwards."""
    user = request.user
    try:
        if user.has_usable_password():
            proved = sign_in.by_password(request, user.email, request.POST.get("present", "")[:4096])
            if proved is None or proved.pk != user.pk:
                raise Refused(_("This is not your present password."), "present")
        elif not sign_in.is_fresh(request):
            raise Refused(_("Prove first who you are: sign out, then sign in again."), "password")
        with transaction.atomic():
            sign_in.set_password(user, request.POST.get("password", ""), actor)
    except (TooMany, Busy) as error:
        return slow_down(security(request, actor, errors={"present": [waiting(error)]}), error)
    except Refused as refusal:
        return security(request, actor, 422, errors=refusal.errors)
    sessions.end_others(user, request.session.session_key)
    update_session_auth_hash(request, user)
    sign_in.prove_again(request)
    return onward(request, HERE, _("Your password is changed. You are signed out everywhere else."))


# Second factors


def app(request: Any, actor: Actor) -> HttpResponse:
    """Add an app for codes: a seed as a picture and as text, taken once its first code is typed."""
    if request.method == "GET" or SEED not in request.session:
        request.session[SEED] = request.session.get(SEED) or factors.new_seed()
        return _app(request)
    seed = request.session[SEED]
    try:
        factors.add_code_app(request.user, seed, request.POST.get("code", ""))
    except Refused as refusal:
        return _app(request, str(refusal), 422)
    del request.session[SEED]
    return _added(request, actor)


def _app(request: Any, error: str = "", status: int = 200) -> HttpResponse:
    seed = request.session[SEED]
    groups = [seed[i : i + 4] for i in range(0, len(seed), 4)]
    context = {"picture": factors.seed_picture(request.user, seed), "groups": groups, "error": error}
    return settings_page(request, "security", "ui/settings/app.html", context, status=status)


def _added(request: Any, actor: Actor) -> HttpResponse:
    """After a factor was added: this session has proved it; without recovery codes they are made and shown now."""
    request.session["strong"] = True
    if not factors.recovery_codes_left(request.user):
        return _codes(request)
    return onward(request, HERE, _("Added. From now on it is asked for when you sign in."))


def app_remove(request: Any, actor: Actor) -> HttpResponse:
    """Remove the app for codes."""
    return _removing(request, actor, factors.CODE, None)


def passkey_options(request: Any, actor: Actor) -> HttpResponse:
    """What the browser needs to make a passkey, as JSON for the script."""
    return HttpResponse(factors.passkey_to_make(request.user), content_type="application/json")


def passkey_add(request: Any, actor: Actor) -> HttpResponse:
    """Keep the passkey that the browser made."""
    try:
        factors.add_passkey(request.user, request.POST.get("name", ""), request.POST.get("answer", ""))
    except Refused as refusal:
        return security(request, actor, 422, errors={"passkey": [str(refusal)]})
    return _added(request, actor)


def passkey_remove(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """Remove a passkey."""
    return _removing(request, actor, factors.PASSKEY, pk)


def _removing(request: Any, actor: Actor, kind: str, number: int | None) -> HttpResponse:
    try:
        factors.remove(request.user, kind, number)
    except Refused as refusal:
        return security(request, actor, 422, errors={"factor": [str(refusal)]})
    return onward(request, HERE, _("Removed."))


def codes(request: Any, actor: Actor) -> HttpResponse:
    """Make new recovery codes."""
    if not factors.has_factor(request.user):
        raise Refused(_("Recovery codes stand in for a second factor. Add one first."))
    return _codes(request)


def _codes(request: Any) -> HttpResponse:
    context = {"codes": factors.new_recovery_codes(request.user)}
    return settings_page(request, "security", "ui/settings/codes.html", context)


# Sessions


def end(request: Any, actor: Actor) -> HttpResponse:
    """End one other session, or all of them."""
    key = request.POST.get("session", "")[:40]
    if key:
        if key != sessions.stored(request.session.session_key) and sessions.end(request.user, key):
            tell("account.session_ended", request.user)
        return onward(request, HERE, _("The session is ended."))
    if sessions.end_others(request.user, request.session.session_key):
        tell("account.sessions_ended", request.user)
    return onward(request, HERE, _("You are signed out everywhere else."))


# Accounts elsewhere


def link(request: Any, actor: Actor) -> HttpResponse:
    """Begin to link an account: the page with the link that leads there. A form may not lead out of the house."""
    provider = Provider.objects.filter(key=request.POST.get("provider", ""), is_active=True).first()
    if provider is None:
        raise Missing
    request.session["connect"] = provider.key
    return page(request, "ui/door/connect.html", {"provider": provider})


def unlink(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """Unlink an account."""
    try:
        linking.unlink(request.user, pk)
    except Refused as refusal:
        return security(request, actor, 422, errors={"linked": [str(refusal)]})
    return onward(request, HERE, _("Unlinked."))


def _posts(audit: str = "", *, methods: tuple[str, ...] = ("POST",), step_up: bool = True) -> Policy:
    return Policy(methods=methods, audit=audit, step_up=step_up, halfway=True)


#: From whom a second factor is asked: an administrator decides it under the company's settings.
REQUIRED = Setting(
    "sign_in.second_factor",
    kind=Choice(
        (
            Option(factors.Required.NOBODY, lazy("Nobody"), "shield-off", 250),
            Option(factors.Required.ADMINISTRATORS, lazy("Administrators"), "shield", 75),
            Option(factors.Required.EVERYBODY, lazy("Everybody"), "shield-check", 155),
        )
    ),
    label=lazy("Who needs a second factor"),
    help=lazy(
        "Whoever has none is led to add one, and sees nothing else before. Sign-in with a provider that asks for one itself counts."
    ),
    default=factors.Required.NOBODY,
)
factors.Required.of = staticmethod(lambda: str(REQUIRED.value))

PAGE = SettingsPage(
    "security",
    "you",
    lazy("Sign-in and security"),
    icon="shield-check",
    help=lazy("Password, second factor, passkeys, where you are signed in"),
    screen=security,
    methods=("GET",),
    words=lazy("login two factor authentication TOTP recovery codes session device linked account"),
    order=20,
    halfway=True,
    further=(
        Further("password/", password, "security-password", _posts("account.password_changed", step_up=False)),
        Further("app/", app, "security-app", _posts("account.code_app_added", methods=("GET", "POST"))),
        Further("app/remove/", app_remove, "security-app-remove", _posts("account.code_app_removed")),
        Further("passkeys/options/", passkey_options, "security-passkey-options", _posts()),
        Further("passkeys/", passkey_add, "security-passkey-add", _posts("account.passkey_added")),
        Further(
            "passkeys/<int:pk>/remove/", passkey_remove, "security-passkey-remove", _posts("account.passkey_removed")
        ),
        Further("codes/", codes, "security-codes", _posts("account.recovery_codes_made")),
        Further("end/", end, "security-end", _posts("account.session_ended", step_up=False)),
        Further("link/", link, "security-link", _posts()),
        Further("linked/<int:pk>/remove/", unlink, "security-unlink", _posts("account.unlinked")),
    ),
)
