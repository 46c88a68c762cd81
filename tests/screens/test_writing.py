"""The composer of a record: what is written, sent, kept as a draft, and seen at once; on the toybox's objects."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from .looks import looks, shows
from .test_axe import AXE, RULES, RUN, SMALL

BOX = """
from kith.objects.write import create
made = create(as_user("ada@kultasatama.example"), "toybox.box", name=NAME, country="FI").pk
"""
TOY = """
from kith.objects.write import create
values = {"name": NAME, "emails": ["sara@example.com"], "phones": ["+98 21 8872 4410"], "nickname": "سارا"}
made = create(as_user("ada@kultasatama.example"), "toybox.toy", values).pk
"""
TASKS = """
from kith.objects.query import visible_to
made = [(t.name, t.owner.name, t.due_at is not None) for t in visible_to(S, "toybox.task").filter(box=PK)]
"""
LETTERS = """
from kith.objects.query import visible_to
made = [(t.address, t.words) for t in visible_to(S, "toybox.talk").filter(toy=PK)]
"""
NEWEST = """
from kith.events.models import Event
made = Event.objects.filter(object="toybox.talk", name="created").latest("pk").pk
"""


def composer(page: Any) -> Any:
    return page.locator(".cmps")


def choose(page: Any, name: str) -> Any:
    """Choose what to write; its form."""
    composer(page).locator(f".kinds label:has([value={name}])").click()
    form = composer(page).locator(f"form[data-kind={name}]")
    expect(form).to_be_visible()
    return form


@shows(42)
@looks()
def test_note_mail_call_and_task_are_chosen_by_radio_sent_by_keys_kept_as_drafts_and_slide_in(
    come: Any, house: Any, look: Any
) -> None:
    ada = come(look)
    pk, other = (house.make(f"NAME = 'Written {look} {n}'\n" + BOX) for n in (1, 2))
    page = ada.go(f"/boxes/{pk}/")
    group = page.get_by_role("radiogroup", name=ada.say("What to write"))
    radios = group.get_by_role("radio")
    assert [radio.get_attribute("value") for radio in radios.all()] == ["note", "write_mail", "log_call", "add_task"]
    expect(radios.first).to_be_checked()
    expect(composer(page).locator("form:visible")).to_have_count(1)
    # By keys: one stop for the group, arrows choose, Tab goes on into what is chosen.
    radios.first.focus()
    page.keyboard.press("ArrowDown")
    expect(radios.nth(1)).to_be_checked()
    expect(radios.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    call = composer(page).locator("form[data-kind=log_call]")
    expect(call.locator("textarea")).to_be_focused()
    expect(composer(page).locator("form:visible")).to_have_count(1)
    # A draft for each sort, of this record alone, that outlives the page.
    page.keyboard.type("She would take two.")
    call.locator("[name='log_call.minutes']").fill("18")
    choose(page, "note").locator("textarea").fill("A note beside it")
    page.wait_for_function("() => Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length === 2")
    choose(page, "log_call")
    page.reload()
    ada.visitor.ready()
    expect(call).to_be_visible()
    expect(call.locator("textarea")).to_have_value("She would take two.")
    expect(call.locator("[name='log_call.minutes']")).to_have_value("18")
    page.goto(f"{house.url}/boxes/{other}/")
    ada.visitor.ready()
    expect(composer(page).locator("form:visible")).to_have_attribute("data-kind", "note")
    expect(composer(page).locator("form[data-kind=log_call] textarea")).to_have_value("")
    page.goto(f"{house.url}/boxes/{pk}/")
    ada.visitor.ready()
    # Control and Enter send it: it stands in the timeline as something new, and the page is the same one.
    page.evaluate("() => { window.stayed = true; }")
    call.locator("textarea").press("Control+Enter")
    entry = page.locator("#tl .ev.new")
    expect(entry.locator(".bx")).to_have_text("She would take two.")
    expect(entry).to_have_id(f"e{house.make(NEWEST)}")
    assert page.evaluate("() => window.stayed")
    expect(call.locator("textarea")).to_have_value("")
    expect(call.locator("textarea")).to_be_focused()
    # The other draft is still there, and this one is gone.
    page.reload()
    ada.visitor.ready()
    expect(call.locator("textarea")).to_have_value("")
    note = choose(page, "note")
    expect(note.locator("textarea")).to_have_value("A note beside it")
    note.locator("textarea").press("Control+Enter")
    expect(page.locator("#tl .ev.new .bx").first).to_have_text("A note beside it")
    # A task begins with when; it is taken back by the toast, as everything is.
    task = choose(page, "add_task")
    expect(task.locator("[name='add_task.due']")).to_have_value(re.compile("."))
    task.locator("textarea").fill("Mend the lid")
    send = task.get_by_role("button", name=re.compile(".")).last
    sent = send.inner_text().strip()
    send.click()
    expect(page.locator("#tl .ev.new").first).to_contain_text("Mend the lid")
    assert [name for name, _owner, due in house.make(f"PK = {pk}\n" + TASKS) if due] == ["Mend the lid"]
    # The toast of the note stood there until now.
    page.locator("#toasts .toast", has_text=sent).locator("form[data-undo] button").click()
    expect(page.locator("#tl").get_by_text("Mend the lid")).to_have_count(0)
    assert house.make(f"PK = {pk}\n" + TASKS) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@shows(37)
@looks()
def test_a_number_calls_an_address_opens_our_composer_and_both_are_islands_that_are_copied_on_hover(
    come: Any, house: Any, look: Any
) -> None:
    ada = come(look, permissions=["clipboard-read", "clipboard-write"])
    pk = house.make(f"NAME = 'Mailed {look}'\n" + TOY)
    page = ada.go(f"/toys/{pk}/")
    if look.phone:
        page.locator(".rtabs [data-tab=details]").click()
    for name, href, text in (
        ("phones", "tel:+982188724410", "+98 21 8872 4410"),
        ("emails", "mailto:sara@example.com", "sara@example.com"),
    ):
        fact = page.locator(f"[data-fact='{name}']")
        link = fact.locator("a[href]").first
        expect(link).to_have_attribute("href", href)
        expect(link.locator("bdi[dir=ltr]")).to_have_text(text)
        assert link.evaluate("(a) => getComputedStyle(a.firstElementChild).direction") == "ltr"
        button = fact.locator("[data-copies]")
        if look.phone:
            expect(button).to_be_hidden()  # nothing hovers there; a long press copies
            continue
        assert button.evaluate("(b) => getComputedStyle(b).opacity") == "0"
        fact.locator("li").first.hover()
        expect(button).to_have_css("opacity", "1")
        button.click()
        expect(button).to_contain_class("done")
        assert page.evaluate("navigator.clipboard.readText()") == text
    # An address is written to here, and no other program is asked.
    page.evaluate("() => { window.stayed = true; }")
    page.locator("[data-fact='emails'] a[href^='mailto:']").first.click()
    form = composer(page).locator("form[data-kind=write_mail]")
    expect(form.locator("textarea")).to_be_focused()
    expect(form.locator("[name='write_mail.to']")).to_have_value("sara@example.com")
    page.keyboard.type("سلام Sara")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#tl .ev.new .bx")).to_have_text("سلام Sara")
    assert page.evaluate("() => window.stayed")
    assert house.make(f"PK = {pk}\n" + LETTERS) == [["sara@example.com", "سلام Sara"]]


@looks()
def test_every_form_of_the_composer_stands_under_the_rules_of_axe_and_its_controls_can_be_hit(
    come: Any, house: Any, look: Any
) -> None:
    pk = house.make(f"NAME = 'Ruled {look}'\n" + BOX)
    page = come(look).go(f"/boxes/{pk}/")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for name in ("note", "write_mail", "log_call", "add_task"):
        choose(page, name)
        assert page.evaluate(RUN, list(RULES)) == [], name
        assert page.evaluate(SMALL, 39 if look.phone else 24) == [], name
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
