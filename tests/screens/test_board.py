"""The board: items 47 to 54 of the interaction list, by mouse, by finger and by key, in both directions."""

from __future__ import annotations

import re
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import TimeoutError, expect

from .held import Held
from .looks import DESK, PHONE, looks, shows
from .test_live import Forgiving

#: People with amounts of a field that an administrator made, so that cards have all that a card can say.
WORTH = """
from kith.objects import defining
from kith.objects.custom import definitions
from kith.objects.declare import object_type
o = object_type("contacts.person")
found = next((f for f in o.fields.values() if f.kind.kept), None)
if found is None:
    defining.add_field(as_user("ada@kultasatama.example"), o, {"label": "Worth", "kind": "money"})
    definitions.refresh()
    found = next(f for f in object_type("contacts.person").fields.values() if f.kind.kept)
made = found.name
"""
PEOPLE = """
from datetime import timedelta
from kith.kernel import clock
from kith.objects.write import change, create
u, made, now = as_user("ada@kultasatama.example"), [], clock.now()
for one in people:
    one = dict(one)
    days = one.pop("days", None)
    with clock.frozen(now - timedelta(days=one.pop("since", 0))):
        record = create(u, "contacts.person", {"owner": u.user_id, **one})
    if days is not None:
        record = change(u, record, next_on=clock.today("Europe/Helsinki") + timedelta(days=days))
    made.append(record.pk)
"""
COMPANY = """
from kith.objects.write import create
made = create(S, "contacts.company", name=name).pk
"""
LOOK = """
from kith.objects.custom import definitions
from kith.objects.declare import object_type
from kith.objects.looks import look
look(as_user("ada@kultasatama.example"), object_type("contacts.person").field("stage"), stage, facts=facts, asks=asks)
definitions.refresh()
made = True
"""
STAGE = """
from kith.objects.query import find
made = find(S, "contacts.person", pk).stage
"""
MOVED = """
from kith.objects.query import find
from kith.objects.write import change
change(as_user("mikko@kultasatama.example"), find(S, "contacts.person", pk), stage=stage)
made = True
"""
NUMBERS = count()
#: Whether a column stands in the middle of the screen.
CENTRED = """(stage) => { const box = document.querySelector(`.col[data-to=${stage}]`).getBoundingClientRect();
return Math.abs(box.left + box.width / 2 - innerWidth / 2) < 8; }"""
#: Where the board stands, for a story that fails.
STANDS = """() => JSON.stringify({ left: document.querySelector("x-board").scrollLeft, y: scrollY, finger: window.finger,
  lifted: window.lifted, at: document.elementsFromPoint(50, 400).slice(0, 4).map((one) => `${one.tagName}.${one.className}`),
  columns: [...document.querySelectorAll(".col")].map((one) => [one.dataset.to, one.getBoundingClientRect().left]) })"""
#: Persian digits and signs as Latin ones.
PLAIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٬٫", "0123456789,.", "\u200e\u200f\u2066\u2067\u2068\u2069\xa0\u202f ")


def plain(text: str | None) -> str:
    return (text or "").translate(PLAIN)


class Deck:
    """A board that shows nothing but some people of its own."""

    def __init__(self, come: Any, house: Any, look: Any, people: list[dict[str, Any]], who: str = ""):
        self.word = f"Zboard{next(NUMBERS):03}"
        rows = [
            {"name": f"Card {chr(65 + n)}", **one, "job_title": self.word, "stage": one.get("stage", "lead")}
            for n, one in enumerate(people)
        ]
        self.keys: list[int] = house.make(PEOPLE, people=rows)
        self.guest = come(look, who) if who else come(look)
        self.url = f"/people/?layout=board&by=stage&filter=job_title:contains:{self.word}"
        self.page = self.guest.go(self.url)
        self.house, self.look = house, look

    def card(self, n: int) -> Any:
        return self.page.locator(f"x-board .dc[data-id='{self.keys[n]}']")

    def link(self, n: int) -> Any:
        return self.card(n).locator("a.ti")

    def column(self, stage: str) -> Any:
        return self.page.locator(f'.col[data-to="{stage}"]')

    def stands(self, n: int, stage: str) -> None:
        expect(self.column(stage).locator(f".dc[data-id='{self.keys[n]}']:not([aria-busy])")).to_have_count(1)

    def stored(self, n: int) -> str:
        return str(self.house.make(STAGE, pk=self.keys[n]))

    def counted(self, stage: str) -> str:
        return plain(self.column(stage).locator("h2 .n").inner_text())


