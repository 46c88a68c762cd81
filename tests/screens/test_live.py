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
SITE = """
from kith.objects.query import find
from kith.objects.write import change
change(as_user(who), find(S, "contacts.company", pk), website=site)
made = None
"""
SITE_OF = """
from kith.objects.query import find
made = str(find(S, "contacts.company", pk).website)
"""
#: How long ago, in both languages.
WHEN = re.compile("second|minute|ثانیه|دقیقه")
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
    expect(conflict).to_contain_text("Mikko Lahtinen")
    expect(conflict).to_contain_text("Hänen sanansa")
    expect(conflict).to_contain_text(WHEN)
    expect(conflict.locator("button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(fact).to_contain_text("Minun sanani")
    expect(fact.locator("form")).to_have_count(0)
    assert house.make(NAME, pk=pk) == "Minun sanani"


@pytest.mark.expects_refusals(409)
@shows(17)
@looks(widths=DESK)
def test_in_a_list_too_the_later_save_is_told_who_changed_it_to_what_and_may_take_theirs(
    come: Any, house: Any, look: Any
):
    word = f"Solu{look}".replace("-", "")
    pk = house.make(COMPANY.replace("name=name", "name=name, website='https://alku.example'"), name=word)
    page = listening(come(look).go(f"/companies/?q={word}&columns=website"))
    cell = page.locator(f"#r{pk} td[data-f=website]")
    for choice, stands in (("[data-theirs]", "https://toisen1.example"), (".b.p", "https://minun.example")):
        cell.dblclick()
        field = cell.locator("form.ce input.in")
        field.fill("https://minun.example")
        theirs = "https://toisen1.example" if choice == "[data-theirs]" else "https://toisen2.example"
        house.make(SITE, who=BEN, pk=pk, site=theirs)
        field.press("Enter")
        conflict = cell.locator("[data-conflict]")
        # Who, to what, and when; and both ways out.
        expect(conflict).to_contain_text("Mikko Lahtinen")
        expect(conflict).to_contain_text(theirs.removeprefix("https://"))
        expect(conflict).to_contain_text(WHEN)
        expect(conflict.locator("button")).to_have_count(2)
        conflict.locator(choice).click()
        expect(cell.locator("form")).to_have_count(0)
        assert house.make(SITE_OF, pk=pk) == stands


@looks(widths=DESK, most=1)
def test_new_records_wait_behind_a_button_and_the_list_stays_where_it_is(come: Any, house: Any, look: Any):
    word = f"Uusia{look}".replace("-", "")
    first = house.make(COMPANY, name=f"{word} yksi")
    ada = come(look)
    page = listening(ada.go(f"/companies/?filter=name:contains:{word}"))
    expect(page.locator("[data-id]")).to_have_count(1)
    stood = page.locator(f"#r{first}").bounding_box()
    house.make(COMPANY, name=f"{word} kaksi")
    house.make(COMPANY, name="Muita")
    button = page.locator(".fresh")
    expect(button).to_contain_text("۱" if look.rtl else "1", timeout=PROMPT)
    expect(page.locator("[data-id]")).to_have_count(1)
    assert page.locator(f"#r{first}").bounding_box() == stood
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


@pytest.mark.expects_refusals(404)
@looks()
def test_who_loses_the_right_while_she_looks_at_a_record_hears_no_more_of_it(come: Any, house: Any, look: Any):
    """Two browsers at one record; after it was made private, one of them hears nothing of it, whatever the other does."""
    pk = house.make(COMPANY, name=f"Avoin {look}")
    ada, ben = come(look), come(look, BEN)
    hers, his = listening(ada.go(f"/companies/{pk}/")), listening(ben.go(f"/companies/{pk}/"))
    house.make(RENAME, who="ada@kultasatama.example", pk=pk, name="Kaikille Oy")
    for page in (hers, his):
        expect(page.locator("h1").first).to_contain_text("Kaikille")
    house.make(PRIVATE, pk=pk)
    told: list[str] = []
    his.on("response", lambda answer: told.append(answer.url) if answer.ok and "/live/" not in answer.url else None)
    house.make(RENAME, who="ada@kultasatama.example", pk=pk, name="Vain minulle Oy")
    expect(hers.locator("h1").first).to_contain_text("Vain minulle")
    # He asks himself, and is answered as if there were no such record; his page keeps what he was allowed to see.
    assert (
        his.evaluate(
            "(url) => fetch(url, { headers: { 'HX-Request': 'true' } }).then((answer) => answer.status)",
            f"/companies/{pk}/facts/",
        )
        == 404
    )
    expect(his.locator("h1").first).to_contain_text("Kaikille")
    assert "Vain minulle" not in his.content()
    assert not [url for url in told if f"/{pk}/" in url]


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
    # The list of the command menu is fetched as soon as Control is held. Nobody asked for that yet, so nobody is asked to sign in for it.
    with page.expect_response("**/command/*") as fetched:
        page.keyboard.down("Control")
    assert fetched.value.status == 401
    page.wait_for_function("() => !document.querySelector('#cmd .htmx-request, #cmd.htmx-request')")
    box = page.locator("dialog.again[open]")
    expect(box).to_have_count(0)
    page.keyboard.press("Enter")
    page.keyboard.up("Control")
    box.locator("input[type=email]").fill(house.ada[0])
    box.locator("input[type=password]").fill(house.ada[1])
    box.locator("form button.p").click()
    expect(box).to_have_count(0)
    expect(page.locator("#tl")).to_contain_text("Kirjoitettu ennen loppua")
