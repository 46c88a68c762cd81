"""What the address of a list says, and how views keep it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.http import QueryDict

from kith.kernel.errors import Refused
from kith.kernel.viewer import NEUTRAL
from kith.ui.parameters import Layout, Parameter, layouts
from kith.ui.view import View, read

#: One address that says all there is to say.
FULL = {
    "layout": "table",
    "filter": "name:contains:a",
    "sort": "-name",
    "group": "country",
    "q": "box",
    "columns": "country,owner",
    "widths": "name:240,country:100",
    "density": "compact",
    "aggregates": "height:max",
}


def test_what_an_address_says_is_what_its_view_says(box: Any) -> None:
    view = View(box, read(FULL))
    address = QueryDict(view.query)
    assert {name: address[name] for name in FULL} == FULL
    assert view.kept == FULL
    assert View(box, read(view.kept)) == view


def test_a_place_in_the_list_is_not_part_of_a_view(box: Any) -> None:
    view = View(box, read({**FULL, "after": "abc", "shown": "50", "peek": "7"}))
    assert view.kept == FULL
    assert "after" not in view.query
    assert "after=xyz" in view.url(after="xyz", shown=100)


def test_an_address_on_top_of_a_saved_view_says_only_what_differs(box: Any) -> None:
    view = View(box, {}, saved=read(FULL), name="7")
    assert view.said == [("view", "7")]
    assert view.filter == FULL["filter"]
    assert view.changed(sort="").said == [("view", "7"), ("sort", "")], "what was emptied is said, too"
    again = replace(view, values=read({"sort": ""}))
    assert again.sort == ""
    assert again.filter == FULL["filter"]


@pytest.mark.parametrize("name", Parameter.registry.keys())
def test_whatever_stands_in_an_address_is_read_without_a_fault(name: str, box: Any) -> None:
    for text in ("", ":::,,,", "x" * 9000, "title:-1,size:99999999999", "\x00", "٣٤", "1e9", "%"):
        view = View(box, read({name: text}))
        assert read({name: Parameter.registry[name].write(view[name])}) == {name: view[name]}


def test_widths_stay_within_what_a_column_can_be(box: Any) -> None:
    assert View(box, read({"widths": "name:5,country:9999,owner:12345,height:x"})).widths == {
        "name": 72,
        "country": 800,
    }


def test_an_unknown_layout_is_refused_in_words(sign_in: Any, boxes: Any, box: Any) -> None:
    boxes(1)
    answer = sign_in("admin").get("/boxes/?layout=spiral")
    assert answer.status_code == 400
    assert "cannot be shown that way" in answer.content.decode()
    assert layouts(box)[0].key == "table"
    assert "table" in Layout.registry


def test_a_view_is_checked_as_the_reader_would_see_it(cast: Any, box: Any) -> None:
    View(box, read({"filter": "name:contains:a", "sort": "-name"})).check(cast.actor("ada"), NEUTRAL)
    for wrong in ({"filter": "nothing:is:1"}, {"sort": "nothing"}, {"columns": "nothing"}, {"group": "nothing"}):
        with pytest.raises(Refused):
            View(box, read(wrong)).check(cast.actor("ada"), NEUTRAL)
    cast.hide("toybox.box", "country")
    with pytest.raises(Refused):
        View(box, read({"filter": "country:is:FI"})).check(cast.actor("eve"), NEUTRAL)


def saved(client: Any, query: str, name: str) -> str:
    """Save what an address shows as a new view; its address."""
    answer = client.post("/boxes/views/", {**QueryDict(query).dict(), "name": name})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.url)


def test_what_is_looked_at_is_saved_by_a_form_and_opens_again(sign_in: Any, boxes: Any) -> None:
    boxes(3)
    ada = sign_in("ada")
    url = saved(ada, "sort=-name&columns=owner&widths=owner:240&density=compact", "Backwards")
    page = ada.get(url).content.decode()
    assert page.index("Box 002") < page.index("Box 001")
    assert 'data-density="compact"' in page
    assert '<col style="--w:240px">' in page
    assert 'data-c="owner"' in page
    assert 'data-c="country"' not in page
    assert "Changed, not saved" not in page
    changed = ada.get(f"{url}&sort=name").content.decode()
    assert "Changed, not saved" in changed
    assert f'href="{url}" data-discard' in changed
    assert (
        ada.post(
            f"{url.partition('?')[0]}views/{url.rpartition('=')[2]}/",
            {"verb": "save", "view": url.rpartition("=")[2], "sort": ""},
        ).url
        == url
    )
    assert "Changed, not saved" not in ada.get(url).content.decode()


def test_a_view_that_is_not_mine_opens_for_nobody_else_and_shows_nobody_more(
    sign_in: Any, boxes: Any, cast: Any
) -> None:
    boxes(2)
    ada = sign_in("ada")
    url = saved(ada, "sort=-name&columns=owner,country", "Ours")
    dee = sign_in("dee")
    assert dee.get(url).status_code == 404
    at = f"/boxes/views/{url.rpartition('=')[2]}/"
    for verb in ("edit", "save", "remove", "copy", "first"):
        assert dee.post(at, {"verb": verb, "name": "Mine now", "share": "everybody"}).status_code == 404
    assert ada.post(at, {"verb": "edit", "name": "Ours", "share": "everybody"}).status_code == 302
    page = dee.get(url).content.decode()
    assert "Ours" in page
    assert "Box 00" not in page, "the view shows what she may see, and nothing else"
    assert dee.get(at).status_code == 404
    assert dee.post(at, {"verb": "save", "view": url.rpartition("=")[2]}).status_code == 403
    # A column that is withheld from her is not there; the view itself opens.
    cast.hide("toybox.box", "country")
    assert 'data-c="country"' not in sign_in("eve").get(url).content.decode()
    assert 'data-c="owner"' in sign_in("eve").get(url).content.decode()


def test_a_refused_name_is_said_beside_it_and_stays_typed(sign_in: Any, boxes: Any, hx: dict[str, str]) -> None:
    boxes(1)
    ada = sign_in("ada")
    saved(ada, "sort=name", "Mine")
    for headers in ({}, hx):
        answer = ada.post("/boxes/views/", {"name": "Mine", "sort": "-name"}, **headers)
        assert answer.status_code == 422
        assert "already" in answer.content.decode()
    assert 'value="Mine"' in ada.post("/boxes/views/", {"name": "Mine", "sort": "-name"}).content.decode()
    refused = ada.post("/boxes/views/", {"name": "Wrong", "filter": "nothing:is:1"})
    assert refused.status_code == 422


def test_the_first_view_opens_and_all_records_stay_within_reach(sign_in: Any, boxes: Any) -> None:
    boxes(1)
    ada = sign_in("ada")
    url = saved(ada, "sort=-name", "Mine")
    at = f"/boxes/views/{url.rpartition('=')[2]}/"
    ada.post(at, {"verb": "first"})
    assert ada.get("/boxes/").url == url
    whole = ada.get("/boxes/?view=all")
    assert whole.status_code == 200
    assert 'href="/boxes/?view=all"' in whole.content.decode()
    assert ada.get("/boxes/?sort=name").status_code == 200
    ada.post(at, {"verb": "last"})
    assert ada.get("/boxes/").status_code == 200


def test_a_deleted_view_leads_back_to_all_records_where_it_can_be_undone(sign_in: Any, boxes: Any) -> None:
    boxes(1)
    ada = sign_in("ada")
    url = saved(ada, "sort=-name", "Mine")
    gone = ada.post(f"/boxes/views/{url.rpartition('=')[2]}/", {"verb": "remove"}, follow=True).content.decode()
    assert "The view “Mine” is deleted." in gone
    assert ada.get(url).status_code == 404
    cause = gone.partition('name="cause" value="')[2].partition('"')[0]
    assert ada.post("/undo/", {"cause": cause}).status_code == 302
    assert ada.get(url).status_code == 200


def test_the_foot_of_a_column_is_told_after_the_page(sign_in: Any, boxes: Any, hx: dict[str, str]) -> None:
    boxes(3)
    ada = sign_in("ada")
    page = ada.get("/boxes/?aggregates=name:filled").content.decode()
    assert 'hx-get="/boxes/sums/?aggregates=name:filled"' in page
    part = ada.get("/boxes/sums/?aggregates=name:filled,country:sum", **hx).content.decode()
    assert '<bdi class="num">3</bdi>' in part
    assert part.count('data-how=""') == part.count("data-agg=") - 1, "a country has no sum"
    assert ada.get("/boxes/sums/?aggregates=name:filled").status_code == 200
