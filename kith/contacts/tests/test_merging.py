"""People and companies that were one and the same: what they were in each other moves along, once."""

from __future__ import annotations

from typing import Any

import pytest

from kith.contacts.models import Affiliation
from kith.kernel.actor import System, cause
from kith.kernel.errors import Refused
from kith.objects.query import find, visible_to
from kith.objects.write import create, merge, undo

pytestmark = pytest.mark.django_db
SEED = System("test")


def company(name: str, **values: Any) -> Any:
    return create(SEED, "contacts.company", {"name": name, **values})


def person(name: str) -> Any:
    return create(SEED, "contacts.person", {"name": name})


def at(person: Any, company: Any, **values: Any) -> Any:
    return create(SEED, Affiliation, {"person": person.pk, "company": company.pk, **values})


def affiliations() -> list[tuple[int, int, str, bool]]:
    rows = visible_to(SEED, Affiliation).order_by("pk")
    return [(a.person_id, a.company_id, a.role, a.main) for a in rows]


def test_somebody_who_belongs_to_both_companies_belongs_to_the_one_once_with_what_was_known():
    keep, gone, sara, omid = company("Acme"), company("Acme Oy"), person("Sara Salo"), person("Omid Rahimi")
    at(sara, keep)
    at(sara, gone, role="Buyer")
    at(omid, gone, role="Head")
    before = affiliations()
    with cause("request:m"):
        merge(SEED, keep, [gone])
    assert affiliations() == [(sara.pk, keep.pk, "Buyer", False), (omid.pk, keep.pk, "Head", False)]
    assert undo(SEED, "request:m").kept == []
    assert affiliations() == before


def test_of_two_main_companies_the_one_of_the_person_that_stays_is_the_main_one():
    sara, twin, acme, beta = person("Sara Salo"), person("Sara Salo"), company("Acme"), company("Beta")
    at(sara, acme, main=True)
    at(twin, beta, main=True)
    before = affiliations()
    with cause("request:m"):
        merge(SEED, sara, [twin])
    assert affiliations() == [(sara.pk, acme.pk, "", True), (sara.pk, beta.pk, "", False)]
    assert undo(SEED, "request:m").kept == []
    assert affiliations() == before


def test_companies_are_not_merged_into_a_circle():
    top = company("Top")
    middle = company("Middle", parent=top.pk)
    low = company("Low", parent=middle.pk)
    with pytest.raises(Refused):
        merge(SEED, low, [top])
    assert find(SEED, "contacts.company", top.pk).removed_at is None
