"""Keys of the keyboard: one list, everybody's own choice, and what two of them must not share."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from kith.ui.shortcuts import SCOPES, Shortcut, keymap

pytestmark = pytest.mark.django_db


def told(client: Any) -> dict[str, str]:
    """What the scripts of a page translate."""
    found = re.search(r'data-keymap="([^"]*)"', client.get("/settings/").content.decode())
    return dict(json.loads(html.unescape(found[1] if found else "")))


def test_the_sheet_names_every_shortcut_and_every_jump(sign_in: Any, hx: Any) -> None:
    client = sign_in("admin")
    sheet = html.unescape(client.get("/keyboard/", **hx).content.decode())
    for one in Shortcut.registry:
        assert str(one.label) in sheet
        assert one.scope in SCOPES
    letters = re.findall(r'data-jump="(\w)"', client.get("/boxes/").content.decode())
    assert len(letters) == len(set(letters)) > 1
    for letter in letters:
        assert f"<kbd>G</kbd><kbd>{letter.upper()}</kbd>" in sheet


def test_no_two_keys_of_the_house_collide() -> None:
    single = [one for one in Shortcut.registry if one.own]
    for one in single:
        for other in single:
            same_place = one.scope == other.scope or "everywhere" in (one.scope, other.scope)
            assert one is other or one.pressed != other.pressed or not same_place, (one.key, other.key)


def test_a_key_that_i_choose_stands_on_every_page_and_is_nobody_elses(sign_in: Any) -> None:
    ada = sign_in("ada")
    assert ada.post("/settings/keyboard/", {"new": "c", "select": ""}).status_code == 302
    assert told(ada) == {"n": "", "c": "n", "x": ""}
    assert told(sign_in("ben")) == {}
    ada.post("/settings/keyboard/", {"reset": "1"})
    assert told(ada) == {}


def test_swapped_keys_are_swapped() -> None:
    assert keymap({"next": "k", "previous": "j"}) == {"j": "k", "k": "j"}


def test_single_keys_can_be_switched_off(sign_in: Any, hx: Any) -> None:
    ada = sign_in("ada")
    ada.post("/settings/keyboard/", {"off": "1"})
    assert told(ada) == {"off": "1"}
    assert "switched off" in ada.get("/keyboard/", **hx).content.decode()


def test_a_jump_gets_another_letter(sign_in: Any) -> None:
    ada = sign_in("ada")
    ada.post("/settings/keyboard/", {"go:home": "z"})
    assert 'data-jump="z" data-entry="home"' in ada.get("/boxes/").content.decode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"new": "x"}, "“X” means “Select” already."),
        ({"new": "g"}, "G begins the jumps"),
        ({"new": "ab"}, "One letter, digit or sign"),
        ({"go:home": "7"}, "One letter from A to Z"),
    ],
)
def test_a_conflict_is_told_beside_the_key_and_nothing_is_saved(sign_in: Any, given: Any, sentence: str) -> None:
    ada = sign_in("ada")
    answer = ada.post("/settings/keyboard/", {**given, "off": "1"})
    assert answer.status_code == 422
    page = html.unescape(answer.content.decode())
    assert sentence in page
    assert f'value="{next(iter(given.values()))}"' in page
    assert told(ada) == {}


def test_what_is_stored_oddly_counts_as_not_chosen() -> None:
    assert keymap({"new": ["x"], "select": "xyz", "unknown": "q"}) == {}
