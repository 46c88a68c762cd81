"""The rest of the way in: second factors, passkeys, fresh proofs, forgotten passwords, links that work once, other accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from kith.identity import factors, letters, limits, linking, links, people, providers, sign_in
from kith.identity.facts import tell
from kith.identity.limits import Gate, TooMany
from kith.identity.models import OneTimeLink, User
from kith.identity.names import actor_of
from kith.identity.passwords import Busy, shortest
from kith.kernel.actor import System
from kith.kernel.errors import Invalid, Refused
from kith.objects.access.people import set_roles

from ..render import own_url, page
from .account import arrived, further, slow_down, waiting

# The second half


def factor(request: Any, actor: Any) -> HttpResponse:
    """A code from an app, a recovery code or a passkey, of somebody whose password was right, or who now needs one more."""
    waits = sign_in.pending(request)
    user, onward, how = (
        (waits.user, waits.onward, waits.how) if waits else (None, own_url(request, request.GET.get("next")), "")
    )
    if user is None:
        if not request.user.is_authenticated:
            return HttpResponseRedirect("/sign-in/")
        user, how = request.user, request.session.get("how", "password").partition("+")[0]
        if not factors.has_factor(user):
            return HttpResponseRedirect("/settings/security/")
    given: dict[str, Any] = {"kinds": factors.kinds(user), "next": onward, "error": ""}
    if request.method == "POST":
        way = "recovery" if request.POST.get("recovery") else "code"
        try:
            right = sign_in.by_code(request, user, way, request.POST.get("recovery") or request.POST.get("code", ""))
        except TooMany as error:
            return slow_down(page(request, "ui/door/factor.html", {**given, "error": waiting(error)}), error)
        if right:
            sign_in.complete(request, user, f"{how}+{way}", strong=True)
            return arrived(request, user, onward)
        given["error"] = _("This code does not fit, or was used already. Wait for the next one, then try again.")
        return page(request, "ui/door/factor.html", {**given, "way": way}, status=422)
    return page(request, "ui/door/factor.html", given)


def passkey_options(request: Any, actor: Any) -> HttpResponse:
    """The challenge for a passkey, as JSON for the script."""
    asks = sign_in.visitor(request)
    try:
        limits.take([Gate(f"passkey:network:{asks.network}", 200, 4.5)])
    except TooMany as error:
        return slow_down(HttpResponse(status=429), error)
    waits = sign_in.pending(request)
    user = request.user if request.user.is_authenticated else waits.user if waits else None
    return HttpResponse(factors.passkey_to_ask(user), content_type="application/json")


def passkey(request: Any, actor: Any) -> HttpResponse:
    """What the browser signed: the whole way in, the second half of it, or a fresh proof."""
    answer, onward = request.POST.get("answer", ""), own_url(request, request.POST.get("next"))
    if request.user.is_authenticated:
        if factors.prove_passkey(request.user, answer) is None:
            return again(request, actor, wrong=_("This passkey does not fit."))
        request.session["strong"] = True
        return _proved(request, request.POST.get("kept", ""), request.POST.get("next", ""))
    waits = sign_in.pending(request)
    user = factors.prove_passkey(waits.user if waits else None, answer)
    if user is None or not user.is_active:
        given = {"next": onward, "email": "", "error": _("This passkey does not fit."), "providers": linking.shown()}
        return page(request, "ui/door/sign_in.html", given, status=422)
    sign_in.complete(request, user, f"{waits.how}+passkey" if waits else "passkey", strong=True)
    return arrived(request, user, waits.onward if waits else onward)


# Fresh proofs


def again(request: Any, actor: Any, wrong: str = "") -> HttpResponse:
    """Prove once more who you are, because the last proof is older than fifteen minutes; then go on where you were."""
    user, given = request.user, request.POST if request.method == "POST" else request.GET
    context = {
        "next": own_url(request, given.get("next")),
        "kept": given.get("kept", "")[:40],
        "kinds": factors.kinds(user),
        "has_password": user.has_usable_password(),
        "providers": [] if user.has_usable_password() else [account.provider for account in linking.linked(user)],
        "error": wrong,
    }
    if request.method == "GET" or wrong:
        return page(request, "ui/door/again.html", context, status=422 if wrong else 200)
    try:
        right = _right(request, user)
    except (TooMany, Busy) as error:
        return slow_down(page(request, "ui/door/again.html", {**context, "error": waiting(error)}), error)
    if right:
        return _proved(request, request.POST.get("kept", ""), request.POST.get("next", ""))
    return page(request, "ui/door/again.html", {**context, "error": _("This does not fit. Try again.")}, status=422)


def _right(request: Any, user: User) -> bool:
    if code := request.POST.get("code"):
        return sign_in.by_code(request, user, "code", code)
    proved = sign_in.by_password(request, user.email, request.POST.get("password", "")[:4096])
    return proved is not None and proved.pk == user.pk


def _proved(request: Any, key: str, onward: str) -> HttpResponse:
    sign_in.prove_again(request)
    kept = request.session.get("kept", {}).get(key)
    if not kept:
        return HttpResponseRedirect(own_url(request, onward))
    request.session["kept"] = {k: v for k, v in request.session["kept"].items() if v != kept}
    return page(request, "ui/door/go_on.html", {"path": own_url(request, kept["path"]), "pairs": kept["pairs"]})


# Forgotten passwords, and links that work once


def forgot(request: Any, actor: Any) -> HttpResponse:
    """Ask for a link by mail; without mail, say whom to ask. Known and unknown addresses get the same answer after the same work."""
    given: dict[str, Any] = {"possible": letters.possible(), "sent": False, "email": ""}
    if request.method == "POST" and given["possible"]:
        email = request.POST.get("email", "").strip().casefold()[:254]
        asks = sign_in.visitor(request)
        wanted = [Gate(f"reset:pair:{email}:{asks.network}", 5, 600), Gate(f"reset:network:{asks.network}", 50, 60)]
        try:
            limits.take(wanted)
        except TooMany as error:
            return slow_down(
                page(request, "ui/door/forgot.html", {**given, "email": email, "error": waiting(error)}), error
            )
        tell("account.reset_asked", User.objects.filter(email=email, is_active=True).first(), actor)
        given["sent"] = True
    return page(request, "ui/door/forgot.html", given)


def link(request: Any, actor: Any, secret: str) -> HttpResponse:
    """Choose a password through a link that works once; the first administrator says who she is, too."""
    asks = sign_in.visitor(request)
    try:
        limits.take([Gate(f"link:network:{asks.network}", 100, 10)])
        found = links.look(secret)
    except TooMany as error:
        return slow_down(page(request, "ui/door/over.html", {"sentence": waiting(error)}), error)
    except links.Over as over:
        return page(request, "ui/door/over.html", {"sentence": str(over)}, status=404)
    given: dict[str, Any] = {
        "link": found,
        "first": found.purpose == OneTimeLink.FIRST,
        "least": shortest(found.user),
        "email": found.user.email if found.user else request.POST.get("email", "")[:254],
        "name": request.POST.get("name", "")[:200],
        "errors": {},
    }
    if request.method == "GET":
        return page(request, "ui/door/link.html", given)
    password = request.POST.get("password", "")
    try:
        with transaction.atomic():
            # Refusals undo this, so that the link is used up by success only.
            links.use(secret)
            user = found.user or people.add(System("first administrator"), given["email"], given["name"], admin=True)
            sign_in.set_password(user, password, actor_of(user))
    except links.Over as over:
        return page(request, "ui/door/over.html", {"sentence": str(over)}, status=404)
    except Busy as busy:
        return slow_down(page(request, "ui/door/link.html", {**given, "errors": {"password": [str(busy)]}}), busy)
    except Refused as refusal:
        return page(request, "ui/door/link.html", {**given, "errors": refusal.errors}, status=422)
    return further(request, user, "link", "/")


# Accounts elsewhere


def provider_begin(request: Any, actor: Any, key: str) -> HttpResponse:
    """Lead the browser to the provider, to sign in or, where that was asked for, to link the account there."""
    wanted = request.session.pop("connect", None)
    process, onward = "login", own_url(request, request.GET.get("next"))
    if request.user.is_authenticated:
        process = "connect" if wanted == key else "prove"
        request.session["proves"] = request.GET.get("kept", "")[:40]
    return _spoken(request, lambda: HttpResponseRedirect(providers.begin(request, key, process=process, onward=onward)))


def oidc_back(request: Any, actor: Any, provider_id: str) -> HttpResponse:
    """The browser comes back from an OpenID provider."""
    return _spoken(request, lambda: _vouched(request, providers.finish_oidc(request, provider_id)))


def saml_receive(request: Any, actor: Any, organization_slug: str) -> HttpResponse:
    """The browser brings what a SAML provider says."""
    return _spoken(request, lambda: providers.receive_saml(request, organization_slug))


def saml_back(request: Any, actor: Any, organization_slug: str) -> HttpResponse:
    """The browser comes again, with its own cookies."""
    return _spoken(request, lambda: _vouched(request, providers.finish_saml(request, organization_slug)))


def saml_description(request: Any, actor: Any, organization_slug: str) -> HttpResponse:
    """What the administrator of a SAML provider has to know of us."""
    return _spoken(request, lambda: providers.saml_description(request, organization_slug))


def saml_out(request: Any, actor: Any, organization_slug: str) -> HttpResponse:
    """A provider sends the browser here at the end of a sign-out: the session here is ended by the person, with one button."""
    return page(request, "ui/door/out.html", {})


def _vouched(request: Any, arrival: providers.Arrival) -> HttpResponse:
    here = request.user if request.user.is_authenticated else None
    user = linking.whose(arrival, here)
    if arrival.process == "connect":
        sign_in.prove_again(request)
        return HttpResponseRedirect("/settings/security/")
    if arrival.process == "prove":
        return _proved(request, request.session.pop("proves", ""), arrival.onward)
    linking.apply(arrival, user)
    wanted = linking.granted(arrival)
    if wanted is not None:
        set_roles(System(f"groups of {arrival.provider.name}"), user, wanted.roles)
        user.refresh_from_db()
    return further(request, user, "provider", arrival.onward, strong=arrival.provider.strong)


def _spoken(request: Any, deed: Callable[[], Any]) -> HttpResponse:
    """What `deed` answers, or the refusal on the page that people without a session see."""
    try:
        return deed()
    except Invalid:
        raise
    except Refused as refusal:
        return page(request, "ui/door/over.html", {"sentence": str(refusal), "again": True}, status=422)
