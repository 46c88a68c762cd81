"""Programs look after webhooks of their owner's, through the same rules as the screens."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from standardwebhooks.webhooks import Webhook as Library

from kith.api.rest.openapi import document
from kith.api.tests.programs import Program
from kith.api.tests.test_rest_described import Told
from kith.hooks.models import Sending, Webhook
from kith.identity import tokens
from kith.kernel import clock
from tests.cast import Cast
from tests.drain import drain

from .conftest import SEED, toy
from .sink import Sink

pytestmark = pytest.mark.django_db
AT, ONE = "/api/v1/webhooks", "/api/v1/webhooks/{id}"
IN, ONE_IN = "/api/v1/incoming-webhooks", "/api/v1/incoming-webhooks/{id}"


@pytest.fixture
def eve(cast: Cast) -> Program:
    return Program(cast.actor("eve"))


def asked(sink: Sink, **given: Any) -> dict[str, Any]:
    return {"name": "Warehouse", "url": sink.url, "kinds": ["created"], **given}


def test_a_webhook_lives_its_life_and_every_answer_is_what_the_description_says(eve: Program, sink: Sink):
    told = Told(document(SEED))
    Draft202012Validator.check_schema(told.document["components"]["schemas"]["webhook"])
    made = eve.post("/webhooks", asked(sink))
    told.check("POST", AT, made)
    assert made.status_code == 201
    assert made.said["secret"].startswith("whsec_")
    here = f"/webhooks/{made.said['id']}"
    assert made.headers["Location"] == f"/api/v1{here}"
    told.check("GET", AT, listed := eve.get("/webhooks"))
    assert "secret" not in listed.said["data"][0]
    told.check("GET", ONE, eve.get(here))
    told.check(
        "PATCH", ONE, changed := eve("PATCH", here, {"kinds": ["changed", "created"]}, If_Match=made.headers["ETag"])
    )
    assert (changed.status_code, changed.said["kinds"]) == (200, ["changed", "created"])
    told.check("PATCH", ONE, stale := eve("PATCH", here, {"name": "X"}, If_Match=made.headers["ETag"]))
    assert stale.status_code == 412
    assert eve("PATCH", here, {"name": "X"}).status_code == 428
    told.check("POST", f"{ONE}/secret", rotated := eve.post(f"{here}/secret"))
    assert rotated.said["secret"] != made.said["secret"]
    told.check("POST", f"{ONE}/test", tried := eve.post(f"{here}/test"))
    assert tried.status_code == 202
    toy()
    drain()
    told.check("GET", f"{ONE}/messages", log := eve.get(f"{here}/messages"))
    assert [(m["type"], m["state"], m["attempts"][0]["status"]) for m in log.said["data"]] == [
        ("toybox.toy.created", "done", 204),
        ("webhook.test", "done", 204),
    ]
    first = eve.get(f"{here}/messages?limit=1")
    assert [m["id"] for m in eve.get(f"{here}/messages?after={first.said['next']}").said["data"]] == [tried.said["id"]]
    told.check("POST", f"{ONE}/replay", eve.post(f"{here}/replay", {"message": log.said["data"][0]["id"]}))
    Sending.objects.update(state="failed")
    told.check("POST", f"{ONE}/replay", again := eve.post(f"{here}/replay", {"since": "2020-01-01T00:00:00Z"}))
    assert again.said == {"sent_again": 1}
    paused = eve("PATCH", here, {"paused": True}, If_Match="*")
    assert (paused.said["paused"], paused.said["paused_why"]) == (True, "hand")
    assert eve("PATCH", here, {"paused": False}, If_Match="*").said["paused"] is False
    told.check("DELETE", ONE, eve("DELETE", here))
    told.check("GET", ONE, gone := eve.get(here))
    assert gone.status_code == 404


def test_sent_twice_under_one_key_it_is_made_once_and_its_secret_is_told_once(eve: Program, sink: Sink):
    one, two = (eve.post("/webhooks", asked(sink), Idempotency_Key="k1") for _n in range(2))
    assert one.said["id"] == two.said["id"]
    assert "secret" in one.said
    assert "secret" not in two.said
    assert Webhook.objects.count() == 1


@pytest.mark.parametrize(
    "given",
    [
        {"url": "https://127.0.0.1/"}, {"url": 7}, {"kinds": []}, {"kinds": ["nothing"]}, {"kinds": "created"}, {"object": "nothing"},
        {"name": ""}, {"name": "a\0b"}, {"name": "\ud800"}, {"filter": "x"},
        {"object": "toybox.toy", "filter": "name:is:a\0b"}, {"object": "toybox.toy", "filter": "nonsense:is:1"}, {"other": 1},
        {"name": None},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_where_and_why(eve: Program, sink: Sink, given: dict[str, Any]):
    answer = eve.post("/webhooks", asked(sink, **given))
    assert answer.status_code == 422
    assert answer.said["errors"]


def mapped(**given: Any) -> dict[str, Any]:
    mapping = [
        {"to": "name", "from": "item.title"},
        {"to": "pieces", "value": 12},
        {"to": "price", "value": {"amount": 9.5, "currency": "EUR"}},
    ]
    return {"name": "Shop", "object": "toybox.toy", "mapping": mapping, **given}


def deliver(address: str, secret: str, body: str, message: str) -> Any:
    """Send as the other program does, signed by the scheme's own library."""
    at = clock.now()
    headers = {"webhook-id": message, "webhook-timestamp": str(int(at.timestamp()))}
    headers["webhook-signature"] = Library(secret).sign(message, at, body)
    return Client().post(urlsplit(address).path, body, "application/json", headers=headers)


