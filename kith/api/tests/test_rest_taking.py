"""What programs send has the described form, or is refused where it stands; nothing is guessed."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from kith.api.rest import taking
from kith.events.models import Event
from kith.events.runs import execute
from kith.kernel.actor import System
from kith.objects.access import fields as fields_of
from kith.objects.declare import object_types
from kith.objects.query import visible_to
from kith.objects.write import create
from tests.cast import Cast

from .programs import Program

SEED = System("seed")
ANY_ENGINE = pytest.mark.one_engine("forms are held against kinds, and not against rows")
#: The forms of text that are held here; those of addresses are for their kinds to judge.
DAYS = FormatChecker(formats=("date",))
#: What somebody might send: of every type of JSON, right for some kinds and wrong for the others.
SENT = [
    "", "abc", "5", " 12 ", "1,5", "2026-01-05", "5.1.2026", "2026-01-05T10:00:00Z", "EUR 5", "eur", "EUR", "fi", "FI", "true", "yes",
    "a@b.example", "example.com", "+358 40 123 4567", "Europe/Helsinki", "#1", "09:00-17:00", None, True, False, 0, 5, -3,
    Decimal("1.5"), [], ["abc"], ["mon"], [1], [1, 1], [None], [{}], [{"value": "a@b.example"}], [{"value": "a@b.example", "more": 1}],
    [{"value": 5}],
    {}, {"a": 1}, {"given": "Ada"}, {"given": 5}, {"street": None}, {"country": "Finland"}, {"amount": "5", "currency": "EUR"},
    {"amount": 5, "currency": "EUR"}, {"amount": "5"}, {"amount": True, "currency": "EUR"},
]  # fmt: skip


@pytest.fixture
def eve(cast: Cast) -> Program:
    return Program(cast.actor("eve"))


@ANY_ENGINE
@pytest.mark.django_db
def test_exactly_what_is_described_is_taken():
    """The door lets through what the description lets through, for every field of every object and every part of it."""
    for o in object_types():
        kinds = {name: field.kind for name, field in fields_of(SEED, o, "change").items()}
        kinds |= {f"{name}.{part}": inner for name, whole in list(kinds.items()) for part, inner in whole.parts.items()}
        for name, kind in kinds.items():
            schema = kind.taken_schema()
            described, days = Draft202012Validator(schema), Draft202012Validator(schema, format_checker=DAYS)
            for value in SENT:
                if schema.get("format") == "date-time" and isinstance(value, str):
                    continue  # RFC 3339 is a package of its own there
                found = taking.record_faults(SEED, o, "change", {name: value})
                assert bool(found) is not (described.is_valid(value) and days.is_valid(value)), (o.key, name, value)
                if found:
                    assert found[name][0].endswith("."), (name, value, found)


@ANY_ENGINE
@pytest.mark.django_db
def test_what_a_kind_gives_may_be_sent_and_null_is_nothing():
    for o in object_types():
        for name, field in o.fields.items():
            if field.writable:
                values = [json.loads(json.dumps(field.kind.wire(field.kind.example(n)))) for n in range(8)]
                for value in [*values, field.kind.wire(field.kind.empty), None]:
                    assert taking.record_faults(SEED, o, "change", {name: value}) == {}, (o.key, name, value)
                assert field.kind.clean(None) == field.kind.empty, (o.key, name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("pieces", "5", "This needs to be a whole number."),
        ("nickname", 5, "This needs to be text."),
        ("box", "Attic", "This needs to be a whole number."),
        ("tags", "red; blue", "This needs to be a list."),
        ("price", "EUR 5", "This needs to be a JSON object with the parts of the value."),
        ("price.currency", "eur", "This does not have the form that the description of the API gives for it."),
        ("emails", [{"address": "a@b.example"}], None),
    ],
)
def test_what_only_people_may_write_so_is_refused_where_it_stands(
    eve: Program, name: str, value: Any, sentence: str | None
):
    create(SEED, "toybox.box", name="Attic")
    one = create(SEED, "toybox.toy", name="Bear", pieces=2)
    before = Event.objects.count()
    for answer in (
        eve.post("/toys", {"values": {"name": "Robot", name: value}}),
        eve.patch(f"/toys/{one.pk}", {name: value}),
    ):
        assert answer.status_code == 422, answer.written
        (error,) = answer.said["errors"]
        assert error["pointer"] == f"#/values/{name}"
        assert sentence in (None, error["detail"])
    many = eve.post("/toys/bulk", {"records": [{"values": {"name": "Robot"}}, {"values": {"name": "R", name: value}}]})
    made, refused = many.said["data"]
    assert (made["state"], refused["state"], refused["status"]) == ("created", "refused", 422)
    assert [one["pointer"] for one in refused["errors"]] == [f"#/records/1/values/{name}"]
    assert Event.objects.count() == before + 1


@pytest.mark.django_db
def test_what_is_written_in_the_background_is_held_to_the_same(eve: Program):
    """A run keeps exact numbers as texts: a number in place of a text is refused all the same."""
    records: list[Any] = [{"values": {"name": f"Toy {n}", "weight": 1.5}} for n in range(501)]
    records[500] = {"values": {"name": "Other", "nickname": 1.5}}
    run = eve.post("/toys/bulk", {"records": records}).said["run"]
    assert execute(run).state == "done"  # type: ignore[union-attr]
    told = eve.get(f"/runs/{run}").said["data"]
    assert [one["state"] for one in told] == ["created"] * 500 + ["refused"]
    assert told[500]["errors"] == [{"pointer": "#/records/500/values/nickname", "detail": "This needs to be text."}]
    assert visible_to(SEED, "toybox.toy").count() == 500


@pytest.mark.django_db
def test_what_an_action_asks_for_has_its_form_too(eve: Program, cast: Cast):
    one = create(SEED, "toybox.toy", name="Bear")
    answer = eve.post(f"/toys/{one.pk}/actions/lose", {"values": {"where": 5}})
    assert (answer.status_code, answer.said["errors"]) == (
        422,
        [{"pointer": "#/values/where", "detail": "This needs to be text."}],
    )


@pytest.mark.django_db
def test_whoever_may_not_write_learns_nothing_of_the_form(cast: Cast):
    reader = Program(cast.actor("eve"), ("toybox.toy", "view"))
    assert reader.post("/toys", {"values": {"name": "x", "pieces": "5"}}).status_code == 403
