"""Every page of the house under axe-core's rules, and what such rules cannot see: focus, targets, large text, forced colours."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.crawl import WIDE, Stop
from tests.journeys.installation import PASSWORD, ROOT, Installation
from tests.journeys.test_languages import FILL, stops

from .looks import ALL, DESK, Look, looks, shows

AXE = ROOT / "node_modules/axe-core/axe.min.js"
#: WCAG 2.0 to 2.2, levels A and AA, and what is good practice beside them.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
RUN = """async (rules) => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] });
  return found.violations.map((v) => `${v.id}: ` + v.nodes.slice(0, 3).map((n) => `${n.target} ${n.html.slice(0, 90)} ` +
    (n.any[0] ?? n.all[0] ?? n.none[0])?.message).join(" | "));
}"""
#: Controls that are too small to hit: 24 px by 24, 40 where a finger points. Links inside of a sentence need none (WCAG 2.5.8).
SMALL = """(least) => [...document.querySelectorAll("a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex='0']")]
  .filter((e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !e.closest("[inert]"))
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.width > 1 && box.height > 1)
  .filter(([e]) => !(e.tagName === "A" && getComputedStyle(e).display === "inline") && !e.matches("input[type=checkbox],input[type=radio]"))
  .filter(([e, box]) => { const s = getComputedStyle(e, "::after"); const grown = s.content !== "none" && s.position === "absolute";
    return !grown && (box.height < least - 0.5 || box.width < Math.min(least, 24) - 0.5); })
  .map(([e, box]) => `${e.tagName}.${e.className} ` +
    `${Math.round(box.width)}×${Math.round(box.height)} ${e.textContent.trim().slice(0, 30)}`)"""
#: Tab stops of which nothing says that they have the focus, or that something covers.
UNSEEN = """() => { const e = document.activeElement; if (!e || e === document.body) return "";
  const s = getComputedStyle(e), box = e.getBoundingClientRect();
  const ringed = (one) => { const t = getComputedStyle(one), drawn = t.outlineStyle !== "none" && parseFloat(t.outlineWidth) >= 1.5;
    return drawn || /0px 0px 0px (1\\.5|2|3)px/.test(t.boxShadow); };
  const near = [e, e.parentElement, e.parentElement?.parentElement].some((one) => one && ringed(one));
  if (!near) return `no ring: ${e.outerHTML.slice(0, 110)}`;
  if (box.bottom < 0 || box.top > innerHeight) return `out of sight: ${e.outerHTML.slice(0, 90)}`;
  return ""; }"""
PHONE_TARGET, TARGET = 40, 24

pytestmark = pytest.mark.skipif(
    os.environ.get("KITH_LOOKS") != "all",
    reason="not every page has been through it yet: KITH_LOOKS=all looks at all of them, and says what is left to mend",
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation in which every page has something to show."""
    if not (ROOT / "kith/config/collected/staticfiles.json").exists() or not AXE.exists():
        pytest.skip("the static files are not built; bin/test builds them")
    nothing = tmp_path_factory.mktemp("catalogues")
    made = Installation(tmp_path_factory.mktemp("axe"), "tests.journeys.crawled_settings", KITH_PSEUDO=str(nothing))
    try:
        made.serve()
        yield made
    finally:
        made.end()


@pytest.fixture(scope="module")
def everywhere(whole: Installation) -> list[Stop]:
    """Every page."""
    return stops(whole.ask(FILL))


@pytest.fixture(scope="module")
def known(chromium: Any, whole: Installation) -> Any:
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


@pytest.fixture
def open_page(chromium: Any, whole: Installation, known: Any) -> Iterator[Any]:
    """Returns `open_page(look, signed_in, …)`: a page of a browser in this look."""
    contexts: list[Any] = []

    def make(look: Look, signed_in: bool = True, **more: Any) -> Any:
        context = chromium.new_context(
            **{
                "locale": "en-GB",
                "storage_state": known if signed_in else None,
                "viewport": {"width": look.width, "height": 844 if look.phone else 900},
                "color_scheme": look.theme,
                "reduced_motion": "reduce",
                **({"has_touch": True, "is_mobile": True} if look.phone else {}),
                **more,
            }
        )
        contexts.append(context)
        cookies = {"language": look.language, "theme": look.theme}
        context.add_cookies([{"name": n, "value": v, "url": whole.url} for n, v in cookies.items()])
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def shared(everywhere: list[Stop], look: Look) -> list[Stop]:
    """The pages that are visited in this look: each once, spread over all looks; with KITH_LOOKS=all, all of them in each."""
    if os.environ.get("KITH_LOOKS") == "all":
        return everywhere
    return [stop for n, stop in enumerate(everywhere) if ALL[n % len(ALL)] == look]


