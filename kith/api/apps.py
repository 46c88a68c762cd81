"""The room of the doors for programs: it contributes no objects."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kith.kernel.registry import Room


class Api(Room):
    """Programs that come with a token."""

    name = "kith.api"
    verbose_name = _("Programs")
