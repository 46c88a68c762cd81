"""What a page weighs and how soon it stands: `python -m tests.bench.budgets [--rows 100000] [--language en] [--home FOLDER]`.

Serves an installation with a crowd, opens its screens in Chromium and prints each number of the budget beside the bound: bytes over
the wire, requests, DOM nodes, largest contentful paint on two slow networks with a processor four times slower, interaction to next
paint, layout shift. A folder that is named is kept and used again. Exits with 1 when something is over its budget.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.test import BROWSERS
from tests.journeys.conftest import QUIET, READY
from tests.journeys.installation import ROOT, Installation

ADA = ("ada@kultasatama.example", "amber lantern harbour")
#: name → bytes/s down and up, milliseconds of latency.
NETWORKS = {"fast 3G": (1_600_000 // 8, 750_000 // 8, 150), "slow 3G": (400_000 // 8, 400_000 // 8, 400)}
#: So much slower than this machine is the phone.
SLOWER = 4
#: What is measured → the most that it may be.
BOUNDS = {
    "CSS, gzip, KB": 25,
    "JS on a page, gzip, KB": 35,
    "icons, gzip, KB": 8,
    "HTML of 50 rows, gzip, KB": 15,
    "transfer, first visit, KB": 80,
    "transfer, next page, KB": 20,
    "requests, first visit": 9,
    "requests, next page": 3,
    "DOM nodes": 3_000,
    "LCP, fast 3G, cold, s": 2.0,
    "LCP, fast 3G, warm, s": 1.0,
    "LCP, slow 3G, cold, s": 3.5,
    "LCP, slow 3G, warm, s": 1.2,
    "INP, ms": 200,
    "layout shift": 0.02,
    "server, list page, p95, ms": 200,
}
WATCH = """() => {
  window.seen = { lcp: 0, cls: 0, inp: 0 };
  const watch = (type, heard, more) =>
    new PerformanceObserver((list) => list.getEntries().forEach(heard)).observe({ type, buffered: true, ...more });
  watch("largest-contentful-paint", (e) => { seen.lcp = e.startTime; });
  watch("layout-shift", (e) => { if (!e.hadRecentInput) seen.cls += e.value; });
  watch("event", (e) => { if (e.interactionId) seen.inp = Math.max(seen.inp, e.duration); }, { durationThreshold: 16 });
}"""
#: Nothing is on its way any more: also what a page asks for once it stands belongs to its visit, and not to the next.
REST = """() => new Promise((done) => {
  let was = -1, same = 0;
  const look = () => {
    const now = performance.getEntriesByType("resource").length;
    same = now === was ? same + 1 : 0; was = now;
    if (same < 10) setTimeout(look, 100); else done();
  };
  look();
})"""
#: Two frames later, everything that was drawn has been told.
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Crowded(Installation):
    """An installation with a crowd."""

    rows = 100_000

    def furnish(self) -> None:
        """Fill it, unless that was done before."""
        if (done := self.home / f"crowd-of-{self.rows}").exists():
            return
        subprocess.run(
            [sys.executable, "-m", "tests.bench.crowd", "--rows", str(self.rows)],
            env=self.environment, cwd=ROOT, check=True,
        )  # fmt: skip
        done.touch()


@dataclass
class Measured:
    """Values of each measure; the table shows the worst page's median."""

    values: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def add(self, what: str, page: str, value: float) -> None:
        """One value, of one page."""
        self.values.setdefault(what, {}).setdefault(page, []).append(value)

    def table(self) -> Iterator[tuple[str, float, float, str]]:
        """What, the bound, the worst median, and of which page."""
        for what, most in BOUNDS.items():
            medians = {page: statistics.median(all_) for page, all_ in self.values.get(what, {}).items()}
            if medians:
                page = max(medians, key=lambda one: medians[one])
                yield what, most, medians[page], page


#: Whoever used the house before may have left it in another language.
SPEAKS = "from kith.identity.models import User; User.objects.filter(email=%r).update(language=%r); print('null')"


@contextmanager
def served(home: Path | None, rows: int, language: str) -> Iterator[Installation]:
    """The installation, served, and seen in `language`."""
    folder = home or Path(tempfile.mkdtemp(prefix="kith-budgets-"))
    Crowded.rows = rows
    made = Crowded(folder, of=None)
    try:
        made.ask(SPEAKS % (ADA[0], language))
        made.serve()
        yield made
    finally:
        made.end()
        if home is None:
            shutil.rmtree(folder, ignore_errors=True)


def measure(house: Installation, times: int) -> Measured:
    """Open everything, `times` times."""
    from playwright.sync_api import sync_playwright

    found = Measured()
    _files(found)
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, BROWSERS)))
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        context = browser.new_context(locale="en-GB")
        page = context.new_page()
        page.goto(house.url + "/sign-in/")
        page.locator("input[type=email]").fill(ADA[0])
        page.locator("input[type=password]").fill(ADA[1])
        page.locator("form button.p").first.click()
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        state = context.storage_state()
        page.goto(house.url + "/people/")
        record = page.locator("tbody tr[data-id] a[href]").first.get_attribute("href") or ""
        screens = {
            "list": "/people/",
            "record": record.partition("?")[0],
            "board": "/people/?layout=board",
            "home": "/",
        }
        for width in (1440, 390):
            for name, address in screens.items():
                _weigh(found, browser, state, house.url + address, f"{name} {width}", width)
        for network, speed in NETWORKS.items():
            for name in ("list", "record", "board"):
                for _n in range(times):
                    _slow(found, browser, state, house.url + screens[name], f"{name}", network, speed)
        for _n in range(times):
            _touch(found, browser, state, house.url + screens["list"])
        taken = []
        for _n in range(60):
            begun = time.perf_counter()
            context.request.get(house.url + "/people/")
            taken.append((time.perf_counter() - begun) * 1000)
        found.add("server, list page, p95, ms", "list, over HTTP", statistics.quantiles(taken, n=20)[-1])
        browser.close()
    return found


