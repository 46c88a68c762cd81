"""Tokens: how programs come in, for a person or to keep the list of people. Of the token itself nothing is kept but a digest."""

from __future__ import annotations

from typing import Any

from django.db import models

from kith.kernel import clock

from .people import User
from .programs import Permit


class Token(models.Model):
    """A key for a program. `digest` is the SHA-256 of the whole token, `prefix` the part of it by which it is found and recognised.

    For the API it acts for its owner, within its scopes; for SCIM it is nobody's: whoever made it may leave, and people are still
    added and taken out.
    """

    API, SCIM = "api", "scim"

    purpose = models.CharField(max_length=10, default=API)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    owner = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="tokens")
    #: What it hangs on, where an app got it and not its owner by hand.
    permit = models.ForeignKey(Permit, null=True, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    #: [[object key or "*", verb or "*"], …]
    scopes = models.JSONField(default=list)
    #: Networks it may be used from, as CIDR; none for anywhere.
    networks = models.JSONField(default=list)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_from = models.CharField(max_length=45, default="")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["owner", "made_at"], name="token_owner")]
        constraints = [
            models.CheckConstraint(condition=models.Q(purpose__in=("api", "scim")), name="token_purpose"),
            models.CheckConstraint(condition=~models.Q(prefix="") & ~models.Q(digest=""), name="token_secret"),
            models.CheckConstraint(
                condition=models.Q(purpose="scim") ^ models.Q(owner__isnull=False), name="token_whose"
            ),
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("made_at")), name="token_expires"),
        ]

    #: The bucket of whoever came with it, and how many requests are left there; None where that could not be asked at once.
    allowance: Any = None

    def __str__(self) -> str:
        return self.name
