"""Sign-in with an account at an identity provider: OpenID Connect and SAML 2.0, spoken by allauth, decided here.

allauth talks with the provider and checks what it says (state, PKCE, signatures, audience, times); we check the rest (nonce, issuer,
that two answers are about the same person) and decide who that is. Its own flows end where ours begin, by an exception: `Arrived`.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, ClassVar, Self
from urllib.parse import urlencode, urlsplit

import jwt
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.socialaccount.providers.saml import views as saml
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from allauth.socialaccount.providers.saml.utils import build_auth
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from onelogin.saml2.errors import OneLogin_Saml2_Error  # type: ignore[import-untyped]

from kith.kernel import http
from kith.kernel.errors import Missing, Refused

from .models import Provider

#: What a provider may sign with. Never "none", and no shared secret: its key stands in public.
SIGNATURES = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
#: Where SAML providers put an address, a name; the first that is there.
SAML_EMAIL = ("email", "mail", "urn:oid:0.9.2342.19200300.100.1.3",
              "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress")  # fmt: skip
SAML_NAME = (
    "displayName",
    "name",
    "cn",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
)
#: What libraries raise about what a provider says, or cannot say.
FAULTS = (
    SocialApp.DoesNotExist, OAuth2Error, OneLogin_Saml2_Error, PermissionDenied, http.Unreachable, jwt.PyJWTError, ValueError, KeyError,
    TypeError, SyntaxError,  # the last is what lxml says of text that is no XML
)  # fmt: skip
LONGEST_SAML = 512 * 1024


class NotArrived(Refused):
    """The provider did not vouch, or what it said does not hold. Details are no business of the visitor's."""

    def __init__(self) -> None:
        super().__init__(
            _("Signing in with this account did not work. Try again; if it happens again, ask an administrator.")
        )


@dataclass(frozen=True)
class Arrival:
    """Whom a provider vouched for. `process` is "login", "connect" (link it) or "prove" (a fresh proof); `onward` where she wants to go."""

    provider: Provider
    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""
    groups: tuple[str, ...] = ()
    process: str = "login"
    onward: str = "/"
    begun_by: int | None = None


class Arrived(Exception):
    """Ends allauth's flow where it would begin to sign in."""

    def __init__(self, login: Any):
        super().__init__()
        self.login = login


# The way there and back


def begin(request: Any, key: str, *, process: str, onward: str) -> str:
    """The address at the provider to which the browser is sent."""
    # SAML's library asks for the header itself, which a request of HTTP/1.0 lacks; the host is a checked one.
    request.META.setdefault("HTTP_HOST", request.get_host())
    provider = Adapter(request).get_provider(request, provider=_active(key).key)
    begun_by = request.user.pk if process != "login" else None
    data = {"process": process, "onward": onward, "by": begun_by}
    try:
        return str(provider.redirect(request, process="login", next_url=None, data=data).url)
    except FAULTS as error:
        raise NotArrived from error


def finish_oidc(request: Any, key: str) -> Arrival:
    """Whom the provider vouched for, from the browser's way back."""
    row = _active(key)
    if request.GET.get("iss", row.issuer) != row.issuer:  # RFC 9207: another provider's answer
        raise NotArrived
    return _arrival(row, lambda: OAuth2CallbackView.adapter_view(OpenIDAdapter(request, row.key))(request))


def receive_saml(request: Any, key: str) -> Any:
    """Keep what the provider let the browser post, until the browser comes with its own cookies; the answer that sends it there."""
    if len(request.POST.get("SAMLResponse", "")) > LONGEST_SAML:
        raise NotArrived
    request.META.setdefault("HTTP_HOST", request.get_host())
    return saml.acs(request, organization_slug=_active(key).key)


def finish_saml(request: Any, key: str) -> Arrival:
    """Whom the provider vouched for."""
    row = _active(key)
    return _arrival(row, lambda: saml.finish_acs(request, organization_slug=row.key))


def saml_description(request: Any, key: str) -> Any:
    """The XML that the provider's administrator asks for."""
    request.META.setdefault("HTTP_HOST", request.get_host())
    return saml.metadata(request, organization_slug=_active(key).key)


