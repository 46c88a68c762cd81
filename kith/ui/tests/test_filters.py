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


# ── chips and the form of one condition ──────────────────────────────────────────────────────────────────────────────────


def test_each_part_of_a_chip_leads_to_what_it_says(sign_in: Any, boxes: Any) -> None:
    boxes(2)
    page = sign_in("admin").get("/boxes/?filter=country:in:FI").content.decode()
    chip = page.split('data-chip="0"')[1].split("</span>\n")[0]
    assert re.findall(r'data-at="(\w+)">([^<]+)<', chip) == [
        ("field", "Country"),
        ("op", "is any of"),
        ("value", "Finland"),
    ]
    form = sign_in("admin").get("/boxes/filter/?at=0&filter=country:in:FI").content.decode()
    assert re.search(r'<option value="country" selected>', form)
    assert re.search(r'<option value="in" selected>', form)
    assert re.search(r'value="FI" checked', form)


def test_what_can_be_asked_goes_one_link_further(sign_in: Any, cast: Any) -> None:
    page = sign_in("admin").get("/toys/filter/").content.decode()
    for path in ("state", "address.country", "price.base", "box.country", "box.name"):
        assert f"field={path}" in page, path
    cast.hide("toybox.box", "country")
    page = sign_in("eve").get("/toys/filter/").content.decode()
    assert "field=box.name" in page
    assert "field=box.country" not in page, "what she may not read of a box she may not ask of it"


def test_a_form_that_made_a_condition_edits_it_from_then_on(sign_in: Any, boxes: Any, hx: dict[str, str]) -> None:
    boxes(2)
    client = sign_in("admin")
    first = client.get("/boxes/?f=country&op=in&v=FI", **hx).content.decode()
    state = first.split('hx-target="#filter-state"')[1]
    assert 'name="filter" value="country:in:FI"' in state
    assert 'name="at" value="0"' in state
    again = client.get("/boxes/?filter=country:in:FI&at=0&f=country&op=in&v=FI&v=SI", **hx)
    assert again.headers["HX-Replace-Url"] == "/boxes/?filter=country:in:FI,SI"


# ── the whole filter as a form ───────────────────────────────────────────────────────────────────────────────────────────


def sent(client: Any, data: dict[str, Any], **more: str) -> Any:
    return client.get("/toys/filter/all/", {"edit": "1", **data}, **more)


def test_the_whole_filter_is_a_form_and_comes_back_the_same(sign_in: Any) -> None:
    client = sign_in("admin")
    filter = "any(state:in:new,used|all(nickname:contains:bear;made_on:this_week))"
    page = client.get("/toys/filter/all/", {"filter": filter}).content.decode()
    assert re.findall(r'name="(f[\d.]+)"', page) == ["f.0", "f.1.0", "f.1.1"]
    data = {
        "join": "any", "f.0": "state", "op.0": "in", "v.0": ["new", "used"], "join.1": "all", "f.1.0": "nickname", "op.1.0": "contains",
        "v.1.0": "bear", "f.1.1": "made_on", "op.1.1": "this_week",
    }  # fmt: skip
    answer = sent(client, {**data, "do": "apply"})
    assert answer.status_code == 302
    assert answer["Location"].replace("%28", "(").replace("%29", ")").replace("%7C", "|") == f"/toys/?filter={filter}"


@pytest.mark.parametrize("filter", ["bogus:in:x", "state:dance:new", "any(", "name"])
def test_a_filter_that_cannot_be_read_is_told_inside_the_form(sign_in: Any, hx: dict[str, str], filter: str) -> None:
    client = sign_in("admin")
    for more in ({}, hx):
        answer = client.get("/toys/filter/all/", {"filter": filter, "q": "bear"}, **more)
        said = answer.content.decode()
        assert answer.status_code == (200 if more else 400)
        assert 'id="filter-all"' in said
        assert re.search(r'<p class="err" role="alert">[^<]{10,}', said)
        assert 'name="q" value="bear"' in said, "what can be read stays"
    mended = client.get(
        "/toys/filter/all/", {"filter": filter, "edit": "1", "f.0": "state", "op.0": "in", "v.0": "new", "do": "apply"}
    )
    assert (mended.status_code, mended["Location"]) == (302, "/toys/?filter=state:in:new")


