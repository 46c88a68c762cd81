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


@shows(11)
@looks(widths=DESK)
def test_a_header_is_drawn_aside_and_widths_belong_to_the_view(come: Any, house: Any, look: Any):
    ada = come(look)
    page = ada.go(companies(house, "Drawn", 2)[0])
    before = widths(page)
    names = list(before)
    grip, goal = (page.locator(f'thead th[data-c="{names[n]}"]').bounding_box() for n in (3, 1))
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + 18)
    page.mouse.down()
    page.mouse.move(goal["x"] + goal["width"] * (0.9 if look.rtl else 0.1), goal["y"] + 18, steps=6)
    expect(page.locator("thead th.slot")).to_have_count(1)
    page.mouse.up()
    assert list(widths(page))[:4] == [names[0], names[3], names[1], names[2]]
    assert "sort=name" in page.url, "a drag is no click"
    # By its edge; what stands beside it keeps its width.
    before, wide = widths(page), page.locator(f'thead th[data-c="{names[1]}"]')
    edge = wide.locator("[data-rz]").bounding_box()
    page.mouse.move(edge["x"] + edge["width"] / 2, edge["y"] + 8)
    page.mouse.down()
    page.mouse.move(edge["x"] + edge["width"] / 2 + (-60 if look.rtl else 60), edge["y"] + 8, steps=3)
    page.mouse.up()
    assert widths(page) == {**before, names[1]: before[names[1]] + 60}
    page.locator(".vs [popovertarget=v-new]").click()
    page.locator("#v-new input[name=name]").fill(f"Wide {look}")
    page.locator("#v-new button.p").click()
    page.wait_for_url(re.compile(r"\?view=\d+$"))
    saved = page.url.removeprefix(house.url)
    other = come(look).go("/companies/")
    assert widths(other)[names[1]] != before[names[1]] + 60, "of all records nothing changed for another browser"
    other = come(look).go(saved)
    assert list(widths(other))[:3] == [names[0], names[3], names[1]]
    assert widths(other)[names[1]] == before[names[1]] + 60


@shows(20)
@looks(widths=DESK)
def test_the_name_of_a_new_view_stays_when_the_tabs_are_drawn_anew_and_all_that_was_changed_is_kept(
    come: Any, house: Any, look: Any
):
    ada = come(look)
    page = ada.go(companies(house, "Slow", 2)[0])
    names = list(widths(page))
    held: list[Any] = []
    tabs = re.compile("/companies/views/[?]")

    def hold(route: Any) -> None:
        held.append(route)

    page.route(tabs, hold)
    page.locator(f'thead th[data-c="{names[1]}"]').locator("a,[data-hm]").first.focus()
    with page.expect_request(tabs):
        page.keyboard.press(f"Alt+{ada.forward()}")
    wide = widths(page)[names[1]]
    page.locator(".vs [popovertarget=v-new]").click()
    name = page.locator("#v-new input[name=name]")
    name.fill(f"Slow {look}")
    token = page.locator("#v-new input[name=csrfmiddlewaretoken]")
    drawn = token.input_value()
    with page.expect_response(tabs):
        held.pop().continue_()
    expect(token).not_to_have_value(drawn)
    expect(name).to_be_focused()
    expect(name).to_have_value(f"Slow {look}")
    page.locator("#v-new button.p").click()
    page.wait_for_url(re.compile(r"\?view=\d+$"))
    other = come(look).go(page.url.removeprefix(house.url))
    assert widths(other)[names[1]] == wide


