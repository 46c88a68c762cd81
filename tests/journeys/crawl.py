"""Walking through the whole house in a browser: every address that answers with a page, in every language, at every width.

Several pages of one browser are open at once. What is wrong is written down and not raised, so that one run tells everything.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .installation import PASSWORD

AT_ONCE = 2
HEIGHT = 800
#: Where most people sit, and where longer sentences hurt most. Each page is opened at the first width, and costs a layout at each other.
BENT_WIDTHS = (1440, 390)

#: All texts that people read, one by one. `lang` marks what is said in a language of its own, `data-stored` a sentence that was kept
#: in the language of whoever began the work.
TEXTS = """() => {
  const found = new Set(), seen = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const add = (text) => found.add(text.replace(/\\s+/g, " ").trim());
  for (let n; (n = seen.nextNode()); ) if (!n.parentElement.closest("script,style,[lang]:not(html),[data-stored]")) add(n.data);
  for (const e of document.querySelectorAll("[aria-label],[title],[placeholder]"))
    for (const a of ["aria-label", "title", "placeholder"]) if (e.hasAttribute(a)) add(e.getAttribute(a));
  found.add(document.title);
  return [...found];
}"""

#: What stands outside of the brackets of a pseudo-language, besides data: what people typed, dates, names that CLDR knows, keys.
OUTSIDE = """() => {
  const data = "script,style,noscript,svg,textarea,bdi,time,kbd,code,[lang]:not(html)," +
    "[dir=auto],[dir=ltr]:not(html),.num,option,.av,.pill,.tag,.sample,[data-stored]";
  // What test_languages brings into the house by name, and what is written alike in all languages.
  const brought = /Alukset|Alus|سارا محمدی|Ruokakauppa Äijälä Oy|Aino|Nimi|Väri|Ada Aalto|Ben Bäck|Omat|Terveisin Ada/g;
  // Days, months and what joins the last two things of a list are CLDR's, and not ours to translate.
  const lang = document.documentElement.lang.split("-")[0], days = new Set(), utc = { timeZone: "UTC" };
  const named = (how) => { for (let n = 0; n < 12; n++) for (const at of [Date.UTC(2026, n, 1), Date.UTC(2026, 0, n + 1)])
    days.add(new Intl.DateTimeFormat(lang, { ...utc, ...how }).format(at)); };
  for (const how of ["long", "short"]) { named({ weekday: how }); named({ month: how }); }
  for (const type of ["conjunction", "disjunction"])
    for (const { value } of new Intl.ListFormat(lang, { type }).formatToParts(["1", "2"]))
      if (/\\p{L}/u.test(value)) days.add(value.trim());
  const calendar = new RegExp(`(?<!\\\\p{L})(?:${[...days].sort((a, b) => b.length - a.length).join("|")})(?!\\\\p{L})`, "gu");
  const names = /\\b(Kith|Esc|CSV|JSON|Excel \\(XLSX\\)|UTF-\\d+(-[BL]E)?)\\b|Excel \\(XLSX\\)/g;
  const found = new Set();
  let depth = 0;
  const outside = (text) => {
    let out = "";
    for (const sign of text) { if (sign === "⟦") depth++; else if (sign === "⟧") depth--; else if (depth <= 0) out += sign; else continue; }
    return out;
  };
  const seen = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; (n = seen.nextNode()); ) {
    const left = outside(n.data).replace(brought, "").replace(names, "").replace(calendar, "").trim();
    if (/\\p{L}{2,}/u.test(left) && !n.parentElement.closest(data)) found.add(left.slice(0, 60));
  }
  for (const e of document.querySelectorAll("[aria-label],[title],[placeholder]")) {
    if (e.closest("bdi,time,[lang]:not(html),[dir=auto],[dir=ltr]:not(html)")) continue;
    for (const a of ["aria-label", "title", "placeholder"]) {
      depth = 0;
      const left = e.hasAttribute(a) ? outside(e.getAttribute(a)).replace(brought, "").replace(names, "").replace(calendar, "").trim() : "";
      if (/\\p{L}{2,}/u.test(left)) found.add(`${a}: ${left.slice(0, 60)}`);
    }
  }
  return [...found];
}"""

#: The first elements that make a page scroll sideways, once the page has taken its width in; "" when it does not.
WIDE = """async () => {
  const wide = () => document.documentElement.scrollWidth > innerWidth;
  for (let n = 0; n < 60 && wide(); n++) await new Promise(requestAnimationFrame);
  return !wide() ? "" : [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)
    .slice(0, 3).map((e) => `${e.tagName}.${e.className}`).join(" ") || "something";
}"""

#: Texts of ours that are not seen in full: cut off by a box that hides what does not fit, running out of what holds them, or outside of
#: the page. Asked with true in a pseudo-language, where all that we say stands in brackets; else what people typed, dates and numbers
#: are known by their elements. What can be scrolled to is no fault, and neither is a text for screen readers. Above and below, ink is
#: measured: fonts of some scripts reserve much more room than their letters take.
CUT_OFF = r"""(bent) => document.fonts.ready.then(() => {
  const data = "script,style,noscript,template,svg,option,textarea,bdi,time,kbd,code,[lang]:not(html),[dir=auto],[dir=ltr]:not(html)," +
    ".num,.av,.lg,.tag,td .none,[data-stored]";
  const holds = "button,.b,[role=tab],[role=option],.mi,.chip > *,.pill,th,.card,.menu,dialog,.nav a,.tabbar > *,.vt,summary,.toast";
  const hides = /hidden|clip/, scrolls = /auto|scroll/, wide = document.documentElement.clientWidth;
  const pen = document.createElement("canvas").getContext("2d"), range = document.createRange(), found = new Set();
  const seen = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let depth = 0;
  for (let n; (n = seen.nextNode()); ) {
    const before = depth, own = n.parentElement, look = getComputedStyle(own);
    for (const sign of n.data) depth += (sign === "⟦") - (sign === "⟧");
    if (!n.data.trim() || !(bent ? before > 0 || n.data.includes("⟦") : /\p{L}{2}/u.test(n.data))) continue;
    if (own.closest(data) || !own.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    range.selectNodeContents(n);
    const lines = [...range.getClientRects()].filter((r) => r.width > 1);
    if (!lines.length) continue;
    pen.font = `${look.fontStyle} ${look.fontWeight} ${look.fontSize} ${look.fontFamily}`;
    pen.letterSpacing = look.letterSpacing === "normal" ? "0px" : look.letterSpacing;
    // A tenth of a letter, for what rounding and hinting add.
    const less = Math.max(1, parseFloat(look.fontSize) / 10);
    const ink = pen.measureText(n.data.trim().replaceAll("\u200c", " ")), base = (r) => r.top + Math.round(ink.fontBoundingBoxAscent);
    const left = Math.min(...lines.map((r) => r.left)), right = Math.max(...lines.map((r) => r.right));
    const top = Math.min(...lines.map((r) => base(r) - ink.actualBoundingBoxAscent));
    const bottom = Math.max(...lines.map((r) => base(r) + ink.actualBoundingBoxDescent));
    let why = "", sideways = false, down = false, first = true;
    for (let e = own; e && e !== document.documentElement; e = e.parentElement) {
      const s = getComputedStyle(e), r = e.getBoundingClientRect(), out = left < r.left - 1 || right > r.right + 1;
      if (s.display === "contents" || s.display === "inline") continue;
      if ((e.clientWidth && e.clientWidth <= 2) || s.clipPath.startsWith("inset(50%")) { why = "for screen readers"; break; }
      sideways ||= scrolls.test(s.overflowX); down ||= scrolls.test(s.overflowY);
      if (why) continue;
      if (!sideways && out && hides.test(s.overflowX)) why = `cut off by ${e.tagName}.${e.className}`;
      else if (!sideways && out && (first || e.matches(holds))) why = `runs out of ${e.tagName}.${e.className}`;
      else if (!down && hides.test(s.overflowY) && (top < r.top - less || bottom > r.bottom + less))
        why = `above or below ${e.tagName}.${e.className}`;
      first = false;
      if (s.position === "fixed") break;
    }
    if (!why && !sideways && (left < -1 || right > wide + 1)) why = "outside of the page";
    const text = n.data.replace(/\s+/g, " ").trim().slice(0, 50);
    if (why && why !== "for screen readers") found.add(`${text} (${own.tagName}.${own.className}): ${why}`);
  }
  return [...found];
})"""


@dataclass(frozen=True)
class Stop:
    """One address to visit; `route` names the address's pattern, `signed_in` is False for what strangers see."""

    path: str
    route: str = ""
    signed_in: bool = True


@dataclass
class Seen:
    """What was found wrong in one language: (what, where, and what exactly)."""

    faults: list[str] = field(default_factory=list)
    pages: int = 0


def crawl(
    executable: str,
    options: list[str],
    url: str,
    visits: Iterable[tuple[str, Stop]],
    widths: Sequence[int],
    english: dict[str, set[str]],
) -> dict[str, Seen]:
    """Make these visits, each a language and a stop in it; `english` are the sentences that must not be left, by language.

    Languages that begin with a private region (en-xa, ar-xb) are pseudo-languages: there, no text may stand outside of brackets.
    """
    result: dict[str, Seen] = {}

    async def run() -> None:
        from playwright.async_api import async_playwright

        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=executable, args=options)
            state = await _signed_in(browser, url)
            work: asyncio.Queue[tuple[str, Stop]] = asyncio.Queue()
            for language, stop in visits:
                result.setdefault(language, Seen())
                work.put_nowait((language, stop))
            async with asyncio.TaskGroup() as group:
                for _worker in range(AT_ONCE):
                    group.create_task(_work(browser, state, url, work, widths, english, result))
            await browser.close()

    # The other stories use the browser's synchronous interface, whose loop belongs to this thread.
    failure: list[BaseException] = []

    def thread() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:  # raised again where somebody waits for it
            failure.append(error)

    walker = threading.Thread(target=thread)
    walker.start()
    walker.join()
    if failure:
        raise failure[0]
    return result


