"""Tables of the doors for programs."""

from __future__ import annotations

from django.db import models

from kith.kernel import clock


class Answer(models.Model):
    """That a request with a key was done, and which records came of it: the same key again is told of them again.

    `digest` is that of method, address and body, under a key of the house; `kept` holds numbers and states, nothing that was written.
    """

    actor = models.CharField(max_length=100)
    key = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    kept = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="answer_once")]