def middle(box: Any) -> tuple[float, float]:
    """Where to press: of a card that may be drawn anew at this very moment."""
    at = None
    while at is None:
        expect(box).to_be_visible()
        at = box.bounding_box()
    return at["x"] + at["width"] / 2, at["y"] + min(at["height"] / 2, 60)


def touch(page: Any) -> Any:
    """Fingers: returns `send("touchStart", (x, y))`."""
    line = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": a, "y": b} for a, b in points]})

    return send


#: Nothing glides any more: a fling or a snap that still runs takes the board back to where it goes.
STILL = """() => new Promise((done) => { let was = "", same = 0; const look = () => {
  const now = `${document.querySelector("x-board,[data-calendar]").scrollLeft} ${scrollY}`;
  same = now === was ? same + 1 : 0; was = now;
  if (same < 15) requestAnimationFrame(look); else done();
}; look(); })"""


#: How long a finger rested before it moved, as the page saw it, in milliseconds.
FINGER = """() => { window.finger = {}; for (const kind of ["touchstart", "touchmove"])
  addEventListener(kind, () => { window.finger[kind] = performance.now(); }, { once: true, passive: true, capture: true }); }"""
RESTED = "() => window.finger.touchmove - window.finger.touchstart"


def swipe(page: Any, send: Any, x: float, y: float, across: float, down: float) -> None:
    """A finger goes over the page, a step with each frame, and what it pushed has come to rest.

    Where a busy machine let it rest for as long as a press takes, it was one: it is taken back and made again.
    """
    for _ in range(10):
        page.evaluate(FINGER)
        send("touchStart", (x, y))
        send("touchMove", (x + across / 8, y + down / 8))
        if page.evaluate(RESTED) < 200:
            break
        send("touchCancel")
        page.evaluate("() => { window.lifted = window.buzzed = 0; }")
    for n in range(2, 9):
        send("touchMove", (x + across * n / 8, y + down * n / 8))
        page.evaluate("() => new Promise(requestAnimationFrame)")
    send("touchEnd")
    page.evaluate(STILL)


@shows(47)
def test_heads_say_what_a_column_comes_to_and_the_server_adds_up_anew_after_a_move(
    come: Any, house: Any, look: Any
) -> None:
    worth = house.make(WORTH)
    house.make(LOOK, stage="lead", facts={"probability": 25}, asks=None)
    house.make(LOOK, stage="qualified", facts={"probability": 50}, asks=None)
    # A lev is 1/1.95583 euro by law.
    deck = Deck(
        come, house, look, [{worth: "1000 EUR"}, {worth: "1955.83 BGN"}, {"stage": "qualified", worth: "40 EUR"}]
    )
    page, lead, qualified = deck.page, deck.column("lead"), deck.column("qualified")
    expect(lead.locator("h2 .tx")).to_have_text(deck.guest.say("Lead"))
    assert deck.counted("lead") == "2"
    assert "2,000.00" in plain(lead.locator(".tt b bdi").get_attribute("title"))
    assert "€" in lead.locator(".tt b bdi").get_attribute("title")
    assert "25" in plain(lead.locator(".tt > span").last.inner_text())
    assert "500.00" in plain(lead.locator(".tt > span bdi").last.get_attribute("title"))
    add = lead.locator("a[data-new]")
    expect(add).to_be_visible()
    # The way that every pointer and key has: the list of columns.
    deck.card(0).locator("[data-move]").click()
    with page.expect_response(lambda answer: "/move/" in answer.url) as told:
        page.locator('#m-move [data-to="qualified"]').click()
    assert "1,040.00" in plain(told.value.text()), "the server says what it comes to"
    deck.stands(0, "qualified")
    assert (deck.counted("lead"), deck.counted("qualified")) == ("1", "2")
    assert "1,000.00" in plain(lead.locator(".tt b bdi").get_attribute("title"))
    assert "1,040.00" in plain(qualified.locator(".tt b bdi").get_attribute("title"))
    assert "520.00" in plain(qualified.locator(".tt > span bdi").last.get_attribute("title"))
    lead.scroll_into_view_if_needed()
    add.click()
    form = page.locator("dialog[open] form")
    expect(form.locator("[name=stage]").first).to_be_attached()
    assert page.evaluate("() => new FormData(document.querySelector('dialog[open] form')).get('stage')") == "lead"