def _files(found: Measured) -> None:
    built = ROOT / "kith/config/static"
    packed = {p: len(gzip.compress(p.read_bytes())) / 1024 for p in built.rglob("*") if p.is_file()}
    found.add("CSS, gzip, KB", "", sum(size for p, size in packed.items() if p.suffix == ".css"))
    found.add(
        "icons, gzip, KB",
        "",
        max((size for p, size in packed.items() if p.suffix == ".svg" and "icon" in p.name), default=0),
    )


def _context(browser: Any, state: Any, width: int) -> Any:
    phone = {"is_mobile": True, "has_touch": True} if width < 760 else {}
    return browser.new_context(
        storage_state=state,
        viewport={"width": width, "height": 844 if phone else 900},
        locale="en-GB",
        service_workers="block",
        **phone,
    )


def _weigh(found: Measured, browser: Any, state: Any, url: str, name: str, width: int) -> None:
    """Bytes, requests and nodes of a first visit and of the next page."""
    context = _context(browser, state, width)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    got: dict[str, dict[str, Any]] = {}
    wire.on("Network.responseReceived", lambda told: _told(got, told))
    wire.on("Network.requestServedFromCache", lambda told: got.setdefault(told["requestId"], {}).update(cached=True))
    wire.on("Network.loadingFinished", lambda e: got.setdefault(e["requestId"], {}).update(size=e["encodedDataLength"]))
    for which in ("first visit", "next page"):
        got.clear()
        page.goto(url, wait_until="load")
        page.evaluate(REST)
        sent = [
            one
            for one in got.values()
            if one.get("size") and not one.get("cached") and one.get("type") != "EventSource"
        ]
        found.add(f"transfer, {which}, KB", name, sum(one["size"] for one in sent) / 1024)
        found.add(f"requests, {which}", name, len(sent))
        if which == "first visit":
            found.add(
                "JS on a page, gzip, KB", name, sum(one["size"] for one in sent if one.get("type") == "Script") / 1024
            )
            if name.startswith("list"):
                found.add(
                    "HTML of 50 rows, gzip, KB",
                    name,
                    sum(one["size"] for one in sent if one.get("type") == "Document") / 1024,
                )
    found.add("DOM nodes", name, page.evaluate("() => document.querySelectorAll('*').length"))
    context.close()


def _told(got: dict[str, dict[str, Any]], told: dict[str, Any]) -> None:
    answer = told["response"]
    cached = answer.get("fromDiskCache") or answer.get("fromPrefetchCache")
    got.setdefault(told["requestId"], {}).update(type=told["type"], **({"cached": True} if cached else {}))


def _slow(
    found: Measured, browser: Any, state: Any, url: str, name: str, network: str, speed: tuple[int, int, int]
) -> None:
    """How soon the largest thing stands on a slow network and a slow processor, and what moves."""
    context = _context(browser, state, 390)
    context.add_init_script(f"({WATCH})()")
    page = context.new_page()
    page.set_default_timeout(90_000)
    wire = context.new_cdp_session(page)
    down, up, latency = speed
    wire.send("Network.enable")
    wire.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "downloadThroughput": down, "uploadThroughput": up, "latency": latency},
    )
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    for which in ("cold", "warm"):
        page.goto(url, wait_until="load")
        page.evaluate(SETTLED)
        seen = page.evaluate("() => seen")
        found.add(f"LCP, {network}, {which}, s", name, seen["lcp"] / 1000)
        found.add("layout shift", name, seen["cls"])
    context.close()


def _touch(found: Measured, browser: Any, state: Any, url: str) -> None:
    """How soon the list answers keys and clicks on a slow processor."""
    context = _context(browser, state, 1440)
    context.add_init_script(f"({WATCH})()")
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url, wait_until="load")
    page.wait_for_function(READY)
    page.locator("tbody td.st").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "x", "Escape", " ", "Escape", "Control+k"):
        page.keyboard.press(key)
        page.evaluate(SETTLED)
    page.keyboard.type("an")
    page.evaluate(SETTLED)
    found.add("INP, ms", "list", page.evaluate("() => seen.inp"))
    context.close()


def main() -> int:
    """Measure, print and judge."""
    asked = argparse.ArgumentParser(prog="budgets", description=(__doc__ or "").split("\n", 1)[0])
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--home", type=Path, help="keep the installation here, and use the one that is there")
    asked.add_argument("--times", type=int, default=3)
    asked.add_argument("--language", default="en")
    asked.add_argument("--json", type=Path)
    told = asked.parse_args()
    with served(told.home, told.rows, told.language) as house:
        found = measure(house, told.times)
    over = 0
    print(f"{'':32}{'budget':>9}{'measured':>10}  worst at")
    for what, most, value, page in found.table():
        over += value > most
        print(f"{what:32}{most:>9}{value:>10.3g}  {page}{'' if value <= most else '  OVER'}")
    if told.json:
        told.json.write_text(json.dumps(found.values, indent=1))
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main())
