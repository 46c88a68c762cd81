"""What other programs send becomes records: once, as the owner, with a sentence for everything that does not fit."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from standardwebhooks.webhooks import Webhook as Library

from kith.events.models import Event
from kith.hooks import arriving, inlets, owning
from kith.hooks.models import Arrival, Inlet
from kith.kernel import clock
from kith.kernel.actor import System
from kith.kernel.errors import Invalid, Refused
from kith.objects.query import find, listing
from kith.objects.write import purge, remove, undo
from tests.cast import Cast
from tests.drain import drain

from .conftest import SEED, toy

pytestmark = pytest.mark.django_db

MAPPING = [
    {"to": "name", "from": "/item/title"},
    {"to": "pieces", "from": "item.parts.0.count"},
    {"to": "price.amount", "from": "/item/cost"},
    {"to": "price.currency", "value": "EUR"},
]
BODY = {"item": {"title": "Crane", "parts": [{"count": 12}], "cost": 9.90}}
SHAPE = pytest.mark.one_engine("what comes in is judged before anything is kept of it")


def inlet(cast: Cast, who: str = "eve", **given: Any) -> tuple[Inlet, str]:
    asked = {
        "name": "Shop",
        "secured": "signed",
        "object": "toybox.toy",
        "mapping": MAPPING,
        "match": "",
        "does": "both",
        **given,
    }
    return inlets.make(cast.actor(who), asked)


def post(row: Inlet, secret: str, body: Any = BODY, message: str = "msg_1", **headers: str) -> Any:
    """Send a delivery, signed by the scheme's own library."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    at = datetime.now(UTC)
    told = {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Library(secret).sign(message, at, data.decode("utf-8", "replace")),
        **headers,
    }
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return client.post(f"/in/{row.key}", data, "application/json", headers={n: v for n, v in told.items() if v})


def toys() -> list[Any]:
    return listing(SEED, "toybox.toy", sort="name", columns=("pieces", "price")).records


def test_a_signed_delivery_becomes_a_record_made_by_the_owner(cast: Cast):
    row, secret = inlet(cast)
    answer = post(row, secret)
    assert answer.status_code == 202
    assert answer.json()["again"] is False
    assert toys() == []  # taken; worked off in the background
    drain()
    (made,) = toys()
    assert (made.name.full, made.pieces, str(made.price.amount), made.price.currency) == ("Crane", 12, "9.90", "EUR")
    event = Event.objects.get(object="toybox.toy", name="created")
    assert (event.actor_name, event.cause) == ("Eve", f"arrival:{Arrival.objects.get().pk}")
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.outcome, arrival.record) == ("done", "created", made.pk)


def test_the_same_delivery_is_taken_once_however_often_it_comes(cast: Cast):
    row, secret = inlet(cast)
    assert [post(row, secret).status_code for _n in range(3)] == [202, 200, 200]
    drain()
    assert post(row, secret, {"item": {"title": "Other"}}).json()["again"] is True
    drain()
    assert len(toys()) == 1
    assert post(row, secret, message="msg_2").status_code == 202
    drain()
    assert len(toys()) == 2


