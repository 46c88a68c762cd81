"""Coming in: what has been proved, what is still to be proved, and what happens once it is.

A session goes through three states: nobody; somebody who proved the first half (`pending`); somebody who is in. Only the third is known
to Django. Knows requests as bearers of a session, cookies and META; answers are made by the screens.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import authenticate, login
from django.contrib.auth.signals import user_logged_in
from django.db.models import F, Sum

from kith.kernel import clock
from kith.kernel.actor import Actor, Guest, current_actor
from kith.kernel.errors import Refused

from . import addresses, factors, limits
from .facts import tell
from .models import Device, Failure, User
from .names import actor_of
from .passwords import LONGEST

BACKEND = "django.contrib.auth.backends.ModelBackend"
#: Seconds that a first half waits for its second, and that a proof counts as fresh.
PENDING, FRESH = 10 * 60, 15 * 60
#: Seconds between two notes of when a session was last used.
SEEN = 5 * 60
DEVICE_COOKIE = "device"


# Who tries


def visitor(request: Any) -> limits.Visitor:
    """Where this request comes from, as limits count it."""
    mark = request.COOKIES.get(device_cookie(request), "")[:100]
    return limits.Visitor(addresses.network(addresses.client(request.META)), _mark(mark) if mark else "")


def device_cookie(request: Any) -> str:
    """The name of the cookie by which a browser is known again."""
    return f"__Host-{DEVICE_COOKIE}" if request.is_secure() else DEVICE_COOKIE


def _mark(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


# The first half


def by_password(request: Any, email: str, password: str) -> User | None:
    """The user with this address and password, else None, after the same work. Raises TooMany and Busy."""
    asks = visitor(request)
    gates = limits.gates(email, asks)
    limits.take(gates)
    try:
        # An unknown address is checked against a password, too, so that the time taken tells nothing.
        user = authenticate(request, username=email, password=password if len(password) <= LONGEST else "")
    except Exception:
        limits.give_back(gates)
        raise
    if isinstance(user, User):
        limits.give_back(gates)
        return user
    failed(email, asks)
    return None


def failed(email: str, asks: limits.Visitor, user: User | None = None) -> None:
    """Count a wrong password or code of this account, which may be nobody's.

    The first of a day from a network stands in the ledger; how many followed, the counts say, and the next sign-in tells.
    """
    whose = user or User.objects.filter(email=email.strip().casefold()).first()
    if limits.count_failure(email, asks.network, whose):
        tell("account.sign_in_failed", whose, current_actor() or Guest("sign-in"), network=asks.network)


@dataclass(frozen=True)
class Pending:
    """The first half of a proof: whose, how, and where the person wants to go."""

    user: User
    how: str
    onward: str
    remember: bool = True

    @property
    def kinds(self) -> set[str]:
        """What the second half may be."""
        return factors.kinds(self.user)


def proceed(request: Any, user: User, how: str, onward: str, *, strong: bool = False) -> bool:
    """Take the first half as proved: sign in when nothing more is to be proved (True), else remember it (False)."""
    if strong or how == "passkey" or not factors.has_factor(user):
        complete(request, user, how, strong=strong or how == "passkey")
        return True
    request.session.cycle_key()
    request.session["pending"] = {
        "user": user.pk, "epoch": user.auth_epoch, "how": how, "onward": onward, "at": clock.now().timestamp(), "tries": 0,
    }  # fmt: skip
    return False


def pending(request: Any) -> Pending | None:
    """The first half that this session proved, if it still counts."""
    kept = request.session.get("pending")
    if not kept or clock.now().timestamp() - kept["at"] > PENDING:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True, auth_epoch=kept["epoch"]).first()
    return Pending(user, kept["how"], kept["onward"]) if user else None


# The second half

#: What a code is proved by: name of the way → function.
CODES = {"code": factors.prove_code, "recovery": factors.prove_recovery}


def by_code(request: Any, user: User, way: str, code: str) -> bool:
    """Whether `code` is one of the user's app or a recovery code. Raises TooMany."""
    asks = visitor(request)
    gates = limits.gates(user.email, asks, "code")
    limits.take(gates)
    if CODES[way](user, code[:40]):
        limits.give_back(gates)
        return True
    failed(user.email, asks, user)
    return False