def test_an_incoming_webhook_lives_its_life_and_every_answer_is_what_the_description_says(eve: Program, cast: Cast):
    told = Told(document(SEED))
    told.check("POST", IN, made := eve.post("/incoming-webhooks", mapped()))
    assert made.status_code == 201
    assert (made.said["secured"], made.said["does"], made.said["used_at"]) == ("signed", "both", None)
    here, address, secret = f"/incoming-webhooks/{made.said['id']}", made.said["address"], made.said["secret"]
    assert made.headers["Location"] == f"/api/v1{here}"
    told.check("GET", IN, listed := eve.get("/incoming-webhooks"))
    assert secret not in listed.written
    told.check("GET", ONE_IN, shown := eve.get(here))
    assert (shown.said["mapping"], shown.said["address"]) == (mapped()["mapping"], address)
    for number, title in enumerate(("Crane", "Ship")):
        assert deliver(address, secret, json.dumps({"item": {"title": title}}), f"msg_{number}").status_code == 202
    assert deliver(address, secret, '{"item": 1}', "msg_3").status_code == 202
    drain()
    told.check("GET", f"{ONE_IN}/arrivals", log := eve.get(f"{here}/arrivals"))
    assert [(one["key"], one["state"], one["outcome"]) for one in log.said["data"]] == [
        ("id:msg_3", "failed", ""), ("id:msg_1", "done", "created"), ("id:msg_0", "done", "created"),
    ]  # fmt: skip
    toys = eve.get("/toys").said["data"]
    assert sorted((toy["id"], toy["values"]["price"]) for toy in toys) == [
        (one["record"], {"amount": "9.50", "currency": "EUR"}) for one in reversed(log.said["data"][1:])
    ]
    told.check(
        "PATCH",
        ONE_IN,
        changed := eve("PATCH", here, {"name": "Stall", "match": "name"}, If_Match=shown.headers["ETag"]),
    )
    assert (changed.said["name"], changed.said["mapping"]) == ("Stall", mapped()["mapping"])
    told.check("PATCH", ONE_IN, stale := eve("PATCH", here, {"name": "X"}, If_Match=shown.headers["ETag"]))
    assert stale.status_code == 412
    told.check("POST", f"{ONE_IN}/replay", again := eve.post(f"{here}/replay", {}))
    assert again.said == {"tried_again": 1}
    done = log.said["data"][1]["id"]
    assert eve.post(f"{here}/replay", {"arrival": done}).said == {"tried_again": 0}
    told.check("POST", f"{ONE_IN}/secret", rotated := eve.post(f"{here}/secret"))
    assert deliver(address, rotated.said["secret"], '{"item": {"title": "Crane"}}', "msg_4").status_code == 202
    assert eve("PATCH", here, {"paused": True}, If_Match="*").said["paused_why"] == "hand"
    told.check("POST", f"{ONE_IN}/replay", resting := eve.post(f"{here}/replay", {}))
    assert resting.status_code == 422
    told.check("DELETE", ONE_IN, eve("DELETE", here))
    assert eve.get(here).status_code == 404


