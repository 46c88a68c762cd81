"""The change feed over HTTP: positions, refusals, what is chosen, and the record that comes along."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kith.events.horizon import age, begin_age, horizon
from kith.events.models import Age, Event
from kith.kernel.actor import System
from kith.objects.query import find
from kith.objects.write import Draft, change, create, remove, write
from tests.cast import Cast
from tests.elsewhere import Elsewhere

from .programs import Program

pytestmark = [pytest.mark.django_db, pytest.mark.every_engine]
SEED = System("seed")


@pytest.fixture
def eve(cast: Cast) -> Program:
    """Who sees everything."""
    return Program(cast.actor("eve"))


def boxes(count: int = 1, **values: Any) -> list[Any]:
    outcomes = write(SEED, "toybox.box", [Draft({"name": f"Box {n}", **values}) for n in range(count)])
    return [outcome.record for outcome in outcomes]


def now(program: Program) -> str:
    answer = program.get("/changes?after=now")
    assert (answer.status_code, answer.said["data"], answer.said["more"]) == (200, [], False)
    return str(answer.said["next"])


# Reading on


def test_a_change_is_told_once_with_who_did_it_and_where_to_go_on(cast: Cast, eve: Program):
    position = now(eve)
    made = create(cast.actor("ada"), "toybox.box", name="Chest")
    answer = eve.get(f"/changes?after={position}")
    (one,) = answer.said["data"]
    event = Event.objects.get(object="toybox.box", record=made.pk)
    assert one == {
        "position": answer.said["next"],
        "at": event.at.isoformat().replace("+00:00", "Z"),
        "object": "toybox.box",
        "id": made.pk,
        "what": "created",
        "version": 1,
        "by": {"kind": "user", "id": str(cast.ada.pk), "name": "Ada"},
        "fields": one["fields"],
        "url": f"/api/v1/boxes/{made.pk}",
    }
    assert set(one["fields"]) == {"name", "owner"}
    assert answer.headers["Link"] == f'</api/v1/changes?after={answer.said["next"]}>; rel="next"'
    assert eve.get(f"/changes?after={answer.said['next']}").said["data"] == []


def test_from_the_beginning_or_from_any_change_everything_after_it_is_told_in_pages(eve: Program):
    boxes(7)
    whole = eve.get("/changes?object=boxes&limit=1000").said
    assert len(whole["data"]) == 7
    assert not whole["more"]
    for begin in range(-1, 7):
        position = whole["data"][begin]["position"] if begin >= 0 else ""
        found: list[Any] = []
        while True:
            said = eve.get(f"/changes?object=boxes&limit=2{f'&after={position}' if position else ''}").said
            assert len(said["data"]) <= 2
            found, position = found + said["data"], said["next"]
            if not said["more"]:
                break
        assert found == whole["data"][begin + 1 :]


def test_nobody_is_told_a_change_twice_although_others_write_between_two_questions(cast: Cast, eve: Program):
    position, numbers = now(eve), []
    for n in range(5):
        made = boxes(3)
        if n % 2:
            remove(SEED, made[0])
        said = eve.get(f"/changes?after={position}&limit=2").said
        numbers += [one["position"] for one in said["data"]]
        position = said["next"]
    while said["more"]:
        said = eve.get(f"/changes?after={position}&limit=2").said
        numbers += [one["position"] for one in said["data"]]
        position = said["next"]
    there = Event.objects.filter(object="toybox.box").order_by("pk").values_list("pk", flat=True)
    assert numbers == [f"{age().key}-{pk}" for pk in there]


def test_objects_are_named_by_their_address_or_their_key_and_kinds_of_change_by_their_name(eve: Program):
    position = now(eve)
    (made,) = boxes()
    create(SEED, "toybox.toy", name={"given": "Bear"})
    change(SEED, made, name="Chest")

    def what(query: str) -> list[tuple[str, str]]:
        return [(one["object"], one["what"]) for one in eve.get(f"/changes?after={position}&{query}").said["data"]]

    assert what("object=boxes") == what("object=toybox.box") == [("toybox.box", "created"), ("toybox.box", "changed")]
    assert what("what=created") == [("toybox.box", "created"), ("toybox.toy", "created")]
    assert what("object=toys,boxes&what=changed,removed") == [("toybox.box", "changed")]


def test_a_change_brings_its_record_as_it_is_now_in_a_constant_number_of_queries(cast: Cast, eve: Program):
    cast.hide("toybox.box", "country")
    position = now(eve)

    def asked() -> tuple[list[Any], int]:
        with CaptureQueriesContext(connection) as caught:
            said = eve.get(f"/changes?after={position}&expand=record&limit=1000").said
        return said["data"], len(caught)

    (made,) = boxes(country="FI")
    change(SEED, made, name="Chest", country="SE")
    found, few = asked()
    assert [one["version"] for one in found] == [1, 2]
    for one in found:
        assert one["record"] == eve.get(f"/boxes/{made.pk}").said
        assert "country" not in one["fields"]
        assert "country" not in one["record"]["values"]
    remove(SEED, find(SEED, "toybox.box", made.pk))
    boxes(30)
    found, many = asked()
    assert [one["record"] for one in found[:3]] == [None] * 3, "it lies in the trash"
    assert len(found) == 33
    assert many == few


def test_what_left_her_sight_is_told_without_another_word(cast: Cast):
    ben = Program(cast.actor("ben"))
    position = now(ben)
    (made,) = boxes(owner=cast.ada.pk)
    change(SEED, made, owner=cast.dee.pk, name="Secret")
    found = ben.get(f"/changes?after={position}&expand=record").said["data"]
    assert [set(one) for one in found] == [{"position", "at", "object", "id", "what"}]
    assert (found[0]["what"], found[0]["id"]) == ("gone", made.pk)
    assert Program(cast.actor("dee")).get(f"/changes?after={position}").said["data"][-1]["what"] == "changed"


def test_the_mark_of_rights_comes_with_every_answer(cast: Cast):
    dee = Program(cast.actor("dee"))
    before = dee.get("/changes?after=now").said["rights"]
    assert dee.get("/changes?after=now").said["rights"] == before
    cast.dee.roles.clear()
    assert dee.get("/changes?after=now").said["rights"] != before


# Slow transactions


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_commits_late_is_told_and_nothing_that_came_after_it_is_told_before(eve: Program):
    position = now(eve)
    with Elsewhere() as slow:
        slow.begin()
        (late,) = slow.do(boxes)
        after = []
        if connection.vendor == "postgresql":
            # With a higher number, and committed first.
            after = [made.pk for made in boxes(2)]
        said = eve.get(f"/changes?after={position}").said
        assert (said["data"], said["more"]) == ([], False)
        slow.commit()
    said = eve.get(f"/changes?after={said['next']}").said
    assert [one["id"] for one in said["data"]] == [late.pk, *after]


# What is refused


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("after=nonsense", "after"),
        ("after=7", "after"),
        ("after=abcdefgh-", "after"),
        ("after=abcdefgh-01", "after"),
        ("after=abcdefgh--1", "after"),
        ("after=abcdefgh-%D9%A1", "after"),
        ("after=now&after=now", "after"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("object=nothing", "object"),
        ("object=", "object"),
        ("what=gone", "what"),
        ("what=sensitive.read", "what"),
        ("expand=owner", "expand"),
        ("since=now", "since"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence_beside_the_parameter(eve: Program, query: str, parameter: str):
    answer = eve.get(f"/changes?{query}")
    assert answer.status_code == 422, answer.written
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [one["parameter"] for one in answer.said["errors"]] == [parameter]
    assert answer.said["detail"]


def test_a_position_that_nobody_can_go_on_from_is_gone(eve: Program):
    boxes()
    position = now(eve)
    key, _hyphen, number = position.partition("-")
    for lost in (f"{key}-{int(number) + 1}", f"{key}-999999999999999999", f"zzzzzzzz-{number}"):
        answer = eve.get(f"/changes?after={lost}")
        assert (answer.status_code, answer.said["type"]) == (410, "urn:kith:problem:position-lost"), lost
        assert "after=now" in answer.said["detail"]
    boxes()
    Age.objects.update(kept_from=horizon())
    assert eve.get(f"/changes?after={position}").status_code == 410, "what followed is not kept"
    boxes()
    assert len(eve.get("/changes").said["data"]) == 1, "the beginning is that of what is kept"
    position = now(eve)
    assert eve.get(f"/changes?after={position}").status_code == 200
    begin_age()
    assert eve.get(f"/changes?after={position}").status_code == 410, "a restore took back what followed"


def test_refusals_come_in_the_language_of_the_caller_and_without_a_token_there_is_nothing(eve: Program):
    answer = eve.get("/changes?after=nonsense", **{"Accept-Language": "fi"})
    assert answer.headers["Content-Language"] == "fi"
    assert eve.post("/changes").status_code == 405
    eve.text = "kith_wrong"
    assert eve.get("/changes").status_code == 401


def test_the_limits_of_a_token_count_here_too(eve: Program):
    assert eve.get("/changes?after=now").headers["RateLimit"].startswith('"token";r=')


def test_a_stream_is_refused_with_a_sentence_where_nobody_can_keep_an_answer_open(eve: Program):
    answer = eve.get("/changes?after=now", Accept="text/event-stream")
    assert (answer.status_code, answer.said["type"]) == (406, "urn:kith:problem:no-stream")
    assert "Accept" in answer.headers["Vary"]


def test_a_deep_history_is_read_from_its_end_without_reading_the_rest(eve: Program):
    boxes(300)
    position = now(eve)
    boxes(1)
    with CaptureQueriesContext(connection) as caught:
        assert len(eve.get(f"/changes?after={position}").said["data"]) == 1
    assert len(caught) < 30
