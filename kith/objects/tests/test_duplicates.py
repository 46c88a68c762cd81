"""Records that look like one: by what tells, and only for whoever may see it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kith.kernel.actor import System
from kith.objects.declare import ObjectType
from kith.objects.duplicates import duplicates, ways_of
from kith.objects.write import create
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.every_engine]
SEED = System("test")


def person(name: str, **values: Any) -> Any:
    return create(SEED, "contacts.person", {"name": name, **values})


def company(name: str, **values: Any) -> Any:
    return create(SEED, "contacts.company", {"name": name, **values})


def alike(record: Any) -> list[int]:
    return [one.id for one in duplicates(SEED, record)]


def test_one_address_or_one_number_tells_and_a_name_alone_does_not():
    sara = person("Sara Salo", emails=["sara@example.com"], phones=["+358 40 1234567"])
    by_mail = person("S. Salo", emails=["other@example.com", "SARA@example.com"])
    by_phone = person("Salo", phones=["0401234567 ", "+358401234567"][1:])
    person("Sara Salo")
    assert alike(sara) == [by_mail.pk, by_phone.pk]


def test_one_name_in_one_company_tells_however_it_is_written():
    acme, other = company("Acme"), company("Other")
    sara = person("Zoë Salo", companies=[acme.pk])
    twin = person("ZOE SALO", companies=[other.pk, acme.pk])
    person("Zoë Salo", companies=[other.pk])
    assert alike(sara) == [twin.pk]


def test_a_firm_is_the_same_with_and_without_its_legal_form_but_not_with_another():
    acme = company("Acme Oy")
    bare = company("ACME")
    limited = company("Acme Ltd")
    assert alike(acme) == [bare.pk]
    assert set(alike(bare)) == {acme.pk, limited.pk}


def test_nobody_learns_of_what_she_may_not_see(cast: Cast):
    mine = create(cast.actor("dee"), "toybox.box", name="Attic")
    create(cast.actor("ada"), "toybox.box", name="Attic")
    assert duplicates(cast.actor("dee"), mine) == []
    cast.hide("toybox.box", "name")
    assert duplicates(cast.actor("eve"), mine) == []
    assert len(duplicates(cast.actor("admin"), mine)) == 1


def test_every_way_of_being_alike_names_fields_and_begins_with_one_that_is_found_by_index():
    for o in ObjectType.registry:
        for way in ways_of(o):
            assert all(name in o.fields for name in way), o.key
            assert not o.fields[way[0]].target, o.key


def test_many_twins_cost_no_more_queries_than_one():
    sara = person("Sara Salo", emails=["sara@example.com"])
    person("Sara S", emails=["sara@example.com"])
    with CaptureQueriesContext(connection) as one:
        duplicates(SEED, sara)
    for n in range(8):
        person(f"Sara {n}", emails=["sara@example.com"])
    with CaptureQueriesContext(connection) as many:
        assert len(duplicates(SEED, sara)) == 4
    assert len(many) == len(one)
