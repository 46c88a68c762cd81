"""Five calendars of daily life: from and to days, how long their months are, which years are theirs, what their months are called.

A day is stored and exported as a `datetime.date`, which is Gregorian; a calendar is a way of showing and typing it. Jalali is Iran's
official calendar (persiantools), Hijri is Umm al-Qura as printed in Saudi Arabia (hijridate, a table from 1343 to 1500), Buddhist
(Thailand) and ROC (Taiwan) are Gregorian with other years. Names of months and eras are CLDR's, through ICU, which has them for every
calendar where Babel has them for one.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import icu  # type: ignore[import-untyped]
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from hijridate import Gregorian as HijriGregorian
from hijridate import Hijri
from persiantools.jdatetime import JalaliDate

from .errors import Refused
from .sentences import ordinary

GREGORIAN, JALALI, HIJRI, BUDDHIST, ROC = "gregorian", "jalali", "hijri", "buddhist", "roc"
MONTHS = 12
Ymd = tuple[int, int, int]


@dataclass(frozen=True)
class Calendar:
    """One calendar. `first` and `last` are the days it can tell; `icu` is its CLDR name.

    `own` and `gregorian` are the years, as ranges, that a typed year is taken for without another sign; a year in neither could be
    of both and is refused. `digits` is how many digits a typed year of this calendar has.
    """

    key: str
    label: Any
    icu: str
    first: date
    last: date
    own: range
    gregorian: range
    digits: int
    split: Callable[[date], Ymd]
    joined: Callable[[int, int, int], date]
    length: Callable[[int, int], int]

    def holds(self, day: date) -> bool:
        """Whether this calendar can tell `day`."""
        return self.first <= day <= self.last

    def of(self, day: date) -> Ymd:
        """Year, month and day; Refused outside of the calendar."""
        if not self.holds(day):
            raise Refused(_("This day lies outside of the %(calendar)s calendar.") % {"calendar": self.label})
        return self.split(day)

    def days_in(self, year: int, month: int) -> int:
        """How long a month is; the year and the month must exist."""
        return self.length(year, month)

    def day(self, year: int, month: int, day: int) -> date:
        """The day; Refused with a sentence for one that does not exist or lies outside of the calendar."""
        first, last = self.years
        if not first <= year <= last:
            told = {"calendar": self.label, "year": ordinary(year), "first": ordinary(first), "last": ordinary(last)}
            raise Refused(
                _("The %(calendar)s calendar has no year %(year)s here: it reaches from %(first)s to %(last)s.") % told
            )
        if not 1 <= month <= MONTHS:
            raise Refused(_("There is no month %(month)s.") % {"month": ordinary(month)})
        if not 1 <= day <= self.days_in(year, month):
            raise Refused(_("There is no day %(day)s in this month.") % {"day": ordinary(day)})
        made = self.joined(year, month, day)
        if not self.holds(made):
            raise Refused(_("This day lies outside of the %(calendar)s calendar.") % {"calendar": self.label})
        return made

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last year that this calendar can tell."""
        return self.split(self.first)[0], self.split(self.last)[0]


@lru_cache(maxsize=8192)
def _jalali_of(day: date) -> Ymd:
    told = JalaliDate(day)
    return told.year, told.month, told.day


def _jalali_day(year: int, month: int, day: int) -> date:
    return JalaliDate(year, month, day).to_gregorian()


def _jalali_length(year: int, month: int) -> int:
    return int(JalaliDate.days_in_month(month, year))


@lru_cache(maxsize=8192)
def _hijri_of(day: date) -> Ymd:
    told = HijriGregorian(day.year, day.month, day.day).to_hijri()
    return told.year, told.month, told.day


def _hijri_day(year: int, month: int, day: int) -> date:
    told = Hijri(year, month, day).to_gregorian()
    return date(told.year, told.month, told.day)


def _hijri_length(year: int, month: int) -> int:
    return int(Hijri(year, month, 1).month_length())


