"""Saved views, columns, and how a list stands on the page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from .looks import DESK, looks, shows
from .made import companies


def widths(page: Any) -> dict[str, int]:
    """How wide each column is."""
    found: dict[str, int] = page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('thead th[data-c]')].map((h) => [h.dataset.c, Math.round(h.offsetWidth)]))"
    )
    return found


@shows(5, 21)
@looks(widths=DESK)
@pytest.mark.expects_refusals(404)
def test_a_view_is_saved_changed_discarded_and_opens_by_its_address(come: Any, house: Any, look: Any):
    ada = come(look)
    page = ada.go(companies(house, "Viewed", 3)[0])
    expect(page.locator("#views .vd").first).to_be_visible()
    page.locator(".vs [popovertarget=v-new]").click()
    page.locator("#v-new input[name=name]").fill(f"Mine {look}")
    page.locator("#v-new button.p").click()
    page.wait_for_url(re.compile(r"\?view=\d+$"))
    saved = page.url
    expect(page.locator("#views .vt[aria-current] bdi")).to_have_text(f"Mine {look}")
    expect(page.locator("tbody tr[data-id]")).to_have_count(3)
    expect(page.locator("#views .vd")).to_have_count(0)
    page.locator("thead th[data-c=name] a[data-view]").click()
    expect(page.locator("#views .vd").first).to_be_visible()
    page.wait_for_url(re.compile(r"view=\d+&sort="))
    # The address alone shows the same in another browser of hers.
    other = come(look).go(page.url.partition(house.url)[2])
    expect(other.locator("#views .vd").first).to_be_visible()
    expect(other.locator("tbody tr[data-id] a.n").first).to_contain_text("0002")
    page.locator("[data-discard]").click()
    page.wait_for_url(saved)
    expect(page.locator("tbody tr[data-id] a.n").first).to_contain_text("0000")
    # It is hers alone until she shares it.
    stranger = come(look, "mikko@kultasatama.example").visitor.page
    assert stranger.goto(saved).status == 404


@shows(11)
@looks(widths=DESK)
def test_columns_are_resized_moved_and_hidden_by_pointer_and_by_key(come: Any, house: Any, look: Any):
    ada = come(look)
    page = ada.go(companies(house, "Columned", 2)[0])
    before = widths(page)
    names = list(before)
    head = page.locator(f'thead th[data-c="{names[2]}"]')
    head.locator("a,[data-hm]").first.focus()
    page.keyboard.press(f"Alt+{ada.forward()}")
    expect(page.locator("table.grid.held")).to_have_count(1)
    after = widths(page)
    assert after[names[2]] == before[names[2]] + 16
    assert {n: w for n, w in after.items() if n != names[2]} == {n: w for n, w in before.items() if n != names[2]}
    # By its edge, as far as it goes: 72 px are the least.
    edge = head.locator("[data-rz]").bounding_box()
    page.mouse.move(edge["x"] + edge["width"] / 2, edge["y"] + 8)
    page.mouse.down()
    page.mouse.move(edge["x"] + (900 if look.rtl else -900), edge["y"] + 8, steps=4)
    page.mouse.up()
    assert widths(page)[names[2]] == 72
    head.locator("a,[data-hm]").first.focus()
    page.keyboard.press(f"Alt+Shift+{ada.back()}")
    assert list(widths(page))[:3] == [names[0], names[2], names[1]]
    page.reload()
    assert list(widths(page))[:3] == [names[0], names[2], names[1]]
    assert widths(page)[names[2]] == 72
    page.locator(f'thead th[data-c="{names[2]}"] [data-rz]').dblclick()
    page.wait_for_function(f"() => document.querySelector('thead th[data-c=\"{names[2]}\"]').offsetWidth > 72")
    page.keyboard.press("Escape")
    page.locator(f'thead th[data-c="{names[2]}"]').hover()
    page.locator(f'thead th[data-c="{names[2]}"] [data-hm]').click()
    page.locator("#c-menu [data-col=hide]").click()
    expect(page.locator(f'thead th[data-c="{names[2]}"]')).to_have_count(0)


@shows(9, 10)
@looks(widths=DESK)
def test_head_and_first_column_stay_and_rows_are_as_high_as_chosen(come: Any, house: Any, look: Any):
    ada = come(look)
    page = ada.go(companies(house, "Sticky", 60)[0])
    top = page.locator("thead th").first.bounding_box()["y"]
    side = page.locator("tbody td.st").first.bounding_box()["x"]
    page.evaluate(f"() => document.querySelector('#results').scrollTo({'-' if look.rtl else ''}300, 700)")
    page.wait_for_function("() => document.querySelector('#results').classList.contains('sx')")
    assert page.locator("thead th").first.bounding_box()["y"] == pytest.approx(top, abs=1)
    assert page.locator("tbody tr:nth-child(30) td.st").first.bounding_box()["x"] == pytest.approx(side, abs=1)
    for key, high in (("compact", 34), ("cosy", 40)):
        page.locator("[popovertarget=f-cols]").click()
        page.locator(f'#f-cols [data-set="density={key}"]').click()
        page.wait_for_function(f"() => document.querySelector('#results').dataset.density === '{key}'")
        assert page.locator("tbody tr[data-id]").first.bounding_box()["height"] == pytest.approx(high, abs=1)
        page.keyboard.press("Escape")
