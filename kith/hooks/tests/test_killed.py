"""A sender that is killed in the middle of a message: what the receiver got is no message, and the whole of it comes again, once."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook as Library
from standardwebhooks.webhooks import WebhookVerificationError

from kith.events.outbox import deliver
from kith.hooks import sending
from kith.hooks.models import Attempt, Sending, Webhook
from kith.kernel import clock
from tests.bench.hooks import Receiver, served
from tests.cast import Cast

from .conftest import toy

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_engine("what a dead process had sent is not in the database, and leases are tested on both"),
]

#: Sends a message as the house does, and kills itself when so many bytes of the body have left.
KILLED = """
import json, os, signal, sys
url, body, headers, place, most = json.load(sys.stdin)
from django.conf import settings
settings.configure(KITH_OUTBOUND_ALLOW=frozenset([place]))
from kith.kernel import http
whole, left = http.Wire.sendall, []
def sendall(self, data):
    if not left:
        left.append("head")
        return whole(self, data)
    if most:
        whole(self, data[:most])
    os.kill(os.getpid(), signal.SIGKILL)
http.Wire.sendall = sendall
http.post(url, body.encode(), headers=headers)
"""


class Died(BaseException):
    """The worker is no more."""


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """The receiver of the trial, which refuses nothing."""
    made = Receiver(0.0, random.Random(1))
    server = served(made)
    made.place = f"127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    settings.KITH_OUTBOUND_ALLOW = frozenset([made.place])  # type: ignore[attr-defined]
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(receiver: Receiver, cast: Cast) -> Webhook:
    """Where it tells of toys."""
    from kith.hooks import webhooks

    asked = {"name": "Trial", "url": f"http://{receiver.place}/", "object": "toybox.toy", "kinds": ["created"]}  # type: ignore[attr-defined]
    row, receiver.secret = webhooks.make(cast.actor("eve"), asked)
    return row


def dies_after(share: float, receiver: Receiver, letters: list[sending.Letter]) -> Callable[[sending.Letter], Any]:
    """Sends this share of a message's body, and then the worker is no more."""

    def ask(letter: sending.Letter) -> Any:
        letters.append(letter)
        most = int(len(letter.body) * share)
        told = [letter.url, letter.body.decode(), letter.headers, receiver.place, most]  # type: ignore[attr-defined]
        receiver.killed = True
        child = subprocess.run(
            [sys.executable, "-c", KILLED], input=json.dumps(told), text=True, capture_output=True, check=False
        )
        assert child.returncode == -signal.SIGKILL, child.stderr
        raise Died

    return ask


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0], ids=["head", "half", "whole"])
def test_what_a_killed_worker_had_begun_to_send_comes_again_under_its_id_and_is_worked_off_once(
    share: float, receiver: Receiver, hook: Webhook, monkeypatch: pytest.MonkeyPatch
):
    made, letters = toy(), []
    deliver()
    with monkeypatch.context() as patched:
        patched.setattr(sending, "_ask", dies_after(share, receiver, letters))
        with pytest.raises(Died):
            sending.send()
    (letter,) = letters
    with receiver.news:
        assert receiver.news.wait_for(lambda: receiver.cut or receiver.came, 10)

    # The house knows of no try; the receiver has half a message, or a whole one that it never answered.
    assert not Attempt.objects.exists()
    assert Sending.objects.get().state == Sending.WAITING
    if share < 1:
        (cut,) = receiver.cut
        assert (cut["got"], cut["promised"]) == (int(len(letter.body) * share), len(letter.body))
        assert "No matching signature found" in cut["why"]
        assert receiver.done == {}
    assert (receiver.came, receiver.unsigned) == (int(share == 1), [])

    # Until its lease has ended nobody else takes it.
    assert not sending.send()
    with clock.frozen(clock.now() + sending.LEASE + timedelta(seconds=1)):
        assert sending.send()
    assert list(receiver.done) == [letter.headers["webhook-id"]]
    assert [record for record, _event in receiver.done.values()] == [made.pk]
    assert (receiver.again, receiver.unsigned) == (int(share == 1), [])
    assert Sending.objects.get().state == Sending.DONE


def test_a_message_that_breaks_off_while_its_sender_lives_is_told_with_what_is_known_of_it(
    receiver: Receiver, hook: Webhook
):
    toy()
    deliver()
    (taken,) = sending._claimed()
    letter = sending._ready(taken)
    assert letter is not None
    with pytest.raises(WebhookVerificationError):
        Library(receiver.secret).verify(b"", letter.headers)
    assert receiver.take(letter.headers, b"", len(letter.body)) == 401
    (told,) = receiver.unsigned
    assert (told["got"], told["promised"], told["sender_killed"]) == (0, len(letter.body), False)
    assert abs(int(told["signed_at"]) - told["now"]) < 60
    assert receiver.cut == []


def test_a_message_says_how_long_its_body_is(receiver: Receiver, hook: Webhook, monkeypatch: pytest.MonkeyPatch):
    seen = []
    whole = receiver.take
    monkeypatch.setattr(receiver, "take", lambda headers, *rest: seen.append((headers, *rest)) or whole(headers, *rest))
    toy("Ärzte \U0001f9f8")
    deliver()
    assert sending.send()
    ((headers, body, promised),) = seen
    assert promised == len(body)
    assert "transfer-encoding" not in headers
    assert list(receiver.done) == [headers["webhook-id"]]