def test_the_address_of_a_simple_sender_is_told_once_with_its_secret(eve: Program):
    made = eve.post("/incoming-webhooks", mapped(secured="path"), Idempotency_Key="k1")
    assert made.said["address"].endswith(f"/{made.said['secret']}")
    assert (
        Client().post(urlsplit(made.said["address"]).path, {"item": {"title": "A"}}, "application/json").status_code
        == 202
    )
    again = eve.post("/incoming-webhooks", mapped(secured="path"), Idempotency_Key="k1")
    assert again.said["id"] == made.said["id"]
    assert made.said["secret"] not in again.written


@pytest.mark.every_engine
@pytest.mark.parametrize(
    "given",
    [
        {"name": "a\0b"}, {"name": "\ud800"}, {"name": 1}, {"object": "nothing"}, {"mapping": {}}, {"mapping": [1]}, {"mapping": []},
        {"mapping": [{"to": "nothing", "from": "a"}]}, {"mapping": [{"to": "name", "from": "a\0"}]}, {"secured": "not"},
        {"mapping": [{"to": "name", "value": "\ud800"}]}, {"mapping": [{"to": "name", "value": {"\0": 1}}]}, {"does": "all"},
        {"mapping": [{"to": "name", "value": "x" * 6000}]}, {"match": "pieces.x"}, {"other": 1}, {"key": "guessed"},
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_is_refused_with_where_and_why(eve: Program, given: dict[str, Any]):
    answer = eve.post("/incoming-webhooks", mapped(**given))
    assert answer.status_code == 422
    assert answer.said["errors"]


def test_a_constant_that_would_lose_digits_is_refused(eve: Program):
    for number in ("1e999", "0.12345678901234567891", "1e-400"):
        body = json.dumps(mapped(mapping=[{"to": "price.amount", "value": 0}])).replace(": 0}", f": {number}}}")
        assert eve.post("/incoming-webhooks", body).status_code == 422


def test_nobody_sees_or_touches_a_webhook_of_somebody_else(cast: Cast, eve: Program, sink: Sink):
    sends = f"/webhooks/{eve.post('/webhooks', asked(sink)).said['id']}"
    takes_in = f"/incoming-webhooks/{eve.post('/incoming-webhooks', mapped()).said['id']}"
    for who in ("ada", "admin"):
        other = Program(cast.actor(who))
        for here in (sends, takes_in):
            assert other.get(here.rpartition("/")[0]).said == {"data": []}
            assert other.get(here).status_code == 404
            assert other("PATCH", here, {"paused": True}, If_Match="*").status_code == 404
            assert other("DELETE", here).status_code == 404
            for verb in ("secret", "replay"):
                assert other.post(f"{here}/{verb}", {}).status_code == 404
        assert other.post(f"{sends}/test", {}).status_code == 404
        assert other.get(f"{sends}/messages").status_code == 404
        assert other.get(f"{takes_in}/arrivals").status_code == 404


def test_a_token_that_was_narrowed_makes_none_and_sees_none(cast: Cast, eve: Program, sink: Sink):
    eve.post("/webhooks", asked(sink))
    reader = Program(cast.actor("eve"), ("*", "view"))
    assert reader.post("/webhooks", asked(sink)).status_code == 403
    assert reader.post("/incoming-webhooks", mapped()).status_code == 403
    assert reader.get("/webhooks").said == {"data": []}


def test_what_a_token_made_ends_with_it_until_its_owner_turns_it_on_herself(cast: Cast, eve: Program, sink: Sink):
    from kith.hooks import owning

    row = Webhook.objects.get(pk=eve.post("/webhooks", asked(sink)).said["id"])
    tokens.revoke(cast.actor("eve"), eve.token.pk)
    toy()
    drain()
    row.refresh_from_db()
    assert (sink.got, row.paused_why) == ([], Webhook.TOKEN)
    owning.resume(cast.actor("eve"), row)
    toy("Another")
    drain()
    assert len(sink.got) == 1
