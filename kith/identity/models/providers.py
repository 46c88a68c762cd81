"""Tables of sign-in with an account of somebody else's: who vouches for whom."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kith.kernel import clock
from kith.kernel.secrets import SecretField

from .people import User


class Provider(models.Model):
    """An identity provider that administrators trust."""

    OIDC, SAML = "oidc", "saml"
    PROTOCOLS = {OIDC: "OpenID Connect", SAML: "SAML 2.0"}

    key = models.SlugField(_("Key in addresses"), max_length=40, unique=True)
    name = models.CharField(_("Name on the button"), max_length=80)
    protocol = models.CharField(_("Protocol"), max_length=10)
    is_active = models.BooleanField(_("In use"), default=True)
    #: Who vouches: the issuer of OpenID Connect, the entity id of SAML.
    issuer = models.CharField(_("Issuer"), max_length=500)
    client_id = models.CharField(_("Client ID"), max_length=300, default="", blank=True)
    client_secret = SecretField()
    sign_in_url = models.URLField(_("Sign-in address"), max_length=500, default="", blank=True)
    certificate = models.TextField(_("Certificate"), default="", blank=True)
    #: Domains for whose addresses its word is enough to link somebody who is known already.
    domains = models.JSONField(default=list)
    makes_users = models.BooleanField(_("Adds people who are not known yet"), default=False)
    #: The claim or attribute with a person's groups; "" leaves roles and teams alone.
    groups_claim = models.CharField(_("Claim with the groups"), max_length=200, default="", blank=True)
    #: {group: {"roles": [key], "teams": [name], "admin": bool}}
    groups = models.JSONField(default=dict)
    default_role = models.CharField(_("Role of people without a group"), max_length=40, default="", blank=True)
    #: Whether its own sign-in counts as a second factor here.
    strong = models.BooleanField(_("Asks for a second factor itself"), default=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(protocol__in=("oidc", "saml")), name="provider_protocol"),
            models.CheckConstraint(condition=~models.Q(issuer=""), name="provider_issuer"),
        ]

    def __str__(self) -> str:
        return self.name


class LinkedAccount(models.Model):
    """Who somebody is elsewhere. The key is issuer and subject: an e-mail address is never one."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="linked_accounts")
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="+")
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)
    email = models.CharField(max_length=254, default="")
    made_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="linked_account_once"),
            models.CheckConstraint(condition=~models.Q(subject=""), name="linked_account_subject"),
        ]
