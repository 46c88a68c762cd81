"""What a calendar shows of a view: days with what stands on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.calendars import GREGORIAN, calendar
from kith.kernel.dates import write_clock, write_moment
from kith.kernel.digits import local_digits
from kith.kernel.errors import Refused
from kith.kernel.viewer import Viewer
from kith.objects.access import fields as fields_of
from kith.objects.access import may, readable
from kith.objects.agenda import Day, on_days
from kith.objects.declare import Field, ObjectType
from kith.objects.kinds import TimeZone
from kith.objects.kinds.numerals import show_number
from kith.objects.kinds.spoken import said
from kith.objects.kinds.typed_dates import type_date
from kith.objects.query import visible_to

from ..parameters import Layout, Parameter, one_of
from ..view import View
from .spans import AGENDA, DAY, MONTH, SPANS, named, span

KEY = "calendar"
#: So many records of a day are read: what a cell of a month shows, and what a day of its own does.
IN_A_CELL, IN_A_DAY = 4, 100


@dataclass(frozen=True)
class Entry:
    """One record on a day. `time` is "" for all day; `there` says the time where the record's person is, "" where that is no other."""

    pk: int
    version: int
    title: str
    url: str
    time: str
    there: str
    hue: int | None
    state: str
    movable: bool
    #: Where the move to another day is asked for without dragging.
    move: str
    carried: bool


@dataclass(frozen=True)
class Cell:
    """One day as it is shown. `more` is how many further records there are, as a number in the viewer's digits."""

    day: date
    iso: str
    number: str
    said: str
    inside: bool
    today: bool
    weekend: bool
    entries: list[Entry]
    count: int
    more: str
    url: str
    new: str


def dates_of(actor: Actor, o: ObjectType) -> list[Field]:
    """The dates by which `actor` may lay out a calendar, those that are meant for one first."""
    found = [f for f in fields_of(actor, o).values() if can_be_days(f)]
    return sorted(found, key=lambda f: (not f.facts.calendar, not f.writable))


def can_be_days(field: Field) -> bool:
    """Whether the values of a field stand on days."""
    return field.kind.timed is not None and field.filterable and not field.kind.multiple


def date_for(actor: Actor, o: ObjectType, name: str) -> Field:
    """The date that a view names, or the likeliest one; Refused, in a sentence, where there is none."""
    if name:
        field = readable(actor, o, name)
        if not can_be_days(field) or field.name != name:
            raise Refused(_("“%(field)s” is no date that a calendar could show.") % {"field": field.label}, field=name)
        return field
    found = dates_of(actor, o)
    if not found:
        raise Refused(_("There is no date here that a calendar could show."))
    return found[0]


def build(request: Any, actor: Actor, view: View) -> dict[str, Any]:
    """The calendar of a view, as its template is drawn with; Refused, in a sentence, for what cannot be shown so."""
    o, viewer = view.object, request.viewer
    on = date_for(actor, o, view["on"])
    today = clock.today(viewer.zone)
    at = _day(view["at"]) or today
    key = view["span"] or MONTH
    shown = span(key, at, viewer)
    mine = fields_of(actor, o)
    zone = next((f for f in mine.values() if f.kind.tells_zone), None)
    state = next((f for f in mine.values() if f.facts.board), None)
    columns = [o.title, on.name, *(f.name for f in (zone, state) if f)]
    days = on_days(
        actor,
        o,
        on.name,
        shown.days,
        each=IN_A_CELL if key == MONTH else IN_A_DAY,
        filter=view.filter,
        search=view.q,
        columns=columns,
        viewer=viewer,
    )
    draw = _Entries(actor, o, on, zone, state, viewer, days)
    creates = on.name in fields_of(actor, o, "create") and may(actor, "create", o) and not on.facts.yearly

    def cell(day: Day) -> Cell:
        left = day.count - len(day.records)
        typed = type_date(day.day, viewer) + (f" {local_digits('09:00', viewer)}" if on.kind.timed else "")
        return Cell(
            day.day,
            day.day.isoformat(),
            _number(day.day, viewer),
            named(day.day, viewer),
            shown.inside(day.day),
            day.day == today,
            day.day.weekday() in viewer.weekend,
            draw.of(day),
            day.count,
            show_number(left, viewer) if left > 0 else "",
            view.url(span=DAY, at=day.day.isoformat()),
            f"{o.url()}new/?{urlencode({on.name: typed})}&stay=1" if creates else "",
        )

    cells = [cell(day) for day in days]
    number = sum(c.count for c in cells)
    wide: Any = viewer.locale.days["stand-alone"]["wide"]
    short: Any = viewer.locale.days["stand-alone"]["abbreviated"]
    order = [day.weekday() for day in shown.days[:7]]
    return {
        "object": o,
        "view": view,
        "here": view.url(at=at.isoformat()) if view["at"] else view.url(),
        "on": on,
        "span": shown,
        "unsaid": not view["span"],
        "cells": cells,
        "weeks": [cells[i : i + 7] for i in range(0, len(cells), 7)],
        "busy": [c for c in cells if c.entries and (key != MONTH or c.inside)],
        "names": [(short[n], wide[n]) for n in order],
        "spans": [(k, label, view.url(span=k, at=at.isoformat()), k == key) for k, label in SPANS.items()],
        "before": view.url(at=shown.before.isoformat()),
        "after": view.url(at=shown.after.isoformat()),
        "today_url": view.url(),
        "at": at.isoformat(),
        "at_typed": type_date(at, viewer),
        "moves": f"on={on.name}",
        "on_fields": [(f, view.url(on=f.name, at=view["at"])) for f in dates_of(actor, o)],
        "zone": viewer.zone if on.kind.timed else "",
        "some": number > 0,
        "count": show_number(number, viewer),
        "found": number,
        "more": "",
        "rows": "",
        "heads": [],
        "totals": "",
        "filtered": bool(view.filter or view.q),
        "create": may(actor, "create", o),
        "clear": view.url(filter="", q=""),
        "month": key == MONTH,
        "agenda": key in (AGENDA, DAY),
    }


