"""Per object: what it is to be made, changed, moved to the trash, brought back and undone; and what the ledger says of it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import translation

from kith.events.models import Event
from kith.kernel.actor import cause
from kith.kernel.errors import Invalid, Missing, Refused, Stale, UnknownField
from kith.objects.declare import ObjectType
from kith.objects.history import sentence_of, timeline
from kith.objects.keys import Key
from kith.objects.query import find, listing
from kith.objects.search.models import SearchRow
from kith.objects.write import Draft, change, create, purge, remove, restore, undo, write
from tests.cast import Cast

from .conftest import SYSTEM, allowed, example

pytestmark = pytest.mark.django_db


def another(o: ObjectType, record) -> dict:
    """A different value for one field that is no link: the last such field."""
    for field in reversed([f for f in o.fields.values() if f.writable and not f.target]):
        for n in range(2, 9):
            value = field.kind.example(n)
            if field.kind.pack(value) != field.kind.pack(field.get(record)) and not field.kind.is_empty(value):
                return {field.name: value}
    raise AssertionError("no field to change")


def test_every_value_given_is_the_value_read(o: ObjectType):
    values = example(o, 1)
    made = create(SYSTEM, o, values)
    read = listing(SYSTEM, o, columns=list(values)).records[0]
    assert read.pk == made.pk
    for name, value in values.items():
        field = o.field(name)
        assert field.kind.pack(field.get(read)) == field.kind.pack(field.kind.clean(value)), name


def test_creating_writes_one_event_with_every_value(o: ObjectType):
    made = create(SYSTEM, o, example(o, 1))
    (event,) = Event.objects.filter(object=o.key, record=made.pk)
    assert event.name == "created"
    for field in o.fields.values():
        if field.writable and not field.kind.is_empty(field.get(made)):
            assert event.data[field.id][1] == field.kind.pack(field.get(made)), field


def test_a_change_writes_what_changed_and_nothing_else(o: ObjectType):
    made = create(SYSTEM, o, example(o, 1))
    wanted = another(o, made)
    changed = change(SYSTEM, made, wanted, version=1)
    (name,) = wanted
    event = Event.objects.filter(object=o.key, record=made.pk).latest("pk")
    assert (event.name, list(event.data), changed.version) == ("changed", [o.field(name).id], 2)
    assert change(SYSTEM, changed, wanted).version == 2, "the same value again is no change"
    assert Event.objects.filter(object=o.key, record=made.pk).count() == 2


def test_every_event_has_a_sentence_in_every_language(o: ObjectType):
    made = create(SYSTEM, o, example(o, 1))
    change(SYSTEM, made, another(o, made))
    restore(SYSTEM, remove(SYSTEM, made))
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for event in Event.objects.filter(object=o.key):
                assert sentence_of(event)
            for entry in timeline(SYSTEM, made).entries:
                assert entry.sentence


def test_the_trash_takes_and_gives_back(o: ObjectType):
    made = create(SYSTEM, o, example(o, 1))
    word = next((w for f in o.fields.values() if f.search for w in f.kind.words(f.get(made)).split()), "")
    remove(SYSTEM, made)
    assert listing(SYSTEM, o).records == []
    assert not SearchRow.objects.filter(object=o.key, record=made.pk).exists()
    assert not Key.objects.filter(object=o.key, record=made.pk).exists()
    with pytest.raises(Missing):
        find(SYSTEM, o, made.pk)
    assert [r.pk for r in listing(SYSTEM, o, trash=True).records] == [made.pk]
    restore(SYSTEM, find(SYSTEM, o, made.pk, trash=True))
    back = find(SYSTEM, o, made.pk)
    assert back.version == 3
    if word:
        assert [r.pk for r in listing(SYSTEM, o, search=word).records] == [made.pk]


def test_what_is_purged_is_gone_but_for_its_history(o: ObjectType):
    made = remove(SYSTEM, create(SYSTEM, o, example(o, 1)))
    purge(SYSTEM, made)
    assert listing(SYSTEM, o, trash=True).records == []
    assert Event.objects.filter(object=o.key, record=made.pk).latest("pk").name == "purged"


def test_an_old_version_of_the_same_field_is_refused_with_the_difference(o: ObjectType, cast: Cast):
    made = create(SYSTEM, o, example(o, 1))
    (name,) = another(o, made)
    field = o.field(name)
    values = [
        v for v in (field.kind.example(n) for n in range(9)) if field.kind.pack(v) != field.kind.pack(field.get(made))
    ]
    change(cast.actor("admin"), made, {name: values[0]}, version=1)
    mine = next((v for v in values if field.kind.pack(v) != field.kind.pack(values[0])), None)
    if mine is None:
        pytest.skip("the field has only two values")
    with pytest.raises(Stale) as refused:
        change(SYSTEM, made, {name: mine}, version=1)
    (difference,) = refused.value.differences
    assert (difference.field.name, difference.by) == (name, "Admin")
    assert field.kind.pack(difference.theirs) == field.kind.pack(field.kind.clean(values[0]))


def test_edits_of_different_fields_merge(o: ObjectType):
    fields = [f for f in o.fields.values() if f.writable and not f.target]
    made = create(SYSTEM, o, example(o, 1))
    wanted = [
        (f.name, v)
        for f in fields
        for v in (f.kind.example(n) for n in range(2, 6))
        if f.kind.pack(v) != f.kind.pack(f.get(made))
    ]
    first = next(w for w in wanted if allowed(o, made, *w))
    then = change(SYSTEM, made, dict([first]), version=1)
    second = next((w for w in wanted if w[0] != first[0] and allowed(o, then, *w)), None)
    if second is None:
        pytest.skip("it has one field only")
    merged = change(SYSTEM, made, dict([second]), version=1)
    assert merged.version == 3
    assert o.field(first[0]).kind.pack(o.field(first[0]).get(merged)) == o.field(first[0]).kind.pack(
        o.field(first[0]).kind.clean(first[1])
    )


def test_one_refused_draft_hinders_no_other(o: ObjectType):
    good = example(o, 1)
    required = next(f for f in o.fields.values() if f.required)
    bad = {**example(o, 2), required.name: required.kind.empty}
    outcomes = write(
        SYSTEM, o, [Draft(good, place=1), Draft(bad, place=2), Draft({**example(o, 3), "no_such_field": 1}, place=3)]
    )
    assert [out.state for out in outcomes] == ["created", "refused", "refused"]
    assert isinstance(outcomes[1].error, Invalid)
    assert required.name in outcomes[1].error.errors
    assert isinstance(outcomes[2].error, UnknownField)
    assert Event.objects.filter(object=o.key, name="created", record=outcomes[0].record.pk).count() == 1


def test_one_form_sent_twice_makes_one_record(o: ObjectType):
    values = example(o, 1)
    first = create(SYSTEM, o, values, once="key-1")
    assert create(SYSTEM, o, values, once="key-1").pk == first.pk
    with pytest.raises(Refused):
        create(SYSTEM, o, {**values, **another(o, first)}, once="key-1")
    assert Event.objects.filter(object=o.key, name="created", record__gte=first.pk).count() == 1


def test_one_cause_is_undone_as_a_whole(o: ObjectType):
    old = create(SYSTEM, o, example(o, 1))
    wanted = another(o, old)
    with cause("import:7"):
        made = create(SYSTEM, o, example(o, 2))
        change(SYSTEM, old, wanted)
    report = undo(SYSTEM, "import:7")
    assert report.kept == [], report
    assert [r.pk for r in listing(SYSTEM, o).records if r.pk in (old.pk, made.pk)] == [old.pk]
    with pytest.raises(Missing):
        find(SYSTEM, o, made.pk, trash=None)
    (name,) = wanted
    now = find(SYSTEM, o, old.pk)
    assert o.field(name).kind.pack(o.field(name).get(now)) == o.field(name).kind.pack(o.field(name).get(old))
    assert not SearchRow.objects.filter(object=o.key, record=made.pk).exists()
    assert Event.objects.filter(object=o.key, record=made.pk).count() == 2, "its history stays"


def test_undo_keeps_what_somebody_built_on(o: ObjectType, cast: Cast):
    values = example(o, 2)
    with cause("import:8"):
        made = create(SYSTEM, o, values)
    change(cast.actor("admin"), made, another(o, made))
    report = undo(SYSTEM, "import:8")
    assert report.undone == 0
    assert "Admin" in report.kept[0][2]
    assert find(SYSTEM, o, made.pk).pk == made.pk


def test_a_failure_after_the_change_leaves_nothing(o: ObjectType):
    @transaction.atomic
    def fail() -> None:
        create(SYSTEM, o, example(o, 1))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert listing(SYSTEM, o).records == []
    assert not Event.objects.filter(object=o.key).exists()
    assert not SearchRow.objects.filter(object=o.key).exists()
