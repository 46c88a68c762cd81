"""Notes with mentions, links, snippets and files."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from .looks import DESK, looks, shows

BOX = """
from kith.objects.write import create
made = create(as_user('ada@kultasatama.example'), 'contacts.company', name=NAME).pk
"""
PICTURE = """(field) => {
  const bytes = Uint8Array.from(
    atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
    (c) => c.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], 'pasted.png', { type: 'image/png' }));
  field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: carried, bubbles: true, cancelable: true }));
}"""


@shows(43)
@looks(widths=DESK)
def test_people_records_and_snippets_are_reached_by_keys_and_a_pasted_picture_is_taken_in(
    come: Any, house: Any, look: Any
):
    pk = house.make(f"NAME = 'Threaded {look}'\n" + BOX)
    house.make(
        "from kith.threads.models import Snippet\nmade = Snippet.objects.create(name='regards', text='Kind regards').pk"
    )
    ada = come(look)
    page = ada.go(f"/companies/{pk}/")
    field = page.locator("#cmp-text")
    field.click()
    page.keyboard.type("Ask @mik")
    expect(page.locator("#cmp-text-list [role=option]").first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    page.keyboard.type("about #threaded")
    expect(page.locator("#cmp-text-list [role=option][data-token^='#']").first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("/reg")
    expect(page.locator("#cmp-text-list [role=option][data-text]").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(field).to_have_value("Ask @Mikko " + field.input_value().split("@Mikko ", 1)[1])
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('draft:note:'))")
    page.reload()
    expect(page.locator("#cmp-text")).to_have_value("Ask " + page.locator("#cmp-text").input_value()[4:])
    page.locator("#cmp-text").press("Control+Enter")
    expect(page.locator("#tl .ev .at").first).to_be_visible()
    expect(page.locator("#tl .ev .bx .lk").first).to_be_visible()
    page.locator("#cmp-text").evaluate(PICTURE)
    expect(page.locator(".fs-list li").first).to_contain_text("pasted")
