"""What a list does: addresses, going and coming back, selecting, the bar over a selection, the footer, more rows, the phone."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from .looks import DESK, PHONE, looks, shows
from .made import companies

ARABIC = str.maketrans("0123456789,", "۰۱۲۳۴۵۶۷۸۹٬")


def number(n: int, look: Any) -> str:
    """A number as somebody with this look reads it."""
    text = f"{n:,}"
    return text.translate(ARABIC) if look.language == "fa" else text


def rows(page: Any) -> Any:
    return page.locator("tbody tr[data-id]")


def select(page: Any, pk: int, *keys: str) -> None:
    page.locator(f"tr[data-id='{pk}'] input[name=ids]").click(modifiers=list(keys), force=True)


@shows(5)
@looks(widths=DESK)
def test_filter_sort_group_and_preview_stand_in_the_address(come: Any, house: Any, look: Any) -> None:
    values = [
        {"language": c, "stage": s} for c, s in (("fi", "lead"), ("fi", "customer"), ("sl", "lead"), ("fa", "lead"))
    ]
    url, made = companies(house, "Addressed", values)
    ada = come(look)
    page = ada.go(url + "&columns=language,stage")
    page.locator("#f-open").click()
    page.locator("#f-edit a[data-filter]", has_text=re.compile(ada.say("Stage"))).first.click()
    page.locator("#f-edit input[name=v][value=lead]").check()
    expect(rows(page)).to_have_count(3)
    page.keyboard.press("Escape")
    page.locator("[popovertarget=f-group]").click()
    page.locator("#f-group a", has_text=ada.say("Language")).first.click()
    expect(page.locator("tr.gh")).to_have_count(3)
    page.locator("[id='h-name']").click()
    expect(page).to_have_url(re.compile(r"sort=-name(&|$)"))
    row = page.locator(f"tr[data-id='{made[0]}']")
    row.hover()
    row.locator("[data-peek]").click()
    expect(page.locator("#peek .bd")).to_be_visible()
    # Another order keeps the preview, in the address, too.
    page.locator("[id='h-name']").click()
    page.wait_for_url(lambda url: "sort=" not in url)
    page.locator("[id='h-name']").click()
    expect(page).to_have_url(re.compile(r"sort=name&.*peek=" + str(made[0])))
    seen = [r.get_attribute("data-id") for r in rows(page).all()]
    heads = page.locator("tr.gh bdi").all_inner_texts()
    other = come(look).go(page.url.removeprefix(house.url))
    expect(other.locator("#peek .bd")).to_be_visible()
    assert [r.get_attribute("data-id") for r in rows(other).all()] == seen
    assert other.locator("tr.gh bdi").all_inner_texts() == heads
    assert other.locator("#chips .chip").count() == 2
    # So does the open part of a record's page.
    page = ada.go(f"/companies/{made[0]}/")
    page.locator(".rtabs [data-tab=history]").click()
    expect(page).to_have_url(re.compile("tab=history"))
    other = come(look).go(page.url.removeprefix(house.url))
    expect(other.locator(".rtabs [data-tab=history]")).to_have_attribute("aria-selected", "true")
    expect(other.locator("#hist")).to_be_visible()


@shows(6)
@looks(widths=DESK)
def test_links_are_links_and_back_finds_the_place_and_the_selection(come: Any, house: Any, look: Any) -> None:
    url, made = companies(house, "Returned", 120)
    ada = come(look)
    page = ada.go(url)
    name = page.locator(f"tr[data-id='{made[3]}'] a.n")
    for how in ({"button": "middle"}, {"modifiers": ["Control"]}):
        with page.context.expect_page() as opened:
            name.click(**how)
        expect(opened.value).to_have_url(re.compile(f"/companies/{made[3]}/"))
        opened.value.close()
        assert "/companies/?" in page.url
    for link in ("a.n", "thead a", ".vt", "header.ph nav a", "nav a"):
        assert page.locator(link).first.get_attribute("href"), link
    page.locator("#more").scroll_into_view_if_needed()
    expect(rows(page)).to_have_count(100)
    select(page, made[70])
    select(page, made[74], "Shift")
    expect(page.locator("input[name=ids]:checked")).to_have_count(5)
    page.locator(f"tr[data-id='{made[72]}']").scroll_into_view_if_needed()
    top = page.evaluate("() => document.querySelector('#results').scrollTop")
    assert top > 1000
    page.locator(f"tr[data-id='{made[72]}'] a.n").click()
    page.wait_for_url(re.compile(rf"/companies/{made[72]}/"))
    ada.visitor.ready()
    page.go_back()
    ada.visitor.ready()
    expect(page.locator("input[name=ids]:checked")).to_have_count(5)
    expect(page.locator("#bulk-n")).to_have_text(number(5, look))
    page.wait_for_function(f"() => Math.abs(document.querySelector('#results').scrollTop - {top}) < 4")


@shows(18)
@looks(widths=DESK)
def test_rows_are_selected_by_pointer_and_by_key_up_to_all_of_the_view(come: Any, house: Any, look: Any) -> None:
    url, made = companies(house, "Selected", 60)
    page = come(look).go(url)
    row, chosen = page.locator(f"tr[data-id='{made[2]}']"), page.locator("input[name=ids]:checked")
    faces = (
        "(e) => [...e.querySelectorAll('.ck > .bx, .ck > :is(.av,.lg)')]"
        ".map((o) => [o.matches('.bx'), getComputedStyle(o).opacity])"
    )
    page.locator("h1").hover()
    assert dict(map(tuple, row.evaluate(faces))) == {True: "0", False: "1"}
    row.hover()
    assert dict(map(tuple, row.evaluate(faces))) == {True: "1", False: "0"}, "the face makes room for the box"
    # By keys.
    row.locator("td[role]").first.focus()
    page.keyboard.press("x")
    expect(row).to_have_attribute("aria-selected", "true")
    expect(page.locator("#bulk")).to_be_visible()
    foot, bar = page.locator("tfoot td").first.bounding_box(), page.locator("#bulk").bounding_box()
    assert foot["y"] - 30 < bar["y"] + bar["height"] <= foot["y"], "it floats above the footer"
    page.keyboard.press("x")
    expect(chosen).to_have_count(0)
    page.keyboard.press("x")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+X")
    expect(chosen).to_have_count(4)
    page.keyboard.press("Escape")
    expect(chosen).to_have_count(0)
    expect(page.locator("#bulk")).to_be_hidden()
    # By the pointer.
    select(page, made[5])
    select(page, made[9], "Shift")
    expect(chosen).to_have_count(5)
    expect(page.locator("#bulk-n")).to_have_text(number(5, look))
    page.locator("[data-unselect]").click()
    expect(chosen).to_have_count(0)
    page.locator("[data-all]").check()
    expect(chosen).to_have_count(50)
    everything = page.locator("[data-everything]")
    expect(everything).to_contain_text(number(60, look))
    everything.click()
    expect(page.locator("#bulk-n")).to_have_text(number(60, look))
    expect(everything).to_be_hidden()


@looks(widths=DESK)
def test_the_bar_over_a_selection_assigns_edits_tags_exports_merges_and_deletes(
    come: Any, house: Any, look: Any
) -> None:
    url, made = companies(house, "Barred", [{"tags": ["old"]}] * 4)
    ada = come(look)
    page = ada.go(url + "&columns=owner,stage,tags")
    bar = page.locator("#bulk")
    select(page, made[0])
    select(page, made[2], "Shift")
    expect(page.locator("#bulk-n")).to_have_text(number(3, look))

    def opened(name: str) -> Any:
        bar.get_by_role("button", name=name, exact=True).click()
        form = page.locator("#f-bulk form")
        expect(form).to_be_visible()
        return form

    cell = "tr[data-id='{}'] td[data-f='{}']"
    form = opened(ada.say("Assign", "to a colleague"))
    colleague = form.get_by_role("option", name="Mikko Lahtinen").or_(form.locator("option", has_text="Mikko Lahtinen"))
    if form.locator("select").count():
        form.locator("select").select_option(label="Mikko Lahtinen")
    else:
        colleague.first.click()
    form.locator("button.p").click()
    expect(page.locator(cell.format(made[2], "owner"))).to_contain_text("Mikko Lahtinen")
    expect(page.locator(cell.format(made[3], "owner"))).not_to_contain_text("Mikko Lahtinen")

    select(page, made[0])
    select(page, made[1], "Shift")
    form = opened(ada.say("Add tags"))
    form.locator("input:not([type=hidden])").first.fill("fair")
    form.locator("button.p").click()
    for pk, tags in ((made[1], "oldfair"), (made[2], "old")):
        expect(page.locator(cell.format(pk, "tags"))).to_have_text(re.compile(r"\s*".join(tags.partition("old")[1:])))

    select(page, made[1])
    bar.get_by_role("button", name=ada.say("Edit field"), exact=True).click()
    page.locator("#f-bulk [data-bulk-field*='field=stage']").click()
    field = page.locator("#f-bulk form")
    expect(field).to_be_visible()
    (
        field.locator("select").select_option("customer")
        if field.locator("select").count()
        else field.locator("[value=customer]").first.click()
    )
    field.locator("button.p").click()
    expect(page.locator(cell.format(made[1], "stage"))).to_contain_text(ada.say("Customer"))

    select(page, made[0])
    select(page, made[3])
    bar.get_by_role("button", name=ada.say("Export", "to bring out"), exact=True).click()
    with page.expect_download() as file:
        page.locator("#m-chosen a", has_text="JSON").click()
    told = json.loads(file.value.path().read_bytes())
    assert sorted(one["id"] for one in told) == sorted([made[0], made[3]])

    bar.get_by_role("button", name=ada.say("Delete"), exact=True).click()
    expect(rows(page)).to_have_count(2)
    expect(page.locator("#cnt")).to_have_text(number(2, look))
    page.locator("#toasts form[data-undo] button").click()
    expect(rows(page)).to_have_count(4)

    select(page, made[0])
    select(page, made[3])
    bar.locator("[data-merge]").click()
    page.wait_for_url(re.compile("/companies/merge/"))
    for pk in (made[0], made[3]):
        expect(page.locator(f"main [value='{pk}']").first).to_be_attached()


@shows(18)
@looks(widths=DESK)
def test_all_of_a_view_is_changed_in_the_background_and_undone_as_one(come: Any, house: Any, look: Any) -> None:
    url, _made = companies(house, "Masses", 130)
    filter = url.partition("filter=")[2].partition("&")[0]
    tally = f"from kith.objects.query import count\nmade = count(S, 'contacts.company', filter={filter!r}).value"
    page = come(look).go(url)
    page.locator("[data-all]").check()
    page.locator("[data-everything]").click()
    expect(page.locator("#bulk-n")).to_have_text(number(130, look))
    page.locator("#bulk button[value=remove]").click()
    page.locator("#toasts a[href^='/runs/']").click()
    page.wait_for_url(re.compile(r"/runs/\d+/"))
    expect(page.locator("progress, [role=progressbar]").first).to_be_attached()
    undo = page.locator("form[action='/undo/'] button")
    expect(undo).to_be_visible(timeout=30_000)
    assert house.make(tally) == 0
    undo.click()
    page.wait_for_function(
        '([url, number]) => fetch(url).then((r) => r.text()).then((t) => t.includes(`id="cnt">${number}<`))',
        arg=[url, number(130, look)],
        timeout=30_000,
    )


@shows(20)
@looks(widths=DESK)
def test_the_footer_counts_adds_up_money_and_what_each_column_comes_to(come: Any, house: Any, look: Any) -> None:
    values = [
        {"employees": n, "annual_revenue": {"money": [f"{n}00.00", "EUR"]}, "industry": "Bread" if n == 1 else ""}
        for n in (1, 2, 6)
    ]
    url, _made = companies(house, "Added", values)
    page = come(look).go(url + "&columns=employees,annual_revenue,industry")
    foot = page.locator("#sums")
    expect(foot.locator("td").first).to_contain_text(number(3, look))
    # Money adds up by itself, in the currency of the house.
    expect(page.locator(".tots .tot .num").first).to_contain_text(re.compile("€|EUR"))
    expect(page.locator(".tots .tot .num").first).to_contain_text(number(900, look))

    def comes_to(name: str, how: str, told: str) -> None:
        page.locator(f"[data-agg='{name}']").click()
        page.locator(f"#a-menu [data-how='{how}']").click()
        expect(page.locator(f"[data-agg='{name}'] .num")).to_contain_text(told)
        expect(page.locator(f"[data-agg='{name}']")).to_be_focused()

    for how, n in (("sum", 9), ("average", 3), ("min", 1), ("max", 6)):
        comes_to("employees", how, number(n, look))
    comes_to("annual_revenue", "sum", number(900, look))
    comes_to("industry", "empty", number(2, look))
    page.wait_for_url(re.compile("aggregates="))
    page.reload()
    for name, n in (("employees", 6), ("annual_revenue", 900), ("industry", 2)):
        expect(page.locator(f"[data-agg='{name}'] .num")).to_contain_text(number(n, look))


@shows(5, 27)
@looks(widths=DESK)
def test_rows_come_fifty_at_a_time_on_sight_and_at_most_300(come: Any, house: Any, look: Any, request: Any) -> None:
    kept = request.config.stash.setdefault(ENDLESS, [])
    if not kept:
        kept.append(companies(house, "Endless", 2000)[0])
    page = come(look).go(kept[0])
    expect(rows(page)).to_have_count(50)
    more = page.locator("#more [data-more]")
    expect(more).to_contain_text(number(50, look))
    for n in (100, 150, 200, 250, 300):
        page.locator("#more").scroll_into_view_if_needed()
        page.wait_for_function(f"() => document.querySelectorAll('tbody tr[data-id]').length >= {n}")
    page.locator("#more").scroll_into_view_if_needed()
    following = page.locator("#more a:not([data-more])")
    expect(following).to_be_visible()
    assert rows(page).count() == 300
    last = rows(page).last.locator("a.n").inner_text()
    following.click()
    page.wait_for_url(re.compile("after="))
    expect(rows(page)).to_have_count(50)
    first = rows(page).first.locator("a.n").inner_text()
    assert int(first[-4:]) == int(last[-4:]) + 1
    # The page stands in the address.
    other = come(look).go(page.url.removeprefix(house.url))
    expect(rows(other).first.locator("a.n")).to_have_text(first)


ENDLESS = pytest.StashKey[list[str]]()


@shows(29)
@looks(widths=PHONE)
def test_on_a_phone_a_row_has_two_lines_and_is_a_link_and_its_face_selects(come: Any, house: Any, look: Any) -> None:
    made = house.make(
        "from kith.objects.write import create\nword = 'Phoned' + str(n)\n"
        "firm = create(S, 'contacts.company', name=word + ' Oy')\n"
        "one = {'name.given': 'Aino', 'name.family': word, 'companies': [firm.pk]}\n"
        "made = [create(S, 'contacts.person', {**one, 'stage': stage}).pk for stage in ('lead', 'customer')]",
        n=f"{look.language}{look.theme}",
    )
    ada = come(look)
    page = ada.go(f"/people/?q=Phoned{look.language}{look.theme}")
    row = page.locator(f"tr[data-id='{made[0]}']")
    lines = {
        name: row.locator(css).bounding_box()
        for name, css in (
            ("face", ".ck"),
            ("name", "a.n"),
            ("stage", "td.m-s"),
            ("company", "td.m-c"),
            ("when", "td.m-a"),
        )
    }
    assert all(lines.values()), lines
    expect(row.locator("td.m-c")).to_contain_text("Oy")
    expect(row.locator("td.m-s")).to_contain_text(ada.say("Lead"))
    expect(row.locator("td.m-a time")).to_have_count(1)
    middle = {name: box["y"] + box["height"] / 2 for name, box in lines.items()}
    assert abs(middle["name"] - middle["stage"]) < 8
    assert abs(middle["company"] - middle["when"]) < 8
    assert middle["company"] - middle["name"] > 12
    across = {name: box["x"] for name, box in lines.items()}
    assert (across["face"] > across["name"] > across["stage"]) == look.rtl
    assert page.evaluate("document.documentElement.scrollWidth") == look.width
    row.locator(".ck input").tap(force=True)
    expect(row).to_have_attribute("aria-selected", "true")
    expect(page.locator("#bulk")).to_be_visible()
    page.locator("[data-unselect]").tap()
    # Filters come up from below, as wide as the phone.
    page.locator("#f-open").tap()
    sheet = page.locator("#f-edit")
    expect(sheet.locator("a[data-filter]").first).to_be_visible()
    page.wait_for_function(
        "() => { const b = document.querySelector('#f-edit').getBoundingClientRect();"
        " return innerHeight - b.bottom < 12 && innerWidth - b.width < 20; }"
    )
    page.keyboard.press("Escape")
    # Anywhere in the row.
    box = row.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.5, box["y"] + box["height"] - 8)
    page.wait_for_url(re.compile(f"/people/{made[0]}/"))


@shows(30)
def test_a_changed_number_of_results_is_announced(come: Any, house: Any, look: Any) -> None:
    url, _made = companies(house, "Announced", 12)
    ada = come(look)
    page = ada.go("/companies/")
    said = page.locator("#say")
    assert said.get_attribute("aria-live") == "polite"
    page.locator("#q").focus()
    word = url.partition("contains:")[2].partition("&")[0]
    page.locator("#q").fill(word)
    expect(said).to_have_text(ada.say_many("%(n)s result", "%(n)s results", 12) % {"n": number(12, look)})
    expect(page.locator("#cnt")).to_have_text(number(12, look))
    # One is one, and nobody hears of "1 results".
    page.locator("#q").fill(f"{word} 0003")
    expect(said).to_have_text(ada.say_many("%(n)s result", "%(n)s results", 1) % {"n": number(1, look)})


@shows(64)
def test_a_list_that_a_filter_empties_offers_to_clear_it(come: Any, look: Any) -> None:
    ada = come(look)
    page = ada.go("/people/?filter=stage:in:customer&q=nobody-is-called-so")
    nothing = page.locator(".empty")
    expect(nothing).to_contain_text(ada.say("Nothing fits these filters"))
    nothing.get_by_role("link", name=ada.say("Clear all")).click()
    expect(rows(page).first).to_be_visible()
    expect(page.locator("#q")).to_have_value("")


@shows(64)
def test_a_list_without_records_says_what_belongs_there_and_leads_to_the_first(
    come: Any, house: Any, look: Any
) -> None:
    slug = house.make(
        "from kith.objects import defining\n"
        "made = defining.add_object(S, {'label': 'Ship' + n, 'plural': 'Ships' + n}).slug",
        n=str(look).replace("-", ""),
    )
    ada = come(look)
    page = ada.go(f"/{slug}/")
    nothing = page.locator(".empty")
    expect(nothing).to_contain_text(ada.say("There is nothing here yet"))
    expect(nothing.locator("a.p")).to_have_count(1)
    expect(nothing.locator(".exm")).to_be_visible()
    expect(nothing.get_by_role("link", name=ada.say("Import a file"))).to_be_visible()
    nothing.locator("a.p").click()
    expect(page.locator("form[data-form]").first).to_be_visible()
