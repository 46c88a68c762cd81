"""What stands beside a record's facts: its strip, what comes next, what happened, what belongs to it, and what it was before."""

from __future__ import annotations

import re
from itertools import count
from typing import Any

from playwright.sync_api import expect

from .looks import DESK, looks, shows

NUMBERS = count()
MIKKO = "mikko@kultasatama.example"
MAKE = """
from kith.objects.write import create
ada = as_user("ada@kultasatama.example")
made = [create(ada, key, values).pk for values in several]
"""
#: Ada makes a company seventy days ago; Mikko and she change it since, each day another.
LONG_AGO = """
from datetime import timedelta
from kith.events.models import Event
from kith.kernel import clock
from kith.objects.actions import act
from kith.objects.query import find
from kith.objects.write import change, create
ada, mikko = as_user("ada@kultasatama.example"), as_user("mikko@kultasatama.example")
now = clock.now()
with clock.frozen(now - timedelta(days=70)):
    pk = create(ada, "contacts.company", name=name).pk
firm = lambda: find(S, "contacts.company", pk)
for n in range(old):
    with clock.frozen(now - timedelta(days=60) + timedelta(hours=n)):
        change((ada, mikko)[n % 2], firm(), industry=f"Trade {n}")
with clock.frozen(now - timedelta(days=3)):
    act(mikko, "add_note", firm(), text="They moved to Turku.")
with clock.frozen(now - timedelta(days=1)):
    change(mikko, firm(), industry="Coffee")
    change(mikko, firm(), website="https://coffee.example")
change(ada, firm(), other_names="Kahvila")
made = [pk, Event.objects.filter(object="contacts.company", record=pk).order_by("pk").values_list("pk", flat=True)[1]]
"""


def make(house: Any, key: str, *several: dict[str, Any]) -> list[int]:
    """Records that Ada made."""
    return list(house.make(MAKE, key=key, several=list(several)))


def named(word: str) -> str:
    """A name that nothing else has."""
    return f"{word}{next(NUMBERS):03}"


def digits(ada: Any, number: int) -> str:
    """A number as she reads it."""
    return str(number).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) if ada.look.rtl else str(number)


@shows(39)
def test_four_facts_stand_at_the_top_and_an_administrator_says_which(come: Any, house: Any, look: Any) -> None:
    ada = come(look)
    (firm,) = make(house, "contacts.company", {"name": named("Stripfirm"), "industry": "Coffee"})
    make(house, "contacts.person", *({"name": named("Stripe"), "companies": [firm]} for _n in range(2)))
    page = ada.go(f"/companies/{firm}/")
    strip = page.locator("dl.hls4")
    expect(strip.locator("dt")).to_have_count(4)
    assert strip.bounding_box()["y"] < page.locator("#cmp").bounding_box()["y"]
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page = ada.go("/settings/highlights/")
    form = page.locator("form.hls:has([name=object][value='contacts.company'])")
    for place, key in enumerate(("field:industry", "related:contacts.person:companies", "last_by", "known_since")):
        form.locator("select[name=h]").nth(place).select_option(key)
    form.get_by_role("button", name=ada.say("Save")).click()
    try:
        page = ada.go(f"/companies/{firm}/")
        told = [strip.locator("dd").nth(n) for n in range(4)]
        expect(told[0]).to_have_text("Coffee")
        expect(told[1]).to_have_text(digits(ada, 2))
        expect(told[2]).to_have_text("Ada Lindström")
        expect(told[3].locator("time")).to_be_visible()
        # A count leads to what was counted.
        told[1].get_by_role("link").click()
        ada.visitor.ready()
        expect(page.locator("tr[data-id]")).to_have_count(2)
    finally:
        page = ada.go("/settings/highlights/")
        form.locator("button[name=usual]").click()


@shows(40)
def test_the_next_step_stands_over_the_history_is_put_off_done_and_asks_for_the_next(
    come: Any, house: Any, look: Any
) -> None:
    ada = come(look)
    (pk,) = make(house, "contacts.person", {"name": named("Stepa")})
    page = ada.go(f"/people/{pk}/")
    card = page.locator("#next")
    card.locator("summary").click()
    card.locator("[name=next_step]").fill("Send the quote")
    card.get_by_role("button", name=ada.say("Save")).click()
    expect(card.locator("b")).to_have_text("Send the quote")
    expect(card.locator("small")).to_contain_text(ada.say("No day is set", "of a next step"))
    assert card.bounding_box()["y"] < page.locator("#tl").bounding_box()["y"]
    card.get_by_role("button", name=ada.say("Reschedule")).click()
    page.locator("#m-next [name=day]").first.click()
    expect(card.locator("small")).to_contain_text(ada.say("Due today", "of a next step"))
    house.make(
        "from datetime import timedelta\nfrom kith.kernel import clock\nfrom kith.objects.query import find\n"
        "from kith.objects.write import change\n"
        "made = change(S, find(S, 'contacts.person', pk), next_on=clock.today() - timedelta(days=2)).pk",
        pk=pk,
    )
    page = ada.go(f"/people/{pk}/")
    expect(card.locator(".late small")).to_contain_text(
        ada.say("Overdue since %(day)s", "of a next step").split("%")[0].strip()
    )
    card.get_by_role("button", name=ada.say("Mark done")).click()
    # The last one was done: the next is asked for, with the caret where it is typed.
    expect(card.locator("[name=next_step]")).to_be_focused()
    expect(page.locator("#tl")).to_contain_text(ada.say("Next step done"))
    card.locator("[name=next_step]").fill("Call about the quote")
    page.keyboard.press("Enter")
    expect(card.locator("b")).to_have_text("Call about the quote")


