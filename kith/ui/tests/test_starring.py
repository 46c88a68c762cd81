"""The star in a record's header."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def test_the_star_of_a_record_is_set_and_taken_away(sign_in: Any, boxes: Any, hx: Any) -> None:
    (box,) = boxes(1)
    ada = sign_in("ada")
    form = {"object": "toybox.box", "id": box.pk, "on": "1"}
    assert 'aria-pressed="false"' in ada.get(f"/boxes/{box.pk}/").content.decode().partition('class="star"')[2][:900]
    told = ada.post("/star/", form, **hx)
    assert 'aria-pressed="true"' in told.content.decode()
    assert "kith:starred" in told.headers["HX-Trigger"]
    assert 'aria-pressed="true"' in ada.get(f"/boxes/{box.pk}/").content.decode().partition('class="star"')[2][:900]
    # Without scripts the form goes back to where it stood.
    back = ada.post("/star/", {**form, "on": "", "next": f"/boxes/{box.pk}/"})
    assert (back.status_code, back.headers["Location"]) == (302, f"/boxes/{box.pk}/")


def test_a_star_on_what_one_may_not_see_is_answered_like_one_on_nothing(sign_in: Any, boxes: Any) -> None:
    (box,) = boxes(1)
    dee = sign_in("dee")
    for number in (box.pk, 987654321, "x"):
        assert dee.post("/star/", {"object": "toybox.box", "id": number, "on": "1"}).status_code == 404
