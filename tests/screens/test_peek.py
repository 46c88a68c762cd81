"""The panel beside a list: one record after the other, while the list stays where it is."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from playwright.sync_api import expect

from .looks import DESK, PHONE, looks, shows

NUMBERS = count()
MAKE = """
from kith.objects.write import create
made = [create(as_user("ada@kultasatama.example"), "contacts.company", name=f"{word} {n}").pk for n in names]
"""
SOMEBODY = """
from kith.objects.write import create
made = create(as_user("ada@kultasatama.example"), "contacts.person", {"name": "Ordera Peekinen"}).pk
"""


def firms(house: Any, word: str, *names: str) -> tuple[str, list[int]]:
    """Companies that Ada made: the list that shows them alone, and their keys."""
    word += f"{next(NUMBERS):03}"
    return f"/companies/?q={word}&sort=-name", house.make(MAKE, word=word, names=list(names))


def digits(ada: Any, number: int) -> str:
    """A number as she reads it."""
    return str(number).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) if ada.look.rtl else str(number)


def position(ada: Any, place: int, total: int) -> str:
    """What stands beside the arrows."""
    return ada.say("%(place)s of %(total)s") % {"place": digits(ada, place), "total": digits(ada, total)}


def row(page: Any, pk: int) -> Any:
    return page.locator(f"tr[data-id='{pk}']")


def shown(page: Any, pk: int) -> Any:
    """What the panel shows of this record."""
    return page.locator(f"#peek [data-record='{pk}']")


@shows(31)
@looks(widths=DESK)
def test_space_and_preview_open_a_panel_over_the_end_of_a_list_that_stays_live(
    come: Any, house: Any, look: Any
) -> None:
    ada = come(look)
    at, (first, second) = firms(house, "Spacefirm", "A", "B")
    page = ada.go(at)
    row(page, first).locator("td").nth(1).click()
    page.keyboard.press("Space")
    expect(shown(page, first)).to_be_visible()
    assert f"peek={first}" in page.url
    expect(row(page, first)).to_contain_class("cur")
    expect(row(page, second)).not_to_contain_class("cur")
    assert page.locator("#peek").bounding_box()["width"] == pytest.approx(520, abs=0.1), "it may still be sliding in"
    # It slides to the end of the sheet.
    page.wait_for_function(
        """() => { const [panel, sheet] = ["#peek", "main"].map((one) => document.querySelector(one).getBoundingClientRect());
          return Math.abs(document.dir === "rtl" ? panel.left - sheet.left : panel.right - sheet.right) <= 1; }"""
    )
    # What a colleague changes comes into the list meanwhile, and another row is a click away.
    house.make(
        "from kith.objects.query import find\nfrom kith.objects.write import change\n"
        "made = change(S, find(S, 'contacts.company', pk), name=name).pk",
        pk=second,
        name="Spacefirm renamed",
    )
    expect(row(page, second)).to_contain_text("Spacefirm renamed")
    row(page, second).hover()
    row(page, second).get_by_role("button", name=ada.say("Preview")).click()
    expect(shown(page, second)).to_be_visible()
    assert f"peek={second}" in page.url
    expect(row(page, second)).to_contain_class("cur")
    expect(row(page, first)).not_to_contain_class("cur")
    # The address shows the same to whoever gets it.
    page = come(look).go(page.url.removeprefix(house.url))
    expect(shown(page, second)).to_be_visible()


@shows(32)
@looks(widths=DESK)
def test_keys_and_arrows_walk_the_list_as_it_is_filtered_and_sorted(come: Any, house: Any, look: Any) -> None:
    ada = come(look)
    at, (a, b, c) = firms(house, "Walkfirm", "A", "B", "C")
    page = ada.go(at)
    came = row(page, c).locator("td").nth(1)
    came.click()
    page.keyboard.press("Space")
    told = page.locator("#peek .pos")
    expect(told).to_have_text(position(ada, 1, 3))
    before = page.get_by_role("button", name=ada.say("Previous record"))
    after = page.get_by_role("button", name=ada.say("Next record"))
    expect(before).to_be_disabled()
    page.keyboard.press("j")
    expect(shown(page, b)).to_be_visible()
    expect(told).to_have_text(position(ada, 2, 3))
    after.click()
    expect(shown(page, a)).to_be_visible()
    expect(told).to_have_text(position(ada, 3, 3))
    expect(after).to_be_disabled()
    expect(row(page, a)).to_contain_class("cur")
    page.keyboard.press("k")
    expect(shown(page, b)).to_be_visible()
    before.click()
    expect(shown(page, c)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#peek [data-record]")).to_have_count(0)
    expect(came).to_be_focused()
    assert "peek" not in page.url


@shows(33)
@looks(widths=DESK)
def test_the_panel_says_who_what_to_do_what_comes_next_what_is_known_and_what_happened(
    come: Any, house: Any, look: Any
) -> None:
    ada = come(look)
    pk = house.make(SOMEBODY)
    page = ada.go(f"/people/?peek={pk}")
    panel = page.locator("#peek")
    expect(shown(page, pk)).to_be_visible()
    tops = [panel.locator(part).first.bounding_box()["y"] for part in ("h2", ".acts", "#next", ".kv", "#tl")]
    assert tops == sorted(tops)
    assert len(set(tops)) == len(tops)
    star = panel.get_by_role("button", name=ada.say("Favourite", "a star on a record"))
    expect(star).to_have_attribute("aria-pressed", "false")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    panel.get_by_role("link", name=ada.say("Open"), exact=True).click()
    page.wait_for_url(f"{house.url}/people/{pk}/**")
    expect(page.locator("h1")).to_contain_text("Ordera")
    expect(page.locator(".star [aria-pressed=true]")).to_have_count(1)


@shows(33)
@looks(widths=PHONE)
def test_a_phone_opens_the_page(come: Any, house: Any, look: Any) -> None:
    at, (pk,) = firms(house, "Phonefirm", "A")
    page = come(look).go(f"{at}&peek={pk}")
    expect(page.locator("#peek")).to_be_hidden()
    page.locator("tr[data-id]").click()
    page.wait_for_url(f"{house.url}/companies/{pk}/**")
    expect(page.locator("h1")).to_contain_text("Phonefirm")
