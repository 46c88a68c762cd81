"""The frame: sidebar, rail and tab bar, and what stands in them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from .looks import DESK, looks, shows

COMPANY = 'from kith.objects.write import create\nmade = create(S, "contacts.company", name=name).pk'
STARRED = """
from kith.objects.favourites import arrange, favourites, star
from kith.kernel.viewer import Viewer
from kith.objects.write import create
ada = as_user("ada@kultasatama.example")
arrange(ada, [])
for one in favourites(ada, Viewer()):
    star(ada, one.object, one.id, False)
made = []
for name in names:
    pk = create(ada, "contacts.company", name=name).pk
    star(ada, "contacts.company", pk, True)
    made.append(pk)
"""
BOX = "(e) => { const r = e.getBoundingClientRect(); return [r.left, r.right, r.top, r.bottom].map(Math.round); }"


@shows(1)
def test_a_desk_has_a_sidebar_a_narrow_one_a_rail_and_a_phone_a_tab_bar(come: Any, look: Any):
    ada = come(look)
    page = ada.go("/people/")
    side, bar, panel = page.locator("nav.side"), page.locator("nav.tabbar"), page.locator("main.panel")
    for width in (1440, 1080):
        page.set_viewport_size({"width": width, "height": 900})
        expect(bar).to_be_hidden()
        left, right, _top, _bottom = side.evaluate(BOX)
        assert right - left == 236
        # One panel, set in from the frame on the three sides that the sidebar leaves.
        start, end, top, bottom = panel.evaluate(BOX)
        assert (start, width - end) == ((8, 236) if look.rtl else (236, 8)), width
        assert (top, 900 - bottom) == (8, 8)
        assert page.locator("main").count() == 1
    words = side.get_by_role("link", name=ada.say("Home", "start page"))
    for width in (1079, 760):
        page.set_viewport_size({"width": width, "height": 900})
        expect(bar).to_be_hidden()
        left, right, _top, _bottom = side.evaluate(BOX)
        assert right - left == 60
        # The words are gone from sight and still name their links.
        assert words.locator(".tx").evaluate("(e) => e.offsetWidth") == 1
        expect(words).to_have_attribute("href", "/")
        for link in side.locator(".nav a:visible").all():
            assert link.evaluate("(e) => e.innerText || e.textContent").strip()
    for width in (759, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        expect(side).to_be_hidden()
        expect(bar).to_be_visible()
        stops = bar.locator("> *")
        assert stops.count() == 5
        said = [one.strip() for one in stops.all_inner_texts()]
        assert said[0] == ada.say("Home", "start page")
        assert said[2] == ""
        assert stops.nth(2).get_attribute("aria-label") == ada.say("New", "create a record")
        assert said[4] == ada.say("More")
        assert all(said[n] for n in (1, 3))
        assert bar.evaluate("(e) => Math.round(innerHeight - e.getBoundingClientRect().bottom)") == 0
    stops.nth(4).click()
    expect(page.locator("#m-more").get_by_role("link", name=ada.say("Inbox"))).to_be_visible()


@looks(widths=DESK)
def test_the_sidebar_has_what_is_needed_on_every_page_and_counts_what_waits(come: Any, house: Any, look: Any):
    names = [f"Star {n} {uuid4().hex[:5]}" for n in (1, 2, 3)]
    house.make(STARRED, names=names)
    ada = come(look)
    page = ada.go("/people/")
    side = page.locator("nav.side")
    expect(side.locator("a.ws")).to_have_attribute("href", "/")
    search = side.get_by_role("button", name=ada.say("Search"))
    expect(search).to_have_attribute("aria-keyshortcuts", "Control+K")
    side.get_by_role("button", name=ada.say("New", "create a record")).click()
    expect(page.locator("#m-new a").first).to_be_visible()
    page.keyboard.press("Escape")
    top = side.locator(".nav").first
    assert [link.get_attribute("href") for link in top.locator("a").all()][:2] == ["/", "/inbox/"]
    records = side.get_by_role("list", name=ada.say("Records"))
    expect(records.locator("a[href='/people/']")).to_have_attribute("aria-current", "page")
    # A star for a view of a list, too; and the order is hers: by dragging, or with Alt and an arrow.
    favourites = side.locator("[data-favs] li")
    expect(favourites).to_have_text(names)
    links = favourites.locator("a")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith("/favourites/")):
        links.nth(2).drag_to(links.nth(0), target_position={"x": 20, "y": 3})
    expect(favourites).to_have_text([names[2], names[0], names[1]])
    favourites.nth(0).locator("a").press("Alt+ArrowDown")
    expect(favourites).to_have_text([names[0], names[2], names[1]])
    expect(favourites.nth(1).locator("a")).to_be_focused()
    page.reload()
    expect(favourites).to_have_text([names[0], names[2], names[1]])
    expect(side.locator("a.setup-slot")).to_have_attribute("href", "/settings/setup/")
    side.locator(".me button").click()
    expect(page.locator("#m-me")).to_be_visible()
    expect(page.locator("#m-me").get_by_role("button", name=ada.say("Sign out"))).to_be_visible()


UNREAD = """
from kith.events.outbox import deliver
from kith.objects.actions import act
from kith.objects.query import find
from kith.objects.write import create
from kith.identity.models import User
ada = User.objects.get(email="ada@kultasatama.example")
his = as_user("mikko@kultasatama.example")
made = create(S, "contacts.company", name=name).pk
act(his, "add_note", find(his, "contacts.company", made), text="@{%d} look" % ada.pk)
while deliver():
    pass
"""


@looks(widths=DESK)
def test_what_is_unread_is_a_filled_pill_and_a_plain_count_is_grey(come: Any, house: Any, look: Any):
    house.make(UNREAD, name=f"Unread {look}")
    page = come(look).go("/people/")
    pill = page.locator("nav.side a[href='/inbox/'] .ct")
    expect(pill).to_be_visible()
    colour = "(e, what) => getComputedStyle(e)[what]"
    assert pill.evaluate(colour, "backgroundColor") != "rgba(0, 0, 0, 0)"
    count = page.locator("#cnt")
    assert count.evaluate(colour, "backgroundColor") == "rgba(0, 0, 0, 0)"
    assert count.evaluate(colour, "color") != page.locator("h1").evaluate(colour, "color")
