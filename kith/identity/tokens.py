"""Tokens: made, shown once, looked up, narrowed, revoked.

A token is `kith_<prefix>_<secret><checksum>`: ten letters and digits by which it is found, 43 that are 256 random bits, six that are the
CRC-32 of all before, so that scanners of source code know one from a text that only looks like it. Stored is its SHA-256, which needs no
salt and no slowness, because there is nothing to guess in 256 random bits.

A token lives while it is neither revoked nor expired, its owner may sign in, and her password is not younger than it: whoever sets a new
password, or is given one, does so to shut others out, and a token is a door like any other. Roles may change: the token never may more
than its owner at that moment.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.models import Run
from kith.events.runs import Job
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Invalid, Missing
from kith.kernel.guarded import tracking

from . import addresses, limits, uses
from .facts import AccountFact, tell
from .models import OneTimeLink, Permit, Session, Token, User
from .names import actor_of
from .people import administers

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_PREFIX, _SECRET, _CHECK = 10, 43, 6
FORM = re.compile(rf"kith_([0-9A-Za-z]{{{_PREFIX}}})_([0-9A-Za-z]{{{_SECRET}}})([0-9A-Za-z]{{{_CHECK}}})", re.ASCII)
#: Days that a token lives: usually, and at most.
USUAL_DAYS, MOST_DAYS = 90, 365
MOST_TOKENS, MOST_NETWORKS, MOST_SCOPES = 50, 20, 400
EVERYTHING, READ_ONLY = [["*", "*"]], [["*", "view"]]
#: What is compared where no such token exists, so that both take as long.
_NOTHING = "0" * 64


def _base62(number: int, width: int) -> str:
    digits = []
    for _place in range(width):
        number, rest = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[rest])
    return "".join(reversed(digits))


def checksum(text: str) -> str:
    """The last six characters of a token that begins with `text`."""
    return _base62(zlib.crc32(text.encode()), _CHECK)


def digest(text: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(text.encode()).hexdigest()


def new() -> tuple[str, str]:
    """The text of a new token, and the prefix in it. Nothing is kept of it here."""
    prefix = "".join(secrets.choice(ALPHABET) for _place in range(_PREFIX))
    start = f"kith_{prefix}_{_base62(secrets.randbits(256), _SECRET)}"
    return prefix, start + checksum(start)


def prefix_of(text: str) -> str:
    """The part of a token by which it is found."""
    return text[5 : 5 + _PREFIX]


def is_token(text: str) -> bool:
    """Whether `text` has the form of a token, its checksum included; nothing is said about whether there is such a one."""
    return FORM.fullmatch(text) is not None and hmac.compare_digest(checksum(text[:-_CHECK]), text[-_CHECK:])


# What the ledger says of them


class TokenMade(AccountFact):
    """Somebody made a token."""

    name, icon, label = "account.token_made", "key-round", lazy("API token made")
    words = lazy("The API token “%(name)s” was made")


class TokenRevoked(AccountFact):
    """A token was ended, by its owner or an administrator."""

    name, icon, label = "account.token_revoked", "key-round", lazy("API token revoked")
    words = lazy("The API token “%(name)s” was revoked")


class ScimTokenMade(AccountFact):
    """An administrator let a directory in."""

    name, icon, label = "account.scim_token_made", "key-round", lazy("SCIM token made")
    words = lazy("The SCIM token “%(name)s” was made")


class ScimTokenRevoked(AccountFact):
    """A directory is let in no longer."""

    name, icon, label = "account.scim_token_revoked", "key-round", lazy("SCIM token revoked")
    words = lazy("The SCIM token “%(name)s” was revoked")


FACTS = [TokenMade, TokenRevoked, ScimTokenMade, ScimTokenRevoked]


# Making and revoking


@dataclass(frozen=True)
class Wanted:
    """What a new token shall be: scopes as pairs of object and verb, networks as CIDR or single addresses, days until it expires."""

    name: str
    scopes: Iterable[tuple[str, str]] = ()
    days: int = USUAL_DAYS
    networks: Iterable[str] = ()


def make(actor: Actor, wanted: Wanted) -> tuple[Token, str]:
    """A new token of the actor's own, and its text, which is told this once. Invalid, by field, for what cannot be."""
    user = User.objects.filter(pk=actor.user_id, is_active=True).first()
    if user is None or actor.scopes is not None or actor.observer is not None:
        raise Forbidden
    errors = _faults(wanted)
    scopes = sorted({(str(key), str(verb)) for key, verb in wanted.scopes})
    if not scopes:
        errors["scopes"] = [_("Choose what the token may do.")]
    elif len(scopes) > MOST_SCOPES:
        errors["scopes"] = [_("These are too many. Choose “Everything that I may”, or make several tokens.")]
    if alive(Token.objects.filter(owner=user, permit=None)).count() >= MOST_TOKENS:
        errors[""] = [_("You have very many tokens already. Revoke those that nothing uses.")]
    return _made(actor, wanted, errors, owner=user, purpose=Token.API, scopes=[list(pair) for pair in scopes])


