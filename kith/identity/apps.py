"""The identity room: what it contributes to the house."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kith.kernel.registry import Room


class Identity(Room):
    """People of the house."""

    name = "kith.identity"
    verbose_name = _("Identity")

    def contributes(self) -> list[Any]:
        from . import factors, facts, letters, limits, permits, sessions, tokens

        return [
            *facts.FACTS,
            *tokens.FACTS,
            *permits.FACTS,
            letters.send_reset,
            letters.send_invitation,
            limits.forget_old_limits,
            permits.forget_used_codes,
            sessions.forget_over_sessions,
            factors.HOARD,
        ]

    def ready(self) -> None:
        from . import names, sign_in  # noqa: F401 - binds who runs act for, and what a sign-in notes

        super().ready()
