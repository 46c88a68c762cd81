"""Changing records from a list: in a cell, many at once, and back again."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from kith.events.models import Event, Run
from kith.objects.query import find
from kith.objects.write import change, create
from tests.drain import drain

from .conftest import SEED


@pytest.fixture
def one(boxes: Any) -> Any:
    (record,) = boxes(1)
    return record


def undo_key(answer: Any) -> str:
    found = re.search(r'name="cause" value="([^"]+)"', answer.content.decode())
    return found[1] if found else ""


def test_a_cell_opens_an_editor_and_saves_a_row(sign_in: Any, one: Any, box: Any, hx: dict[str, str]) -> None:
    client, address = sign_in("ada"), f"/boxes/{one.pk}/name/edit/"
    editor = client.get(address, **hx).content.decode()
    assert 'value="Box 000"' in editor
    assert f'name="version" value="{one.version}"' in editor
    saved = client.post(address, {"name": "Crate", "version": one.version}, **hx)
    assert saved.status_code == 200
    assert f'id="r{one.pk}"' in saved.content.decode()
    assert "Crate" in saved.content.decode()
    assert json.loads(saved.headers["HX-Trigger"])["kith:changed"]["ids"] == [one.pk]
    assert find(SEED, box, one.pk).name == "Crate"


def test_a_saved_row_has_the_columns_of_its_list(sign_in: Any, one: Any, hx: dict[str, str]) -> None:
    client, address = sign_in("ada"), f"/boxes/{one.pk}/name/edit/"
    editor = client.get(f"{address}?columns=changed_at", **hx).content.decode()
    assert 'name="columns" value="changed_at"' in editor
    form = {"name": "Crate", "version": one.version, "columns": "changed_at"}
    assert client.post(address, form, **hx).content.decode().count("<td") == 2


def test_a_refused_value_keeps_the_editor_the_text_and_says_why(
    sign_in: Any, one: Any, box: Any, hx: dict[str, str]
) -> None:
    answer = sign_in("ada").post(f"/boxes/{one.pk}/name/edit/", {"name": "x" * 300, "version": one.version}, **hx)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "td.ed"
    assert "x" * 300 in page
    assert 'role="alert"' in page
    assert "200 characters" in page
    assert 'aria-invalid="true"' in page
    assert find(SEED, box, one.pk).version == one.version


def test_a_required_field_cannot_be_emptied(sign_in: Any, one: Any, hx: dict[str, str]) -> None:
    assert (
        sign_in("ada").post(f"/boxes/{one.pk}/name/edit/", {"name": " ", "version": one.version}, **hx).status_code
        == 422
    )


def test_two_edits_of_one_field_are_told_apart(sign_in: Any, one: Any, box: Any, hx: dict[str, str], cast: Any) -> None:
    old = one.version
    change(cast.actor("ben"), one, name="Ben was here")
    client, address = sign_in("ada"), f"/boxes/{one.pk}/name/edit/"
    answer = client.post(address, {"name": "Mine", "version": old}, **hx)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ben changed this to “Ben was here”" in page
    assert "Keep mine" in page
    assert "Take theirs" in page
    assert find(SEED, box, one.pk).name == "Ben was here"
    again = {"name": "Mine", "version": re.search(r'name="version" value="(\d+)"', page)[1]}
    assert 'name="name" value="Mine"' in page
    assert client.post(address, again, **hx).status_code == 200
    assert find(SEED, box, one.pk).name == "Mine"


def test_edits_of_different_fields_merge(sign_in: Any, one: Any, box: Any, hx: dict[str, str], cast: Any) -> None:
    old = one.version
    change(cast.actor("ben"), one, country="SE")
    assert sign_in("ada").post(f"/boxes/{one.pk}/name/edit/", {"name": "Mine", "version": old}, **hx).status_code == 200
    now = find(SEED, box, one.pk)
    assert (now.name, now.country) == ("Mine", "SE")


def test_undo_takes_back_what_the_toast_was_about(sign_in: Any, one: Any, box: Any, hx: dict[str, str]) -> None:
    client = sign_in("ada")
    saved = client.post(f"/boxes/{one.pk}/name/edit/", {"name": "Crate", "version": one.version}, **hx)
    key = undo_key(saved)
    assert key.startswith("request:")
    assert client.post("/undo/", {"cause": key}, **hx).status_code == 200
    assert find(SEED, box, one.pk).name == "Box 000"
    assert client.post("/undo/", {"cause": key}, **hx).status_code == 422
    assert sign_in("dee").post("/undo/", {"cause": key}, **hx).status_code == 403


def test_nobody_edits_what_is_not_theirs_to_change(sign_in: Any, one: Any, cast: Any, hx: dict[str, str]) -> None:
    address = f"/boxes/{one.pk}/name/edit/"
    assert sign_in("dee").get(address, **hx).status_code == 404
    assert sign_in("dee").post(address, {"name": "x", "version": 1}, **hx).status_code == 404
    cast.hide("toybox.box", "name", rule="read_only")
    assert sign_in("eve").get(address, **hx).status_code == 403
    assert 'data-f="name"' not in sign_in("eve").get("/boxes/").content.decode()


def test_many_records_get_a_value_and_it_is_undone_as_one(
    sign_in: Any, boxes: Any, box: Any, hx: dict[str, str]
) -> None:
    made = boxes(5)
    client = sign_in("ada")
    form = client.get("/boxes/bulk/?field=country", **hx).content.decode()
    assert 'name="country"' in form
    answer = client.post(
        "/boxes/bulk/", {"verb": "change", "field": "country", "country": "SE", "ids": [r.pk for r in made]}, **hx
    )
    assert "5 records changed." in answer.content.decode()
    assert {find(SEED, box, r.pk).country for r in made} == {"SE"}
    assert "5 changes undone." in client.post("/undo/", {"cause": undo_key(answer)}, **hx).content.decode()
    assert {find(SEED, box, r.pk).country for r in made} == {"FI"}


def test_a_bulk_value_that_is_refused_changes_nothing(sign_in: Any, boxes: Any, hx: dict[str, str]) -> None:
    made = boxes(2)
    answer = sign_in("ada").post(
        "/boxes/bulk/", {"verb": "change", "field": "country", "country": "Nowhere", "ids": [made[0].pk]}, **hx
    )
    assert answer.status_code == 422
    assert 'hx-target="#bulk-error"' in answer.content.decode()
    assert (
        sign_in("ada")
        .post("/boxes/bulk/", {"verb": "change", "field": "version", "ids": [made[0].pk]}, **hx)
        .status_code
        == 422
    )
    assert sign_in("ada").post("/boxes/bulk/", {"verb": "dance", "ids": [made[0].pk]}, **hx).status_code == 422
    assert sign_in("ada").post("/boxes/bulk/", {"verb": "remove"}, **hx).status_code == 422


def test_a_form_sent_twice_works_once(sign_in: Any, boxes: Any, hx: dict[str, str]) -> None:
    (record,) = boxes(1)
    client, form = sign_in("ada"), {"verb": "remove", "ids": [record.pk]}
    first, second = client.post("/boxes/bulk/", form, **hx), client.post("/boxes/bulk/", form, **hx)
    assert undo_key(first)
    assert not undo_key(second)
    assert Event.objects.filter(object="toybox.box", record=record.pk, name="removed").count() == 1


def test_records_of_others_are_left_as_they_are(
    sign_in: Any, boxes: Any, box: Any, cast: Any, hx: dict[str, str]
) -> None:
    (mine,), (other,) = boxes(1, owner=cast.dee.pk), boxes(1)
    answer = sign_in("dee").post(
        "/boxes/bulk/", {"verb": "change", "field": "country", "country": "SE", "ids": [mine.pk, other.pk]}, **hx
    )
    assert "1 record changed. 1 record was left as it is." in answer.content.decode()
    assert find(SEED, box, other.pk).country == "FI"


def test_everything_in_the_view_is_changed_in_the_background(sign_in: Any, boxes: Any, hx: dict[str, str]) -> None:
    boxes(105)
    boxes(3, country="SE")
    form = {"verb": "change", "field": "country", "country": "NO", "all": "1", "filter": "country:in:FI"}
    answer = sign_in("ada").post("/boxes/bulk/", form, **hx)
    assert "Edit 105 records" in answer.content.decode()
    client = sign_in("ada")
    assert client.post("/boxes/bulk/", form, **hx).status_code == 200
    run = Run.objects.get()  # sent twice, it is still one piece of work
    assert (len(run.arguments["ids"]), run.arguments["values"]) == (105, {"country": "NO"})


def test_rows_named_by_number_are_drawn_again(sign_in: Any, boxes: Any, hx: dict[str, str]) -> None:
    made = boxes(2)
    page = sign_in("ada").get(f"/boxes/?rows={made[0].pk},999999", **hx).content.decode()
    assert f'hx-target="#r{made[0].pk}"' in page
    assert '<hx-partial hx-target="#r999999" hx-swap="delete">' in page


def test_an_action_is_done_with_many_records(
    sign_in: Any, boxes: Any, box: Any, hx: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kith.objects.actions import Action, action

    @action(on="toybox.box", label="Ship", bulk=True)
    def ship(actor: Any, record: Any) -> None:
        change(actor, record, country="NO")

    monkeypatch.setitem(Action.registry._items, ship.key, ship)
    made = boxes(3)
    client = sign_in("ada")
    assert "Ship" in client.get("/boxes/").content.decode()
    answer = client.post("/boxes/bulk/", {"verb": "do", "action": "ship", "ids": [r.pk for r in made]}, **hx)
    assert "3 records changed." in answer.content.decode()
    assert {find(SEED, box, r.pk).country for r in made} == {"NO"}
    client.post("/undo/", {"cause": undo_key(answer)}, **hx)
    assert {find(SEED, box, r.pk).country for r in made} == {"FI"}


def test_tags_are_added_to_those_that_stand_there_and_the_bar_offers_it(
    sign_in: Any, toy: Any, hx: dict[str, str]
) -> None:
    made = [create(SEED, toy, name=f"Bear {n}", tags=["old", "soft"][:n]) for n in range(3)]
    client = sign_in("admin")
    bar = client.get("/toys/").content.decode()
    assert "/toys/bulk/?field=owner" in bar
    assert "/toys/bulk/?field=tags&add=1" in bar.replace("&amp;", "&")
    form = client.get("/toys/bulk/?field=tags&add=1", **hx).content.decode()
    assert 'name="verb" value="add"' in form
    sent = {"verb": "add", "field": "tags", "tags": "Soft, fair", "ids": [r.pk for r in made]}
    answer = client.post("/toys/bulk/", sent, **hx)
    assert "3 records changed." in answer.content.decode()
    tags = [find(SEED, toy, r.pk).tags for r in made]
    assert tags == [("Soft", "fair"), ("old", "Soft", "fair"), ("old", "soft", "fair")]
    assert "3 changes undone." in client.post("/undo/", {"cause": undo_key(answer)}, **hx).content.decode()
    assert [find(SEED, toy, r.pk).tags for r in made] == [(), ("old",), ("old", "soft")]
    assert client.post("/toys/bulk/", {**sent, "field": "state", "state": "new"}, **hx).status_code == 422


def test_tags_are_added_to_many_in_the_background(sign_in: Any, toy: Any, hx: dict[str, str]) -> None:
    made = [create(SEED, toy, name=f"Bear {n}", tags=["old"]) for n in range(101)]
    sent = {"verb": "add", "field": "tags", "tags": "fair", "ids": [r.pk for r in made]}
    assert "Edit 101 records" in sign_in("admin").post("/toys/bulk/", sent, **hx).content.decode()
    drain()
    assert {find(SEED, toy, r.pk).tags for r in made} == {("old", "fair")}
