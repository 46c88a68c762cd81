"""Cells that are edited where they stand: several lines, choices by arrows; how long a toast stays, and in whose order names stand."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from .looks import DESK, looks, shows
from .made import companies


def cell(page: Any, pk: int, name: str) -> Any:
    return page.locator(f"tr[data-id='{pk}'] td[data-f='{name}']")


@shows(13)
@looks(widths=DESK)
def test_a_text_of_several_lines_takes_enter_and_is_saved_with_ctrl(come: Any, house: Any, look: Any) -> None:
    url, (pk,) = companies(house, "Lined", 1)
    page = come(look).go(url + "&columns=notes,website")
    notes = cell(page, pk, "notes")
    notes.focus()
    page.keyboard.press("Enter")
    expect(notes.locator("textarea")).to_be_focused()
    page.keyboard.type("one")
    page.keyboard.press("Enter")
    page.keyboard.type("two")
    expect(notes.locator("textarea")).to_have_value("one\ntwo")
    page.keyboard.press("Control+Enter")
    expect(notes.locator("textarea")).to_have_count(0)
    expect(notes).to_contain_text("one")
    expect(notes).to_be_focused()
    # Whoever leaves a cell saves it, too.
    website = cell(page, pk, "website")
    website.dblclick()
    expect(website.locator("input.in")).to_be_focused()
    page.keyboard.type("https://left.example")
    page.locator("#q").click()
    expect(website).to_contain_text("left.example")
    read = "from kith.objects.query import find\nmade = find(S, 'contacts.company', pk).notes"
    assert house.make(read, pk=pk).splitlines() == ["one", "two"]


@shows(14)
@looks(widths=DESK)
def test_a_short_choice_is_walked_by_arrows(come: Any, house: Any, look: Any) -> None:
    url, (pk,) = companies(house, "Chosen", [{"stage": "lead"}])
    page = come(look).go(url + "&columns=stage")
    stage = cell(page, pk, "stage")
    stage.focus()
    page.keyboard.press("Enter")
    now = stage.locator("[role=option][aria-selected=true]")
    expect(now).to_be_focused()
    at, menu = stage.bounding_box(), stage.locator("[popover]").bounding_box()
    assert menu["y"] >= at["y"], "it hangs on the cell"
    assert menu["x"] < at["x"] + at["width"]
    assert at["x"] < menu["x"] + menu["width"]
    page.keyboard.press("ArrowDown")
    wanted = page.evaluate("document.activeElement.value")
    assert wanted != "lead"
    page.keyboard.press("Enter")
    expect(stage.locator("[role=option]")).to_have_count(0)
    expect(stage).to_be_focused()
    read = "from kith.objects.query import find\nmade = find(S, 'contacts.company', pk).stage"
    assert house.make(read, pk=pk) == wanted


@shows(16)
@looks(widths=DESK)
def test_a_toast_stays_seven_seconds_and_longer_under_the_pointer_or_the_focus(
    come: Any, house: Any, look: Any
) -> None:
    url, (pk,) = companies(house, "Toasted", [{"website": "https://old.example"}])
    guest = come(look)
    guest.page.clock.install()
    page = guest.go(url + "&columns=website")
    website, toast = cell(page, pk, "website"), page.locator("#toasts .toast")
    website.dblclick()
    expect(website.locator("input.in")).to_be_focused()
    page.keyboard.type("https://new.example")
    page.keyboard.press("Enter")
    expect(toast.locator("button")).to_have_text(guest.say("Undo"))
    toast.hover()
    page.clock.run_for(20_000)
    expect(toast).to_be_visible()
    page.locator("h1").hover()
    page.clock.run_for(6_000)
    expect(toast).to_be_visible()
    toast.locator("button").focus()
    page.clock.run_for(20_000)
    expect(toast).to_be_visible()
    toast.locator("button").click()
    expect(website).to_contain_text("old.example")
    page.locator("h1").hover()
    page.locator("#q").focus()
    page.clock.run_for(8_000)
    expect(toast).to_have_count(0)


@shows(25)
@looks(widths=DESK)
def test_names_stand_in_the_order_of_their_letters_and_not_of_their_codes(come: Any, house: Any, look: Any) -> None:
    word = "Letters" + str(look).replace("-", "")
    code = "from kith.objects.write import create\nmade = [create(S, 'contacts.company', name=f'{word} {n}').pk for n in names]"
    z, a, e, o = house.make(code, word=word, names=["zeta", "Alpha", "Épsilon", "omega"])
    page = come(look).go(f"/companies/?q={word}&sort=name")
    expect(page.locator("tr[data-id]")).to_have_count(4)
    assert [r.get_attribute("data-id") for r in page.locator("tr[data-id]").all()] == [str(pk) for pk in (a, e, o, z)]


@shows(23)
@looks(widths=DESK)
def test_is_me_is_whoever_looks(come: Any, house: Any, look: Any) -> None:
    code = (
        "from kith.identity.models import User\nfrom kith.objects.write import create\n"
        "of = lambda mail: User.objects.get(email=mail).pk\n"
        "made = [create(S, 'contacts.company', name=word, owner=of(m + '@kultasatama.example')).pk for m in ('ada', 'mikko')]"
    )
    word = "Owned" + str(look).replace("-", "")
    hers, his = house.make(code, word=word)
    for mail, pk in (("ada", hers), ("mikko", his)):
        page = come(look, f"{mail}@kultasatama.example").go(f"/companies/?q={word}&filter=owner:is_me")
        expect(page.locator("tr[data-id]")).to_have_count(1)
        expect(page.locator("tr[data-id]")).to_have_attribute("data-id", re.compile(f"^{pk}$"))
        expect(page.locator("#chips .chip")).to_have_count(1)


@shows(28)
@looks(widths=DESK)
def test_enter_opens_what_is_no_cell_to_edit(come: Any, house: Any, look: Any) -> None:
    url, made = companies(house, "Entered", 2)
    guest = come(look)
    page = guest.go(url)
    page.locator("tbody td[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/companies/{made[1]}/"))
