"""The identity room: what it contributes to the house."""

from django.utils.translation import gettext_lazy as _

from kith.kernel.registry import Room


class Identity(Room):
    """People of the house."""

    name = "kith.identity"
    verbose_name = _("Identity")

    def ready(self) -> None:
        from . import names  # noqa: F401 - binds who runs act for

        super().ready()
