"""The page of one record: where its parts stand, facts that are edited where they stand, and what comes next."""

from __future__ import annotations

import re
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import expect

from .looks import DESK, looks, shows

NUMBERS = count()
MAKE = """
from kith.objects.write import create
values.setdefault("name", name)
made = create(as_user("ada@kultasatama.example"), "contacts.person", values).pk
"""
CHANGE = """
from kith.objects.query import find
from kith.objects.write import change
made = change(as_user(mail), find(S, "contacts.person", pk), **values).version
"""
CLOCK = """
from zoneinfo import ZoneInfo
from kith.kernel import clock
made = clock.now().astimezone(ZoneInfo("Asia/Tehran")).strftime("%Y-%m-%dT%H")
"""
MIKKO = "mikko@kultasatama.example"


def somebody(house: Any, name: str, **values: Any) -> int:
    """A person whom Ada made; every one has another name."""
    return int(house.make(MAKE, name=f"{name} {next(NUMBERS)}", values=values))


def change(house: Any, pk: int, mail: str = MIKKO, **values: Any) -> None:
    """Somebody changes the person, beside the browser."""
    house.make(CHANGE, pk=pk, mail=mail, values=values)


def fact(page: Any, name: str) -> Any:
    return page.locator(f"[data-fact='{name}']")


def details(page: Any, look: Any) -> Any:
    """The page with its facts before her: on a phone they are a tab."""
    if look.phone:
        page.locator(".rtabs [data-tab=details]").click()
    expect(fact(page, "job_title")).to_be_visible()
    return page


def edit(page: Any, name: str) -> Any:
    """Open a fact as its value is clicked; its input."""
    fact(page, name).locator(".ph0, .pen").first.click()
    field = fact(page, name).locator("form.fe :is(input:not([type=hidden]), textarea)").first
    expect(field).to_be_focused()
    return field


@shows(34)
@looks(widths=DESK)
def test_facts_timeline_and_related_lists_stand_beside_each_other_as_wide_as_there_is_room(
    come: Any, house: Any, look: Any
) -> None:
    pk = somebody(
        house,
        "Wida",
        companies=[
            house.make("from kith.objects.write import create\nmade = create(S, 'contacts.company', name='Wide Oy').pk")
        ],
    )
    page = come(look).go(f"/people/{pk}/")
    facts, story, rest = (page.locator(part) for part in ("#facts", ".tl", "#rel"))
    assert (facts.bounding_box()["width"], rest.bounding_box()["width"]) == (316, 292)
    starts = [part.bounding_box()["x"] for part in (facts, story, rest)]
    assert starts == sorted(starts, reverse=look.rtl)
    related = page.locator(".rtabs [data-tab=related]")
    expect(related).to_be_hidden()
    page.set_viewport_size({"width": 1200, "height": 900})
    expect(rest).to_be_hidden()
    related.click()
    expect(rest).to_be_visible()
    expect(story).to_be_hidden()
    expect(facts).to_be_visible()
    assert page.url.endswith("tab=related")
    page.locator(".rtabs [data-tab=activity]").click()
    tab = page.locator(".rtabs [data-tab=details]")
    expect(tab).to_be_hidden()
    page.set_viewport_size({"width": 700, "height": 900})
    expect(page.locator("#facts .kv")).to_be_hidden()
    tab.click()
    expect(page.locator("#facts .kv")).to_be_visible()
    expect(story).to_be_hidden()
    page.reload()
    expect(page.locator("#facts .kv")).to_be_visible()


@shows(35)
def test_the_header_says_where_one_is_leads_on_by_j_and_k_and_is_low(come: Any, house: Any, look: Any) -> None:
    ada = come(look)
    word = f"Heada{next(NUMBERS)}"
    first, second = (somebody(house, f"{word} {letter}") for letter in "AB")
    page = ada.go(f"/people/?q={word}&sort=name")
    page.goto(f"{house.url}/people/{first}/?in=q%3D{word}%26sort%3Dname")
    ada.visitor.ready()
    head = page.locator("main > .ph, main .ph").first
    assert head.bounding_box()["height"] <= (56 if look.phone else 53)
    expect(head.get_by_role("navigation").get_by_role("link")).to_have_attribute(
        "href", re.compile(rf"/people/\?.*{word}")
    )
    star = head.get_by_role("button", name=ada.say("Favourite", "a star on a record"))
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    follow = head.locator(".addition.bar button")
    expect(follow).to_have_attribute("aria-pressed", "true")  # whoever makes one follows it
    follow.click()
    expect(follow).to_have_attribute("aria-pressed", "false")
    expect(follow).to_have_text(ada.say("Follow", "a record"))
    told = ada.say("%(place)s of %(total)s") % {"place": 1, "total": 2}
    if not look.phone:
        expect(head.locator(".pos")).to_have_text(told.translate(str.maketrans("12", "۱۲")) if look.rtl else told)
        assert head.locator(".b.o:visible, .b.p:visible").count() == 1  # one main action
    head.get_by_role("button", name=ada.say("More actions")).click()
    expect(page.locator("#m-record .mi").first).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.wait_for_url(f"**/people/{second}/**")
    ada.visitor.ready()
    page.keyboard.press("k")
    page.wait_for_url(f"**/people/{first}/**")
    ada.visitor.ready()
    page.get_by_role("link", name=ada.say("Next record")).click()
    page.wait_for_url(f"**/people/{second}/**")


