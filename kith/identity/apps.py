"""The identity room: what it contributes to the house."""

from kith.kernel.registry import Room
from django.utils.translation import gettext_lazy as _


class Identity(Room):
    name = "kith.identity"
    verbose_name = _("Identity")

    def ready(self) -> None:
        from . import names  # noqa: F401 - binds who runs act for

        super().ready()
