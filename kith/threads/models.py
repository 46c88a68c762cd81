"""Tables of what people say about records. None of them is read without the gate on the record that it belongs to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kith.kernel import clock


class Note(models.Model):
    """A note as it stands now; how it became so is in the ledger. `event` is the number of the event that added it, and its address."""

    event = models.BigIntegerField(unique=True)
    object = models.CharField(max_length=80)
    record = models.BigIntegerField()
    #: The note that it answers, by its event; answers are not answered.
    answers = models.BigIntegerField(null=True, db_index=True)
    #: Who wrote it; None for programs. No foreign key: notes outlive users, as the ledger does.
    author = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=200)
    text = models.TextField()
    #: Who was mentioned and could not be told, because she may not see the record.
    untold = models.JSONField(default=list)
    at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["object", "record", "event"], name="note_record")]


class File(models.Model):
    """A file of a record. Its bytes lie under their SHA-256 in the folder of files; several rows may name the same ones."""

    object = models.CharField(max_length=80)
    record = models.BigIntegerField()
    digest = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=200)
    #: What its first bytes say it is: a key of kith.threads.files.TYPES.
    sort = models.CharField(max_length=20)
    size = models.BigIntegerField()
    author = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["object", "record", "id"], name="file_record")]


class Follow(models.Model):
    """That somebody follows a record, or (`on` is false) does not want to, whatever happens."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    object = models.CharField(max_length=80)
    record = models.BigIntegerField()
    on = models.BooleanField(default=True)
    #: She asked for it herself; otherwise it began with something that she did or that was given to her.
    asked = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["object", "record"], name="follow_record")]
        constraints = [models.UniqueConstraint(fields=["user", "object", "record"], name="follow_once")]


class Letter(models.Model):
    """One e-mail about notices. Written before it is sent, so that no mail is sent twice."""

    WAITING, SENDING, SENT, UNKNOWN, IDLE = "waiting", "sending", "sent", "unknown", "idle"

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, default=WAITING)
    at = models.DateTimeField(default=clock.now)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def object_key(self) -> str:
        """Where the ledger files it."""
        return "threads.letter"


class Notice(models.Model):
    """That one person was told of one event. What it says is read from the ledger, as far as she may see it then."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    event = models.BigIntegerField()
    cause = models.CharField(max_length=120, default="")
    object = models.CharField(max_length=80)
    record = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)
    #: Whether it stands in the inbox; otherwise it is an e-mail alone.
    shown = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    #: When it goes out by e-mail; None for never.
    mail_at = models.DateTimeField(null=True)
    letter = models.ForeignKey(Letter, null=True, on_delete=models.SET_NULL, related_name="notices")

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["user", "done_at", "id"], name="notice_user"),
            models.Index(fields=["object", "record"], name="notice_record"),
            models.Index(fields=["mail_at"], condition=Q(letter=None, mail_at__isnull=False), name="notice_mail"),
        ]
        constraints = [models.UniqueConstraint(fields=["user", "event"], name="notice_once")]


class Alarm(models.Model):
    """When somebody is to be told that a record is due. There is one of a record while it is open and has a day or moment to come."""

    user_id: int
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    object = models.CharField(max_length=80)
    record = models.BigIntegerField()
    at = models.DateTimeField()
    #: Of what is due on a day: that day, and the zone in which `at` is its morning.
    day = models.DateField(null=True)
    zone = models.CharField(max_length=64, default="")
    #: She planned it herself.
    asked = models.BooleanField(default=False)
    #: The event by which she was told; None before.
    event = models.BigIntegerField(null=True)
    #: When it was done or put aside after that, and her notice with it.
    shut_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["at"], condition=Q(event=None), name="alarm_at")]
        constraints = [models.UniqueConstraint(fields=["object", "record"], name="alarm_once")]


class Wish(models.Model):
    """By which ways somebody wants to hear of one kind of thing; a kind without a row is as the house has it."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    app = models.BooleanField(default=False)
    mail = models.BooleanField(default=False)
    push = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="wish_once")]


class Rhythm(models.Model):
    """When somebody's e-mails go out, by the clock on her wall."""

    user = models.OneToOneField("identity.User", on_delete=models.CASCADE, related_name="+")
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    #: One e-mail a day, at this time; None: at once.
    daily_at = models.TimeField(null=True)

    class Meta:
        default_permissions = ()


class Snippet(models.Model):
    """A text that is written again and again; of one person, or (`owner` is None) of everybody."""

    owner_id: int | None
    owner = models.ForeignKey("identity.User", null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    text = models.TextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["owner", "name"], name="snippet_owner")]
