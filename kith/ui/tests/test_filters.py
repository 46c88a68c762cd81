"""Filters, sorting and groups as the list's own screen has them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kith.objects.write import Draft, write

from .conftest import SEED


def rows(answer: Any) -> list[str]:
    return re.findall(r'data-id="(\d+)"', answer.content.decode())


@pytest.mark.parametrize(
    ("sort", "chosen", "added"),
    [
        ("", "name", "name"), ("name", "-name", "-name"), ("-name", "", ""), ("country", "name", "country,name"),
        ("country,name", "name", "country,-name"), ("country,-name", "name", "country"), ("-country,name", "name", "-country,-name"),
    ],
)  # fmt: skip
def test_a_header_goes_round_and_shift_adds_it_as_a_further_key(
    sign_in: Any, boxes: Any, sort: str, chosen: str, added: str
) -> None:
    boxes(1)
    page = sign_in("admin").get("/boxes/", {"sort": sort}).content.decode()
    link = re.search(r'<a href="([^"]*)" id="h-name" data-view data-add="([^"]*)"', page)
    assert link
    assert re.findall(r"sort=([^&\"]*)", link[1]) == ([chosen] if chosen else [])
    assert re.findall(r"sort=([^&\"]*)", link[2].replace("%2C", ",")) == ([added] if added else [])


def test_headers_say_which_key_they_are(sign_in: Any, boxes: Any) -> None:
    boxes(1)
    page = sign_in("admin").get("/boxes/?sort=country,-name").content.decode()
    assert page.count('aria-sort="') == 1, "a table has one sorted column for ARIA; words say the rest"
    assert "sort key 1, ascending" in page
    assert "sort key 2, descending" in page


def test_rows_stand_by_the_second_key_where_the_first_is_equal(sign_in: Any, box: Any) -> None:
    made = write(SEED, box, [Draft({"name": n, "country": c}) for n, c in (("B", "FI"), ("A", "SI"), ("A", "FI"))])
    b_fi, a_si, a_fi = (str(one.record.pk) for one in made)
    client = sign_in("admin")
    assert rows(client.get("/boxes/?sort=name,country")) == [a_fi, a_si, b_fi]
    assert rows(client.get("/boxes/?sort=name,-country")) == [a_si, a_fi, b_fi]
    assert rows(client.get("/boxes/?sort=-name,country")) == [b_fi, a_fi, a_si]
