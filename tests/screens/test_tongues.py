"""What turns round in languages that are read from right to left and what does not; texts, numbers and names in their own way."""

from __future__ import annotations

from itertools import count
from typing import Any
from urllib.parse import quote

from playwright.sync_api import expect

from .looks import DESK, looks, shows

NUMBERS = count()
FIRM = """
from kith.objects.write import create
made = create(S, "contacts.company", {"name": name, "phones": "+358 40 1234567", "annual_revenue": "1234567.89 EUR"}).pk
"""
CARDS = """
from kith.objects.write import create
u = as_user("ada@kultasatama.example")
made = [create(u, "contacts.person", {"name": n, "job_title": name, "stage": stage, "owner": u.user_id}).pk
        for n, stage in (("Card A", "lead"), ("Card B", "qualified"))]
"""
#: What somebody typed on this page → the direction of the element that would cut it off, and the direction of its first letter.
DIRECTIONS = r"""(words) => {
  const found = [], seen = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let n; (n = seen.nextNode()); ) {
    const word = words.find((one) => n.data.includes(one));
    if (!word || !n.parentElement.checkVisibility()) continue;
    let cuts = n.parentElement;
    const cutting = (e) => { const s = getComputedStyle(e); return s.display !== "inline" && s.textOverflow === "ellipsis"; };
    while (cuts.tagName !== "MAIN" && !cutting(cuts)) cuts = cuts.parentElement;
    if (cuts.tagName === "MAIN") cuts = n.parentElement;
    const wanted = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(n.data) ? "rtl" : "ltr";
    found.push([n.data.trim().slice(0, 40), getComputedStyle(cuts).direction, wanted, cuts.outerHTML.slice(0, 80)]);
  }
  return found;
}"""


def x(page: Any, selector: str) -> float:
    """The middle of the first such thing, from the edge at which lines begin."""
    return float(
        page.locator(selector).first.evaluate(
            "(e) => { const b = e.getBoundingClientRect(), m = b.left + b.width / 2; return document.dir === 'rtl' ? innerWidth - m : m; }"
        )
    )


@shows(89)
@looks(widths=DESK, most=4)
def test_layout_chevrons_arrows_resizing_and_progress_follow_the_reading_direction_and_nothing_else_does(
    come: Any, house: Any, look: Any
) -> None:
    name = f"Turned {look} {next(NUMBERS)}"
    pk = house.make(FIRM, name=name)
    ada = come(look)
    page = ada.go(f"/companies/?q={quote(name)}&columns=phones,annual_revenue")
    page.wait_for_selector("html[data-walks]")
    assert x(page, ".side") < x(page, "main")
    # The arrow that goes on in reading direction goes to the next column.
    page.locator(f"tr[data-id='{pk}'] td").first.focus()
    page.keyboard.press(ada.forward())
    expect(page.locator(f"tr[data-id='{pk}'] td").nth(1)).to_be_focused()
    page.keyboard.press(ada.back())
    expect(page.locator(f"tr[data-id='{pk}'] td").nth(0)).to_be_focused()
    # So does making a column wider, by mouse.
    head = page.locator("thead th[data-c]").nth(1)
    before = head.bounding_box()["width"]
    box = head.locator("[data-rz]").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + (-60 if look.rtl else 60), box["y"] + 5, steps=5)
    page.mouse.up()
    page.wait_for_function(
        f"document.querySelectorAll('thead th[data-c]')[1].getBoundingClientRect().width > {before} + 30"
    )
    # A phone number is written from left to right, whatever stands around it.
    phone = page.locator("tr[data-id] bdi", has_text="1234567")
    assert phone.evaluate("(e) => getComputedStyle(e).direction") == "ltr"
    assert phone.evaluate("(e) => getComputedStyle(e).unicodeBidi") == "isolate"
    # The progress bar runs from where lines begin.
    edge = page.evaluate(
        "() => { const s = getComputedStyle(document.querySelector('.bar-top'), '::after'); return [s.left, s.right]; }"
    )
    assert edge[1 if look.rtl else 0] == "0px"
    # Chevrons turn, clocks, marks and magnifiers do not.
    page = ada.go(f"/companies/{pk}/")
    turned = page.evaluate(
        """() => [...document.querySelectorAll("main svg.i, nav svg.i")].filter((e) => e.checkVisibility())
          .map((e) => [e.querySelector("use").getAttribute("href").split("#")[1], getComputedStyle(e).transform.startsWith("matrix(-1")])"""
    )
    kinds = {icon for icon, flipped in turned if flipped}
    assert bool(kinds) == look.rtl
    assert all("chevron" in icon or "arrow" in icon or "panel" in icon or "corner" in icon for icon in kinds), kinds
    assert (
        not {icon for icon, flipped in turned if not flipped} & {"chevron-right", "chevron-left", "arrow-right"}
        or not look.rtl
    )
    # A board: its columns run from where lines begin to beyond the other edge, and it is scrolled there.
    ids = house.make(CARDS, name=name)
    page = ada.go(f"/people/?layout=board&by=stage&filter=job_title:contains:{quote(name)}")
    page.wait_for_selector("html[data-listening]")
    columns = page.locator(".board .col")
    begins = columns.evaluate_all(
        "(all) => all.map((e) => { const b = e.getBoundingClientRect(); return document.dir === 'rtl' ? innerWidth - b.right : b.left; })"
    )
    assert begins == sorted(begins)
    assert begins[0] < begins[1] - 200
    assert begins[-1] + 200 > look.width, "the last column is beyond the edge"
    columns.last.scroll_into_view_if_needed()
    scrolled = page.locator("x-board").evaluate("(e) => e.scrollLeft")
    assert scrolled < -50 if look.rtl else scrolled > 50
    # A card that is dragged to that edge scrolls it, too; the arrows walk and move in reading direction.
    page.locator("x-board").evaluate("(e) => e.scrollTo(0, 0)")
    card, beside = (page.locator(f".board .dc[data-id='{pk}']") for pk in ids)
    box, board = card.bounding_box(), page.locator("x-board").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 70, box["y"] + 40)
    page.mouse.move(board["x"] + (10 if look.rtl else board["width"] - 10), board["y"] + 200, steps=2)
    page.wait_for_function(
        "(rtl) => { const at = document.querySelector('x-board').scrollLeft; return rtl ? at < -50 : at > 50; }",
        arg=look.rtl,
    )
    page.keyboard.press("Escape")
    page.mouse.up()
    card.locator("a.ti").focus()
    page.keyboard.press(ada.forward())
    expect(beside.locator("a.ti")).to_be_focused()
    page.keyboard.press(ada.back())
    expect(card.locator("a.ti")).to_be_focused()
    page.keyboard.press(f"Alt+{ada.forward()}")
    expect(page.locator(f".board .col[data-to=qualified] .dc[data-id='{ids[0]}']:not([aria-busy])")).to_have_count(1)
    page.keyboard.press(f"Alt+{ada.back()}")
    expect(page.locator(f".board .col[data-to=lead] .dc[data-id='{ids[0]}']:not([aria-busy])")).to_have_count(1)


