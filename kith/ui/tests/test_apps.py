"""The pages of apps: registered by administrators, let in and shut out by everybody."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kith.api.tests.apps import BACK, Their
from kith.identity.models import App, Permit
from tests.cast import Cast

NEW = {"name": "Mail merge", "kind": "confidential", "addresses": f"{BACK}\nhttp://127.0.0.1/back", "reach": "read"}


def page(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_app_is_registered_and_its_secret_is_shown_once(sign_in: Any) -> None:
    admin = sign_in("admin")
    shown = page(admin.post("/settings/apps/new/", NEW))
    app, secret = App.objects.get(), re.search(r'id="secret" dir="ltr">([^<]+)<', shown)
    assert secret
    assert app.is_confidential
    assert (app.addresses, app.scopes) == ([BACK, "http://127.0.0.1/back"], [["*", "view"]])
    assert app.client_id in shown
    assert "http://testserver/.well-known/oauth-authorization-server" in shown
    listed = page(admin.get("/settings/apps/"))
    assert app.client_id in listed
    assert "http://127.0.0.1/back" in listed
    assert secret[1] not in listed
    public = page(admin.post("/settings/apps/new/", {**NEW, "kind": "public"}))
    assert 'id="secret"' not in public


def test_what_is_missing_is_said_beside_it_and_what_was_typed_stays(sign_in: Any) -> None:
    admin = sign_in("admin")
    given = {
        "name": " ",
        "kind": "public",
        "addresses": "ftp://<here>",
        "reach": "some",
        "scope": ["toybox.box:nothing"],
    }
    answer = admin.post("/settings/apps/new/", given)
    text = page(answer)
    assert answer.status_code == 422
    for sentence in ("Write what the app is called.", "Write whole addresses", "Choose what the app may ask for."):
        assert sentence in text
    assert ">ftp://&lt;here&gt;</textarea>" in text
    assert re.search(r'value="public" checked', text)
    some = page(admin.post("/settings/apps/new/", {**given, "scope": ["toybox.box:view"]}))
    assert re.search(r'value="toybox.box:view"[^>]* checked', some)
    assert not App.objects.exists()


@pytest.mark.parametrize("address", ["", "new/", "1/end/"])
def test_apps_are_registered_and_removed_by_administrators(sign_in: Any, address: str) -> None:
    ada = sign_in("ada")
    assert (ada.post if address.endswith("end/") else ada.get)(f"/settings/apps/{address}").status_code == 403


def test_whoever_let_an_app_in_sees_it_and_shuts_it_out(sign_in: Any, cast: Cast) -> None:
    their = Their(cast)
    said = their.tokens(scope="toybox.toy:view")
    listed = page(sign_in("eve").get("/settings/tokens/"))
    assert "Mail merge" in listed
    assert "Shut out Mail merge" in listed
    assert "Mail merge" not in page(sign_in("ada").get("/settings/tokens/"))
    where = f"/settings/tokens/apps/{Permit.objects.get().pk}/end/"
    assert sign_in("ada").post(where).status_code == 404
    assert their.reads(said["access_token"]).status_code == 200
    assert sign_in("eve").post(where).status_code == 302
    assert their.reads(said["access_token"]).status_code == 401
    assert "Mail merge" not in page(sign_in("eve").get("/settings/tokens/"))


def test_an_app_that_is_removed_is_out_everywhere(sign_in: Any, cast: Cast) -> None:
    their = Their(cast)
    said = their.tokens()
    admin = sign_in("admin")
    assert admin.post(f"/settings/apps/{their.app.pk}/end/").status_code == 302
    assert their.reads(said["access_token"]).status_code == 401
    assert "Removed" in page(admin.get("/settings/apps/"))
    assert their.browser.get(their.asks()).status_code == 400


def test_the_page_that_asks_says_what_is_asked_for_and_the_code_lies_in_no_cache(sign_in: Any, cast: Cast) -> None:
    their = Their(cast)
    text = page(their.browser.get(their.asks(scope="toybox.toy:view toybox.toy:change toybox.box:*")))
    assert "Toys: Change and View" in text
    assert "Boxes: whatever you may do with them" in text
    assert "That is everything" not in text
    assert "That is everything" in page(their.browser.get(their.asks(scope="*:*")))
    answer = their.answers(their.asks())
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] in ("no-referrer", "same-origin")
