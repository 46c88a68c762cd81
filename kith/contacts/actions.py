"""What people do with people and companies, beyond changing fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from kith.events.facts import emit
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.objects import kinds
from kith.objects.actions import action
from kith.objects.query import visible_to
from kith.objects.write import change

from .events import AffiliationEnded, EmailFoundInvalid, MainCompanyChosen, OptedOut
from .models import Affiliation, Person


@action(
    on="contacts.person",
    label=lazy("Make main company"),
    form={"company": (lazy("Company"), kinds.Link(to="contacts.company"), True)},
    icon="building-2",
)
def make_main_company(actor: Actor, person: Person, *, company: Any) -> Person:
    """Let `company`, one of the person's own, be the one that is shown first."""
    theirs = visible_to(actor, Affiliation).filter(person=person.pk)
    chosen = theirs.filter(company=company.id).first() if isinstance(company, kinds.Reference) else None
    if chosen is None:
        raise Refused(
            _("This person does not belong to that company. Add the company to the person first."), field="company"
        )
    if chosen.main:
        return person
    # The old one first: at no moment has a person two main companies.
    for old in theirs.filter(main=True):
        change(actor, old, main=False)
    change(actor, chosen, main=True)
    emit(MainCompanyChosen(person, company.id), actor)
    return person


@action(
    on="contacts.person",
    label=lazy("Mark e-mail address as invalid"),
    form={"address": (lazy("E-mail address"), kinds.Email(), True)},
    icon="mail-x",
)
def mark_email_invalid(actor: Actor, person: Person, *, address: str) -> Person:
    """Say that mail to `address` does not arrive. Another good address, where there is one, becomes the primary one."""
    keys = kinds.Email().keys
    if not any(keys(entry.value) == keys(address) for entry in person.emails):
        raise Refused(_("%(email)s is not an address of this person.") % {"email": address}, field="address")
    entries = [replace(e, invalid=True) if keys(e.value) == keys(address) else e for e in person.emails]
    if all(e.invalid for e in entries if e.primary):
        good = next((e for e in entries if not e.invalid), None)
        entries = [replace(e, primary=e is good) for e in entries] if good else entries
    if tuple(entries) == person.emails:
        return person
    person = change(actor, person, emails=entries)
    emit(EmailFoundInvalid(person, address), actor)
    return person


@action(on="contacts.person", label=lazy("Opt out of mailings"), bulk=True, icon="bell-off")
def opt_out(actor: Actor, person: Person) -> Person:
    """Mark every e-mail address of the person as opted out."""
    if not person.emails:
        raise Refused(_("This person has no e-mail address."))
    if all(entry.opted_out for entry in person.emails):
        return person
    person = change(actor, person, emails=[replace(entry, opted_out=True) for entry in person.emails])
    emit(OptedOut(person), actor)
    return person


@action(
    on="contacts.affiliation",
    label=pgettext_lazy("somebody leaves a company", "End"),
    form={"until": (lazy("Last day"), kinds.Date(), False)},
    icon="log-out",
)
def end_affiliation(actor: Actor, affiliation: Affiliation, *, until: date | None) -> Affiliation:
    """Say that the person left the company; without a day, today. It stays on both pages as history."""
    if affiliation.inactive:
        raise Refused(_("This affiliation has ended already."))
    last = until or clock.today()
    affiliation = change(actor, affiliation, inactive=True, main=False, until=last)
    emit(AffiliationEnded(affiliation, last.isoformat()), actor)
    return affiliation
