"""Apps that administrators register, and the permits that people give them: made, shown, ended.

A permit narrows like a token does: an app never may more than whoever let it in, and no more than was agreed to. It ends when she ends it,
when the app ends, with a younger password of hers, when she is locked out, or after a year.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.schedule import every
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Invalid, Missing

from . import tokens
from .facts import AccountFact, tell
from .models import App, Permit, PermitCode, Renewal, Token, User
from .people import administers

MOST_APPS, MOST_ADDRESSES, LONGEST_ADDRESS = 200, 20, 500
Scopes = Iterable[tuple[str, str]]
_SCOPE = re.compile(
    r"(\*|[a-z][a-z0-9_]{0,39}(?:\.[a-z0-9_]{1,60}){0,2}):(\*|[a-z_]{1,30}(?:/[a-z_]{1,60})?)", re.ASCII
)
_NO_LETTERS = re.compile(r"[\s\"'<>\\^`{|}#*]")
_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+", re.ASCII)


class AppRegistered(AccountFact):
    """An administrator registered an app."""

    name, icon, label = "account.app_registered", "puzzle", lazy("App registered")
    words = lazy("The app “%(name)s” was registered")


class AppEnded(AccountFact):
    """An administrator took an app away, and with it every permit."""

    name, icon, label = "account.app_ended", "puzzle", lazy("App removed")
    words = lazy("The app “%(name)s” was removed")


class AppLetIn(AccountFact):
    """Somebody let an app work in her name."""

    name, icon, label = "account.app_let_in", "puzzle", lazy("App let in")
    words = lazy("The app “%(name)s” was let in")


class AppShutOut(AccountFact):
    """An app was shut out: by whoever let it in, by itself, or because what it showed had been used before."""

    name, icon, label = "account.app_shut_out", "puzzle", lazy("App shut out")
    words = lazy("The app “%(name)s” was shut out")


FACTS = [AppRegistered, AppEnded, AppLetIn, AppShutOut]


# Apps


@dataclass(frozen=True)
class Wanted:
    """What a new app shall be: where people are sent back to, one address a line, and the most that it may ask for."""

    name: str
    confidential: bool
    addresses: Iterable[str]
    scopes: Scopes


def register(actor: Actor, wanted: Wanted) -> tuple[App, str]:
    """A new app, and its secret, told this once ("" for a public one). For administrators; Invalid, by field, for what cannot be."""
    if actor.scopes is not None or actor.observer is not None:
        raise Forbidden
    administers(actor)
    name = " ".join(wanted.name.split())[:80]
    addresses = list(dict.fromkeys(text.strip() for text in wanted.addresses if text.strip()))
    scopes = sorted({(str(key), str(verb)) for key, verb in wanted.scopes})
    errors: dict[str, list[str]] = {}
    if not name:
        errors["name"] = [_("Write what the app is called.")]
    if not addresses or len(addresses) > MOST_ADDRESSES or not all(is_address(text) for text in addresses):
        errors["addresses"] = [
            _(
                "Write whole addresses, one a line: https://…, for programs on one’s own computer http://127.0.0.1/…, or com.example.app:/…"
            )
        ]
    if not scopes or len(scopes) > tokens.MOST_SCOPES:
        errors["scopes"] = [_("Choose what the app may ask for.")]
    if App.objects.filter(ended_at=None).count() >= MOST_APPS:
        errors[""] = [_("There are very many apps already. Remove those that nobody uses.")]
    if errors:
        raise Invalid(errors)
    secret = tokens.new()[1] if wanted.confidential else ""
    with transaction.atomic():
        app = App.objects.create(
            client_id="".join(secrets.choice(tokens.ALPHABET) for _place in range(20)),
            name=name,
            digest=tokens.digest(secret) if secret else "",
            addresses=addresses,
            scopes=[list(pair) for pair in scopes],
            made_by=actor.name,
        )
        tell("account.app_registered", None, actor, name=app.name, client_id=app.client_id)
    return app, secret


def is_address(text: str) -> bool:
    """Whether people may be sent back to this: HTTPS, this very computer, or an app's own scheme with a dot in it (RFC 8252)."""
    if len(text) > LONGEST_ADDRESS or not text.isascii() or not text.isprintable() or _NO_LETTERS.search(text):
        return False
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None:
        return False
    if parts.scheme == "https":
        return bool(host)
    if parts.scheme == "http":
        return _is_loopback(host)
    return _SCHEME.fullmatch(parts.scheme) is not None and not parts.netloc and parts.path.startswith("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def leads_back(app: App, address: str) -> bool:
    """Whether people may be sent to `address`: one of the app's own to the letter, on this very computer at any port (RFC 8252)."""
    return any(address == own or _but_for_the_port(own, address) for own in app.addresses) and is_address(address)


def _but_for_the_port(own: str, given: str) -> bool:
    try:
        one, other = urlsplit(own), urlsplit(given)
    except ValueError:
        return False
    if one.scheme != "http" or not _is_loopback(one.hostname or ""):
        return False
    return (other.scheme, other.hostname, other.path, other.query) == (one.scheme, one.hostname, one.path, one.query)


def end_app(actor: Actor, pk: int) -> None:
    """Take an app away: every permit of it ends at once."""
    administers(actor)
    with transaction.atomic():
        app = App.objects.filter(pk=pk).first()
        if app is None or actor.scopes is not None or actor.observer is not None:
            raise Missing
        if App.objects.filter(pk=pk, ended_at=None).update(ended_at=clock.now()):
            _end(Permit.objects.filter(app=app))
            tell("account.app_ended", None, actor, name=app.name, client_id=app.client_id)


def apps() -> list[App]:
    """Every app, the newest first."""
    return list(App.objects.order_by("ended_at", "-made_at", "-pk")[:500])


def known(client_id: str) -> App | None:
    """The app of this id, if there is one."""
    if not client_id.isascii() or not client_id.isalnum():
        return None
    return App.objects.filter(client_id=client_id, ended_at=None).first()


def proves(app: App, secret: str) -> bool:
    """Whether this is the app's secret."""
    return hmac.compare_digest(tokens.digest(secret), app.digest) and app.is_confidential


# Scopes as they are written


def read_scopes(words: Iterable[str]) -> list[tuple[str, str]] | None:
    """Scopes from words such as "<object>:view", "*:view" and "*:*"; None where one is none."""
    found = [_SCOPE.fullmatch(word) for word in words]
    if not all(found) or len(found) > tokens.MOST_SCOPES:
        return None
    return sorted({(one[1], one[2]) for one in found if one})


def written(scopes: Scopes) -> str:
    """Scopes as one text."""
    return " ".join(f"{key}:{verb}" for key, verb in scopes)


def within(scopes: Scopes, most: Iterable[Any]) -> bool:
    """Whether `most` covers each of the scopes."""
    there = [(str(key), str(verb)) for key, verb in most]
    return all(any(k in (key, "*") and v in (verb, "*") for k, v in there) for key, verb in scopes)


# Permits


def give(user: User, app: App, scopes: Scopes, address: str, challenge: str, code: str, lives: timedelta) -> Permit:
    """Let `app` work in the name of `user`, and keep the code that it exchanges for its first token."""
    with transaction.atomic():
        permit = Permit.objects.create(app=app, owner=user, scopes=[list(pair) for pair in scopes])
        PermitCode.objects.create(
            permit=permit,
            digest=tokens.digest(code),
            address=address,
            challenge=challenge,
            expires_at=clock.now() + lives,
        )
        tell("account.app_let_in", user, None, name=app.name, client_id=app.client_id)
    return permit


def of(user: User) -> list[Permit]:
    """The permits of somebody that an app took up and that still open something, the newest first."""
    taken = Permit.objects.filter(Exists(Token.objects.filter(permit=OuterRef("pk"))), owner=user, ended_at=None)
    return [one for one in taken.select_related("app", "owner").order_by("-made_at", "-pk")[:200] if one.opens]


def end(actor: Actor, pk: int) -> None:
    """Shut an app out: whoever let it in says so, or an administrator. Missing for whatever else."""
    permit = Permit.objects.filter(pk=pk).select_related("app", "owner").first()
    if permit is None or actor.observer is not None or actor.scopes is not None:
        raise Missing
    if permit.owner.pk != actor.user_id:
        try:
            administers(actor)
        except Forbidden as error:
            raise Missing from error
    shut_out(permit, actor)


def shut_out(permit: Permit, actor: Actor | None = None) -> None:
    """End a permit with all that hangs on it, at once, in every process."""
    with transaction.atomic():
        if _end(Permit.objects.filter(pk=permit.pk)):
            tell("account.app_shut_out", permit.owner, actor, name=permit.app.name, client_id=permit.app.client_id)


def _end(permits: Any) -> int:
    Token.objects.filter(permit__in=permits, revoked_at=None).update(revoked_at=clock.now())
    return int(permits.filter(ended_at=None).update(ended_at=clock.now()))


@every(hours=6)
def forget_used_codes() -> None:
    """Codes and renewals go thirty days after they opened nothing any more: until then, using one again is noticed.

    Tokens go with their permit only: what an app began by one, a webhook for instance, asks by it whether the app is still let in.
    """
    old = clock.now() - timedelta(days=30)
    for rows in (PermitCode, Renewal):
        rows.objects.filter(expires_at__lt=old).delete()
    over = Q(permit__ended_at__isnull=False) | Q(permit__made_at__lt=clock.now() - Permit.LIFE)
    Token.objects.filter(over, expires_at__lt=old).delete()
