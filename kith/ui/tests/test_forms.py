"""New records, whole forms and look-up, as browsers send them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from kith.kernel.actor import System
from kith.objects.kinds import PersonName
from kith.objects.query import count, visible_to
from kith.objects.write import change, create

PART = {"HX-Request": "true"}
NEW_BOX = {"fields": "name,country,parent,owner", "name": "Attic", "country": "FI", "parent": "", "once": "a1"}


@pytest.fixture
def ada(cast: Any, client: Client) -> Client:
    """Ada's browser."""
    client.force_login(cast.ada)
    return client


def boxes(cast: Any) -> int:
    """How many boxes Ada sees."""
    return count(cast.actor("ada"), "toybox.box").value


def test_one_field_is_enough(cast: Any, ada: Client) -> None:
    made = ada.post("/boxes/new/", {"fields": "name", "name": "Attic", "once": "a1"})
    box = visible_to(cast.actor("ada"), "toybox.box").get()
    assert made.status_code == 302
    assert made.headers["Location"] == f"/boxes/{box.pk}/"
    assert (box.name, box.owner_id) == ("Attic", cast.ada.pk)
    by_script = ada.post("/boxes/new/", {"fields": "name", "name": "Cellar", "once": "a2"}, headers=PART)
    assert by_script.status_code == 204
    assert by_script.headers["HX-Redirect"].startswith("/boxes/")


def test_the_form_stands_on_a_page_and_in_a_dialog(ada: Client) -> None:
    page, part = ada.get("/toys/new/").content.decode(), ada.get("/toys/new/", headers=PART).content.decode()
    assert "<!doctype" in page
    assert "<!doctype" not in part
    assert "More fields" in part
    assert 'name="once"' in part


def test_the_same_form_twice_gives_one_record(cast: Any, ada: Client) -> None:
    first, again = ada.post("/boxes/new/", NEW_BOX, follow=True), ada.post("/boxes/new/", NEW_BOX, follow=True)
    assert "“Attic” was added." in first.content.decode()
    assert "Already saved." in again.content.decode()
    assert first.redirect_chain == again.redirect_chain
    assert boxes(cast) == 1
    other = ada.post("/boxes/new/", NEW_BOX | {"name": "Cellar"})
    assert other.status_code == 422
    assert "already sent with other content" in other.content.decode()
    assert boxes(cast) == 1


def test_a_refused_form_loses_nothing(cast: Any, ada: Client) -> None:
    sent = {
        "fields": "name,nickname,email,emails,pieces,address,price,made_on",
        "name.given": "", "name.family": "",
        "nickname": "Til", "email": "no sign", "emails-0.value": "a@example.com", "emails-1.value": "broken",
        "pieces": "many", "address.street": "Main 1", "address.country": "FI", "price.amount": "1,2,3", "price.currency": "SEK",
        "made_on": "31.02.2026", "once": "b1",
    }  # fmt: skip
    refused = ada.post("/toys/new/", sent, headers=PART)
    said = refused.content.decode()
    assert refused.status_code == 422
    for text in ("Til", "no sign", "a@example.com", "broken", "many", "1,2,3", "31.02.2026"):
        assert f'value="{text}"' in said, text
    assert "Main 1" in said
    assert 'value="SEK" selected' in said
    assert 'value="FI" selected' in said
    assert 'role="alert"' in said
    assert "5 fields need another look." in said
    assert said.count('aria-invalid="true"') >= 5
    assert count(cast.actor("ada"), "toybox.toy").value == 0


def test_required_is_told_beside_the_field(ada: Client) -> None:
    refused = ada.post("/boxes/new/", {"fields": "name", "name": " ", "once": "c1"})
    assert refused.status_code == 422
    assert "Name is required." in refused.content.decode()


