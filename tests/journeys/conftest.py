"""A served installation and a browser for each story."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from scripts.test import BROWSERS, SHELL

from .installation import PASSWORD, ROOT, Installation


def browser_path(*, whole: bool = False) -> str | None:
    """Where the browser of the stories is: without windows where there is such a one, because that is half the work for each page.

    Its service workers do nothing while no page is open; stories about that say `WHOLE_BROWSER = True` in their module.
    """
    found = None if whole else shutil.which(SHELL)
    return found or os.environ.get("KITH_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


#: A browser that talks to nobody but us.
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with one administrator, served."""
    if sys.platform != "linux" or not (ROOT / "kith/config/collected/staticfiles.json").exists():
        pytest.skip("the static files are not built; bin/test builds them")
    made = Installation(tmp_path_factory.mktemp("house"))
    try:
        made.serve()
        yield made
    finally:
        made.end()


@pytest.fixture(scope="module")
def chromium(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A running Chromium."""
    path = browser_path(whole=getattr(request.module, "WHOLE_BROWSER", False))
    if not path:
        pytest.skip("there is no Chromium on this machine; bin/test installs Debian's when it may")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


#: What Chromium says when the next page comes before the fade between two pages began or is over; nothing of ours is wrong then.
SKIPPED = re.compile(r"Transition was (skipped|aborted because of invalid state)")


#: What it says of an answer that refuses something.
REFUSED = re.compile(r"server responded with a status of (4\d\d)")


#: A page of ours whose modules are there, or a page that has none.
READY = "() => 'ready' in document.documentElement.dataset || !document.querySelector('script[type=module]')"


class Visitor:
    """Somebody at a browser, signed in. What the page complains about in its console fails the story."""

    def __init__(self, chromium: Any, house: Installation, **context: Any):
        self.house = house
        asked = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "reduced_motion": "reduce"}
        # What a story cuts off or holds up goes through the page, not through a worker behind it; who wants one says so.
        self.context = chromium.new_context(**{**asked, "service_workers": "block", **context})
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.refusals: set[int] = set()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda e: None if SKIPPED.search(str(e)) else self.complaints.append(str(e)))

    def _hear(self, message: Any) -> None:
        if message.type != "error":
            return
        if refused := REFUSED.search(message.text):
            self.refusals.add(int(refused[1]))
        else:
            self.complaints.append(message.text)

    def sign_in(self, path: str = "/") -> Any:
        """Come to `path` by way of the sign-in page."""
        self.page.goto(self.house.url + path)
        self.page.get_by_label("E-mail").fill("ada@example.com")
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)
        return self.ready()

    def go(self, path: str) -> Any:
        """Open a page."""
        self.page.goto(self.house.url + path)
        return self.ready()

    def ready(self) -> Any:
        """Wait until the page hears keys and clicks: its modules come after it, and what is done earlier is lost."""
        self.page.wait_for_function(READY)
        return self.page


@pytest.fixture
def visit(chromium: Any, house: Installation, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Makes visitors; at the end none of their pages may have complained, and just those refusals came that the story expects."""
    expected = {status for mark in request.node.iter_markers("expects_refusals") for status in mark.args}
    visitors: list[Visitor] = []

    def make(**context: Any) -> Visitor:
        visitors.append(Visitor(chromium, house, **context))
        return visitors[-1]

    yield make
    complaints = [c for v in visitors for c in v.complaints]
    for visitor in visitors:
        visitor.context.close()
    assert not complaints, complaints
    refusals = {status for visitor in visitors for status in visitor.refusals}
    assert refusals == expected, "A refusal is declared by the story: @pytest.mark.expects_refusals(422)"
