"""The demo: a tenth of it, looked at from all sides."""

from __future__ import annotations

import unicodedata
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import phonenumbers
import pytest
from django.db import transaction

from kith.contacts.demo import COLLEAGUES, SIGN_IN, load
from kith.contacts.demo.book import make_book
from kith.contacts.demo.lands import LANDS
from kith.contacts.demo.play import SEED
from kith.contacts.demo.story import make_story
from kith.contacts.models import Affiliation, Company, Person
from kith.events.models import Event
from kith.identity.models import Team, User
from kith.identity.names import actor_of
from kith.kernel import clock
from kith.kernel.actor import System
from kith.kernel.viewer import NEUTRAL
from kith.objects.history import field_history, timeline
from kith.objects.kinds import PostalAddress
from kith.objects.query import listing, visible_to

pytestmark = pytest.mark.django_db
SYSTEM = System("demo test")
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SCALE = 0.1


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Loaded once for all tests of this file, and taken back after the last of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.frozen(NOW):
            load(scale=SCALE)
        yield
        transaction.set_rollback(True)


def all_of(model: Any) -> list[Any]:
    return list(visible_to(SYSTEM, model).order_by("pk"))


def test_the_company_is_as_large_as_it_is_said_to_be():
    firms = make_book(Random(SEED), NOW.date(), 1.0)
    people = [contact for firm in firms for contact in firm.people]
    assert (len(firms), len(people)) == (400, 2_000)
    assert len({firm.land.code for firm in firms}) >= 12
    assert all(firm.people for firm in firms)
    assert len({firm.values["name"] for firm in firms}) == len({firm.domain for firm in firms}) == 400
    emails = [e["value"] for contact in people for e in contact.values["emails"] if e["type"] == "work"]
    assert len(set(emails)) == len(emails)


def test_a_tenth_of_it_is_in_the_house(demo: None):
    assert (len(all_of(Company)), len(all_of(Person))) == (40, 200)
    assert len(all_of(Affiliation)) > 200
    assert User.objects.count() == len(COLLEAGUES) == 12
    assert len(set(User.objects.values_list("country", flat=True))) == 6
    assert Team.objects.count() == 5
    assert not Team.objects.filter(members=None).exists()


def test_names_stand_in_their_own_scripts(demo: None):
    def scripts(texts: list[str]) -> set[str]:
        return {unicodedata.name(sign, "?").split()[0] for text in texts for sign in text if sign.isalpha()}

    wanted = {"LATIN", "GREEK", "ARABIC", "HEBREW", "CJK", "HANGUL", "DEVANAGARI", "CYRILLIC"}
    people = all_of(Person)
    assert wanted <= scripts([p.name.shown for p in people])
    assert wanted <= scripts([c.name for c in all_of(Company)])
    foreign = [p for p in people if "LATIN" not in scripts([p.name.shown])]
    assert foreign
    assert all(scripts([p.name.latin]) == {"LATIN"} for p in foreign)
    found = listing(SYSTEM, Person, search=foreign[0].name.latin_family).records
    assert foreign[0].pk in {p.pk for p in found}, "found by the Latin spelling, too"


def test_nothing_reaches_a_real_person(demo: None):
    for record in [*all_of(Person), *all_of(Company)]:
        assert all(e.value.endswith(".example") for e in record.emails)
        for entry in record.phones:
            assert phonenumbers.is_valid_number(phonenumbers.parse(entry.value)), entry.value
    assert all(user.email.endswith(".example") for user in User.objects.all())


def test_addresses_fit_their_countries(demo: None):
    for record in all_of(Company):
        assert PostalAddress().warnings(record.address, NEUTRAL) == [], record.name


def test_history_is_spread_over_eighteen_months_and_none_of_it_is_to_come(demo: None):
    instants = list(Event.objects.order_by("pk").values_list("at", flat=True))
    assert instants == sorted(instants), "the ledger is in order"
    assert timedelta(days=535) < NOW - instants[0] < timedelta(days=555)
    assert timedelta(0) < NOW - instants[-1] < timedelta(days=4)
    assert len({(at.year, at.month) for at in instants}) >= 18
    for record in [*all_of(Person), *all_of(Company)]:
        assert record.created_at <= record.changed_at < NOW


def test_everybody_worked_on_it_and_some_of_all_sorts_happened(demo: None):
    assert len(set(Event.objects.values_list("actor_name", flat=True))) >= 10
    assert set(Event.objects.values_list("actor_kind", flat=True)) == {"user"}
    assert {"created", "changed", "note.added", "contacts.person.opted_out"} <= set(
        Event.objects.values_list("name", flat=True)
    )
    changed = Counter(
        key for data in Event.objects.filter(name="changed").values_list("data", flat=True) for key in data
    )
    assert {"stage", "owner", "phones", "tags", "job_title"} <= set(changed)
    assert any(len(field_history(SYSTEM, p, "stage")) >= 3 for p in all_of(Person))
    assert any(c.parent_id for c in all_of(Company))


def test_luka_has_his_countries_now(demo: None):
    luka = User.objects.get(name="Luka Zupan")
    his = {land.code for land in LANDS if land.owner == "luka"}
    assert {p.owner_id for p in all_of(Person) if p.address.country in his} == {luka.pk}


def test_the_administrator_may_sign_in_and_see_it_all(demo: None):
    email, password = SIGN_IN
    ada = User.objects.get(email=email)
    assert ada.is_admin
    assert ada.check_password(password)
    assert len(listing(actor_of(ada), Person, limit=500).records) == 200
    for record in listing(actor_of(ada), Person, limit=5).records:
        assert timeline(actor_of(ada), record).entries


def test_the_same_day_gives_the_same_company():
    def told() -> list[Any]:
        firms = make_book(Random(SEED), NOW.date(), SCALE)
        story = make_story(Random(SEED), firms, NOW.date())
        return [(h.at, h.who, h.verb, str({k: v for k, v in h.values.items() if k != "parent"})) for h in story]

    assert told() == told()


@pytest.mark.parametrize("days", range(0, 370, 45))
def test_it_plays_on_any_day(days: int):
    today = NOW.date() + timedelta(days=days)
    story = make_story(Random(SEED), make_book(Random(SEED), today, SCALE), today)
    assert all(h.at.date() < today for h in story)
    # Nobody is worked on before she is there.
    born: dict[int, datetime] = {}
    for h in story:
        if h.verb in ("firm", "person", "tie", "new tie"):
            born[id(h.what)] = h.at
        else:
            assert born[id(h.what)] <= h.at