@shows(36)
def test_a_fact_is_saved_by_enter_tab_or_leaving_given_up_by_escape_and_taken_back(
    come: Any, house: Any, look: Any
) -> None:
    ada = come(look)
    pk = somebody(house, "Facta", job_title="Clerk")
    page = details(ada.go(f"/people/{pk}/"), look)
    job, toasts = fact(page, "job_title"), page.locator("#toasts .toast")
    # Escape asks nobody.
    asked: list[str] = []
    edit(page, "job_title").fill("Nobody")
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("Escape")
    expect(job).to_contain_text("Clerk")
    assert asked == []
    expect(job.locator(".pen")).to_be_focused()
    # Enter saves, the focus is back, the toast undoes it; so does Ctrl+Z.
    edit(page, "job_title").fill("Head of sales")
    page.keyboard.press("Enter")
    expect(job.locator(".val")).to_contain_text("Head of sales")
    expect(job.locator(".pen")).to_be_focused()
    toasts.get_by_role("button", name=ada.say("Undo")).click()
    expect(job.locator(".val")).to_contain_text("Clerk")
    edit(page, "job_title").fill("Director")
    page.keyboard.press("Enter")
    expect(job.locator(".val")).to_contain_text("Director")
    page.keyboard.press("Control+z")
    expect(job.locator(".val")).to_contain_text("Clerk")
    # Leaving saves.
    edit(page, "job_title").fill("Chair")
    page.locator(".who").click(position={"x": 2, "y": 2})
    expect(job.locator(".val")).to_contain_text("Chair")
    # Tab saves and opens the next one that can be edited.
    edit(page, "job_title").fill("Founder")
    page.keyboard.press("Tab")
    expect(job.locator(".val")).to_contain_text("Founder")
    expect(fact(page, "companies").locator("form.fe")).to_be_visible()
    page.keyboard.press("Escape")
    expect(fact(page, "companies").locator("form.fe")).to_have_count(0)


@shows(36)
@pytest.mark.expects_refusals(422)
def test_a_fact_that_is_refused_stays_open_and_one_of_many_lines_is_saved_by_control_and_enter(
    come: Any, house: Any, look: Any
) -> None:
    pk = somebody(house, "Refusa", job_title="Clerk", website="https://a.example", notes="One")
    page = details(come(look).go(f"/people/{pk}/"), look)
    field = edit(page, "website")
    field.fill("no address at all")
    page.keyboard.press("Enter")
    alert = fact(page, "website").get_by_role("alert")
    expect(alert).to_be_visible()
    field = fact(page, "website").locator("input:not([type=hidden])")
    expect(field).to_have_value("no address at all")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(fact(page, "website").locator(".val")).to_contain_text("a.example")
    edit(page, "notes").fill("Two")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("lines")
    page.keyboard.press("Control+Enter")
    expect(fact(page, "notes").locator(".val")).to_contain_text("lines")
    assert (
        house.make("from kith.objects.query import find\nmade = find(S, 'contacts.person', pk).notes", pk=pk)
        == "Two\nlines"
    )


