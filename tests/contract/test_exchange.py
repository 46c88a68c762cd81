"""Every object comes back from a file as it went out, and what a file makes is what a form makes."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db.models import UniqueConstraint

from kith.events.models import Event
from kith.events.runs import execute
from kith.objects import exchange
from kith.objects.columns import ManyLinksColumn
from kith.objects.declare import ObjectType
from kith.objects.exchange import exporting, mapping
from kith.objects.exchange.exporting import columns_of
from kith.objects.exchange.models import Import
from kith.objects.query import reader, visible_to
from kith.objects.write import Draft, create, write

from .conftest import SYSTEM, example

pytestmark = pytest.mark.django_db


def brought(o: ObjectType, data: bytes, **choices: Any) -> tuple[Import, dict[str, int]]:
    import_ = exchange.accept(SYSTEM, o, io.BytesIO(data), "file")
    if choices:
        exchange.save_mapping(SYSTEM, import_, import_.mapping, choices)
    run = execute(exchange.begin(SYSTEM, import_).pk)
    assert run is not None
    assert run.state == "done", run.error
    return import_, exchange.report(import_).counts


def reasons(import_: Import) -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.reason) for p in exchange.report(import_).problems]


def values(o: ObjectType, record: Any) -> dict[str, Any]:
    """What the record holds, packed, without what every record gets for itself."""
    for field in o.fields.values():
        field.attach([record], reader(SYSTEM))
    return {name: f.kind.pack(f.get(record)) for name, f in o.fields.items() if f.writable}


def changes() -> int:
    """Events of records; that a file was written stands in the ledger, too."""
    return Event.objects.exclude(name=exporting.Exported.name).count()


@pytest.mark.parametrize(("form", "labels"), [("csv", False), ("csv", True), ("xlsx", False), ("json", False)])
def test_an_exported_file_comes_back_unchanged(o: ObjectType, form: str, labels: bool) -> None:
    made = [create(SYSTEM, o, example(o, n)) for n in range(3)]
    before = [values(o, record) for record in visible_to(SYSTEM, o).order_by("pk")]
    events = changes()
    data = b"".join(exchange.export(SYSTEM, o, form, labels=labels))
    import_, counts = brought(o, data)
    assert counts["unchanged"] == len(before) >= len(made), reasons(import_)
    assert sum(counts.values()) == len(before)
    assert [values(o, record) for record in visible_to(SYSTEM, o).order_by("pk")] == before
    assert changes() == events


def test_a_record_made_by_a_file_equals_one_made_by_a_form(o: ObjectType) -> None:
    wanted = _told_apart(o, example(o, 1))
    by_form = create(SYSTEM, o, wanted)
    expected = values(o, visible_to(SYSTEM, o).get(pk=by_form.pk))
    data = b"".join(exchange.export(SYSTEM, o, "json", ids=False, filter=None))
    first = Event.objects.get(object=o.key, record=by_form.pk, name="created")
    unique = [c for c in o.model._meta.constraints if isinstance(c, UniqueConstraint)]
    if unique:
        pytest.skip("a second record with the same values would break a rule of this object")
    import_, counts = brought(o, data, match=[], create_links=False)
    assert counts["created"] >= 1, reasons(import_)
    newest = visible_to(SYSTEM, o).order_by("-pk").first()
    assert values(o, newest) == expected
    again = Event.objects.get(object=o.key, record=newest.pk, name="created")
    assert again.data == first.data


def test_every_column_of_an_export_finds_its_field(o: ObjectType) -> None:
    known = mapping.targets(SYSTEM, o)
    columns = [c.name for f in o.fields.values() if f.writable for c in columns_of(f)]
    guessed = mapping.guess(SYSTEM, o, columns, [[""] * len(columns)], _viewer())
    assert {g.column: g.to for g in guessed} == {c: c for c in columns if c in known}


def test_links_of_several_keep_their_order(o: ObjectType) -> None:
    many = next((f for f in o.own.values() if isinstance(f, ManyLinksColumn)), None)
    if many is None:
        pytest.skip("this object has no such field")
    create(SYSTEM, o, example(o, 2))
    data = b"".join(exchange.export(SYSTEM, o, columns=[o.title, many.name]))
    _import, counts = brought(o, data)
    assert counts["refused"] == 0


def _told_apart(o: ObjectType, values: dict[str, Any]) -> dict[str, Any]:
    """The values without second links to one object: examples make several records of one name, and a file has only names."""
    seen: set[str] = set()
    kept = {}
    for name, value in values.items():
        target = o.fields[name].target
        if target and target in seen:
            continue
        seen.update([target] if target else ())
        kept[name] = value
    for other in seen:
        for record in visible_to(SYSTEM, other):
            if record.pk not in {
                v
                for value in kept.values()
                for v in (value if isinstance(value, list) else [value])
                if isinstance(v, int)
            }:
                write(SYSTEM, other, [Draft(record=record, verb="remove")])
    return kept


def _viewer() -> Any:
    from kith.kernel.viewer import NEUTRAL

    return NEUTRAL