@shows(48)
def test_a_card_says_all_that_it_has_and_what_stands_too_long_not_by_colour_alone(
    come: Any, house: Any, look: Any
) -> None:
    worth = house.make(WORTH)
    house.make(LOOK, stage="opportunity", facts={"limit": 10}, asks=None)
    firm = house.make(COMPANY, name="Korttiyhtiö Oy")
    long = "Maximiliane Wilhelmine Charlotte von Hohenlohe-Langenburg zu Sayn-Wittgenstein und Waldburg-Zeil-Trauchburg"
    step = {"stage": "opportunity", "next_step": "Soita takaisin"}
    deck = Deck(
        come,
        house,
        look,
        [
            {**step, "name": long, "companies": [firm], worth: "1955.83 BGN", "days": 9},
            {**step, "days": 0},
            {**step, "days": -3, "since": 14},
            {"stage": "opportunity"},
        ],
    )
    card = deck.card(0)
    deck.column("opportunity").scroll_into_view_if_needed()
    # What stands outside of the screen is not drawn, and has no text to look at.
    card.scroll_into_view_if_needed()
    title = card.locator(".ti")
    lines = title.evaluate("(box) => box.clientHeight / parseFloat(getComputedStyle(box).lineHeight)")
    assert lines == pytest.approx(2, abs=0.1)
    expect(card.locator(".co")).to_contain_text("Korttiyhtiö Oy")
    assert "1,955.83" in plain(card.locator(".va b").inner_text())
    worth_of = card.locator(".va .worth")
    assert "≈" in worth_of.inner_text()
    assert "1,000.00" in plain(worth_of.get_attribute("title"))
    assert plain(card.locator(".age").inner_text()).startswith("0")
    for n, state in enumerate(("ok", "today", "late", "none")):
        shown = deck.card(n).locator(".st")
        expect(shown).to_have_class(f"st {state}")
        expect(shown.locator("svg")).to_be_visible()
    expect(deck.card(0).locator(".st")).to_contain_text("Soita takaisin")
    expect(deck.card(1).locator(".st")).to_have_attribute("title", deck.guest.say("Today"))
    expect(deck.card(2).locator(".st")).to_have_attribute("title", deck.guest.say("Overdue"))
    expect(deck.card(3).locator(".st")).to_contain_text(deck.guest.say("No next step"))
    drawn = {deck.card(n).locator(".st svg").inner_html() for n in range(4)}
    assert len(drawn) == 4, "each state has a sign of its own"
    expect(card.locator(".ow")).to_have_attribute("title", re.compile("Ada"))
    # Too long: an edge where the line begins, a red age, and beside the colour a sign and words.
    rotten = deck.card(2)
    expect(rotten).to_have_class("dc rot")
    expect(deck.card(1)).to_have_class("dc")
    edge = rotten.evaluate(
        "(box) => { const c = getComputedStyle(box, '::before'); return [c.width, c.left, c.right, c.backgroundColor, c.position]; }"
    )
    assert edge[0] == "3px"
    assert edge[2 if look.rtl else 1] == "0px"
    assert edge[4] == "absolute"
    assert rotten.locator(".age").evaluate("(box) => getComputedStyle(box).color") == edge[3]
    expect(rotten.locator(".age svg")).to_be_visible()
    assert "14" in plain(rotten.locator(".age").get_attribute("aria-label"))
    assert deck.card(1).locator(".age svg").count() == 0