def _shifted(years: int) -> tuple[Callable[[date], Ymd], Callable[[int, int, int], date], Callable[[int, int], int]]:
    """A calendar that is Gregorian with `years` added."""
    return (
        lambda day: (day.year + years, day.month, day.day),
        lambda year, month, day: date(year - years, month, day),
        lambda year, month: monthrange(year - years, month)[1],
    )


_ALL = range(1, 10_000)
#: Key → calendar. Which typed years belong to which calendar is decided in docs/house/decisions/typed-years.md.
CALENDARS: dict[str, Calendar] = {
    c.key: c
    for c in (
        Calendar(
            GREGORIAN, pgettext_lazy("calendar", "Gregorian"), "gregorian", date.min, date.max, _ALL, _ALL, 4, *_shifted(0)
        ),
        Calendar(
            JALALI, pgettext_lazy("calendar", "Jalali"), "persian", date(622, 3, 22), date(9999, 3, 19),
            range(1, 1600), range(1700, 10_000), 4, _jalali_of, _jalali_day, _jalali_length,
        ),
        Calendar(
            HIJRI, pgettext_lazy("calendar", "Hijri (Umm al-Qura)"), "islamic-umalqura", date(1924, 8, 1), date(2077, 11, 16),
            range(1, 1600), range(1700, 10_000), 4, _hijri_of, _hijri_day, _hijri_length,
        ),
        Calendar(
            BUDDHIST, pgettext_lazy("calendar", "Buddhist"), "buddhist", date.min, date(9456, 12, 31),
            range(2400, 10_000), range(1700, 2200), 4, *_shifted(543),
        ),
        Calendar(
            ROC, pgettext_lazy("calendar", "ROC (Minguo)"), "roc", date(1912, 1, 1), date(2910, 12, 31),
            range(1, 1000), range(1000, 10_000), 3, *_shifted(-1911),
        ),
    )
}  # fmt: skip


def calendar(key: str) -> Calendar:
    """The calendar of this name; the Gregorian one for names that are none."""
    return CALENDARS.get(key, CALENDARS[GREGORIAN])


@dataclass(frozen=True)
class Names:
    """What a language calls the parts of a calendar. `patterns` are CLDR's, by width: "short", "medium", "long", "month".

    `wide` and `abbreviated` are months inside a date, `alone` is a month that stands by itself; `era` is the era that now is, `eras` all
    the ways to write it, the longest first.
    """

    patterns: dict[str, str]
    wide: tuple[str, ...]
    abbreviated: tuple[str, ...]
    alone: tuple[str, ...]
    era: str
    eras: tuple[str, ...]


@lru_cache(maxsize=64)
def names(locale_code: str, key: str) -> Names:
    """Names and patterns of a calendar in a locale (CLDR code such as fa_IR), as ICU carries them."""
    locale = icu.Locale(f"{locale_code}@calendar={calendar(key).icu}")
    styles = {"short": icu.DateFormat.SHORT, "medium": icu.DateFormat.MEDIUM, "long": icu.DateFormat.LONG}
    formats = {width: icu.DateFormat.createDateInstance(style, locale) for width, style in styles.items()}
    patterns = {width: str(made.toPattern()) for width, made in formats.items()}
    patterns["month"] = str(icu.DateTimePatternGenerator.createInstance(locale).getBestPattern("yMMMM"))
    symbols, form = formats["medium"].getDateFormatSymbols(), icu.DateFormatSymbols

    def months(context: int, width: int) -> tuple[str, ...]:
        return tuple(symbols.getMonths(context, width))[:MONTHS]

    era = str(symbols.getEras()[-1])
    spoken = {era, str(symbols.getEraNames()[-1])} - {""}
    return Names(
        patterns=patterns,
        wide=months(form.FORMAT, form.WIDE),
        abbreviated=months(form.FORMAT, form.ABBREVIATED),
        alone=months(form.STANDALONE, form.WIDE),
        era=era,
        eras=tuple(sorted(spoken, key=len, reverse=True)),
    )
