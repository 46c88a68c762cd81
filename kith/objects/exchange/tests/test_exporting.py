"""What goes out comes back the same: every kind, every format, with nothing that its reader may not see."""

from __future__ import annotations

import csv
import io
import json

import pytest

from kith.kernel.errors import Forbidden, Refused, UnknownField
from kith.objects import exchange
from kith.objects.declare import ObjectType, object_type
from kith.objects.exchange.guard import guarded, unguarded
from kith.objects.query import reader, visible_to
from kith.objects.write import change, create

from .conftest import counts

BOX, TOY = "toybox.box", "toybox.toy"


def exported(actor, what, form="csv", **asked):
    return b"".join(exchange.export(actor, what, form, **asked))


def table(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def full_toys(actor, n=10):
    """Toys with a value of every kind, linked among themselves."""
    o = object_type(TOY)
    boxes = [create(actor, BOX, name=name) for name in ("Red", "Blue", "Blue", "=1+1")]
    made = []
    for i in range(n):
        values = {}
        for field in o.fields.values():
            if not field.writable or field.target or field.facts.owner:
                continue
            values[field.name] = field.kind.example(i)
        values["box"] = boxes[i % 4].pk
        values["friends"] = [toy.pk for toy in made[-2:]]
        made.append(create(actor, TOY, values))
    return made


def snapshot(actor, o):
    """Everything that every record has, as the ledger would keep it."""
    o = object_type(o)
    records = list(visible_to(actor, o).order_by("pk"))
    for field in o.fields.values():
        field.attach(records, reader(actor))
    return {r.pk: {name: f.kind.pack(f.get(r)) for name, f in o.fields.items() if f.writable} for r in records}


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_an_exported_file_changes_nothing_when_it_comes_back(bring, system, form):
    full_toys(system)
    before = snapshot(system, TOY)
    done = bring(TOY, exported(system, TOY, form), system)
    assert counts(done) == (0, 0, 10, 0, 0)
    assert snapshot(system, TOY) == before
    assert done.choices["match"] == ["@id"]
    assert set(done.columns) == set(done.mapping), "every column of our own file finds its field"


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_and_makes_equal_records_where_there_are_none(bring, system, form):
    toys = full_toys(system)
    before = list(snapshot(system, TOY).values())
    data = exported(system, TOY, form, ids=False)
    from kith.objects.write import Draft, write

    # Friends are found by their names, which are not unique among copies: the originals go first.
    for verb in ("remove", "purge"):
        assert all(outcome.ok for outcome in write(system, TOY, [Draft(record=t, verb=verb) for t in toys]))
    import_ = bring.prepare(TOY, data, system, match=[])
    mapping = {c: m for c, m in import_.mapping.items() if c != "friends"}
    # Two boxes have one name; a link to either can only be told apart by number.
    done = bring(TOY, data, system, {c: m for c, m in mapping.items() if c != "box"}, match=[], create_links=False)
    assert counts(done) == (10, 0, 0, 0, 0), [(p.row, p.column, p.reason) for p in done.problems.all()]
    after = list(snapshot(system, TOY).values())
    for one in (*before, *after):
        del one["friends"], one["box"]
    assert after == before


def test_an_edited_export_updates_and_an_old_one_is_told_who_changed_what(bring, system, cast):
    box = create(system, BOX, name="Red", country="FI")
    data = exported(system, BOX)
    assert counts(bring(BOX, data.replace(b"FI", b"DE"), system)) == (0, 1, 0, 0, 0)
    box.refresh_from_db()
    change(cast.actor("admin"), box, country="SI")
    done = bring(BOX, data.replace(b"FI", b"JP"), system)
    assert counts(done) == (0, 0, 0, 0, 1)
    assert "Country" in done.problems.get().reason


def test_a_file_that_lacks_values_empties_nothing(bring, system):
    full_toys(system, 2)
    before = snapshot(system, TOY)
    rows = table(exported(system, TOY))
    text = "id,nickname\n" + "".join(f"{r['id']},\n" for r in rows)
    done = bring(TOY, text, system, {"id": "@id", "nickname": "nickname"}, match=["@id"])
    assert counts(done) == (0, 0, 2, 0, 0)
    assert snapshot(system, TOY) == before


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd", "-2+3", "@x", "'=1", "''=1", "\t=1", "plain", "'quoted'", "+358 40 123", "-5", "", "＝1"]
)
def test_the_guard_is_taken_off_again(text):
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in ("=", "@", "\t")


