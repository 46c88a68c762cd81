"""First run, settings that save themselves, sample data, and fields of one's own."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from .looks import DESK, looks, shows

#: Ada as she was: nothing skipped, nothing chosen that a story here chooses.
AS_SHE_WAS = """
from kith.identity.models import SkippedStep, User
SkippedStep.objects.all().delete()
User.objects.filter(email="ada@kultasatama.example").update(language="en", country="FI", calendar="", currency="EUR")
made = None
"""
SPOKEN = """
from kith.identity.models import User
User.objects.filter(email="ada@kultasatama.example").update(language=language)
made = None
"""


def saved(page: Any) -> Any:
    """Wait for the answer of a form that saves itself."""
    return page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok)


@shows(65)
def test_the_start_page_has_a_card_of_five_steps_which_are_seen_to_be_done_and_skipped_one_by_one_or_all(
    come: Any, house: Any, look: Any
):
    house.make(AS_SHE_WAS)
    ada = come(look)
    page = ada.go("/")
    card = page.locator(".setup")
    expect(card.locator("li")).to_have_count(5)
    step = lambda said: card.locator("li", has_text=ada.say(said))  # noqa: E731
    place, mail = "Language, time zone and currency", "Connect mail"
    for said in (
        place,
        "Bring in your data, or try with sample data",
        mail,
        "Invite a colleague",
        "Add the first record of your own",
    ):
        expect(step(said)).to_be_visible()
    # Done is what is so, and not what was clicked.
    expect(step(place)).to_have_class("done")
    expect(step("Invite a colleague")).to_have_class("done")
    expect(step(mail)).not_to_have_class("done")
    house.make(SPOKEN, language="")
    page.reload()
    expect(step(place)).not_to_have_class("done")
    house.make(SPOKEN, language="en")
    page.reload()
    step(mail).get_by_role("button", name=ada.say("Skip")).click()
    page.wait_for_url("**/settings/setup/")
    page = ada.go("/settings/setup/")
    expect(step(mail)).to_have_class("off")
    page.get_by_role("button", name=ada.say("Take up what was skipped")).click()
    expect(page.locator(".setup li.off")).to_have_count(0)
    page = ada.go("/")
    card.get_by_role("button", name=ada.say("Skip all of it")).click()
    page.wait_for_url("**/settings/setup/")
    page = ada.go("/")
    expect(page.locator(".setup, .setup-slot")).to_have_count(0)
    page = ada.go("/settings/setup/")
    page.get_by_role("button", name=ada.say("Take up what was skipped")).click()
    page = ada.go("/")
    expect(card).to_be_visible()


@shows(66)
@looks(most=2)
def test_sample_data_is_marked_and_one_button_takes_it_away(come: Any, house: Any, look: Any):
    ada = come(look)
    page = ada.go("/settings/samples/")
    page.get_by_role("button", name=ada.say("Make sample data")).click()
    page.wait_for_url("**/runs/*/")
    over = page.locator("#run:not([data-poll])")
    expect(over).to_be_visible(timeout=60_000)
    page = ada.go("/companies/?sort=-created_at")
    expect(page.locator("tr[data-id] .smp").first).to_be_visible()
    expect(page.locator("main")).to_contain_text(ada.say("Counts and totals here include sample data."))
    page = ada.go("/settings/samples/")
    page.locator(".danger").get_by_role("button").click()
    page.wait_for_url("**/runs/*/")
    expect(over).to_be_visible(timeout=60_000)
    page = ada.go("/settings/samples/")
    expect(page.locator("main")).to_contain_text(ada.say("There is no sample data"))
    page = ada.go("/companies/?sort=-created_at")
    expect(page.locator("tr[data-id] .smp")).to_have_count(0)


@shows(67)
def test_settings_are_one_list_that_is_searched_and_each_has_its_address(come: Any, look: Any):
    ada = come(look)
    page = ada.go("/settings/")
    links = page.locator("#settings a")
    expect(links.first).to_be_visible()
    many = links.count()
    addresses = [link.get_attribute("href") for link in links.all()]
    assert len(set(addresses)) == many > 15
    page.locator("#seek").fill(ada.say("Calendar"))
    single = page.locator("#settings a[href='/settings/me/#me-calendar']")
    expect(single).to_be_visible()
    assert links.count() < many
    single.click()
    page.wait_for_url("**/settings/me/#me-calendar")
    ada.visitor.ready()
    expect(page.locator("#me-calendar")).to_be_in_viewport()


@shows(67)
def test_a_setting_saves_itself_and_is_taken_back(come: Any, house: Any, look: Any):
    house.make(AS_SHE_WAS)
    ada = come(look)
    page = ada.go("/settings/me/")
    calendar, toast = page.locator("#me-calendar"), page.locator("#toasts .toast")
    expect(page.locator("#s-me .by-hand")).to_be_hidden()
    with saved(page):
        calendar.select_option("jalali")
    expect(toast).to_contain_text(ada.say("Saved"))
    page.reload()
    ada.visitor.ready()
    expect(calendar).to_have_value("jalali")
    with saved(page):
        page.locator("#me-currency").select_option("USD")
    with saved(page):
        toast.get_by_role("button", name=ada.say("Undo")).click()
    expect(page.locator("#me-currency")).to_have_value("EUR")
    expect(page.locator("#me-currency")).to_be_focused()
    expect(calendar).to_have_value("jalali")
    with saved(page):
        calendar.select_option("")
    page.locator("h1").click()
    with saved(page):
        page.keyboard.press("Control+z")
    expect(calendar).to_have_value("jalali")
    page.reload()
    expect(calendar).to_have_value("jalali")
    expect(page.locator("#me-currency")).to_have_value("EUR")
    house.make(AS_SHE_WAS)


@shows(67)
@looks(widths=DESK)
def test_switches_of_the_company_and_the_theme_are_taken_back_too(come: Any, house: Any, look: Any):
    ada = come(look)
    page = ada.go("/settings/company/")
    teams, toast = page.locator("[name='directory.teams'][type=checkbox]"), page.locator("#toasts .toast")
    expect(teams).to_be_checked()
    with saved(page):
        teams.uncheck()
    with saved(page):
        toast.get_by_role("button", name=ada.say("Undo")).click()
    expect(teams).to_be_checked()
    page.reload()
    expect(teams).to_be_checked()
    page = ada.go("/settings/me/")
    other = "dark" if look.theme == "light" else "light"
    page.locator(f"#theme button[value={other}]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", other)
    toast.get_by_role("button", name=ada.say("Undo")).click()
    expect(page.locator("html")).to_have_attribute("data-theme", look.theme)
    expect(page.locator(f"#theme button[value={look.theme}]")).to_have_attribute("aria-pressed", "true")


@shows(67)
@looks(widths=DESK, most=1)
@pytest.mark.expects_refusals(422)
def test_what_cannot_be_is_said_beside_it_and_what_destroys_asks_for_its_name(come: Any, house: Any, look: Any):
    ada = come(look)
    page = ada.go("/settings/me/")
    page.locator("#me-zone").fill("Mars/Olympus")
    page.locator("#me-zone").press("Tab")
    expect(page.locator("#me-zone-err")).to_be_visible()
    expect(page.locator("#me-zone")).to_have_value("Mars/Olympus")
    name = f"Team {uuid4().hex[:6]}"
    pk = house.make("from kith.identity.models import Team\nmade = Team.objects.create(name=name).pk", name=name)
    page = ada.go(f"/settings/teams/{pk}/")
    danger = page.locator(".danger")
    danger.locator("input[name=typed]").fill("something else")
    danger.get_by_role("button").click()
    expect(danger.locator("input[name=typed]")).to_have_attribute("aria-invalid", "true")
    danger.locator("input[name=typed]").fill(name.upper())
    danger.get_by_role("button").click()
    page.wait_for_url("**/settings/teams/")
    expect(page.locator("main")).not_to_contain_text(name)


@shows(68)
@looks(widths=DESK)
def test_a_field_is_added_from_the_menu_of_a_header_with_a_preview_that_follows(come: Any, look: Any):
    ada, name = come(look), f"Shelf {uuid4().hex[:6]}"
    page = ada.go("/companies/")
    page.locator("thead th[data-c] .hm").nth(1).click()
    page.locator("#c-menu").get_by_role("menuitem", name=ada.say("Add a field")).click()
    page.wait_for_url("**/settings/fields/contacts.company/new/**")
    ada.visitor.ready()
    page.locator("#label").fill(name)
    preview = page.locator("#field-preview")
    expect(preview).to_contain_text(name)
    page.locator("#kind").select_option("choice")
    expect(page.locator("[data-asked=options]")).to_be_visible()
    expect(page.locator("[data-asked=places]")).to_be_hidden()
    page.locator("[name='option-0.label']").fill("Blue moon")
    expect(preview).to_contain_text("Blue moon")
    page.locator(".making .fa .b.p").click()
    page.wait_for_url(re.compile(r"/companies/(\?.*)?$"))
    expect(page.locator("#toasts")).to_contain_text(name)
    page.locator("[popovertarget=f-cols]").click()
    expect(page.locator("#f-cols")).to_contain_text(name)


@shows(68)
def test_the_facts_of_a_record_lead_to_a_new_field_and_the_object_to_all_of_them(come: Any, house: Any, look: Any):
    pk = house.make('from kith.objects.write import create\nmade = create(S, "contacts.company", name="Oy").pk')
    ada, name = come(look), f"Note {uuid4().hex[:6]}"
    page = ada.go(f"/companies/{pk}/")
    link = page.locator("a[href^='/settings/fields/contacts.company/new/']").first
    expect(link).to_have_text(ada.say("Add a field"))
    page.goto(page.url.partition("/companies")[0] + (link.get_attribute("href") or ""))
    ada.visitor.ready()
    page.locator("#label").fill(name)
    page.locator(".making .fa .b.p").click()
    page.wait_for_url(f"**/companies/{pk}/")
    expect(page.locator(".kv", has_text=name)).to_have_count(1)
    page = ada.go("/settings/fields/contacts.company/")
    row = page.locator("main li", has_text=name)
    row.get_by_role("link", name=name).click()
    ada.visitor.ready()
    page.locator("#label").fill(f"{name} bis")
    expect(page.locator("#field-preview")).to_contain_text(f"{name} bis")
