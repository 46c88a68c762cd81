"""Longer words than English has: on a phone every word of ours is seen in full, on each main screen and in whatever opens on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import READY
from tests.journeys.crawl import CUT_OFF, OUTSIDE, WIDE
from tests.journeys.installation import Installation

from .looks import shows

#: One that is 40 % longer than English, in brackets; and the two of ours whose words are longest, or written in another way.
LANGUAGES = ("en-xa", "fi", "fa")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}
#: Press, one after the other, each button that opens a menu: which there are, and opening one of them.
MENUS = """() => [...new Set([...document.querySelectorAll("button[popovertarget]")]
  .filter((e) => e.checkVisibility() && !e.closest(":popover-open")).map((e) => e.getAttribute("popovertarget")))]"""
PRESS = "(id) => document.querySelector(`button[popovertarget='${id}']`).click()"
#: Nothing is asked for any more.
QUIET = "() => !document.querySelector('.htmx-request,.loading')"
UNFOLD = (
    "() => document.querySelectorAll('main details:not([open]):not([popover] *)').forEach((e) => { e.open = true; })"
)


def nothing(page: Any) -> None:
    """The page as it comes."""


def filters(page: Any) -> None:
    """What a list can be filtered by."""
    page.locator("#f-open").click()
    expect(page.locator("#f-edit a[href*='/filter/all/']")).to_be_visible()


def condition(page: Any) -> None:
    """The editor of a condition."""
    filters(page)
    page.locator("#f-edit a[href$='field=birthday']").click()
    expect(page.locator("#f-edit form")).to_be_visible()


def advanced(page: Any) -> None:
    """The editor of all conditions."""
    filters(page)
    page.locator("#f-edit a[href*='/filter/all/']").click()
    expect(page.locator("#filter-all")).to_be_visible()


def bulk(page: Any) -> None:
    """The bar for several records."""
    page.locator("tr[data-id] input[name=ids]").first.check(force=True)
    expect(page.locator(".bulk")).to_be_visible()


def new(page: Any) -> None:
    """The dialog for a new record."""
    page.locator(".tabbar .add").click()
    page.locator("#m-new a[data-new]").first.click()
    expect(page.locator("dialog.dlg[open] form")).to_be_visible()


def command(page: Any) -> None:
    """The command menu."""
    page.keyboard.press("Control+k")
    expect(page.locator(".cmdw [role=option]").first).to_be_visible()


def details(page: Any) -> None:
    """The facts of a record, all of them, with an editor open."""
    page.locator("[role=tab].t-details").click()
    page.locator("[data-fact=emails] .pen").click()
    expect(page.locator("[data-fact=emails] form")).to_be_visible()


def related(page: Any) -> None:
    """What is linked to a record."""
    page.locator("[role=tab].t-related").click()


@pytest.fixture
def phone(chromium: Any, whole: Installation, known: Any) -> Iterator[Any]:
    """Returns `phone(language, signed_in)`: a page of a phone in this language."""
    contexts: list[Any] = []

    def make(language: str, signed_in: bool = True) -> Any:
        context = chromium.new_context(
            locale="en-GB", service_workers="block", storage_state=known if signed_in else None, **PHONE
        )
        contexts.append(context)
        context.add_cookies([{"name": "language", "value": language, "url": whole.url}])
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def faults(page: Any, bent: bool) -> list[str]:
    """What is wrong with what stands open now."""
    found = [f"not seen in full: {said}" for said in page.evaluate(CUT_OFF, bent)]
    if bent:
        found += [f"not translated: {said}" for said in page.evaluate(OUTSIDE)]
    if said := page.evaluate(WIDE):
        found.append(f"scrolls sideways: {said}")
    return found


@shows(92)
@pytest.mark.parametrize("language", LANGUAGES)
def test_longer_words_are_seen_in_full_on_a_phone(
    everywhere: Any, whole: Installation, phone: Any, language: str
) -> None:
    person = next(stop.path for stop in everywhere if stop.route == "record")
    screens: list[tuple[str, Callable[[Any], None]]] = [
        *(("/", nothing), ("/", command), ("/", new), ("/inbox/", nothing), ("/search/?q=sara", nothing)),
        ("/people/?filter=stage:empty;tags:filled", nothing),
        *(("/people/", filters), ("/people/", condition), ("/people/", advanced), ("/people/", bulk)),
        *(("/people/?layout=board", nothing), ("/people/?layout=calendar", nothing), ("/people/?group=stage", nothing)),
        *((person, nothing), (person, details), (person, related), (f"{person}?tab=history", nothing)),
        *(("/people/new/", nothing), ("/companies/1/edit/", nothing), ("/people/import/", nothing), ("/waiting/", nothing)),
        *(("/settings/", nothing), ("/settings/me/", nothing), ("/settings/fields/contacts.person/", nothing)),
        *(("/settings/setup/", nothing), ("/people/views/", nothing)),
    ]  # fmt: skip
    bent, found, menus = language == "en-xa", [], 0
    page, seen = phone(language), set()
    for path, opens in screens:
        page.goto(whole.url + path)
        page.wait_for_function(READY)
        assert page.evaluate("document.documentElement.lang") == language
        page.evaluate(UNFOLD)
        opens(page)
        page.wait_for_function(QUIET)
        where = f"{path} {opens.__name__}"
        found += [f"{where}: {said}" for said in faults(page, bent)]
        for menu in page.evaluate(MENUS) if opens in (nothing, bulk) else []:
            # A menu that stands on many pages is opened once.
            if menu in seen:
                continue
            seen.add(menu)
            page.evaluate(PRESS, menu)
            page.wait_for_function(QUIET)
            if not page.locator(f"#{menu}:popover-open").count():
                continue
            menus += 1
            found += [f"{where} #{menu}: {said}" for said in faults(page, bent)]
            page.evaluate("(id) => document.getElementById(id).hidePopover()", menu)
    stranger = phone(language, signed_in=False)
    stranger.goto(f"{whole.url}/sign-in/")
    found += [f"/sign-in/: {said}" for said in faults(stranger, bent)]
    assert menus >= 10, f"only {menus} menus were opened"
    found = list(dict.fromkeys(found))
    assert not found, f"{len(found)} in {language}:\n" + "\n".join(found)