async def _signed_in(browser: Any, url: str) -> Any:
    context = await browser.new_context(locale="en-GB")
    page = await context.new_page()
    await page.goto(f"{url}/sign-in/")
    await page.get_by_label("E-mail").fill("ada@example.com")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.wait_for_url(f"{url}/")
    state = await context.storage_state()
    await context.close()
    return state


async def _work(
    browser: Any,
    state: Any,
    url: str,
    work: asyncio.Queue[tuple[str, Stop]],
    widths: Sequence[int],
    english: dict[str, set[str]],
    result: dict[str, Seen],
) -> None:
    contexts = {
        known: await browser.new_context(
            locale="en-GB",
            reduced_motion="reduce",
            storage_state=state if known else None,
            viewport={"width": widths[0], "height": HEIGHT},
        )
        for known in (True, False)
    }
    pages = {known: await context.new_page() for known, context in contexts.items()}
    while not work.empty():
        language, stop = work.get_nowait()
        await contexts[stop.signed_in].add_cookies([{"name": "language", "value": language, "url": url}])
        page = pages[stop.signed_in]
        await page.set_viewport_size({"width": widths[0], "height": HEIGHT})
        await page.goto(url + stop.path, wait_until="load")
        seen = result[language]
        seen.pages += 1
        faults = [fault async for fault in _faults(page, language, widths, english)]
        seen.faults += [f"{stop.path}: {fault}" for fault in faults]
    for context in contexts.values():
        await context.close()


async def _faults(page: Any, language: str, widths: Sequence[int], english: dict[str, set[str]]) -> Any:
    """What is wrong with the page that stands open."""
    html = await page.evaluate("[document.documentElement.lang.toLowerCase(), document.documentElement.dir]")
    wanted = [language, "rtl" if language.startswith(("fa", "ar")) else "ltr"]
    if html != wanted:
        yield f"it says that it is {html} and not {wanted}"
    bent = language.endswith(("-xa", "-xb"))
    if bent:
        for text in await page.evaluate(OUTSIDE):
            yield f"not translated: {text}"
    elif language in english:
        for text in await page.evaluate(TEXTS):
            if text in english[language]:
                yield f"left in English: {text}"
    for width in BENT_WIDTHS if bent else widths:
        await page.set_viewport_size({"width": width, "height": HEIGHT})
        if sticking_out := await page.evaluate(WIDE):
            yield f"wider than {width}: {sticking_out}"
        if bent or width in BENT_WIDTHS:
            for text in await page.evaluate(CUT_OFF, bent):
                yield f"not seen in full at {width}: {text}"
