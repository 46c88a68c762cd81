"""The pages of webhooks: made, looked after, their logs; nobody else's."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kith.events.models import Event
from kith.hooks import arriving, sending
from kith.hooks.models import Arrival, Attempt, Inlet, Sending, Webhook
from kith.kernel.actor import System
from kith.objects.write import create
from tests.cast import Cast

NEW = {
    "name": "Warehouse",
    "url": "https://hooks.example/kith",
    "object": "toybox.toy",
    "kind": ["created", "changed"],
    "filter": "",
}
IN = {
    "name": "Shop",
    "secured": "signed",
    "from.name": "item.title",
    "from.price.currency": "=EUR",
    "from.pieces": "/n",
    "does": "both",
}
AT = "/settings/webhooks/"


def page(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def hers(sign_in: Any) -> tuple[Any, Webhook]:
    client = sign_in("eve")
    assert client.post(f"{AT}new/", NEW).status_code == 200
    return client, Webhook.objects.get()


def test_a_webhook_is_made_and_its_secret_is_shown_once(sign_in: Any, cast: Cast) -> None:
    client = sign_in("eve")
    found = re.search(r'id="secret" dir="ltr">(whsec_[^<]+)<', page(client.post(f"{AT}new/", NEW)))
    assert found
    row = Webhook.objects.get()
    assert (row.owner, row.kinds, row.secrets()) == (cast.eve, ["changed", "created"], [found[1]])
    for url in (AT, f"{AT}{row.pk}/", f"{AT}{row.pk}/edit/"):
        text = page(client.get(url))
        assert "Warehouse" in text
        assert found[1] not in text


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(sign_in: Any) -> None:
    answer = sign_in("eve").post(
        f"{AT}new/", {"name": "", "url": "http://10.0.0.1/x", "object": "toybox.toy", "filter": "nothing:is:1"}
    )
    text = page(answer)
    assert answer.status_code == 422
    for sentence in (
        "Write what the webhook is for.",
        "is not a place on the public internet",
        "Choose what is to be told.",
    ):
        assert sentence in text
    assert "http://10.0.0.1/x" in text
    assert "nothing:is:1" in text
    assert not Webhook.objects.exists()


def test_it_is_changed_paused_turned_on_tried_out_and_removed(hers: tuple[Any, Webhook]) -> None:
    client, row = hers
    here = f"{AT}{row.pk}/"
    client.post(f"{here}edit/", {**NEW, "name": "Shop", "version": row.version, "filter": "filter=pieces:at_least:2"})
    row.refresh_from_db()
    assert (row.name, row.filter) == ("Shop", "pieces:at_least:2")
    stale = client.post(f"{here}edit/", {**NEW, "version": 1})
    assert stale.status_code == 422
    assert "Somebody else changed this" in page(stale)
    client.post(here, {"do": "pause"})
    assert "Somebody paused it." in page(client.get(here))
    client.post(here, {"do": "resume"})
    answer = client.post(here, {"do": "test"})
    assert answer.headers["Location"] == f"{here}messages/{Sending.objects.get().pk}/"
    assert "webhook.test" in page(client.get(answer.headers["Location"]))
    assert "whsec_" in page(client.post(f"{here}secret/"))
    assert client.post(f"{here}remove/", {"typed": "other"}).status_code == 422
    client.post(f"{here}remove/", {"typed": "shop"})
    assert not Webhook.objects.exists()
    names = set(Event.objects.filter(object="hooks.webhook").values_list("name", flat=True))
    assert names == {f"webhook.{n}" for n in ("made", "changed", "paused", "resumed", "secret_changed", "removed")}


def test_the_log_shows_each_try_and_a_message_is_sent_again_by_hand(hers: tuple[Any, Webhook], cast: Cast) -> None:
    client, row = hers
    create(System("seed"), "toybox.toy", name="Robot", pieces=7)
    from kith.events.outbox import deliver

    deliver()
    sent = Sending.objects.get()
    Attempt.objects.create(sending=sent, webhook=row, url=row.url, status=503, answer="<b>busy</b>", millis=1234)
    Sending.objects.update(state="failed", tries=9)
    here = f"{AT}{row.pk}/messages/{sent.pk}/"
    text = page(client.get(here))
    assert "HTTP 503" in text
    assert "&lt;b&gt;busy&lt;/b&gt;" in text
    assert "1,234 ms" in text
    assert "pieces" in text
    cast.hide("toybox.toy", "pieces")
    assert "pieces" not in page(client.get(here))
    client.post(here)
    sent.refresh_from_db()
    assert sent.state == "waiting"
    Sending.objects.update(state="failed")
    answer = client.post(f"{AT}{row.pk}/", {"do": "replay"}, follow=True)
    assert "1 message is sent again." in page(answer)
    assert sending.Sending.objects.get().state == "waiting"


def test_the_log_goes_on_page_by_page_with_a_constant_number_of_questions(
    hers: tuple[Any, Webhook], django_assert_max_num_queries: Any
) -> None:
    client, row = hers
    Sending.objects.bulk_create(
        Sending(webhook=row, message=f"msg_{n}", type=f"toybox.toy.n{n:03}", event=n + 1000) for n in range(120)
    )
    client.get(f"{AT}{row.pk}/")
    with django_assert_max_num_queries(30):
        text = page(client.get(f"{AT}{row.pk}/"))
    assert "n119" in text
    assert "n069" not in text
    older = re.search(r'href="([^"]+\?before=\d+)"', text)
    assert older
    assert "n069" in page(client.get(older[1]))


def test_nobody_finds_a_webhook_of_somebody_else_and_an_administrator_may_stop_it(
    hers: tuple[Any, Webhook], sign_in: Any
) -> None:
    _client, row = hers
    here = f"{AT}{row.pk}/"
    ada = sign_in("ada")
    assert "Warehouse" not in page(ada.get(AT))
    for below in ("", "edit/", "remove/"):
        assert ada.get(here + below).status_code == 404
        assert ada.post(here + below, {"do": "pause", "typed": "Warehouse"}).status_code == 404
    assert ada.post(f"{here}secret/").status_code == 404
    admin = sign_in("admin")
    assert "Warehouse" in page(admin.get(AT))
    assert admin.get(f"{here}edit/").status_code == 404
    assert "toybox.toy.created" not in page(admin.get(here))
    assert admin.post(f"{here}secret/").status_code == 404
    admin.post(here, {"do": "pause"})
    row.refresh_from_db()
    assert row.paused_at is not None
    admin.post(f"{here}remove/", {"typed": "Warehouse"})
    assert not Webhook.objects.exists()


def test_an_incoming_webhook_is_made_from_the_fields_of_an_object(sign_in: Any) -> None:
    client = sign_in("eve")
    assert "/settings/webhooks/in/new/toys/" in page(client.get(f"{AT}in/new/"))
    assert "price.currency" in page(client.get(f"{AT}in/new/toys/"))
    text = page(client.post(f"{AT}in/new/toys/", IN))
    row = Inlet.objects.get()
    assert f"/in/{row.key}" in text
    assert "whsec_" in text
    assert {one["to"]: one.get("from") or one["value"] for one in row.mapping} == {
        "name": "item.title", "price.currency": "EUR", "pieces": "/n",
    }  # fmt: skip
    shown = page(client.get(f"{AT}in/{row.pk}/edit/"))
    assert 'value="=EUR"' in shown
    assert 'value="item.title"' in shown
    client.post(f"{AT}in/{row.pk}/edit/", {**IN, "match": "name", "version": row.version})
    row.refresh_from_db()
    assert (row.match, row.version) == ("name", 2)


def test_what_is_wrong_with_a_mapping_is_said_and_stays(sign_in: Any) -> None:
    answer = sign_in("eve").post(f"{AT}in/new/toys/", {**IN, "from.name": "", "match": "name", "does": "change"})
    assert answer.status_code == 422
    assert "Records are found by a field that is filled." in page(answer)
    assert 'value="=EUR"' in page(answer)


def test_a_simple_senders_address_is_shown_once_with_its_secret(sign_in: Any) -> None:
    client = sign_in("eve")
    text = page(client.post(f"{AT}in/new/toys/", {**IN, "secured": "path"}))
    row = Inlet.objects.get()
    (secret,) = row.secrets()
    assert f"/in/{row.key}/{secret}" in text
    assert secret not in page(client.get(f"{AT}in/{row.pk}/"))


def test_a_delivery_that_failed_is_shown_with_its_body_and_tried_again(sign_in: Any) -> None:
    client = sign_in("eve")
    client.post(f"{AT}in/new/toys/", IN)
    row = Inlet.objects.get()
    came, _again = arriving.take(row, "id:1", b'{"item": {"title": "Crane"}, "n": 13}')
    arriving.work_off()
    here = f"{AT}in/{row.pk}/arrivals/{came.pk}/"
    text = page(client.get(here))
    assert "A toy never has thirteen pieces." in text
    assert "Crane" in text
    assert "A toy never has thirteen pieces." in page(client.get(f"{AT}in/{row.pk}/"))
    client.post(f"{AT}in/{row.pk}/edit/", {**IN, "from.pieces": "=12", "version": row.version})
    client.post(here)
    arriving.work_off()
    came = Arrival.objects.get()
    assert (came.state, came.outcome) == ("done", "created")
    assert f"/toys/{came.record}/" in page(client.get(here))
    client.post(f"{AT}in/{row.pk}/", {"do": "pause"})
    assert "is not taken" in page(client.get(f"{AT}in/{row.pk}/"))
    client.post(f"{AT}in/{row.pk}/remove/", {"typed": "Shop"})
    assert not Inlet.objects.exists()