def test_a_worker_that_dies_in_between_leaves_no_half_of_it(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    row, secret = inlet(cast)
    post(row, secret)

    class Killed(BaseException):
        pass

    done = arriving.mapping.carry_out

    def dies(*rest: Any) -> Any:
        done(*rest)
        raise Killed

    monkeypatch.setattr(arriving.mapping, "carry_out", dies)
    with pytest.raises(Killed):
        arriving.work_off()
    assert toys() == []
    assert Arrival.objects.get().state == "waiting"
    monkeypatch.setattr(arriving.mapping, "carry_out", done)
    drain()
    assert len(toys()) == 1


def test_a_record_is_found_by_the_field_that_was_chosen_and_changed(cast: Cast):
    row, secret = inlet(cast, match="name")
    post(row, secret)
    post(row, secret, {"item": {"title": "Crane", "parts": [{"count": 13 + 1}]}}, "msg_2")
    post(row, secret, {"item": {"title": "Crane", "parts": [{"count": 14}]}}, "msg_3")
    drain()
    (made,) = toys()
    assert made.pieces == 14
    assert str(made.price.amount) == "9.90"  # what did not come stays
    assert list(Arrival.objects.order_by("pk").values_list("outcome", flat=True)) == ["created", "changed", "unchanged"]


def test_two_records_that_fit_are_an_error_that_is_said(cast: Cast):
    toy("Crane")
    toy("Crane")
    row, secret = inlet(cast, match="name")
    post(row, secret)
    drain()
    arrival = Arrival.objects.get()
    assert arrival.state == "failed"
    assert arrival.error == "More than one record has this value in “name”."


def test_what_is_only_to_be_changed_makes_nothing_and_the_other_way_round(cast: Cast):
    row, secret = inlet(cast, match="name", does="change")
    post(row, secret)
    drain()
    assert Arrival.objects.get().error == "There is no record to change."
    other, key = inlet(cast, match="name", does="create")
    toy("Crane")
    post(other, key)
    drain()
    assert Arrival.objects.order_by("-pk")[0].error == "There is such a record already."


def test_everything_is_done_with_the_owners_rights(cast: Cast):
    hers = toy("Crane", owner=cast.ada.pk)
    row, secret = inlet(cast, "dee", match="name")
    post(row, secret)
    drain()
    # She does not see the record of that name, so that it is not hers to change: another one is made.
    assert find(SEED, "toybox.toy", hers.pk).pieces is None
    assert len(toys()) == 2
    cast.hide("toybox.toy", "pieces", rule="read_only")
    with pytest.raises(Invalid):
        inlet(cast, "eve")


def test_a_value_that_breaks_a_rule_is_kept_with_its_sentence_and_can_be_repeated(cast: Cast):
    row, secret = inlet(cast)
    post(row, secret, {"item": {"title": "Crane", "parts": [{"count": 13}]}})
    post(row, secret, {"item": {"title": "Crane", "parts": [{"count": "many"}]}}, "msg_2")
    post(row, secret, {"nothing": 1}, "msg_3")
    drain()
    errors = list(Arrival.objects.order_by("pk").values_list("error", flat=True))
    assert errors[0] == "A toy never has thirteen pieces."
    assert errors[1].startswith("Pieces: ")
    assert errors[2]
    eve = cast.actor("eve")
    inlets.change(eve, row, {"name": "Shop", "object": "toybox.toy", "mapping": MAPPING[:1]}, row.version)
    assert arriving.repeat(eve, row) == 3
    drain()
    assert [a.state for a in Arrival.objects.order_by("pk")] == ["done", "done", "failed"]
    assert arriving.repeat(eve, row, only=Arrival.objects.order_by("pk")[0].pk) == 0


def test_one_delivery_is_undone_like_any_other_cause(cast: Cast):
    row, secret = inlet(cast)
    post(row, secret)
    drain()
    undo(cast.actor("eve"), f"arrival:{Arrival.objects.get().pk}")
    assert toys() == []


def test_arrivals_are_worked_off_in_their_order(cast: Cast):
    row, secret = inlet(cast, match="name")
    for number in range(1, 13):
        post(row, secret, {"item": {"title": "Crane", "parts": [{"count": number * 2}]}}, f"msg_{number}")
    drain()
    (made,) = toys()
    assert (made.pieces, made.version) == (24, 12)


# Who may come in


@SHAPE
@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({"webhook-signature": ""}, "are needed"),
        ({"webhook-signature": "v1,AAAA"}, "does not fit"),
        ({"webhook-signature": "v2,AAAA"}, "does not fit"),
        ({"webhook-timestamp": "1"}, "too long ago"),
        ({"webhook-timestamp": "now"}, "not a number"),
        ({"webhook-id": "a.b"}, "cannot be read"),
        ({"webhook-id": "other"}, "does not fit"),
    ],
)
def test_what_is_not_signed_as_it_should_be_is_refused_in_a_sentence(cast: Cast, headers: dict[str, str], says: str):
    row, secret = inlet(cast)
    answer = post(row, secret, **headers)
    assert answer.status_code == 401
    assert says in answer.json()["detail"]
    assert not Arrival.objects.exists()


def test_while_a_secret_is_changed_both_let_in(cast: Cast):
    row, old = inlet(cast)
    new = inlets.new_secret(cast.actor("eve"), row)
    assert post(row, old).status_code == 202
    assert post(row, new, message="msg_2").status_code == 202
    Inlet.objects.update(old_until=clock.now() - timedelta(seconds=1))
    assert post(row, old, message="msg_3").status_code == 401
    assert post(row, new, message="msg_3").status_code == 202


def test_a_simple_sender_has_the_secret_in_its_address(cast: Cast):
    row, secret = inlet(cast, secured="path")
    client = Client(enforce_csrf_checks=True)
    at = inlets.address(row, secret)
    assert client.post(at, BODY, "application/json").status_code == 202
    assert client.post(at, BODY, "application/json").status_code == 200  # the same body is the same delivery
    assert client.post(at, BODY, "application/json", headers={"webhook-id": "7"}).status_code == 202
    for wrong in (f"/in/{row.key}/wrong", f"/in/{row.key}", f"/in/nothing/{secret}"):
        answer = client.post(wrong, BODY, "application/json")
        assert (answer.status_code, answer.json()["detail"]) == (404, "There is nothing at this address.")
    assert Arrival.objects.count() == 2