@shows(85)
@looks(most=8)
def test_axe_finds_nothing_on_any_page(everywhere: list[Stop], whole: Installation, open_page: Any, look: Look):
    source = Path(AXE).read_text(encoding="utf-8")
    pages = {known: open_page(look, known) for known in (True, False)}
    found = []
    for stop in shared(everywhere, look):
        page = pages[stop.signed_in]
        page.goto(whole.url + stop.path)
        page.evaluate(source)
        found += [f"{look} {stop.path} {said}" for said in page.evaluate(RUN, RULES)]
    assert not found, f"{len(found)} violations:\n" + "\n".join(found)


def test_axe_sees_what_is_wrong(open_page: Any, whole: Installation):
    page = open_page(ALL[0])
    page.goto(whole.url + "/people/")
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    page.evaluate("document.querySelector('#main').insertAdjacentHTML('beforeend', '<button></button><img src=x.png>')")
    assert Counter(said.partition(":")[0] for said in page.evaluate(RUN, RULES)) >= Counter(
        {"button-name": 1, "image-alt": 1}
    )


@shows(87)
def test_everything_that_can_be_pressed_is_large_enough(
    everywhere: list[Stop], whole: Installation, open_page: Any, look: Look
):
    pages = {known: open_page(look, known) for known in (True, False)}
    found = []
    for stop in everywhere:
        page = pages[stop.signed_in]
        page.goto(whole.url + stop.path)
        found += [f"{stop.path} {said}" for said in page.evaluate(SMALL, PHONE_TARGET if look.phone else TARGET)]
    assert not found, f"{len(found)}:\n" + "\n".join(found)


KEYED = (
    "/people/",
    "/people/new/",
    "/settings/",
    "/settings/me/",
    "/settings/users/",
    "/settings/fields/contacts.person/new/",
    "/sign-in/",
)


@shows(86)
def test_the_focus_is_seen_at_every_stop_of_the_tab_key(whole: Installation, open_page: Any, look: Look):
    found = []
    for path in KEYED:
        page = open_page(look, path != "/sign-in/")
        page.goto(whole.url + path)
        for _n in range(60):
            page.keyboard.press("Tab")
            if said := page.evaluate(UNSEEN):
                found.append(f"{path} {said}")
            if page.evaluate("document.activeElement === document.body"):
                break
    assert not found, "\n".join(dict.fromkeys(found))


@shows(88)
@looks(widths=DESK)
def test_large_text_narrow_screens_and_forced_colours_leave_everything_usable(
    everywhere: list[Stop], whole: Installation, open_page: Any, look: Look
):
    page = open_page(look, forced_colors="active", contrast="more")
    found = []
    for stop in everywhere:
        if not stop.signed_in:
            continue
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(whole.url + stop.path)
        moving = page.evaluate(
            "document.getAnimations().filter((a) => a.effect.getComputedTiming().duration > 20).length"
        )
        if moving:
            found.append(f"{stop.path}: {moving} things move")
        # Text of 200 %, as the browser's own setting makes it.
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        for width in (1280, 640):
            page.set_viewport_size({"width": width, "height": 800})
            if said := page.evaluate(WIDE):
                found.append(f"{stop.path}: text of 200 % at {width} px: {said}")
        page.evaluate("document.documentElement.style.fontSize = ''")
        page.set_viewport_size({"width": 320, "height": 800})
        if said := page.evaluate(WIDE):
            found.append(f"{stop.path}: at 320 px: {said}")
    assert not found, f"{len(found)}:\n" + "\n".join(found)