@shows(49)
@looks(widths=DESK)
def test_a_card_is_dragged_by_mouse_and_escape_lets_go(come: Any, house: Any, look: Any) -> None:
    deck = Deck(come, house, look, [{}, {"stage": "qualified"}, *({} for _ in range(9))])
    page, card = deck.page, deck.card(10)
    x, y = middle(card)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 4, y)
    expect(page.locator(".ghost")).to_have_count(0)
    expect(page.locator(".board .ends")).to_be_hidden()
    page.mouse.move(x + 6, y)
    expect(page.locator(".ghost")).to_have_count(1)
    expect(page.locator(".board .dz").first).to_be_visible()
    expect(page.locator(".board .dz")).to_have_count(2)
    # The slot is where the card will be, as high as the card.
    page.mouse.move(*middle(deck.column("qualified").locator(".cs")), steps=3)
    expect(deck.column("qualified").locator(".ghost")).to_have_count(1)
    expect(deck.column("qualified")).to_have_class(re.compile("over"))
    page.keyboard.press("Escape")
    expect(page.locator(".ghost, .dc.lift")).to_have_count(0)
    page.mouse.up()
    expect(page).to_have_url(re.compile("layout=board"))
    deck.stands(10, "lead")
    assert deck.stored(10) == "lead"
    # At the edges the column and the board scroll by themselves.
    x, y = middle(card)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 9, y)
    list_ = deck.column("lead").locator(".cs")
    inside = list_.bounding_box()
    page.mouse.move(inside["x"] + 60, inside["y"] + inside["height"] - 8, steps=2)
    page.wait_for_function("() => document.querySelector('.col[data-to=lead] .cs').scrollTop > 30")
    board = page.locator("x-board").bounding_box()
    edge = board["x"] + 12 if look.rtl else board["x"] + board["width"] - 12
    page.mouse.move(edge, board["y"] + 200, steps=2)
    page.wait_for_function("() => Math.abs(document.querySelector('x-board').scrollLeft) > 100")
    # Dropped where it is won.
    zone = page.locator('.board .dz[data-to="customer"]')
    page.mouse.move(*middle(zone), steps=3)
    expect(zone).to_have_class(re.compile("over"))
    page.mouse.up()
    deck.stands(10, "customer")
    assert deck.stored(10) == "customer"
    expect(page.locator(".board .ends")).to_be_hidden()


@shows(50)
@looks(widths=PHONE)
def test_a_finger_scrolls_a_press_lifts_and_a_list_of_columns_opens_from_below(
    come: Any, house: Any, look: Any
) -> None:
    deck = Deck(come, house, look, [{} for _ in range(7)])
    page = deck.page
    page.evaluate(
        """() => { window.lifted = 0; window.buzzed = 0; navigator.vibrate = () => { window.buzzed += 1; return true; };
        const seen = (node) => { if (node.matches?.('.lift,.ghost')) window.lifted += 1; };
        const watch = new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach(seen)));
        watch.observe(document.body, { childList: true, subtree: true }); }"""
    )
    page.locator(".sdots a").nth(1).tap()
    expect(page.locator(".sdots a").nth(1)).to_have_attribute("aria-current", "true")
    page.evaluate(STILL)
    send = touch(page)
    # A swipe from column to column and one down the page.
    swipe(page, send, 195, 600, 0, -220)
    page.wait_for_function("() => scrollY > 100")
    page.wait_for_function(CENTRED, arg="lead")
    # The whole way on the screen: a finger that leaves it is no finger.
    start = 50 if look.rtl else look.width - 50
    swipe(page, send, start, 400, 290 if look.rtl else -290, 0)
    try:
        page.wait_for_function(CENTRED, arg="qualified")
    except TimeoutError:
        pytest.fail(f"The swipe did not bring the next column to the middle: {page.evaluate(STANDS)}")
    assert page.evaluate("() => [window.lifted, window.buzzed]") == [0, 0]
    # A press lifts it, the phone says so, and at its edge the board goes on to the next column.
    expect(page.locator(".sdots a").nth(2)).to_have_attribute("aria-current", "true")
    page.evaluate("() => scrollTo(0, 0)")
    page.locator(".sdots a").nth(1).tap()
    expect(page.locator(".sdots a").nth(1)).to_have_attribute("aria-current", "true")
    page.evaluate(STILL)
    page.wait_for_function(CENTRED, arg="lead")
    before = page.evaluate("() => document.querySelector('x-board').scrollLeft")
    x, y = middle(deck.card(6))
    send("touchStart", (x, y))
    expect(page.locator(".dc.lift")).to_be_visible()
    assert page.evaluate("() => window.buzzed") == 1
    edge = 20 if look.rtl else look.width - 20
    send("touchMove", (edge, y + 10))
    page.wait_for_function(
        "(before) => Math.abs(document.querySelector('x-board').scrollLeft - before) > 200", arg=before
    )
    expect(page.locator(".col.over")).to_have_count(1)
    send("touchCancel")
    expect(page.locator(".dc.lift")).to_have_count(0)
    deck.stands(6, "lead")
    # One tap and another: no dragging at all.
    deck.card(6).scroll_into_view_if_needed()
    deck.card(6).locator("[data-move]").tap()
    sheet = page.locator("#m-move")
    expect(sheet).to_be_visible()
    box = sheet.bounding_box()
    assert box["width"] >= look.width - 20
    assert box["y"] + box["height"] == pytest.approx(844, abs=12)
    assert sheet.locator(".mi").first.bounding_box()["height"] >= 40
    sheet.locator('[data-to="qualified"]').tap()
    deck.stands(6, "qualified")
    assert deck.stored(6) == "qualified"


