"""An invitation as text: what stands in the mail beside the file, made of the same appointment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from django.utils.translation import gettext as _

from ..dates import write_clock, write_day, write_moment
from ..recurrence import sentence
from ..sentences import isolated, listed
from ..times import WallTime
from ..viewer import Viewer
from .appointment import CANCEL, DAY, REQUEST, Appointment, Invitee

#: How many exceptions are named; the sentence of the series counts them all.
NAMED = 10


def in_words(appointment: Appointment, viewer: Viewer, method: str = REQUEST) -> str:
    """Plain text in the active language, a line for each thing that the file says of it."""
    return "\n".join(_lines(appointment, viewer, method))


def _lines(one: Appointment, viewer: Viewer, method: str) -> Iterator[str]:
    cancelled = one.cancelled or method == CANCEL
    title = {"title": isolated(one.title, viewer)}
    yield _("Cancelled: %(title)s") % title if cancelled else _("Invitation: %(title)s") % title
    yield from _when(one, viewer)
    if one.recurrence:
        yield _("Series: %(rule)s") % {"rule": sentence(one.recurrence, viewer)}
        yield from _exceptions(one, viewer)
    for label, text in ((_("Place: %(text)s"), one.place), (_("Link: %(text)s"), one.link)):
        if text:
            yield label % {"text": isolated(text, viewer)}
    if one.organizer:
        yield _("Invited by: %(name)s") % {"name": _name(one.organizer, viewer)}
    if one.attendees:
        yield _("Invited: %(names)s") % {"names": listed((_name(who, viewer) for who in one.attendees), viewer)}
    if one.text:
        yield ""
        yield one.text


def _when(one: Appointment, viewer: Viewer) -> Iterator[str]:
    if not isinstance(one.start, WallTime):
        last = one.start + timedelta(days=max(one.minutes // DAY, 1) - 1)
        if last == one.start:
            yield _("When: %(day)s, the whole day") % {"day": write_day(one.start, viewer, "long")}
        else:
            said = {"first": write_day(one.start, viewer, "long"), "last": write_day(last, viewer, "long")}
            yield _("When: %(first)s to %(last)s, whole days") % said
        return
    yield _("When: %(span)s (%(zone)s)") % _span(one.start.instant, one.minutes, one.start.zone, viewer)
    there, here = (one.start.instant.astimezone(ZoneInfo(zone)) for zone in (one.start.zone, viewer.zone))
    if there.utcoffset() != here.utcoffset():
        yield _("On your clock: %(span)s (%(zone)s)") % _span(one.start.instant, one.minutes, viewer.zone, viewer)


def _span(instant: datetime, minutes: int, zone: str, viewer: Viewer) -> dict[str, str]:
    there = instant.astimezone(ZoneInfo(zone))
    end = (instant + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
    span = write_moment(there, viewer)
    if minutes:
        until = write_clock(end.time(), viewer) if end.date() == there.date() else write_moment(end, viewer)
        span = _("%(start)s to %(end)s") % {"start": span, "end": until}
    return {"span": span, "zone": _place(zone, viewer)}


def _exceptions(one: Appointment, viewer: Viewer) -> Iterator[str]:
    series = one.recurrence
    if series is None:
        return
    for change in series.changes[:NAMED]:
        said = {"was": _said(change.original, one, viewer), "now": _said(change.start, one, viewer)}
        if change.start != change.original:
            yield _("Not on %(was)s but on %(now)s") % said
    if series.without:
        yield _("Not on: %(days)s") % {"days": listed((_said(m, one, viewer) for m in series.without[:NAMED]), viewer)}
    if series.extra:
        yield _("Also on: %(days)s") % {"days": listed((_said(m, one, viewer) for m in series.extra[:NAMED]), viewer)}


def _said(moment: datetime, one: Appointment, viewer: Viewer) -> str:
    day: date = moment.date()
    return write_moment(moment, viewer) if one.zone else write_day(day, viewer)


def _place(zone: str, viewer: Viewer) -> str:
    """The city that a zone is named after."""
    return zone if "/" not in zone else get_timezone_location(zone, locale=viewer.locale, return_city=True)


def _name(who: Invitee, viewer: Viewer) -> str:
    return isolated(who.name or who.email, viewer)


__all__ = ["in_words"]
