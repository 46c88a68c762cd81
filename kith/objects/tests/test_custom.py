"""Fields and objects that users make: data with a version, indexes that are kept, filters that use them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import translation

from kith.kernel.actor import System
from kith.kernel.errors import UnknownField
from kith.kernel.viewer import Viewer
from kith.objects.custom import indexes
from kith.objects.custom.definitions import changed, refresh
from kith.objects.custom.models import CustomField, CustomObject
from kith.objects.declare import object_type
from kith.objects.exchange import export
from kith.objects.filters import parse, sentence
from kith.objects.query import listing, selected
from kith.objects.write import Draft, create, write

SYSTEM = System("test")
pytestmark = pytest.mark.django_db


def add(label: str, kind: str, **more) -> CustomField:
    row = CustomField.objects.create(object="toybox.box", label=label, kind=kind, **more)
    changed()
    refresh()
    return row


def plan(rows) -> str:
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}", params)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_a_field_is_there_after_the_next_look_and_gone_when_it_is_removed():
    row = add("Shelf", "text")
    assert object_type("toybox.box").field(row.field_id).label == "Shelf"
    CustomField.objects.filter(pk=row.pk).update(label="Rack")
    refresh()
    assert object_type("toybox.box").field(row.field_id).label == "Shelf", "nobody said that it changed"
    changed()
    refresh()
    assert object_type("toybox.box").field(row.field_id).label == "Rack"
    CustomField.objects.all().delete()
    changed()
    refresh()
    with pytest.raises(UnknownField):
        object_type("toybox.box").field(row.field_id)


LABELS = {"fi": "Hylly", "fa": "قفسه", "zh": "架子", "sl": "Polica"}


@pytest.mark.parametrize(
    ("language", "label"),
    [("en", "Shelf"), ("fi", "Hylly"), ("fa", "قفسه"), ("zh-hans", "架子"), ("sl", "Polica"), ("de", "Shelf")],
)
def test_what_users_define_is_called_by_its_name_in_the_readers_language(language, label):
    """Field, help, option, object: in lists, forms, filters, sentences and headers of files, which all ask the same field."""
    option = {"value": "a", "label": "Shelf", "labels": LABELS}
    row = add("Shelf", "choice", labels=LABELS, help="Shelf", helps=LABELS, options={"options": [option]})
    ship = CustomObject.objects.create(key="s", slug="s", label="Shelf", plural="Shelf", labels=LABELS, plurals=LABELS)
    CustomField.objects.create(object=f"custom.o{ship.pk}", label="Shelf", labels=LABELS, kind="text", search="title")
    changed()
    refresh()
    with translation.override(language):
        field = object_type("toybox.box").field(row.field_id)
        o = object_type(f"custom.o{ship.pk}")
        viewer = Viewer(language)
        assert [str(x) for x in (field.label, field.help, o.label, o.plural, o.title_field.label)] == [label] * 5
        assert field.kind.format("a", viewer) == label
        assert field.kind.parse(label, viewer) == "a"
        assert label in sentence("toybox.box", parse(f"{row.field_id}:in:a"), viewer)
        header = b"".join(export(SYSTEM, "toybox.box", labels=True, columns=["name", row.field_id])).decode("utf-8-sig")
        assert label in header.splitlines()[0]


def test_looking_for_changes_is_one_cheap_query(django_assert_num_queries):
    refresh()
    with django_assert_num_queries(1):
        refresh()


def test_a_marked_field_gets_an_index_and_filters_use_it():
    row = add("Shelf", "integer", indexed=True)
    assert indexes.sync() == ([f"kith_cf_{row.field_id}"], [])
    assert indexes.sync() == ([], [])
    write(SYSTEM, "toybox.box", [Draft({"name": f"Box {n}", row.field_id: n}) for n in range(50)])
    found = selected(SYSTEM, "toybox.box", filter=f"{row.field_id}:is:7")
    assert [r.name for r in found] == ["Box 7"]
    assert f"kith_cf_{row.field_id}" in plan(found)
    CustomField.objects.update(indexed=False)
    changed()
    refresh()
    assert indexes.sync() == ([], [f"kith_cf_{row.field_id}"])


def test_indexes_are_a_budget_of_twelve():
    for n in range(15):
        add(f"Field {n}", "text", indexed=True)
    made, _dropped = indexes.sync()
    assert len(made) == indexes.MAX_PER_OBJECT == len(indexes.present())


def test_an_index_that_a_table_rebuild_dropped_comes_back():
    row = add("Shelf", "text", indexed=True)
    indexes.sync()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX kith_cf_{row.field_id}")
    assert indexes.sync()[0] == [f"kith_cf_{row.field_id}"]


def test_a_custom_field_is_filtered_sorted_searched_and_renamed_freely():
    shelf = add("Shelf", "text", search="high")
    height = add("Height", "decimal", options={"places": 1})
    for n, (name, place, high) in enumerate([("A", "Oben", "2.5"), ("B", "unten", "10.0"), ("C", "", "")]):
        values = {"name": name, shelf.field_id: place}
        if high:
            values[height.field_id] = high
        create(SYSTEM, "toybox.box", values, once=f"k{n}")
    names = lambda **asked: [r.name for r in listing(SYSTEM, "toybox.box", **asked).records]  # noqa: E731
    assert names(sort=height.field_id) == ["A", "B", "C"]
    assert names(sort=f"-{height.field_id}") == ["B", "A", "C"]
    assert names(filter=f"{height.field_id}:at_least:3") == ["B"]
    assert names(filter=f"{shelf.field_id}:contains:BEN") == ["A"]
    assert names(filter=f"{shelf.field_id}:empty") == ["C"]
    assert names(search="unt") == ["B"]


def test_an_object_made_by_users_has_its_own_records_fields_and_address():
    ship = CustomObject.objects.create(key="ship", slug="ships", label="Ship", plural="Ships")
    dock = CustomObject.objects.create(key="dock", slug="docks", label="Dock", plural="Docks")
    rows = {
        d.pk: CustomField.objects.create(
            object=f"custom.o{d.pk}", label="Name", kind="text", search="title", required=True
        )
        for d in (ship, dock)
    }
    changed()
    refresh()
    for d, name in ((ship, "Aurora"), (dock, "Pier 7")):
        create(SYSTEM, f"custom.o{d.pk}", {rows[d.pk].field_id: name})
    o = object_type(f"custom.o{ship.pk}")
    assert [o.title_of(r) for r in listing(SYSTEM, o).records] == ["Aurora"]
    assert o.url() == "/ships/"
    assert listing(SYSTEM, o, search="pier").records == []