@shows(51)
@looks(widths=DESK)
def test_cards_walk_and_move_by_keys_in_reading_direction(come: Any, house: Any, look: Any) -> None:
    deck = Deck(come, house, look, [{}, {}, {"stage": "qualified"}])
    page, guest = deck.page, deck.guest
    page.wait_for_selector("html[data-listening]")
    # What was changed last stands on top.
    deck.link(1).focus()
    page.keyboard.press("ArrowDown")
    expect(deck.link(0)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(deck.link(1)).to_be_focused()
    page.keyboard.press(guest.forward())
    expect(deck.link(2)).to_be_focused()
    page.keyboard.press(guest.back())
    expect(deck.link(1)).to_be_focused()
    # On, and on, and back: the stream tells of the same moves, and the focus stays on the card all the while.
    for key, stage in ((guest.forward(), "qualified"), (guest.forward(), "opportunity"), (guest.back(), "qualified")):
        with page.expect_response(lambda answer: "/move/" in answer.url):
            page.keyboard.press(f"Alt+{key}")
        deck.stands(1, stage)
        expect(page.locator("#say")).to_contain_text(guest.say(stage.capitalize()))
        expect(deck.link(1)).to_be_focused()
        assert deck.stored(1) == stage
    expect(page.locator(f"x-board [data-id='{deck.keys[1]}']")).to_have_count(1)
    page.keyboard.press("m")
    now = page.locator("#m-move [aria-current]")
    expect(now).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    deck.stands(1, "customer")
    expect(deck.link(1)).to_be_focused()
    page.keyboard.press("m")
    page.keyboard.press("Escape")
    expect(page.locator("#m-move")).to_be_hidden()
    expect(deck.link(1)).to_be_focused()


@shows(52)
@pytest.mark.expects_refusals(422)
def test_a_move_stands_at_once_is_undone_goes_back_when_it_fails_and_asks_for_what_it_needs(
    come: Any, house: Any, look: Any
) -> None:
    house.make(LOOK, stage="former", facts={}, asks=["notes", "next_on"])
    deck = Deck(come, house, look, [{}])
    page = deck.page

    def to(stage: str) -> None:
        deck.card(0).locator("[data-move]").click()
        page.locator(f'#m-move [data-to="{stage}"]').click()

    # It stands there before the server has said anything.
    held = Held(page, "**/move/**")
    to("qualified")
    expect(deck.column("qualified").locator(f".dc[data-id='{deck.keys[0]}'][aria-busy]")).to_have_count(1)
    assert deck.stored(0) == "lead"
    held.go_on()
    deck.stands(0, "qualified")
    assert deck.stored(0) == "qualified"
    page.locator("#toasts form[data-undo] button").click()
    deck.stands(0, "lead")
    assert deck.stored(0) == "lead"
    # It does not reach the server: back to its old place, and a sentence that names it, and tries again.
    deck.guest.visitor.complaints = Forgiving()
    page.route("**/move/**", lambda route: route.abort())
    to("qualified")
    deck.stands(0, "lead")
    lost = page.locator("#toasts [role=alert]")
    expect(lost).to_contain_text("Card A")
    page.unroute("**/move/**")
    lost.locator("button").click()
    deck.stands(0, "qualified")
    assert deck.stored(0) == "qualified"
    # Somebody else was faster: it goes where she moved it, and says so.
    house.make(MOVED, pk=deck.keys[0], stage="partner")
    deck.stands(0, "partner")
    to("lead")
    deck.stands(0, "lead")
    # What a move needs is asked for in one small form.
    to("former")
    form = page.locator("dialog[open] form")
    expect(form.locator("[name=notes]")).to_be_visible()
    expect(form.locator("[name=next_on]")).to_be_visible()
    deck.stands(0, "lead")
    form.locator("[name=notes]").fill("Meni kilpailijalle")
    form.locator("button.p").click()
    expect(form.locator(".err")).to_be_visible()
    expect(form.locator("[name=notes]")).to_have_value("Meni kilpailijalle")
    form.locator("[name=next_on]").fill("2027-01-15")
    form.locator("button.p").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    deck.stands(0, "former")
    assert deck.stored(0) == "former"
    house.make(LOOK, stage="former", facts={}, asks=[])


@shows(53)
@looks(widths=PHONE)
def test_a_phone_shows_a_column_at_a_time_and_more_cards_on_the_way_down(come: Any, house: Any, look: Any) -> None:
    deck = Deck(come, house, look, [*({"stage": "lead"} for _ in range(30)), {"stage": "qualified"}])
    page = deck.page
    pills = page.locator(".sdots a")
    expect(page.locator("x-board")).to_have_css("scroll-snap-type", re.compile("x mandatory|inline mandatory"))
    pills.nth(1).click()
    expect(pills.nth(1)).to_have_attribute("aria-current", "true")
    box = deck.column("lead").bounding_box()
    assert box["width"] > 0.8 * look.width
    # Snapped to the middle of the screen.
    page.wait_for_function(CENTRED, arg="lead")
    expect(deck.column("lead").locator(".dc")).to_have_count(25)
    assert plain(pills.nth(1).locator(".num").inner_text()) == "30"
    deck.column("lead").locator(".mc").scroll_into_view_if_needed()
    expect(deck.column("lead").locator(".dc")).to_have_count(30)
    expect(deck.column("lead").locator(".mc")).to_have_count(0)
    # A swipe to the next column takes the pills along.
    page.evaluate("() => scrollTo(0, 0)")
    send = touch(page)
    swipe(page, send, look.width / 2, 500, 300 if look.rtl else -300, 0)
    expect(pills.nth(2)).to_have_attribute("aria-current", "true")
    expect(pills.nth(1)).not_to_have_attribute("aria-current", "true")
    shown = pills.nth(2).bounding_box()
    assert shown["x"] >= 0
    assert shown["x"] + shown["width"] <= look.width


@shows(54)
def test_administrators_decide_from_the_head_how_a_column_looks_and_others_do_not(
    come: Any, house: Any, look: Any
) -> None:
    other = Deck(come, house, look, [{"stage": "partner"}], "mikko@kultasatama.example")
    expect(other.column("partner").locator("h2")).to_be_visible()
    expect(other.page.locator(".board .lk")).to_have_count(0)
    deck = Deck(come, house, look, [{"stage": "partner", "since": 20}])
    page = deck.page
    places = page.locator(".board .col").evaluate_all("(all) => all.map((one) => one.dataset.to)")
    was = places.index("partner") + 1

    def change(place: int, hue: int, probability: str, limit: str) -> None:
        deck.column("partner").scroll_into_view_if_needed()
        deck.column("partner").locator(".ch").hover()
        deck.column("partner").locator(".lk").click()
        form = page.locator("dialog[open] form")
        form.locator("[name=place]").fill(str(place))
        form.locator(f"[name=hue][value='{hue}']").check(force=True)
        form.locator("[name=probability]").fill(probability)
        form.locator("[name=limit]").fill(limit)
        with page.expect_navigation():
            form.locator("button.p").click()
        deck.guest.visitor.ready()

    change(2, 145, "35", "10")
    page.goto(house.url + deck.url)
    deck.guest.visitor.ready()
    assert page.locator(".board .col").evaluate_all("(all) => all.map((one) => one.dataset.to)").index("partner") == 1
    expect(deck.column("partner")).to_have_attribute("style", "--h:145")
    expect(deck.card(0)).to_have_class("dc rot")
    change(was, 290, "", "")
    page.goto(house.url + deck.url)
    deck.guest.visitor.ready()
    assert page.locator(".board .col").evaluate_all("(all) => all.map((one) => one.dataset.to)") == places
    expect(deck.card(0)).to_have_class("dc")
