"""Tables of the ledger, the outbox, idempotency keys and background runs."""

from __future__ import annotations

from django.db import models

from kith.kernel import clock
from kith.kernel.secrets import SecretField

#: Names of the events that the write path makes; every other event is a room's or the platform's own fact.
CHANGES = ("created", "changed", "removed", "restored", "purged", "undone")


class Event(models.Model):
    """Something that happened. Rows are added and never changed, except that privacy may redact `data`."""

    name = models.CharField(max_length=80)
    at = models.DateTimeField(default=clock.now)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=200)
    #: For whom the actor did it, when only standing in for her gave the right; her name at the time.
    deputy_for = models.CharField(max_length=200, default="")
    cause = models.CharField(max_length=120, default="")
    #: Key of the object and id of the record that it happened to.
    object = models.CharField(max_length=80, default="")
    record = models.BigIntegerField(null=True)
    #: {field id: [old, new]} in packed form, or a typed payload.
    data = models.JSONField(default=dict)
    #: The version of the record that a change led to; None for what changes none, and for events from before this was kept.
    version = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["object", "record", "id"], name="event_record"),
            models.Index(fields=["cause", "id"], name="event_cause"),
            # Sign-ins, exports and changes of rights among millions of changes of records; those need no further index.
            models.Index(fields=["name", "id"], name="event_rare", condition=~models.Q(name__in=CHANGES)),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.object}#{self.record}"


class Age(models.Model):
    """A stretch of the ledger within which numbers of events mean one thing: a restore, which sets them back, begins another."""

    key = models.CharField(max_length=16, unique=True)
    begun_at = models.DateTimeField(default=clock.now)
    #: Events up to this number are kept no longer for whoever reads on from a position.
    kept_from = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()


class Origin(models.Model):
    """From where the events of one cause came. Kept once for a request, beside its first event; never changed."""

    cause = models.CharField(max_length=120, unique=True)
    address = models.CharField(max_length=45, default="")
    agent = models.CharField(max_length=300, default="")
    route = models.CharField(max_length=80, default="")

    class Meta:
        default_permissions = ()


class Seal(models.Model):
    """A link of the chain over the ledger: which events it covers, and their digest together with that of the link before.

    `ranges` are [first, last] pairs of ids of events, in order; `upto` is the highest id that any link so far has looked at.
    """

    number = models.BigIntegerField(primary_key=True)
    ranges = models.JSONField()
    count = models.BigIntegerField()
    upto = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)
    digest = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()


class Gap(models.Model):
    """Ids that had no event when the chain passed them: rolled back, or not committed yet and then sealed later."""

    first = models.BigIntegerField()
    last = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions = ()


class SealKey(models.Model):
    """The key of the chain, encrypted: whoever can write to the database, and to nothing else, cannot forge a link."""

    key = SecretField()

    class Meta:
        default_permissions = ()


class About(models.Model):
    """Another record whose timeline shows the event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    object = models.CharField(max_length=80)
    record = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["object", "record", "event"], name="about_record")]


class Delivery(models.Model):
    """One event for one consumer: the outbox. Kept until done; after too many tries it is a dead letter that settings show."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    consumer = models.CharField(max_length=200)
    due = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)
    done = models.DateTimeField(null=True)
    dead = models.BooleanField(default=False)
    error = models.TextField(default="")
    #: Whoever works on it, and until when; another worker may take it afterwards.
    claim = models.CharField(max_length=32, default="")
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["due", "id"], condition=models.Q(done=None, dead=False), name="delivery_due")]
        constraints = [models.UniqueConstraint(fields=["event", "consumer"], name="delivery_once")]


class Once(models.Model):
    """A key that came with a creating request: the same key again gets the first answer."""

    actor = models.CharField(max_length=100)
    key = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    object = models.CharField(max_length=80, default="")
    record = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="once_key")]


class Run(models.Model):
    """One piece of background work: what it does, for whom, how far it is. `position` is where it goes on after a stop."""

    WAITING, RUNNING, DONE, FAILED, STOPPED = "waiting", "running", "done", "failed", "stopped"

    job = models.CharField(max_length=120)
    title = models.CharField(max_length=300, default="")
    arguments = models.JSONField(default=dict)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=200)
    #: Scopes of the token that asked for it, and its prefix: the run may no more than the token, and ends with it.
    scopes = models.JSONField(null=True)
    token = models.CharField(max_length=16, default="")
    language = models.CharField(max_length=10, default="en")
    zone = models.CharField(max_length=64, default="UTC")
    state = models.CharField(max_length=10, default=WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    position = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.TextField(default="")
    stop_asked = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    #: The worker that has it, and until when it must have shown a sign of life.
    worker = models.CharField(max_length=64, default="")
    alive_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["state", "alive_until"], name="run_state"),
            models.Index(fields=["actor_id", "id"], name="run_actor"),
        ]

    @property
    def cause(self) -> str:
        """The cause that the ledger keeps for everything this run does."""
        return f"run:{self.pk}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in (self.DONE, self.FAILED, self.STOPPED)


class Scheduled(models.Model):
    """When a chore runs next."""

    chore = models.CharField(max_length=200, unique=True)
    next_at = models.DateTimeField()
    runs = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()
