"""My settings: what is chosen holds on the next page, what is wrong is said beside it, and nothing that was typed is lost."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from kith.kernel.actor import System
from kith.objects.write import create

CHOSEN = {
    "name": "Sara Mohammadi", "language": "fa", "country": "IR", "zone": "Asia/Tehran", "calendar": "jalali", "first_weekday": "5",
    "locale": "", "digits": "", "currency": "EUR",
}  # fmt: skip


def preview_of(page: str) -> str:
    return re.sub(r"<[^>]+>", " ", page)


def test_every_choice_is_shown_with_what_it_means_when_left_open(sign_in: Any, cast: Any) -> None:
    cast.ada.country = "IR"
    cast.ada.save()
    page = sign_in("ada").get("/settings/me/").content.decode()
    for words in ("As usual in my country: Jalali", "As usual in my country: Saturday",
                  "As the language suggests: English (United Kingdom)",
                  "Persian · ۰۱۲۳۴۵۶۷۸۹", 'value="Europe/Helsinki"', "Preview"):  # fmt: skip
        assert words in page, words


def test_what_is_chosen_holds_on_the_next_page(sign_in: Any, cast: Any, box: Any) -> None:
    client = sign_in("ada")
    create(System("test"), box, name="Box", country="FI", owner=cast.ada.pk)
    assert client.post("/settings/me/", CHOSEN).status_code == 302
    cast.ada.refresh_from_db()
    assert (cast.ada.name, cast.ada.calendar, cast.ada.first_weekday, cast.ada.locale) == (
        "Sara Mohammadi",
        "jalali",
        5,
        "",
    )
    page = client.get("/settings/me/").content.decode()
    assert '<html lang="fa" dir="rtl"' in page
    assert "۱ آذر ۱۴۰۵" in page
    assert client.cookies["language"].value == "fa"


@pytest.mark.parametrize(
    ("name", "wrong", "words"),
    [
        ("zone", "Mars/Olympus", "not known as a time zone"),
        ("zone", "", "Choose a time zone"),
        ("locale", "xx_YY", "Choose one of the list"),
        ("calendar", "mayan", "Choose one of the list"),
        ("digits", "roman", "Choose one of the list"),
        ("first_weekday", "7", "Choose one of the list"),
        ("currency", "EURO", "Choose one of the list"),
        ("country", "Atlantis", "Choose one of the list"),
        ("language", "de", "Choose one of the list"),
        ("name", "  ", "Write your name"),
        ("name", "x" * 201, "200"),
        ("name", "a\x00b", "control characters"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost_or_saved(
    sign_in: Any, cast: Any, name: str, wrong: str, words: str
) -> None:
    answer = sign_in("ada").post("/settings/me/", {**CHOSEN, "language": "en", name: wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert f'aria-describedby="me-{name}-err"' in page
    if name != "name":
        assert 'value="Sara Mohammadi"' in page, "what was typed elsewhere stays"
    cast.ada.refresh_from_db()
    assert (cast.ada.name, cast.ada.calendar) == ("Ada", "")


def test_the_preview_follows_the_choices_before_they_are_saved(sign_in: Any, cast: Any, hx: Any) -> None:
    client, odd = sign_in("ada"), {"zone": "nonsense", "calendar": "roc", "currency": "JPY"}
    said = preview_of(
        client.post("/settings/me/preview/", {**CHOSEN, "digits": "arab", "locale": "en_GB"}, **hx).content.decode()
    )
    for words in ("١ Azar ١٤٠٥ AP", "١٬٢٣٤٬٥٦٧٫٨٩", "€١٬٢٣٤٫٥٠"):
        assert words in said, said
    said = preview_of(client.post("/settings/me/preview/", odd, **hx).content.decode())
    assert "22 Nov 115 Minguo" in said
    cast.ada.refresh_from_db()
    assert cast.ada.calendar == ""


def test_the_list_shows_days_as_chosen(sign_in: Any, cast: Any, boxes: Any, box: Any) -> None:
    boxes(1)
    client = sign_in("ada")
    before = client.get("/boxes/?columns=name,created_at").content.decode()
    client.post("/settings/me/", {**CHOSEN, "language": "en"})
    page = client.get("/boxes/?columns=name,created_at").content.decode()
    today = date.today()  # noqa: DTZ011 - only a word that the page must hold
    assert str(today.year) in before
    assert " AP" in page


def test_a_zone_may_be_typed_by_its_city(sign_in: Any, cast: Any) -> None:
    sign_in("ada").post("/settings/me/", {**CHOSEN, "zone": "tokyo"})
    cast.ada.refresh_from_db()
    assert cast.ada.zone == "Asia/Tokyo"
