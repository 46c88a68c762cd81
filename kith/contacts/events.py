"""What the contacts room says happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import Fact
from kith.kernel.viewer import current_viewer
from kith.objects.kinds import Date


@dataclass(frozen=True)
class EmailFoundInvalid(Fact):
    """Mail to an address of a person does not arrive."""

    name = "contacts.person.email_invalid"
    label = lazy("An e-mail address was marked as invalid")
    icon = "mail-x"
    record: Any
    emails: str

    def sentence(self) -> str:
        """Which address it was."""
        return _("E-mail address marked as invalid: %(email)s") % {"email": self.emails}


@dataclass(frozen=True)
class OptedOut(Fact):
    """A person asked for no more mail."""

    name = "contacts.person.opted_out"
    label = lazy("A person asked for no more mailings")
    icon = "bell-off"
    record: Any

    def sentence(self) -> str:
        """What the person asked for."""
        return _("Asked for no more mailings")


@dataclass(frozen=True)
class MainCompanyChosen(Fact):
    """Another of a person's companies became the main one. `companies` is its number: its name may not be everybody's to read."""

    name = "contacts.person.main_company"
    label = lazy("A main company was chosen")
    icon = "building-2"
    record: Any
    companies: int

    def sentence(self) -> str:
        """What changed."""
        return _("Main company chosen")


@dataclass(frozen=True)
class AffiliationEnded(Fact):
    """A person left a company. `until` is the last day, as YYYY-MM-DD."""

    name = "contacts.affiliation.ended"
    label = lazy("A person left a company")
    icon = "log-out"
    record: Any
    until: str

    def sentence(self) -> str:
        """When it ended."""
        day = date.fromisoformat(self.until) if self.until else None
        return (
            _("Left the company on %(day)s") % {"day": Date().format(day, current_viewer())}
            if day
            else _("Left the company")
        )

    def about(self) -> Iterable[Any]:
        """Person and company both show it."""
        from .models import Company, Person

        return (Person(pk=self.record.person_id), Company(pk=self.record.company_id))
