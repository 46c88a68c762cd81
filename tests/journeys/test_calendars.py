"""A Persian reader sets her calendar, types days in a list cell, in a form and by keyboard, and sees them right wherever they stand."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from .installation import Installation

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

MAKE = """
from kith.objects.write import create
p = create(S, "contacts.person", {"name.given": "سارا", "name.family": "محمدی"})
print(json.dumps(p.pk))
"""
#: 1 Azar 1405 and 30 Esfand 1403, a leap day.
AZAR, LEAP = "۱ آذر ۱۴۰۵", "۳۰ اسفند ۱۴۰۳"


def stored(house: Installation, pk: int) -> str:
    row = house.look(f"SELECT birthday FROM contacts_person WHERE id = {pk}")
    return str(row[0])[:10] if row else ""


def saved(page: Any) -> Any:
    """Around what saves itself: it is over when the server has it."""
    return page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok)


@pytest.mark.expects_refusals(422)
def test_a_reader_of_jalali_dates_types_and_sees_her_own_calendar(visit: Any, house: Installation):
    pk = house.ask(MAKE)
    visitor = visit(timezone_id="Asia/Tehran")
    page = visitor.sign_in("/settings/me/")

    # The zone of the browser is offered; each setting saves itself, and the preview follows.
    with saved(page):
        page.locator("[data-browser-zone]").click()
    expect(page.locator("#me-zone")).to_have_value("Asia/Tehran")
    for setting, value in (("country", "IR"), ("calendar", "jalali"), ("language", "fa")):
        with saved(page):
            page.locator(f"#me-{setting}").select_option(value)
    expect(page.locator(".prev")).to_contain_text(AZAR)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#me-calendar")).to_have_value("jalali")

    # In a cell of the list.
    page = visitor.go("/people/?columns=birthday")
    cell = page.locator(f"#r{pk} td[data-f=birthday]")
    cell.dblclick()
    editor = cell.locator("input.in")
    expect(editor).to_have_attribute("placeholder", "۱۴۰۵/۹/۱")
    editor.fill("۱۴۰۵/۹/۱")
    editor.press("Enter")
    expect(page.locator(f"#r{pk}")).to_contain_text(AZAR)
    assert stored(house, pk) == "2026-11-22"

    # A day that there is none of is refused in the cell, and what was typed stays.
    cell = page.locator(f"#r{pk} td[data-f=birthday]")
    cell.dblclick()
    cell.locator("input.in").fill("۱۴۰۴/۱۲/۳۰")
    cell.locator("input.in").press("Enter")
    expect(cell.locator("[role=alert]")).to_be_visible()
    expect(cell.locator("input.in")).to_have_value("۱۴۰۴/۱۲/۳۰")
    cell.locator("input.in").press("Escape")

    # In the form: the leap day, by its name; and the record and its history show both.
    page = visitor.go(f"/people/{pk}/edit/")
    page.locator("details.mf").evaluate_all("all => all.forEach((one) => (one.open = true))")
    page.locator("#w-birthday").fill("30 اسفند 1403")
    page.locator("form[data-form] .fa button.b.p").first.click()
    page.wait_for_url(f"**/people/{pk}/")
    assert stored(house, pk) == "2025-03-20"
    expect(page.locator(".facts, .kv").first).to_contain_text(LEAP)
    expect(page.locator(".ev").first).to_contain_text(LEAP)
    expect(page.locator(".ev").first).to_contain_text(AZAR)

    # By the month, with the keys alone: to the left is forward where one reads from the right.
    page = visitor.go(f"/people/{pk}/edit/")
    page.locator("details.mf").evaluate_all("all => all.forEach((one) => (one.open = true))")
    date = page.locator("#w-birthday")
    date.focus()
    date.press("Alt+ArrowDown")
    month = page.locator(".monp")
    expect(month).to_contain_text("اسفند ۱۴۰۳")
    expect(month.locator("thead th").first).to_have_attribute("abbr", "شنبه")
    page.keyboard.press("ArrowLeft")
    expect(month).to_contain_text("فروردین ۱۴۰۴")
    page.keyboard.press("PageDown")
    expect(month).to_contain_text("اردیبهشت ۱۴۰۴")
    page.keyboard.press("Enter")
    expect(date).to_have_value("۱۴۰۴/۲/۱")
    expect(date).to_be_focused()

    # A change of language keeps what was typed and not saved.
    page.locator(".side .me [popovertarget=m-me]").click()
    page.locator("#m-me button[name=language][value=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#w-birthday")).to_have_value("۱۴۰۴/۲/۱")