@shows(21)
@looks(widths=DESK)
def test_a_view_holds_all_of_a_list_and_is_shared_under_its_owners_name(come: Any, house: Any, look: Any):
    ada = come(look)
    languages = [{"language": c} for c in ("fi", "fi", "sl")]
    url, _made = companies(house, "Shared", languages)
    page = ada.go(f"{url}&group=language&columns=language,website&widths=language:240&density=compact")
    page.locator(".vs [popovertarget=v-new]").click()
    page.locator("#v-new input[name=name]").fill(f"Ours {look}")
    page.locator("#v-new button.p").click()
    page.wait_for_url(re.compile(r"\?view=\d+$"))
    ada.visitor.ready()
    saved = page.url.removeprefix(house.url)
    page.locator("[popovertarget=v-more]").click()
    page.locator("[data-vedit]").click()
    page.locator("#v-form select[name=share]").select_option("everybody")
    page.locator("#v-form button.p").click()
    ada.visitor.ready()
    expect(page.locator("#toasts")).to_contain_text(f"Ours {look}")
    # A colleague finds it among his tabs, with her name, and sees what she kept.
    mikko = come(look, "mikko@kultasatama.example")
    his = mikko.go("/companies/")
    his.locator("[popovertarget=v-all]").click()
    tab = his.locator("#v-all a.mi", has_text=f"Ours {look}")
    expect(tab).to_contain_text("Ada Lindström")
    tab.click()
    his.wait_for_url(re.compile(re.escape(saved)))
    mikko.visitor.ready()
    expect(his.locator("tr.gh")).to_have_count(2)
    expect(his.locator("tr[data-id]")).to_have_count(3)
    assert list(widths(his).items())[1] == ("language", 240)
    assert list(widths(his))[1:] == ["language", "website"]
    assert his.locator("tbody tr[data-id]").first.bounding_box()["height"] == pytest.approx(34, abs=1)
    # He may change what he looks at, and keep that as another; hers is hers to save.
    his.locator("[id='h-name']").click()
    expect(his.locator(".vs [popovertarget=v-new]")).to_be_visible()
    expect(his.locator(".vs [data-discard]")).to_be_visible()
    expect(his.locator(".vs button[value=save]")).to_have_count(0)
    # She saves another order and another layout into it.
    page.locator("[id='h-name']").click()
    expect(page.locator("#views .vd").first).to_be_visible()
    page.locator("header.ph a[data-set='layout=board']").click()
    page.wait_for_url(re.compile("layout=board"))
    ada.visitor.ready()
    page.locator(".vs button[value=save]").click()
    page.wait_for_url(re.compile(re.escape(saved) + "$"))
    ada.visitor.ready()
    expect(page.locator("x-board")).to_be_visible()
    expect(page.locator("#views .vd")).to_have_count(0)


@shows(9, 10)
@looks(widths=DESK)
def test_head_and_first_column_stay_and_rows_are_as_high_as_chosen(come: Any, house: Any, look: Any):
    ada = come(look)
    page = ada.go(companies(house, "Sticky", 60)[0])
    page.evaluate("() => document.fonts.ready")
    top = page.locator("thead th").first.bounding_box()["y"]
    side = page.locator("tbody td.st").first.bounding_box()["x"]
    shadow = "(e) => getComputedStyle(e).boxShadow"
    assert page.locator("tbody td.st").first.evaluate(shadow) == "none"
    page.evaluate(f"() => document.querySelector('#results').scrollTo({'-' if look.rtl else ''}300, 700)")
    page.wait_for_function("() => document.querySelector('#results').classList.contains('sx')")
    assert page.locator("thead th").first.bounding_box()["y"] == pytest.approx(top, abs=1)
    assert page.locator("tbody tr:nth-child(30) td.st").first.bounding_box()["x"] == pytest.approx(side, abs=1)
    assert page.locator("tbody td.st").first.evaluate(shadow) != "none"
    first = page.locator("tbody tr[data-id]").first
    for key, high in (("cosy", 40), ("compact", 34)):
        page.locator("[popovertarget=f-cols]").click()
        page.locator(f'#f-cols [data-set="density={key}"]').click()
        page.keyboard.press("Escape")
        page.wait_for_function(
            "(high) => Math.abs(document.querySelector('tbody tr[data-id]').getBoundingClientRect().height - high) < 1",
            arg=high,
        )
        # Chosen once, it holds for other lists and other days.
        ada.go("/people/")
        assert first.bounding_box()["height"] == pytest.approx(high, abs=1)
        ada.go("/companies/")
    fingers = come(look, viewport={"width": 1180, "height": 820}, has_touch=True, is_mobile=True).go("/companies/")
    assert fingers.locator("tbody tr[data-id]").first.bounding_box()["height"] == pytest.approx(48, abs=1)
