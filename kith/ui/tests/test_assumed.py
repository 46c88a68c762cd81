"""What nobody wrote is shown as assumed, in words, on the page, beside the list and on forms; and it is never taken for a value."""

from __future__ import annotations

from typing import Any

import pytest

from kith.kernel.actor import System
from kith.objects.query import visible_to
from kith.objects.write import change

SYSTEM = System("test")


@pytest.fixture
def iran(db: None) -> Any:
    return visible_to(SYSTEM, "objects.country").get(code="IR")


@pytest.mark.parametrize("place", ["", "peek/", "facts/"])
def test_an_assumed_value_stands_where_the_value_would_and_says_why(sign_in: Any, iran: Any, place: str) -> None:
    page = sign_in("dee").get(f"/countries/{iran.pk}/{place}").content.decode()
    fact = page.split('data-fact="weekend"')[1].split('data-fact="')[0]
    assert "Friday" in fact
    assert "Assumed" in fact
    assert "What Kith knows of this country" in fact


def test_a_guess_is_called_a_guess(sign_in: Any, iran: Any) -> None:
    page = sign_in("dee").get(f"/countries/{iran.pk}/").content.decode()
    assert "A guess" in page.split('data-fact="working_hours"')[1].split('data-fact="')[0]


def test_an_own_value_wins_and_nothing_is_said_of_the_other(sign_in: Any, iran: Any) -> None:
    change(SYSTEM, iran, weekend=["thu", "fri"])
    fact = sign_in("dee").get(f"/countries/{iran.pk}/").content.decode().split('data-fact="weekend"')[1]
    fact = fact.split('data-fact="')[0]
    assert "Thursday and Friday" in fact
    assert "Assumed" not in fact


def test_forms_say_what_is_taken_while_an_input_is_empty(sign_in: Any, iran: Any) -> None:
    client = sign_in("admin")
    for address in (f"/countries/{iran.pk}/edit/", f"/countries/{iran.pk}/zone/fact/"):
        page = client.get(address).content.decode()
        assert "While this is empty, “Tehran (UTC+03:30)” is taken." in page, address


def test_only_administrators_are_offered_to_change_what_everybody_reads(sign_in: Any, iran: Any) -> None:
    address = f"/countries/{iran.pk}/edit/"
    assert (sign_in("ada").get(address).status_code, sign_in("admin").get(address).status_code) == (403, 200)
    assert "/edit/" not in sign_in("ada").get(f"/countries/{iran.pk}/").content.decode()
