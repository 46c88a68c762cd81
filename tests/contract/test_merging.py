"""Per object: two records become one, everything that hung on the one hangs on the other, and one undo takes it all back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from kith.events.models import Event
from kith.kernel.actor import cause
from kith.kernel.errors import Forbidden, Missing, Refused
from kith.objects.access.models import Private, Share
from kith.objects.actions import act
from kith.objects.columns import ManyLinksColumn, Record
from kith.objects.declare import Field, ObjectType, object_types
from kith.objects.favourites import favourites, star
from kith.objects.history import timeline
from kith.objects.keys import Key
from kith.objects.merged import led_to
from kith.objects.query import find, listing
from kith.objects.search.models import SearchRow
from kith.objects.write import change, create, merge, restore, undo
from kith.objects.write.merge import choosable, together
from tests.cast import Cast

from .conftest import SYSTEM, example

pytestmark = [pytest.mark.django_db, pytest.mark.every_engine]


def two(o: ObjectType) -> tuple[Any, Any]:
    return create(SYSTEM, o, example(o, 1)), create(SYSTEM, o, example(o, 2))


def values_of(o: ObjectType, record: Any) -> dict[str, Any]:
    """Every writable value of a record as it is stored, links included."""
    names = [f.name for f in o.fields.values() if f.writable]
    (read,) = [r for r in listing(SYSTEM, o, columns=names, limit=500).records if r.pk == record.pk]
    return {n: json.loads(json.dumps(o.field(n).kind.pack(o.field(n).get(read)), cls=DjangoJSONEncoder)) for n in names}


def linking(o: ObjectType) -> list[tuple[ObjectType, Field]]:
    return [
        (other, field)
        for other in object_types()
        for field in other.fields.values()
        if field.target == o.key
        and field.writable
        and not (isinstance(field, ManyLinksColumn) and issubclass(field.through[0], Record))
    ]


def test_the_one_that_goes_is_in_the_trash_and_leads_to_the_one_that_stays(o: ObjectType):
    keep, gone = two(o)
    merge(SYSTEM, keep, [gone], together(SYSTEM, keep, [gone]))
    assert [r.pk for r in listing(SYSTEM, o).records] == [keep.pk]
    assert led_to(o.key, gone.pk) == keep.pk
    assert find(SYSTEM, o, gone.pk, trash=True).pk == gone.pk
    assert not Key.objects.filter(object=o.key, record=gone.pk).exists()
    assert not SearchRow.objects.filter(object=o.key, record=gone.pk).exists()


def test_what_the_one_lacks_comes_from_the_other_and_several_values_are_joined(o: ObjectType):
    keep, gone = two(o)
    for field in choosable(SYSTEM, o).values():
        if field.kind.multiple and not field.target:
            wanted = {json.dumps(v) for v in values_of(o, keep)[field.name]}
            assert wanted, field.name
    suggested = together(SYSTEM, keep, [gone])
    merged = merge(SYSTEM, keep, [gone], suggested)
    now = values_of(o, merged)
    for field in choosable(SYSTEM, o).values():
        if field.kind.multiple and not field.target:
            have = set(field.kind.keys(field.kind.unpack(now[field.name])))
            both = set(field.kind.keys(field.get(keep))) | set(field.kind.keys(field.get(gone)))
            assert both <= have, field.name
        elif not field.target:
            assert not field.kind.is_empty(field.kind.unpack(now[field.name])), field.name


def test_every_link_to_the_one_leads_to_the_other_and_back_when_it_is_undone(o: ObjectType):
    keep, gone = two(o)
    links = []
    for other, field in linking(o):
        # One by one: only this field of the linking record leads here.
        values = {n: v for n, v in example(other, 60 + len(links)).items() if other.field(n).target != o.key}
        values |= {
            f.name: keep.pk for f in other.fields.values() if f.required and f.target == o.key and f.name != field.name
        }
        links.append(
            (other, field, create(SYSTEM, other, {**values, field.name: [gone.pk] if field.kind.multiple else gone.pk}))
        )
    before = [values_of(other, record)[field.name] for other, field, record in links]
    stood = {pk: values_of(o, record) for pk, record in ((keep.pk, keep), (gone.pk, gone))}
    with cause("request:merge"):
        merge(SYSTEM, keep, [gone], together(SYSTEM, keep, [gone]))
    for other, field, record in links:
        assert values_of(other, record)[field.name] in ([keep.pk], keep.pk), (other.key, field.name)
    report = undo(SYSTEM, "request:merge")
    assert report.kept == [], report
    assert [values_of(other, record)[field.name] for other, field, record in links] == before
    assert {pk: values_of(o, find(SYSTEM, o, pk)) for pk in stood} == stood
    assert led_to(o.key, gone.pk) is None


def test_notes_shares_and_stars_come_along_and_go_back(o: ObjectType, cast: Cast):
    keep, gone = two(o)
    admin = cast.actor("admin")
    act(SYSTEM, "add_note", gone, text="Asked for blue paint")
    star(admin, o.key, gone.pk)
    if not o.follows:
        Share.objects.create(object=o.key, record=gone.pk, user=cast.dee)
    with cause("request:merge"):
        merge(admin, keep, [gone])
    assert "Asked for blue paint" in [e.body for e in timeline(SYSTEM, keep).entries]
    assert [s.id for s in favourites(cast.actor("admin"))] == [keep.pk]
    assert [s.record for s in Share.objects.all()] == ([] if o.follows else [keep.pk])
    undo(cast.actor("admin"), "request:merge")
    assert "Asked for blue paint" not in [e.body for e in timeline(SYSTEM, keep).entries]
    assert [s.id for s in favourites(cast.actor("admin"))] == [gone.pk]
    assert [s.record for s in Share.objects.all()] == ([] if o.follows else [gone.pk])


def test_the_ledger_says_that_they_were_merged(o: ObjectType):
    keep, gone = two(o)
    merge(SYSTEM, keep, [gone])
    assert next(e.name for e in timeline(SYSTEM, gone).entries) == "record.merged"
    (line,) = [e for e in timeline(SYSTEM, keep).entries if e.name == "record.merged"]
    assert (line.on.object, line.on.id) == (o.key, gone.pk)
    assert Event.objects.filter(object=o.key, record=gone.pk, name="removed").exists()


def test_a_choice_made_by_old_values_is_refused(o: ObjectType):
    keep, gone = two(o)
    versions = {keep.pk: 1, gone.pk: 1}
    field = next(
        f
        for f in reversed(list(o.fields.values()))
        if f.writable and not f.target and f.kind.pack(f.kind.example(3)) != f.kind.pack(f.get(gone))
    )
    change(SYSTEM, gone, {field.name: field.kind.example(3)})
    with pytest.raises(Refused):
        merge(SYSTEM, keep, [gone], versions=versions)
    assert {r.pk for r in listing(SYSTEM, o).records} >= {keep.pk, gone.pk}


def test_who_may_not_delete_the_one_or_change_the_other_merges_nothing(o: ObjectType, cast: Cast):
    keep, gone = two(o)
    for name in ("dee", "eve"):
        if name == "eve" and not o.common:
            continue
        with pytest.raises((Forbidden, Missing)):
            merge(cast.actor(name), keep, [gone])
    assert led_to(o.key, gone.pk) is None


def test_what_was_merged_once_is_not_merged_again(o: ObjectType):
    keep, gone = two(o)
    merge(SYSTEM, keep, [gone])
    for pair in ((keep, gone), (gone, keep)):
        with pytest.raises(Refused):
            merge(SYSTEM, pair[0], [pair[1]])
    with pytest.raises(Refused):
        merge(SYSTEM, keep, [keep])


def test_a_record_taken_out_of_the_trash_stands_for_itself_again(o: ObjectType):
    keep, gone = two(o)
    merge(SYSTEM, keep, [gone])
    restore(SYSTEM, find(SYSTEM, o, gone.pk, trash=True))
    assert led_to(o.key, gone.pk) is None


def test_nothing_private_is_given_away_by_merging(o: ObjectType):
    keep, gone = two(o)
    Private.objects.create(object=o.key, record=gone.pk)
    with pytest.raises(Refused):
        merge(SYSTEM, keep, [gone])
    assert {r.pk for r in listing(SYSTEM, o).records} >= {keep.pk, gone.pk}