def test_a_rule_of_the_room_is_told_beside_its_field(ada: Client) -> None:
    refused = ada.post("/toys/new/", {"fields": "name,pieces", "name": "Tilda Bear", "pieces": "13", "once": "c2"})
    said = refused.content.decode()
    assert refused.status_code == 422
    assert 'id="w-pieces-err">A toy never has thirteen pieces.' in said


def test_add_another_gives_a_fresh_form(cast: Any, ada: Client) -> None:
    answer = ada.post("/boxes/new/", NEW_BOX | {"then": "another"}, headers=PART)
    said = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Attic"' not in said
    assert "“Attic” was added." in said
    assert boxes(cast) == 1
    assert json.loads(answer.headers["HX-Trigger"])["kith:changed"]["object"] == "toybox.box"


def test_the_address_presets_a_link(cast: Any, ada: Client) -> None:
    box = create(cast.actor("ada"), "toybox.box", name="Attic")
    hidden = create(cast.actor("dee"), "toybox.box", name="Secret place")
    said = ada.get(f"/toys/new/?box={box.pk}&stay=1", headers=PART).content.decode()
    assert f'name="box.id" value="{box.pk}"' in said
    assert 'value="Attic"' in said
    assert "Secret place" not in ada.get(f"/toys/new/?box={hidden.pk}").content.decode()
    made = ada.post(
        f"/toys/new/?box={box.pk}&stay=1",
        {
            "fields": "name,box",
            "name": "Tilda Bear",
            "box": "Attic",
            "box.was": "Attic",
            "box.id": box.pk,
            "once": "d1",
        },
        headers=PART,
    )
    assert made.status_code == 200
    assert "HX-Redirect" not in made.headers
    assert "Open" in made.content.decode()
    assert visible_to(cast.actor("ada"), "toybox.toy").get().box_id == box.pk


def test_words_typed_over_a_link_count_more_than_its_number(cast: Any, ada: Client) -> None:
    attic, cellar = (create(cast.actor("ada"), "toybox.box", name=name) for name in ("Attic", "Cellar"))
    ada.post(
        "/toys/new/",
        {
            "fields": "name,box",
            "name": "Tilda Bear",
            "box": "Cellar",
            "box.was": "Attic",
            "box.id": attic.pk,
            "once": "d2",
        },
    )
    assert visible_to(cast.actor("ada"), "toybox.toy").get().box_id == cellar.pk


def test_a_link_to_what_she_may_not_see_is_refused_in_words(cast: Any, ada: Client) -> None:
    hidden = create(cast.actor("dee"), "toybox.box", name="Secret place")
    by_name = ada.post("/toys/new/", {"fields": "name,box", "name": "Tilda Bear", "box": "Secret place", "once": "d3"})
    by_number = ada.post(
        "/toys/new/", {"fields": "name,box", "name": "Tilda Bear", "box": f"#{hidden.pk}", "once": "d4"}
    )
    for refused in (by_name, by_number):
        assert refused.status_code == 422
        assert "was not found" in refused.content.decode()


def test_who_may_not_create_gets_no_form(cast: Any, client: Client) -> None:
    from kith.objects.access.models import Grant

    Grant.objects.filter(role__key="eve", verb="create").delete()
    client.force_login(cast.eve)
    assert client.get("/boxes/new/").status_code == 403
    assert client.post("/boxes/new/", NEW_BOX).status_code == 403


# ── the whole form ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def toy(cast: Any) -> Any:
    """A toy of Ada's."""
    return create(
        cast.actor("ada"), "toybox.toy", name=PersonName(given="Tilda", family="Bear"), nickname="Til", pieces=3
    )


def hidden_inputs(page: str) -> dict[str, str]:
    """The hidden inputs of a form, as a browser would send them."""
    import html
    import re

    pairs = [(m[1], m[2]) for m in re.finditer(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)]
    return {html.unescape(k): html.unescape(v) for k, v in pairs}


def fresh(toy: Any) -> Any:
    """The toy as it is stored now."""
    return visible_to(System("test"), toy.object_key()).get(pk=toy.pk)


