"""The command menu, the page of a search, quick create, and single keys."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from .looks import DESK, looks, shows
from .test_shell import UNREAD

COMPANY = 'from kith.objects.write import create\nmade = create(S, "contacts.company", **values).pk'
PERSON = 'from kith.objects.write import create\nmade = create(S, "contacts.person", name={"given": given, "family": family}).pk'
#: How long it takes from the keys to the open menu, as the page itself measures it.
OPENING = """() => {
  const began = performance.now();
  const told = { key: 'k', code: 'KeyK', ctrlKey: true, bubbles: true, cancelable: true };
  (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', told));
  const menu = document.querySelector('#cmd');
  menu.getBoundingClientRect();
  return [menu.matches(':popover-open'), performance.now() - began];
}"""
FAST = 100


def company(house: Any, name: str, **values: Any) -> int:
    """Make a company."""
    pk: int = house.make(COMPANY, values={"name": name, **values})
    return pk


@shows(55)
def test_the_menu_opens_at_once_from_anywhere_with_recents_deeds_and_places_and_records_from_one_letter(
    come: Any, house: Any, look: Any
):
    word = f"Zq{uuid4().hex[:5]}"
    pk = company(house, f"{word} Oy")
    ada = come(look)
    ada.go(f"/companies/{pk}/")
    page = ada.go("/companies/")
    menu, box = page.locator("#cmd"), page.locator("#cmd input[type=search]")
    # While typing, too.
    page.locator("#q").focus()
    opened, took = page.evaluate(OPENING)
    assert opened
    assert took < FAST, took
    expect(box).to_be_focused()
    headings = menu.locator(".ml")
    for said in ("Recently viewed", "Actions", "Go to"):
        expect(headings.filter(has_text=ada.say(said))).to_be_visible()
    expect(menu.locator(f"[role=option][href='/companies/{pk}/']")).to_be_visible()
    expect(menu.locator("[role=option][href='/companies/new/']")).to_have_count(1)
    expect(menu.locator("[role=option][href='/people/']")).to_have_count(1)
    box.press_sequentially("z")
    expect(headings.filter(has_text=re.compile(f"^{re.escape(ada.say('Records'))}$"))).to_be_visible()
    box.fill(word.lower())
    expect(menu.locator(f"[role=option][href='/companies/{pk}/']")).to_be_visible()
    box.fill("")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.locator("#q")).to_be_focused()


@shows(56)
def test_the_menu_is_a_combobox_that_keys_walk_and_an_unfinished_character_opens_nothing(
    come: Any, house: Any, look: Any
):
    word = f"Cb{uuid4().hex[:5]}"
    pks = [company(house, f"{word} {n}") for n in (1, 2)]
    ada = come(look)
    page = ada.go("/people/")
    menu, box = page.locator("#cmd"), page.locator("#cmd input[type=search]")
    started = page.locator("a[href], button").first
    started.focus()
    page.keyboard.press("Control+k")
    expect(box).to_have_attribute("role", "combobox")
    expect(box).to_have_attribute("aria-controls", "cmd-rs")
    expect(page.locator("#cmd-rs")).to_have_attribute("role", "listbox")
    box.fill(word)
    options = menu.locator("[role=option]")
    expect(menu.locator("[role=option] mark")).to_have_count(2)
    chosen = lambda n: expect(box).to_have_attribute("aria-activedescendant", options.nth(n).get_attribute("id"))  # noqa: E731
    chosen(0)
    page.keyboard.press("ArrowDown")
    chosen(1)
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(options.nth(0)).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowUp")
    chosen(0)
    page.keyboard.press("ArrowUp")
    chosen(options.count() - 1)
    page.keyboard.press("ArrowDown")
    here = page.url
    box.evaluate(
        "(e) => e.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))"
    )
    expect(menu).to_be_visible()
    assert page.url == here
    with page.context.expect_page() as opened:
        page.keyboard.press("Control+Enter")
    expect(opened.value).to_have_url(re.compile(f"/companies/({pks[0]}|{pks[1]})/"))
    opened.value.close()
    assert page.url == here
    # Escape empties first, and closes then; the focus is back where it was.
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(started).to_be_focused()
    page.keyboard.press("Control+k")
    box.fill(f"{word} 2")
    expect(options.first).to_have_attribute("href", f"/companies/{pks[1]}/")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/companies/{pks[1]}/")


@shows(57)
def test_on_a_record_its_own_deeds_come_first_under_a_chip_that_goes_away(come: Any, house: Any, look: Any):
    name = f"Chip {uuid4().hex[:5]}"
    pk = house.make(PERSON, given=name, family="")
    ada = come(look)
    page = ada.go(f"/people/{pk}/")
    menu, box = page.locator("#cmd"), page.locator("#cmd input[type=search]")
    page.keyboard.press("Control+k")
    expect(menu.locator(".ctx")).to_contain_text(name)
    first = menu.locator(".ml").first
    expect(first).to_contain_text(name)
    deeds = [one.get_attribute("href") for one in menu.locator("[role=option]").all()]
    own = [at for at in deeds if at and at.startswith(f"/people/{pk}/")]
    # Change the stage, assign somebody, write down what was said.
    assert {f"/people/{pk}/stage/fact/", f"/people/{pk}/owner/fact/", f"/people/{pk}/#cmp-text"} <= set(own)
    assert deeds[: len(own)] == own
    menu.locator(f"[href='/people/{pk}/#cmp-text']").click()
    expect(page.locator("#cmp-text")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(box).to_have_value("")
    page.keyboard.press("Backspace")
    expect(menu.locator(".ctx")).to_be_hidden()
    expect(menu.locator(f"[role=option][href='/people/{pk}/stage/fact/']")).to_have_count(0)


@shows(58)
def test_enter_on_all_results_opens_a_page_with_a_tab_for_each_type_and_marks_why(come: Any, house: Any, look: Any):
    word = f"tanaka{uuid4().hex[:5]}"
    pk = company(house, f"田中電機 {word}")
    person = house.make(PERSON, given="کاظمی", family=word)
    ada = come(look)
    page = ada.go("/")
    page.keyboard.press("Control+k")
    page.locator("#cmd input[type=search]").fill(word)
    everything = page.locator("#cmd #o-all")
    expect(everything).to_have_attribute("href", f"/search/?q={word}")
    everything.click()
    page.wait_for_url(f"**/search/?q={word}")
    ada.visitor.ready()
    hits = page.locator(".hits a")
    expect(page.locator(f".hits a[href='/companies/{pk}/'] mark")).to_have_text(word)
    expect(page.locator(f".hits a[href='/people/{person}/'] mark").first).to_have_text(word)
    tabs = page.locator("#found .tabs a")
    expect(tabs).to_have_count(3)
    tabs.nth(1).click()
    ada.visitor.ready()
    expect(page.locator("#found .tabs a[aria-current]")).to_have_count(1)
    assert len({(one.get_attribute("href") or "").split("/")[1] for one in hits.all()}) == 1
    # Scripts in one question, and letters that keyboards write in two ways.
    for asked, where in ((f"田中 {word}", f"/companies/{pk}/"), (f"كاظمي {word}", f"/people/{person}/")):
        page = ada.go("/search/")
        page.locator("#sq").fill(asked)
        expect(page.locator(f".hits a[href='{where}']")).to_be_visible()
        expect(page.locator(f".hits a[href='{where}'] mark").first).to_be_visible()


@shows(59)
def test_a_record_is_made_with_one_required_field_by_keys_alone_and_told_of_its_likes(come: Any, house: Any, look: Any):
    word = uuid4().hex[:8]
    there = f"Vanha {word}"
    company(house, there)
    ada = come(look)
    page = ada.go("/companies/")
    page.keyboard.press("n")
    form = page.locator("dialog.dlg form")
    expect(form.locator(".fld:visible input").first).to_be_focused()
    assert form.locator(".req:visible").count() == 1
    # The order of Tab is the order of reading.
    order = page.evaluate(
        "() => [...document.querySelectorAll('dialog.dlg form :is(input,select,textarea,button,summary,a[href])')]"
        ".filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.type !== 'hidden' && e.tabIndex >= 0).map((e) => {"
        " const r = e.getBoundingClientRect(); return [Math.round(r.top), Math.round(document.dir === 'rtl' ? -r.right : r.left)]; })"
    )
    assert all(b[0] >= a[0] - 24 for a, b in pairwise(order)), order
    name = form.locator("[name=name]")
    name.press_sequentially(there)
    expect(form.locator(".hints")).to_contain_text(there)
    name.fill(f"Uusi {word} a")
    page.keyboard.press("Control+Shift+Enter")
    expect(name).to_have_value("")
    expect(page.locator("#toasts")).to_contain_text(f"Uusi {word} a")
    expect(name).to_be_focused()
    name.fill(f"Uusi {word} b")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/companies/\d+/"))
    made = f'from kith.objects.query import count\nmade = count(S, "contacts.company", filter="name:contains:Uusi {word}").value'
    assert house.make(made) == 2


@shows(59)
@looks(widths=DESK, most=1)
def test_plus_offers_what_can_be_made_and_a_company_comes_from_the_domain_of_an_address(
    come: Any, house: Any, look: Any
):
    word = f"d{uuid4().hex[:8]}"
    known = company(house, f"Tuttu {word}", website=f"https://{word}.example")
    ada = come(look)
    page = ada.go("/")
    page.keyboard.press("+")
    page.locator("#m-new a[href='/people/new/']").click()
    form = page.locator("dialog.dlg form")
    form.locator("input[name='name.given']").fill("Eka")
    form.locator("input[inputmode=email]").first.fill(f"eka@{word}.example")
    found = form.locator("[data-home]")
    expect(found).to_have_attribute("data-pk", str(known))
    # Leaving the field asks anew: whoever comes by key stays where she is, and who presses slowly has pressed.
    with page.expect_response("**/alike/"):
        found.focus()
    expect(found).to_be_focused()
    form.locator("input[inputmode=email]").first.press_sequentially("x")
    form.locator("input[inputmode=email]").first.press("Backspace")
    with page.expect_response("**/alike/"):
        found.hover()
        page.mouse.down()
    page.mouse.up()
    expect(form.locator(f"input[name='companies-{known}']")).to_be_checked()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/people/\d+/"))
    page = ada.go("/people/new/")
    page.locator("main form input[inputmode=email]").first.fill(f"toka@{word}uusi.example")
    fresh = page.locator("main form [data-home]")
    expect(fresh).to_have_attribute("data-domain", f"{word}uusi.example")
    fresh.click()
    expect(page.locator("main form input[name^='companies-']")).to_be_checked()


KEYS = """
from kith.identity.models import User
User.objects.filter(email="ada@kultasatama.example").update(shortcuts={})
made = None
"""


@shows(60)
def test_two_keys_jump_one_lists_all_and_none_fires_while_somebody_types(come: Any, house: Any, look: Any):
    house.make(KEYS)
    # Also where the letters of a page mean something else: in an inbox that is not empty H puts off, but for G and then H.
    house.make(UNREAD, name=f"Jump {look}")
    ada = come(look)
    page = ada.go("/")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/people/")
    ada.visitor.ready()
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/inbox/")
    ada.visitor.ready()
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url(re.compile(r":\d+/$"))
    ada.visitor.ready()
    page.keyboard.press("?")
    sheet = page.locator("dialog#keys")
    expect(sheet.get_by_role("heading", name=ada.say("Keyboard shortcuts"))).to_be_visible()
    assert sheet.locator("dt").count() > 15
    # Under a dialog nothing else is meant.
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.keyboard.press("n")
    expect(page.locator("dialog.dlg, #m-new:popover-open")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page = ada.go("/people/")
    page.locator("#q").focus()
    page.keyboard.type("gn?+")
    expect(page.locator("#q")).to_have_value("gn?+")
    expect(page.locator("dialog[open], #m-new:popover-open")).to_have_count(0)


@shows(60)
@looks(most=1)
def test_keys_are_chosen_anew_or_switched_off_in_the_settings(come: Any, house: Any, look: Any):
    house.make(KEYS)
    ada = come(look)
    page = ada.go("/settings/keyboard/")
    new = page.locator("#k-add")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        new.fill("y")
        new.press("Tab")
    page = ada.go("/companies/")
    page.keyboard.press("+")
    expect(page.locator("#m-new:popover-open")).to_have_count(0)
    page.keyboard.press("y")
    expect(page.locator("#m-new:popover-open")).to_have_count(1)
    page = ada.go("/settings/keyboard/")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        page.locator("input[name=off]").check()
    page = ada.go("/companies/")
    for key in ("y", "?", "n"):
        page.keyboard.press(key)
    expect(page.locator("dialog[open], #m-new:popover-open")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.locator("#cmd")).to_be_visible()
    house.make(KEYS)


@looks(widths=DESK, most=1)
@pytest.mark.expects_refusals(422)
def test_a_key_that_is_taken_is_refused_beside_it_and_stays_typed(come: Any, house: Any, look: Any):
    house.make(KEYS)
    page = come(look).go("/settings/keyboard/")
    page.locator("#k-add").fill("n")
    page.locator("#k-add").press("Tab")
    expect(page.locator("#k-add")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#k-add-err")).to_be_visible()
    expect(page.locator("#k-add")).to_have_value("n")
