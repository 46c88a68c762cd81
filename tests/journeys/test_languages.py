"""Every page in each of the five languages: nothing left in English, the right direction, no page that scrolls sideways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from .installation import ROOT, Installation, wait_for

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

#: Django's code → folder of the catalogue.
LANGUAGES = {"en": "", "fi": "fi", "zh-hans": "zh_Hans", "fa": "fa", "sl": "sl"}
WIDTHS = (320, 390, 768, 1080, 1440, 1920)

FILL = """
from kith.objects.write import change, create, remove
c = create(S, "contacts.company", name="Ruokakauppa Äijälä Oy", website="https://aijala.example")
p = create(S, "contacts.person", {"name.given": "سارا", "name.family": "محمدی", "name.latin_given": "Sara",
    "name.latin_family": "Mohammadi",
    "companies": [c.pk], "emails": "sara@example.com", "phones": "+358 40 1234567", "stage": "", "address.country": "IR"})
p = change(S, p, notes="Zavoj 12")
remove(S, create(S, "contacts.company", name="Gone d.o.o."))
print(json.dumps([p.pk, c.pk]))
"""

TEXTS = """() => {
  const found = new Set(), seen = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const add = (text) => found.add(text.replace(/\\s+/g, " ").trim());
  for (let n; (n = seen.nextNode()); ) if (!n.parentElement.closest("script,style,[lang]:not(html)")) add(n.data);
  for (const e of document.querySelectorAll("[aria-label],[title],[placeholder]"))
    for (const a of ["aria-label", "title", "placeholder"]) if (e.hasAttribute(a)) add(e.getAttribute(a));
  found.add(document.title);
  return [...found];
}"""


#: The first elements that make a page scroll sideways, or nothing when it does not.
WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? "" : [...document.querySelectorAll("body *")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)
  .slice(0, 3).map((e) => `${e.tagName}.${e.className}`).join(" ") || "something"
"""


def english_of(folder: str) -> set[str]:
    """Sentences that this language says otherwise than English does; those with holes are known by their parts elsewhere."""
    said: set[str] = set()
    same: set[str] = set()
    for path in ROOT.glob(f"kith/*/locale/{folder}/LC_MESSAGES/django.po"):
        with Path(path).open("rb") as file:
            for message in read_po(file):
                for source, target in _pairs(message):
                    (same if source == target else said).add(source)
    return {s for s in said - same if "%(" not in s and "{" not in s and len(s) > 2}


def _pairs(message: Any) -> list[tuple[str, str]]:
    if not message.id:
        return []
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    return [(source, message.string[0]) for source in message.id]


def settled(page: Any, width: int) -> str:
    """What sticks out of the page once the browser has taken the new width in; "" for nothing."""
    try:
        # Asked from outside: the page's own policy forbids to evaluate a string inside it.
        wait_for(lambda: page.evaluate("innerWidth") == width and not page.evaluate(WIDE), "the page fits", patience=3)
    except AssertionError:
        return str(page.evaluate(WIDE))
    return ""


@pytest.fixture(scope="module")
def records(house: Installation) -> list[int]:
    return house.ask(FILL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_this_language(language: str, visit: Any, house: Installation, records: list[int]):
    person, company = records
    visitor = visit()
    visitor.context.add_cookies([{"name": "language", "value": "en", "url": house.url}])
    visitor.sign_in()
    visitor.context.add_cookies([{"name": "language", "value": language, "url": house.url}])
    english = english_of(LANGUAGES[language]) if LANGUAGES[language] else set()
    left: dict[str, list[str]] = {}
    wide: list[str] = []
    paths = [
        "/",
        "/no-such-page/",
        "/settings/",
        "/settings/me/",
        "/people/999999/",
        f"/people/{person}/",
        f"/people/{person}/edit/",
        f"/companies/{company}/",
    ]
    paths += [f"/{slug}/{page}" for slug in ("people", "companies") for page in ("", "new/", "import/", "trash/")]
    paths += ["/people/?filter=stage:empty&sort=-name", "/people/?filter=stage:empty;tags:filled"]
    for path in paths:
        page = visitor.go(path)
        assert page.evaluate("document.documentElement.lang.toLowerCase()") == language, path
        assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "fa" else "ltr"), path
        if found := [text for text in page.evaluate(TEXTS) if text in english]:
            left[path] = found
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if sticking_out := settled(page, width):
                wide.append(f"{path} at {width}: {sticking_out}")
        page.set_viewport_size({"width": 1440, "height": 900})
    assert not left, left
    assert not wide, wide


def test_the_sign_in_page_speaks_the_browsers_language_first(visit: Any, house: Installation):
    for locale, words in (("fi-FI", "fi"), ("fa-IR", "fa"), ("zh-CN", "zh-hans"), ("sl-SI", "sl"), ("de-DE", "en")):
        page = visit(locale=locale).go("/sign-in/")
        assert page.evaluate("document.documentElement.lang.toLowerCase()") == words, locale
