"""People and companies, through what people do with them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kith.contacts.models import Affiliation, Company, Person
from kith.events.models import Event
from kith.kernel import clock
from kith.kernel.actor import System
from kith.kernel.errors import Forbidden, Invalid, Missing, Refused
from kith.objects.actions import act, actions_for
from kith.objects.history import field_history, timeline
from kith.objects.query import find, listing, visible_to
from kith.objects.write import change, create, remove, restore
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SYSTEM = System("contacts test")


@pytest.fixture
def firm() -> Any:
    return create(SYSTEM, Company, name="Nordlicht Feinkost GmbH")


@pytest.fixture
def other() -> Any:
    return create(SYSTEM, Company, name="Alster Teehandel GmbH")


@pytest.fixture
def person(firm: Any, other: Any) -> Any:
    emails = [{"value": "greta@nordlicht.example", "type": "work"}, {"value": "greta@post.example", "type": "home"}]
    return create(SYSTEM, Person, name="Greta Vogel", companies=[firm.pk, other.pk], emails=emails)


def affiliation(person: Any, firm: Any) -> Any:
    return visible_to(SYSTEM, Affiliation).get(person=person.pk, company=firm.pk)


def companies_of(person: Any) -> list[str]:
    (record,) = [r for r in listing(SYSTEM, Person, columns=["companies"]).records if r.pk == person.pk]
    return [ref.title for ref in record.attached["companies"]]


# ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_company_never_stands_above_itself(firm: Any, other: Any):
    third = create(SYSTEM, Company, name="Elbufer Gewürze GmbH", parent=other.pk)
    change(SYSTEM, other, parent=firm.pk)
    for below in (firm, other, third):
        with pytest.raises(Refused, match="above itself") as refused:
            change(SYSTEM, find(SYSTEM, Company, firm.pk), parent=below.pk)
        assert refused.value.field == "parent"
    assert find(SYSTEM, Company, firm.pk).parent_id is None


def test_a_company_may_move_to_another_parent(firm: Any, other: Any):
    third = create(SYSTEM, Company, name="Elbufer Gewürze GmbH", parent=other.pk)
    assert change(SYSTEM, third, parent=firm.pk).parent_id == firm.pk
    assert change(SYSTEM, third, parent=None).parent_id is None


def test_nobody_is_born_tomorrow(person: Any):
    with clock.frozen(clock.now()):
        with pytest.raises(Refused, match="future") as refused:
            change(SYSTEM, person, birthday=clock.today() + timedelta(days=2))
        assert refused.value.field == "birthday"
        assert change(SYSTEM, person, birthday=clock.today()).birthday == clock.today()


def test_nobody_leaves_before_she_came(person: Any, firm: Any):
    tie = change(SYSTEM, affiliation(person, firm), since=date(2020, 5, 1))
    with pytest.raises(Refused, match="Until") as refused:
        change(SYSTEM, tie, until=date(2020, 4, 30))
    assert refused.value.field == "until"
    assert change(SYSTEM, tie, until=date(2020, 5, 1)).until == date(2020, 5, 1)


def test_a_person_belongs_to_a_company_once(person: Any, firm: Any):
    with pytest.raises(Refused, match="belongs to this company already"):
        create(SYSTEM, Affiliation, person=person.pk, company=firm.pk)
    remove(SYSTEM, affiliation(person, firm))
    create(SYSTEM, Affiliation, person=person.pk, company=firm.pk)


def test_a_name_is_required():
    for model in (Person, Company):
        with pytest.raises(Invalid, match="required"):
            create(SYSTEM, model)


def test_a_new_contact_is_a_lead():
    assert create(SYSTEM, Person, name="Ada").stage == create(SYSTEM, Company, name="Ipê").stage == "lead"


# ── the main company ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_main_company_comes_first(person: Any, firm: Any, other: Any):
    assert companies_of(person) == [firm.name, other.name], "without a main one, in the order they came"
    act(SYSTEM, "make_main_company", person, company=other.pk)
    assert companies_of(person) == [other.name, firm.name]
    act(SYSTEM, "make_main_company", person, company=firm.pk)
    assert companies_of(person) == [firm.name, other.name]
    assert [a.company_id for a in visible_to(SYSTEM, Affiliation).filter(main=True)] == [firm.pk]
    assert Event.objects.filter(name="contacts.person.main_company", record=person.pk).count() == 2


def test_a_second_main_company_is_refused_in_words(person: Any, firm: Any, other: Any):
    change(SYSTEM, affiliation(person, firm), main=True)
    with pytest.raises(Refused, match="Make main company"):
        change(SYSTEM, affiliation(person, other), main=True)


def test_a_company_of_others_is_nobodys_main_company(person: Any):
    stranger = create(SYSTEM, Company, name="Kras Med d.o.o.")
    with pytest.raises(Refused, match="does not belong"):
        act(SYSTEM, "make_main_company", person, company=stranger.pk)
    with pytest.raises(Refused, match="was not found"):
        act(SYSTEM, "make_main_company", person, company="no such company")


def test_what_is_over_comes_last_and_loses_the_flag(person: Any, firm: Any, other: Any):
    act(SYSTEM, "make_main_company", person, company=firm.pk)
    tie = act(SYSTEM, "end_affiliation", affiliation(person, firm), until=date(2026, 3, 31))
    assert (tie.inactive, tie.main, tie.until) == (True, False, date(2026, 3, 31))
    assert companies_of(person) == [other.name, firm.name]
    with pytest.raises(Refused, match="ended already"):
        act(SYSTEM, "end_affiliation", tie)


def test_the_end_of_an_affiliation_stands_on_both_pages(person: Any, firm: Any):
    act(SYSTEM, "end_affiliation", affiliation(person, firm), until=date(2026, 3, 31))
    for record in (person, firm):
        said = [entry.sentence for entry in timeline(SYSTEM, record).entries]
        assert any("31 Mar 2026" in sentence for sentence in said), record


def test_an_affiliation_without_a_last_day_ends_today(person: Any, firm: Any):
    assert act(SYSTEM, "end_affiliation", affiliation(person, firm)).until == clock.today()


def test_a_company_that_was_taken_off_comes_back_with_its_role(person: Any, firm: Any, other: Any):
    change(SYSTEM, affiliation(person, other), role="Adviser")
    change(SYSTEM, person, companies=[firm.pk])
    assert companies_of(person) == [firm.name]
    change(SYSTEM, person, companies=[firm.pk, other.pk])
    assert affiliation(person, other).role == "Adviser"


# ── e-mail addresses ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_invalid_address_gives_way_to_a_good_one(person: Any):
    changed = act(SYSTEM, "mark_email_invalid", person, address="Greta@Nordlicht.example")
    assert [(e.value, e.invalid, e.primary) for e in changed.emails] == [
        ("greta@nordlicht.example", True, False),
        ("greta@post.example", False, True),
    ]
    assert "Greta@nordlicht.example" in timeline(SYSTEM, person).entries[0].sentence


def test_the_last_address_stays_primary_though_it_is_invalid(person: Any):
    for address in ("greta@nordlicht.example", "greta@post.example"):
        person = act(SYSTEM, "mark_email_invalid", person, address=address)
    assert all(e.invalid for e in person.emails)
    assert sum(e.primary for e in person.emails) == 1


def test_marking_twice_is_marking_once(person: Any):
    person = act(SYSTEM, "mark_email_invalid", person, address="greta@post.example")
    act(SYSTEM, "mark_email_invalid", person, address="greta@post.example")
    assert Event.objects.filter(name="contacts.person.email_invalid").count() == 1


def test_somebody_elses_address_is_refused(person: Any):
    with pytest.raises(Refused, match="not an address of this person"):
        act(SYSTEM, "mark_email_invalid", person, address="x@else.example")
    with pytest.raises(Invalid):
        act(SYSTEM, "mark_email_invalid", person, address="no address")


def test_opting_out_holds_for_every_address(person: Any):
    person = act(SYSTEM, "opt_out", person)
    assert all(e.opted_out for e in person.emails)
    act(SYSTEM, "opt_out", person)
    assert Event.objects.filter(name="contacts.person.opted_out").count() == 1
    with pytest.raises(Refused, match="no e-mail"):
        act(SYSTEM, "opt_out", create(SYSTEM, Person, name="Jan"))


# ── rights and history ───────────────────────────────────────────────────────────────────────────────────────────────


def test_verbs_need_the_right_to_change(cast: Cast, person: Any, firm: Any):
    dee, eve = cast.actor("dee"), cast.actor("eve")
    with pytest.raises(Forbidden):
        act(dee, "opt_out", person)
    with pytest.raises(Forbidden):
        act(dee, "end_affiliation", affiliation(person, firm))
    act(eve, "opt_out", person)
    assert {a.name for a in actions_for(eve, Person)} >= {"make_main_company", "mark_email_invalid", "opt_out"}


def test_an_affiliation_is_seen_by_those_who_see_the_person(cast: Cast, firm: Any):
    ada = cast.actor("ada")
    theirs = create(ada, Person, name="Theirs", owner=cast.ada.pk)
    tie = create(SYSTEM, Affiliation, person=theirs.pk, company=firm.pk)
    assert find(cast.actor("ben"), Affiliation, tie.pk).pk == tie.pk
    with pytest.raises(Missing):
        find(cast.actor("dee"), Affiliation, tie.pk)
    remove(ada, theirs)
    with pytest.raises(Missing):
        find(ada, Affiliation, tie.pk)
    restore(ada, theirs)
    assert find(ada, Affiliation, tie.pk)


def test_the_stage_has_a_dated_history(person: Any):
    begin = clock.now()
    for days, stage in ((10, "qualified"), (40, "customer")):
        with clock.frozen(begin + timedelta(days=days)):
            change(SYSTEM, person, stage=stage)
    periods = field_history(SYSTEM, person, "stage")
    assert [p.value for p in periods] == ["customer", "qualified", "lead"]
    assert periods[1].until == periods[0].since == begin + timedelta(days=40)
    assert (periods[0].until, periods[0].by) == (None, "contacts test")