class _Entries:
    """Makes the entries of all days, prepared once."""

    def __init__(
        self,
        actor: Actor,
        o: ObjectType,
        on: Field,
        zone: Field | None,
        state: Field | None,
        viewer: Viewer,
        days: list[Day],
    ):
        self.object, self.on, self.zone, self.state, self.viewer = o, on, zone, state, viewer
        self.titled = o.title in fields_of(actor, o)
        self.options = {option.value: option for option in (state.kind.choices(viewer) or () if state else ())}
        self.mine: set[int] = set()
        ids = {r.pk for day in days for r in day.records}
        if ids and on.name in fields_of(actor, o, "change") and not on.facts.yearly:
            self.mine = set(visible_to(actor, o, "change").filter(pk__in=ids).values_list("pk", flat=True))

    def of(self, day: Day) -> list[Entry]:
        """The entries of one day: what lasts all day first, then by time."""
        made = [self._entry(record, day.day) for record in day.records]
        return sorted(made, key=lambda entry: bool(entry.time))

    def _entry(self, record: Any, day: date) -> Entry:
        o, viewer = self.object, self.viewer
        value = self.on.get(record)
        carried = not self.on.facts.yearly and self.on.kind.day_of(value, viewer) != day
        time = ""
        if self.on.kind.timed and not carried:
            time = write_clock(value.astimezone(viewer.tzinfo).time(), viewer)
        state = self.state.get(record) if self.state else ""
        option = self.options.get(state)
        return Entry(
            record.pk,
            record.version,
            o.title_of(record, viewer) if self.titled else f"#{record.pk}",
            o.url(record.pk),
            time,
            self._there(record, value) if time else "",
            option.hue if option else None,
            said(option.label, viewer) if option else "",
            record.pk in self.mine and not carried,
            f"{o.url(record.pk)}day/?on={self.on.name}",
            carried,
        )

    def _there(self, record: Any, value: datetime) -> str:
        """The time where the record's person is, where the clocks there say another one."""
        zone = self.zone.get(record) if self.zone is not None else ""
        if not zone:
            return ""
        there, here = value.astimezone(ZoneInfo(zone)), value.astimezone(self.viewer.tzinfo)
        if there.utcoffset() == here.utcoffset():
            return ""
        same = there.date() == here.date()
        said = write_clock(there.time(), self.viewer) if same else write_moment(there, self.viewer)
        return _("%(time)s in %(place)s") % {"time": said, "place": TimeZone().format(zone, self.viewer)}


def _number(day: date, viewer: Viewer) -> str:
    own = calendar(viewer.calendar)
    if not own.holds(day):
        own = calendar(GREGORIAN)
    return local_digits(str(own.split(day)[2]), viewer)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def offered(o: ObjectType) -> bool:
    """Whether an object has a date."""
    return any(can_be_days(f) for f in o.fields.values())


def _is_calendar(view: View, actor: Actor, viewer: Viewer) -> None:
    if view["on"]:
        date_for(actor, view.object, view["on"])


LAYOUT = Layout(
    KEY, pgettext_lazy("a layout of lists", "Calendar"), "calendar-days", offered, build, "ui/calendar/calendar.html"
)
PARAMETERS = (
    Parameter("on", check=_is_calendar),
    Parameter("span", one_of(SPANS)),
    Parameter("at", kept=False, stands=True),
)
