"""One month to choose a day from: in the reader's calendar, digits and week, and with the text that she would have typed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.calendars import GREGORIAN, Calendar, calendar
from kith.kernel.dates import write_day
from kith.kernel.digits import local_digits
from kith.kernel.errors import Refused
from kith.kernel.viewer import Viewer
from kith.objects.kinds import Date
from kith.objects.kinds.typed_dates import type_date

from ..render import page


def month(request: Any, actor: Actor) -> HttpResponse:
    """The month of `day` (ISO 8601), else of what was typed in `text`, else of today; `text` may hold a time behind its date."""
    viewer = request.viewer
    today = clock.today(viewer.zone)
    chosen = _typed(request.GET.get("text", ""), viewer)
    try:
        shown = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        shown = chosen or today
    # A week at either end of time would need days that there are none of.
    shown = min(max(shown, date(1, 2, 1)), date(9999, 11, 30))
    return page(request, "ui/parts/month.html", _month(shown, chosen, today, viewer), part="ui/parts/month.html")


def _typed(text: str, viewer: Viewer) -> date | None:
    """The day that stands in an input, before a time or not; None for nothing that can be read."""
    words = text.strip()[:80].split()
    for n in range(len(words), 0, -1):
        try:
            return Date().parse(" ".join(words[:n]), viewer)
        except Refused:
            continue
    return None


def _month(shown: date, chosen: date | None, today: date, viewer: Viewer) -> dict[str, Any]:
    own = calendar(viewer.calendar)
    if not own.holds(shown):
        own = calendar(GREGORIAN)
    year, number, day = own.of(shown)
    first = own.joined(year, number, 1)
    last = own.joined(year, number, own.days_in(year, number))
    start = _back(first, (first.weekday() - viewer.week_starts) % 7)
    weeks = []
    while start <= last:
        weeks.append(
            [_day(start + timedelta(days=i), first, last, shown, chosen, today, own, viewer) for i in range(7)]
        )
        if last.toordinal() - start.toordinal() < 7:
            break
        start += timedelta(days=7)
    names: Any = viewer.locale.days["stand-alone"]
    order = [(viewer.week_starts + i) % 7 for i in range(7)]
    return {
        "title": write_day(first, viewer, "month"),
        "weeks": weeks,
        "heads": [(names["short" if "short" in names else "abbreviated"][n], names["wide"][n]) for n in order],
        "before": _step(own, year, number, day, -1),
        "after": _step(own, year, number, day, 1),
        "year_before": _step(own, year, number, day, -12),
        "year_after": _step(own, year, number, day, 12),
        "today": {"iso": today.isoformat(), "text": type_date(today, viewer), "said": write_day(today, viewer)},
    }


def _back(day: date, days: int) -> date:
    return date.fromordinal(max(1, day.toordinal() - days))


def _day(
    day: date, first: date, last: date, shown: date, chosen: date | None, today: date, own: Calendar, viewer: Viewer
) -> dict[str, Any]:
    told = own.holds(day)
    return {
        "iso": day.isoformat(),
        "number": local_digits(str(own.split(day)[2]), viewer) if told else "",
        "text": type_date(day, viewer),
        "said": write_day(day, viewer, "long"),
        "weekday": viewer.locale.days["format"]["wide"][day.weekday()],
        "inside": first <= day <= last,
        "shown": day == shown,
        "chosen": day == chosen,
        "today": day == today,
        "weekend": day.weekday() in viewer.weekend,
    }


def _step(own: Calendar, year: int, month: int, day: int, by: int) -> str:
    """The same day so many months later, or the last one of a shorter month; "" where the calendar ends."""
    years, rest = divmod(year * 12 + month - 1 + by, 12)
    try:
        return own.day(years, rest + 1, min(day, own.days_in(years, rest + 1))).isoformat()
    except (Refused, ValueError, OverflowError):
        return ""
