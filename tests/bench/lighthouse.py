"""What Lighthouse says of a list, a record and a board on a phone: `python -m tests.bench.lighthouse --cli FILE [--rows N] [--times 3]`.

Lighthouse is no part of the project. Install it beside it, in a folder of its own, and name its file:

    npm install --prefix ~/lighthouse --ignore-scripts lighthouse@12
    python -m tests.bench.lighthouse --cli ~/lighthouse/node_modules/lighthouse/cli/index.js

It drives the system's Chromium with its own idea of a phone: a processor four times slower, slow 4G, 412 px. Each visit is a first
one, as Lighthouse has it by itself: what the browser kept (its cache, the service worker) is thrown away before, only the session
stays. (With them kept, the page came into a process that lived already, in which a task without any code of ours, it seems of the
tools that attach, took up to 150 ms: blocking in one visit and not in the next.) Each screen is visited `--times` times and the
median counts. Exits with 1 when something is below its bound. Let nothing else run meanwhile.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.test import BROWSERS
from tests.bench.budgets import ADA, served
from tests.journeys.conftest import QUIET
from tests.journeys.installation import _free_port

#: Category → the least of a hundred.
BOUNDS = {"performance": 95, "accessibility": 100, "best-practices": 100}


@contextmanager
def signed_in(url: str, browser: str, port: int) -> Iterator[str]:
    """A browser in which somebody signed in, listening on `port`: streams need its cookies too. The address of a record."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=browser, args=[*QUIET, f"--remote-debugging-port={port}"], locale="en-GB"
        )
        page = context.new_page()
        page.goto(url + "/sign-in/")
        page.locator("input[type=email]").fill(ADA[0])
        page.locator("input[type=password]").fill(ADA[1])
        page.locator("form button.p").first.click()
        page.wait_for_url(lambda there: "/sign-in/" not in there)
        page.goto(url + "/people/")
        record = page.locator("tbody tr[data-id] a[href]").first.get_attribute("href") or ""
        page.close()
        yield record.partition("?")[0]
        context.close()


def visit(cli: Path, port: int, address: str, folder: Path) -> dict[str, Any]:
    """One run of Lighthouse; its report."""
    out = folder / "report.json"
    subprocess.run(
        ["node", str(cli), address, "--quiet", "--output=json", f"--output-path={out}", f"--port={port}",
         f"--only-categories={','.join(BOUNDS)}"],
        check=True,
    )  # fmt: skip
    report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return report


def main() -> int:
    """Visit, print the table and what costs points; 1 when a bound is broken."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--cli", type=Path, required=True)
    asked.add_argument("--rows", type=int, default=2_000)
    asked.add_argument("--times", type=int, default=3)
    asked.add_argument("--language", default="en")
    asked.add_argument("--home", type=Path)
    told = asked.parse_args()
    browser = next(filter(None, map(shutil.which, BROWSERS)))
    broken = 0
    with (
        served(told.home, told.rows, told.language) as house,
        tempfile.TemporaryDirectory() as folder,
        signed_in(house.url, browser, port := _free_port()) as record,
    ):
        for name, path in {"list": "/people/", "record": record, "board": "/people/?layout=board"}.items():
            reports = [visit(told.cli, port, house.url + path, Path(folder)) for _n in range(told.times)]
            assert all(one["finalDisplayedUrl"] == house.url + path for one in reports), "It was sent elsewhere."
            for category, least in BOUNDS.items():
                score = statistics.median(one["categories"][category]["score"] * 100 for one in reports)
                broken += score < least
                print(f"{name:8} {category:16} {score:5.0f}  (at least {least}){'' if score >= least else '  BELOW'}")
            last = reports[-1]
            for category in BOUNDS:
                for ref in last["categories"][category]["auditRefs"]:
                    audit = last["audits"][ref["id"]]
                    if ref["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                        print(f"         {audit['id']}: {audit.get('displayValue', '')} {audit['title']}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
