"""The events room: what it contributes to the house."""

from __future__ import annotations

from typing import Any

from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from kith.kernel import sql
from kith.kernel.registry import Room


class Events(Room):
    """The ledger and background work."""

    name = "kith.events"
    verbose_name = _("Events")

    def contributes(self) -> list[Any]:
        from . import jobs

        return [
            jobs.forget_old_keys,
            jobs.forget_done_deliveries,
            jobs.forget_old_results,
            jobs.seal_the_ledger,
            jobs.note_the_head,
        ]

    def ready(self) -> None:
        from .append_only import prepare_connection

        connection_created.connect(sql.prepare_connection, dispatch_uid="kith.sql")
        connection_created.connect(prepare_connection, dispatch_uid="kith.append_only")
        post_migrate.connect(_after_migrate, sender=self, dispatch_uid="kith.append_only")
        super().ready()


def _after_migrate(sender: Any, **rest: Any) -> None:
    from . import append_only, horizon

    append_only.guard()
    horizon.guard()
