"""The room through its pages, signed in."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kith.contacts.models import Affiliation, Company, Person
from kith.kernel.actor import System
from kith.objects.query import find, visible_to
from kith.objects.write import create
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SYSTEM = System("contacts pages test")


@pytest.fixture
def eve(cast: Cast) -> Client:
    """Eve may do everything with every record."""
    client = Client()
    client.force_login(cast.eve)
    return client


@pytest.fixture
def person() -> Any:
    firm = create(SYSTEM, Company, name="富士見製茶株式会社", other_names="Fujimi Seicha K.K.")
    name = {"given": "由紀", "family": "田中", "latin_given": "Yuki", "latin_family": "Tanaka"}
    return create(SYSTEM, Person, name=name, companies=[firm.pk], emails=["yuki@fujimi.example"], job_title="輸入担当")


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


@pytest.mark.parametrize("word", ["田中", "tanaka", "YUKI", "yuki@fujimi.example"])
def test_a_person_is_found_by_both_spellings_and_the_address(eve: Client, person: Any, word: str):
    create(SYSTEM, Person, name="Somebody Else")
    shown = text(eve.get("/people/", {"q": word}))
    assert "田中由紀" in shown
    assert "Somebody Else" not in shown


def test_person_and_company_name_each_other(eve: Client, person: Any):
    (tie,) = visible_to(SYSTEM, Affiliation)
    assert "富士見製茶株式会社" in text(eve.get(f"/people/{person.pk}/"))
    assert "田中由紀" in text(eve.get(f"/companies/{tie.company_id}/"))


def test_a_company_is_found_by_its_latin_name(eve: Client, person: Any):
    assert "富士見製茶株式会社" in text(eve.get("/companies/", {"q": "fujimi"}))


def test_people_and_companies_stand_in_the_sidebar_and_affiliations_do_not(eve: Client, person: Any):
    shown = text(eve.get("/people/"))
    assert 'href="/people/"' in shown
    assert 'href="/companies/"' in shown
    assert 'href="/affiliations/"' not in shown


def test_an_address_is_marked_invalid_on_its_page(eve: Client, person: Any):
    address = f"/people/{person.pk}/do/mark_email_invalid/"
    assert "E-mail address" in text(eve.get(address))
    sent = eve.post(address, {"address": "yuki@fujimi.example", "once": "k1"})
    assert sent.status_code in (200, 204, 302, 303)
    assert find(SYSTEM, Person, person.pk).emails[0].invalid
    assert "marked as invalid" in text(eve.get(f"/people/{person.pk}/"))


def test_a_wrong_address_is_refused_in_words(eve: Client, person: Any):
    sent = eve.post(f"/people/{person.pk}/do/mark_email_invalid/", {"address": "x@else.example", "once": "k2"})
    assert "not an address of this person" in sent.content.decode()
    assert not find(SYSTEM, Person, person.pk).emails[0].invalid


def test_nobody_without_the_right_meets_the_person(cast: Cast, person: Any):
    client = Client()
    client.force_login(cast.dee)
    assert client.get(f"/people/{person.pk}/").status_code == 404
    assert "田中" not in text(client.get("/people/"))


def test_a_birthday_to_come_is_refused_at_its_field(eve: Client, person: Any):
    address = f"/people/{person.pk}/birthday/edit/"
    sent = eve.post(address, {"birthday": "2099-01-01", "version": "1"})
    assert "cannot lie in the future" in sent.content.decode()
    assert find(SYSTEM, Person, person.pk).birthday is None


def test_a_main_company_is_chosen_by_name(eve: Client, person: Any):
    other = create(SYSTEM, Company, name="神田商事株式会社")
    create(SYSTEM, Affiliation, person=person.pk, company=other.pk)
    address = f"/people/{person.pk}/do/make_main_company/"
    assert "Company" in text(eve.get(address))
    refused = eve.post(address, {"company": "Somebody Else Ltd", "once": "m1"})
    assert "was not found" in refused.content.decode()
    assert eve.post(address, {"company": "神田商事株式会社", "once": "m2"}).status_code in (200, 302, 303)
    assert [tie.company_id for tie in visible_to(SYSTEM, Affiliation).filter(main=True)] == [other.pk]
