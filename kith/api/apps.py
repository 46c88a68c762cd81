"""The room of the doors for programs: it contributes no objects."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kith.kernel.registry import Room


class Api(Room):
    """Programs that come with a token."""

    name = "kith.api"
    verbose_name = _("Programs")

    def contributes(self) -> list[Any]:
        """The jobs and chores of this room."""
        from .rest import bulk, once

        return [bulk.write_many, once.forget_old_answers]