def _active(key: str) -> Provider:
    row = Provider.objects.filter(key=key, is_active=True).first()
    if row is None:
        raise Missing
    return row


def _arrival(row: Provider, flow: Any) -> Arrival:
    try:
        flow()
    except Arrived as arrived:
        return READERS[row.protocol](row, arrived.login)
    except FAULTS as error:
        raise NotArrived from error
    raise NotArrived


def _read_oidc(row: Provider, login: Any) -> Arrival:
    told, begun = login.account.extra_data, login.state
    token = told["id_token"]
    if not secrets.compare_digest(str(token.get("nonce", "")), begun.get("nonce") or "-"):
        raise NotArrived
    said = {**token, **told.get("userinfo", {})}
    groups = said.get(row.groups_claim) if row.groups_claim else ()
    return Arrival(
        row,
        str(token["sub"]),
        str(said.get("email") or "").lower()[:254],
        said.get("email_verified") is True,
        str(said.get("name") or said.get("preferred_username") or "")[:200],
        _groups(groups),
        **_begun(begun),
    )


def _read_saml(row: Provider, login: Any) -> Arrival:
    told = {
        name: [str(v) for v in values] for name, values in login.account.extra_data.items() if isinstance(values, list)
    }

    def first(names: tuple[str, ...]) -> str:
        return next((told[name][0] for name in names if told.get(name)), "")

    email = first(SAML_EMAIL).lower()[:254]
    groups = _groups(told.get(row.groups_claim, ())) if row.groups_claim else ()
    return Arrival(row, login.account.uid, email, bool(email), first(SAML_NAME)[:200], groups, **_begun(login.state))


READERS = {Provider.OIDC: _read_oidc, Provider.SAML: _read_saml}


def _begun(state: dict[str, Any]) -> dict[str, Any]:
    data = state.get("data") or {}
    return {"process": data.get("process", "login"), "onward": data.get("onward", "/"), "begun_by": data.get("by")}


def _groups(said: Any) -> tuple[str, ...]:
    said = [said] if isinstance(said, str) else said
    return tuple(str(group)[:200] for group in said[:500]) if isinstance(said, list | tuple) else ()


# What allauth is told


class Adapter(DefaultSocialAccountAdapter):
    """Providers come from our table, connections from our one client, and nobody is signed in by allauth itself."""

    def list_apps(self, request: Any, provider: str | None = None, client_id: str | None = None) -> list[SocialApp]:
        rows = Provider.objects.filter(is_active=True)
        if provider in (OpenID.id, Saml.id):
            rows = rows.filter(protocol=Provider.OIDC if provider == OpenID.id else Provider.SAML)
        elif provider:
            rows = rows.filter(key=provider)
        apps = [_app(row) for row in rows]
        return [app for app in apps if not client_id or app.client_id == client_id]

    def pre_social_login(self, request: Any, sociallogin: Any) -> None:
        raise Arrived(sociallogin)

    def on_authentication_error(self, request: Any, provider: Any, **rest: Any) -> None:
        raise NotArrived

    def get_requests_session(self) -> Any:
        return Outbound()


def _app(row: Provider) -> SocialApp:
    if row.protocol == Provider.OIDC:
        told = {"server_url": row.issuer.rstrip("/"), "issuer": row.issuer}
        secret = row.client_secret.reveal()
        return SocialApp(
            provider=OpenID.id,
            provider_id=row.key,
            name=row.name,
            client_id=row.client_id,
            secret=secret,
            settings=told,
        )
    told = {
        "idp": {"entity_id": row.issuer, "sso_url": row.sign_in_url, "x509cert": row.certificate},
        "advanced": {
            "strict": True,
            "want_assertion_signed": True,
            "want_name_id": True,
            "want_attribute_statement": False,
            "reject_idp_initiated_sso": True,
            "reject_deprecated_algorithm": True,
            "allow_single_label_domains": True,
        },
    }
    return SocialApp(provider=Saml.id, provider_id=row.key, name=row.name, client_id=row.key, settings=told)


