"""Which identity providers are trusted, and with what, as administrators decide it."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Invalid, Refused

from .facts import tell
from .models import LinkedAccount, Provider
from .people import administers

KEY = re.compile(r"[a-z0-9][a-z0-9-]{1,38}\Z")
DOMAIN = re.compile(r"(?=.{4,253}\Z)([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}\Z")
#: What would be mistaken for a protocol by the library that speaks them.
TAKEN = {"oidc", "saml", "openid_connect"}


@dataclass
class Wanted:
    """A provider as a form describes it. `secret` "" keeps the one that is there."""

    key: str
    name: str
    protocol: str
    issuer: str
    client_id: str = ""
    secret: str = ""
    sign_in_url: str = ""
    certificate: str = ""
    domains: list[str] = field(default_factory=list)
    groups: dict[str, Any] = field(default_factory=dict)
    groups_claim: str = ""
    default_role: str = ""
    is_active: bool = True
    makes_users: bool = False
    strong: bool = False


def save(actor: Actor, there: Provider | None, wanted: Wanted) -> Provider:
    """Set a provider up, or anew. Invalid, by field, for what cannot work."""
    administers(actor)
    errors = _faults(wanted, there)
    if errors:
        raise Invalid(errors)
    row = there or Provider()
    for name in ("key", "name", "protocol", "issuer", "client_id", "sign_in_url", "domains", "groups", "groups_claim", "default_role",
                 "is_active", "makes_users", "strong"):  # fmt: skip
        setattr(row, name, getattr(wanted, name))
    row.certificate = bare_certificate(wanted.certificate)
    if wanted.secret:
        row.client_secret = wanted.secret
    try:
        with transaction.atomic():
            row.save()
            tell("account.provider_saved", None, actor, provider=row.name)
    except IntegrityError as error:
        raise Refused(_("There is a provider with this key already."), "key") from error
    return row


def remove(actor: Actor, row: Provider) -> None:
    """Forget a provider. Refused while somebody signs in with it: it can be switched off."""
    administers(actor)
    with transaction.atomic():
        if LinkedAccount.objects.filter(provider=row).exists():
            raise Refused(_("People are linked with this provider. Switch it off instead."))
        tell("account.provider_removed", None, actor, provider=row.name)
        row.delete()


def _faults(wanted: Wanted, there: Provider | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if not KEY.match(wanted.key) or wanted.key in TAKEN:
        found["key"] = [_("Use two to forty small letters a to z, digits and hyphens, such as “company”.")]
    if not wanted.name.strip():
        found["name"] = [_("Write the name that stands on the button.")]
    if wanted.protocol not in Provider.PROTOCOLS:
        found["protocol"] = [_("Choose a protocol.")]
    for domain in wanted.domains:
        if not DOMAIN.match(domain):
            found["domains"] = [_("“%(domain)s” is not a domain such as example.com.") % {"domain": domain}]
    need = _oidc_faults if wanted.protocol == Provider.OIDC else _saml_faults
    return {**found, **need(wanted, there)}


def _oidc_faults(wanted: Wanted, there: Provider | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if not _is_url(wanted.issuer):
        found["issuer"] = [_("Write the address of the issuer, such as https://login.example.com.")]
    if not wanted.client_id:
        found["client_id"] = [_("Write the client ID that the provider gave you.")]
    if not wanted.secret and not (there and there.client_secret):
        found["secret"] = [_("Write the client secret that the provider gave you.")]
    return found


def _saml_faults(wanted: Wanted, there: Provider | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if not wanted.issuer:
        found["issuer"] = [_("Write the entity ID of the provider.")]
    if not _is_url(wanted.sign_in_url):
        found["sign_in_url"] = [_("Write the address to which people are sent to sign in.")]
    if not bare_certificate(wanted.certificate):
        found["certificate"] = [_("Paste the certificate with which the provider signs, in PEM.")]
    return found


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("https", "http") and bool(parts.hostname) and not parts.username and len(text) <= 500
    except ValueError:
        return False


def bare_certificate(text: str) -> str:
    """The base 64 of a certificate in PEM, in one line; "" when it is none."""
    bare = re.sub(r"-----(BEGIN|END) CERTIFICATE-----|\s", "", text)[:20_000]
    try:
        data = base64.b64decode(bare, validate=True)
    except (binascii.Error, ValueError):
        return ""
    # A certificate is a DER sequence; whether it fits is seen when the provider signs with it.
    return bare if len(data) > 200 and data[0] == 0x30 else ""
