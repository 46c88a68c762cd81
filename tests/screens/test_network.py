"""Between a page and the network: what is on its way looks so, what fails can be tried again, and nothing flashes, jumps or gets lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from .held import Held
from .looks import DESK, looks, shows
from .test_live import Forgiving

COMPANY = """
from kith.objects.write import create
made = create(S, "contacts.company", name=name, owner=as_user("ada@kultasatama.example").user_id).pk
"""
PERSON = """
from kith.objects.write import create
ada = as_user("ada@kultasatama.example").user_id
made = create(S, "contacts.person", name={"given": "Aino", "family": name}, stage="lead", owner=ada).pk
"""
VALUE = """
from kith.objects.query import find
record = find(S, key, pk)
made = str(getattr(record, field))
"""
NOTES = """
from kith.events.models import Event
made = [e.data["text"] for e in Event.objects.filter(name="note.added", object="contacts.company", record=pk)]
"""
STARS = """
from kith.objects.favourites import favourites
made = [one.title for one in favourites(as_user("ada@kultasatama.example"))]
"""
#: Shifts of what is seen, since the page began to load.
SHIFTS = """() => new Promise((well) => new PerformanceObserver((list) => {
  const all = list.getEntries().filter((one) => !one.hadRecentInput), what = (node) => node?.outerHTML?.slice(0, 120) ?? node?.nodeName;
  const told = all.flatMap((one) => one.sources.map((it) => `${what(it.node)}: ${JSON.stringify([it.previousRect, it.currentRect])}`));
  well([all.reduce((sum, one) => sum + one.value, 0), told.join(" | ")]);
}).observe({ type: "layout-shift", buffered: true }) ?? setTimeout(() => well([0, ""]), 100))"""
BUSY = "() => document.documentElement.classList.contains('loading')"
BAR = "() => getComputedStyle(document.querySelector('.bar-top'), '::after')"


#: Press a button; what it says of itself when the press is over, long before a tenth of a second.
PRESS = "async (one) => { one.click(); await 0; await new Promise((well) => setTimeout(well, 0)); return one.getAttribute('aria-busy'); }"


@shows(7)
@looks()
def test_theme_and_language_are_the_servers_from_the_first_byte_and_changing_them_loses_no_draft(
    come: Any, house: Any, look: Any
):
    pk = house.make(COMPANY, name=f"Teema {look}")
    ada = come(look)
    page = ada.go(f"/companies/{pk}/")
    root = page.locator("html")
    page.locator("#cmp textarea").fill("Half a note")
    # The theme is there at once, without a request for the page, and nothing that was typed is touched.
    opposite = "light" if look.theme == "dark" else "dark"
    for theme in (opposite, "auto", opposite):
        page.locator(f"#m-me button[name=theme][value={theme}]").evaluate("(button) => button.click()")
        expect(root).to_have_attribute("data-theme", theme) if theme != "auto" else expect(root).not_to_have_attribute(
            "data-theme", re.compile(".")
        )
    expect(page.locator("#cmp textarea")).to_have_value("Half a note")
    page.wait_for_function(f"() => document.cookie.includes('theme={opposite}')")
    # The first bytes of the next page have it: there is nothing to correct, and so nothing flashes.
    first = page.request.get(page.url).text()
    assert f'data-theme="{opposite}"' in first[: first.index("<head>")]
    assert f'lang="{look.language}"' in first[: first.index("<head>")]
    assert f'name="color-scheme" content="{opposite}"' in first
    other = "fi" if look.language == "en" else "en"
    with page.expect_navigation():
        page.locator(f"#m-me button[name=language][value={other}]").evaluate("(button) => button.click()")
    ada.visitor.ready()
    expect(root).to_have_attribute("lang", other)
    expect(root).to_have_attribute("data-theme", opposite)
    expect(page.locator("#cmp textarea")).to_have_value("Half a note")
    assert {c["name"] for c in ada.visitor.context.cookies()} >= {"theme", "language"}
    # Forms of new records as well, with a choice and what stands in several boxes.
    page = ada.go("/people/new/")
    page.locator("[name='name.given']").fill("Aino")
    page.locator("[name='name.family']").fill("Virtanen")
    with page.expect_navigation():
        page.locator(f"#m-me button[name=language][value={look.language}]").evaluate("(button) => button.click()")
    ada.visitor.ready()
    expect(page.locator("[name='name.given']")).to_have_value("Aino")
    expect(page.locator("[name='name.family']")).to_have_value("Virtanen")


@shows(8)
@looks()
def test_a_thin_bar_comes_when_a_request_lasts_and_nothing_ever_covers_the_page(come: Any, house: Any, look: Any):
    pk = house.make(COMPANY, name=f"Palkki {look}")
    page = come(look).go(f"/companies/{pk}/")
    bar = {
        name: page.evaluate(f"() => ({BAR})()[{name!r}]")
        for name in ("height", "width", "transitionDelay", "backgroundColor")
    }
    assert (bar["height"], bar["width"]) == ("2px", "0px")
    held = Held(page, re.compile(r"/note/$"))
    page.locator("#cmp textarea").fill("Slowly")
    page.locator("#cmp textarea").press("Control+Enter")
    page.wait_for_function(BUSY)
    # It waits 120 ms before it begins to grow; what is answered sooner shows nothing at all.
    assert page.evaluate(f"() => ({BAR})().transitionDelay") == "0.12s"
    page.wait_for_function(f"() => parseFloat(({BAR})().width) > 2")
    assert page.evaluate(f"() => ({BAR})().height") == "2px"
    inside = (
        "() => { const at = document.querySelector('.bar-top').getBoundingClientRect(); return [at.top, at.height]; }"
    )
    assert page.evaluate(inside) == [0, 2]
    # What is under the middle of the page, and under its title, is what was there before.
    covered = """() => [[innerWidth / 2, innerHeight / 2], (({ x, y, height }) => [x + 4, y + height / 2])(
        document.querySelector('h1').getBoundingClientRect())].map(([x, y]) => !document.querySelector('main').contains(
        document.elementFromPoint(x, y)))"""
    assert page.evaluate(covered) == [False, False]
    assert page.locator("main [class*=spinner], main [class*=skeleton], main[aria-busy=true]").count() == 0
    held.go_on()
    expect(page.locator("#tl")).to_contain_text("Slowly")
    page.wait_for_function(f"() => !({BUSY})() && ({BAR})().width === '0px'")


@shows(81)
@looks()
def test_pages_do_not_jump_while_they_load(come: Any, house: Any, look: Any):
    pk = house.make(PERSON, name=f"Hyppäämätön {look.width}")
    company = house.make(COMPANY, name=f"Hyppäämätön {look}")
    ada = come(look)
    for path in ("/", "/people/", f"/people/{pk}/", f"/companies/{company}/", "/inbox/", "/search/?q=oy"):
        page = ada.go(path)
        page.wait_for_load_state("load")
        moved, what = page.evaluate(SHIFTS)
        assert moved <= 0.006, (path, moved, what)
        # Nothing stands in for a part that is still to come, and so nothing of another size is put in its place.
        assert page.locator("[class*=skel], [class*=placeholder]").count() == 0


@pytest.mark.expects_refusals(422)
@shows(81)
@looks()
def test_without_scripts_every_page_is_read_and_forms_are_sent(come: Any, house: Any, look: Any):
    pk = house.make(COMPANY, name=f"Tyhjä {look}")
    ada = come(look, java_script_enabled=False)
    page = ada.page
    for path in ("/", "/people/", f"/companies/{pk}/", "/search/?q=oy", "/inbox/", "/companies/trash/", "/settings/"):
        page.goto(house.url + path)
        expect(page.locator("h1").first).to_be_visible()
        assert page.locator("main").inner_text().strip(), path
    page.goto(house.url + f"/companies/{pk}/")
    expect(page.locator("[data-fact]").first).to_be_visible()
    page.locator("#cmp textarea").fill("Without a script")
    page.locator("#cmp button.p").click()
    expect(page.locator("#tl")).to_contain_text("Without a script")
    assert house.make(NOTES, pk=pk) == ["Without a script"]
    # What is refused stands beside its field, with what was typed.
    page.goto(house.url + "/people/new/")
    page.locator("form.rf .fa .b.p").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    page.locator("[name='name.given']").fill("Ilman")
    page.locator("[name='name.family']").fill(f"Skripti{look.width}")
    page.locator("form.rf .fa .b.p").click()
    expect(page.locator("h1").first).to_contain_text("Ilman")


@shows(82)
@looks(widths=DESK)
def test_what_is_easily_taken_back_looks_done_at_once_and_as_it_was_when_it_is_not_done(
    come: Any, house: Any, look: Any
):
    word = f"Heti{look}".replace("-", "")
    pk = house.make(PERSON, name=word)
    ada = come(look)
    page = ada.go(f"/people/{pk}/")
    ada.visitor.complaints = Forgiving()
    star = page.locator("form.star button").first
    held = Held(page, re.compile(r"/star/$"))
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    held.fail()
    expect(star).to_have_attribute("aria-pressed", "false")
    page.locator("#toasts [role=alert] button").click()
    expect(page.locator("#favs")).to_contain_text(word)
    expect(page.locator("form.star button").first).to_have_attribute("aria-pressed", "true")
    # A stage: the option that was chosen stands in the cell while it is sent, and the old one when it is not.
    page = ada.go(f"/people/?q={word}&columns=stage")
    cell = page.locator(f"#r{pk} td[data-f=stage]")
    old = cell.inner_text().strip()
    cell.dblclick()
    option = cell.locator("[role=option][value=customer]")
    new = option.inner_text().strip()
    held = Held(page, re.compile("/stage/edit/"))
    option.click()
    expect(cell.locator(".held")).to_have_text(new)
    expect(option).to_be_hidden()
    held.fail()
    expect(cell.locator(".held")).to_have_text(old)
    expect(option).to_be_visible()
    assert house.make(VALUE, key="contacts.person", pk=pk, field="stage") == "lead"
    option.click()
    expect(cell.locator("form")).to_have_count(0)
    expect(cell).to_have_text(new)
    assert house.make(VALUE, key="contacts.person", pk=pk, field="stage") == "customer"
    # A field: what was typed stays where it was typed, and looks as if it stood there.
    firm = house.make(COMPANY, name=f"{word} Oy")
    page = ada.go(f"/companies/{firm}/")
    fact = page.locator("[data-fact=name]")
    fact.locator(".pen").click()
    field = fact.locator("form.fe input[name=name]")
    field.fill("Head of everything")
    held = Held(page, re.compile("/fact/"))
    field.press("Enter")
    page.wait_for_function(
        "(field) => getComputedStyle(field).borderTopColor === 'rgba(0, 0, 0, 0)'", arg=field.element_handle()
    )
    expect(field).to_have_value("Head of everything")
    held.go_on()
    expect(fact.locator("form")).to_have_count(0)
    expect(fact).to_contain_text("Head of everything")


@shows(82)
@looks()
def test_other_buttons_show_at_once_that_they_work_and_send_once(come: Any, house: Any, look: Any):
    pk = house.make(COMPANY, name=f"Kerran {look}")
    ada = come(look)
    page = ada.go(f"/companies/{pk}/")
    held = Held(page, re.compile("/note/"))
    page.locator("#cmp textarea").fill("Pressed twice")
    button = page.locator("#cmp button.p")
    assert button.evaluate(PRESS) == "true"
    assert page.evaluate("getComputedStyle(document.querySelector('#cmp button.p'), '::after').animationName") == "turn"
    button.evaluate("(one) => one.click()")
    page.locator("#cmp textarea").press("Control+Enter")
    held.go_on()
    expect(page.locator("#tl")).to_contain_text("Pressed twice")
    expect(button).not_to_have_attribute("aria-busy", "true")
    assert house.make(NOTES, pk=pk) == ["Pressed twice"]
    # An ordinary form, which leaves the page.
    page = ada.go("/companies/new/")
    page.locator("[name=name]").fill(f"Vain kerran {look}")
    sent: list[str] = []
    page.on(
        "request",
        lambda request: (
            sent.append(request.url) if request.method == "POST" and request.url.endswith("/new/") else None
        ),
    )
    save = page.locator("form.rf .fa .b.p").first
    with page.expect_navigation():
        assert (
            save.evaluate(
                "(one) => { one.click(); const busy = one.getAttribute('aria-busy'); one.click(); return busy; }"
            )
            == "true"
        )
    expect(page.locator("h1").first).to_contain_text("Vain kerran")
    assert len(sent) == 1


@shows(83)
@looks()
def test_a_note_whose_answer_was_lost_is_offered_again_and_is_there_once(come: Any, house: Any, look: Any):
    pk = house.make(COMPANY, name=f"Uudelleen {look}")
    ada = come(look)
    page = ada.go(f"/companies/{pk}/")
    ada.visitor.complaints = Forgiving()

    def lose(route: Route) -> None:
        """The house hears it, and its answer never arrives."""
        route.fetch()
        route.abort()

    page.route("**/note/", lose, times=1)
    page.locator("#cmp textarea").fill("Said once")
    page.locator("#cmp textarea").press("Control+Enter")
    toast = page.locator("#toasts [role=alert]")
    expect(toast).to_contain_text(ada.say("Note"))
    expect(page.locator("#cmp textarea")).to_have_value("Said once")
    toast.get_by_role("button", name=ada.say("Try again")).click()
    expect(page.locator("#tl")).to_contain_text("Said once")
    expect(page.locator("#cmp textarea")).to_have_value("")
    assert house.make(NOTES, pk=pk) == ["Said once"]


@shows(83)
@looks(widths=DESK)
def test_leaving_a_page_asks_only_about_what_is_not_kept(come: Any, house: Any, look: Any):
    pk = house.make(COMPANY, name=f"Lähtö {look}")
    ada = come(look)
    page = ada.go(f"/companies/{pk}/")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#cmp textarea").press_sequentially("A draft")
    page = ada.go("/companies/")
    assert asked == []
    page = ada.go(f"/companies/{pk}/")
    expect(page.locator("#cmp textarea")).to_have_value("A draft")
    page.locator("[data-fact=name] .pen").click()
    page.locator("[data-fact=name] form.fe input[name=name]").press_sequentially(" and more")
    ada.go("/companies/")
    assert asked == ["beforeunload"]
