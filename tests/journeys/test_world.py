"""An address of another country, typed in a real browser: the form follows the country and loses nothing."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


def test_the_form_of_an_address_follows_its_country_and_keeps_what_was_typed(visit: Any):
    visitor = visit()
    page = visitor.sign_in("/companies/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Companies")
    visitor.go("/companies/new/?more")
    page.locator("[name=name]").fill("Kaiyō Trading")
    address = page.locator("#w-address")
    country = page.locator("#w-address-country")

    country.select_option("GB")
    expect(address.get_by_text("Post town")).to_be_visible()
    address.locator("[name='address.street']").fill("Trubarjeva cesta 5")
    address.locator("[name='address.city']").fill("Springfield")

    # Somebody quick goes on typing before the new inputs have come.
    held: list[Any] = []
    page.route("**/inputs/address/**", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks its handlers
    with page.expect_request("**/inputs/address/**"):
        country.select_option("US")
    address.locator("[name='address.postal']").press_sequentially("12")
    with page.expect_response("**/inputs/address/**") as coming:
        held.pop().continue_()
    assert coming.value.ok
    expect(address.locator("label", has_text="ZIP code")).to_be_visible()
    expect(address.locator("[name='address.postal']")).to_have_value("12")
    expect(address.locator("[name='address.postal']")).to_be_focused()
    page.unroute("**/inputs/address/**")

    country.focus()
    country.select_option("CA")
    expect(address.locator("[name='address.region']")).to_contain_text("Ontario")
    expect(country).to_be_focused()
    country.select_option("US")
    expect(address.locator("[name='address.region']")).to_contain_text("Illinois")
    expect(address.locator("[name='address.street']")).to_have_value("Trubarjeva cesta 5")
    expect(address.locator("[name='address.city']")).to_have_value("Springfield")
    expect(address.get_by_text("does not look like a postal code of United States")).to_be_visible()
    address.locator("[name='address.region']").select_option(label="Illinois")
    expect(page.locator("[name=name]")).to_have_value("Kaiyō Trading")
    sent = page.evaluate("Object.fromEntries(new FormData(document.querySelector('#w-address').form))")
    parts = {name: sent[f"address.{name}"] for name in ("country", "street", "city", "region", "postal")}
    assert parts == {
        "country": "US",
        "street": "Trubarjeva cesta 5",
        "city": "Springfield",
        "region": "IL",
        "postal": "12",
    }
