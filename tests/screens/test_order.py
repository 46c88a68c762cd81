"""What is read while something is written: of lists, boards and calendars the newest state stands, whatever answer comes last."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from .held import Held
from .looks import DESK, looks
from .made import companies
from .test_board import MOVED, Deck
from .test_calendar import MOVE, Days


@looks(widths=DESK)
def test_cards_that_were_read_before_a_move_do_not_bring_it_back(come: Any, house: Any, look: Any) -> None:
    deck = Deck(come, house, look, [{}, {}])
    page = deck.page
    page.wait_for_selector("html[data-listening]")
    # Somebody else moves a card; while the page reads that, hers are moved, too.
    held = Held(page, "**/board/cards/**", "GET")
    house.make(MOVED, pk=deck.keys[1], stage="partner")
    held.answered()
    for key in (deck.guest.forward(), deck.guest.forward()):
        deck.link(0).focus()
        page.keyboard.press(f"Alt+{key}")
    deck.stands(0, "opportunity")
    assert deck.stored(0) == "opportunity"
    with page.expect_response(re.compile("/board/cards/")):
        held.go_on()
    deck.stands(1, "partner")
    deck.stands(0, "opportunity")
    assert [deck.counted(stage) for stage in ("lead", "qualified", "opportunity", "partner")] == ["0", "0", "1", "1"]
    expect(page.locator(f"x-board [data-id='{deck.keys[0]}']")).to_have_count(1)


@looks(widths=DESK)
def test_a_board_that_is_on_its_way_shows_the_move_that_was_made_meanwhile(come: Any, house: Any, look: Any) -> None:
    deck = Deck(come, house, look, [{}, {}])
    page = deck.page
    page.wait_for_selector("html[data-listening]")
    held = Held(page, re.compile(r"/people/\?.*q=Card"), "GET")
    page.locator("#q").fill("Card")
    held.answered()
    deck.card(0).locator("[data-move]").click()
    # The stream tells of it, too, and that is over when the older board arrives.
    with page.expect_response(re.compile("/board/cards/")):
        page.locator('#m-move [data-to="qualified"]').click()
    deck.stands(0, "qualified")
    held.go_on()
    page.wait_for_url(re.compile("q=Card"))
    deck.stands(0, "qualified")
    deck.stands(1, "lead")
    assert deck.stored(0) == "qualified"
    assert (deck.counted("lead"), deck.counted("qualified")) == ("1", "1")
    # The other way round: the move is still on its way when the board is asked for anew.
    moving = Held(page, "**/move/**")
    deck.card(1).locator("[data-move]").click()
    page.locator('#m-move [data-to="customer"]').click()
    moving.answered()
    page.locator("#q").fill("Card B")
    page.evaluate("() => new Promise((done) => setTimeout(done, 0))")
    moving.go_on()
    page.wait_for_url(re.compile(r"q=Card(\+|%20)B"))
    deck.stands(1, "customer")
    assert deck.stored(1) == "customer"
    expect(page.locator("x-board .dc")).to_have_count(1)


@looks(widths=DESK)
def test_moves_of_several_cards_are_told_in_their_order_and_none_is_lost(come: Any, house: Any, look: Any) -> None:
    deck = Deck(come, house, look, [{} for _ in range(4)])
    page = deck.page
    for _again in range(3):
        for n in range(4):
            deck.link(n).focus()
            page.keyboard.press(f"Alt+{deck.guest.forward()}")
    for n in range(4):
        deck.stands(n, "customer")
        assert deck.stored(n) == "customer"
    assert (deck.counted("lead"), deck.counted("opportunity"), deck.counted("customer")) == ("0", "0", "4")


@looks(widths=DESK)
def test_of_several_ways_to_sort_a_list_the_last_one_counts(come: Any, house: Any, look: Any) -> None:
    url, _made = companies(house, "Ordered", 3)
    page = come(look).go(url)
    held = Held(page, re.compile(r"/companies/\?.*sort="), "GET")
    for sort in ("created_at", "-created_at", "-name"):
        page.evaluate(
            """(sort) => {
              const box = document.querySelector("#results"), link = document.createElement("a");
              const url = new URL(box.dataset.here, location.href);
              url.searchParams.set("sort", sort);
              link.href = url.href; link.dataset.view = "";
              box.append(link); link.click(); link.remove();
            }""",
            sort,
        )
    held.answered()
    held.go_on()
    page.wait_for_url(re.compile(r"sort=-name"))
    expect(page.locator("tbody tr[data-id] a.n").first).to_contain_text("0002")
    expect(page.locator("tbody tr[data-id] a.n").last).to_contain_text("0000")


@looks(widths=DESK)
def test_a_calendar_that_was_read_before_a_move_does_not_bring_it_back(come: Any, house: Any, look: Any) -> None:
    days = Days(come, house, look, "2026-11-10", "2026-11-11")
    page = days.page
    page.wait_for_selector("html[data-listening]")
    held = Held(page, re.compile(r"/people/\?.*layout=calendar"), "GET")
    house.make(MOVE, pk=days.keys[1], day="2026-11-20")
    held.answered()
    days.entry(0).locator("a").first.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#toasts form[data-undo]")).to_have_count(1)
    held.go_on()
    days.on(1, "2026-11-20")
    days.on(0, "2026-11-17")
