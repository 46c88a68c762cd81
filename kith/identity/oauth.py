"""OAuth 2.1: how an app asks somebody to let it in, and exchanges what it was given for tokens.

The protocol is oauthlib's, the rules and the tables are ours: authorization code with PKCE (S256, for every app) and refresh tokens that
are each used once; no implicit grant, no passwords, no grant without a person. An access token is a `Token` like those that people make
by hand, so whatever asks for one (limits, runs, streams, the gate) knows no difference. A code or a refresh token that comes a second
time ends its permit: one of the two who had it was not the app (RFC 9700, 4.14.2).
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import unquote_plus, urlencode

from django.db import transaction
from django.db.models import Q
from oauthlib.common import add_params_to_uri
from oauthlib.oauth2 import (
    AuthorizationCodeGrant,
    AuthorizationEndpoint,
    BearerToken,
    FatalClientError,
    IntrospectEndpoint,
    InvalidClientError,
    InvalidRequestError,
    OAuth2Error,
    RefreshTokenGrant,
    RequestValidator,
    RevocationEndpoint,
    TokenEndpoint,
)
from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256

from kith.kernel import clock

from . import permits, tokens
from .models import App, Permit, PermitCode, Renewal, Token, User

#: Seconds that a token of an app lives, a code waits, and an unused refresh token stays good.
LIVES = 3600
WAITS, RENEWABLE = timedelta(seconds=60), timedelta(days=30)
#: Letters of a body or an address that are read at all.
LONGEST = 20_000
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
# It writes codes and tokens into its debugging notes.
logging.getLogger("oauthlib").setLevel(logging.WARNING)


class Storage(RequestValidator):
    """What the protocol asks of our tables. Everything it answers is about the app, the code or the token of one request."""

    # The app

    def validate_client_id(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        request.client = permits.known(client_id)
        return request.client is not None

    def client_authentication_required(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        client_id, _secret = _proof(request)
        app = permits.known(client_id)
        return app is None or app.is_confidential

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        client_id, secret = _proof(request)
        app = permits.known(client_id)
        # Both take as long, whether there is such an app or not.
        proved = permits.proves(app or App(digest="0" * 64), secret)
        if app is None or not proved:
            return False
        request.client, request.client_id = app, app.client_id
        return True

    def authenticate_client_id(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        app = permits.known(client_id or "")
        if app is None or app.is_confidential:
            return False
        request.client = app
        return True

    # Asking somebody

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        return permits.leads_back(request.client, redirect_uri)

    def get_default_redirect_uri(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> str | None:
        # Whoever asks says where to. Whoever exchanges a code need not say it again (OAuth 2.1): it is the code's.
        code = getattr(request, "permit_code", None)
        return code.address if code is not None else None

    def validate_response_type(
        self, client_id: str, response_type: str, client: App, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return response_type == "code"

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        return True

    def get_default_scopes(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> list[str]:
        return permits.written(request.client.scopes).split()

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: App, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        read = permits.read_scopes(scopes)
        return bool(read) and permits.within(read or (), client.scopes)

    def save_authorization_code(
        self, client_id: str, code: Mapping[str, str], request: Any, *args: Any, **kwargs: Any
    ) -> None:
        scopes = permits.read_scopes(request.scopes) or []
        permits.give(
            request.user, request.client, scopes, request.redirect_uri, request.code_challenge, code["code"], WAITS
        )

    # Exchanging

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: App, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return grant_type in ("authorization_code", "refresh_token")

    def validate_code(self, client_id: str, code: str, client: App, request: Any, *args: Any, **kwargs: Any) -> bool:
        row = _valid(PermitCode, code, client)
        if row is None:
            return False
        request.permit_code, request.permit, request.user = row, row.permit, row.permit.owner
        request.scopes = permits.written(row.permit.scopes).split()
        return True

    def get_code_challenge(self, code: str, request: Any) -> str:
        return str(request.permit_code.challenge)

    def get_code_challenge_method(self, code: str, request: Any) -> str:
        return "S256"

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: App, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return bool(redirect_uri == request.permit_code.address)

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any, *args: Any, **kwargs: Any) -> None:
        PermitCode.objects.filter(pk=request.permit_code.pk).update(used_at=clock.now())

    def validate_refresh_token(self, refresh_token: str, client: App, request: Any, *args: Any, **kwargs: Any) -> bool:
        row = _valid(Renewal, refresh_token, client)
        if row is None:
            return False
        request.renewal, request.permit, request.user = row, row.permit, row.permit.owner
        return True

    def get_original_scopes(self, refresh_token: str, request: Any, *args: Any, **kwargs: Any) -> list[str]:
        return permits.written(request.permit.scopes).split()

    def is_within_original_scope(
        self, request_scopes: list[str], refresh_token: str, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        read = permits.read_scopes(request_scopes)
        return bool(read) and permits.within(read or (), request.permit.scopes)

    def save_bearer_token(self, token: Mapping[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        now, text, permit = clock.now(), token["access_token"], request.permit
        if renewal := getattr(request, "renewal", None):
            Renewal.objects.filter(pk=renewal.pk).update(used_at=now)
        Token.objects.create(
            prefix=tokens.prefix_of(text),
            digest=tokens.digest(text),
            owner=permit.owner,
            permit=permit,
            name=permit.app.name,
            scopes=[list(pair) for pair in permits.read_scopes(request.scopes) or []],
            made_at=now,
            made_by=permit.owner.name,
            expires_at=now + timedelta(seconds=LIVES),
        )
        Renewal.objects.create(digest=tokens.digest(token["refresh_token"]), permit=permit, expires_at=now + RENEWABLE)

    # Ending, and asking what something is

    def revoke_token(self, token: str, token_type_hint: str, request: Any, *args: Any, **kwargs: Any) -> None:
        if permit := _behind(token, request.client):
            permits.shut_out(permit)

    def introspect_token(
        self, token: str, token_type_hint: str, request: Any, *args: Any, **kwargs: Any
    ) -> dict[str, Any] | None:
        permit = _behind(token, request.client)
        row = Token.objects.filter(digest=tokens.digest(token)).select_related("owner").first()
        again = Renewal.objects.filter(digest=tokens.digest(token), used_at=None, expires_at__gt=clock.now()).first()
        if permit is None or not permit.opens or not (again or (row and tokens.is_alive(row))):
            return None
        until = row.expires_at if row else again.expires_at if again else permit.made_at
        return {
            "client_id": permit.app.client_id,
            "scope": permits.written(row.scopes if row else permit.scopes),
            "sub": str(permit.owner.pk),
            "exp": int(until.timestamp()),
            "iat": int((row.made_at if row else permit.made_at).timestamp()),
            **({"token_type": "Bearer"} if row else {}),
        }


def _valid(table: Any, text: str, app: App) -> Any:
    """The row of a code or refresh token of this app that may still be used, else None; one that was used before shuts the app out.

    Nobody else has it until this transaction is over: of two at the same time the second waits here, and then finds it used.
    """
    rows = table.objects.select_for_update(of=("self",)).select_related("permit__app", "permit__owner")
    row = rows.filter(digest=tokens.digest(text), permit__app=app).first()
    if row is None:
        return None
    if row.used_at is not None:
        permits.shut_out(row.permit)
        return None
    return row if row.expires_at > clock.now() and row.permit.opens else None


def _behind(text: str, app: App) -> Permit | None:
    """The permit of this app on which an access or refresh token hangs, alive or not."""
    digest = tokens.digest(text)
    there = Q(tokens__digest=digest) | Q(renewals__digest=digest)
    return Permit.objects.filter(there, app=app).select_related("app", "owner").first()


def _proof(request: Any) -> tuple[str, str]:
    """Id and secret, from the header (each encoded as in a form: RFC 6749, 2.3.1) or from the body; never from both."""
    header = request.headers.get("Authorization", "")
    scheme, _space, said = header.partition(" ")
    if scheme.lower() != "basic":
        return request.client_id or "", request.client_secret or ""
    if request.client_secret:
        return "", ""
    try:
        client_id, _colon, secret = b64decode(said, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    client_id = unquote_plus(client_id)
    return (client_id, unquote_plus(secret)) if request.client_id in (None, client_id) else ("", "")


def _challenge_is_one(request: Any) -> dict[str, Any]:
    """A challenge of S256 is 43 letters and digits (RFC 7636, 4.2)."""
    if request.code_challenge is not None and not _CHALLENGE.fullmatch(request.code_challenge):
        raise InvalidRequestError(description="code_challenge", request=request)
    return {}


class _Code(AuthorizationCodeGrant):
    """Codes with 256 random bits, and PKCE by S256 alone."""

    _code_challenge_methods = {"S256": code_challenge_method_s256}

    def create_authorization_code(self, request: Any) -> dict[str, str]:
        made = {"code": secrets.token_urlsafe(32)}
        return {**made, "state": request.state} if request.state else made


class _Introspection(IntrospectEndpoint):
    """Only apps that can prove who they are may ask: what a token is, is nobody's business who merely knows an app's name."""

    def _raise_on_invalid_client(self, request: Any) -> None:
        super()._raise_on_invalid_client(request)
        if not request.client.is_confidential:
            raise InvalidClientError(request=request)


def _text(_request: Any, refresh_token: bool = False) -> str:
    return tokens.new()[1]


_storage = Storage()
_code, _refresh = _Code(_storage, pre_auth=[_challenge_is_one]), RefreshTokenGrant(_storage)
_bearer = BearerToken(_storage, token_generator=_text, refresh_token_generator=_text, expires_in=LIVES)
_authorizing = AuthorizationEndpoint("code", _bearer, {"code": _code})
_exchanging = TokenEndpoint("authorization_code", _bearer, {"authorization_code": _code, "refresh_token": _refresh})
_revoking, _introspecting = RevocationEndpoint(_storage), _Introspection(_storage)


# What screens ask


class Unsafe(Exception):
    """An app, or an address to send people to, that is not known: nobody is sent anywhere."""


class Back(Exception):
    """The app asked for something that it cannot have; `address` is where it is told so."""

    def __init__(self, address: str):
        super().__init__()
        self.address = address


@dataclass(frozen=True)
class Wish:
    """What an app asks somebody for."""

    app: App
    scopes: list[tuple[str, str]]
    address: str
    state: str
    uri: str
    issuer: str


Pairs = list[tuple[str, str]]


def wish(asked: Pairs, issuer: str) -> Wish:
    """What stands in the address to which an app sent somebody. Raises Unsafe, or Back."""
    if any("\0" in value or len(value) > LONGEST for pair in asked for value in pair):
        raise Unsafe
    uri = f"{issuer}/oauth/authorize/?{urlencode(asked)}"
    try:
        scopes, told = _authorizing.validate_authorization_request(uri)
    except FatalClientError as error:
        raise Unsafe from error
    except OAuth2Error as error:
        raise Back(_with_issuer(error.in_uri(error.redirect_uri), issuer)) from error
    app = told["request"].client
    read = permits.read_scopes(scopes) or []
    return Wish(app, read, told["redirect_uri"], told["state"] or "", uri, issuer)


def allow(user: User, wanted: Wish) -> str:
    """Let the app in; the address at which it gets its code."""
    headers, _body, _status = _authorizing.create_authorization_response(
        wanted.uri, scopes=permits.written(wanted.scopes).split(), credentials={"user": user}
    )
    return _with_issuer(headers["Location"], wanted.issuer)


def refuse(wanted: Wish, why: str = "access_denied") -> str:
    """The address at which the app is told that it was not let in."""
    told = [("error", why), *([("state", wanted.state)] if wanted.state else [])]
    return _with_issuer(str(add_params_to_uri(wanted.address, told)), wanted.issuer)


def _with_issuer(address: str, issuer: str) -> str:
    """Whose answer it is (RFC 9207), so that an app that asks at several houses mixes none of them up."""
    return str(add_params_to_uri(address, [("iss", issuer)]))


# What programs ask

Said = tuple[dict[str, str], str, int]


def exchange(asked: Pairs, headers: Mapping[str, str]) -> Said:
    """A code or a refresh token for tokens: headers, JSON and status of the answer."""
    return _answered(_exchanging.create_token_response, asked, headers)


def revoke(asked: Pairs, headers: Mapping[str, str]) -> Said:
    """End the permit on which a token hangs (RFC 7009)."""
    return _answered(_revoking.create_revocation_response, asked, headers)


def introspect(asked: Pairs, headers: Mapping[str, str]) -> Said:
    """What a token of the app's own is (RFC 7662); of others nothing is said."""
    return _answered(_introspecting.create_introspect_response, asked, headers)


def _answered(endpoint: Any, asked: Pairs, headers: Mapping[str, str]) -> Said:
    names = [name for name, _value in asked]
    if len(set(names)) != len(names) or any("\0" in value or len(value) > LONGEST for pair in asked for value in pair):
        return {}, json.dumps({"error": "invalid_request"}), 400
    # One transaction: what is exchanged is used up, or nothing came of it.
    with transaction.atomic():
        try:
            said: Said = endpoint("https://kith/", "POST", urlencode(asked), dict(headers))
        except OAuth2Error as error:
            said = dict(error.headers), error.json, error.status_code
    headers, body, status = said
    if status == 401:
        # How an app proves who it is (RFC 6749, 5.2), and not how somebody comes in with a token, as oauthlib says it.
        headers = {**headers, "WWW-Authenticate": 'Basic realm="Kith"'}
    return headers, body, status