@shows(36)
@pytest.mark.expects_refusals(409)
def test_a_choice_opens_at_its_value_and_what_a_colleague_changed_meanwhile_is_asked_about(
    come: Any, house: Any, look: Any
) -> None:
    ada = come(look)
    pk = somebody(house, "Stagea", stage="qualified", job_title="Clerk")
    page = details(ada.go(f"/people/{pk}/"), look)
    stage = fact(page, "stage")
    stage.locator(".pen").click()
    now = page.locator(
        ".menu:popover-open [aria-selected=true], .menu:popover-open [aria-current], .menu:popover-open [aria-pressed=true]"
    )
    expect(now).to_be_focused()
    expect(now).to_have_text(ada.say("Qualified"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(stage.locator(".val")).to_have_text(ada.say("Opportunity"))
    field = edit(page, "job_title")
    change(house, pk, job_title="Boss")
    field.fill("Chief")
    page.keyboard.press("Enter")
    asked = fact(page, "job_title").get_by_role("alert")
    expect(asked).to_contain_text("Boss")
    expect(asked).to_contain_text("Mikko")
    asked.get_by_role("link", name=ada.say("Take theirs")).click()
    expect(fact(page, "job_title").locator(".val")).to_contain_text("Boss")
    field = edit(page, "job_title")
    change(house, pk, job_title="Owner")
    field.fill("Chief")
    page.keyboard.press("Enter")
    asked.get_by_role("button", name=ada.say("Keep mine")).click()
    expect(fact(page, "job_title").locator(".val")).to_contain_text("Chief")


@shows(36)
def test_empty_facts_ask_for_a_value_others_are_hidden_and_sections_stay_as_they_were_left(
    come: Any, house: Any, look: Any
) -> None:
    ada = come(look)
    page = details(ada.go(f"/people/{somebody(house, 'Empta', job_title='Clerk')}/"), look)
    expect(fact(page, "tags").get_by_role("link")).to_have_text(ada.say("Add a value"))
    hidden = fact(page, "birthday")
    expect(hidden).to_be_hidden()
    more = page.locator("[data-empties]")
    n = page.locator("[data-fact].minor").count()
    assert n > 3
    shown = str(n).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) if look.rtl else str(n)
    expect(more).to_have_text(f"{ada.say('Show empty fields')} {shown}")
    more.click()
    expect(hidden).to_be_visible()
    expect(hidden.get_by_role("link")).to_have_text(ada.say("Add a value"))
    section = page.locator("details.grp").first
    section.locator("summary").click()
    expect(fact(page, "job_title")).to_be_hidden()
    page.reload()
    ada.visitor.ready()
    expect(page.locator("details.grp").first).not_to_have_attribute("open", re.compile(""))
    expect(page.locator("[data-empties]")).to_have_attribute("aria-pressed", "true")


def test_numbers_and_addresses_are_islands_and_are_copied_by_a_button_beside_them(
    come: Any, house: Any, look: Any
) -> None:
    ada = come(look, permissions=["clipboard-read", "clipboard-write"])
    pk = somebody(house, "Copya", emails=["copy@example.com"], phones=["+98 21 8872 4410"], job_title="مدیر")
    page = details(ada.go(f"/people/{pk}/"), look)
    for name, href, text in (
        ("phones", "tel:+982188724410", "+98 21 8872 4410"),
        ("emails", "mailto:copy@example.com", "copy@example.com"),
    ):
        link = fact(page, name).locator("a[href]").first
        expect(link).to_have_attribute("href", href)
        expect(link.locator("bdi[dir=ltr]")).to_have_text(text)
        assert link.evaluate("(a) => getComputedStyle(a.firstElementChild).direction") == "ltr"
        button = fact(page, name).locator("[data-copies]")
        expect(button).to_have_attribute("aria-label", ada.say("Copy %(value)s") % {"value": text})
        if look.phone:
            expect(button).to_be_hidden()  # nothing hovers there; a long press copies
            continue
        assert button.evaluate("(b) => getComputedStyle(b).opacity") == "0"
        fact(page, name).locator("li" if name == "phones" else "li, .val").first.hover()
        expect(button).to_have_css("opacity", "1")
        button.click()
        expect(button).to_contain_class("done")
        assert page.evaluate("navigator.clipboard.readText()") == text


@shows(38)
def test_a_person_is_called_in_her_own_script_and_one_sees_when_how_and_whether_to_write(
    come: Any, house: Any, look: Any
) -> None:
    ada = come(look)
    name = {"given": "سارا", "family": "محمدی", "latin_given": "Sara", "latin_family": "Mohammadi"}
    values = {"zone": "Asia/Tehran", "language": "fa", "job_title": "مدیر", "do_not_call": True}
    values["emails"] = [{"value": "sara@example.com", "opted_out": True}]
    pk = house.make(MAKE, name=name, values=values)
    page = ada.go(f"/people/{pk}/")
    who = page.locator(".who")
    expect(who.locator("h1")).to_have_text("سارا محمدی")
    expect(who.locator(".alt")).to_have_text("Sara Mohammadi")
    # Her clock runs in her zone: between two looks at ours it was never another hour.
    hours = {house.make(CLOCK)}
    shown = who.locator(".lt time").get_attribute("datetime")
    hours.add(house.make(CLOCK))
    assert shown[:13] in hours
    place = who.locator(".lt")
    expect(place).to_contain_text("تهران" if look.rtl else "Tehran")
    page = details(page, look)
    expect(fact(page, "language").locator(".val")).to_contain_text("فارسی" if look.rtl else "Persian")
    # What she asked for is said in words, and beside her name.
    expect(fact(page, "emails").locator(".val")).to_contain_text(ada.say("opted out"))
    expect(fact(page, "do_not_call").locator(".val")).to_have_text(ada.say("Yes"))
    expect(who.locator(".lt .pill")).to_be_visible()
