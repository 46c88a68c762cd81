"""The form of the company's settings."""

from __future__ import annotations

from typing import Any

from kith.objects.rates import BASE_CURRENCY, base_currency
from kith.objects.settings import put

URL = "/settings/company/"
FIELD = "money.base_currency"


def test_an_administrator_changes_the_base_currency(sign_in: Any):
    browser = sign_in("admin")
    shown = browser.get(URL)
    assert shown.status_code == 200
    assert "Base currency" in shown.content.decode()
    answer = browser.post(URL, {FIELD: "USD", f"{FIELD}.base": "0"}, follow=True)
    while b"Save once more" in answer.content:
        sure = answer.content.decode().split('name="sure.base" value="')[1].split('"')[0]
        answer = browser.post(URL, {FIELD: "USD", f"{FIELD}.base": "0", "sure.base": sure}, follow=True)
    assert "Saved" in answer.content.decode()
    assert base_currency() == "USD"


def test_an_unknown_currency_is_refused_beside_its_field_and_stays_typed(sign_in: Any):
    answer = sign_in("admin").post(URL, {FIELD: "XQZ", f"{FIELD}.base": "0"})
    assert answer.status_code == 422
    assert "is not known as a currency" in answer.content.decode()
    assert base_currency() == "EUR"


def test_nobody_else_comes_in_or_sees_the_way(sign_in: Any):
    ada = sign_in("ada")
    assert ada.get(URL).status_code == 403
    assert ada.post(URL, {FIELD: "USD"}).status_code == 403
    assert URL not in ada.get("/settings/").content.decode()
    assert URL in sign_in("admin").get("/settings/").content.decode()


def test_who_was_overtaken_sees_what_holds_now(sign_in: Any, cast: Any):
    put(cast.actor("admin"), BASE_CURRENCY, "USD")
    answer = sign_in("admin").post(URL, {FIELD: "JPY", f"{FIELD}.base": "0", "sure.base": "x"})
    said = answer.content.decode()
    assert base_currency() == "USD"
    assert answer.status_code == 422 or "Save once more" in said
