"""What the tests of webhooks share: a house with the cast, and a server that takes what is sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from kith.hooks import webhooks
from kith.hooks.models import Webhook
from kith.kernel import clock
from kith.kernel.actor import System
from kith.objects.write import create
from tests.cast import Cast
from tests.drain import drain

from .sink import Sink

SEED = System("seed")


@pytest.fixture
def sinks(settings: Any) -> Iterator[Callable[..., Sink]]:
    made: list[Sink] = []

    def start(*answers: Any) -> Sink:
        sink = Sink(*answers)
        made.append(sink)
        settings.KITH_OUTBOUND_ALLOW = frozenset(one.place for one in made)
        return sink

    yield start
    for one in made:
        one.close()


@pytest.fixture
def sink(sinks: Callable[..., Sink]) -> Sink:
    return sinks()


@pytest.fixture
def hook(cast: Cast) -> Callable[..., Webhook]:
    """Make a webhook of somebody's: `hook(sink)`; its secret is in `told`."""

    def make(sink: Sink, who: str = "eve", **given: Any) -> Webhook:
        asked = {
            "name": "Warehouse",
            "url": sink.url,
            "object": "toybox.toy",
            "kinds": ["created", "changed", "removed", "restored"],
            **given,
        }
        row, row.told = webhooks.make(cast.actor(who), asked)  # type: ignore[attr-defined]
        return row

    return make


def toy(name: str = "Robot", **values: Any) -> Any:
    """A toy that nobody in particular made."""
    return create(SEED, "toybox.toy", name=name, **values)


def said(sink: Sink) -> list[dict[str, Any]]:
    """What was sent, in order."""
    return [json.loads(body) for _headers, body in sink.got]


def later(**passed: float) -> Any:
    """Everything that is due so much later."""
    at = clock.now() + timedelta(**passed)
    with clock.frozen(at):
        drain()
    return at
