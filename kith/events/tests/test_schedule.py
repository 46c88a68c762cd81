"""Chores by the clock: one worker at a time, however many there are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kith.events import schedule
from kith.kernel import clock

pytestmark = pytest.mark.django_db


def test_a_chore_runs_once_in_its_interval():
    ran = []

    @schedule.every(hours=1)
    def chore() -> None:
        ran.append(clock.now())

    schedule.Chore.registry._items[chore.key] = chore
    try:
        schedule.run_due()
        schedule.run_due()
        assert len(ran) == 1
        with clock.frozen(clock.now() + timedelta(hours=2)):
            schedule.run_due()
        assert len(ran) == 2
    finally:
        del schedule.Chore.registry._items[chore.key]


def test_a_chore_that_fails_hinders_no_other():
    ran = []

    @schedule.every(hours=1)
    def broken() -> None:
        raise ZeroDivisionError

    @schedule.every(hours=1)
    def fine() -> None:
        ran.append(1)

    for chore in (broken, fine):
        schedule.Chore.registry._items[chore.key] = chore
    try:
        schedule.run_due()
        assert ran == [1]
    finally:
        for chore in (broken, fine):
            del schedule.Chore.registry._items[chore.key]
