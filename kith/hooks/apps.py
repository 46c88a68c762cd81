"""The room of webhooks: what it contributes to the house."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kith.kernel.registry import Room


class Hooks(Room):
    """What happens here is told elsewhere, and the other way round."""

    name = "kith.hooks"
    verbose_name = _("Webhooks")

    def contributes(self) -> list[Any]:
        """Facts, reactions, errands, chores and what people are told of."""
        from . import arriving, facts, keeping, outgoing, sending, trouble

        return [
            *facts.FACTS,
            outgoing.fan_out,
            outgoing.forget_purged,
            sending.send,
            arriving.work_off,
            keeping.forget_old_messages,
            trouble.TROUBLE,
            *trouble.SUBJECTS,
        ]
