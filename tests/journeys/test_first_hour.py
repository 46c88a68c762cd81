"""The main job, in a real browser: bring in customer data, find it, open it, change it, see what happened, take it back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

ROWS = """Name,Country,E-mail,Website
Ελληνικός Οργανισμός Ανακύκλωσης,GR,info@recycling.example,https://recycling.example
Fundação Biblioteca Nacional,BR,contato@biblioteca.example,https://biblioteca.example
Bundesanstalt für Straßenwesen,DE,info@strassen.example,https://strassen.example
Ruokakauppa Äijälä Oy,FI,not an address,https://aijala.example
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "offices.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def import_file(page: Any, file: Path) -> None:
    """Through the wizard, from the file to the report."""
    page.get_by_role("link", name="Import").first.click()
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Go on to the columns").click()
    expect(page.get_by_label("Where “Name” goes")).to_have_value("name")
    expect(page.get_by_label("Where “E-mail” goes")).to_have_value("emails")
    page.get_by_role("button", name="Check the first rows").click()
    expect(page.get_by_text("Ελληνικός Οργανισμός Ανακύκλωσης")).to_be_visible()
    expect(page.get_by_text("An e-mail address looks like").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Import")).click()
    page.wait_for_url("**/report/", timeout=60_000)


def test_a_file_that_is_chosen_before_the_scripts_have_come_is_sent_when_they_have(visit: Any, file: Path):
    visitor = visit()
    page = visitor.sign_in("/companies/")
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    page.route(re.compile(r"/import[^/]*\.js"), hold)
    with page.expect_request(re.compile(r"/import[^/]*\.js")):
        page.goto(f"{page.url}import/", wait_until="commit")
    page.set_input_files("input[type=file]", file)
    expect(page.locator("[data-name]")).to_have_text("")
    # The request was seen; that it is held is told with the next word of the browser.
    page.evaluate("1")
    with page.expect_navigation(url="**/file/"):
        held[0].continue_()
    expect(page.get_by_role("button", name="Go on to the columns")).to_be_visible()


@pytest.mark.every_engine
@pytest.mark.expects_refusals(422)
def test_bring_in_data_find_it_open_it_change_it_and_take_it_back(visit: Any, file: Path):
    visitor = visit()
    page = visitor.sign_in("/companies/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Companies")

    import_file(page, file)
    counts = page.locator(".cnts")
    expect(counts).to_contain_text(re.compile(r"3\s*created", re.I))
    expect(counts).to_contain_text(re.compile(r"1\s*refused", re.I))
    expect(page.get_by_role("table")).to_contain_text("An e-mail address looks like")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the refused rows").click()
    assert "Ruokakauppa Äijälä Oy" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    report = page.url

    page = visitor.go("/companies/")
    for typed, found in (
        ("ανακυκλωσης", "Ελληνικός Οργανισμός"),
        ("fundacao", "Fundação"),
        ("strassenwesen", "Bundesanstalt"),
    ):
        page.get_by_role("searchbox").first.fill(typed)
        expect(page.locator("tbody tr[data-id]")).to_have_count(1)
        expect(page.locator("tbody tr[data-id]")).to_contain_text(found)

    page.locator("tbody tr[data-id] a.n").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bundesanstalt für Straßenwesen")
    visitor.ready()
    page.get_by_placeholder("Write a note").fill("Asked for our price list.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".tl")).to_contain_text("Asked for our price list.")

    page = visitor.go("/companies/")
    cell = page.locator("tbody tr[data-id]", has_text="Fundação").locator("td[data-f=website]")
    cell.dblclick()
    editor = cell.get_by_role("textbox")
    editor.fill("nonsense with blanks")
    editor.press("Enter")
    expect(cell.get_by_role("alert")).to_contain_text("A web address holds no spaces")
    expect(cell.get_by_role("textbox")).to_have_value("nonsense with blanks")
    cell.get_by_role("textbox").fill("https://bn.example")
    cell.get_by_role("textbox").press("Enter")
    expect(cell).to_contain_text("bn.example")
    page.get_by_role("button", name="Undo").first.click()
    expect(cell).to_contain_text("biblioteca.example")

    row = page.locator("tbody tr[data-id]", has_text="Ελληνικός")
    row.locator("input[name=ids]").check(force=True)
    page.locator("#bulk").get_by_role("button", name="Delete").click()
    expect(page.locator("tbody tr[data-id]", has_text="Ελληνικός")).to_have_count(0)
    page = visitor.go("/companies/trash/")
    expect(page.locator("main")).to_contain_text("Ελληνικός")
    page.locator("main").get_by_role("button", name=re.compile("^Restore: Ελληνικός")).click()
    expect(page.locator("main")).not_to_contain_text("Ελληνικός")
    page = visitor.go("/companies/")
    expect(page.locator("tbody tr[data-id]", has_text="Ελληνικός")).to_have_count(1)

    page.goto(report)
    page.get_by_role("link", name="Undo import").click()
    page.get_by_role("button", name=re.compile("Undo")).last.click()
    expect(page.locator("main")).to_contain_text(re.compile("undone|taken back", re.I), timeout=60_000)
    page = visitor.go("/companies/")
    # What somebody worked on since stays, and the report says why.
    expect(page.locator("tbody tr[data-id]", has_text="Fundação")).to_have_count(1)


@pytest.mark.expects_refusals(422)
def test_a_new_record_by_key_is_made_once_and_kept_when_refused(visit: Any):
    page = visit().sign_in("/people/")
    page.keyboard.press("n")
    form = page.locator("form[data-form]").first
    expect(form).to_be_visible()
    form.locator("[name='name.given']").fill("由紀")
    form.locator("[name='name.family']").fill("田中")
    form.locator("[name^=emails]").first.fill("not an address")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(form.locator("[name='name.family']")).to_have_value("田中")
    form.locator("[name^=emails]").first.fill("yuki@example.com")
    page.keyboard.press("Control+Enter")
    expect(page.locator("body")).to_contain_text("田中")


def test_on_a_phone_the_list_is_readable_and_nothing_scrolls_sideways(visit: Any, house: Any):
    name = "{'name.given': 'Sara', 'name.family': 'Mohammadi'}"
    house.ask(f"from kith.objects.write import create\nprint(create(S, 'contacts.person', {name}).pk)")
    visitor = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = visitor.sign_in("/people/?search=mohammadi")
    row = page.locator("[data-id]", has_text="Mohammadi").first
    expect(row).to_be_visible()
    for path in ("/people/", "/companies/", "/people/new/", "/people/import/", "/people/trash/"):
        visitor.go(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    visitor.go("/people/?search=mohammadi")
    page.locator("[data-id]", has_text="Mohammadi").first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mohammadi")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