@shows(90)
@looks(most=4)
def test_what_people_typed_keeps_its_own_direction_on_the_very_element_that_cuts_it(
    come: Any, house: Any, look: Any
) -> None:
    n = next(NUMBERS)
    latin, persian = f"Ravintola{n} (Helsinki) Oy", f"شرکت‌{n} نمونهٔ تهران (سهامی)"
    ids = house.make(
        """
from kith.objects.write import create
firms = [create(S, "contacts.company", name=one).pk for one in (latin, persian)]
people = [create(S, "contacts.person", {"name.given": given, "name.family": family, "companies": [firm]}).pk
          for given, family, firm in (("Aino", f"Virta{n}", firms[1]), ("سارا", f"محمدی{n}", firms[0]), ("さくら", f"田中{n}", firms[0]))]
made = [firms, people]
""",
        latin=latin,
        persian=persian,
        n=n,
    )
    (firms, people), ada = ids, come(look)
    words = [f"Ravintola{n}", f"شرکت‌{n}", f"Virta{n}", f"محمدی{n}"]
    seen = 0
    for path in (
        f"/companies/?q=Ravintola{n}",
        f"/companies/?q={quote(persian)}",
        f"/people/?q=Virta{n}",
        f"/people/{people[0]}/",
        f"/people/{people[1]}/",
        f"/companies/{firms[1]}/",
        f"/people/?layout=board&q=Virta{n}",
    ):
        for text, direction, wanted, where in ada.go(path).evaluate(DIRECTIONS, words):
            seen += 1
            assert direction == wanted, f"{path}: “{text}” stands in {where}"
    assert seen >= 10
    # The language is said where it is known: a name in another script than that of the page.
    page = ada.go(f"/people/?q={quote(f'田中{n}')}")
    assert page.locator(f"tr[data-id='{people[2]}'] bdi[lang]").first.get_attribute("lang") == "ja"


@shows(91)
@looks(most=4)
def test_numbers_dates_money_digits_and_names_are_those_of_the_locale(come: Any, house: Any, look: Any) -> None:
    name = f"Zahl{next(NUMBERS):03}firma"
    pk = house.make(FIRM, name=name)
    people = house.make(
        """
from kith.objects.write import create
from kith.identity.models import User
User.objects.filter(email="omid@kultasatama.example").update(calendar="jalali")
O = as_user("omid@kultasatama.example")
made = [create(S, "contacts.person", {"name.given": "太郎", "name.family": "山田", "address.country": "JP", "birthday": "2000-03-20"}).pk,
        create(O, "contacts.person", {"name.given": "Nour", "name.family": "Haddad", "birthday": "2000-03-20"}).pk]
"""
    )
    ada = come(look)
    page = ada.go(f"/companies/{pk}/?tab=details")
    facts = page.locator(".kv").inner_text()
    if look.rtl:
        assert "۱٬۲۳۴٬۵۶۷" in facts
        money = page.locator("[data-fact=annual_revenue] .val").inner_text()
        assert any(sign in money for sign in ("€", "EUR", "یورو"))
    else:
        assert "1,234,567" in facts
        assert "۱" not in facts
    # The family name of a Japanese name stands first, in any language.
    page = ada.go(f"/people/{people[0]}/")
    born = page.locator("[data-fact=birthday] .val").first.text_content()
    assert ("۲۰۰۰" if look.rtl else "2000") in born
    # The family name of a Japanese name stands first, in any language.
    assert page.locator("h1 bdi").first.inner_text().replace(" ", "").startswith("山田")
    # Whoever chose the Persian calendar reads all days in it: the 20th of March 2000 is the first of Farvardin 1379.
    page = come(look, "omid@kultasatama.example").go(f"/people/{people[1]}/")
    assert ("۱۳۷۹" if look.rtl else "1379") in page.locator("[data-fact=birthday] .val").first.text_content()
    # Counts in sentences have the viewer's digits, and the plural that goes with them.
    page = ada.go(f"/companies/?q={quote(name)}")
    counted = page.locator("#cnt").inner_text()
    assert ("۱" if look.rtl else "1") in counted
