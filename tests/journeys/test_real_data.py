"""Real files through the screen: every row accounted for, names of three scripts found, one import undone without a trace."""

from __future__ import annotations

import csv
import gzip
import io
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.announced import PATIENCE

from .installation import Installation

pytestmark = [pytest.mark.journey, pytest.mark.data, pytest.mark.xdist_group("journeys")]

#: A file, and how one name of it looks in SQL.
FILES = {
    "publicbodies_de.csv.gz": "Bundesanstalt für Stra%",
    "publicbodies_gr.csv": "Γενική Γραμματεία %",
    "publicbodies_br.csv": "Fundação Biblioteca%",
}


def rows_of(path: Path) -> int:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    return sum(1 for _row in csv.DictReader(io.StringIO(text, newline="")))


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text) or 0)


def test_public_bodies_of_three_countries_come_in_through_the_screen(visit: Any, house: Installation, real_data: Path):
    visitor = visit()
    visitor.context.set_default_timeout(PATIENCE * 1000)
    page = visitor.sign_in("/companies/")
    reports = {}
    for name in FILES:
        path = real_data / "orgs" / name
        page = visitor.go("/companies/import/")
        page.set_input_files("input[type=file]", path)
        page.get_by_role("button", name="Go on to the columns").click()
        page.get_by_role("button", name="Check the first rows").click()
        page.get_by_role("button", name=re.compile("^Import")).click()
        page.wait_for_url("**/report/", timeout=120_000)
        shown = {
            key: page.locator(f".cnts .c-{key} b") for key in ("created", "updated", "unchanged", "skipped", "refused")
        }
        counts = {key: number(found.inner_text()) for key, found in shown.items() if found.count()}
        assert sum(counts.values()) == rows_of(path), (name, counts)
        assert counts["created"] > 0.8 * rows_of(path), (name, counts)
        reports[name] = page.url
    page = visitor.go("/companies/")
    for like in FILES.values():
        (found,) = house.look(f"SELECT name FROM contacts_company WHERE name LIKE '{like}' ORDER BY id LIMIT 1") or (
            "",
        )
        assert found, like
        page.get_by_role("searchbox").first.fill(found.upper())
        expect(page.locator("tbody tr[data-id]", has_text=found).first).to_be_visible()

    page.goto(reports["publicbodies_br.csv"])
    before = house.look("SELECT count(*) FROM contacts_company")
    page.get_by_role("link", name="Undo import").click()
    page.get_by_role("button", name=re.compile("Undo")).last.click()
    expect(page.locator("main")).to_contain_text(re.compile("undone|taken back", re.I), timeout=120_000)
    page = visitor.go("/companies/")
    page.get_by_role("searchbox").first.fill("fundação biblioteca nacional")
    expect(page.locator("tbody tr[data-id]")).to_have_count(0)
    visitor.go("/companies/trash/")
    expect(page.locator("main")).to_contain_text("The trash is empty")
    after = house.look("SELECT count(*) FROM contacts_company")
    kept = house.look("SELECT count(*) FROM events_event WHERE name = 'undone'")
    assert before
    assert after
    assert kept
    assert kept[0] >= before[0] - after[0] > 200, "what was undone stands in the ledger"
