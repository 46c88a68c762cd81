"""The calendar of a list: day, week, month and agenda; by mouse, by finger and by key, in both directions and in the reader's months."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import count
from typing import Any

from playwright.sync_api import expect

from .looks import DESK, PHONE, looks
from .test_board import plain, swipe, touch

PEOPLE = """
from datetime import date
from kith.objects.write import create
u = as_user("ada@kultasatama.example")
made = [create(u, "contacts.person", {"name": f"Day {n}", "job_title": word, "next_step": "x", "next_on": date.fromisoformat(day)}).pk
        for n, day in enumerate(days)]
"""
STANDS = """
from kith.objects.query import find
made = find(S, "contacts.person", pk).next_on.isoformat()
"""
MOVE = """
from datetime import date
from kith.objects.query import find
from kith.objects.write import change
change(S, find(S, "contacts.person", pk), next_on=date.fromisoformat(day))
made = True
"""
CALENDAR = """
from kith.identity.models import User
User.objects.filter(email="mikko@kultasatama.example").update(calendar=calendar, country=country)
made = True
"""
NUMBERS = count()


class Days:
    """A calendar that shows nothing but some next steps of its own, around 18 November 2026."""

    def __init__(
        self, come: Any, house: Any, look: Any, *days: str, span: str = "month", who: str = "", at: str = "2026-11-18"
    ):
        self.word = f"Zdays{next(NUMBERS):03}"
        self.keys: list[int] = house.make(PEOPLE, word=self.word, days=list(days))
        self.guest, self.house = come(look, who) if who else come(look), house
        span = f"&span={span}" if span else ""
        self.url = f"/people/?layout=calendar&on=next_on&at={at}&filter=job_title:contains:{self.word}{span}"
        self.page = self.guest.go(self.url)

    def day(self, iso: str) -> Any:
        return self.page.locator(f'[data-calendar] [data-day="{iso}"]:visible')

    def entry(self, n: int) -> Any:
        return self.page.locator(f'[data-calendar] .en[data-id="{self.keys[n]}"]:visible')

    def on(self, n: int, iso: str) -> None:
        expect(self.day(iso).locator(f'.en[data-id="{self.keys[n]}"]:not(.saving)')).to_have_count(1)
        expect(self.entry(n)).to_have_count(1)

    def stored(self, n: int) -> str:
        return str(self.house.make(STANDS, pk=self.keys[n]))


def centre(box: Any) -> tuple[float, float]:
    at = None
    while at is None:
        expect(box).to_be_visible()
        at = box.bounding_box()
    return at["x"] + at["width"] / 3, at["y"] + at["height"] / 2


@looks(widths=DESK)
def test_a_record_is_dragged_to_another_day_and_back_by_undo(come: Any, house: Any, look: Any) -> None:
    days = Days(come, house, look, "2026-11-18", "2026-11-19")
    page = days.page
    x, y = centre(days.entry(0))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 4, y)
    expect(page.locator(".en.lift")).to_have_count(0)
    page.mouse.move(x + 9, y)
    expect(page.locator(".en.lift")).to_have_count(1)
    page.mouse.move(*centre(days.day("2026-11-26")), steps=3)
    expect(days.day("2026-11-26")).to_have_class(re.compile("over"))
    page.keyboard.press("Escape")
    expect(page.locator(".en.lift, .over")).to_have_count(0)
    page.mouse.up()
    days.on(0, "2026-11-18")
    x, y = centre(days.entry(0))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 9, y)
    page.mouse.move(*centre(days.day("2026-11-26")), steps=3)
    page.mouse.up()
    days.on(0, "2026-11-26")
    assert days.stored(0) == "2026-11-26"
    page.locator("#toasts form[data-undo] button").click()
    days.on(0, "2026-11-18")
    assert days.stored(0) == "2026-11-18"
    # The same without dragging: a form that asks for the day.
    days.entry(1).hover()
    days.entry(1).locator(".mb").click()
    form = page.locator("dialog[open] form")
    form.locator("[name=next_on]").fill("2026-11-20")
    form.locator("button.p").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    days.on(1, "2026-11-20")


@looks(widths=DESK)
def test_days_are_walked_and_records_are_moved_by_keys_in_reading_direction(come: Any, house: Any, look: Any) -> None:
    days = Days(come, house, look, "2026-11-18")
    page, guest = days.page, days.guest
    page.wait_for_selector("html[data-listening]")
    expect(page.locator('.cd[tabindex="0"]')).to_have_count(1)
    days.day("2026-11-18").focus()
    for key, iso in (
        (guest.forward(), "2026-11-19"), ("ArrowDown", "2026-11-26"), (guest.back(), "2026-11-25"), ("ArrowUp", "2026-11-18"),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(days.day(iso)).to_be_focused()
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')")
    days.entry(0).locator("a").first.focus()
    for key, iso in ((guest.forward(), "2026-11-19"), ("ArrowDown", "2026-11-26"), (guest.back(), "2026-11-25")):
        page.keyboard.press(f"Alt+{key}")
        days.on(0, iso)
        expect(page.locator("#say")).not_to_be_empty()
        expect(days.entry(0).locator("a").first).to_be_focused()
        assert days.stored(0) == iso
    # What the last move brings along is there.
    page.wait_for_selector("html:not(.loading)")
    days.day("2026-11-18").focus()
    title = page.locator("h2.ct").inner_text()
    page.keyboard.press("PageDown")
    expect(page.locator("h2.ct")).not_to_have_text(title)


@looks(widths=DESK, most=1)
def test_what_another_moves_is_seen_without_loading_and_the_focus_stays(come: Any, house: Any, look: Any) -> None:
    days = Days(come, house, look, "2026-11-18")
    page = days.page
    page.wait_for_selector("html[data-listening]")
    days.day("2026-11-12").focus()
    house.make(MOVE, pk=days.keys[0], day="2026-11-27")
    days.on(0, "2026-11-27")
    expect(days.day("2026-11-12")).to_be_focused()


@looks(widths=PHONE)
def test_a_phone_lists_the_days_and_a_press_lifts_what_a_swipe_does_not(come: Any, house: Any, look: Any) -> None:
    stretch = [(date(2026, 11, 2) + timedelta(days=2 * n)).isoformat() for n in range(12)]
    days = Days(come, house, look, *stretch, span="")
    page = days.page
    expect(page.locator(".mgrid")).to_be_hidden()
    expect(page.locator(".agd")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    send = touch(page)
    x, y = centre(days.entry(3))
    swipe(page, send, x, y, 0, -200)
    page.wait_for_function("() => scrollY > 60")
    expect(page.locator(".en.lift")).to_have_count(0)
    # A swipe runs on for a while.
    page.wait_for_function("() => { const before = scrollY; scrollTo(0, 0); return before === 0; }")
    x, y = centre(days.entry(1))
    send("touchStart", (x, y))
    expect(page.locator(".en.lift")).to_be_visible()
    to = days.day(stretch[2])
    send("touchMove", (x, y + 12))
    send("touchMove", centre(to))
    expect(to).to_have_class(re.compile("over"))
    send("touchEnd")
    days.on(1, stretch[2])
    assert days.stored(1) == stretch[2]
    # One tap and another.
    days.entry(0).locator(".mb").tap()
    expect(page.locator("dialog[open] form [name=next_on]")).to_be_visible()


def test_day_week_month_and_agenda_stand_behind_addresses_and_show_the_same_record(
    come: Any, house: Any, look: Any
) -> None:
    days = Days(come, house, look, "2026-11-18")
    page = days.page
    seen = set()
    for n in range(4):
        page.locator(".bbar .seg a").nth(n).click()
        expect(page.locator(".bbar .seg a").nth(n)).to_have_attribute("aria-current", "true")
        expect(days.entry(0)).to_have_count(1)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        seen.add(page.url)
    assert len(seen) == 4
    page.reload()
    days.guest.visitor.ready()
    expect(page.locator(".bbar .seg a").nth(3)).to_have_attribute("aria-current", "true")
    page.locator("[data-on]").click()
    expect(days.entry(0)).to_have_count(0)
    page.locator("[data-back]").click()
    expect(days.entry(0)).to_have_count(1)


@looks(widths=DESK)
def test_months_are_those_of_the_readers_own_calendar(come: Any, house: Any, look: Any) -> None:
    house.make(CALENDAR, calendar="jalali", country="IR")
    days = Days(come, house, look, "2026-11-22", "2026-12-21", who="mikko@kultasatama.example", at="2026-11-25")
    page = days.page
    # Azar 1405: from 22 November to 21 December; weeks begin on Saturday, Friday is a day of rest.
    expect(page.locator("h2.ct")).to_have_text(re.compile("Azar 1405|آذر ۱۴۰۵"))
    inside = page.locator(".mgrid .cd:not(.out)")
    expect(inside).to_have_count(30)
    assert inside.first.get_attribute("data-day") == "2026-11-22"
    assert plain(inside.first.locator(".dn .num").inner_text()) == "1"
    expect(page.locator(".mgrid .cd").first).to_have_attribute("data-day", "2026-11-21")
    assert days.day("2026-11-27").evaluate("(cell) => cell.classList.contains('we')")
    days.on(0, "2026-11-22")
    days.on(1, "2026-12-21")
    page.locator("[data-on]").click()
    expect(page.locator("h2.ct")).to_have_text(re.compile("Dey 1405|دی ۱۴۰۵"))
    expect(days.entry(1)).to_have_count(1)
    # Reading direction: the first day of a week stands where a line begins.
    row = page.locator(".mgrid .mrw").nth(1).locator(".cd")
    first, last = row.first.bounding_box(), row.last.bounding_box()
    assert (first["x"] > last["x"]) is look.rtl
    house.make(CALENDAR, calendar="", country="FI")