def test_rows_and_groups_come_and_go_without_a_script(sign_in: Any) -> None:
    client = sign_in("admin")
    page = sent(client, {"do": "add"}).content.decode()
    assert page.count('name="f.0"') == 1
    page = sent(client, {"f.0": "state", "op.0": "in", "v.0": "new", "do": "group"}).content.decode()
    assert re.findall(r'name="(f[\d.]+)"', page) == ["f.0", "f.1.0", "f.1.1"]
    both = {"f.0": "state", "op.0": "in", "v.0": "new", "join.1": "any", "f.1.0": "nickname", "op.1.0": "filled"}
    assert 'name="f.1.1"' in sent(client, {**both, "do": "add.1"}).content.decode()
    page = sent(client, {**both, "do": "drop.0"}).content.decode()
    assert re.findall(r'name="(f[\d.]+)"', page) == ["f.0.0"]
    assert "State" in page
    assert re.findall(r'name="(f[\d.]+)"', sent(client, {**both, "do": "drop.1.0"}).content.decode()) == ["f.0"]


def test_a_change_brings_the_list_the_chips_and_the_address_along(sign_in: Any, hx: dict[str, str]) -> None:
    answer = sent(sign_in("admin"), {"f.0": "keeper", "op.0": "is_me"}, **hx)
    page = answer.content.decode()
    assert answer.headers["HX-Replace-Url"] == "/toys/?filter=keeper:is_me"
    for target in ("#results", "#chips", "#state", "#cnt", "#say"):
        assert f'hx-target="{target}"' in page
    assert '<p class="said dim" id="filter-said" role="status">Keeper is me</p>' in page


def test_a_row_without_a_value_waits_and_one_with_a_wrong_value_says_so(sign_in: Any, hx: dict[str, str]) -> None:
    client = sign_in("admin")
    waiting = sent(client, {"f.0": "keeper", "op.0": "is_me", "f.1": "pieces", "op.1": "is"}, **hx)
    assert waiting.status_code == 200
    assert waiting.headers["HX-Replace-Url"] == "/toys/?filter=keeper:is_me"
    wrong = sent(client, {"f.0": "made_on", "op.0": "before", "v.0": "31.02.2026"}, **hx)
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert 'value="31.02.2026"' in page, "what was typed is kept"
    assert 'role="alert"' in page
    assert "#results" not in page


def test_another_field_takes_other_values(sign_in: Any, hx: dict[str, str]) -> None:
    data = {"was.0": "state", "f.0": "nickname", "op.0": "in", "v.0": "new"}
    page = sent(sign_in("admin"), data, **hx).content.decode()
    assert re.search(r'name="op.0"[^>]*>\s*<option value="contains" selected', page)
    assert 'value="new"' not in page


@pytest.mark.parametrize(
    "data",
    [{"f.0": "nope"}, {"f.0": "state", "do": "drop.9.9.9"}, {"f.x": "state"}, {"join.0": "any", "do": "add.7"},
     {"raw.0": "any(("}, {"f.0": "owner__password"}, {"do": "drop"}, {"f.99999999999": "state"}],
)  # fmt: skip
def test_a_form_of_nobodys_making_is_answered_in_words(sign_in: Any, data: dict[str, str]) -> None:
    assert sent(sign_in("admin"), data).status_code in (200, 302, 400, 422)


# ── groups ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_in_groups_shows_them_with_numbers_and_begins_new_records(sign_in: Any, box: Any) -> None:
    write(SEED, box, [Draft({"name": f"G{i}", "country": c}) for i, c in enumerate(("FI", "FI", "SI", ""))])
    client = sign_in("admin")
    page = client.get("/boxes/?group=country").content.decode()
    assert re.findall(r'data-group="(country[^"]*)"', page) == ["country:in:FI", "country:in:SI", "country:empty"]
    assert re.findall(r'class="cnt num">(\d+)<', page) == ["2", "1", "1"]
    assert 'href="/boxes/new/?country=FI"' in page
    assert len(rows(client.get("/boxes/?group=country"))) == 4
    client.cookies["fold"] = "country|country%3Ain%3AFI"
    assert len(rows(client.get("/boxes/?group=country"))) == 2


def test_the_rest_of_a_group_follows_by_keyset(sign_in: Any, box: Any, hx: dict[str, str]) -> None:
    write(SEED, box, [Draft({"name": f"G{i:03}", "country": "FI"}) for i in range(60)])
    client = sign_in("admin")
    answer = client.get("/boxes/?group=country&sort=name")
    seen = rows(answer)
    more = re.search(r'hx-get="([^"]*in_group=[^"]*)"', answer.content.decode())
    assert more
    rest = client.get(more[1].replace("&amp;", "&"), **hx)
    assert "<thead" not in rest.content.decode()
    seen += rows(rest)
    assert len(seen) == len(set(seen)) == 60
    assert client.get(more[1].replace("&amp;", "&")).status_code == 302, (
        "without a script, the group as a list of its own"
    )


@pytest.mark.parametrize("query", ["group=nope", "group=name", "group=country:month"])
def test_a_group_that_means_nothing_is_refused_in_words(sign_in: Any, boxes: Any, query: str) -> None:
    boxes(1)
    assert sign_in("admin").get(f"/boxes/?{query}").status_code == 400
