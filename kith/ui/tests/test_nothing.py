"""Lists without records: because of a filter, or because nobody has written one yet."""

from __future__ import annotations

from typing import Any

import pytest

from kith.objects.declare import object_types


def test_an_empty_list_says_what_belongs_there_gives_an_example_and_leads_to_both_ways_in(sign_in: Any):
    said = sign_in("admin").get("/people/").content.decode()
    assert "The people you deal with" in said
    assert said.count('class="exm"') == 1
    assert "Aino Virtanen" in said
    assert 'href="/people/import/"' in said


def test_a_list_that_a_filter_empties_says_so_and_offers_to_clear_it(sign_in: Any, boxes: Any):
    boxes(1)
    said = sign_in("admin").get("/boxes/?filter=country:in:SE").content.decode()
    assert "Nothing fits these filters" in said
    assert "Clear all" in said
    assert 'class="exm"' not in said, "an example would look like a record that the filter left"


@pytest.mark.parametrize(
    "key", ["contacts.person", "contacts.company", "contacts.affiliation", "toybox.box", "toybox.toy"]
)
def test_every_object_has_an_example_of_its_own_kinds(key: str):
    from kith.ui.templatetags.first import example_of

    o = next(o for o in object_types() if o.key == key)
    assert set(o.example) <= set(o.fields)
    assert example_of(o)["title"]


def test_whoever_may_not_create_is_not_asked_to(sign_in: Any, cast: Any):
    from kith.objects.access.models import Grant

    Grant.objects.filter(verb="create").delete()
    said = sign_in("dee").get("/people/").content.decode()
    assert "There is nothing here yet" in said
    assert 'class="exm"' not in said
