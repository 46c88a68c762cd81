"""The events room: what it contributes to the house."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kith.kernel.registry import Room


class Events(Room):
    """The ledger and background work."""

    name = "kith.events"
    verbose_name = _("Events")

    def contributes(self) -> list[Any]:
        from . import jobs

        return [jobs.forget_old_keys, jobs.forget_done_deliveries]
