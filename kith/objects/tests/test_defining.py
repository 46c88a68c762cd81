"""Fields and objects that administrators make: what is refused and why, what stays, what comes back."""

from __future__ import annotations

import pytest

from kith.events.models import Event
from kith.kernel.actor import System
from kith.kernel.errors import Forbidden, Invalid, Refused, UnknownField
from kith.kernel.viewer import Viewer
from kith.objects import defining
from kith.objects.custom.models import CustomField, CustomObject
from kith.objects.declare import ObjectType, object_type
from kith.objects.kinds import ALL_KINDS, Kind
from kith.objects.query import listing
from kith.objects.write import change, create, undo
from tests.cast import make_cast

pytestmark = [pytest.mark.django_db, pytest.mark.every_engine]
SYSTEM = System("test")
BLUES = {"options": [{"label": "Sky", "hue": 230}, {"label": "Navy", "labels": {"fi": "Tummansininen"}}]}


@pytest.fixture
def admin():
    return make_cast().actor("admin")


def box() -> ObjectType:
    return object_type("toybox.box")


def add(admin, label="Shelf", kind="text", **more) -> CustomField:
    return defining.add_field(admin, box(), {"label": label, "kind": kind, **more})


def test_a_field_is_made_used_put_aside_and_brought_back_with_everything_in_it(admin):
    row = add(admin, search=True, labels={"fi": "Hylly", "xx": "?"})
    assert row.labels == {"fi": "Hylly"}
    record = create(admin, "toybox.box", {"name": "A", row.field_id: "Upper left"})
    assert defining.held(admin, row).value == 1
    assert [r.pk for r in listing(admin, "toybox.box", search="upper").records] == [record.pk]
    defining.put_field_aside(admin, row)
    with pytest.raises(UnknownField):
        box().field(row.field_id)
    assert listing(admin, "toybox.box", search="upper").records == []
    defining.bring_field_back(admin, row)
    (again,) = listing(admin, "toybox.box", columns=[row.field_id]).records
    assert box().field(row.field_id).get(again) == "Upper left"
    assert [r.pk for r in listing(admin, "toybox.box", search="upper").records] == [record.pk]
    said = [e.data["called"] for e in Event.objects.filter(name="definition.field_changed")]
    assert said == ["Shelf"] * 3, "each of it is told"


@pytest.mark.parametrize("kind", [kind for kind in ALL_KINDS if kind.definable], ids=lambda kind: kind.key)
def test_every_kind_that_is_offered_can_be_a_field_of_ones_own(admin, kind: type[Kind]):
    asked = {"places": "1", "to": "toybox.toy", **BLUES}
    row = add(admin, "Mine", kind.key, **asked)
    field = box().field(row.field_id)
    value = field.kind.example(1)
    record = create(admin, "toybox.box", {"name": "A", row.field_id: value})
    (read,) = listing(admin, "toybox.box", columns=[row.field_id]).records
    assert field.kind.pack(field.get(read)) == field.kind.pack(field.kind.clean(value))
    assert read.pk == record.pk


def test_only_administrators_decide_which_fields_there_are():
    cast = make_cast()
    for name in ("ada", "eve"):
        with pytest.raises(Forbidden):
            add(cast.actor(name))
    assert not CustomField.objects.exists()


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({"label": " ", "kind": "text"}, "label"),
        ({"label": "x" * 121, "kind": "text"}, "label"),
        ({"label": "name", "kind": "text"}, "label"),
        ({"label": "A", "kind": "no such"}, "kind"),
        ({"label": "A", "kind": "choice"}, "options"),
        ({"label": "A", "kind": "choice", "options": [{"label": "b"}, {"label": "B"}]}, "options"),
        ({"label": "A", "kind": "link"}, "to"),
        ({"label": "A", "kind": "link", "to": "no.such"}, "to"),
        ({"label": "A", "kind": "decimal", "places": "7"}, "places"),
    ],
)
def test_what_cannot_be_is_said_beside_what_was_typed(admin, asked, where):
    with pytest.raises(Invalid) as refused:
        defining.add_field(admin, box(), asked)
    assert set(refused.value.errors) == {where}
    assert all(sentence for said in refused.value.errors.values() for sentence in said)


