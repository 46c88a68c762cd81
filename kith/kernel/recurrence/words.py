"""A recurrence in words: whole sentences, one after the other, in the language that is active."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..calendars import GREGORIAN
from ..dates import write_day
from ..sentences import counted, either, listed, ordinary, together
from ..viewer import Viewer
from .rule import DAILY, MONTHLY, WEEKLY, YEARLY, Rule
from .series import Recurrence


def sentence(recurrence: Recurrence, viewer: Viewer) -> str:
    """What recurs when: “Every 2 weeks on Monday and Wednesday. The last time is 5 Mar 2027 at the latest.”"""
    rule = recurrence.rule
    told = [] if rule is None else [_how_often(rule, viewer), *_limits(rule, viewer), _end(rule, viewer)]
    for say, moments in ((_added, recurrence.extra), (_left_out, recurrence.without), (_changed, recurrence.changes)):
        if moments:
            told.append(say(len(moments)) % {"n": counted(len(moments), viewer)})
    if rule is not None and (rule.months or rule.month_days or rule.year_days) and viewer.calendar != GREGORIAN:
        told.append(_("Days and months are those of the Gregorian calendar."))
    return together(*told)


def _how_often(rule: Rule, viewer: Viewer) -> str:
    said = {
        "n": counted(rule.interval, viewer),
        "days": "" if rule.every == DAILY else listed(_days(rule, viewer), viewer),
        "months": listed(_months(rule, viewer), viewer) if rule.every == YEARLY else "",
    }
    way = (rule.every, bool(said["months"]), bool(said["days"]))
    # In some languages the form for one serves for 21 and 101 as well, so that "every day" is a sentence of its own.
    return (_each(*way) if rule.interval == 1 else _each_nth(*way, rule.interval)) % said


def _each(every: str, months: bool, days: bool) -> str:
    if every == DAILY:
        return _("Every day.")
    if every == WEEKLY:
        return _("Every week on %(days)s.") if days else _("Every week.")
    if every == MONTHLY:
        return _("Every month on %(days)s.") if days else _("Every month.")
    if months:
        return _("Every year in %(months)s on %(days)s.") if days else _("Every year in %(months)s.")
    return _("Every year on %(days)s.") if days else _("Every year.")


def _each_nth(every: str, months: bool, days: bool, n: int) -> str:
    if every == DAILY:
        return ngettext("Every %(n)s day.", "Every %(n)s days.", n)
    if every == WEEKLY and days:
        return ngettext("Every %(n)s week on %(days)s.", "Every %(n)s weeks on %(days)s.", n)
    if every == WEEKLY:
        return ngettext("Every %(n)s week.", "Every %(n)s weeks.", n)
    if every == MONTHLY and days:
        return ngettext("Every %(n)s month on %(days)s.", "Every %(n)s months on %(days)s.", n)
    if every == MONTHLY:
        return ngettext("Every %(n)s month.", "Every %(n)s months.", n)
    if months and days:
        return ngettext(
            "Every %(n)s year in %(months)s on %(days)s.", "Every %(n)s years in %(months)s on %(days)s.", n
        )
    if months:
        return ngettext("Every %(n)s year in %(months)s.", "Every %(n)s years in %(months)s.", n)
    if days:
        return ngettext("Every %(n)s year on %(days)s.", "Every %(n)s years on %(days)s.", n)
    return ngettext("Every %(n)s year.", "Every %(n)s years.", n)


def _days(rule: Rule, viewer: Viewer) -> Iterable[str]:
    """What the first sentence names: days of the month where there are some, else days of the week."""
    if rule.month_days:
        return [
            _month_day(n, viewer)
            for n in (*(n for n in rule.month_days if n > 0), *(n for n in rule.month_days if n < 0))
        ]
    return [_weekday(nth, day, viewer) for nth, day in _week_order(rule, viewer)]


def _week_order(rule: Rule, viewer: Viewer) -> list[tuple[int, int]]:
    """Days in the order of the viewer's week; counted ones as they are counted."""
    return sorted(rule.weekdays, key=lambda pair: (pair[0] < 0, pair[0], (pair[1] - viewer.week_starts) % 7))


def _limits(rule: Rule, viewer: Viewer) -> Iterable[str]:
    """What must hold besides, each in a sentence of its own."""
    if rule.every == DAILY and rule.month_days:
        yield _("Only on %(days)s of a month.") % {"days": listed(_days(rule, viewer), viewer)}
    if rule.weekdays and (rule.every == DAILY or rule.month_days):
        days = either((_weekday(nth, day, viewer) for nth, day in _week_order(rule, viewer)), viewer)
        yield _("Only where that is %(days)s.") % {"days": days}
    if rule.months and rule.every in (DAILY, WEEKLY, MONTHLY):
        yield _("Only in %(months)s.") % {"months": listed(_months(rule, viewer), viewer)}
    if rule.weeks:
        yield _("Only in these weeks of the year: %(weeks)s.") % {
            "weeks": listed((_counted(n, viewer) for n in rule.weeks), viewer)
        }
    if rule.year_days:
        yield _("Only on these days of the year: %(days)s.") % {
            "days": listed((_counted(n, viewer) for n in rule.year_days), viewer)
        }
    if rule.positions:
        which = listed((_counted(n, viewer) for n in rule.positions), viewer)
        yield _("Of the days of one period, only these count: %(which)s.") % {"which": which}


def _end(rule: Rule, viewer: Viewer) -> str:
    if rule.count:
        return ngettext("%(n)s time in all.", "%(n)s times in all.", rule.count) % {"n": counted(rule.count, viewer)}
    if rule.until:
        return _("The last time is %(day)s at the latest.") % {"day": write_day(rule.until, viewer)}
    return ""


def _month_day(n: int, viewer: Viewer) -> str:
    if n == -1:
        return _("the last day")
    if n < 0:
        return _("day %(n)s from the end") % {"n": ordinary(-n, viewer)}
    return _("day %(n)s") % {"n": ordinary(n, viewer)}


def _weekday(nth: int, day: int, viewer: Viewer) -> str:
    # What somebody says of a day depends on the day's gender in some languages: their translations count in figures.
    name = str(viewer.locale.days["stand-alone"]["wide"][day])
    said: dict[str, Any] = {"day": name, "n": ordinary(abs(nth), viewer)}
    if nth == 0:
        return name
    if nth == 1:
        return _("the first %(day)s") % said
    if nth == 2:
        return _("the second %(day)s") % said
    if nth == 3:
        return _("the third %(day)s") % said
    if nth == 4:
        return _("the fourth %(day)s") % said
    if nth == -1:
        return _("the last %(day)s") % said
    return (_("%(day)s number %(n)s") if nth > 0 else _("%(day)s number %(n)s from the end")) % said


def _counted(n: int, viewer: Viewer) -> str:
    if n == -1:
        return _("the last one")
    return (_("number %(n)s") if n > 0 else _("number %(n)s from the end")) % {"n": ordinary(abs(n), viewer)}


def _months(rule: Rule, viewer: Viewer) -> list[str]:
    return [str(viewer.locale.months["stand-alone"]["wide"][month]) for month in rule.months]


def _added(n: int) -> str:
    return ngettext("%(n)s further occurrence.", "%(n)s further occurrences.", n)


def _left_out(n: int) -> str:
    return ngettext("%(n)s occurrence is left out.", "%(n)s occurrences are left out.", n)


def _changed(n: int) -> str:
    return ngettext("%(n)s occurrence is at another time.", "%(n)s occurrences are at another time.", n)


__all__ = ["sentence"]