@shows(40)
@looks(widths=DESK)
def test_beside_a_list_the_next_step_asks_for_the_next_too(come: Any, house: Any, look: Any) -> None:
    ada = come(look)
    (pk,) = make(house, "contacts.person", {"name": named("Peekstep"), "next_step": "Call"})
    page = ada.go(f"/people/?peek={pk}")
    page.locator("#next").get_by_role("button", name=ada.say("Mark done")).click()
    expect(page.locator("#peek .addition.head").first).to_be_visible()
    expect(page.locator("#next [name=next_step]")).to_be_focused()


@shows(41)
def test_what_happened_stands_by_day_is_narrowed_folded_and_loaded_as_it_is_read(
    come: Any, house: Any, look: Any
) -> None:
    ada = come(look)
    firm, first = house.make(LONG_AGO, name=named("Oldfirm"), old=30)
    page = ada.go(f"/companies/{firm}/")
    story, entries = page.locator("#tl"), page.locator("#tl article.ev")
    heads = page.locator("#tl .tg").all_inner_texts()
    assert heads[:3] == [ada.say("Today"), ada.say("Yesterday"), ada.say("This week")]
    assert len(heads) >= 4
    assert re.search(r"[0-9۰-۹]{4}", heads[3]), heads
    # Changes that one person made one after the other are one line, which opens.
    fold = story.locator("details.fold")
    expect(fold).to_have_count(1)
    expect(fold.locator("article").first).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator("article")).to_have_count(2)
    expect(fold).to_contain_text("coffee.example")
    # Twenty-five are there, more on demand.
    assert entries.count() == 25
    more = story.get_by_role("link", name=ada.say("Show more"))
    more.click()
    expect(more).to_have_count(0)
    expect(entries).to_have_count(35)
    expect(story).to_contain_text("Trade 0")
    # By kind and by person.
    page.locator("[data-story=notes]").click()
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("They moved to Turku.")
    page.locator("[data-story=all]").click()
    expect(entries).to_have_count(25)
    page.locator("[data-story-by]").select_option(label="Mikko Lahtinen")
    expect(story.locator("article.ev .hd b").first).to_have_text("Mikko Lahtinen")
    expect(story.locator("article.ev .hd b", has_text="Ada")).to_have_count(0)
    # Each has an address of its own, which leads to it however old it is.
    address = page.locator("#tl article.ev a.pl").last.get_attribute("href")
    assert re.fullmatch(rf"/companies/{firm}/\?event=(\d+)#e\1", address)
    page = ada.go(f"/companies/{firm}/?event={first}#e{first}")
    asked = page.locator(f"#e{first}")
    expect(asked).to_be_in_viewport()
    expect(asked).to_contain_class("asked")
    expect(asked).to_contain_text("Trade 0")


def test_a_note_is_sent_by_keys_comes_in_without_reload_and_a_draft_survives_it(
    come: Any, house: Any, look: Any
) -> None:
    ada = come(look)
    one, two = make(house, "contacts.person", {"name": named("Nota")}, {"name": named("Nota")})
    page = ada.go(f"/people/{one}/")
    page.locator("#cmp-text").fill("Half a thought")
    expect(page.locator("#cmp [data-status]")).to_have_text("✓")
    page.reload()
    ada.visitor.ready()
    expect(page.locator("#cmp-text")).to_have_value("Half a thought")
    page = ada.go(f"/people/{two}/")
    expect(page.locator("#cmp-text")).to_have_value("")
    page = ada.go(f"/people/{one}/")
    page.evaluate("window.same = true")
    page.locator("#cmp-text").press("Control+Enter")
    expect(page.locator("#tl article").first).to_contain_text("Half a thought")
    expect(page.locator("#cmp-text")).to_have_value("")
    assert page.evaluate("window.same")
    page.reload()
    ada.visitor.ready()
    expect(page.locator("#cmp-text")).to_have_value("")


