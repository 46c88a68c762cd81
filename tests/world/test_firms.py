"""Firms are linked by what people call them, with their legal form or without."""

from __future__ import annotations

import pytest

from kith.kernel.actor import System
from kith.kernel.errors import KithError
from kith.objects import search
from kith.objects.declare import ObjectType, object_type
from kith.objects.keys import Key
from kith.objects.query import reader
from kith.objects.search.models import Indexed
from kith.objects.write import change, create, remove, restore
from kith.objects.write.links import by_title

SYSTEM = System("a test of firms")


@pytest.fixture(autouse=True)
def contacts(db: None) -> None:
    if "contacts.company" not in ObjectType.registry:
        pytest.skip("this house has no contacts")


def firm(name: str) -> int:
    return create(SYSTEM, "contacts.company", {"name": name}).pk


def named(text: str) -> list[int]:
    return by_title(SYSTEM, object_type("contacts.company"), [text]).get(text, [])


@pytest.mark.parametrize(
    ("stored", "given"),
    [
        ("Suomen Ruokakauppa Oy", "suomen ruokakauppa"),
        ("Elan", "Elan, d.o.o."),
        ("海尔有限公司", "海尔"),
        ("فولاد مبارکه", "شرکت فولاد مبارکه"),
        ("ООО «Ромашка»", "Ромашка"),
        ("Acme Ltd", "ACME Limited"),
        ("Müller GmbH", "Muller"),
    ],
)
def test_a_legal_form_more_or_less_finds_the_firm(stored: str, given: str):
    pk = firm(stored)
    assert named(given) == [pk]


def test_the_name_is_kept_and_shown_as_it_was_written():
    company = object_type("contacts.company").model
    pk = firm("Elan d.o.o.")
    person = create(SYSTEM, "contacts.person", {"name": "Ada Lovelace", "companies": ["Elan"]})
    assert [link.id for link in object_type("contacts.person").fields["companies"].get(person)] == [pk]
    assert company._base_manager.get(pk=pk).name == "Elan d.o.o."


def test_who_is_called_exactly_so_comes_first():
    bare, _oy = firm("Acme"), firm("Acme Oy")
    assert named("Acme") == [bare]
    assert named("acme oy") == [_oy]


def test_another_form_is_another_firm():
    firm("Acme Ltd")
    assert named("Acme Oy") == []


def test_a_name_that_two_firms_share_but_for_the_form_is_refused_with_a_sentence():
    firms = [firm("Acme Oy"), firm("Acme Ltd")]
    assert named("Acme") == firms
    with pytest.raises(KithError, match="Several records are called “Acme”"):
        create(SYSTEM, "contacts.person", {"name": "Ada Lovelace", "companies": ["Acme"]})


def test_a_renamed_or_removed_firm_is_found_by_its_old_name_no_more():
    pk = firm("Acme Oy")
    record = change(SYSTEM, object_type("contacts.company").model._base_manager.get(pk=pk), name="Bolt Oy")
    assert named("Acme") == []
    assert named("Bolt") == [pk]
    remove(SYSTEM, record)
    assert named("Bolt") == []
    assert not Key.objects.filter(object="contacts.company", record=pk).exists()
    restore(SYSTEM, record)
    assert named("Bolt") == [pk]


def test_firms_of_an_older_version_are_found_after_the_refresh():
    pk = firm("Acme Oy")
    Key.objects.filter(record=pk).delete()
    Indexed.objects.filter(object="contacts.company").delete()
    search.refresh(reader(SYSTEM))
    assert named("Acme") == [pk]