def sent_by(page: str, **typed: str) -> dict[str, str]:
    """What the edit form sends for the name, the nickname and the pieces."""
    hidden = {k: v for k, v in hidden_inputs(page).items() if k == "version" or k.endswith(".base")}
    return {
        **hidden,
        "fields": "name,nickname,pieces",
        "name.given": "Tilda",
        "name.family": "Bear",
        "nickname": "Til",
        "pieces": "3",
        **typed,
    }


def test_only_what_was_changed_is_written(cast: Any, ada: Client, toy: Any) -> None:
    page = ada.get(f"/toys/{toy.pk}/edit/").content.decode()
    change(cast.actor("ben"), toy, pieces=4)
    saved = ada.post(f"/toys/{toy.pk}/edit/", sent_by(page, nickname="Tilly"))
    assert saved.status_code == 302
    assert (fresh(toy).nickname, fresh(toy).pieces) == ("Tilly", 4)


def test_an_edit_of_an_old_version_is_told_field_by_field(cast: Any, ada: Client, toy: Any) -> None:
    page = ada.get(f"/toys/{toy.pk}/edit/").content.decode()
    change(cast.actor("ben"), toy, nickname="Benny")
    late = ada.post(f"/toys/{toy.pk}/edit/", sent_by(page, nickname="Mine", pieces="7"), headers=PART)
    said = late.content.decode()
    assert late.status_code == 409
    assert "Ben changed this to “Benny”" in said
    assert 'value="Mine"' in said
    assert 'value="7"' in said
    assert (fresh(toy).nickname, fresh(toy).pieces) == ("Benny", 3)
    again = sent_by(page, nickname="Mine", pieces="7") | {"version": hidden_inputs(said)["version"]}
    ada.post(f"/toys/{toy.pk}/edit/", again | {"theirs": "nickname"})
    assert (fresh(toy).nickname, fresh(toy).pieces) == ("Benny", 7)


def test_a_refused_edit_keeps_the_text(ada: Client, toy: Any) -> None:
    page = ada.get(f"/toys/{toy.pk}/edit/").content.decode()
    refused = ada.post(f"/toys/{toy.pk}/edit/", sent_by(page, pieces="x"))
    assert refused.status_code == 422
    assert 'value="x"' in refused.content.decode()
    assert fresh(toy).pieces == 3


# ── look-up ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_look_up_goes_through_the_gate(cast: Any, ada: Client) -> None:
    create(cast.actor("ada"), "toybox.box", name="Attic room")
    create(cast.actor("dee"), "toybox.box", name="Attic of Dee")
    said = ada.get("/boxes/lookup/choose/?q=att", headers=PART).content.decode()
    assert "Attic room" in said
    assert "Dee" not in said
    assert "Create “att”" in said
    assert "Create" not in ada.get("/boxes/lookup/choose/?q=Attic room", headers=PART).content.decode()


def test_what_is_looked_up_can_be_made(cast: Any, ada: Client) -> None:
    made = [ada.post("/boxes/lookup/choose/", {"q": "Cellar", "once": "e1"}, headers=PART) for _twice in range(2)]
    box = visible_to(cast.actor("ada"), "toybox.box").get()
    assert all(m.status_code == 200 and f'data-pk="{box.pk}"' in m.content.decode() for m in made)
    assert ada.post("/boxes/lookup/choose/", {"q": "x" * 300, "once": "e2"}, headers=PART).status_code == 422


def test_a_hidden_title_is_not_looked_up(cast: Any, client: Client) -> None:
    create(cast.actor("ada"), "toybox.box", name="Attic room")
    cast.hide("toybox.box", "name")
    client.force_login(cast.eve)
    assert "Attic" not in client.get("/boxes/lookup/choose/?q=att", headers=PART).content.decode()
    assert "Attic" not in client.get("/boxes/lookup/choose/?q=", headers=PART).content.decode()