@shows(44)
def test_related_lists_count_add_and_lead_to_the_whole_list(come: Any, house: Any, look: Any) -> None:
    ada = come(look)
    (firm,) = make(house, "contacts.company", {"name": named("Relfirm")})
    make(house, "contacts.person", *({"name": named("Rela"), "companies": [firm]} for _n in range(7)))
    page = ada.go(f"/companies/{firm}/")
    if look.phone:
        page.locator(".rtabs [data-tab=related]").click()
    part = page.locator(".rb", has=page.locator("a[href^='/people/?filter']"))
    expect(part.locator("h2 .n")).to_have_text(digits(ada, 7))
    assert 3 <= part.locator(".rc").count() <= 5
    part.locator("h2 a[data-new]").click()
    form = page.locator("dialog[open] form")
    form.locator("[name='name.full'], [name=name], [name='name.given']").first.fill("Rela Eighth")
    page.keyboard.press("Control+Enter")
    expect(part.locator("h2 .n")).to_have_text(digits(ada, 8))
    part.get_by_role("link", name=ada.say("View all")).click()
    ada.visitor.ready()
    expect(page.locator("tr[data-id]")).to_have_count(8)
    assert f"in:{firm}" in page.url.replace("%3A", ":")
    # What has no name of its own is called by what is known of it.
    name = page.locator("tr[data-id] td a").first.get_attribute("href")
    page = ada.go(name)
    if look.phone:
        page.locator(".rtabs [data-tab=related]").click()
    expect(page.locator(".rb .rc b").first).to_have_text(re.compile("Relfirm"))


@shows(45)
def test_the_history_says_who_when_from_what_to_what_and_one_field_is_taken_back(
    come: Any, house: Any, look: Any
) -> None:
    ada = come(look)
    (pk,) = make(house, "contacts.person", {"name": named("Pasta"), "job_title": "Clerk", "notes": "Old"})
    house.make(
        "from kith.objects.query import find\nfrom kith.objects.write import change\n"
        "made = change(as_user(mail), find(S, 'contacts.person', pk), job_title='Chief', notes='New').pk",
        pk=pk,
        mail=MIKKO,
    )
    page = ada.go(f"/people/{pk}/")
    page.get_by_role("tab", name=ada.say("History")).click()
    last = page.locator("#hist .ver").first
    expect(last).to_contain_text("Mikko Lahtinen")
    expect(last.locator("time")).to_be_visible()
    line = last.locator("li", has_text="Chief")
    expect(line.locator(".was")).to_have_text("Clerk")
    expect(line.locator(".now")).to_have_text("Chief")
    assert "tab=history" in page.url
    line.locator("button[name=take]").click()
    ada.visitor.ready()
    expect(page.locator("#hist .ver")).to_have_count(3)
    now = house.make(
        "from kith.objects.query import find\np = find(S, 'contacts.person', pk)\nmade = [p.job_title, p.notes]", pk=pk
    )
    assert now == ["Clerk", "New"]
    page.locator("#toasts").get_by_role("button", name=ada.say("Undo")).click()
    expect(page.locator("#hist .ver")).to_have_count(4)


@shows(46)
def test_what_looks_like_one_is_compared_merged_and_parted_again(come: Any, house: Any, look: Any) -> None:
    ada = come(look)
    word = named("Twin")
    one, two = make(
        house, "contacts.person",
        {"name": f"Tilda {word}", "emails": [f"{word}@example.com"], "job_title": "Clerk"},
        {"name": f"Tilly {word}", "emails": [f"{word}@example.com"]},
    )  # fmt: skip
    page = ada.go(f"/people/{one}/")
    hint = page.locator(".alike")
    expect(hint).to_contain_text(ada.say("Looks like %(title)s") % {"title": f"Tilly {word}"})
    hint.get_by_role("link", name=ada.say("Compare")).click()
    ada.visitor.ready()
    assert page.locator(".mtab thead th").count() == 3  # side by side
    page.locator(f"[name=keep][value='{one}']").check()
    page.locator(f"[name='choose.name'][value='{two}']").check()
    page.locator(".mrg .b.p").click()
    ada.visitor.ready()
    expect(page.locator(".who h1")).to_have_text(f"Tilly {word}")
    assert f"/people/{one}/" in page.url
    # The other's address leads here now, until it is undone, which stays offered in the timeline.
    page = ada.go(f"/people/{two}/")
    assert f"/people/{one}/" in page.url
    page.locator("#tl .ev-undo").get_by_role("button", name=ada.say("Undo")).click()
    ada.visitor.ready()
    expect(page.locator(".who h1")).to_have_text(f"Tilda {word}")
    page = ada.go(f"/people/{two}/")
    expect(page.locator(".who h1")).to_have_text(f"Tilly {word}")
