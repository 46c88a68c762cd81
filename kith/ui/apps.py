"""The ui room: it contributes no objects, it shows them; and the settings that are the platform's own."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from kith.kernel import html
from kith.kernel.registry import Room


class Ui(Room):
    """Screens of every object."""

    name = "kith.ui"
    verbose_name = _("Screens")

    def contributes(self) -> list[Any]:
        """What the address of a list can say, the table, and the platform's own pages of settings."""
        from .boards import board
        from .calendars import calendar
        from .highlights import ALL as ALL_HIGHLIGHTS
        from .parameters import PARAMETERS
        from .screens import (
            apps,
            audit,
            company,
            countries,
            filing,
            following,
            highlights,
            home,
            hooks,
            inbox,
            keyboard,
            listing,
            me,
            own_objects,
            places,
            rates,
            roles,
            samples,
            scim,
            security,
            seeing,
            setting_up,
            telling,
            tokens,
            trust,
            users,
        )
        from .shortcuts import SHORTCUTS

        return [
            *PARAMETERS,
            listing.TABLE_LAYOUT,
            *board.PARAMETERS,
            board.LAYOUT,
            home.ENTRY,
            inbox.ENTRY,
            *SHORTCUTS,
            keyboard.PAGE,
            *home.PANELS,
            *calendar.PARAMETERS,
            calendar.LAYOUT,
            roles.PAGE,
            seeing.PAGE,
            places.TERRITORIES,
            places.TEAMS,
            places.ABSENCES,
            me.PAGE,
            company.PAGE,
            setting_up.PAGE,
            *setting_up.STEPS,
            audit.PAGE,
            own_objects.PAGE,
            countries.PAGE,
            highlights.PAGE,
            *ALL_HIGHLIGHTS,
            rates.PAGE,
            samples.PAGE,
            security.PAGE,
            security.REQUIRED,
            tokens.PAGE,
            hooks.PAGE,
            scim.PAGE,
            apps.PAGE,
            trust.PAGE,
            users.PAGE,
            telling.NOTIFICATIONS,
            telling.SNIPPETS,
            following.FOLLOW,
            following.FOLLOWERS,
            filing.FILES,
        ]

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers itself with Django's checks

        # The kernel draws icons without knowing Django's static files; here the two meet.
        # Asked once: a page holds a few hundred icons, and the address does not change while the program runs.
        html.set_sprite(cache(lambda: static("icons.svg")))
        super().ready()
