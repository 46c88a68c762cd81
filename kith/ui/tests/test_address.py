"""The form of an address follows its country, and nothing that was typed is lost."""

from __future__ import annotations

import re
from typing import Any

TYPED = {
    "address.country": "US",
    "address.street": "Tower <1>",
    "address.city": "Dallas",
    "address.region": "Lappi",
    "address.district": "Old town",
}


def test_another_country_draws_the_inputs_again_with_what_was_typed(sign_in: Any, hx: dict[str, str]) -> None:
    answer = sign_in("ada").post("/toys/inputs/address/?as=address", TYPED, **hx)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert re.findall(r'name="address\.(\w+)"', text) == [
        "country",
        "street",
        "district",
        "city",
        "region",
        "postal",
        "latin",
    ]
    assert "ZIP code" in text
    assert '<option value="CA">California</option>' in text
    assert '<option value="Lappi" selected>Lappi</option>' in text
    assert '<option value="US" selected>' in text
    assert 'value="Dallas"' in text
    assert 'value="Old town"' in text
    assert "Tower &lt;1&gt;" in text
    assert 'hx-post="/toys/inputs/address/?as=address"' in text


def test_inputs_are_drawn_for_fields_that_one_may_fill_in(sign_in: Any, cast: Any, hx: dict[str, str]) -> None:
    assert sign_in("ada").post("/toys/inputs/secret/", {}, **hx).status_code == 404
    assert sign_in("ada").post('/toys/inputs/address/?as="><b', {}, **hx).status_code == 404
    assert sign_in("ada").get("/toys/inputs/address/", **hx).status_code == 405
    cast.hide("toybox.toy", "address")
    assert sign_in("eve").post("/toys/inputs/address/", {}, **hx).status_code == 404


def test_a_refused_form_comes_back_by_the_rules_of_the_country_that_was_chosen(
    sign_in: Any, hx: dict[str, str]
) -> None:
    answer = sign_in("ada").post("/toys/new/", {**TYPED, "fields": "name,address", "name": ""}, **hx)
    assert answer.status_code == 422
    assert "ZIP code" in answer.content.decode()
    assert 'value="Dallas"' in answer.content.decode()
