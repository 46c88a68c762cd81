"""Apps, and what people let them do: how a program of somebody else's comes in. Of secrets nothing is kept but digests."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from kith.kernel import clock

from .people import User


class App(models.Model):
    """A program that an administrator registered, so that people can let it work in their name.

    A confidential one has a secret, of which `digest` is the SHA-256; a public one runs where no secret stays one and has none.
    """

    client_id = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, default="", blank=True)
    #: Where people are sent back to, each whole.
    addresses = models.JSONField(default=list)
    #: The most that it may ask for: [[object key or "*", verb or "*"], …]
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=~models.Q(client_id=""), name="app_has_an_id")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_confidential(self) -> bool:
        """Whether it proves itself by a secret."""
        return bool(self.digest)


class Permit(models.Model):
    """That somebody lets an app work in her name, within scopes. Codes, tokens and what renews them are its, and end with it."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="permits")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="permits")
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["owner", "made_at"], name="permit_owner")]

    #: It lives a year at most, as every token does.
    LIFE = timedelta(days=365)

    @property
    def opens(self) -> bool:
        """Whether it opens something; its app and its owner are looked at as they were loaded."""
        owner = self.owner
        if self.ended_at is not None or self.app.ended_at is not None or not owner.is_active:
            return False
        if clock.now() >= self.made_at + self.LIFE:
            return False
        return owner.password_at is None or owner.password_at < self.made_at


class PermitCode(models.Model):
    """What an app is sent and exchanges once for its first token; `challenge` is that of PKCE (RFC 7636, S256)."""

    digest = models.CharField(max_length=64, unique=True)
    permit = models.ForeignKey(Permit, on_delete=models.CASCADE, related_name="codes")
    address = models.TextField()
    challenge = models.CharField(max_length=128)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()


class Renewal(models.Model):
    """What an app exchanges once for its next token, and the next of these: a refresh token."""

    digest = models.CharField(max_length=64, unique=True)
    permit = models.ForeignKey(Permit, on_delete=models.CASCADE, related_name="renewals")
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
