"""Deliveries: at least once, in order, retried with back-off; what cannot be delivered becomes a dead letter."""

from __future__ import annotations

import logging
import random
import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from kith.kernel import clock
from kith.kernel.actor import System, acting, cause

from .facts import Reaction
from .models import Delivery

log = logging.getLogger("kith.outbox")

#: Waits between tries; after the last one the delivery is dead. About two days in all.
BACK_OFF = [timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 7200, 21600, 43200, 86400)]
#: So long a worker that died keeps others from what it had taken; one that lives renews it before each delivery that follows later.
LEASE, RENEWED = timedelta(minutes=1), timedelta(seconds=15)


def deliver(limit: int = 100) -> int:
    """Work off up to `limit` due deliveries; returns how many were tried. Several workers may call this at once."""
    token = uuid.uuid4().hex
    now = clock.now()
    free = Delivery.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lt=now), done=None, dead=False, due__lte=now
    )
    with transaction.atomic():
        ids = list(free.order_by("due", "id").values_list("pk", flat=True)[:limit])
        # Compare and set: whoever changed the row first has it.
        free.filter(pk__in=ids).update(claim=token, claimed_until=now + LEASE)
    claimed = Delivery.objects.filter(claim=token, done=None, dead=False).select_related("event").order_by("due", "id")
    tried, until = 0, now + LEASE
    for delivery in claimed:
        if clock.now() > until - LEASE + RENEWED or _outside(delivery):
            until = clock.now() + LEASE
            mine = Delivery.objects.filter(claim=token, done=None, dead=False)
            mine.update(claimed_until=until)
            if not mine.filter(pk=delivery.pk).exists():
                continue  # another worker took this one for dead, and has it now
        _try(delivery)
        tried += 1
    return tried


def _outside(delivery: Delivery) -> bool:
    """Whether it asks another machine, which cannot be taken back."""
    reaction = Reaction.registry.get(delivery.consumer)
    return reaction is not None and reaction.outside


def _try(delivery: Delivery) -> None:
    reaction = Reaction.registry.get(delivery.consumer)
    try:
        if reaction is None:
            raise LookupError(f"Nobody is called {delivery.consumer}.")
        if reaction.outside:
            # It asks another machine, for which no transaction may wait; that it was done is written down afterwards.
            with acting(System(delivery.consumer)), cause(f"event:{delivery.event.pk}"):
                reaction(delivery.event)
            Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim).update(done=clock.now(), claim="")
            return
        with transaction.atomic(), acting(System(delivery.consumer)), cause(f"event:{delivery.event.pk}"):
            # Done in the same transaction as the effect: what the database sees happens once.
            won = Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim, done=None).update(
                done=clock.now(), claim=""
            )
            if won:
                reaction(delivery.event)
    except Exception as fault:
        log.warning(
            "delivery failed",
            extra={"delivery": delivery.pk, "consumer": delivery.consumer, "fault": type(fault).__name__},
        )
        tries = delivery.tries + 1
        dead = tries > len(BACK_OFF)
        wait = BACK_OFF[min(tries, len(BACK_OFF)) - 1]
        # Jitter: what failed together is not tried again together.
        due = clock.now() + wait * random.uniform(0.8, 1.2)  # noqa: S311 - nobody gains by guessing it
        Delivery.objects.filter(pk=delivery.pk).update(
            tries=tries,
            dead=dead,
            due=due,
            claim="",
            claimed_until=None,
            error=f"{type(fault).__name__}: {fault}"[:2000],
        )


def revive(delivery: Delivery) -> None:
    """Try a dead letter again, from the beginning of its back-off."""
    Delivery.objects.filter(pk=delivery.pk, dead=True).update(dead=False, tries=0, due=clock.now(), error="")
