"""The verdict of `kith.kernel.hours` with what this house knows of a country, and in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from django.utils.translation import gettext as _

from kith.kernel.hours import Span, Verdict, Week
from kith.kernel.public_holidays import holiday, known
from kith.kernel.sentences import listed
from kith.kernel.viewer import Viewer

from ..kinds import Country, Date, DateTime, Hours
from ..kinds.local_clock import wall_time
from ..kinds.weekdays import day_name
from .customs import Customs


def week(
    usual: Customs,
    viewer: Viewer,
    *,
    zone: str,
    region: str = "",
    quiet: Span | None = None,
    preferred: Span | None = None,
    do_not_call: bool | None = False,
) -> Week:
    """How the days of somebody go who lives in the country of `usual`; what is given is her own and stands before what is usual."""
    return Week(
        zone=zone,
        country=usual.country,
        weekend=usual.weekend,
        working=usual.working,
        quiet=quiet or usual.quiet,
        preferred=preferred,
        do_not_call=do_not_call,
        holiday=holidays_of(usual.country, viewer.language, region),
    )


def holidays_of(country: str, language: str, region: str = "") -> Callable[[date], str]:
    """The name of the holiday that a day is, or ""."""
    return lambda day: holiday(country, day, language, region) if country else ""


def sentences(verdict: Verdict, week: Week, viewer: Viewer, *, asked: date | None = None) -> list[str]:
    """Why, and when it will be fine. `asked` is the day on which somebody asked not to be called.

    Names of places and days stand before a colon, where no language bends them.
    """
    if verdict.cause == "do_not_call":
        if asked is None:
            return [_("Do not call: this was asked for.")]
        return [_("Do not call: this was asked for on %(day)s.") % {"day": Date().format(asked, viewer)}]
    if verdict.cause == "withheld":
        return [_("Whether this person may be called is not for you to see. Ask a colleague who knows.")]
    if verdict.local is None:
        return [_("The time zone is not known, and so neither is the time of day there.")]
    said = [_reason(verdict, week, viewer)]
    if verdict.state == "yes" and not known(week.country):
        said.append(_("Public holidays of this country are not known here."))
    if verdict.next is not None:
        said.append(
            _("The next good moment, by your clock: %(when)s.") % {"when": DateTime().format(verdict.next, viewer)}
        )
    return said


def _reason(verdict: Verdict, week: Week, viewer: Viewer) -> str:
    local = verdict.local
    if local is None:
        return ""
    there = {
        "place": place(week.zone, viewer),
        "day": day_name(local.weekday(), viewer.locale),
        "time": wall_time(local, week.zone, viewer),
        "hours": Hours().format(verdict.span, viewer),
        "country": Country().name(week.country, viewer) if week.country else "",
        "holiday": verdict.holiday,
        "days": listed([day_name(day, viewer.locale) for day in sorted(week.weekend)], viewer),
    }
    return {
        "quiet": _("%(place)s, %(day)s, %(time)s: quiet hours (%(hours)s)."),
        "holiday": _("%(place)s, %(day)s, %(time)s: public holiday (%(country)s: %(holiday)s)."),
        "weekend": _("%(place)s, %(day)s, %(time)s: the days of the week-end there (%(days)s)."),
        "not_preferred": _("%(place)s, %(day)s, %(time)s: outside of the preferred hours (%(hours)s)."),
        "closed": _("%(place)s, %(day)s, %(time)s: outside of working hours (%(hours)s)."),
        "no_country": _(
            "%(place)s, %(day)s, %(time)s: the country is not known, and so neither are its week-end and holidays."
        ),
        "open": _("%(place)s, %(day)s, %(time)s: a good moment to call."),
    }[verdict.cause] % there


def place(zone: str, viewer: Viewer) -> str:
    """The city that a zone is named for, in the viewer's language."""
    if "/" not in zone or zone.startswith("Etc/"):
        return zone
    return str(get_timezone_location(ZoneInfo(zone), locale=viewer.locale, return_city=True))
