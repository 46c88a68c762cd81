"""While a new record is typed: whether it is there already, and what its address belongs to."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kith.kernel.actor import System
from kith.objects.likeness import belongs
from kith.objects.write import create
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
SEED = System("test")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def sign_in(cast: Cast) -> Any:
    """A client of one of the cast."""

    def client(name: str) -> Client:
        made = Client()
        made.force_login(getattr(cast, name))
        return made

    return client


@pytest.fixture
def hx() -> dict[str, str]:
    """The headers of a request that asks for a part."""
    return {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}


def test_a_record_with_the_same_address_is_shown_while_one_types(sign_in: Any, hx: Any) -> None:
    there = create(SEED, "contacts.person", name="Zoë Bear", emails=["zoe@bear.example"])
    typed = {"fields": "name,emails", "name": "Zoe B.", "emails-0.value": "zoe@bear.example"}
    told = sign_in("admin").post("/people/new/alike/", typed, **hx).content.decode()
    assert f'href="/people/{there.pk}/"' in told
    assert "Zoë Bear" in told
    nobody = sign_in("dee").post("/people/new/alike/", typed, **hx)
    assert nobody.status_code == 403 or "Zoë" not in nobody.content.decode()


def test_what_is_half_typed_is_no_fault(sign_in: Any, hx: Any) -> None:
    answer = sign_in("admin").post("/people/new/alike/", {"fields": "name,emails,nope", "emails-0.value": "zoe@"}, **hx)
    assert answer.status_code == 200
    assert not answer.content.strip()


def test_the_domain_of_a_mail_address_finds_its_company(cast: Any, sign_in: Any, hx: Any) -> None:
    acme = create(SEED, "contacts.company", name="Acme Oy", website="https://www.acme.example/about")
    typed = {"fields": "name,emails,companies", "name": "Sara", "emails-0.value": "sara@acme.example"}
    told = sign_in("admin").post("/people/new/alike/", typed, **hx).content.decode()
    assert f'data-home="companies" data-pk="{acme.pk}" data-words="Acme Oy"' in told


def test_a_domain_that_nobody_knows_is_offered_as_a_new_company_with_its_page(sign_in: Any, hx: Any) -> None:
    admin = sign_in("admin")
    typed = {"fields": "name,emails,companies", "name": "Sara", "emails-0.value": "sara@zebra.example"}
    assert (
        'data-make="Zebra" data-domain="zebra.example"'
        in admin.post("/people/new/alike/", typed, **hx).content.decode()
    )
    assert admin.post("/companies/lookup/choose/", {"q": "Zebra", "domain": "zebra.example"}, **hx).status_code == 200
    told = admin.post("/people/new/alike/", typed, **hx).content.decode()
    assert 'data-words="Zebra"' in told


def test_a_mailbox_that_anybody_may_have_tells_nothing(cast: Any) -> None:
    from kith.objects.declare import object_type

    person = object_type("contacts.person")
    assert (
        belongs(cast.actor("admin"), person, {"emails": person.fields["emails"].kind.clean(["sara@gmail.com"])}) is None
    )
