"""The demo's house for all, a visitor for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext

from scripts.catalogues import pseudo
from tests.journeys.conftest import Visitor, chromium, visit  # noqa: F401 - fixtures
from tests.journeys.crawl import Stop
from tests.journeys.installation import PASSWORD, ROOT, Installation
from tests.journeys.test_languages import FILL, stops

from .house import DemoHouse
from .looks import Look, chosen


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one file stay together, beside the same server; they are journeys, and tell what they show."""
    for item in items:
        if "tests/screens/" in item.nodeid:
            item.add_marker(pytest.mark.xdist_group("screens"))
            item.add_marker(pytest.mark.journey)
            for mark in item.iter_markers("shows"):
                item.user_properties.append(("shows", list(mark.args)))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a look runs once in each."""
    if "look" in metafunc.fixturenames:
        found = chosen(metafunc.definition.get_closest_marker("looks"), metafunc.definition.originalname)
        metafunc.parametrize("look", found, ids=[str(look) for look in found])


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoHouse]:
    """The demo's house, served until the last test is over."""
    if not (ROOT / "kith/config/collected/staticfiles.json").exists():
        pytest.skip("the static files are not built; bin/test builds them")
    made = DemoHouse(tmp_path_factory.mktemp("screens"))
    try:
        made.serve()
        yield made
    finally:
        made.end()


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """Who has signed in once: e-mail → what her browser keeps."""
    return {}


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation in which every page has something to show, and which speaks the pseudo-languages, too."""
    if not (ROOT / "kith/config/collected/staticfiles.json").exists():
        pytest.skip("the static files are not built; bin/test builds them")
    catalogues = tmp_path_factory.mktemp("catalogues")
    pseudo(catalogues)
    made = Installation(
        tmp_path_factory.mktemp("whole"), "tests.journeys.crawled_settings", KITH_PSEUDO=str(catalogues)
    )
    try:
        made.serve()
        yield made
    finally:
        made.end()


@pytest.fixture(scope="session")
def everywhere(whole: Installation) -> list[Stop]:
    """Every page."""
    return stops(whole.ask(FILL))


@pytest.fixture(scope="module")
def known(chromium: Any, whole: Installation) -> Any:  # noqa: F811
    """What the browser of somebody who signed in keeps."""
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{whole.url}/sign-in/")
    page.locator("input[type=email]").fill("ada@example.com")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("form button.p").first.click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    state = context.storage_state()
    context.close()
    return state


class Cut(list[str]):
    """What pages complain about, but for requests that a cut network ended; what our own scripts say of them stays."""

    def append(self, complaint: str) -> None:
        """Keep a complaint."""
        if not complaint.startswith("Failed to load resource: net::"):
            super().append(complaint)


class Guest:
    """Somebody of the demo at a browser, in one look; `page` is what she sees."""

    def __init__(self, visitor: Visitor, look: Look):
        self.visitor, self.look, self.page = visitor, look, visitor.page

    def go(self, path: str) -> Any:
        """Open a page of the house; returns Playwright's page."""
        return self.visitor.go(path)

    def cut(self, off: bool = True) -> None:
        """Take her network away, or give it back; what the browser itself says of requests that went nowhere is no complaint."""
        if not isinstance(self.visitor.complaints, Cut):
            self.visitor.complaints = Cut(self.visitor.complaints)
        self.visitor.context.set_offline(off)

    def say(self, text: str, context: str = "") -> str:
        """What a text of ours is in her language, for finding a button by its words."""
        with translation.override(self.look.language):
            return pgettext(context, text) if context else gettext(text)

    def say_many(self, one: str, many: str, n: int) -> str:
        """The same for a text with a number, still with its holes."""
        with translation.override(self.look.language):
            return ngettext(one, many, n)

    def forward(self) -> str:
        """The arrow key that goes on in reading direction."""
        return "ArrowLeft" if self.look.rtl else "ArrowRight"

    def back(self) -> str:
        """The arrow key that goes back in reading direction."""
        return "ArrowRight" if self.look.rtl else "ArrowLeft"


@pytest.fixture
def come(visit: Any, house: DemoHouse, sessions: dict[str, Any]) -> Any:  # noqa: F811
    """Returns `come(look, mail=…)`: somebody of the demo, signed in, in this look; Ada, when nobody else is named."""

    def make(look: Look | None = None, mail: str = DemoHouse.ada[0], **context: Any) -> Guest:
        look = look or Look()
        asked = {
            "viewport": {"width": look.width, "height": 844 if look.phone else 900},
            "color_scheme": look.theme,
            **({"has_touch": True, "is_mobile": True} if look.phone else {}),
            **context,
        }
        if mail not in sessions:
            first = visit(locale="en-GB")
            page = first.go("/sign-in/")
            page.locator("input[type=email]").fill(mail)
            page.locator("input[type=password]").fill(DemoHouse.ada[1])
            page.locator("form button.p").first.click()
            page.wait_for_url(lambda url: "/sign-in/" not in url)
            sessions[mail] = first.context.storage_state()
        visitor = visit(storage_state=sessions[mail], **asked)
        cookies = {"language": look.language, "theme": look.theme}
        visitor.context.add_cookies([{"name": n, "value": v, "url": house.url} for n, v in cookies.items()])
        return Guest(visitor, look)

    return make
