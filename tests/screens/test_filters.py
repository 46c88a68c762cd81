"""Filters, sorting, groups, and cells that are edited where they stand."""

from __future__ import annotations

import re
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import expect

from .looks import DESK, PHONE, looks, shows

FIRM = """
from kith.objects.write import create
made = [create(S, "contacts.company", name=n, language=c).pk for n, c in pairs]
"""


NUMBERS = count()


def firms(house: Any, word: str, *languages: str) -> tuple[str, list[int]]:
    """Companies of this test's own: a word that finds them and no others, and their keys."""
    word += f"{next(NUMBERS):03}"
    return word, house.make(FIRM, pairs=[(f"{word} {n}", c) for n, c in enumerate(languages)])


def walking(page: Any) -> Any:
    """The page, once the script of its table runs."""
    page.wait_for_selector("html[data-walks]")
    return page


def row(page: Any, pk: int) -> Any:
    return page.locator(f"tr[data-id='{pk}']")


def editable(page: Any, pk: int, name: str) -> Any:
    return row(page, pk).locator(f"td[data-f='{name}']")


@shows(22)
@looks(widths=DESK)
def test_each_part_of_a_chip_edits_it_and_the_popover_stays(come: Any, house: Any, look: Any) -> None:
    word, _mine = firms(house, "Chipfirm", "fi", "sl", "fa")
    page = walking(come(look).go(f"/companies/?q={word}&filter=language:in:fi"))
    expect(page.locator("tr[data-id]")).to_have_count(1)
    chip = page.locator("#chips [data-chip='0']")
    for part in ("field", "op", "value"):
        chip.locator(f"[data-at='{part}']").first.click()
        expect(page.locator("#f-edit form")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#f-edit")).to_be_hidden()
        expect(chip.locator(f"[data-at='{part}']").first).to_be_focused()
    page.evaluate("window.same = true")
    chip.locator("[data-at='value']").first.click()
    page.locator("#f-edit input[name=v][value=sl]").check()
    expect(page.locator("tr[data-id]")).to_have_count(2)
    expect(page.locator("#f-edit")).to_be_visible()
    expect(page.locator("#f-edit input[value=sl]")).to_be_focused()
    expect(page).to_have_url(re.compile("language:in:(fi,sl|sl,fi)"))
    assert page.evaluate("window.same"), "nothing was loaded anew"
    page.keyboard.press("Escape")
    page.reload()
    walking(page)
    expect(page.locator("tr[data-id]")).to_have_count(2)
    page.locator("#chips [data-chip='0'] .x").click()
    expect(page.locator("tr[data-id]")).to_have_count(3)
    expect(page.locator("#chips .chip")).to_have_count(0)
    assert "filter" not in page.url


@shows(23, 30)
@looks(widths=DESK)
def test_the_whole_filter_is_edited_by_rows_and_said_in_words(come: Any, house: Any, look: Any) -> None:
    word, _mine = firms(house, "Groupfirm", "fi", "sl", "fa", "")
    page = walking(come(look).go(f"/companies/?q={word}"))
    page.locator("#f-open").click()
    page.locator("#f-edit a[href*='/filter/all/']").click()
    page.locator("#filter-all button[value=group]").click()
    page.locator("[name='f.0.0']").select_option("language")
    page.locator("[name='v.0.0'][value=fi]").check()
    expect(page.locator("tr[data-id]")).to_have_count(1)
    page.locator("[name='f.0.1']").select_option("language")
    page.locator("[name='op.0.1']").select_option("empty")
    expect(page.locator("tr[data-id]")).to_have_count(2)
    said = page.locator("#filter-said[role=status]")
    expect(said).not_to_be_empty()
    expect(page.locator("#say[aria-live]")).to_contain_text(re.compile("[2۲]"))
    page.locator("#filter-all button[value=add]").click()
    page.locator("[name='f.1']").select_option("created_at")
    page.locator("[name='op.1']").select_option("last")
    page.locator("input[name='v.1']").fill("14")
    expect(page).to_have_url(re.compile("created_at:last:14"))
    expect(page.locator("input[name='v.1']")).to_be_focused()
    expect(page.locator("tr[data-id]")).to_have_count(2)
    page.locator("#filter-all button[value='drop.0']").click()
    expect(page.locator("tr[data-id]")).to_have_count(4)
    page.locator("#filter-all button.p[value=apply]").click()
    expect(page.locator("#f-edit")).to_be_hidden()


@shows(24)
@looks(widths=DESK)
def test_search_in_the_view_finds_every_spelling_and_keeps_the_focus(come: Any, house: Any, look: Any) -> None:
    made = house.make(
        "from kith.objects.write import create\n"
        "made = [create(S, 'contacts.person', {'name.family': f, 'name.given': g, **m}).pk for f, g, m in people]",
        people=[
            ("田中", "由紀", {"name.latin_family": "Tanaka", "name.latin_given": "Yuki"}),
            ("Čehovšek", "Žiga", {}),
            ("کیانی", "یاسمن", {}),
        ],
    )
    page = walking(come(look).go("/people/"))
    for typed, pk in (
        ("tanaka yuki", made[0]),
        ("田中 由紀", made[0]),
        ("cehovsek", made[1]),
        ("كياني", made[2]),
        ("ＣＥＨＯＶ", made[1]),
    ):
        page.keyboard.press("/")
        page.locator("#q").fill(typed)
        expect(row(page, pk)).to_be_visible()
        expect(page.locator("#q")).to_be_focused()
        page.locator("h1").click()


@shows(25)
@looks(widths=DESK)
def test_headers_go_round_and_shift_adds_a_second_key(come: Any, house: Any, look: Any) -> None:
    word, (a, b, c) = firms(house, "Sortfirm", "sl", "fi", "fi")
    page = walking(come(look).go(f"/companies/?q={word}&columns=language"))

    def order() -> list[str]:
        return [r.get_attribute("data-id") for r in page.locator("tr[data-id]").all()]

    head = page.locator("[id='h-name']")
    for url, wanted in ((r"sort=name(&|$)", [a, b, c]), (r"sort=-name(&|$)", [c, b, a])):
        head.click()
        expect(page).to_have_url(re.compile(url))
        assert order() == [str(pk) for pk in wanted]
    head.click()
    page.wait_for_url(lambda url: "sort=" not in url)
    page.locator("[id='h-language']").click()
    expect(page).to_have_url(re.compile(r"sort=language(&|$)"))
    head.click(modifiers=["Shift"])
    expect(page).to_have_url(re.compile("sort=language(,|%2C)name"))
    head.click(modifiers=["Shift"])
    expect(page).to_have_url(re.compile("sort=language(,|%2C)-name"))
    assert order().index(str(c)) < order().index(str(b))


@shows(26)
@looks(widths=DESK)
def test_groups_have_counts_fold_and_begin_new_records(come: Any, house: Any, look: Any) -> None:
    word, _mine = firms(house, "Foldfirm", "fi", "fi", "sl")
    page = walking(come(look).go(f"/companies/?q={word}&group=language"))
    heads = page.locator("tr.gh")
    expect(heads).to_have_count(2)
    finland = page.locator("tbody[data-group='language:in:fi']")
    expect(finland.locator(".cnt")).to_have_text(re.compile("[2۲]"))
    assert finland.locator("tr.gh td").evaluate("(e) => getComputedStyle(e).position") == "sticky"
    finland.locator("[data-fold]").click()
    expect(finland.locator("tr[data-id]").first).to_be_hidden()
    page.reload()
    walking(page)
    expect(page.locator("tr[data-id]")).to_have_count(1)
    finland.locator("[data-fold]").click()
    expect(finland.locator("tr[data-id]:visible")).to_have_count(2)
    assert "language=fi" in finland.locator("[data-new]").get_attribute("href")


@shows(12, 13, 16)
@looks(widths=DESK)
def test_a_cell_is_edited_where_it_stands_and_taken_back(come: Any, house: Any, look: Any) -> None:
    word, (pk,) = firms(house, "Cellfirm", "fi")
    page = walking(come(look).go(f"/companies/?q={word}&columns=website,language"))
    cell = editable(page, pk, "website")
    cell.click()
    expect(cell).to_be_focused()
    expect(cell.locator("form")).to_have_count(0)
    cell.click()
    expect(cell.locator("input.in")).to_be_focused()
    page.keyboard.type("https://example.com")
    with page.expect_response(lambda r: "/edit/" in r.url and r.request.method == "POST"):
        page.keyboard.press("Enter")
    expect(cell).to_contain_text("example.com")
    expect(cell).to_be_focused()
    toast = page.locator("#toasts .toast")
    expect(toast.locator("form[data-undo]")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(cell).not_to_contain_text("example.com")
    asked: list[str] = []
    cell.focus()
    page.keyboard.press("F2")
    expect(cell.locator("input.in")).to_be_focused()
    page.keyboard.type("https://not.example")
    page.on("request", lambda request: asked.append(request.method))
    page.keyboard.press("Escape")
    expect(cell.locator("form")).to_have_count(0)
    expect(cell).to_be_focused()
    assert "POST" not in asked
    page.keyboard.press("Enter")
    expect(cell.locator("input.in")).to_be_focused()
    page.keyboard.type("https://next.example")
    page.keyboard.press("Tab")
    expect(cell).to_contain_text("next.example")
    expect(page.locator("td.ed")).to_have_attribute("data-f", "language")
    assert row(page, pk).locator("a.n").count() == 1, "the name is a link"


@shows(14)
@looks(widths=DESK)
def test_a_choice_opens_with_the_current_one_and_typing_narrows_it(come: Any, house: Any, look: Any) -> None:
    word, (pk,) = firms(house, "Choicefirm", "fi")
    page = walking(come(look).go(f"/companies/?q={word}&columns=language"))
    cell = editable(page, pk, "language")
    cell.dblclick()
    expect(cell.locator("[role=option][aria-selected=true]")).to_have_attribute("value", "fi")
    narrow = cell.locator("[data-narrow]")
    expect(narrow).to_be_focused()
    name = cell.locator("[role=option][value=sl]").inner_text().strip()
    narrow.fill(name)
    expect(cell.locator("[role=option]:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(cell).to_contain_text(name)


@shows(15)
@looks(widths=DESK)
@pytest.mark.expects_refusals(422)
def test_a_refused_value_keeps_the_editor_and_says_why(come: Any, house: Any, look: Any) -> None:
    word, (pk,) = firms(house, "Wrongfirm", "fi")
    page = walking(come(look).go(f"/companies/?q={word}&columns=website"))
    cell = editable(page, pk, "website")
    cell.dblclick()
    page.keyboard.type("no address at all")
    page.keyboard.press("Enter")
    expect(cell.locator("[role=alert]")).to_be_visible()
    expect(cell.locator("input.in")).to_have_value("no address at all")
    expect(cell.locator("input.in")).to_have_attribute("aria-invalid", "true")


@shows(28)
@looks(widths=DESK)
def test_the_grid_is_walked_by_arrows_mirrored_where_the_page_is(come: Any, house: Any, look: Any) -> None:
    word, (first, _second, third) = firms(house, "Walkfirm", "fi", "sl", "fa")
    ada = come(look)
    page = walking(ada.go(f"/companies/?q={word}&sort=name&columns=website,language"))
    assert page.locator("tbody td[tabindex='0']").count() == 1, "one stop for the Tab key"
    page.locator("tbody td[tabindex='0']").focus()

    def at() -> list[str]:
        return page.evaluate(
            "() => [document.activeElement.parentNode.dataset.id, document.activeElement.dataset.f || '']"
        )

    for key, wanted in (
        (ada.forward(), [first, "website"]), (ada.forward(), [first, "language"]), (ada.back(), [first, "website"]),
        ("Control+End", [third, "language"]), ("Home", [third, ""]), ("Control+Home", [first, ""]), ("End", [first, "language"]),
        ("PageDown", [third, "language"]), ("PageUp", [first, "language"]),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert at() == [str(wanted[0]), wanted[1]], key
    page.keyboard.press("x")
    expect(row(page, first)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("x")
    page.keyboard.press(" ")
    expect(page).to_have_url(re.compile(f"peek={first}"))


@looks(widths=PHONE)
def test_chips_are_scrolled_inside_the_toolbar_and_never_widen_a_phone(come: Any, house: Any, look: Any) -> None:
    page = walking(come(look).go("/companies/?filter=stage:in:lead,customer;changed_at:last:30"))
    chips = page.locator("#chips")
    assert chips.evaluate("(e) => e.scrollWidth > e.clientWidth"), "more than there is room for"
    assert page.evaluate("document.documentElement.scrollWidth") == look.width
    chips.locator("[data-chip='0'] [data-at='value']").click()
    sheet = page.locator("#f-edit form")
    expect(sheet).to_be_visible()
    box = page.locator("#f-edit").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= look.width