def make_for_scim(actor: Actor, wanted: Wanted) -> tuple[Token, str]:
    """A new token with which another house's directory keeps the list of people, and its text. For administrators."""
    if actor.scopes is not None or actor.observer is not None:
        raise Forbidden
    administers(actor)
    return _made(actor, wanted, _faults(wanted), owner=None, purpose=Token.SCIM, scopes=[["scim", "*"]])


def _made(actor: Actor, wanted: Wanted, errors: dict[str, list[str]], **fields: Any) -> tuple[Token, str]:
    if errors:
        raise Invalid(errors)
    now = clock.now()
    prefix, text = new()
    with transaction.atomic():
        token = Token.objects.create(
            prefix=prefix,
            digest=digest(text),
            name=_name(wanted.name),
            networks=[str(network) for network in _networks(wanted.networks)],
            made_at=now,
            made_by=actor.name,
            expires_at=now + timedelta(days=wanted.days),
            **fields,
        )
        said = "account.scim_token_made" if token.purpose == Token.SCIM else "account.token_made"
        tell(said, token.owner, actor, name=token.name, prefix=token.prefix)
    return token, text


def _name(text: str) -> str:
    return " ".join(text.split())[:80]


def _networks(texts: Iterable[str]) -> list[Any]:
    return [ip_network(text.strip(), strict=False) for text in texts if text.strip()]


def _faults(wanted: Wanted) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not _name(wanted.name):
        errors["name"] = [_("Write what the token is for.")]
    if not 1 <= wanted.days <= MOST_DAYS:
        errors["days"] = [_("A token lives for a day at least and a year at most.")]
    try:
        if len(_networks(wanted.networks)) > MOST_NETWORKS:
            errors["networks"] = [_("These are too many networks.")]
    except ValueError:
        errors["networks"] = [_("Write networks such as 192.0.2.0/24 or 2001:db8::/32, one a line.")]
    return errors


def revoke(actor: Actor, pk: int) -> None:
    """End a token at once: one of the actor's own, or any for an administrator. Missing for whatever else."""
    token = Token.objects.filter(pk=pk).select_related("owner").first()
    if token is None or actor.observer is not None or actor.scopes is not None:
        raise Missing
    if token.owner is None or token.owner.pk != actor.user_id:
        try:
            administers(actor)
        except Forbidden as error:
            raise Missing from error
    with transaction.atomic():
        if Token.objects.filter(pk=pk, revoked_at=None).update(revoked_at=clock.now()):
            said = "account.scim_token_revoked" if token.purpose == Token.SCIM else "account.token_revoked"
            tell(said, token.owner, actor, name=token.name, prefix=token.prefix)


def end_all() -> None:
    """End everything that opens a door: tokens, sessions, links. After a restore, which brings back what was ended since the backup."""
    with transaction.atomic():
        Token.objects.filter(revoked_at=None).update(revoked_at=clock.now())
        Permit.objects.filter(ended_at=None).update(ended_at=clock.now())
        Session.objects.all().delete()
        OneTimeLink.objects.filter(used_at=None).delete()


def alive(rows: Any) -> Any:
    """Those of the tokens that open something now."""
    ended = Q(owner__is_active=False) | Q(owner__password_at__gte=F("made_at"))
    return rows.filter(revoked_at=None, expires_at__gt=clock.now()).exclude(ended)


def of(user: User) -> list[Token]:
    """Somebody's tokens, the newest first, those that ended included for as long as they are kept."""
    return list(Token.objects.filter(owner=user, permit=None).select_related("owner").order_by("-made_at", "-pk"))


def everybodys() -> list[Token]:
    """The tokens of everybody for the API, the newest first."""
    return list(
        Token.objects.filter(purpose=Token.API, permit=None).select_related("owner").order_by("-made_at", "-pk")[:500]
    )