class OpenIDAdapter(OpenIDConnectOAuth2Adapter):
    """What OpenID Connect Core 1.0 asks for beyond allauth: the issuer, a signature in any case, one person in both answers."""

    @property
    def openid_config(self) -> Any:
        config = super().openid_config
        if config.get("issuer") != self.get_provider().app.settings["issuer"]:
            raise OAuth2Error("The provider calls itself by another name.")  # Discovery 1.0, 4.3
        return config

    def complete_login(self, request: Any, app: Any, token: Any, **rest: Any) -> Any:
        told = self._decode_id_token(app, rest["response"]["id_token"])
        data = {"id_token": told}
        if "userinfo_endpoint" in self.openid_config:
            data["userinfo"] = self._fetch_user_info(token.token)
            if data["userinfo"].get("sub") != told["sub"]:
                raise OAuth2Error("Two answers are about two people.")  # Core 1.0, 5.3.2
        return self.get_provider().sociallogin_from_response(request, data)

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        if jwt.get_unverified_header(id_token).get("alg") not in SIGNATURES:
            raise OAuth2Error("This is no signature.")
        return dict(
            jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=app.settings["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        )


class OpenID(OpenIDConnectProvider):
    """OpenID Connect with a nonce."""

    oauth2_adapter_class = OpenIDAdapter

    def redirect(self, request: Any, process: str, next_url: Any = None, data: Any = None, **rest: Any) -> Any:
        nonce = secrets.token_urlsafe(24)
        asked = {**self.get_auth_params(), "nonce": nonce}
        if (data or {}).get("process") == "prove":
            asked["prompt"] = "login"  # a session at the provider is no fresh proof
        return super().redirect(request, process, next_url, data, auth_params=asked, nonce=nonce, **rest)


class Saml(SAMLProvider):
    """SAML 2.0 with a name that lasts."""

    def extract_uid(self, data: Any) -> Any:
        if data.get_nameid_format() == TRANSIENT:
            raise NotArrived  # another name at each visit is nobody
        return super().extract_uid(data)

    def redirect(self, request: Any, process: str, next_url: Any = None, data: Any = None, **rest: Any) -> Any:
        if (data or {}).get("process") != "prove":
            return super().redirect(request, process, next_url, data, **rest)
        auth = build_auth(request, self)
        # A session at the provider is no fresh proof: it has to ask anew.
        address = auth.login(return_to="", force_authn=True)
        self.stash_redirect_state(request, process, next_url, data, state_id=auth.get_last_request_id(), **rest)
        return SimpleNamespace(url=address)


# The outbound client, as allauth speaks to it


@dataclass
class _Response:
    status_code: int
    headers: dict[str, str]
    content: bytes = field(repr=False)

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        return http.Answer(self.status_code, self.headers, self.content).json()

    def raise_for_status(self) -> None:
        if not 200 <= self.status_code < 300:
            raise OAuth2Error(f"The provider answered {self.status_code}.")


class Outbound:
    """The part of a `requests.Session` that allauth uses, over `kith.kernel.http`."""

    KEPT: ClassVar[tuple[str, ...]] = ("content-type",)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_rest: object) -> None:
        return None

    def get(self, url: str, **rest: Any) -> _Response:
        """Ask for `url`."""
        return self.request("GET", url, **rest)

    def request(
        self, method: str, url: str, *, params: Any = None, data: Any = None, headers: Any = None, auth: Any = None
    ) -> _Response:
        """Send one request. OAuth2Error, which allauth knows, when nobody answers as agreed."""
        told = {"accept": "application/json", **(headers or {})}
        if params:
            url = f"{url}?{urlencode(params)}"
        if auth is not None:
            pair = f"{auth.username}:{auth.password}".encode()
            told["authorization"] = "Basic " + base64.b64encode(pair).decode()
        body = urlencode(data).encode() if data else b""
        if body:
            told["content-type"] = "application/x-www-form-urlencoded"
        port = urlsplit(url).port
        try:
            answer = http.ask(method, url, body=body, headers=told, ports={80, 443, *([port] if port else [])})
        except http.Unreachable as error:
            raise OAuth2Error(str(error)) from error
        kept = {name: answer.headers.get(name, "") for name in self.KEPT}
        return _Response(answer.status, kept, answer.body)
