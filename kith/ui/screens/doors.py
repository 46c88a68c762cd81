"""The addresses of the way in. Names that allowed libraries ask for (saml_acs and its kin) are theirs, the screens are ours."""

from __future__ import annotations

from django.urls import URLPattern

from ..policy import ANYONE, USER, Policy, route
from . import account, door

GET_POST, POST = ("GET", "POST"), ("POST",)


def addresses() -> list[URLPattern]:
    """Everything below /sign-in/, and /sign-out/."""
    open_ = Policy(ANYONE, GET_POST, audit="account.signed_in, account.sign_in_failed")
    provider = Policy(ANYONE, audit="account.signed_in, account.linked", tracker="sign-in")
    return [
        route("sign-in/", account.sign_in_page, "sign-in", open_),
        route("sign-out/", account.sign_out, "sign-out", Policy(ANYONE, POST, audit="account.signed_out")),
        route("sign-in/factor/", door.factor, "factor", open_),
        route("sign-in/passkey/options/", door.passkey_options, "passkey-options", Policy(ANYONE, POST)),
        route("sign-in/passkey/", door.passkey, "passkey", Policy(ANYONE, POST, audit="account.signed_in")),
        route("sign-in/again/", door.again, "again", Policy(USER, GET_POST, halfway=True)),
        route("sign-in/forgot/", door.forgot, "forgot", Policy(ANYONE, GET_POST, audit="account.reset_asked")),
        route(
            "sign-in/link/<str:secret>/",
            door.link,
            "one-time-link",
            Policy(ANYONE, GET_POST, audit="account.password_changed", tracker="sign-in"),
        ),
        route("sign-in/with/<slug:key>/", door.provider_begin, "provider-begin", provider),
        route("sign-in/oidc/<slug:provider_id>/back/", door.oidc_back, "openid_connect_callback", provider),
        route("sign-in/saml/<slug:organization_slug>/", door.saml_description, "saml_metadata", Policy(ANYONE)),
        route(
            "sign-in/saml/<slug:organization_slug>/acs/",
            door.saml_receive,
            "saml_acs",
            Policy(ANYONE, POST, elsewhere=True),
        ),
        route("sign-in/saml/<slug:organization_slug>/back/", door.saml_back, "saml_finish_acs", provider),
        route("sign-in/saml/<slug:organization_slug>/out/", door.saml_out, "saml_sls", Policy(ANYONE)),
    ]