def test_nothing_in_a_file_is_run_as_a_formula(bring, system):
    create(system, BOX, name='=HYPERLINK("http://evil.example","x")')
    row = table(exported(system, BOX))[0]
    assert row["name"].startswith("'=")
    import zipfile

    with zipfile.ZipFile(io.BytesIO(exported(system, BOX, "xlsx"))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert json.loads(exported(system, BOX, "json"))[0]["name"].startswith("=")


def test_hidden_fields_and_records_of_others_stay_in_the_house(cast):
    create(cast.actor("ada"), BOX, name="Red", country="FI")
    create(cast.actor("dee"), BOX, name="Blue", country="DE")
    assert [r["name"] for r in table(exported(cast.actor("dee"), BOX))] == ["Blue"]
    cast.hide(BOX, "country")
    eve = cast.actor("eve")
    data = exported(eve, BOX)
    assert "country" not in table(data)[0]
    assert b"FI" not in data
    for asked in ({"columns": ["country"]}, {"filter": "country:in:FI"}, {"sort": "country"}):
        with pytest.raises(UnknownField):
            exported(eve, BOX, **asked)


def test_a_link_to_a_record_that_may_not_be_seen_is_a_number_without_a_name(cast):
    box = create(cast.actor("ada"), BOX, name="Secret box")
    create(cast.actor("admin"), TOY, name="Ann", box=box.pk, owner=cast.dee.pk)
    data = exported(cast.actor("dee"), TOY)
    assert b"Secret" not in data


def test_the_right_to_export_is_its_own(cast):
    from kith.objects.access.models import Grant

    create(cast.actor("dee"), BOX, name="Blue")
    Grant.objects.filter(verb="export").delete()
    with pytest.raises(Forbidden):
        exported(cast.actor("dee"), BOX)


def test_filter_sort_search_columns_and_labels_are_those_of_a_list(system, db):
    for name, country in (("Red", "FI"), ("Blue", "FI"), ("Green", "DE")):
        create(system, BOX, name=name, country=country)
    data = exported(
        system, BOX, filter="country:in:FI", sort="name", columns=["name", "country"], labels=True, ids=False, bom=False
    )
    assert data.decode() == "Name,Country\r\nBlue,FI\r\nRed,FI\r\n"
    assert [r["name"] for r in table(exported(system, BOX, search="gre"))] == ["Green"]
    with pytest.raises(Refused):
        exported(system, BOX, "pdf")


def test_an_empty_list_is_a_file_with_a_header(system, db):
    assert exported(system, BOX, bom=False).decode().startswith("id,version,name")
    assert json.loads(exported(system, BOX, "json")) == []
    assert exported(system, BOX, "xlsx").startswith(b"PK")


def test_a_long_list_goes_out_in_pages(system, db):
    from kith.objects.write import Draft, write

    write(system, BOX, [Draft({"name": f"Box {n}"}) for n in range(1203)])
    pages = list(exchange.export(system, BOX))
    assert len(pages) == 4
    assert sorted(r["name"] for r in table(b"".join(pages))) == sorted(f"Box {n}" for n in range(1203))


def test_every_name_in_the_table_of_headers_belongs_to_a_kind(db):
    from kith.objects.exchange.headers import FAMILIES, KNOWN
    from kith.objects.kinds import Kind
    from kith.objects.kinds.several import TYPES

    types = {o.value for o in TYPES}
    kinds = {kind.key: kind() for kind in Kind.registry}
    families = {*kinds, *FAMILIES.values()}
    for key, part in KNOWN:
        if key == "currency":
            continue
        assert key in families, key
        assert not part or part in kinds[key].parts or part in types, (key, part)


def test_every_object_can_be_imported(system, db):
    from kith.objects.exchange import mapping

    for o in ObjectType.registry:
        known = mapping.targets(system, o)
        assert all(f"{f.name}" in known for f in o.fields.values() if f.writable)
