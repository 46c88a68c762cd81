"""What every page has."""

from __future__ import annotations

from typing import Any

from .looks import shows

PAGES = ("/people/", "/companies/", "/settings/", "/people/trash/")
#: One of each sort of page.
ALL = (
    *(
        "/",
        "/inbox/",
        "/search/?q=a",
        "/favourites/",
        "/keyboard/",
        "/waiting/",
        "/people/new/",
        "/people/import/",
        "/people/views/",
    ),
    *("/settings/me/", "/settings/notifications/", "/settings/setup/", "/settings/company/", "/settings/users/"),
    *("/people/?layout=board", "/people/?layout=calendar"),
)


@shows(3)
def test_the_first_stop_leads_to_the_content_and_landmarks_have_names(come: Any, look: Any):
    ada = come(look)
    for path in PAGES:
        page = ada.go(path)
        page.keyboard.press("Tab")
        first = page.evaluate("() => [document.activeElement.tagName, document.activeElement.getAttribute('href')]")
        assert first[0] == "A", (path, first)
        assert first[1].startswith("#"), (path, first)
        assert page.locator(first[1]).count() == 1, path
        assert page.locator("h1").count() == 1, path
        unnamed = page.evaluate(
            "() => [...document.querySelectorAll('nav,aside,main')].filter((e) => e.offsetParent && e.tagName != 'MAIN' && "
            "!e.getAttribute('aria-label') && !e.getAttribute('aria-labelledby')).map((e) => e.outerHTML.slice(0, 80))"
        )
        assert unnamed == [], path


@shows(2)
def test_no_page_scrolls_sideways_from_320_to_1920(come: Any, house: Any, look: Any):
    pk = house.make('from kith.objects.write import create\nmade = create(S, "contacts.company", name="Leveä Oy").pk')
    ada = come(look)
    for path in (*PAGES, *ALL, f"/companies/{pk}/", f"/companies/{pk}/edit/", f"/companies/{pk}/history/"):
        page = ada.go(path)
        for width in (320, 390, 760, 1080, 1440, 1920):
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")
