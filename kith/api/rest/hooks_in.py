"""Webhooks that take in: where one is sent to, what came, working it off again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse

from kith.hooks import arriving, inlets
from kith.hooks.models import Arrival, Inlet
from kith.hooks.payload import moment

from .asking import Asked
from .hooks import Direction, is_list, is_text, only_one, page_of
from .wire import answer, body

Json = dict[str, Any]


def _told(asked: Asked, row: Inlet, secret: str) -> Json:
    house = settings.KITH_URL or asked.request.build_absolute_uri("/").rstrip("/")
    return {
        "address": f"{house}{inlets.address(row, secret)}",
        "used_at": moment(row.used_at) if row.used_at else None,
    }


TAKES_IN = Direction(
    model=Inlet,
    at="/api/v1/incoming-webhooks",
    members={"name": is_text, "object": is_text, "mapping": is_list, "match": is_text, "does": is_text},
    once={"secured": is_text},
    usual={"match": "", "does": Inlet.BOTH, "secured": Inlet.SIGNED},
    made=inlets.make,
    changed=inlets.change,
    renewed=inlets.new_secret,
    told=_told,
)


def arrivals(asked: Asked, pk: int) -> HttpResponse:
    """What came in, newest first, with what became of it."""
    return page_of(asked, Arrival.objects.filter(inlet=TAKES_IN.find(asked, pk)).defer("body"), _arrival)


def replay(asked: Asked, pk: int) -> HttpResponse:
    """Work off again what failed: one delivery, or all. What was done is done."""
    asked.only()
    only = only_one(body(asked.request, ("arrival",)), "arrival")
    return answer({"tried_again": arriving.repeat(asked.actor, TAKES_IN.find(asked, pk), only=only)}, 202)


def _arrival(one: Arrival) -> Json:
    return {
        "id": one.pk,
        "key": one.key,
        "at": moment(one.at),
        "state": one.state,
        "outcome": one.outcome,
        "error": one.error,
        "object": one.object,
        "record": one.record,
    }
