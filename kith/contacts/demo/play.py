"""The story made true: every happening goes through the write path, in order, in batches of what was done in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from random import Random
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kith.identity.models import Team, User
from kith.identity.names import actor_of
from kith.kernel import clock
from kith.kernel.actor import Actor, System
from kith.kernel.errors import Refused
from kith.objects.access.models import Role
from kith.objects.actions import act
from kith.objects.query import find, visible_to
from kith.objects.write import Draft, write

from ..models import Affiliation, Company, Person
from .book import Contact, Firm, Tie, make_book
from .house import COLLEAGUES, OWN_RATES, PASSWORD, SIGN_IN, TEAMS
from .story import DAYS, Happening, make_story

SEED = 20261122
#: The bookkeeper looks up once a quarter what nobody publishes.
RATES_EVERY = timedelta(days=91)
OBJECTS: dict[type[Any], type[Any]] = {Firm: Company, Contact: Person, Tie: Affiliation}


def load(actor: Actor | None = None, *, scale: float = 1.0) -> None:
    """Fill an empty installation with the demo's company; when it is there already, do nothing.

    `actor` (the system, unless said) is asked whether the house is empty: Refused when anybody else's data is in it. `scale` 0.1 makes
    a tenth of the firms and people.
    """
    if User.objects.filter(email=SIGN_IN[0]).exists():
        return
    asking = actor or System("demo")
    if User.objects.exists() or any(visible_to(asking, model, trash=None).exists() for model in (Person, Company)):
        raise Refused(_("This installation is in use. The demo fills empty ones only."))
    today = clock.today()
    # Two generators: who is in the book is the same on every day, when things happened moves with the calendar.
    firms = make_book(Random(SEED), today, scale)  # noqa: S311 - a story, no secret
    story = make_story(Random(SEED), firms, today)  # noqa: S311
    # All or nothing, and one commit instead of a thousand.
    with transaction.atomic(), clock.frozen(datetime.combine(today - timedelta(days=DAYS), time(6), UTC)):
        _Stage(_colleagues()).play(story)


def _enter_rates(actor: Actor, day: date) -> None:
    """What nobody publishes, entered by hand."""
    drafts = [
        Draft({"currency": one, "against": other, "rate": rate, "day": day, "kind": "manual", "source": source})
        for one, other, rate, source in OWN_RATES
    ]
    for outcome in write(actor, "objects.rate", drafts):
        if outcome.error is not None:
            raise outcome.error


def _colleagues() -> dict[str, User]:
    users: dict[str, User] = {}
    for who in COLLEAGUES:
        users[who.key] = user = User.objects.make(
            who.email,
            who.name,
            is_admin=who.role == "admin",
            language=who.language,
            zone=who.zone,
            country=who.country,
            currency=who.currency,
        )
        if users[COLLEAGUES[0].key] is user:
            user.set_password(PASSWORD)
        # One slow hash for all: they share the password, and it is printed on the screen anyway.
        user.password = users[COLLEAGUES[0].key].password
        user.save(update_fields=["password"])
        if who.role != "admin":
            Role.objects.get(key=who.role).users.add(user)
    for name, manager in TEAMS.items():
        team = Team.objects.create(name=name, manager=users[manager])
        team.members.set([users[who.key] for who in COLLEAGUES if who.team == name])
    return users


class _Stage:
    """Where the story is played: who stands for which user, and what each verb does."""

    def __init__(self, users: dict[str, User]):
        self.rated: date | None = None
        self.users = users
        self.actors = {key: actor_of(user) for key, user in users.items()}
        self.verbs: dict[str, Callable[[Actor, Sequence[Happening]], None]] = {
            "firm": self.make,
            "person": self.make,
            "tie": self.make,
            "new tie": self.make,
            "edit": self.edit,
            "note": self.note,
            "opt_out": self.act,
            "invalid": self.act,
            "leave": self.act,
        }

    def play(self, story: Iterable[Happening]) -> None:
        """Let it happen, everything at its time."""
        for (at, who, verb, _sort), together in groupby(story, lambda h: (h.at, h.who, h.verb, type(h.what))):
            with clock.frozen(at):
                if self.rated is None or at.date() - self.rated >= RATES_EVERY:
                    _enter_rates(self.actors[COLLEAGUES[0].key], at.date())
                    self.rated = at.date()
                self.verbs[verb](self.actors[who], list(together))

    def make(self, actor: Actor, happenings: Sequence[Happening]) -> None:
        """New records."""
        drafts = [Draft(self.values(h)) for h in happenings]
        for h, record in zip(happenings, self.written(actor, happenings, drafts), strict=True):
            h.what.record = record

    def edit(self, actor: Actor, happenings: Sequence[Happening]) -> None:
        """Changed fields."""
        self.written(actor, happenings, [Draft(self.values(h), record=h.what.record) for h in happenings])

    def note(self, actor: Actor, happenings: Sequence[Happening]) -> None:
        """Words in the timeline."""
        for h in happenings:
            act(actor, "add_note", h.what.record, **h.values)

    def act(self, actor: Actor, happenings: Sequence[Happening]) -> None:
        """Verbs of the room."""
        names = {"opt_out": "opt_out", "invalid": "mark_email_invalid", "leave": "end_affiliation"}
        for h in happenings:
            act(actor, names[h.verb], find(actor, OBJECTS[type(h.what)], h.what.record.pk), **h.values)

    def written(self, actor: Actor, happenings: Sequence[Happening], drafts: list[Draft]) -> list[Any]:
        """The records that came of it; nothing in this story is ever refused."""
        outcomes = write(actor, OBJECTS[type(happenings[0].what)], drafts)
        for outcome in outcomes:
            if outcome.error is not None:
                raise RuntimeError(f"{actor.name}: {outcome.error} {dict(outcome.draft.values)}")
        return [outcome.record for outcome in outcomes]

    def values(self, h: Happening) -> dict[str, Any]:
        """What the write path is given: people and firms of the story by their numbers."""
        found = dict(h.values)
        if "owner" in found:
            found["owner"] = self.users[found["owner"]].pk
        if found.get("parent") is not None:
            found["parent"] = found["parent"].record.pk
        if isinstance(h.what, Tie):
            found |= {"person": h.what.contact.record.pk, "company": h.what.firm.record.pk}
        return found
