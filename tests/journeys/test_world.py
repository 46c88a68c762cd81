"""An address of another country, typed in a real browser: the form follows the country and loses nothing."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


def test_the_form_of_an_address_follows_its_country_and_keeps_what_was_typed(visit: Any):
    visitor = visit()
    page = visitor.sign_in("/companies/new/?more")
    page.locator("[name=name]").fill("Kaiyō Trading")
    address = page.locator("#w-address")
    country = page.locator("#w-address-country")

    country.select_option("SI")
    expect(address.get_by_text("Postal code")).to_be_visible()
    address.locator("[name='address.street']").fill("Trubarjeva cesta 5")
    address.locator("[name='address.city']").fill("Springfield")
    address.locator("[name='address.postal']").fill("1")

    country.focus()
    country.select_option("US")
    expect(address.get_by_text("ZIP code")).to_be_visible()
    expect(country).to_be_focused()
    expect(address.locator("[name='address.street']")).to_have_value("Trubarjeva cesta 5")
    expect(address.locator("[name='address.city']")).to_have_value("Springfield")
    expect(address.get_by_text("does not look like a postal code of United States")).to_be_visible()
    address.locator("[name='address.region']").select_option(label="Illinois")
    expect(page.locator("[name=name]")).to_have_value("Kaiyō Trading")

    page.get_by_role("button", name="Save", exact=False).first.click()
    page.wait_for_url("**/companies/*/")
    expect(page.get_by_text("Springfield, IL 1", exact=True)).to_be_visible()
