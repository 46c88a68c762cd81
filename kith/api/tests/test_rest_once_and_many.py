"""What is sent twice is done once; what is many is written by one request; what is long is a run."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from kith.api.models import Answer
from kith.api.rest import once, records
from kith.api.rest.once import forget_old_answers
from kith.events.models import Event, Run
from kith.events.runs import execute, forget_results
from kith.identity import tokens
from kith.kernel import clock, guarded
from kith.kernel.actor import System
from kith.objects.access.models import Grant, Role
from kith.objects.bulk import ONE_BY_ONE
from kith.objects.query import visible_to
from kith.objects.write import change, create
from tests.cast import Cast

from .programs import Program

pytestmark = pytest.mark.django_db
SEED = System("seed")
ROBOT = {"values": {"name": "Robot", "nickname": "R"}}
SHAPE = pytest.mark.one_engine("what a request looks like is judged before any record is looked up")


@pytest.fixture
def eve(cast: Cast) -> Program:
    return Program(cast.actor("eve"))


def toys() -> int:
    return visible_to(SEED, "toybox.toy").count()


# Sent twice


@pytest.mark.every_engine
def test_what_is_sent_twice_with_a_key_is_done_once(eve: Program):
    first = eve.post("/toys", ROBOT, Idempotency_Key="a key")
    again = eve.post("/toys", ROBOT, Idempotency_Key='"a key"')
    assert (first.status_code, again.status_code, toys()) == (201, 201, 1)
    assert first.said == again.said
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert (again.headers["ETag"], again.headers["Location"]) == (first.headers["ETag"], first.headers["Location"])
    assert Event.objects.filter(object="toybox.toy").count() == 1
    assert eve.post("/toys", ROBOT).status_code == 201
    assert toys() == 2


def test_a_key_that_came_with_something_else_is_refused(eve: Program):
    eve.post("/toys", ROBOT, Idempotency_Key="k")
    for path, body in (("/toys", {"values": {"name": "Other"}}), ("/boxes", ROBOT), ("/toys/bulk", ROBOT)):
        answer = eve.post(path, body, Idempotency_Key="k")
        assert answer.status_code == 422
    assert eve.post("/toys", {"values": {"name": "Other"}}, Idempotency_Key="k").said["type"].endswith("key-used")
    assert toys() == 1


@pytest.mark.every_engine
def test_what_was_refused_may_be_sent_again_under_its_key(eve: Program, monkeypatch: pytest.MonkeyPatch):
    refused = {"values": {"name": "X", "pieces": 13}}
    assert eve.post("/toys", refused, Idempotency_Key="k").status_code == 422
    assert not Answer.objects.exists()

    def broken(*_a: Any) -> Any:
        raise RuntimeError("the power is off")

    with monkeypatch.context() as patch:
        patch.setattr("kith.api.rest.records.told", broken)
        assert eve.post("/toys", ROBOT, Idempotency_Key="k").status_code == 500
    assert (toys(), Answer.objects.count()) == (0, 0)
    assert eve.post("/toys", ROBOT, Idempotency_Key="k").status_code == 201


@SHAPE
@pytest.mark.parametrize("key", ["x" * 121, '""', "", " ", "a\tb", "é"])
def test_a_key_that_is_none_is_refused(eve: Program, key: str):
    assert eve.post("/toys", ROBOT, Idempotency_Key=key).status_code == 400


def test_keys_are_each_ones_own(eve: Program, cast: Cast):
    eve.post("/toys", ROBOT, Idempotency_Key="k")
    assert (
        Program(cast.actor("ada")).post("/toys", ROBOT, Idempotency_Key="k").headers.get("Idempotent-Replayed") is None
    )
    assert toys() == 2


def test_what_is_kept_under_a_key_holds_nothing_that_was_sent(eve: Program):
    eve.post("/toys", ROBOT, Idempotency_Key="one")
    many = {"records": [{"values": {"name": "Robot"}}, {"values": {"Robot": 1}}]}
    assert "Robot" in eve.post("/toys/bulk", many, Idempotency_Key="many").written, "a sentence quotes it"
    kept = json.dumps(list(Answer.objects.values("actor", "key", "digest", "status", "kept")))
    assert "Robot" not in kept
    asked = json.dumps(ROBOT)
    for told in (asked, f"POST /api/v1/toys\n{asked}"):
        assert hashlib.sha256(told.encode()).hexdigest() not in kept, (
            "whoever guesses what was sent cannot see that she is right"
        )
    again = eve.post("/toys/bulk", many, Idempotency_Key="many")
    assert [one["state"] for one in again.said["data"]] == ["created", "refused"]
    assert again.said["data"][1]["status"] == 422
    assert "Send it again under a new key" in again.said["data"][1]["detail"]
    assert toys() == 2


def test_whoever_asks_again_is_shown_the_record_as_it_is(eve: Program, cast: Cast):
    first = eve.post("/toys", ROBOT, Idempotency_Key="k")
    where = f"/toys/{first.said['id']}"
    changed = eve.patch(where, {"name": "Android"})
    again = eve.post("/toys", ROBOT, Idempotency_Key="k")
    assert (again.status_code, again.said["title"]) == (201, "Android")
    assert again.headers["ETag"] == changed.headers["ETag"], "what may be sent back is the version that is there"
    eve("DELETE", where, If_Match="*")
    again = eve.post("/toys", ROBOT, Idempotency_Key="k")
    assert (again.status_code, again.said) == (201, {"object": "toybox.toy", "id": first.said["id"]})
    assert again.headers["Location"] == first.headers["Location"]


def test_an_action_that_took_its_record_away_is_still_told_under_its_key(eve: Program):
    one = create(SEED, "toybox.toy", name="Robot")
    body = {"values": {"where": "here"}}
    eve.post(f"/toys/{one.pk}/actions/lose", body, Idempotency_Key="k")
    eve("DELETE", f"/toys/{one.pk}", If_Match="*")
    again = eve.post(f"/toys/{one.pk}/actions/lose", body, Idempotency_Key="k")
    assert (again.status_code, again.said) == (200, {"object": "toybox.toy", "id": one.pk})
    assert eve.post(f"/toys/{one.pk}/actions/lose", body, Idempotency_Key="other").status_code == 404


@pytest.fixture
def race(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], dict[str, Any]]:
    """Two connections send the same under one key. The first has written, and goes on or fails when the second comes."""
    eve = Program(cast.actor("eve"))
    inside, asked, answers = threading.Event(), threading.Event(), {}
    told, key = records.told, once._key

    def sends() -> None:
        name = threading.current_thread().name
        try:
            assert name == "first" or inside.wait(10)
            answers[name] = eve.post("/toys", ROBOT, Idempotency_Key="race")
        finally:
            connections.close_all()

    def run(fails: bool) -> dict[str, Any]:
        def slow(*given: Any) -> Any:
            if threading.current_thread().name == "first":
                inside.set()
                assert asked.wait(10)
                if fails:
                    raise RuntimeError("the power is off")
            return told(*given)

        def noted(said: str) -> str:
            if threading.current_thread().name == "second":
                asked.set()
            return key(said)

        monkeypatch.setattr(records, "told", slow)
        monkeypatch.setattr(once, "_key", noted)
        threads = [threading.Thread(target=sends, name=name) for name in ("first", "second")]
        for one in threads:
            one.start()
        for one in threads:
            one.join(30)
        return answers

    return run


@pytest.mark.every_engine
@pytest.mark.django_db(transaction=True)
def test_two_connections_with_one_key_at_the_same_time_do_it_once(race: Any):
    answers = race(False)
    first, again = answers["first"], answers["second"]
    assert (first.status_code, again.status_code) == (201, 201), again.written
    assert first.said == again.said
    assert [a.headers.get("Idempotent-Replayed") for a in (first, again)] == [None, "true"]
    assert (toys(), Answer.objects.count()) == (1, 1)


@pytest.mark.every_engine
@pytest.mark.django_db(transaction=True)
def test_where_the_first_of_two_fails_the_second_does_it(race: Any):
    answers = race(True)
    assert {name: answer.status_code for name, answer in answers.items()} == {"first": 500, "second": 201}
    assert "Idempotent-Replayed" not in answers["second"].headers
    assert toys() == 1


def test_an_answer_given_again_shows_no_more_than_may_be_seen_now(eve: Program, cast: Cast):
    first = eve.post("/toys", ROBOT, Idempotency_Key="k")
    cast.hide("toybox.toy", "nickname")
    again = eve.post("/toys", ROBOT, Idempotency_Key="k")
    assert first.said["values"]["nickname"] == "R"
    assert "nickname" not in again.said["values"]
    narrow = Program(cast.actor("eve"), ("toybox.toy", "create"), name="narrow")
    assert narrow.post("/toys", ROBOT, Idempotency_Key="k").said == {"object": "toybox.toy", "id": first.said["id"]}
    other = Program(cast.actor("eve"), ("toybox.box", "*"), name="other")
    assert other.post("/toys", ROBOT, Idempotency_Key="k").status_code == 404
    cast.hide("toybox.toy", "name")
    again = eve.post("/toys", ROBOT, Idempotency_Key="k")
    assert "Robot" not in again.written


def test_an_action_with_a_key_is_done_once(eve: Program):
    one = create(SEED, "toybox.toy", name="Robot")
    body = {"values": {"where": "here"}}
    first, again = (eve.post(f"/toys/{one.pk}/actions/lose", body, Idempotency_Key="k") for _time in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert Event.objects.filter(name="toybox.toy.lost").count() == 1


def test_old_answers_are_forgotten(eve: Program):
    eve.post("/toys", ROBOT, Idempotency_Key="old")
    Answer.objects.update(made_at=clock.now() - timedelta(days=31))
    eve.post("/toys", ROBOT, Idempotency_Key="new")
    forget_old_answers()
    assert [a.key for a in Answer.objects.all()] == ["new"]


# Many


def test_many_records_are_written_and_each_has_its_result(eve: Program):
    old, stale, gone, back = (create(SEED, "toybox.toy", name=f"Old {n}", pieces=1) for n in range(4))
    change(SEED, stale, pieces=2)
    eve("DELETE", f"/toys/{back.pk}", If_Match="*")
    answer = eve.post("/toys/bulk", {"records": [
        {"values": {"name": "New"}},
        {"id": old.pk, "version": 1, "values": {"pieces": 5}},
        {"id": stale.pk, "version": 1, "values": {"pieces": 5}},
        {"id": gone.pk, "verb": "remove"},
        {"id": back.pk, "verb": "restore"},
        {"id": 987654321, "values": {"pieces": 1}},
        {"values": {"pieces": "x"}},
        {"values": {"nothing": 1}},
    ]})  # fmt: skip
    assert answer.status_code == 200, answer.written
    told = answer.said["data"]
    assert [one["state"] for one in told] == [
        "created",
        "changed",
        "refused",
        "removed",
        "restored",
        "refused",
        "refused",
        "refused",
    ]
    assert [one.get("status") for one in told] == [None, None, 412, None, None, 404, 422, 422]
    assert told[1] == {"state": "changed", "id": old.pk, "version": 2}
    assert told[6]["errors"][0]["pointer"] == "#/records/6/values/pieces"
    assert told[7]["errors"][0]["pointer"] == "#/records/7/values/nothing"
    assert visible_to(SEED, "toybox.toy").count() == 4


@SHAPE
@pytest.mark.parametrize(
    ("records", "at"),
    [
        (None, "#/records"),
        ([], "#/records"),
        ({}, "#/records"),
        ([5], "#/records/0"),
        ([{"a": 1}], "#/records/0/a"),
        ([{"id": "x"}], "#/records/0/id"),
        ([{"id": True}], "#/records/0/id"),
        ([{"id": 2**70}], "#/records/0/id"),
        ([{"id": 1, "verb": "purge"}], "#/records/0"),
        ([{"verb": "change"}], "#/records/0"),
        ([{"id": 1, "verb": "create"}], "#/records/0"),
        ([{"values": 5}], "#/records/0/values"),
        ([{"id": 1, "verb": "remove", "values": {"name": "x"}}], "#/records/0/values"),
        ([{"id": 1, "verb": []}], "#/records/0"),
        ([{"values": {}}] * 10_001, "#/records"),
    ],
)
def test_what_is_no_list_of_records_is_refused_as_a_whole(eve: Program, records: Any, at: str):
    answer = eve.post("/toys/bulk", {"records": records})
    assert answer.status_code == 422, answer.written
    assert answer.said["errors"][0]["pointer"] == at


def test_changing_more_than_a_page_at_once_is_a_right_of_its_own_here_too(cast: Cast):
    ids = [create(SEED, "toybox.toy", name=f"Toy {n}").pk for n in range(ONE_BY_ONE + 1)]
    values = {"pieces": 2}
    Grant.objects.filter(role__key="eve", verb="mass").delete()
    for may in (False, True):
        if may:
            Grant.objects.create(role=Role.objects.get(key="eve"), object="toybox.toy", verb="mass", scope="all")
        eve = Program(cast.actor("eve"), name=str(may))
        few, many = (
            eve.post("/toys/bulk", {"records": [{"id": pk, "values": values} for pk in ids[:n]]})
            for n in (ONE_BY_ONE, ONE_BY_ONE + 1)
        )
        assert few.status_code == 200
        assert many.status_code == (200 if may else 403), many.written
        assert may or "is a right of its own" in many.said["detail"]
    narrow = Program(cast.actor("eve"), ("toybox.toy", "view"), ("toybox.toy", "change"), name="narrow")
    assert narrow.post("/toys/bulk", {"records": [{"id": pk, "values": values} for pk in ids]}).status_code == 403


def test_of_many_only_those_are_changed_that_may_be_changed_along_with_others(cast: Cast):
    Grant.objects.filter(role__key="eve", verb="mass").update(scope="own")
    mine = [create(SEED, "toybox.toy", name=f"Mine {n}", owner=cast.eve.pk).pk for n in range(ONE_BY_ONE)]
    other = create(SEED, "toybox.toy", name="Ada’s", owner=cast.ada.pk).pk
    wanted = {"records": [{"id": pk, "values": {"pieces": 2}} for pk in [*mine, other]]}
    told = Program(cast.actor("eve")).post("/toys/bulk", wanted).said["data"]
    assert {one["state"] for one in told[:-1]} == {"changed"}
    assert (told[-1]["state"], told[-1]["status"]) == ("refused", 403)


def test_what_was_sent_to_a_run_is_forgotten_however_it_ends_and_its_results_after_a_month(cast: Cast):
    eve = Program(cast.actor("eve"))
    records = [{"values": {"name": f"Secret {n}"}} for n in range(501)]
    done, failed = (eve.post("/toys/bulk", {"records": records}).said["run"] for _time in range(2))
    execute(done)
    tokens.revoke(cast.actor("eve"), eve.token.pk)
    execute(failed)
    assert [run.state for run in Run.objects.order_by("pk")] == ["done", "failed"]
    assert "Secret" not in json.dumps([run.arguments for run in Run.objects.all()])
    forget_results()
    assert len(Run.objects.get(pk=done).result["data"]) == 501
    with clock.frozen(clock.now() + timedelta(days=31)):
        forget_results()
    assert Run.objects.get(pk=done).result == {}


def test_very_many_records_are_a_run_that_keeps_the_scopes_of_its_token(cast: Cast):
    maker = Program(cast.actor("eve"), ("toybox.toy", "create"), ("toybox.toy", "view"))
    other = create(SEED, "toybox.toy", name="Other")
    records = [{"values": {"name": f"Toy {n}"}} for n in range(600)] + [{"id": other.pk, "values": {"pieces": 1}}]
    answer = maker.post("/toys/bulk", {"records": records}, Idempotency_Key="k")
    assert answer.status_code == 202, answer.written
    assert maker.post("/toys/bulk", {"records": records}, Idempotency_Key="k").said == answer.said
    assert Run.objects.count() == 1
    where = answer.headers["Location"].removeprefix("/api/v1")
    waiting = maker.get(where)
    assert (waiting.said["state"], waiting.headers["Retry-After"]) == ("waiting", "1")
    assert execute(answer.said["run"]).state == "done"  # type: ignore[union-attr]
    done = maker.get(where).said
    assert (done["state"], done["done"], len(done["data"])) == ("done", 601, 601)
    assert done["data"][600]["status"] == 403, "the token may not change"
    assert toys() == 601
    assert "records" not in Run.objects.get().arguments
    assert Program(cast.actor("eve"), ("*", "view"), name="other").get(where).status_code == 404
    assert Program(cast.actor("eve"), name="whole").get(where).status_code == 200
    assert Program(cast.actor("ada"), name="ada").get(where).status_code == 404


def test_a_run_ends_with_its_token(cast: Cast):
    maker = Program(cast.actor("eve"))
    answer = maker.post("/toys/bulk", {"records": [{"values": {"name": f"Toy {n}"}} for n in range(501)]})
    tokens.revoke(cast.actor("eve"), maker.token.pk)
    run = execute(answer.said["run"])
    assert run is not None
    assert run.state == "failed"
    assert toys() == 0


# Streams


def test_a_list_streams_out_line_by_line_and_the_audit_knows(eve: Program):
    for n in range(3):
        create(SEED, "toybox.toy", name=f"Toy {n}", pieces=n, nickname="=1+1")
    answer = eve.get("/toys/export?sort=-pieces&fields=pieces,nickname")
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.written.splitlines()]
    assert [line["values"] for line in lines] == [{"pieces": n, "nickname": "=1+1"} for n in (2, 1, 0)]
    table = eve.get("/toys/export?format=csv&sort=-pieces&fields=pieces,nickname&filter=pieces:at_least:1")
    assert table.written.splitlines()[0] == "id,version,pieces,nickname"
    assert len(table.written.splitlines()) == 3
    assert "'=1+1" in table.written
    told = Event.objects.filter(name="list.exported").order_by("pk")
    assert [(e.actor_name, e.data["format"]) for e in told] == [("Eve", "ndjson"), ("Eve", "csv")]


def test_nobody_takes_away_what_she_may_not(cast: Cast, eve: Program):
    create(SEED, "toybox.toy", name="Eve’s", owner=cast.eve.pk)
    assert Program(cast.actor("dee")).get("/toys/export").written == ""
    assert Program(cast.actor("eve"), ("*", "view"), name="no").get("/toys/export").status_code == 403
    assert eve.get("/toys/export?format=xlsx").status_code == 422
    assert eve.get("/toys/export?fields=nothing").status_code == 422


def test_a_stream_breaks_off_when_its_token_is_revoked(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    from kith.objects.exchange import exporting

    monkeypatch.setattr(exporting, "PAGE", 2)
    eve = Program(cast.actor("eve"))
    for n in range(6):
        create(SEED, "toybox.toy", name=f"Toy {n}")
    headers = {"authorization": f"Bearer {eve.text}"}
    chunks = iter(eve.client.get("/api/v1/toys/export", headers=headers).streaming_content)  # type: ignore[attr-defined]
    assert next(chunks).count(b"\n") == 2
    with guarded.tracking("token"):  # another process, whose connection writes
        tokens.revoke(cast.actor("eve"), eve.token.pk)
    with pytest.raises(Exception, match="has ended"):
        next(chunks)
