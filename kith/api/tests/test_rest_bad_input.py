"""What programs send wrongly, or only half: refused with a sentence, beside what is wrong, and nothing of it is written or kept."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from kith.api.models import Answer
from kith.events.models import Event
from kith.kernel.actor import System
from kith.objects.query import visible_to
from kith.objects.write import create
from tests.cast import Cast

from .programs import Program

pytestmark = pytest.mark.django_db
SEED = System("seed")
SHAPE = pytest.mark.one_engine("what a request looks like is judged before anything is done to a record")


@pytest.fixture
def eve(cast: Cast) -> Program:
    return Program(cast.actor("eve"))


@pytest.fixture
def toy(db: None) -> Any:
    return create(SEED, "toybox.toy", name="Robot", pieces=1)


def written() -> list[str]:
    """What was done to toys; what a key keeps."""
    return [
        *Event.objects.filter(object="toybox.toy").values_list("name", flat=True),
        *Answer.objects.values_list("key", flat=True),
    ]


DEEP = [
    "filter=" + ";".join(["pieces:is:1"] * 60),
    "filter=pieces:in:" + ",".join(["1"] * 500),
    "filter=" + "all(" * 8 + "pieces:is:1" + ")" * 8,
    "filter=" + "any(pieces:is:1|" * 60,
    "filter=" + "box." * 40 + "name:is:x",
    "filter=pieces:is:" + "9" * 400,
    "filter=pieces:is:-" + "9" * 18,
    "filter=seen_at:last:" + "9" * 30 + ",weeks",
    "filter=name:contains:" + quote("\ud800".encode("utf-8", "surrogatepass")),
    "search=" + "x" * 5000,
    "sort=" + "box." * 40 + "name",
    "fields=" + ",".join(f"f{n}" for n in range(500)),
]
HUGE = [
    "limit=", "limit=201", "limit=" + "9" * 40, "limit=%D9%A1%D9%A0", "limit=-1", "limit=1e2", "after=" + "A" * 5000, "after=%00",
    "expand=" + ",".join("abcdefghij"),
]  # fmt: skip


@pytest.mark.parametrize("query", [*DEEP, *HUGE], ids=lambda query: query[:40])
def test_deep_filters_and_huge_pages_are_refused_before_anything_is_looked_for(eve: Program, toy: Any, query: str):
    answer = eve.get(f"/toys?{query}")
    fitting = query.startswith(("filter=pieces:is:-", "filter=name:contains:"))
    assert answer.status_code in ((200, 422) if fitting else (422,)), answer.written
    assert answer.status_code == 200 or answer.said["detail"]
    if query in DEEP:
        assert eve.get(f"/toys/export?{query}").status_code == answer.status_code, "a file is asked for alike"


@SHAPE
@pytest.mark.parametrize("path", ["/toys/x%0Ay/history", "/no%0Asuch", "/%0A", "/toys/1/nothing"])
def test_whatever_stands_in_an_address_a_program_is_answered_as_a_program(eve: Program, path: str):
    answer = eve.get(path)
    assert (answer.status_code, answer.said["status"]) == (404, 404)


@SHAPE
@pytest.mark.parametrize("query", ["limit=", "limit=201", "limit=0", "before=x", "limit=5&limit=6"])
def test_a_history_is_read_in_pages_of_a_bounded_size(eve: Program, toy: Any, query: str):
    answer = eve.get(f"/toys/{toy.pk}/history?{query}")
    assert (answer.status_code, bool(answer.said["detail"])) == (422, True), answer.written


@SHAPE
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"values": {"where": 5}}, "#/values/where"),
        ({"values": {"where": None}}, "#/values/where"),
        ({"values": {"where": ["here"]}}, "#/values/where"),
        ({"values": {"where": "here", "nothing": 1}}, "#/values/nothing"),
        ({"values": "here"}, "#/values"),
        ({"where": "here"}, "#/where"),
    ],
)
def test_what_an_action_cannot_take_is_said_beside_it_and_nothing_is_done(
    eve: Program, toy: Any, body: Any, pointer: str
):
    answer = eve.post(f"/toys/{toy.pk}/actions/lose", body, Idempotency_Key="k")
    assert answer.status_code == 422, answer.written
    assert [one["pointer"] for one in answer.said["errors"]] == [pointer]
    assert written() == ["created"]


@pytest.mark.parametrize(
    ("values", "pointers"),
    [
        ({"nothing": 1}, {"#/values/nothing"}),
        ({"pieces": "many", "email": 5}, {"#/values/pieces", "#/values/email"}),
        ({"pieces": [1]}, {"#/values/pieces"}),
        ({"name": None}, {"#/values/name"}),
    ],
)
def test_a_change_that_cannot_be_is_refused_as_a_whole(
    eve: Program, toy: Any, values: dict[str, Any], pointers: set[str]
):
    answer = eve.patch(f"/toys/{toy.pk}", {"nickname": "R", **values})
    assert answer.status_code == 422, answer.written
    assert {one["pointer"] for one in answer.said["errors"]} == pointers
    assert eve.get(f"/toys/{toy.pk}").said["version"] == 1


def test_a_key_belongs_to_one_address_too(eve: Program, toy: Any):
    other = create(SEED, "toybox.toy", name="Bear")
    body = {"values": {"where": "here"}}
    assert eve.post(f"/toys/{toy.pk}/actions/lose", body, Idempotency_Key="k").status_code == 200
    answer = eve.post(f"/toys/{other.pk}/actions/lose", body, Idempotency_Key="k")
    assert (answer.status_code, answer.said["type"]) == (422, "urn:kith:problem:key-used")
    assert eve.get(f"/toys/{other.pk}").said["version"] == 1


class Broken:
    """A connection that is gone before the body has come."""

    def read(self, *_size: int) -> bytes:
        raise OSError("the connection is gone")

    readline = read


@SHAPE
@pytest.mark.parametrize("breaks", [True, False], ids=["breaks off", "ends early"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/toys"), ("POST", "/toys/bulk"), ("PATCH", "/toys/{pk}"), ("POST", "/toys/{pk}/actions/lose")]
)  # fmt: skip
def test_half_a_body_is_nothing(eve: Program, toy: Any, method: str, path: str, breaks: bool):
    whole = json.dumps({"values": {"name": "Half"}, "records": [{"values": {"name": "Half"}}]})
    given: dict[str, Any] = {"wsgi.input": Broken()} if breaks else {}
    headers = {"authorization": f"Bearer {eve.text}", "if-match": "*", "idempotency-key": "k"}
    data = whole if breaks else whole[:20]
    answer: Any = eve.client.generic(
        method, "/api/v1" + path.format(pk=toy.pk), data, "application/json", headers=headers, **given
    )
    assert answer.status_code == (408 if breaks else 400), answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert written() == ["created"]
    assert visible_to(SEED, "toybox.toy").count() == 1
