"""The search page and the command menu: what is found, why, and by whom."""

from __future__ import annotations

from typing import Any

import pytest

from kith.kernel.actor import System
from kith.objects.write import create
from kith.ui.screens.search import hits_of

pytestmark = pytest.mark.django_db
SEED = System("test")


def toy(name: str, **values: Any) -> Any:
    return create(SEED, "toybox.toy", name=name, **values)


def shown(page: str) -> str:
    """What stands below the field."""
    return page.partition('id="found"')[2].partition("</main>")[0]


def test_what_was_found_is_marked_and_says_where(sign_in: Any) -> None:
    made = toy("Zoë <b>Bear</b>", emails=["bear@example.com"])
    page = sign_in("admin").get("/search/", {"q": "zoe bear"}).content.decode()
    assert f'href="/toys/{made.pk}/"' in page
    assert "<mark>Zoë</mark> &lt;b&gt;<mark>Bear</mark>&lt;/b&gt;" in page
    by_mail = sign_in("admin").get("/search/", {"q": "bear@example"}).content.decode()
    assert "<mark>bear@example</mark>.com" in by_mail


def test_each_object_is_a_tab_with_its_number(sign_in: Any, boxes: Any) -> None:
    boxes(7)
    admin = sign_in("admin")
    page = admin.get("/search/", {"q": "box"}).content.decode()
    tabs = page.partition('class="tabs"')[2].partition("</nav>")[0]
    assert "/search/?q=box&amp;in=boxes" in tabs
    assert ">7</span>" in tabs
    assert shown(page).count('href="/boxes/') == 5
    assert shown(admin.get("/search/", {"q": "box", "in": "boxes"}).content.decode()).count('href="/boxes/') == 7


@pytest.mark.every_engine
def test_what_is_named_so_comes_first_and_every_record_once(sign_in: Any, cast: Any, toy: Any) -> None:
    from kith.kernel.viewer import Viewer

    other = [create(SEED, toy, name=f"Zebra {n}", emails=[f"needle{n}@example.com"]) for n in range(3)]
    named = [create(SEED, toy, name=f"Needle {n}") for n in range(4)]
    found: list[str] = []
    after = ""
    for _turn in range(9):
        hits, after = hits_of(cast.actor("admin"), toy, "needle", Viewer(), after=after, limit=2)
        found += [hit.url for hit in hits]
        if not after:
            break
    assert set(found[:4]) == {toy.url(r.pk) for r in named}
    assert set(found[4:]) == {toy.url(r.pk) for r in other}
    assert len(found) == 7


def test_nobody_finds_what_she_may_not_see_nor_by_a_hidden_field(sign_in: Any, cast: Any) -> None:
    toy("Secret rabbit", emails=["hop@example.com"])
    assert "Secret" not in sign_in("dee").get("/search/", {"q": "rabbit"}).content.decode()
    cast.hide("toybox.toy", "emails")
    shown = sign_in("eve").get("/search/", {"q": "hop@example"}).content.decode()
    assert "Secret" not in shown


@pytest.mark.parametrize("q", ["", " ", "%", "\x00", "<script>", "a" * 500, "؟", "'; --", "((("])
def test_any_words_are_answered(sign_in: Any, q: str) -> None:
    answer = sign_in("admin").get("/search/", {"q": q, "after": "nonsense", "in": "toys"})
    assert answer.status_code in (200, 400)
    assert "<script>&" not in answer.content.decode()


def test_the_menu_on_a_record_offers_its_actions_first_and_only_to_whom_they_belong(
    sign_in: Any, boxes: Any, hx: Any
) -> None:
    (box,) = boxes(1)
    told = sign_in("admin").get("/command/", {"on": f"toybox.box:{box.pk}"}, **hx).content.decode()
    assert f'href="/boxes/{box.pk}/edit/"' in told
    assert told.index("Actions on") < told.index("Go to")
    for strange in (f"toybox.box:{box.pk}", "toybox.box:99999999", "no.object:1", "x", "toybox.box:٣"):
        assert "Actions on" not in sign_in("dee").get("/command/", {"on": strange}, **hx).content.decode()


def test_the_menu_knows_what_i_saw_lately_and_single_settings(sign_in: Any, boxes: Any, hx: Any) -> None:
    (box,) = boxes(1)
    ada = sign_in("ada")
    ada.get(f"/boxes/{box.pk}/")
    assert f'href="/boxes/{box.pk}/"' in ada.get("/command/", **hx).content.decode()
    assert 'href="/settings/me/#me-zone"' in ada.get("/command/", {"q": "time zone"}, **hx).content.decode()
    assert "<mark>Box</mark>" in ada.get("/command/", {"q": "box"}, **hx).content.decode()
    assert 'href="/settings/me/#theme"' in ada.get("/settings/", {"q": "theme"}, **hx).content.decode()
