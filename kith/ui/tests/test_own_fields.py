"""Objects and fields of one's own, as an administrator makes them in the settings."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kith.kernel.actor import System
from kith.objects.custom.models import CustomField, CustomObject
from kith.objects.declare import ObjectType, object_type
from kith.objects.kinds import ALL_KINDS
from kith.objects.write import create

SYSTEM = System("test")
BOX = "/settings/fields/toybox.box/"


def add(browser: Any, **more: Any) -> CustomField:
    answer = browser.post(f"{BOX}new/", {"label": "Shelf", "kind": "text", **more})
    assert answer.status_code == 302, answer.content.decode()
    return CustomField.objects.order_by("-pk")[0]


def seen(browser: Any, url: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', browser.get(url).content.decode())
    assert found
    return found[1]


def test_a_field_added_from_the_list_is_its_last_column_at_once(sign_in: Any):
    browser = sign_in("admin")
    answer = browser.post(f"{BOX}new/", {"label": "Shelf", "kind": "text", "next": "/boxes/?sort=name"}, follow=True)
    row = CustomField.objects.get()
    assert answer.redirect_chain[-1][0] == f"/boxes/?sort=name&columns=country,owner,{row.field_id}"
    said = answer.content.decode()
    assert "Field “Shelf” added." in said
    assert said.count(f'data-c="{row.field_id}"') == 1
    assert 'name="cause"' in said, "the message offers to take it back"


def test_who_does_not_administer_neither_finds_the_way_nor_comes_in(sign_in: Any):
    ada = sign_in("ada")
    for url in ("/settings/fields/", BOX, f"{BOX}new/"):
        assert ada.get(url).status_code == 403
    assert ada.post(f"{BOX}new/", {"label": "Shelf", "kind": "text"}).status_code == 403
    assert ada.post(f"{BOX}preview/", {"label": "Shelf", "kind": "text"}).status_code == 403
    assert not CustomField.objects.exists()


def test_what_was_typed_stays_when_something_is_wrong_and_the_sentence_stands_beside_it(sign_in: Any):
    given = {
        "label": "Name",
        "kind": "choice",
        "option-0.label": "Red one",
        "option-1.label": "red ONE",
        "labels.fi": "Nimi",
    }
    answer = sign_in("admin").post(f"{BOX}new/", given)
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "a field of this name already" in said
    assert "stands in the list twice" in said
    assert 'value="Red one"' in said
    assert 'value="Nimi"' in said


def test_a_list_of_options_has_colours_and_names_in_other_languages(sign_in: Any):
    row = add(
        sign_in("admin"),
        kind="choice",
        **{"option-0.label": "Sky", "option-0.hue": "250", "option-0.label.fi": "Taivas", "option-7.label": "Night"},
    )
    sky, night = row.options["options"]
    assert (sky["label"], sky["hue"], sky["labels"]) == ("Sky", 250, {"fi": "Taivas"})
    assert night["value"] != sky["value"]


@pytest.mark.parametrize("kind", [kind.key for kind in ALL_KINDS if kind.definable])
def test_the_preview_shows_every_kind_as_input_in_a_list_and_on_a_record(sign_in: Any, kind: str):
    given = {"label": "Mine <b>", "kind": kind, "to": "toybox.toy", "option-0.label": "Sky", "help": "Say it"}
    answer = sign_in("admin").post(f"{BOX}preview/", given)
    said = answer.content.decode()
    assert answer.status_code == 200
    assert said.count("Mine &lt;b&gt;") >= 3
    assert "Say it" in said
    assert not CustomField.objects.exists(), "nothing is saved"


def test_the_preview_says_what_is_missing(sign_in: Any):
    assert b"Choose what it links to" in sign_in("admin").post(f"{BOX}preview/", {"label": "A", "kind": "link"}).content


def test_who_was_overtaken_looks_again(sign_in: Any):
    browser = sign_in("admin")
    row = add(browser)
    url = f"{BOX}{row.pk}/"
    old = seen(browser, url)
    assert browser.post(url, {"label": "Rack", "seen": old}).status_code == 302
    answer = browser.post(url, {"label": "Board", "seen": old})
    assert answer.status_code == 422
    assert b"in the meantime" in answer.content
    assert CustomField.objects.get().label == "Rack"


def test_putting_a_field_aside_says_what_is_lost_and_one_press_brings_it_back(sign_in: Any):
    browser = sign_in("admin")
    row = add(browser)
    create(SYSTEM, "toybox.box", {"name": "A", row.field_id: "Upper"})
    url = f"{BOX}{row.pk}/"
    assert "1 record has something here" in browser.get(url).content.decode()
    assert browser.post(url, {"do": "aside"}).status_code == 302
    shown = browser.get(BOX).content.decode()
    assert "Bring back" in shown
    assert row.field_id not in object_type("toybox.box").fields
    browser.post(BOX, {"do": "back", "field": row.pk})
    assert row.field_id in object_type("toybox.box").fields


def test_fields_are_ordered_by_their_arrows(sign_in: Any):
    browser = sign_in("admin")
    rows = [add(browser, label=label) for label in "ABC"]
    browser.post(BOX, {"do": "up", "field": rows[2].pk})
    assert list(object_type("toybox.box").custom) == [rows[0].field_id, rows[2].field_id, rows[1].field_id]
    assert browser.post(BOX, {"do": "up", "field": rows[0].pk}).status_code == 422
    assert browser.post(BOX, {"do": "up", "field": "9" * 30}).status_code == 422


def test_an_object_of_ones_own_has_its_list_at_once_and_is_put_aside_only_by_its_name(sign_in: Any):
    browser = sign_in("admin")
    given = {"label": "Ship", "plural": "Ships", "icon": "ship", "labels.fi": "Laiva", "plurals.fi": "Laivat"}
    answer = browser.post("/settings/fields/", given, follow=True)
    assert "Ships” is there" in answer.content.decode()
    row = CustomObject.objects.get()
    assert browser.get("/ships/").status_code == 200
    assert browser.post("/ships/new/", {f"f{CustomField.objects.get().pk}": "Aurora", "fields": ""}).status_code in (
        302,
        422,
    )
    url = f"/settings/fields/custom.o{row.pk}/"
    for typed in ("", "Boats"):
        refused = browser.post(url, {"do": "aside", "typed": typed})
        assert refused.status_code == 422
        assert "Type “Ships” to go on" in refused.content.decode()
    assert browser.post(url, {"do": "aside", "typed": " ships "}).status_code == 302
    assert browser.get("/ships/").status_code == 404
    browser.post("/settings/fields/", {"do": "back", "object": f"custom.o{row.pk}"})
    assert browser.get("/ships/").status_code == 200
    assert f"custom.o{row.pk}" in ObjectType.known()


def test_addresses_of_the_house_are_not_given_to_objects(sign_in: Any):
    browser = sign_in("admin")
    browser.post("/settings/fields/", {"label": "Setting", "plural": "Settings", "icon": "ship"})
    assert CustomObject.objects.get().slug == "settings-2"
    assert b"Search settings" in browser.get("/settings/").content


@pytest.mark.parametrize(
    "url", ["/settings/fields/no.such/", f"{BOX}99999999999999999999/", "/settings/fields/objects.country/"]
)
def test_what_is_not_there_is_not_found(sign_in: Any, url: str):
    assert sign_in("admin").get(url).status_code == 404


def test_a_list_and_the_facts_of_a_record_lead_to_a_new_field_and_back(sign_in: Any, boxes: Any):
    (record,) = boxes(1)
    for url, back in (
        ("/boxes/?sort=name", "%2Fboxes%2F%3Fsort%3Dname"),
        (f"/boxes/{record.pk}/", f"%2Fboxes%2F{record.pk}%2F"),
    ):
        assert f'href="/settings/fields/toybox.box/new/?next={back}"' in sign_in("admin").get(url).content.decode()
        assert "/settings/fields/" not in sign_in("ada").get(url).content.decode()
