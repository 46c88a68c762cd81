"""Settings that save themselves: a change holds at once, its answer takes it back, and what is wrong stays typed beside its reason."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from kith.objects.settings import Setting

pytestmark = pytest.mark.django_db


def way_back(html: str) -> tuple[str, dict[str, str]]:
    """Where the toast posts what takes the change back."""
    form = html.partition("data-undo>")
    url = re.findall(r'<form hx-post="([^"]+)"', form[0])[-1]
    pairs = re.findall(r'name="([^"]+)" value="([^"]*)"', form[2].partition("</form>")[0])
    return url, {unescape(name): unescape(value) for name, value in pairs}


def test_one_choice_is_kept_by_itself_and_taken_back(sign_in: Any, cast: Any, hx: Any) -> None:
    ada = sign_in("ada")
    html = ada.post("/settings/me/", {"calendar": "jalali"}, **hx).content.decode()
    cast.ada.refresh_from_db()
    assert cast.ada.calendar == "jalali"
    assert html.startswith('<form id="s-me"')
    url, given = way_back(html)
    assert (url, given) == ("/settings/me/", {"calendar": "", "back": "1"})
    html = ada.post(url, given, **hx).content.decode()
    cast.ada.refresh_from_db()
    assert cast.ada.calendar == ""
    assert "Restored." in html
    assert "data-undo" not in html
    assert "data-undo" not in ada.post("/settings/me/", {"calendar": ""}, **hx).content.decode(), "nothing was changed"


def test_what_is_right_is_kept_although_something_else_is_wrong(sign_in: Any, cast: Any, hx: Any) -> None:
    answer = sign_in("ada").post("/settings/me/", {"calendar": "roc", "zone": "Mars/Olympus"}, **hx)
    html = answer.content.decode()
    cast.ada.refresh_from_db()
    assert (answer.status_code, cast.ada.calendar, cast.ada.zone) == (422, "roc", "UTC")
    assert 'value="Mars/Olympus"' in html
    assert 'aria-describedby="me-zone-err"' in html
    assert way_back(html)[1] == {"calendar": "", "back": "1"}


def test_another_language_comes_with_the_whole_page_and_its_way_back(sign_in: Any, hx: Any) -> None:
    ada = sign_in("ada")
    answer = ada.post("/settings/me/", {"language": "fi"}, **hx)
    assert answer.headers["HX-Redirect"] == "/settings/me/"
    url, given = way_back(ada.get("/settings/me/").content.decode())
    assert given == {"language": "en", "back": "1"}
    assert ada.post(url, given, **hx).headers["HX-Redirect"] == "/settings/me/"
    html = ada.get("/settings/me/").content.decode()
    assert '<html lang="en"' in html
    assert "data-undo" not in html


def test_a_key_and_the_switch_of_all_keys_are_taken_back_one_by_one(sign_in: Any, cast: Any, hx: Any) -> None:
    ada, url = sign_in("ada"), "/settings/keyboard/"
    ada.post(url, {"select": "s"}, **hx)
    html = ada.post(url, {"select": "s", "off": "1"}, **hx).content.decode()
    cast.ada.refresh_from_db()
    assert cast.ada.shortcuts == {"select": "s", "off": True}
    ada.post(*way_back(html), **hx)
    cast.ada.refresh_from_db()
    assert cast.ada.shortcuts == {"select": "s"}


def test_switches_of_notifications_are_taken_back_whole(sign_in: Any, hx: Any) -> None:
    ada, url = sign_in("ada"), "/settings/notifications/"
    was = ada.get(url).content.decode().partition("<form")[2].partition("</form>")[0]
    html = ada.post(url, {"app.reply": "1", "pace": "daily", "daily_at": "08:00"}, **hx).content.decode()
    assert ada.post(*way_back(html), **hx).status_code == 200
    now = ada.get(url).content.decode().partition("<form")[2].partition("</form>")[0]
    strip = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    assert strip.sub("", now) == strip.sub("", was)


def test_what_the_company_decided_is_taken_back_by_what_held_before(sign_in: Any, hx: Any) -> None:
    admin, key = sign_in("admin"), "directory.teams"
    setting = Setting.registry[key]
    html = admin.post("/settings/company/", {f"{key}.base": "0"}, **hx).content.decode()
    assert setting.value is False
    url, given = way_back(html)
    assert given[f"{key}.before"] == "true"
    assert "Restored." in admin.post(url, given, **hx).content.decode()
    assert setting.value is True
    assert admin.post(url, {**given, f"{key}.before": "{"}, **hx).status_code == 422
    assert setting.value is True


def test_the_theme_is_taken_back_by_the_form_that_chose_it(sign_in: Any, hx: Any) -> None:
    ada = sign_in("ada")
    html = ada.post("/preferences/", {"theme": "dark"}, **hx).content.decode()
    assert 'name="theme" value="auto"' in html
    html = ada.post("/preferences/", {"theme": "auto", "back": "1"}, **hx).content.decode()
    assert "Restored." in html
    assert "data-undo" not in html
    assert ada.post("/preferences/", {"theme": "auto"}, **hx).content == b""
