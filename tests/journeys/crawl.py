"""Walking through the whole house in a browser: every address that answers with a page, in every language, at every width.

Several pages of one browser are open at once. What is wrong is written down and not raised, so that one run tells everything.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .installation import PASSWORD

AT_ONCE = 2
#: Where longer sentences hurt most, and where most people sit.
BENT_WIDTHS = (390, 1440)

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
    "[dir=auto],[dir=ltr],.num,option,.av,.pill,.tag,.sample,[data-stored]";
  // What test_languages brings into the house by name, and what is written alike in all languages.
  const brought = /Alukset|Alus|سارا محمدی|Ruokakauppa Äijälä Oy|Aino|Nimi|Väri/g;
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
    const left = outside(n.data).replace(brought, "").replace(names, "").trim();
    if (/\\p{L}{2,}/u.test(left) && !n.parentElement.closest(data)) found.add(left.slice(0, 60));
  }
  for (const e of document.querySelectorAll("[aria-label],[title],[placeholder]")) {
    if (e.closest("bdi,time,[lang]:not(html),[dir=auto],[dir=ltr]")) continue;
    for (const a of ["aria-label", "title", "placeholder"]) {
      depth = 0;
      const left = e.hasAttribute(a) ? outside(e.getAttribute(a)).replace(brought, "").replace(names, "").trim() : "";
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

#: Labels of buttons, links that look like them and tabs that are cut off; what people typed may be cut.
CLIPPED = """() => document.fonts.ready.then(() => [...document.querySelectorAll("button,a.b,[role=tab],summary,.nav a,.tabbar a,.st")]
  .filter((e) => e.offsetParent && e.textContent.includes("⟦"))
  .flatMap((e) => [e, ...e.querySelectorAll(":not(bdi,svg,use)")])
  .filter((e) => !e.closest("bdi") && e.clientWidth > 4 && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible")
  .map((e) => `${e.tagName}.${e.className}: ${e.textContent.trim().slice(0, 40)}`))"""


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
    widths: Iterable[int],
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
                    group.create_task(_work(browser, state, url, work, list(widths), english, result))
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
    widths: list[int],
    english: dict[str, set[str]],
    result: dict[str, Seen],
) -> None:
    contexts = {
        known: await browser.new_context(
            locale="en-GB",
            reduced_motion="reduce",
            storage_state=state if known else None,
            viewport={"width": 1440, "height": 900},
        )
        for known in (True, False)
    }
    pages = {known: await context.new_page() for known, context in contexts.items()}
    while not work.empty():
        language, stop = work.get_nowait()
        await contexts[stop.signed_in].add_cookies([{"name": "language", "value": language, "url": url}])
        page = pages[stop.signed_in]
        await page.set_viewport_size({"width": 1440, "height": 900})
        await page.goto(url + stop.path, wait_until="load")
        seen = result[language]
        seen.pages += 1
        faults = [fault async for fault in _faults(page, language, widths, english)]
        seen.faults += [f"{stop.path}: {fault}" for fault in faults]
    for context in contexts.values():
        await context.close()


async def _faults(page: Any, language: str, widths: list[int], english: dict[str, set[str]]) -> Any:
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
        await page.set_viewport_size({"width": width, "height": 800})
        if sticking_out := await page.evaluate(WIDE):
            yield f"wider than {width}: {sticking_out}"
        if bent:
            for label in await page.evaluate(CLIPPED):
                yield f"cut off at {width}: {label}"
