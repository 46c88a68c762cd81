"""Two people at two browsers: what one changes the other sees without reloading, and nothing moves under her hands."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from .looks import DESK, looks, shows

BEN = "mikko@kultasatama.example"
COMPANY = """
from kith.objects.write import create
made = create(S, "contacts.company", name=name, owner=as_user("ada@kultasatama.example").user_id).pk
"""
RENAME = """
from kith.objects.query import find
from kith.objects.write import change
change(as_user(who), find(S, "contacts.company", pk), name=name)
made = None
"""
NAME = """
from kith.objects.query import find
made = find(S, "contacts.company", pk).name
"""
PRIVATE = """
from kith.objects.access.sharing import set_private
from kith.objects.query import find
set_private(as_user("ada@kultasatama.example"), find(S, "contacts.company", pk), True)
made = None
"""
#: Milliseconds from a change to what another sees of it.
PROMPT = 2_000


class Forgiving(list):  # type: ignore[type-arg]
    """What the page complains about, but for the request that the story cuts off."""

    def append(self, complaint: str) -> None:
        if "ERR_FAILED" not in complaint and "htmx:error" not in complaint:
            super().append(complaint)


def listening(page: Any) -> Any:
    page.wait_for_selector("html[data-listening]")
    return page


@looks(most=1)
def test_a_change_in_one_browser_is_seen_in_another_within_two_seconds(come: Any, house: Any, look: Any):
    pk = house.make(COMPANY, name="Ennen Oy")
    ada, other = come(look), come(look, BEN)
    page = listening(ada.go("/companies/?filter=name:contains:Ennen"))
    record = listening(other.go(f"/companies/{pk}/"))
    row = page.locator(f"#r{pk}")
    expect(row).to_contain_text("Ennen Oy")
    house.make(RENAME, who=BEN, pk=pk, name="Ennen ja nyt Oy")
    expect(row).to_contain_text("Ennen ja nyt Oy", timeout=PROMPT)
    expect(record.locator("h1")).to_contain_text("Ennen ja nyt Oy", timeout=PROMPT)


@pytest.mark.expects_refusals(409)
@shows(17)
@looks(widths=DESK)
def test_what_is_being_edited_stays_and_the_later_save_asks_whose_shall_stand(come: Any, house: Any, look: Any):
    pk = house.make(COMPANY, name="Kaksi Oy")
    page = listening(come(look).go(f"/companies/{pk}/"))
    fact = page.locator("[data-fact=name]")
    fact.locator(".pen").click()
    field = fact.locator("form.fe input[name=name]")
    field.fill("Minun sanani")
    house.make(RENAME, who=BEN, pk=pk, name="Hänen sanansa")
    # Hers stays under the cursor; a line says that there is another one now.
    expect(fact.locator(".late")).to_be_visible(timeout=PROMPT)
    expect(field).to_have_value("Minun sanani")
    expect(field).to_be_focused()
    field.press("Enter")
    conflict = fact.locator("[data-conflict]")
    expect(conflict).to_contain_text("Hänen sanansa")
    expect(conflict.locator("button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(fact).to_contain_text("Minun sanani")
    expect(fact.locator("form")).to_have_count(0)
    assert house.make(NAME, pk=pk) == "Minun sanani"


@looks(widths=DESK, most=1)
def test_new_records_wait_behind_a_button_and_the_list_stays_where_it_is(come: Any, house: Any, look: Any):
    first = house.make(COMPANY, name="Uusia yksi")
    ada = come(look)
    page = listening(ada.go("/companies/?filter=name:contains:Uusia"))
    expect(page.locator("[data-id]")).to_have_count(1)
    house.make(COMPANY, name="Uusia kaksi")
    house.make(COMPANY, name="Muita")
    button = page.locator(".fresh")
    expect(button).to_contain_text("1", timeout=PROMPT)
    expect(page.locator("[data-id]")).to_have_count(1)
    button.click()
    expect(page.locator("[data-id]")).to_have_count(2)
    expect(page.locator(f"#r{first}")).to_be_visible()


@looks(most=1)
def test_who_may_not_see_a_record_is_not_told_of_it(come: Any, house: Any, look: Any):
    pk = house.make(COMPANY, name="Yksityinen Oy")
    house.make(PRIVATE, pk=pk)
    ada, ben = come(look), come(look, BEN)
    hers, his = listening(ada.go("/companies/?filter=name:contains:Yksityinen")), listening(ben.go("/companies/"))
    asked: list[str] = []
    his.on("request", lambda request: asked.append(request.url))
    house.make(RENAME, who="ada@kultasatama.example", pk=pk, name="Yksityinen ja salainen Oy")
    expect(hers.locator(f"#r{pk}")).to_contain_text("salainen", timeout=PROMPT)
    # A change that he may see comes after it, on the same stream: by then he would have heard of the other.
    seen = house.make(COMPANY, name="Julkinen Oy")
    his.wait_for_selector(".fresh")
    assert not [url for url in asked if str(pk) in url.replace(str(seen), "")]


@shows(82, 83)
@looks(widths=DESK)
def test_a_save_that_fails_says_what_it_was_and_is_tried_again_with_what_was_typed(come: Any, house: Any, look: Any):
    pk = house.make(COMPANY, name="Kolme Oy")
    ada = come(look)
    page = ada.go(f"/companies/{pk}/")
    ada.visitor.complaints = Forgiving()
    page.route("**/name/fact/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    fact = page.locator("[data-fact=name]")
    fact.locator(".pen").click()
    field = fact.locator("form.fe input[name=name]")
    field.fill("Neljä Oy")
    field.press("Enter")
    toast = page.locator("#toasts [role=alert]")
    expect(toast).to_contain_text(fact.locator("dt .tx").inner_text())
    expect(field).to_have_value("Neljä Oy")
    assert house.make(NAME, pk=pk) == "Kolme Oy"
    page.unroute("**/name/fact/")
    # Slow on the way: it shows that it works at once, and a second press sends nothing.
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    toast.locator("button").click()
    expect(fact.locator("form")).to_have_count(0)
    expect(fact).to_contain_text("Neljä Oy")
    assert len(sent) == 1
    assert house.make(NAME, pk=pk) == "Neljä Oy"


@pytest.mark.expects_refusals(401)
@shows(83)
@looks(most=1)
def test_a_session_that_ended_is_begun_again_in_a_dialog_and_the_note_is_sent(come: Any, house: Any, look: Any):
    pk = house.make(COMPANY, name="Viisi Oy")
    ada = come(look)
    page = ada.go(f"/companies/{pk}/")
    page.locator("#cmp textarea").fill("Kirjoitettu ennen loppua")
    ada.visitor.context.clear_cookies(name=re.compile("session"))
    page.locator("#cmp textarea").press("Control+Enter")
    box = page.locator("dialog.again[open]")
    box.locator("input[type=email]").fill(house.ada[0])
    box.locator("input[type=password]").fill(house.ada[1])
    box.locator("form button.p").click()
    expect(box).to_have_count(0)
    expect(page.locator("#tl")).to_contain_text("Kirjoitettu ennen loppua")
