"""What falls due: whoever a record waits for is told when its moment has come, once.

An object says by `due` which of its fields name the moment and the person. An alarm is a row beside such a record while it is open. It is
set, moved and taken away by a reaction to what happens to the record, and it rings by a chore, which looks at the record once more.
What is done, moved or given to somebody else takes its notice along.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from kith.events.facts import LATER, Fact, emit, on
from kith.events.models import Event
from kith.events.schedule import every
from kith.identity.models import User
from kith.identity.names import viewer_of
from kith.kernel import clock
from kith.kernel.actor import Actor, System
from kith.kernel.times import WallTime
from kith.kernel.viewer import current_viewer
from kith.objects.access import fields as fields_of
from kith.objects.declare import Due, ObjectType, object_type
from kith.objects.filters import compile, parse
from kith.objects.filters.tree import leaves
from kith.objects.query import asker, visible_to

from .models import Alarm, Notice
from .notices import NoticeKind, tell

log = logging.getLogger("kith.alarms")

#: When the day's work begins: for what is due on a day, or was put off to one.
MORNING = time(8)
#: So many ring, and so many move with their people's zones, in one turn.
TURN = 200
_US = System("alarms")


@dataclass(frozen=True)
class FellDue(Fact):
    """The moment of a record has come, and it is open still. `when` is that moment, or the day, as its field packs it."""

    name = "record.due"
    label = lazy("A record fell due")
    icon = "calendar-clock"
    aside = True
    record: Any
    when: str

    def sentence(self) -> str:
        return _("A record fell due")


def _says(event: Event, reader: Actor) -> str:
    due = object_type(event.object).due
    field = fields_of(reader, event.object).get(due.when) if due is not None else None
    if field is None:
        return ""
    when = field.kind.format(field.kind.unpack(event.data.get("when")), current_viewer())
    return pgettext("of a next step", "Due %(day)s") % {"day": when}


DUE = NoticeKind(
    "due",
    lazy("Something of mine falls due"),
    "calendar-clock",
    _says,
    lazy("In the inbox this is on for what you planned yourself, until you decide here."),
    asked=True,
    alone=True,
)


def worth(events: list[Event]) -> Collection[Event]:
    """Those of the events that may set, move or take away an alarm."""
    touched: dict[str, set[str]] = {}
    found = []
    for event in events:
        if event.object not in touched:
            touched[event.object] = _fields(event.object)
        names = touched[event.object]
        if names and event.record and (event.name in ("removed", "restored") or names.intersection(event.data)):
            found.append(event)
    return found


def _fields(key: str) -> set[str]:
    o = object_type(key) if key in ObjectType.known() else None
    if o is None or o.due is None:
        return set()
    names = [o.due.when, o.due.whose, *(leaf.field for leaf in leaves(parse(o.due.open)))]
    return {o.field(name).id for name in names}


@on(("created", "changed", "undone", "removed", "restored"), LATER, only=worth)
def set_alarm(event: Event) -> None:
    """Let the alarm of a record say what its fields say now. Twice is once."""
    o = object_type(event.object)
    alarm = Alarm.objects.filter(object=event.object, record=event.record).first()
    wanted = _wanted(o, event.record or 0)
    if wanted is None:
        if alarm is not None:
            _shut(alarm)
        return
    if alarm is not None and _same(alarm, wanted):
        _reopen(alarm)
        return
    if alarm is not None:
        Notice.objects.filter(event=alarm.event, kind=DUE.key).delete()
        alarm.delete()
    if wanted.at > event.at:
        # What is over when it is said, she needs not be told: who gave it to her has.
        wanted.asked = (event.actor_kind, event.actor_id) == ("user", str(wanted.user_id))
        wanted.save()


def _wanted(o: ObjectType, pk: int) -> Alarm | None:
    """The alarm that a record should have, unsaved; None for what is gone, done, or due for nobody."""
    due = o.due
    if due is None:
        return None
    record = visible_to(_US, o).filter(compile(o, due.open, asker(_US)), pk=pk).first()
    when = o.field(due.when).get(record) if record is not None else None
    whose = o.field(due.whose).get(record) if when is not None else None
    user = User.objects.filter(pk=whose.id).first() if whose is not None else None
    if user is None or when is None:
        return None
    alarm = Alarm(object=o.key, record=pk, user=user)
    return _timed(alarm, when)


def _timed(alarm: Alarm, when: date) -> Alarm | None:
    """The alarm with its moment: that which is said, or the morning of a day where she is; None beyond all calendars."""
    if isinstance(when, datetime):
        alarm.at, alarm.day, alarm.zone = when, None, ""
        return alarm
    try:
        alarm.at = WallTime(datetime.combine(when, MORNING), viewer_of(alarm.user).zone).instant
    except OverflowError:
        return None
    alarm.day, alarm.zone = when, alarm.user.zone
    return alarm


def _same(alarm: Alarm, wanted: Alarm) -> bool:
    if alarm.user_id != wanted.user_id:
        return False
    return alarm.day == wanted.day if alarm.day or wanted.day else alarm.at == wanted.at


def _shut(alarm: Alarm) -> None:
    """It was done, or put into the trash: who was told of it is done with it, too."""
    if alarm.event is None:
        alarm.delete()
    elif alarm.shut_at is None:
        alarm.shut_at = clock.now()
        alarm.save(update_fields=["shut_at"])
        hers = Notice.objects.filter(event=alarm.event, kind=DUE.key, done_at=None)
        hers.update(done_at=alarm.shut_at, mail_at=None)


def _reopen(alarm: Alarm) -> None:
    """It is open after all: the notice that went with it comes back. One that she was done with herself does not."""
    if alarm.shut_at is not None:
        Notice.objects.filter(event=alarm.event, kind=DUE.key, done_at=alarm.shut_at).update(done_at=None)
        alarm.shut_at = None
        alarm.save(update_fields=["shut_at"])


@every(minutes=5)
def follow_zones() -> None:
    """Whoever is elsewhere than when an alarm was set has her mornings there."""
    waiting = Alarm.objects.filter(event=None, day__isnull=False).select_related("user")
    for alarm in list(waiting.exclude(zone=F("user__zone"))[:TURN]):
        if alarm.day is not None and _timed(alarm, alarm.day) is not None:
            alarm.save(update_fields=["at", "zone"])


@every(seconds=20)
def ring() -> None:
    """Tell everybody for whom something is due by now."""
    waiting = Alarm.objects.filter(event=None, at__lte=clock.now()).select_related("user")
    for alarm in list(waiting.order_by("at", "pk")[:TURN]):
        try:
            with transaction.atomic():
                _ring(alarm)
        except Exception:
            # One that cannot ring keeps nobody else's from ringing.
            log.exception("alarm failed")


def _ring(alarm: Alarm) -> None:
    mine = Alarm.objects.filter(pk=alarm.pk)
    o = object_type(alarm.object) if alarm.object in ObjectType.known() else None
    wanted = _wanted(o, alarm.record) if o is not None else None
    if o is None or wanted is None or not _same(alarm, wanted):
        # What happened to it meanwhile is on its way to the reaction, which sets it anew.
        mine.delete()
        return
    # Compare and set: whoever changed the row first tells of it.
    if not mine.filter(event=None).update(event=0):
        return
    record = visible_to(_US, o).get(pk=alarm.record)
    due = o.due or Due("", "")
    field = o.field(due.when)
    event = emit(FellDue(record, field.kind.pack(field.get(record))), _US)
    mine.update(event=event.pk)
    tell(event, {alarm.user_id: DUE}, asked={alarm.user_id} if alarm.asked else ())


__all__ = ["DUE", "MORNING", "FellDue", "follow_zones", "ring", "set_alarm", "worth"]