def test_what_rests_and_what_is_nobodys_is_not_there(cast: Cast):
    row, secret = inlet(cast)
    owning.pause(cast.actor("eve"), row)
    assert post(row, secret).status_code == 404
    owning.resume(cast.actor("eve"), row)
    assert post(row, secret).status_code == 202
    type(cast.eve).objects.filter(pk=cast.eve.pk).update(is_active=False)
    assert post(row, secret, message="msg_2").status_code == 404
    drain()
    assert toys() == []


def test_only_posts_are_taken(cast: Cast):
    row, _secret = inlet(cast)
    assert Client().get(f"/in/{row.key}").status_code == 405


@SHAPE
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400), (b"\xff\xfe", 400), (b"[1]", 400), (b"", 400), (b'{"a": NaN}', 400), (b"[" * 5000, 400),
        (b'{"a":' * 40 + b"1" + b"}" * 40, 400), (b'{"a": "\\u0000"}', 400), (b'{"a": "' + b"x" * 300_000 + b'"}', 413),
    ],
)  # fmt: skip
def test_what_is_no_json_or_too_much_of_it_is_refused(cast: Cast, body: bytes, status: int):
    row, secret = inlet(cast, secured="path")
    answer = Client().post(inlets.address(row, secret), body, "application/json")
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not Arrival.objects.exists()


def test_half_a_character_and_huge_numbers_are_an_error_and_no_crash(cast: Cast):
    row, secret = inlet(cast, secured="path")
    at = inlets.address(row, secret)
    for text in ('{"item": {"title": "\\ud800"}}', '{"item": {"title": "A", "parts": [{"count": 1e999}]}}',
                 '{"item": {"title": {"a": [1]}}}', '{"item": {"title": true}}', '{"item": {"title": "A", "cost": "1e5000"}}'):  # fmt: skip
        assert Client().post(at, text, "application/json").status_code == 202
    drain()
    assert set(Arrival.objects.values_list("state", flat=True)) == {"failed"}
    assert not [a.error for a in Arrival.objects.all() if "our fault" in a.error]


def test_whoever_guesses_is_held_back(cast: Cast):
    client = Client()
    said = [client.post("/in/guessed", BODY, "application/json").status_code for _n in range(65)]
    assert said[0] == 404
    assert said[-1] == 429


# Made and changed


@SHAPE
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"object": "nothing"}, "object"),
        ({"mapping": []}, "mapping"),
        ({"mapping": [{"to": "nonsense", "from": "a"}]}, "mapping"),
        ({"mapping": [{"to": "name", "from": "a"}, {"to": "name", "from": "b"}]}, "mapping"),
        ({"mapping": [{"to": "name"}]}, "mapping"),
        ({"mapping": "name"}, "mapping"),
        ({"match": "pieces.x"}, "match"),
        ({"match": "state"}, "match"),
        ({"does": "change"}, "match"),
        ({"does": "all"}, "does"),
    ],
)
def test_a_mapping_that_leads_nowhere_is_refused(cast: Cast, given: dict[str, Any], field: str):
    with pytest.raises(Invalid) as refused:
        inlet(cast, **given)
    assert field in refused.value.errors


def test_a_purged_record_takes_what_came_in_with_it(cast: Cast):
    row, secret = inlet(cast)
    post(row, secret)
    drain()
    (made,) = toys()
    remove(SEED, made)
    purge(SEED, find(SEED, "toybox.toy", made.pk, trash=True))
    assert not Arrival.objects.exists()


def test_nobody_looks_after_what_is_somebody_elses(cast: Cast):
    row, _secret = inlet(cast)
    from kith.kernel.errors import Missing

    for doing in (
        lambda who: owning.find(cast.actor(who), Inlet, row.pk),
        lambda who: inlets.new_secret(cast.actor(who), row),
        lambda who: owning.resume(cast.actor(who), row),
        lambda who: owning.remove(cast.actor(who), row),
        lambda who: arriving.repeat(cast.actor(who), row),
    ):
        with pytest.raises(Missing):
            doing("ada")
    owning.find(cast.actor("admin"), Inlet, row.pk, any_ones=True)
    owning.pause(cast.actor("admin"), row)
    with pytest.raises(Missing):
        inlets.new_secret(cast.actor("admin"), row)
    with pytest.raises(Refused):
        arriving.repeat(cast.actor("eve"), row)
    assert Event.objects.filter(object="hooks.inlet", name="webhook.paused").count() == 1
    assert System("x").is_system
