"""The start page and the sidebar: what is within reach."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def part(html: str, label: str) -> str:
    """What stands below a heading of the sidebar."""
    return html.partition(f'id="{label}"')[2].partition("</ul>")[0]


def test_a_record_that_i_opened_is_in_the_sidebar_and_on_the_start_page(sign_in: Any, boxes: Any) -> None:
    one, two = boxes(2)
    ada = sign_in("ada")
    for box in (one, two):
        assert ada.get(f"/boxes/{box.pk}/").status_code == 200
    html = ada.get("/").content.decode()
    lately = part(html, "nav-recents")
    assert lately.index(two.name) < lately.index(one.name)
    assert f'href="/boxes/{one.pk}/"' in part(html, "p-recents")
    assert "nav-recents" not in sign_in("ben").get("/").content.decode()


def test_a_page_that_a_browser_only_fetches_ahead_is_not_seen(sign_in: Any, boxes: Any) -> None:
    (box,) = boxes(1)
    ada = sign_in("ada")
    ada.get(f"/boxes/{box.pk}/", HTTP_SEC_PURPOSE="prefetch;prerender")
    assert "nav-recents" not in ada.get("/boxes/").content.decode()


def test_the_start_page_shows_what_is_mine_and_a_star(sign_in: Any, boxes: Any) -> None:
    one, two = boxes(2)
    ada = sign_in("ada")
    ada.post("/star/", {"object": "toybox.box", "id": two.pk, "on": "1"})
    html = ada.get("/").content.decode()
    assert {f'href="/boxes/{b.pk}/"' in part(html, "p-mine") for b in (one, two)} == {True}
    assert two.name in part(html, "p-favourites")
    assert one.name not in part(html, "p-favourites")
    assert html.count("<h1") == 1


def test_favourites_are_put_into_order_by_dragging_or_by_buttons(sign_in: Any, boxes: Any, hx: Any) -> None:
    made = boxes(3)
    ada = sign_in("ada")
    for box in made:
        ada.post("/star/", {"object": "toybox.box", "id": box.pk, "on": "1"})
    order = ",".join(f"toybox.box:{b.pk}" for b in reversed(made))
    answer = ada.post("/favourites/", {"order": order}, **hx).content.decode()
    assert answer.index(made[2].name) < answer.index(made[1].name) < answer.index(made[0].name)
    assert ada.post("/favourites/", {"move": f"toybox.box:{made[0].pk}", "by": "-1"}).status_code == 302
    whole = ada.get("/favourites/").content.decode().partition("<main")[2]
    assert whole.index(made[2].name) < whole.index(made[0].name) < whole.index(made[1].name)
    assert ada.post("/favourites/", {"order": "nonsense"}).status_code == 422


def test_somebody_without_rights_is_told_so_and_not_sent_around(sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kith.ui.screens.home.navigable", lambda actor: [])
    answer = sign_in("dee").get("/")
    assert answer.status_code == 200
    assert "Nothing to see yet" in answer.content.decode()
