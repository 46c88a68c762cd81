"""Tables of the way in: sessions, browsers that are known, limits on guessing, links that work once."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from kith.kernel import clock

from .people import User


class Session(AbstractBaseSession):
    """A browser that is signed in, or about to be. The key is a digest: what a stolen table holds opens nothing."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    started_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)
    address = models.CharField(max_length=45, default="")
    device = models.CharField(max_length=300, default="")
    how = models.CharField(max_length=40, default="")

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["user", "seen_at"], name="session_user"),
            models.Index(fields=["expire_date"], name="session_expires"),
        ]

    @classmethod
    def get_session_store_class(cls) -> Any:
        """What reads and writes these rows."""
        from ..sessions import SessionStore

        return SessionStore


class Device(models.Model):
    """A browser that somebody signed in with before: wrong passwords of others do not count there. `mark` is a digest of its cookie."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    mark = models.CharField(max_length=64)
    network = models.CharField(max_length=50, default="")
    made_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "mark"], name="device_once")]
        indexes = [models.Index(fields=["user", "network"], name="device_network")]


class Bucket(models.Model):
    """How full one limit is. `full_at` is the moment, in milliseconds since 1970, at which it is empty again. `key` is a digest."""

    key = models.CharField(max_length=64, primary_key=True)
    full_at = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["full_at"], name="bucket_full")]


class Failure(models.Model):
    """Wrong passwords and codes, counted by account, network and day; the account is None where there is no such one."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    #: Which account was tried, as a digest: what strangers type there may be a password.
    account = models.CharField(max_length=64)
    network = models.CharField(max_length=50)
    day = models.DateField()
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["account", "network", "day"], name="failure_once")]
        indexes = [models.Index(fields=["user", "last_at"], name="failure_user")]


class OneTimeLink(models.Model):
    """A link that lets somebody in once. `digest` is that of its secret; the secret itself is nowhere."""

    FIRST, INVITE, RESET = "first", "invite", "reset"

    purpose = models.CharField(max_length=10)
    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~models.Q(digest=""), name="link_has_digest"),
            models.CheckConstraint(
                condition=models.Q(purpose="first") ^ models.Q(user__isnull=False), name="link_whose"
            ),
        ]