def test_an_option_that_records_have_is_not_taken_off_and_keeps_its_value_when_it_is_renamed(admin):
    row = add(admin, "Blue", "choice", **BLUES)
    sky, navy = row.options["options"]
    create(admin, "toybox.box", {"name": "A", row.field_id: navy["value"]})
    with pytest.raises(Refused, match=r"Navy.*1 record"):
        defining.change_field(admin, row, {"label": "Blue", "options": [sky]})
    defining.change_field(admin, row, {"label": "Blue", "options": [{**navy, "label": "Dark"}, {"label": "Ice"}]})
    kind = box().field(row.field_id).kind
    assert kind.format(navy["value"], Viewer("en")) == "Dark"
    assert kind.format(navy["value"], Viewer("fi")) != "", "what was said in Finnish stays said"
    assert len({o.value for o in kind.all} | {sky["value"]}) == 3, (
        "a new option never gets the value of one that was there"
    )


def test_a_field_that_somebody_else_changed_meanwhile_is_looked_at_again(admin):
    row = add(admin)
    seen = defining.field_definition(row)
    defining.change_field(admin, row, {"label": "Rack"}, seen)
    with pytest.raises(Refused, match="in the meantime"):
        defining.change_field(admin, row, {"label": "Board"}, seen)


def test_a_field_becomes_searched_for_the_records_that_are_there_already(admin):
    row = add(admin)
    create(admin, "toybox.box", {"name": "A", row.field_id: "Cellar"})
    assert listing(admin, "toybox.box", search="cellar").records == []
    defining.change_field(admin, row, {"label": "Shelf", "search": True})
    assert [r.name for r in listing(admin, "toybox.box", search="cellar").records] == ["A"]


def test_fields_stand_in_the_order_that_is_asked_for(admin):
    a, b, c = (add(admin, label) for label in "ABC")
    defining.order_fields(admin, box(), [c.pk, a.pk])
    assert list(box().custom) == [c.field_id, a.field_id, b.field_id]


def test_everything_is_undone_by_its_cause(admin):
    from kith.kernel.actor import cause

    with cause("request:one"):
        row = add(admin)
    with cause("request:two"):
        defining.change_field(admin, row, {"label": "Rack"})
    assert undo(admin, "request:two").undone == 1
    assert str(box().field(row.field_id).label) == "Shelf"
    with cause("request:three"):
        defining.put_field_aside(admin, row)
    assert undo(admin, "request:three").undone == 1
    assert row.field_id in box().custom
    defining.change_field(admin, row, {"label": "Board"})
    report = undo(admin, "request:one")
    assert report.undone == 0, "what somebody did since is not overwritten"
    assert "again" in report.kept[0][2]


def test_a_hundred_fields_are_enough(admin):
    CustomField.objects.bulk_create(
        CustomField(object="toybox.box", label=f"F{n}", kind="text") for n in range(defining.MOST_FIELDS)
    )
    with pytest.raises(Refused, match="at most 100"):
        add(admin)


def test_an_object_of_ones_own_has_an_address_a_name_and_comes_back_with_its_records(admin):
    row = defining.add_object(admin, {"label": "Ship", "plural": "Settings", "icon": "ship"}, reserved={"settings"})
    assert row.slug == "settings-2", "no address of the house is taken"
    o = object_type(f"custom.o{row.pk}")
    create(admin, o, {o.title: "Aurora"})
    defining.put_object_aside(admin, row)
    assert o.key not in ObjectType.known()
    defining.bring_object_back(admin, row)
    assert [object_type(o.key).title_of(r) for r in listing(admin, o.key).records] == ["Aurora"]
    with pytest.raises(Refused, match="their name"):
        defining.put_field_aside(admin, CustomField.objects.get(object=o.key))


def test_an_object_that_is_linked_to_stays_until_the_field_is_put_aside(admin):
    row = defining.add_object(admin, {"label": "Ship", "plural": "Ships"})
    link = add(admin, "Vessel", "link", to=f"custom.o{row.pk}")
    with pytest.raises(Refused, match="Vessel"):
        defining.put_object_aside(admin, row)
    defining.put_field_aside(admin, link)
    defining.put_object_aside(admin, row)
    with pytest.raises(Refused, match="Bring that back first"):
        defining.bring_field_back(admin, link)


def test_two_objects_are_not_called_alike(admin):
    with pytest.raises(Invalid) as refused:
        defining.add_object(admin, {"label": "box", "plural": "Boxes"})
    assert set(refused.value.errors) == {"label", "plural"}
    assert not CustomObject.objects.exists()


def test_a_record_with_a_required_field_of_ones_own_is_asked_for_it(admin):
    record = create(admin, "toybox.box", {"name": "A"})
    row = add(admin, required=True)
    with pytest.raises(Invalid):
        create(admin, "toybox.box", {"name": "B"})
    change(admin, record, {"name": "C"})
    with pytest.raises(Invalid):
        change(admin, record, {row.field_id: ""})
