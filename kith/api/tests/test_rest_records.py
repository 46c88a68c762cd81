"""Records over HTTP: read, made, changed, removed, as the gate and the write path allow."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kith.events.models import Event
from kith.kernel import clock
from kith.kernel.actor import System
from kith.objects.custom import definitions
from kith.objects.custom.models import CustomField
from kith.objects.query import find
from kith.objects.write import change, create
from tests.cast import Cast

from .programs import Program

pytestmark = pytest.mark.django_db
SEED = System("seed")


@pytest.fixture
def ada(cast: Cast) -> Program:
    return Program(cast.actor("ada"))


@pytest.fixture
def eve(cast: Cast) -> Program:
    """Who sees and does everything."""
    return Program(cast.actor("eve"))


def toy(name: str = "Robot", **values: Any) -> Any:
    return create(SEED, "toybox.toy", name=name, **values)


# Who asks


def test_without_a_token_there_is_nothing_but_the_way_to_ask(eve: Program):
    eve.text = "kith_wrong"
    answer = eve.get("/toys")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.said["type"] == "urn:kith:problem:no-token"
    assert set(answer.said) == {"type", "title", "status", "detail"}


def test_a_program_learns_how_much_it_may_still_ask(eve: Program):
    with clock.frozen(clock.now()):
        answer = eve.get("/me")
        assert answer.headers["RateLimit-Policy"] == '"token";q=600;w=60'
        assert answer.headers["RateLimit"].startswith('"token";r=599;t=')
        assert eve.get("/me").headers["RateLimit"].startswith('"token";r=598')


def test_what_asks_too_often_is_told_to_wait(eve: Program, monkeypatch: pytest.MonkeyPatch):
    from kith.identity import limits

    def full(gates: Any) -> Any:
        raise limits.TooMany(7)

    monkeypatch.setattr(limits, "take", full)
    answer = eve.get("/me")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")


@pytest.mark.parametrize(
    ("header", "owner", "language"), [("", "fi", "fi"), ("sl, en;q=0.5", "fi", "sl"), ("xx", "", "en")]
)
def test_refusals_are_in_the_language_that_is_asked_for_or_else_the_owners(
    cast: Cast, header: str, owner: str, language: str
):
    cast.eve.language = owner
    cast.eve.save()
    answer = Program(cast.actor("eve")).get("/toys/999", **({"Accept-Language": header} if header else {}))
    assert answer.status_code == 404
    assert answer.headers["Content-Language"] == language
    assert ("does not exist" in answer.said["detail"]) == (language == "en")


@pytest.mark.parametrize("path", ["", "/", "/toys/", "/nothing", "/toys/7/nothing", "/toys/x", "/toys/-1"])
def test_every_other_address_is_a_problem_too(eve: Program, path: str):
    answer = eve.get(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_wrong_method_is_told_the_right_ones(eve: Program):
    answer = eve("PUT", "/toys")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST, HEAD")
    assert answer.said["status"] == 405


# Reading


def test_a_list_gives_records_page_by_page(eve: Program):
    made = [toy(f"Toy {n}", pieces=n) for n in range(5)]
    first = eve.get("/toys?sort=-pieces&limit=2&fields=pieces&count=true")
    assert first.status_code == 200
    assert [one["values"] for one in first.said["data"]] == [{"pieces": 4}, {"pieces": 3}]
    assert first.said["data"][0] == {
        "object": "toybox.toy", "id": made[4].pk, "version": 1, "title": "Toy 4", "url": f"/toys/{made[4].pk}/", "values": {"pieces": 4},
    }  # fmt: skip
    assert first.said["count"] == {"value": 5, "exact": True}
    assert first.headers["Link"].endswith('rel="next"')
    link = first.headers["Link"][len("</api/v1") :].partition(">")[0]
    second = eve.get(link)
    assert [one["values"]["pieces"] for one in second.said["data"]] == [2, 1]
    third = eve.get(f"/toys?sort=-pieces&limit=2&fields=pieces&after={second.said['next']}")
    assert [one["values"]["pieces"] for one in third.said["data"]] == [0]
    assert third.said["next"] is None
    assert "Link" not in third.headers


def test_a_list_is_filtered_searched_and_sorted_by_several_fields(eve: Program):
    toy("Zebra", pieces=3, state="new")
    toy("Yak", pieces=3, state="used")
    toy("Xenops", pieces=9, state="lost")
    found = eve.get("/toys?filter=state:in:new,used&sort=-pieces,-name&fields=name.given")
    assert [one["title"] for one in found.said["data"]] == ["Zebra", "Yak"]
    assert [one["title"] for one in eve.get("/toys?search=xenops").said["data"]] == ["Xenops"]


def test_paths_lead_through_links_and_links_bring_records_along(eve: Program):
    box = create(SEED, "toybox.box", name="Chest", country="FI")
    one = toy(box=box.pk)
    answer = eve.get(f"/toys/{one.pk}?fields=name,box,box.country&expand=box").said
    assert answer["values"]["box"] == box.pk
    assert answer["values"]["box.country"] == "FI"
    (along,) = answer["expanded"]["box"]
    assert (along["title"], along["values"]["country"], along["object"]) == ("Chest", "FI", "toybox.box")


def test_a_linked_record_that_the_caller_may_not_see_does_not_come_along(cast: Cast):
    box = create(SEED, "toybox.box", name="Secret chest", owner=cast.eve.pk)
    one = toy(box=box.pk, owner=cast.dee.pk)
    answer = Program(cast.actor("dee")).get(f"/toys/{one.pk}?fields=box.name&expand=box").said
    assert answer["expanded"] == {"box": []}
    assert answer["values"] == {"box.name": ""}


def test_a_list_asks_the_database_as_often_for_fifty_records_as_for_five(eve: Program):
    boxes = [create(SEED, "toybox.box", name=f"Box {n}") for n in range(50)]
    for n in range(50):
        toy(f"Toy {n}", box=boxes[n].pk, tags=["a"], emails=[f"a{n}@example.com"])

    def queries(limit: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert len(eve.get(f"/toys?limit={limit}&expand=box&count=true").said["data"]) == limit
        return len(found)

    queries(5)
    assert queries(5) == queries(50)


def test_hidden_fields_are_as_unknown_as_any_other_word(cast: Cast):
    cast.hide("toybox.toy", "toybox.toy.nickname", "nickname")
    one = toy(nickname="Secret")
    eve = Program(cast.actor("eve"))
    answer = eve.get(f"/toys/{one.pk}")
    assert "Secret" not in answer.written
    assert "nickname" not in answer.said["values"]
    for query in ("fields=nickname", "sort=nickname", "filter=nickname:filled"):
        hidden, unknown = eve.get(f"/toys?{query}"), eve.get(f"/toys?{query.replace('nickname', 'nonsense')}")
        assert (hidden.status_code, unknown.status_code) == (422, 422)
        assert hidden.written.replace("nickname", "nonsense") == unknown.written
    assert "nickname" not in eve.get("/objects/toys").written
    assert "nickname" not in eve.get("/openapi.json").written


def test_who_knows_the_version_is_told_that_it_is_still_so(eve: Program):
    one = toy()
    first = eve.get(f"/toys/{one.pk}?fields=pieces")
    again = eve.get(f"/toys/{one.pk}?fields=pieces", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    more = eve.get(f"/toys/{one.pk}?fields=pieces,weight", **{"If-None-Match": first.headers["ETag"]})
    assert more.status_code == 200
    change(SEED, one, pieces=4)
    assert eve.get(f"/toys/{one.pk}?fields=pieces", **{"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "nothing=1",
        "limit=0",
        "limit=201",
        "limit=x",
        "limit=5&limit=6",
        "after=rubbish",
        "count=yes",
        "sort=nothing",
        "fields=",
        "expand=name",
        "expand=nothing",
        "filter=nothing:is:1",
        "filter=((((",
        "sort=name,pieces,weight,state",
        "trash=1",
        "fields=name%00",
        "filter=" + "any(" * 200 + ")" * 200,
        "search=" + "x" * 501,
        "expand=box.parent",
        "expand=owner",
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(eve: Program, query: str):
    answer = eve.get(f"/toys?{query}")
    assert answer.status_code == 422, answer.written
    assert answer.said["detail"]
    assert answer.headers["Content-Type"] == "application/problem+json"
    # A refusal stands beside the parameter that it is about.
    assert {one["parameter"] for one in answer.said["errors"]} == {query.partition("=")[0]}


# Writing


@pytest.mark.every_engine
def test_a_record_is_made_and_found_where_the_answer_says(eve: Program):
    values = {"name": {"given": "Ada"}, "pieces": 5, "weight": "1.234", "price": {"amount": "12.50", "currency": "EUR"},
              "seen_at": "2026-11-22T10:00:00Z", "tags": ["b", "a"], "emails": [{"value": "a@example.com", "type": "work"}]}  # fmt: skip
    answer = eve.post("/toys", {"values": values})
    assert answer.status_code == 201, answer.written
    assert answer.headers["Location"] == f"/api/v1/toys/{answer.said['id']}"
    there = eve.get(answer.headers["Location"].removeprefix("/api/v1"))
    assert there.said == answer.said
    assert there.headers["ETag"] == answer.headers["ETag"]
    assert there.said["values"]["price"] == {"amount": "12.50", "currency": "EUR"}
    assert there.said["values"]["weight"] == "1.234"
    assert there.said["values"]["seen_at"] == "2026-11-22T10:00:00.000000Z"
    event = Event.objects.get(object="toybox.toy", record=answer.said["id"], name="created")
    assert (event.actor_kind, event.actor_name) == ("user", "Eve")


def test_a_part_that_comes_along_with_its_whole_takes_the_place_of_what_stands_in_it(eve: Program):
    whole = {"amount": "5", "currency": "EUR"}
    made = eve.post("/toys", {"values": {"name": "Robot", "price": whole, "price.currency": "USD"}})
    assert made.said["values"]["price"] == {"amount": "5.00", "currency": "USD"}, made.written
    for wrong in ({**whole, "currency": "AAA"}, 5, [whole], {"amount": {}}):
        answer = eve.post("/toys", {"values": {"name": "Robot", "price": wrong, "price.amount": "1"}})
        assert (answer.status_code, answer.said["errors"][0]["pointer"]) == (422, "#/values/price")


def test_numbers_of_json_are_taken_exactly(eve: Program):
    answer = eve.post("/toys", '{"values": {"name": "X", "weight": 0.1, "price": {"amount": 0.30, "currency": "EUR"}}}')
    assert answer.said["values"]["weight"] == "0.100"
    assert answer.said["values"]["price"]["amount"] == "0.30"


def test_what_is_wrong_is_said_beside_its_field_in_the_words_of_the_form(eve: Program):
    answer = eve.post("/toys", {"values": {"pieces": "many", "email": "nobody", "name": ""}})
    assert answer.status_code == 422
    assert answer.said["type"] == "urn:kith:problem:invalid"
    told = {one["pointer"]: one["detail"] for one in answer.said["errors"]}
    assert set(told) == {"#/values/pieces", "#/values/email"}
    rule = eve.post("/toys", {"values": {"name": "X", "pieces": 13}})
    assert rule.said["errors"] == [{"pointer": "#/values/pieces", "detail": "A toy never has thirteen pieces."}]
    missing = eve.post("/toys", {"values": {"pieces": 1}})
    assert missing.said["errors"] == [{"pointer": "#/values/name", "detail": "Name is required."}]
    unknown = eve.post("/toys", {"values": {"name": "X", "a/b~c": 1}})
    assert unknown.said["errors"][0]["pointer"] == "#/values/a~1b~0c"
    assert not Event.objects.filter(object="toybox.toy").exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ('"x"', 400),
        ('{"values": {"name": NaN}}', 400),
        ('{"values": {}, "values": {}}', 400),
        (b"\xff\xfe", 400),
        ('{"values": {"weight": 1e999999999999999999999}}', 400),
        ("[" * 100_000, 400),
        ('{"values": ' + '{"a":' * 20 + "1" + "}" * 20 + "}", 400),
        ('{"values": {"weight": 1e999999}}', 422),
        ('{"values": []}', 422),
        ('{"value": {}}', 422),
        ('{"values": {"\\ud800": 1}}', 422),
        ('{"values": {"name": "\\u0000"}}', 422),
        ('{"values": {"pieces": ' + "9" * 5000 + "}}", 400),
        ('{"values": {"pieces": 99999999999999999999}}', 422),
        ('{"values": {"name": "x", "tags": 5}}', 422),
        ('{"values": {"name": {"given": 5}}}', 422),
        ('{"values": {"name": "x", "box": true}}', 422),
        ('{"values": {"name": "x", "box": 424242}}', 422),
        ('{"values": {"name": "x", "created_at": "2020-01-01"}}', 403),
        ("", 422),
    ],
)
def test_no_body_is_a_fault_of_ours(eve: Program, body: Any, status: int):
    answer = eve.post("/toys", body)
    assert answer.status_code == status, answer.written
    assert answer.said["detail"]


def test_only_json_is_taken(eve: Program):
    answer = eve.post("/toys", "name=x", **{"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 415


def test_a_change_says_which_version_it_is_of(eve: Program):
    one = toy(pieces=1)
    assert eve("PATCH", f"/toys/{one.pk}", {"values": {"pieces": 2}}).status_code == 428
    assert eve.patch(f"/toys/{one.pk}", {"pieces": 2}, match="nonsense").status_code == 400
    assert eve.patch(f"/toys/{one.pk}", {"pieces": 2}, match='"99"').status_code == 412
    answer = eve.patch(f"/toys/{one.pk}", {"pieces": 2}, match='W/"1"')
    assert answer.status_code == 200
    assert answer.said["version"] == 2
    assert eve.patch(f"/toys/{one.pk}", {"pieces": 3}, match=answer.headers["ETag"]).status_code == 200


@pytest.mark.every_engine
def test_a_change_of_an_old_version_is_merged_or_refused_with_the_difference(eve: Program):
    one = toy(pieces=1, nickname="R")
    change(SEED, one, pieces=5)
    merged = eve.patch(f"/toys/{one.pk}", {"nickname": "Robbie"}, match='"1"')
    assert merged.status_code == 200
    assert merged.said["values"]["pieces"] == 5
    stale = eve.patch(f"/toys/{one.pk}", {"pieces": 7}, match='"1"')
    assert stale.status_code == 412
    (difference,) = stale.said["differences"]
    assert (difference["field"], difference["mine"], difference["theirs"], difference["by"]) == ("pieces", 7, 5, "seed")


def test_a_record_that_was_changed_since_is_not_removed(eve: Program):
    one = toy()
    change(SEED, one, pieces=5)
    assert eve("DELETE", f"/toys/{one.pk}").status_code == 428
    assert eve("DELETE", f"/toys/{one.pk}", If_Match='"1"').status_code == 412
    assert find(SEED, "toybox.toy", one.pk).removed_at is None
    assert eve("DELETE", f"/toys/{one.pk}", If_Match='"2"').status_code == 204
    assert eve.get(f"/toys/{one.pk}").status_code == 404
    assert eve.get(f"/toys/{one.pk}?trash=true").status_code == 200
    assert [r["id"] for r in eve.get("/toys?trash=true").said["data"]] == [one.pk]
    assert eve.get(f"/toys/{one.pk}/history").status_code == 404
    assert eve.get(f"/toys/{one.pk}/history?trash=true").said["data"][0]["name"] == "removed"
    assert eve.post(f"/toys/{one.pk}/restore").status_code == 200
    assert eve.get(f"/toys/{one.pk}").status_code == 200
    # Asked again, after an answer that was lost, nothing happens.
    version = find(SEED, "toybox.toy", one.pk).version
    assert eve.post(f"/toys/{one.pk}/restore").said["version"] == version
    many = eve.post("/toys/bulk", {"records": [{"id": one.pk, "verb": "restore"}]}).said["data"]
    assert many == [{"state": "unchanged", "id": one.pk, "version": version}]
    both = eve.post("/toys/bulk", {"records": [{"id": one.pk, "verb": verb} for verb in ("remove", "restore")]})
    assert [one["state"] for one in both.said["data"]] == ["removed", "restored"]


def test_nobody_writes_what_is_not_hers(cast: Cast):
    one = toy(owner=cast.eve.pk)
    dee = Program(cast.actor("dee"))
    assert dee.patch(f"/toys/{one.pk}", {"pieces": 1}).status_code == 404
    assert dee("DELETE", f"/toys/{one.pk}", If_Match="*").status_code == 404
    assert dee.post(f"/toys/{one.pk}/actions/lose", {"values": {"where": "here"}}).status_code == 404
    assert dee.get(f"/toys/{one.pk}/history").status_code == 404
    away = Program(cast.actor("eve"), ("toybox.toy", "view"))
    assert away.patch(f"/toys/{one.pk}", {"pieces": 1}).status_code == 403
    assert away.post("/toys", {"values": {"name": "x"}}).status_code == 403
    assert away.get("/boxes").status_code == 403
    assert away.get("/objects/boxes").status_code == 403
    assert [o["slug"] for o in away.get("/objects").said["data"]] == ["toys"]


def test_who_may_only_write_is_told_no_more_than_the_number(cast: Cast):
    blind = Program(cast.actor("eve"), ("toybox.toy", "create"))
    answer = blind.post("/toys", {"values": {"name": "Robot"}})
    assert answer.status_code == 201
    assert answer.said == {"object": "toybox.toy", "id": answer.said["id"]}


# Actions, history


def test_an_action_is_done_and_stands_in_the_history(eve: Program):
    one = toy()
    missing = eve.post(f"/toys/{one.pk}/actions/lose", {"values": {}})
    assert (missing.status_code, missing.said["errors"][0]["pointer"]) == (422, "#/values/where")
    assert eve.post(f"/toys/{one.pk}/actions/nothing").status_code == 404
    done = eve.post(f"/toys/{one.pk}/actions/lose", {"values": {"where": "in the park"}})
    assert done.status_code == 200, done.written
    assert done.said["values"]["state"] == "lost"
    assert (
        eve.post(f"/toys/{one.pk}/actions/lose", {"values": {"where": "again"}}).said["detail"]
        == "This toy is already lost."
    )
    told = eve.get(f"/toys/{one.pk}/history?limit=2")
    assert [entry["name"] for entry in told.said["data"]] == ["toybox.toy.lost", "changed"]
    assert told.said["data"][1]["changes"] == {"state": {"old": "", "new": "lost"}}
    older = eve.get(told.headers["Link"][len("</api/v1") :].partition(">")[0])
    assert [entry["name"] for entry in older.said["data"]] == ["created"]


@pytest.mark.every_engine
def test_looking_writes_nothing_but_that_the_token_was_used(eve: Program):
    one = toy()
    eve.get("/me")
    with CaptureQueriesContext(connection) as found:
        for path in (
            "/toys",
            f"/toys/{one.pk}",
            f"/toys/{one.pk}/history",
            "/objects",
            "/objects/toys",
            "/openapi.json",
        ):
            assert eve.get(path).status_code == 200, path
    written = [q["sql"] for q in found if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert {sql.split('"')[1] if '"' in sql else sql.split()[2] for sql in written} <= {"identity_bucket"}


def test_what_is_too_large_is_told_to_programs_in_their_way(eve: Program):
    answer = eve("POST", "/toys", "x" * (5 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.said["detail"].startswith("What you sent is too large")


def test_a_look_at_a_sensitive_field_is_written_down_as_the_owners_of_the_token(cast: Cast):
    field = CustomField.objects.create(object="toybox.box", label="Diagnosis", kind="text", pii="special")
    definitions.changed()
    definitions.refresh()
    box = create(SEED, "toybox.box", {"name": "Attic", field.field_id: "mould"})
    create(SEED, "toybox.box", name="Cellar")
    eve = Program(cast.actor("eve"))
    assert "mould" in eve.get("/boxes").written
    assert "mould" not in eve.get("/boxes?fields=name").written
    (event,) = Event.objects.filter(name="sensitive.read")
    assert (event.actor_name, event.record, event.data["fields"]) == ("Eve", box.pk, [field.field_id])
    assert "mould" in eve.get(f"/boxes/{box.pk}/history").written
    told = Event.objects.filter(name="sensitive.read").order_by("pk").last()
    assert told is not None
    assert (told.pk > event.pk, told.actor_name, told.record, told.data["fields"]) == (
        True,
        "Eve",
        box.pk,
        [field.field_id],
    )


@pytest.mark.every_engine
@pytest.mark.parametrize(
    "place",
    [
        [["int", 10**30], 1],
        [["int", 1], 10**40],
        [["int", 1], -5],
        [["str", "\0"], 1],
        [["int", True], 1],
        [["NoneType", None], 0],
        [["float", 1.5], 1],
    ],
)
def test_a_place_in_a_list_that_somebody_made_up_is_refused(eve: Program, place: Any):
    for n in range(2):
        toy(f"Toy {n}", pieces=n)
    cursor = eve.get("/toys?sort=pieces&limit=1").said["next"]
    stamp = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[0]
    made_up = base64.urlsafe_b64encode(json.dumps([stamp, [place[0]], place[1]]).encode()).decode().rstrip("=")
    answer = eve.get(f"/toys?sort=pieces&after={made_up}")
    assert answer.status_code == 422, answer.written


@pytest.mark.every_engine
def test_two_programs_that_change_one_record_at_once_change_it_one_after_the_other(eve: Program):
    """The second comes with the version of before: other fields are merged, the same one is told."""
    one = toy(pieces=1)
    mark = eve.get(f"/toys/{one.pk}").headers["ETag"]
    assert eve.patch(f"/toys/{one.pk}", {"pieces": 2}, match=mark).status_code == 200
    assert eve.patch(f"/toys/{one.pk}", {"nickname": "R"}, match=mark).status_code == 200
    assert eve.patch(f"/toys/{one.pk}", {"pieces": 3}, match=mark).status_code == 412
    assert eve("DELETE", f"/toys/{one.pk}", If_Match=mark).status_code == 412
    assert eve.get(f"/toys/{one.pk}").said["version"] == 3
