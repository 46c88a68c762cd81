"""The contacts room: what it contributes to the house."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kith.kernel.registry import Room


class Contacts(Room):
    """People and companies."""

    name = "kith.contacts"
    verbose_name = _("Contacts")

    def contributes(self) -> list[Any]:
        """The room's objects, facts and verbs, in the order in which screens show them."""
        from . import actions, events, models, panels, sample

        return [
            models.Person,
            models.Company,
            models.Affiliation,
            sample.SAMPLE,
            panels.LOCAL_TIME,
            panels.CULTURE,
            events.EmailFoundInvalid,
            events.OptedOut,
            events.MainCompanyChosen,
            events.AffiliationEnded,
            actions.make_main_company,
            actions.mark_email_invalid,
            actions.opt_out,
            actions.end_affiliation,
        ]
