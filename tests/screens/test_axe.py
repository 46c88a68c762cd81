"""Every page of the house under axe-core's rules, and what such rules cannot see: focus, targets, large text, forced colours."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import READY
from tests.journeys.crawl import CUT_OFF, WIDE, Stop
from tests.journeys.installation import ROOT, Installation

from .looks import ALL, DESK, Look, looks, shows

AXE = ROOT / "node_modules/axe-core/axe.min.js"
#: WCAG 2.0 to 2.2, levels A and AA, and what is good practice beside them.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
RUN = """async (rules) => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] });
  return found.violations.map((v) => `${v.id}: ` + v.nodes.slice(0, 3).map((n) => `${n.target} ${n.html.slice(0, 90)} ` +
    (n.any[0] ?? n.all[0] ?? n.none[0])?.message).join(" | "));
}"""
#: Controls that are too small to hit: 24 px by 24, 40 where a finger points. Links inside of a sentence need none (WCAG 2.5.8), and a cell
#: of a table is no control. What a link or button grows by, out of sight (`::after`), counts.
SMALL = """(least) => [...document.querySelectorAll(
    "a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex='0']:not(td)")]
  .filter((e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !e.closest("[inert]"))
  .filter((e) => getComputedStyle(e).pointerEvents !== "none" && !e.matches(".vh,input[type=radio]"))
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.width > 1 && box.height > 1)
  .filter(([e]) => !(e.tagName === "A" && getComputedStyle(e).display === "inline"))
  .filter(([e, box]) => { const s = getComputedStyle(e, "::after"), grown = s.content !== "none" && s.position === "absolute";
    const [wide, high] = grown ? [parseFloat(s.width), parseFloat(s.height)] : [0, 0];
    const label = e.matches("[type=checkbox]") && e.closest("label");
    const drawn = label ? label.getBoundingClientRect() : box;
    return Math.max(drawn.height, high) < least - 0.5 || Math.max(drawn.width, wide) < 23.5; })
  .map(([e, box]) => `${e.tagName}.${e.className} ` +
    `${Math.round(box.width)}×${Math.round(box.height)} ${e.textContent.trim().slice(0, 30)}`)"""
#: What is wrong with the stop that the Tab key has come to: nothing says that it has the focus; it is out of sight or something covers it;
#: or it stands wholly above the one before it, and not further along the line, so that the order is not the one in which people read.
STOP = """async () => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  const html = e.outerHTML.slice(0, 110), found = [], before = window.kithBefore;
  const ringed = (one, part) => { const s = getComputedStyle(one, part);
    return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || /0px 0px 0px 2px/.test(s.boxShadow); };
  const near = [e, e.parentElement, e.parentElement?.parentElement, e.closest(".cmp,.dc")];
  const shown = near.some((one) => one && ringed(one)) || (e.nextElementSibling && e.matches("input") && ringed(e.nextElementSibling)) ||
    (e.parentElement && [...e.parentElement.children].some((one) => e.matches("input") && ringed(one)));
  if (!shown) found.push(`no ring: ${html}`);
  const box = e.getBoundingClientRect(), rtl = document.dir === "rtl";
  const at = [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]].map(([x, y]) => [box.left + box.width * x, box.top + box.height * y]);
  const seen = at.some(([x, y]) => { const top = document.elementFromPoint(x, y);
    return top && (e.contains(top) || top.contains(e) || top.closest("label")?.contains(e)); });
  if (!seen && !e.matches(".vh")) found.push(`covered or out of sight: ${html}`);
  if (before?.isConnected && before.closest("main,dialog") && before.closest("main,dialog") === e.closest("main,dialog")) {
    const last = before.getBoundingClientRect(), on = rtl ? last.left - box.right : box.left - last.right;
    const held = (one) => { for (let n = one; n; n = n.parentElement) if (/sticky|fixed/.test(getComputedStyle(n).position)) return true; };
    if (last.height && box.bottom <= last.top + 1 && on < -1 && !held(e) && !held(before))
      found.push(`back up from ${before.outerHTML.slice(0, 70)} to ${html}`);
  }
  window.kithBefore = e;
  return found;
}"""
#: The contrast of the ring with the grounds on which it is drawn, as WCAG reckons it.
RING = """() => {
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true }), root = document.documentElement;
  const light = (name) => { const probe = document.createElement("i"); probe.style.color = `var(${name})`; root.append(probe);
    paint.fillStyle = getComputedStyle(probe).color; probe.remove(); paint.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].map((n) => n / 255)
      .map((n) => n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ring = light("--ring");
  return ["--bg", "--bg-app", "--bg-subtle", "--bg-hover", "--bg-float", "--accent-soft"].map((name) => { const ground = light(name);
    return [name, (Math.max(ring, ground) + 0.05) / (Math.min(ring, ground) + 0.05)]; });
}"""
PHONE_TARGET, TARGET = 40, 24


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


EVERYTHING = os.environ.get("KITH_LOOKS") == "all"


def shared(everywhere: list[Stop], look: Look) -> list[Stop]:
    """The pages that are visited in this look: with KITH_LOOKS=all, every page; else one of each route, each in one look of the eight."""
    if EVERYTHING:
        return everywhere
    first = {stop.route: stop for stop in reversed(everywhere)}
    return [stop for n, stop in enumerate(sorted(first.values(), key=lambda o: o.path)) if ALL[n % len(ALL)] == look]


@dataclass
class Found:
    """What is wrong with the pages in one look, in the order in which they were visited."""

    rules: list[str] = field(default_factory=list)
    small: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def walks() -> dict[Look, Found]:
    """What was found in the looks so far: each page is visited once in a look, whatever is asked of it."""
    return {}


@pytest.fixture
def walked(everywhere: list[Stop], whole: Installation, open_page: Any, look: Look, walks: dict[Look, Found]) -> Found:
    """What is wrong with the pages in this look."""
    if look in walks:
        return walks[look]
    source = Path(AXE).read_text(encoding="utf-8")
    pages = {known: open_page(look, known) for known in (True, False)}
    found = walks[look] = Found()
    for stop in shared(everywhere, look):
        page = pages[stop.signed_in]
        page.goto(whole.url + stop.path)
        page.wait_for_function(READY)
        page.evaluate(source)
        found.rules += [f"{look} {stop.path} {said}" for said in page.evaluate(RUN, RULES)]
        found.small += [
            f"{look} {stop.path} {said}" for said in page.evaluate(SMALL, PHONE_TARGET if look.phone else TARGET)
        ]
        if said := page.evaluate(WIDE):
            found.wide.append(f"{look} {stop.path} {said}")
    return found


@shows(85)
@looks(most=8)
def test_axe_finds_nothing_on_any_page(walked: Found) -> None:
    assert not walked.rules, f"{len(walked.rules)} violations:\n" + "\n".join(walked.rules)


@shows(87)
@looks(most=8)
def test_everything_that_can_be_pressed_is_large_enough(walked: Found) -> None:
    assert not walked.small, f"{len(walked.small)}:\n" + "\n".join(walked.small)


@looks(most=8)
def test_no_page_scrolls_sideways(walked: Found) -> None:
    assert not walked.wide, f"{len(walked.wide)}:\n" + "\n".join(walked.wide)


def test_axe_sees_what_is_wrong(open_page: Any, whole: Installation) -> None:
    page = open_page(ALL[0])
    page.goto(whole.url + "/people/")
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    page.evaluate("document.querySelector('#main').insertAdjacentHTML('beforeend', '<button></button><img src=x.png>')")
    assert Counter(said.partition(":")[0] for said in page.evaluate(RUN, RULES)) >= Counter(
        {"button-name": 1, "image-alt": 1}
    )


def keyed(everywhere: list[Stop]) -> list[Stop]:
    """Where the Tab key walks: with KITH_LOOKS=all every page, else the sorts of page that differ most."""
    some = {
        "/",
        "/people/",
        "/people/?layout=board",
        "/people/1/",
        "/people/new/",
        "/people/merge/?ids=1,3",
        "/settings/me/",
        "/sign-in/",
    }
    found = everywhere if EVERYTHING else [stop for stop in everywhere if stop.path in some]
    assert len(found) >= len(some)
    return found


@shows(86)
def test_the_focus_is_seen_at_every_stop_of_the_tab_key_in_the_order_of_reading(
    everywhere: list[Stop], whole: Installation, open_page: Any, look: Look
) -> None:
    pages = {known: open_page(look, known) for known in (True, False)}
    found = []
    for stop in keyed(everywhere):
        page = pages[stop.signed_in]
        page.goto(whole.url + stop.path)
        page.wait_for_function(READY)
        for _n in range(70 if EVERYTHING else 40):
            page.keyboard.press("Tab")
            said = page.evaluate(STOP)
            if said is None:
                break
            found += [f"{look} {stop.path} {one}" for one in said]
    page = pages[True]
    page.goto(whole.url + "/people/")
    found += [f"{look}: the ring on {name} has {ratio:.1f}:1" for name, ratio in page.evaluate(RING) if ratio < 3]
    assert not found, f"{len(found)}:\n" + "\n".join(dict.fromkeys(found))


#: In forced colours: what can be ticked, typed into or pressed has an edge, and what is ticked differs from what is not.
EDGES = """() => [...document.querySelectorAll("input[type=checkbox],input.in,select.in,textarea.in,.b.o,.b.p")]
  .filter((e) => e.checkVisibility({ opacityProperty: true }) && !e.closest(".ce,.grid .ck,.hu"))
  .filter((e) => { const s = getComputedStyle(e, e.matches("[type=checkbox]") ? "::before" : undefined);
    const drawn = (width, style) => parseFloat(width) >= 1 && style !== "none";
    return !drawn(s.borderTopWidth, s.borderTopStyle) && !drawn(s.outlineWidth, s.outlineStyle); })
  .map((e) => `${e.tagName}.${e.className} ${e.name ?? ""} ${e.textContent.trim().slice(0, 30)}`)"""


@shows(88)
@looks(widths=DESK)
def test_large_text_narrow_screens_and_forced_colours_leave_everything_usable(
    everywhere: list[Stop], whole: Installation, open_page: Any, look: Look
) -> None:
    page = open_page(look, forced_colors="active", contrast="more")
    found = []
    for stop in keyed(everywhere):
        if not stop.signed_in:
            continue
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(whole.url + stop.path)
        moving = page.evaluate(
            "document.getAnimations().filter((a) => a.effect.getComputedTiming().duration > 20).length"
        )
        if moving:
            found.append(f"{stop.path}: {moving} things move")
        found += [f"{stop.path}: no edge in forced colours: {said}" for said in page.evaluate(EDGES)]
        # Text of 200 %, as the browser's own setting makes it.
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        for width in (1280, 640):
            page.set_viewport_size({"width": width, "height": 800})
            if said := page.evaluate(WIDE):
                found.append(f"{stop.path}: text of 200 % at {width} px: {said}")
            # Boxes that did not grow with the text; that a longer text ends in dots on one line is another thing.
            cut = [said for said in page.evaluate(CUT_OFF, False) if "above or below" in said]
            found += [f"{stop.path}: cut off with text of 200 % at {width} px: {said}" for said in cut]
        page.evaluate("document.documentElement.style.fontSize = ''")
        page.set_viewport_size({"width": 320, "height": 800})
        if said := page.evaluate(WIDE):
            found.append(f"{stop.path}: at 320 px: {said}")
    assert not found, f"{len(found)}:\n" + "\n".join(dict.fromkeys(found))


def test_more_contrast_is_given_to_whoever_asks_for_it(whole: Installation, open_page: Any) -> None:
    colours = []
    for wish in ("no-preference", "more"):
        page = open_page(ALL[0], contrast=wish)
        page.goto(whole.url + "/people/")
        colours.append(page.evaluate("getComputedStyle(document.querySelector('.tools')).borderBlockEndColor"))
    assert colours[0] != colours[1]
