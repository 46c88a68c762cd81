"""Who comes in, with which headers, and what is said to those who do not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import clear_url_caches, get_resolver, path

from kith.ui.checks import addresses
from kith.ui.policy import Policy


def test_every_address_has_a_policy() -> None:
    for pattern in get_resolver("kith.ui.urls").url_patterns:
        assert isinstance(getattr(pattern.callback, "policy", None), Policy), pattern
    assert addresses(None) == []


def test_an_address_without_a_policy_keeps_the_house_closed(monkeypatch: pytest.MonkeyPatch, box: Any) -> None:
    from kith.ui import urls

    monkeypatch.setattr(urls, "urlpatterns", [path("open/", lambda request: None)])
    monkeypatch.setattr("kith.ui.checks.get_resolver", lambda: get_resolver("kith.ui.urls"))
    monkeypatch.setattr(box, "slug", "open")
    clear_url_caches()
    assert [fault.id for fault in addresses(None)] == ["kith.E101", "kith.E102"]
    clear_url_caches()


def test_an_address_answers_only_the_methods_of_its_policy(sign_in: Any, boxes: Any) -> None:
    boxes(1)
    client = sign_in("admin")
    assert client.post("/boxes/").status_code == 405
    assert client.get("/undo/").status_code == 405
    assert client.get("/sign-out/").status_code == 405


@pytest.mark.parametrize(
    "address", ["/", "/boxes/", "/boxes/1/name/edit/", "/boxes/trash/", "/command/", "/nothing-here/"]
)
def test_a_stranger_is_asked_to_sign_in_and_brought_back(db: None, address: str) -> None:
    answer = Client().get(address)
    if address == "/nothing-here/":
        # Which objects there are is not told to strangers either.
        assert answer.status_code == 302
        return
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")


def test_a_part_asked_for_by_a_stranger_sends_the_whole_page_to_the_door(db: None, hx: dict[str, str]) -> None:
    answer = Client().get("/boxes/", HTTP_HX_CURRENT_URL="http://testserver/boxes/?q=a", **hx)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in/?next=%2Fboxes%2F%3Fq%3Da"


def test_signing_in_leads_to_where_one_wanted_to_go(cast: Any) -> None:
    answer = Client().post(
        "/sign-in/", {"email": "ADA@example.com ", "password": "correct horse battery", "next": "/boxes/"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/boxes/")


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_out_of_the_house(cast: Any, elsewhere: str) -> None:
    answer = Client().post(
        "/sign-in/", {"email": "ada@example.com", "password": "correct horse battery", "next": elsewhere}
    )
    assert answer.headers["Location"] == "/"


def test_known_and_unknown_accounts_get_the_same_answer(cast: Any) -> None:
    said = []
    for email in ("ada@example.com", "nobody@example.com"):
        answer = Client().post("/sign-in/", {"email": email, "password": "wrong wrong wrong"})
        assert answer.status_code == 422
        text = answer.content.decode().replace(email, "")
        said.append(re.sub(r'value="[A-Za-z0-9]{64}"', "", text))
    assert said[0] == said[1]


def test_somebody_inactive_does_not_come_in(cast: Any) -> None:
    cast.ben.is_active = False
    cast.ben.save()
    assert (
        Client().post("/sign-in/", {"email": "ben@example.com", "password": "correct horse battery"}).status_code == 422
    )


def test_a_change_of_rights_ends_the_sessions_made_before(sign_in: Any, cast: Any) -> None:
    client = sign_in("ada")
    assert client.get("/boxes/").status_code == 200
    cast.ada.auth_epoch += 1
    cast.ada.save()
    assert client.get("/boxes/").status_code == 302


def test_signing_out_ends_the_session(sign_in: Any) -> None:
    client = sign_in("ada")
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/boxes/").status_code == 302


def test_the_browsers_language_comes_first_and_a_choice_stays(db: None) -> None:
    client = Client()
    page = client.get("/sign-in/", HTTP_ACCEPT_LANGUAGE="fa").content.decode()
    assert '<html lang="fa" dir="rtl"' in page
    client.post("/preferences/", {"language": "fi", "next": "/sign-in/"})
    assert '<html lang="fi" dir="ltr"' in client.get("/sign-in/", HTTP_ACCEPT_LANGUAGE="fa").content.decode()


def test_theme_and_row_height_are_drawn_by_the_server(sign_in: Any, boxes: Any) -> None:
    client = sign_in("ada")
    client.post("/preferences/", {"theme": "dark"})
    client.post("/preferences/", {"density": "compact"})
    page = client.get("/boxes/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-density="compact"' in page
    assert client.post("/preferences/", {"theme": "pink"}).status_code == 422


@pytest.mark.parametrize(
    "address",
    ["/sign-in/", "/", "/boxes/", "/boxes/?filter=nope:is:1", "/boxes/9999/name/edit/", "/nope/", "/a/b/c/d/e/f"],
)
def test_every_answer_carries_the_headers(sign_in: Any, address: str) -> None:
    answer = sign_in("ada").get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_fault_of_ours_has_headers_and_words(sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_rest: Any) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("kith.ui.screens.listing.listing", broken)
    client = sign_in("ada")
    client.raise_request_exception = False
    answer = client.get("/boxes/")
    assert answer.status_code == 500
    assert "Content-Security-Policy" in answer.headers
    assert "Something went wrong" in answer.content.decode()
    assert "secret of the inside" not in answer.content.decode()


def test_no_page_holds_a_script_or_a_handler_of_its_own(sign_in: Any, boxes: Any) -> None:
    boxes(3)
    for address in ("/boxes/", "/boxes/trash/", "/nope/"):
        page = sign_in("admin").get(address).content.decode()
        assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
        assert re.findall(r"\son[a-z]+\s*=", page) == []
        assert "<style" not in page
        assert set(re.findall(r'style="([^"]*)"', page)) <= set(re.findall(r'style="(--[a-z]+:[^";]*)"', page))


def test_a_form_without_its_token_is_refused_in_words(cast: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ada)
    answer = client.post("/preferences/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


def test_a_form_from_another_site_is_refused(sign_in: Any) -> None:
    assert sign_in("ada").post("/preferences/", {"theme": "dark"}, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert sign_in("ada").post("/preferences/", {"theme": "dark"}, HTTP_SEC_FETCH_SITE="same-origin").status_code == 302


@override_settings(ALLOWED_HOSTS=["right.example"])
def test_a_wrong_host_is_a_bad_request_with_headers(db: None) -> None:
    answer = Client().get("/sign-in/", HTTP_HOST="wrong.example")
    assert answer.status_code == 400
    assert "Content-Security-Policy" in answer.headers
