"""Tables of webhooks: where something is sent and what was, where something may come in and what did."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from kith.kernel import clock
from kith.kernel.secrets import SecretField


class _Ours(models.Model):
    """What both directions have alike: whose it is, its secrets, whether it rests."""

    #: Why it rests: its owner or an administrator wanted so; or the reason that the program had.
    BY_HAND, FAILING, GONE, TOKEN, FILTER = "hand", "failing", "gone", "token", "filter"

    owner = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    #: What was narrowed of the owner's rights by the token with which it was made, and the token that it ends with.
    scopes = models.JSONField(null=True)
    token = models.CharField(max_length=16, default="")
    secret = SecretField()
    #: The secret before this one, which counts beside it until then.
    old_secret = SecretField()
    old_until = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_why = models.CharField(max_length=10, default="")
    version = models.BigIntegerField(default=1)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @classmethod
    def object_key(cls) -> str:
        """What the ledger calls it."""
        return f"hooks.{cls.__name__.lower()}"

    def secrets(self) -> list[str]:
        """The secrets that count now, the newest first."""
        both = [self.secret]
        if self.old_until is not None and self.old_until > clock.now():
            both.append(self.old_secret)
        return [one.reveal() for one in both if one]


class Webhook(_Ours):
    """An address that is told of what happens: `kinds` are names of events, `object` is "" for records of every object."""

    url = models.CharField(max_length=2000)
    object = models.CharField(max_length=80, default="")
    kinds = models.JSONField(default=list)
    filter = models.TextField(default="")
    #: Failures since the last success: how many, since when, and until when nobody asks there at all.
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    rest_until = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["owner", "name"], name="webhook_owner")]
        constraints = [models.CheckConstraint(condition=~Q(secret=""), name="webhook_secret")]


class Sending(models.Model):
    """One event for one webhook. `message` is its webhook-id, the same for every try; `body` is made once, and only ever shrinks."""

    WAITING, DONE, FAILED, DROPPED = "waiting", "done", "failed", "dropped"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="sendings")
    message = models.CharField(max_length=64, unique=True)
    type = models.CharField(max_length=200)
    #: The event of the ledger; none for what was sent to try it out.
    event = models.BigIntegerField(null=True)
    object = models.CharField(max_length=80, default="")
    record = models.BigIntegerField(null=True)
    body = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, default=WAITING)
    due = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, default="")
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["due", "id"], condition=Q(state="waiting"), name="sending_due"),
            # What goes before what, of one record.
            models.Index(fields=["webhook", "object", "record", "event"], condition=Q(state="waiting"), name="sending_lane"),
            models.Index(fields=["webhook", "id"], name="sending_webhook"),
            models.Index(fields=["object", "record"], name="sending_record"),
            models.Index(fields=["ended_at"], name="sending_ended"),
        ]  # fmt: skip
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="sending_once")]


class Attempt(models.Model):
    """One try to send: what came back. `status` is None where nothing did; `error` says why, in the owner's language."""

    sending = models.ForeignKey(Sending, on_delete=models.CASCADE, related_name="attempts")
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)
    url = models.CharField(max_length=2000)
    status = models.PositiveSmallIntegerField(null=True)
    ok = models.BooleanField(default=False)
    error = models.CharField(max_length=300, default="")
    answer = models.TextField(default="")
    millis = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["webhook", "at"], name="attempt_webhook")]


class Inlet(_Ours):
    """An address that other programs send to. Each delivery makes or changes a record of `object`, by `mapping`, as the owner.

    `secured`: "signed" by the scheme, or the secret stands in the "path". `mapping` is a list of {"to": path of a field} with
    "from" (where in the JSON) or "value" (a constant). `match` names the field by whose value a record is found, "" for none.
    """

    SIGNED, PATH = "signed", "path"
    BOTH, CREATE, CHANGE = "both", "create", "change"

    key = models.CharField(max_length=32, unique=True)
    secured = models.CharField(max_length=10, default=SIGNED)
    object = models.CharField(max_length=80)
    mapping = models.JSONField(default=list)
    match = models.CharField(max_length=120, default="")
    does = models.CharField(max_length=10, default=BOTH)
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["owner", "name"], name="inlet_owner")]
        constraints = [models.CheckConstraint(condition=~Q(secret="") & ~Q(key=""), name="inlet_secret")]


class Arrival(models.Model):
    """Something that came in, once: `key` is its webhook-id, or a digest where it has none. Kept with its body and what went wrong."""

    WAITING, DONE, FAILED = "waiting", "done", "failed"

    inlet = models.ForeignKey(Inlet, on_delete=models.CASCADE, related_name="arrivals")
    key = models.CharField(max_length=140)
    body = models.TextField()
    at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, default=WAITING)
    due = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="")
    #: What came of it: "created", "changed" or "unchanged", and which record.
    outcome = models.CharField(max_length=10, default="")
    object = models.CharField(max_length=80, default="")
    record = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["due", "id"], condition=Q(state="waiting"), name="arrival_due"),
            models.Index(fields=["inlet", "id"], name="arrival_inlet"),
            models.Index(fields=["object", "record"], name="arrival_record"),
            models.Index(fields=["ended_at"], name="arrival_ended"),
        ]
        constraints = [models.UniqueConstraint(fields=["inlet", "key"], name="arrival_once")]


def is_on(row: Any) -> bool:
    """Whether a webhook, in either direction, works now as far as itself is concerned."""
    return row.paused_at is None
