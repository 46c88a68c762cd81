"""What is said of who sees a record is what the gate does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models, transaction

from kith.identity.names import actor_of
from kith.kernel import clock
from kith.kernel.viewer import NEUTRAL
from kith.objects.access import visible
from kith.objects.access.reasons import who_sees
from kith.objects.custom import definitions
from kith.objects.declare import object_type

from .matrix.world import SORTS, World, build

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.frozen(clock.now()):
            yield build()
        transaction.set_rollback(True)
    definitions.forget()


@pytest.mark.parametrize("sort", SORTS)
def test_the_reasons_given_are_those_by_which_the_gate_opens(world: World, sort: str):
    definitions.forget()
    definitions.refresh()
    for o in world.objects:
        if object_type(o.key).common:
            continue
        record = world.records[o.key, sort]
        if o.follows and sort == "trashed":
            continue
        _above, seers = who_sees(record, NEUTRAL)
        told = {(seer.user.name, verb) for seer in seers for verb in ("view", "change") if getattr(seer, verb)}
        rows = models.QuerySet(o.model).filter(pk=record.pk)
        really = {
            (user.name, verb)
            for user in world.users.values()
            for verb in ("view", "change")
            if rows.filter(visible(actor_of(user), o, verb)).exists()
        }
        assert told == really, o.key


def test_the_reasons_are_words(world: World):
    definitions.forget()
    definitions.refresh()
    _record, seers = who_sees(world.records["toybox.box", "territory's"], NEUTRAL)
    said = {seer.user.name: seer.view for seer in seers}
    assert said["Tor"] == ["Role “territory”: territory “Territory”"]
    assert said["Admin"] == ["Administrator"]
    assert "Owner" in said["Olga"]
    _record, seers = who_sees(world.records["toybox.box", "own"], NEUTRAL)
    said = {seer.user.name: seer.view for seer in seers}
    assert said["Uma"] == ["Stands in for Ada"]
    assert said["Cai"] == ["Role “team”: team “Team”"]
