"""Lists: what they show to whom, what they cost, and what their addresses mean."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kith.objects.query import visible_to
from kith.objects.write import Draft, write

from .conftest import SEED


def rows(answer: Any) -> list[str]:
    return re.findall(r'data-id="(\d+)"', answer.content.decode())


def test_a_script_gets_a_part_and_a_reader_the_whole_page(sign_in: Any, boxes: Any, hx: dict[str, str]) -> None:
    boxes(2)
    client = sign_in("admin")
    whole, part = client.get("/boxes/").content.decode(), client.get("/boxes/", **hx).content.decode()
    assert whole.lstrip().startswith("<!doctype html>")
    assert whole.count("<h1") == 1
    assert "<html" not in part
    assert 'id="results"' in part
    assert '<hx-partial hx-target="#chips"' in part
    assert 'hx-target="#say"' in part
    restored = client.get("/boxes/", HTTP_HX_HISTORY_RESTORE_REQUEST="true", **hx).content.decode()
    assert restored.lstrip().startswith("<!doctype html>")


def test_fifty_rows_cost_as_many_queries_as_five(sign_in: Any, toy: Any, box: Any, cast: Any) -> None:
    client = sign_in("ada")
    inside = write(SEED, box, [Draft({"name": "Chest", "owner": cast.ada.pk})])[0].record

    def queries(n: int) -> int:
        drafts = [
            Draft(
                {
                    "name": f"Toy Number{n}x{i}",
                    "box": inside.pk,
                    "owner": cast.ada.pk,
                    "tags": ["red"],
                    "emails": [f"t{n}x{i}@example.com"],
                }
            )
            for i in range(n)
        ]
        assert all(o.ok for o in write(SEED, toy, drafts))
        client.get("/toys/")
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get("/toys/").status_code == 200
        return len(found)

    five = queries(5)
    assert queries(45) == five
    assert five <= 30


def test_rows_follow_by_keyset_and_none_twice(sign_in: Any, boxes: Any, hx: dict[str, str]) -> None:
    boxes(120)
    client = sign_in("admin")
    answer = client.get("/boxes/?sort=name")
    seen = rows(answer)
    while found := re.search(r'hx-get="([^"]+)"[^>]*hx-target="#more"', answer.content.decode()):
        answer = client.get(found[1].replace("&amp;", "&"), **hx)
        assert "<thead" not in answer.content.decode()
        seen += rows(answer)
    assert len(seen) == len(set(seen)) == 120


def test_headers_say_how_the_list_is_sorted_and_lead_on(sign_in: Any, boxes: Any) -> None:
    boxes(3)
    page = sign_in("admin").get("/boxes/?sort=name").content.decode()
    assert 'aria-sort="ascending"' in page
    assert 'href="/boxes/?sort=-name"' in page
    page = sign_in("admin").get("/boxes/?sort=-name").content.decode()
    assert 'aria-sort="descending"' in page


def test_search_and_filter_find_and_survive_in_the_address(sign_in: Any, boxes: Any) -> None:
    boxes(4)
    client = sign_in("admin")
    assert len(rows(client.get("/boxes/?q=003"))) == 1
    answer = client.get("/boxes/?filter=country:in:FI")
    assert len(rows(answer)) == 4
    page = answer.content.decode()
    assert page.count('class="chip"') == 1
    assert "Finland" in page
    assert 'name="filter" value="country:in:FI"' in page


@pytest.mark.parametrize(
    "query",
    [
        "filter=salary:is:3", "filter=name:sounds_like:x", "filter=nonsense", "sort=salary", "columns=name,salary", "after=xyz",
        "filter=country:in:Nowhere", "filter=owner__password:is:x", "filter=name:is", "filter=" + ";".join(["name:is:x"] * 60),
    ],
)  # fmt: skip
def test_what_an_address_asks_for_and_is_not_there_is_said_and_never_ignored(
    sign_in: Any, boxes: Any, query: str
) -> None:
    boxes(2)
    answer = sign_in("admin").get(f"/boxes/?{query}")
    assert answer.status_code == 400
    assert rows(answer) == []
    assert 'role="alert"' in answer.content.decode()


def test_a_group_of_conditions_is_said_in_words(sign_in: Any, boxes: Any) -> None:
    boxes(2)
    page = sign_in("admin").get("/boxes/?filter=any(country:in:SE|name:contains:001)").content.decode()
    assert "Country is any of Sweden or Name contains 001" in page
    assert page.count('data-id="') == 1


def test_the_filter_form_makes_the_address(sign_in: Any, boxes: Any, hx: dict[str, str]) -> None:
    boxes(2)
    client = sign_in("admin")
    form = client.get("/boxes/filter/?field=country", **hx).content.decode()
    assert 'name="v" value="FI"' in form
    answer = client.get("/boxes/?f=country&op=in&v=FI&v=SE&q=box", **hx)
    assert answer.headers["HX-Replace-Url"] == "/boxes/?filter=country:in:FI,SE&q=box"
    answer = client.get("/boxes/?filter=country:in:FI;name:contains:a%253Ab&f=country&op=filled&at=0", **hx)
    assert answer.headers["HX-Replace-Url"] == "/boxes/?filter=country:filled;name:contains:a%253Ab"
    # Without a script the form leads to the same address.
    assert client.get("/boxes/?f=name&op=contains&v=a").headers["Location"] == "/boxes/?filter=name:contains:a"
    refused = client.get("/boxes/?f=country&op=in", **hx)
    assert refused.status_code == 422
    assert 'hx-target="#filter-error"' in refused.content.decode()


def test_a_hidden_field_is_nowhere(sign_in: Any, toy: Any, cast: Any, hx: dict[str, str]) -> None:
    cast.hide("toybox.toy", "nickname", "owner")
    made = write(SEED, toy, [Draft({"name": "Some Toy", "nickname": "Secretname", "owner": cast.ada.pk})])[0].record
    client = sign_in("eve")
    page = client.get("/toys/").content.decode()
    assert rows(client.get("/toys/")) == [str(made.pk)]
    assert "Secretname" not in page
    assert "Nickname" not in page
    for address in (
        "?filter=nickname:is:Secretname",
        "?sort=nickname",
        "?columns=nickname",
        "filter/?field=nickname",
        "bulk/?field=nickname",
    ):
        answer = client.get(f"/toys/{address}")
        assert "Secretname" not in answer.content.decode().replace("nickname:is:Secretname", "").replace(
            "is%3ASecretname", ""
        )
        assert answer.status_code in (400, 422, 200 if address.startswith("bulk") else 400)
    # Search does not betray it either, and its editor does not exist.
    assert rows(client.get("/toys/?q=Secretname")) == []
    assert client.get(f"/toys/{made.pk}/nickname/edit/", **hx).status_code == 404


def test_a_hidden_title_is_nowhere_either(sign_in: Any, boxes: Any, cast: Any, hx: dict[str, str]) -> None:
    (record,) = boxes(1, name="Treasure")
    cast.hide("toybox.box", "name")
    client = sign_in("eve")
    for address in ("/boxes/", "/boxes/?columns=owner", "/boxes/lookup/", "/command/?q=", f"/boxes/?rows={record.pk}"):
        page = client.get(address, **hx).content.decode()
        assert "Treasure" not in page, address
    sign_in("admin").post("/boxes/bulk/", {"verb": "remove", "ids": [record.pk]})
    assert f"#{record.pk}" in client.get("/boxes/trash/").content.decode()
    assert "Treasure" not in client.get("/boxes/trash/").content.decode()


def test_a_hidden_title_does_not_show_through_links(sign_in: Any, boxes: Any, toy: Any, cast: Any) -> None:
    (record,) = boxes(1, name="Treasure")
    assert write(SEED, toy, [Draft({"name": "Some Toy", "box": record.pk, "owner": cast.ada.pk})])[0].ok
    assert "Treasure" in sign_in("eve").get(f"/toys/?filter=box:in:{record.pk}").content.decode()
    cast.hide("toybox.box", "name")
    assert "Treasure" not in sign_in("eve").get(f"/toys/?filter=box:in:{record.pk}").content.decode()


def test_lists_show_only_what_one_may_see(sign_in: Any, boxes: Any, cast: Any) -> None:
    mine = boxes(2, owner=cast.dee.pk)
    boxes(3)
    assert sorted(rows(sign_in("dee").get("/boxes/"))) == sorted(str(r.pk) for r in mine)


def test_an_empty_list_says_why(sign_in: Any, boxes: Any) -> None:
    client = sign_in("admin")
    assert "There is nothing here yet" in client.get("/boxes/").content.decode()
    boxes(1)
    page = client.get("/boxes/?q=zzz").content.decode()
    assert "Nothing fits these filters" in page
    assert "Clear all" in page


def test_columns_and_widths_are_a_habit_kept_in_a_cookie(sign_in: Any, boxes: Any) -> None:
    boxes(1)
    client = sign_in("admin")
    client.cookies["list"] = "name:240|owner:111|gone:90|changed_at"
    page = client.get("/boxes/").content.decode()
    assert re.findall(r'data-c="([^"]+)"', page) == ["name", "owner", "changed_at"]
    assert "--w:240px" in page
    assert "--w:111px" in page


def test_a_capped_count_says_so(sign_in: Any, boxes: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    boxes(3)
    from kith.objects import query
    from kith.ui.screens import listing

    monkeypatch.setattr(listing, "count", lambda *a, **k: query.Count(10_000, False))
    assert "10,000+" in sign_in("admin").get("/boxes/").content.decode()


def test_text_of_people_is_shown_as_text(sign_in: Any, boxes: Any) -> None:
    boxes(1, name='<img src=x onerror="alert(1)">')
    page = sign_in("admin").get("/boxes/").content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_a_lookup_offers_what_begins_as_typed(sign_in: Any, boxes: Any, hx: dict[str, str]) -> None:
    boxes(3)
    answer = sign_in("admin").get("/boxes/lookup/?q=002&many", **hx).content.decode()
    assert answer.count('type="checkbox"') == 1
    assert sign_in("admin").get('/boxes/lookup/?name="><b>', **hx).status_code == 422


def test_the_command_menu_finds_records_and_says_what_can_be_done(
    sign_in: Any, boxes: Any, hx: dict[str, str], cast: Any
) -> None:
    (mine,) = boxes(1, name="Treasure", owner=cast.dee.pk)
    found = sign_in("dee").get("/command/?q=treas", **hx).content.decode()
    assert f'href="/boxes/{mine.pk}/"' in found
    assert "Treasure" not in sign_in("ben").get("/command/?q=treas", **hx).content.decode()
    idle = sign_in("dee").get("/command/", **hx).content.decode()
    assert "New box" in idle
    assert 'href="/boxes/"' in idle


def test_trash_shows_what_was_deleted_and_brings_it_back(sign_in: Any, boxes: Any, box: Any) -> None:
    first, second = boxes(2)
    client = sign_in("admin")
    client.post("/boxes/bulk/", {"verb": "remove", "ids": [first.pk, second.pk]})
    page = client.get("/boxes/trash/").content.decode()
    assert "Box 000" in page
    assert "30 days" in page
    assert client.post("/boxes/trash/", {"ids": [first.pk]}).status_code == 302
    assert "1 record restored." in client.get("/boxes/").content.decode()
    assert visible_to(SEED, box).filter(pk=first.pk).exists()
    assert not visible_to(SEED, box).filter(pk=second.pk).exists()
