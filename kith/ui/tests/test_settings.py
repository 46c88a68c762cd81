"""The settings area: what everybody finds, what only administrators do, and how pages come in."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from kith.kernel.errors import Forbidden
from kith.ui.settings import ADMINISTRATORS, GROUPS, Further, SettingsPage, fitting, grouped, pages_for


def page_of(key: str, **more: Any) -> SettingsPage:
    given = {"group": "company", "label": key.title(), "icon": "settings", "help": f"About {key}.", **more}
    return SettingsPage(key, screen=lambda request, actor: HttpResponse("reached"), **given)


def test_every_page_stands_in_the_list_with_its_help_and_its_address(sign_in: Any) -> None:
    client = sign_in("admin")
    listed = client.get("/settings/").content.decode()
    for one in SettingsPage.registry:
        assert f'href="{one.url}"' in listed
        assert str(one.help)
        assert client.get(one.url).status_code == 200


def test_the_list_is_searched_by_label_help_and_further_words(sign_in: Any) -> None:
    client = sign_in("ada")
    for words in ("my settings", "TIME ZONE", "dark", "zone language"):
        assert (
            'href="/settings/me/"'
            in client.get("/settings/", {"q": words}).content.decode().split('id="settings"')[1].split("</main>")[0]
        )
    nothing = client.get("/settings/", {"q": "<b>zeppelin"}).content.decode()
    assert "No setting fits these words" in nothing
    assert "<b>zeppelin" not in nothing


def test_a_script_gets_the_list_alone(sign_in: Any, hx: dict[str, str]) -> None:
    part = sign_in("ada").get("/settings/", {"q": "zone"}, **hx).content.decode()
    assert part.startswith('<div id="settings"')


def test_pages_of_administrators_are_neither_listed_nor_open_to_others(
    cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = Further("<int:pk>/", lambda request, actor, pk: HttpResponse("deep"), "guarded-one")
    mine, theirs = page_of("shown"), page_of("guarded", who=ADMINISTRATORS, further=(deep,))
    monkeypatch.setattr(SettingsPage, "registry", [mine, theirs])
    assert pages_for(cast.ada) == [mine]
    assert pages_for(cast.admin) == [mine, theirs]
    for address in theirs.addresses():
        captured = {"pk": 7} if "pk" in str(address.pattern) else {}
        request: Any = RequestFactory().get("/")
        request.user, request.actor = cast.ada, cast.actor("ada")
        with pytest.raises(Forbidden):
            address.callback(request, **captured)
        request.user, request.actor = cast.admin, cast.actor("admin")
        assert address.callback(request, **captured).status_code == 200


def test_strangers_are_asked_to_sign_in(db: None) -> None:
    for address in ("/settings/", "/settings/me/"):
        assert Client().get(address).headers["Location"].startswith("/sign-in/")


def test_groups_keep_their_order_and_unknown_ones_are_a_fault() -> None:
    made = [page_of("b", group="data"), page_of("a", group="you")]
    assert [label for label, _pages in grouped(sorted(made, key=lambda p: list(GROUPS).index(p.group)))] == [
        GROUPS["you"],
        GROUPS["data"],
    ]
    with pytest.raises(ValueError, match="no group"):
        page_of("x", group="elsewhere")
    assert [p.key for p in fitting([page_of("beta"), page_of("alpha")], "ABOUT bet")] == ["beta"]


def test_settings_are_reached_from_the_menu_of_the_user_and_by_the_command_menu(sign_in: Any) -> None:
    client = sign_in("ada")
    assert 'href="/settings/me/"' in client.get("/boxes/").content.decode()
    found = client.get("/command/", {"q": "my sett"}).content.decode()
    assert 'href="/settings/me/"' in found
