"""What must be true of people, companies and affiliations. Plain functions that the write path asks before it stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kith.kernel import clock
from kith.kernel.actor import Actor, System
from kith.kernel.errors import Refused
from kith.kernel.sentences import counted
from kith.objects.query import visible_to

if TYPE_CHECKING:
    from .models import Affiliation, Company, Person

#: Levels of a group of companies; real ones have fewer than ten.
DEEPEST = 50


def born_by_now(actor: Actor, person: Person, changed: set[str]) -> None:
    """Nobody's birthday lies in the future."""
    # The day that it is furthest east: no one's today is refused.
    if "birthday" in changed and person.birthday and person.birthday > clock.today("Pacific/Kiritimati"):
        raise Refused(_("A birthday cannot lie in the future."), field="birthday")


def ends_after_it_begins(actor: Actor, affiliation: Affiliation, changed: set[str]) -> None:
    """Nobody leaves before she came."""
    since, until = affiliation.since, affiliation.until
    if {"since", "until"} & changed and since and until and until < since:
        raise Refused(_("“Until” cannot lie before “Since”."), field="until")


def no_circle(actor: Actor, company: Company, changed: set[str]) -> None:
    """No company stands above itself, however many others lie between."""
    above = company.parent_id
    if "parent" not in changed or above is None or company.pk is None:
        return
    # Asked as the system: a circle through a company that the actor cannot see is a circle, too. No name is given away.
    everything = visible_to(System("parents of a company"), "contacts.company", trash=None)
    for _level in range(DEEPEST):
        if above == company.pk:
            raise Refused(_("A company cannot stand above itself: this parent belongs to it."), field="parent")
        above = everything.filter(pk=above).values_list("parent_id", flat=True).first()
        if above is None:
            return
    raise Refused(
        ngettext("A group has at most %(n)s level.", "A group has at most %(n)s levels.", DEEPEST)
        % {"n": counted(DEEPEST)},
        field="parent",
    )
