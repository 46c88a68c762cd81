"""Two people at two browsers: what one changes the other sees without reloading, and nothing moves under her hands."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from .looks import looks, shows

BEN = "mikko@kultasatama.example"
COMPANY = """
from kith.objects.write import create
made = create(S, "contacts.company", name=name, owner=as_user("ada@kultasatama.example").user_id).pk
"""
RENAME = """
from kith.objects.query import find
from kith.objects.write import change
change(as_user(who), find(S, "contacts.company", pk), name=name)
made = None
"""
#: Milliseconds from a change to what another sees of it.
PROMPT = 2_000


def listening(page: Any) -> Any:
    page.wait_for_selector("html[data-listening]")
    return page


@shows(5)
@looks(most=1)
def test_a_change_in_one_browser_is_seen_in_another_within_two_seconds(come: Any, house: Any, look: Any):
    pk = house.make(COMPANY, name="Ennen Oy")
    ada, other = come(look), come(look, BEN)
    page = listening(ada.go("/companies/?filter=name:contains:Ennen"))
    record = listening(other.go(f"/companies/{pk}/"))
    row = page.locator(f"#r{pk}")
    expect(row).to_contain_text("Ennen Oy")
    house.make(RENAME, who=BEN, pk=pk, name="Ennen ja nyt Oy")
    expect(row).to_contain_text("Ennen ja nyt Oy", timeout=PROMPT)
    expect(record.locator("h1")).to_contain_text("Ennen ja nyt Oy", timeout=PROMPT)