def for_scim() -> list[Token]:
    """The tokens for SCIM, the newest first."""
    return list(Token.objects.filter(purpose=Token.SCIM).order_by("-made_at", "-pk"))


def is_alive(token: Token) -> bool:
    """Whether this token opens something now; its owner is looked at as it was loaded."""
    owner = token.owner
    if token.revoked_at is not None or token.expires_at <= clock.now():
        return False
    if owner is None:
        return token.purpose == Token.SCIM
    return owner.is_active and (owner.password_at is None or owner.password_at < token.made_at)


# Coming in


def find(text: str, address: str, purpose: str = Token.API) -> Token | None:
    """The living token with this text, used from this address; None for every reason alike."""
    row = None
    if not is_token(text):
        text = ""
    else:
        # As the database knows it at this moment: what ends a token, ends it with the next request.
        row = Token.objects.filter(prefix=prefix_of(text)).select_related("owner", "permit").first()
    same = hmac.compare_digest(digest(text), row.digest if row else _NOTHING)
    if row is None or not same or row.purpose != purpose or not is_alive(row) or not _is_from(row, address):
        return None
    return row


def _is_from(token: Token, address: str) -> bool:
    if not token.networks:
        return True
    try:
        there = ip_address(address)
    except ValueError:
        return False
    return any(there in ip_network(network) for network in token.networks)


def actor_for(text: str, address: str) -> Actor | None:
    """Who comes with this token from this address: its owner, narrowed to its scopes; None when nobody does."""
    token = find(text, address)
    return _actor(token) if token else None


def _actor(token: Token) -> Actor:
    owner = token.owner
    assert owner is not None  # noqa: S101 - a constraint of the table
    scopes = frozenset((str(key), str(verb)) for key, verb in token.scopes)
    return replace(actor_of(owner), scopes=scopes, token=token.prefix)


class Unknown(Forbidden):
    """No token, or none that opens anything: which of the two, and why, is not said."""

    def __init__(self) -> None:
        super().__init__(_("This needs a valid token in the header “Authorization”."))


def bearer(header: str) -> str:
    """The token in a header `Authorization: Bearer …`, "" when there is none. Nowhere else is one looked for."""
    scheme, _space, text = header.partition(" ")
    return text.strip() if scheme.lower() == "bearer" and len(header) <= 300 else ""


def authenticate(request: Any, purpose: str = Token.API) -> Token:
    """The token that a request comes with. Raises Unknown for every reason alike, and limits.TooMany.

    Whoever tries wrong ones is held back by her network; a right one is never held back by that. Knows requests as bearers of headers
    and META. On an address that only reads, its policy names the tracker "token".
    """
    address = addresses.client(request.META)
    network = addresses.network(address)
    token = find(bearer(request.headers.get("Authorization", "")), address, purpose)
    with tracking("token"):
        if token is None:
            limits.take([limits.Gate(f"token:wrong:{network}", 60, 1), limits.Gate("token:wrong", 6000, 0.01)])
            raise Unknown
        gate = limits.Gate(f"token:{token.prefix}:{network}", 600, 0.1)

        def note(token: Token = token) -> None:
            token.allowance = (gate, *limits.take([gate]))
            uses.note(token, address)

        uses.at_once(note)
    return token


def actor_of_token(token: Token) -> Actor:
    """Who acts with a token that `authenticate` gave: its owner, narrowed."""
    return _actor(token)


def still_opens(prefix: str) -> bool:
    """Whether the token with this prefix opens something now: what outlives a request asks this again and again.

    What an app began goes on although its token was renewed meanwhile: for as long as it is let in.
    """
    token = Token.objects.filter(prefix=prefix).select_related("owner", "permit__app", "permit__owner").first()
    if token is None or token.permit is None:
        return token is not None and is_alive(token)
    return token.revoked_at is None and token.permit.opens


def are_one(prefix: str, other: Token) -> bool:
    """Whether the token with this prefix is `other`, or one of those that an app got under the same permit."""
    return prefix == other.prefix or (
        other.permit is not None and Token.objects.filter(prefix=prefix, permit=other.permit).exists()
    )


def _check_run(run: Run) -> None:
    if run.token and not still_opens(run.token):
        raise Forbidden(_("The token by which this was asked for has ended. What was done until then stays."))


Job.check = staticmethod(_check_run)


def actor_of_request(request: Any) -> Actor:
    """Who acts in a request to the API: the owner of its token, narrowed. Raises Unknown and limits.TooMany."""
    return _actor(authenticate(request))
