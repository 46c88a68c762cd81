"""The pages of API tokens and of the directory."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kith.identity import tokens
from kith.identity.models import DirectoryGroup, Token
from kith.kernel.actor import System
from kith.objects import directory
from tests.cast import Cast

NEW = {"name": "Warehouse", "reach": "read", "days": "30", "networks": "192.0.2.0/24"}


def page(answer: Any) -> str:
    return str(answer.content.decode())


def told(answer: Any) -> str:
    found = re.search(r'id="token" dir="ltr">([^<]+)<', page(answer))
    assert found, page(answer)
    return found[1]


def test_a_token_is_shown_once_and_then_by_its_beginning(sign_in: Any, cast: Cast) -> None:
    client = sign_in("ada")
    text = told(client.post("/settings/tokens/new/", NEW))
    token = Token.objects.get()
    assert tokens.find(text, "192.0.2.1") == token
    assert (token.owner, token.scopes, (token.expires_at - token.made_at).days) == (cast.ada, [["*", "view"]], 30)
    listed = page(client.get("/settings/tokens/"))
    assert "Warehouse" in listed
    assert token.prefix in listed
    assert "Only reads" in listed
    assert "192.0.2.0/24" in listed
    assert text not in listed
    assert text.rpartition("_")[2] not in listed


def test_objects_and_verbs_are_chosen_one_by_one_and_nothing_else_is_taken(sign_in: Any) -> None:
    given = {
        **NEW,
        "reach": "some",
        "scope": ["toybox.box:view", "toybox.box:change", "toybox.box:rule", "users:*", "*:*"],
    }
    told(sign_in("ada").post("/settings/tokens/new/", given))
    assert Token.objects.get().scopes == [["toybox.box", "change"], ["toybox.box", "view"]]


def test_what_is_missing_is_said_and_what_was_typed_stays(sign_in: Any) -> None:
    client = sign_in("ada")
    answer = client.post("/settings/tokens/new/", {"name": "", "reach": "some", "days": "4000", "networks": "here"})
    text = page(answer)
    assert answer.status_code == 422
    for sentence in (
        "Write what the token is for.",
        "Choose what the token may do.",
        "a year at most",
        "Write networks such as",
    ):
        assert sentence in text
    assert ">here</textarea>" in text
    assert not Token.objects.exists()


def test_making_a_token_asks_for_a_fresh_proof(sign_in: Any) -> None:
    client = sign_in("ada")
    session = client.session
    session["proof"] = 0
    session.save()
    for address in ("/settings/tokens/new/", "/settings/tokens/1/revoke/"):
        assert client.post(address, NEW).headers["Location"].startswith("/sign-in/again/")
    assert not Token.objects.exists()


def test_only_administrators_see_and_end_tokens_of_others(sign_in: Any, cast: Cast) -> None:
    token, _text = tokens.make(cast.actor("ada"), tokens.Wanted("Warehouse", [("*", "view")]))
    assert "Warehouse" not in page(sign_in("ben").get("/settings/tokens/"))
    assert sign_in("ben").post(f"/settings/tokens/{token.pk}/revoke/").status_code == 404
    assert tokens.alive(Token.objects.all()).exists()
    admin = sign_in("admin")
    assert "Warehouse" in page(admin.get("/settings/tokens/"))
    assert admin.post(f"/settings/tokens/{token.pk}/revoke/").status_code == 302
    assert not tokens.alive(Token.objects.all()).exists()


def test_an_administrator_lets_a_directory_in_and_says_what_its_groups_stand_for(sign_in: Any, cast: Cast) -> None:
    admin = sign_in("admin")
    text = told(admin.post("/settings/scim/new/", {"name": "Okta", "days": "365", "networks": ""}))
    assert tokens.find(text, "192.0.2.1", Token.SCIM) is not None
    group = directory.make_group(System("SCIM Okta"), "Sales", "", [cast.dee.pk])
    listed = page(admin.get("/settings/scim/"))
    assert "http://testserver/scim/v2" in listed
    assert "Okta" in listed
    assert "Sales" in listed
    assert "1 member" in listed
    answer = admin.post(f"/settings/scim/groups/{group.pk}/", {"team": "", "role": ["team"]})
    assert answer.status_code == 302
    group = DirectoryGroup.objects.get()
    assert (group.team, group.roles) == (None, ["team"])
    assert set(cast.dee.roles.values_list("key", flat=True)) == {"own", "team"}  # type: ignore[attr-defined]
    wrong = admin.post(f"/settings/scim/groups/{group.pk}/", {"team": "99999", "role": ["nothing"]})
    assert wrong.status_code == 422
    assert "There is no such team." in page(wrong)
    assert admin.post("/settings/scim/new/", {"name": "", "days": "0"}).status_code == 422


@pytest.mark.parametrize("address", ["", "new/", "groups/1/"])
def test_the_directory_is_for_administrators(sign_in: Any, address: str) -> None:
    assert sign_in("ada").get(f"/settings/scim/{address}").status_code == 403
