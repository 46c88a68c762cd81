"""What an import keeps: the file, the choices, the counts, and what was wrong with which row."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from kith.events.models import Run
from kith.kernel import clock


class Import(models.Model):
    """One file on its way in. Its steps can be left and taken up again: everything chosen is kept here."""

    object = models.CharField(max_length=80)
    #: Who brought it: (kind, id, name at the time), as in the ledger.
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=clock.now, db_index=True)

    #: The file's name as it was given, its content's hash (which is its name on disk) and size.
    name = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    #: How it was read: format, encoding, delimiter, sheet, sheets.
    format = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    rows = models.BigIntegerField(null=True)

    #: {"encoding": …, "delimiter": …, "sheet": …, "header": …} where somebody chose.
    options = models.JSONField(default=dict)
    #: {column: {"to": path, "blanks": "keep" | "clear"}}; columns that are not in it are left out.
    mapping = models.JSONField(default=dict)
    #: {"match": [...], "mode": …, "create_links": …, "bad_cells": …, "dates": …, "source": …}, see `settings.Choices`.
    choices = models.JSONField(default=dict)

    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    undo_run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    #: {"created", "updated", "unchanged", "skipped", "refused"}: their sum is the number of rows done.
    counts = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    #: What undoing left as it was, and why.
    kept = models.JSONField(default=list)

    class Meta:
        default_permissions = ()
        app_label = "objects"

    def __str__(self) -> str:
        return f"{self.name} → {self.object}"

    @property
    def state(self) -> str:
        """One of STATES' keys: where the import stands."""
        if self.undone_at:
            return "undone"
        if self.undo_run is not None and not self.undo_run.is_over:
            return "undoing"
        return "ready" if self.run is None else self.run.state

    @property
    def state_label(self) -> str:
        """Where the import stands, for people."""
        return str(STATES[self.state])


STATES: dict[str, Any] = {
    "ready": _("Not started"),
    Run.WAITING: _("Waiting for a worker"),
    Run.RUNNING: _("Running"),
    Run.DONE: _("Done"),
    Run.FAILED: _("Stopped by a fault"),
    Run.STOPPED: _("Stopped"),
    "undoing": _("Being undone"),
    "undone": _("Undone"),
}


class Problem(models.Model):
    """What was wrong with one row, or what was done about one of its cells."""

    REFUSED, SKIPPED, REMARK = "refused", "skipped", "remark"

    brought = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    row = models.BigIntegerField()
    #: The file's column, or "" for the row as a whole.
    column = models.CharField(max_length=200, default="")
    sort = models.CharField(max_length=10, default=REFUSED)
    reason = models.TextField()

    class Meta:
        default_permissions = ()
        app_label = "objects"
        indexes = [models.Index(fields=["brought", "sort", "row"], name="import_problem")]

    def __str__(self) -> str:
        return f"{self.row}: {self.reason}"


class SourceKey(models.Model):
    """Which record a key of another program stands for: kept for ever, so that the same file again updates what it made."""

    source = models.CharField(max_length=80)
    object = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    record = models.BigIntegerField()
    brought = models.ForeignKey(Import, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        default_permissions = ()
        app_label = "objects"
        constraints = [models.UniqueConstraint(fields=["object", "source", "key"], name="source_key_once")]
        indexes = [models.Index(fields=["object", "record"], name="source_key_record")]

    def __str__(self) -> str:
        return f"{self.source} {self.key} = {self.object}#{self.record}"


class LateLink(models.Model):
    """A link to a record that stands further down in the same file: made when the last row is in."""

    brought = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+")
    row = models.BigIntegerField()
    record = models.BigIntegerField()
    field = models.CharField(max_length=80)
    column = models.CharField(max_length=200)
    key = models.CharField(max_length=200)

    class Meta:
        default_permissions = ()
        app_label = "objects"
