"""What falls due: told once, at the moment where she is, to whoever it waits for; and not any more when it was done or moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kith.events.models import Delivery, Event
from kith.kernel import clock
from kith.kernel.actor import cause
from kith.objects.access.models import Role
from kith.objects.query import find
from kith.objects.write import change, create, purge, remove, restore, undo
from kith.threads import inbox
from kith.threads.alarms import FellDue, follow_zones, ring
from kith.threads.models import Alarm, Notice, Wish
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.every_engine]
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
#: Half past four in Helsinki.
DUE_AT = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
Delivered = Callable[[], None]


@pytest.fixture(autouse=True)
def now() -> Any:
    """The week in which these stories happen."""
    with clock.frozen(START):
        yield


@pytest.fixture
def rung(delivered: Delivered) -> Callable[[datetime], list[tuple[str, str, str]]]:
    """`rung(at)`: everything is delivered, the chore runs at that moment; who stands told of what, and in which box."""

    def at(moment: datetime) -> list[tuple[str, str, str]]:
        with clock.frozen(moment):
            delivered()
            follow_zones()
            ring()
        told = Notice.objects.filter(kind="due").order_by("pk")
        return [(n.user.name, n.object, "done" if n.done_at else "new") for n in told]

    return at


def task(cast: Cast, who: str = "ada", **values: Any) -> Any:
    made = {"name": "Send the quote", "due_at": DUE_AT, "owner": getattr(cast, who).pk}
    return create(cast.actor(who), "toybox.task", {**made, **values})


def test_whoever_has_a_task_is_told_when_it_is_due_and_once(cast: Cast, rung: Any) -> None:
    task(cast)
    assert rung(DUE_AT - timedelta(seconds=1)) == []
    assert rung(DUE_AT) == [("Ada", "toybox.task", "new")]
    assert rung(DUE_AT + timedelta(days=1)) == [("Ada", "toybox.task", "new")]
    assert Event.objects.filter(name=FellDue.name).count() == 1
    Delivery.objects.update(done=None)
    assert rung(DUE_AT + timedelta(days=2)) == [("Ada", "toybox.task", "new")]
    (group,) = inbox.inbox(cast.actor("ada")).groups
    assert (group.title, group.lines[0].by) == ("Send the quote", "")
    assert "22" in group.lines[0].says
    assert group.lines[0].told == group.lines[0].says


def test_a_day_is_due_in_the_morning_where_she_is_also_after_she_moved(cast: Cast, rung: Any) -> None:
    cast.ada.zone = "Europe/Helsinki"
    cast.ada.save()
    create(cast.actor("ada"), "toybox.toy", name="Bear", plan="Mend it", plan_on=date(2026, 11, 22), owner=cast.ada.pk)
    assert rung(datetime(2026, 11, 22, 5, 59, tzinfo=UTC)) == []
    cast.ada.zone = "America/New_York"
    cast.ada.save()
    assert rung(datetime(2026, 11, 22, 12, 59, tzinfo=UTC)) == []
    assert rung(datetime(2026, 11, 22, 13, 0, tzinfo=UTC)) == [("Ada", "toybox.toy", "new")]


def test_what_is_done_takes_its_notice_along_and_what_is_open_again_brings_it_back(cast: Cast, rung: Any) -> None:
    made = task(cast)
    rung(DUE_AT)
    later = DUE_AT + timedelta(hours=1)
    with clock.frozen(later), cause("request:done"):
        change(cast.actor("ada"), made, done=True)
    assert rung(later) == [("Ada", "toybox.task", "done")]
    with clock.frozen(later):
        undo(cast.actor("ada"), "request:done")
    assert rung(later) == [("Ada", "toybox.task", "new")]
    with clock.frozen(later + timedelta(minutes=5)):
        inbox.done(cast.actor("ada"), "toybox.task", made.pk, 0)
        remove(cast.actor("ada"), find(cast.actor("ada"), "toybox.task", made.pk))
    later += timedelta(hours=1)
    rung(later)
    with clock.frozen(later):
        restore(cast.actor("ada"), find(cast.actor("ada"), "toybox.task", made.pk, trash=True))
    assert rung(later) == [("Ada", "toybox.task", "done")], "what she was done with herself stays so"


def test_what_is_done_before_its_time_rings_for_nobody(cast: Cast, rung: Any) -> None:
    done, gone, emptied = task(cast), task(cast), task(cast)
    rung(START)
    change(cast.actor("ada"), done, done=True)
    remove(cast.actor("ada"), gone)
    change(cast.actor("ada"), emptied, due_at=None)
    with clock.frozen(DUE_AT):
        ring()  # before the outbox heard of it: the chore looks for itself
    assert rung(DUE_AT) == []
    assert Alarm.objects.count() == 0


def test_what_is_moved_is_told_at_its_new_time_and_the_old_notice_goes(cast: Cast, rung: Any) -> None:
    made = task(cast)
    assert rung(DUE_AT) != []
    with clock.frozen(DUE_AT):
        change(cast.actor("ada"), made, due_at=DUE_AT + timedelta(days=2))
    assert rung(DUE_AT + timedelta(days=1)) == []
    assert rung(DUE_AT + timedelta(days=2)) == [("Ada", "toybox.task", "new")]


def test_a_task_that_goes_to_somebody_else_is_hers_from_then_on(cast: Cast, rung: Any) -> None:
    made = task(cast)
    Wish.objects.create(user=cast.ben, kind="due", app=True)
    rung(START)
    change(cast.actor("ada"), made, owner=cast.ben.pk)
    assert rung(DUE_AT) == [("Ben", "toybox.task", "new")]


def test_it_is_on_for_what_one_planned_oneself_and_else_for_whoever_wants_it(cast: Cast, rung: Any) -> None:
    task(cast, owner=cast.ben.pk)
    assert rung(DUE_AT) == []
    Wish.objects.create(user=cast.ada, kind="due", app=False)
    with clock.frozen(DUE_AT):
        task(cast, due_at=DUE_AT + timedelta(hours=1))
    assert rung(DUE_AT + timedelta(hours=1)) == []


def test_whoever_may_not_see_the_record_or_its_date_is_told_nothing(cast: Cast, rung: Any) -> None:
    for who in ("dee", "eve"):
        Wish.objects.create(user=getattr(cast, who), kind="due", app=True)
    cast.hide("toybox.task", "due_at")
    for who in ("dee", "eve"):
        create(cast.actor("admin"), "toybox.task", name="Send", due_at=DUE_AT, owner=getattr(cast, who).pk)
    assert rung(START) == []
    assert Alarm.objects.count() == 2
    # She loses her rights before the time has come.
    Role.objects.get(key="own").users.clear()
    assert rung(DUE_AT) == []


def test_what_is_over_when_it_is_written_down_is_told_to_nobody(cast: Cast, rung: Any) -> None:
    task(cast, due_at=START - timedelta(days=3))
    assert Alarm.objects.count() == 0
    assert rung(DUE_AT) == []


def test_a_purged_record_leaves_no_alarm(cast: Cast, rung: Any) -> None:
    made = task(cast)
    rung(START)
    assert Alarm.objects.count() == 1
    remove(cast.actor("ada"), made)
    purge(cast.actor("admin"), made)
    assert Alarm.objects.count() == 0


def test_one_alarm_that_fails_keeps_no_other_from_ringing(
    cast: Cast, rung: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second = task(cast, due_at=DUE_AT - timedelta(hours=1)), task(cast)
    rung(START)
    from kith.threads import alarms

    plain = alarms._ring
    monkeypatch.setattr(alarms, "_ring", lambda alarm: 1 / 0 if alarm.record == first.pk else plain(alarm))
    assert rung(DUE_AT) == [("Ada", "toybox.task", "new")]


@pytest.mark.parametrize("key", ["toybox.box"])
def test_objects_without_a_date_have_no_deliveries(cast: Cast, key: str) -> None:
    create(cast.actor("ada"), key, name="Attic", country="FI")
    assert not Delivery.objects.filter(consumer__contains="alarms").exists()