# In


def complete(request: Any, user: User, how: str, *, strong: bool) -> None:
    """Sign `user` in, in a session with a new key. `strong`: a second factor was proved, or a passkey."""
    request.session.pop("pending", None)
    failures = Failure.objects.filter(user=user, last_at__gt=user.last_login or user.created_at)
    missed = failures.aggregate(n=Sum("count"))["n"] or 0
    request.session["how"] = how
    login(request, user, backend=BACKEND)
    request.session["how"], request.session["strong"] = how, strong
    told = request.session
    browser, system = addresses.browser(told["device"])
    tell(
        "account.signed_in",
        user,
        actor_of(user),
        how=how,
        address=told["address"],
        browser=browser,
        system=system,
        failed=missed,
    )


def _began(sender: Any, request: Any, user: Any, **rest: Any) -> None:
    """Whatever signed somebody in: the session notes from where, with what and when, for its owner's list."""
    if request is None or not hasattr(request, "session"):
        return
    now = clock.now().timestamp()
    request.session["started"] = request.session["proof"] = request.session["seen"] = now
    request.session["address"] = addresses.client(request.META)
    request.session["device"] = addresses.printable(request.META.get("HTTP_USER_AGENT", ""), 300)


user_logged_in.connect(_began, dispatch_uid="kith.identity.began")


def known_device(request: Any, user: User) -> str:
    """Remember this browser as one of `user`'s; the value of its cookie, a new one where it had none."""
    cookie = request.COOKIES.get(device_cookie(request), "")
    if not 20 <= len(cookie) <= 100:
        cookie = secrets.token_urlsafe(24)
    network = addresses.network(addresses.client(request.META))
    Device.objects.update_or_create(
        user=user, mark=_mark(cookie), defaults={"network": network, "seen_at": clock.now()}
    )
    # The last twenty are enough; a flood of sign-ins leaves no flood of rows.
    old = Device.objects.filter(user=user).order_by("-seen_at").values_list("pk", flat=True)[20:]
    Device.objects.filter(pk__in=list(old)).delete()
    return cookie


# Fresh proofs


def is_fresh(request: Any) -> bool:
    """Whether this person proved who she is within the last quarter of an hour."""
    return 0 <= clock.now().timestamp() - request.session.get("proof", 0) <= FRESH


def prove_again(request: Any) -> None:
    """Note a fresh proof, in a session with a new key."""
    request.session.cycle_key()
    request.session["proof"] = clock.now().timestamp()


def lacks_factor(request: Any) -> bool:
    """Whether this installation asks this person for a second factor that this session did not prove."""
    return factors.needed(request.user) and not request.session.get("strong")


def seen(request: Any) -> None:
    """Note that the session is used, every five minutes at most."""
    now = clock.now().timestamp()
    if now - request.session.get("seen", 0) > SEEN:
        request.session["seen"] = now


# Passwords


def set_password(user: User, password: str, actor: Actor | None = None) -> None:
    """Give `user` a new password and end every session, in the caller's transaction. Refused, beside the field, when it is too weak."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from .passwords import ALONE, composed

    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), "password") from error
    user.set_password(password)
    user.short_password = len(composed(password)) < ALONE
    user.password_at = clock.now()
    user.save(update_fields=["password", "short_password", "password_at"])
    raise_epoch(user)
    tell("account.password_changed", user, actor, who=user.name)


def raise_epoch(user: User) -> None:
    """End every session of `user` from the next request on: they carry the epoch that they began in."""
    User.objects.filter(pk=user.pk).update(auth_epoch=F("auth_epoch") + 1)
    user.refresh_from_db(fields=["auth_epoch"])
