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
