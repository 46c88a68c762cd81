"""What somebody chooses about how she sees the house: the choices, what each of them means when left open, and reading them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, localedata
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from kith.identity.models import User
from kith.identity.names import viewer_of
from kith.kernel import clock
from kith.kernel.calendars import CALENDARS
from kith.kernel.culture import culture
from kith.kernel.dates import write_clock, write_day
from kith.kernel.digits import in_digits
from kith.kernel.errors import Invalid, Refused
from kith.kernel.money import Money
from kith.kernel.viewer import LOCALES, Viewer
from kith.objects.kinds import Amount, Country, Currency, Text, TimeZone
from kith.objects.kinds.numerals import show_number

LONGEST_NAME = 200
#: Digits that are offered; whoever needs others gets them with a region format.
DIGITS = {
    "latn": pgettext_lazy("digits", "Western"),
    "arab": pgettext_lazy("digits", "Arabic"),
    "arabext": pgettext_lazy("digits", "Persian"),
    "deva": pgettext_lazy("digits", "Devanagari"),
    "beng": pgettext_lazy("digits", "Bengali"),
    "thai": pgettext_lazy("digits", "Thai"),
}
#: What the preview shows; a day that is written differently in every calendar, and a number with thousands and decimals.
SHOWN_DAY, SHOWN_NUMBER = date(2026, 11, 22), Decimal("1234567.89")

Choices = list[tuple[str, Any]]


@dataclass(frozen=True)
class Asked:
    """One thing that is chosen. `choices` gives value and words for a viewer (None: text is typed)."""

    name: str
    label: Any
    icon: str
    choices: Callable[[User, Viewer], Choices] | None = None
    help: Any = ""

    def value(self, user: User) -> str:
        """What the user chose, as text; "" where she left it open."""
        stored = getattr(user, self.name)
        return "" if stored is None else str(stored)


def _languages(user: User, viewer: Viewer) -> Choices:
    return list(settings.LANGUAGES)


def _locales(user: User, viewer: Viewer) -> Choices:
    usual = Locale.parse(LOCALES.get(viewer.language, "en_GB"))
    said = _("As the language suggests: %(locale)s") % {"locale": _locale_name(str(usual), str(viewer.locale))}
    return [("", said), *_all_locales(str(viewer.locale))]


def _calendars(user: User, viewer: Viewer) -> Choices:
    usual = CALENDARS[culture(user.country).calendar]
    return [
        ("", _("As usual in my country: %(calendar)s") % {"calendar": usual.label}),
        *((key, one.label) for key, one in CALENDARS.items()),
    ]


def _digits(user: User, viewer: Viewer) -> Choices:
    own = in_digits("123", viewer.locale.default_numbering_system)
    return [
        ("", _("As the region format says: %(digits)s") % {"digits": own}),
        *((key, f"{label} · {in_digits('0123456789', key)}") for key, label in DIGITS.items()),
    ]


def _weekdays(user: User, viewer: Viewer) -> Choices:
    days: Any = viewer.locale.days["stand-alone"]["wide"]
    usual = culture(user.country or viewer.locale.territory or "").first_weekday
    return [
        ("", _("As usual in my country: %(day)s") % {"day": days[usual]}),
        *((str(n), days[n]) for n in range(7)),
    ]


def _currencies(user: User, viewer: Viewer) -> Choices:
    offered = [(o.value, f"{o.value} · {o.label}") for o in Currency().choices(viewer) or []]
    known = {code for code, _label in offered}
    return offered if user.currency in known else [(user.currency, user.currency), *offered]


def _countries(user: User, viewer: Viewer) -> Choices:
    return [("", _("No country")), *((o.value, o.label) for o in Country().choices(viewer) or [])]


#: In the order of the page, by section.
SECTIONS: tuple[tuple[Any, tuple[Asked, ...]], ...] = (
    (
        lazy("You"),
        (
            Asked("name", pgettext_lazy("of a person", "Name"), "user"),
            Asked("language", lazy("Language"), "languages", _languages),
            Asked(
                "country", lazy("Country"), "map-pin", _countries,
                lazy("Phone numbers without a country code are read as numbers of this country."),
            ),
        ),
    ),
    (
        lazy("Dates and times"),
        (
            Asked("zone", lazy("Time zone"), "clock", None, lazy("Type a city or the name of a zone.")),
            Asked("calendar", lazy("Calendar"), "calendar", _calendars),
            Asked("first_weekday", lazy("First day of the week"), "calendar-days", _weekdays),
        ),
    ),
    (
        lazy("Numbers and money"),
        (
            Asked("locale", lazy("Region format"), "globe", _locales, lazy("How dates, numbers and amounts are written.")),
            Asked("digits", lazy("Digits"), "hash", _digits),
            Asked("currency", lazy("Currency"), "banknote", _currencies, lazy("Amounts without a currency are in this one.")),
        ),
    ),
)  # fmt: skip
ASKED = {asked.name: asked for _label, some in SECTIONS for asked in some}


def read(user: User, given: Mapping[str, str], viewer: Viewer) -> dict[str, Any]:
    """What was posted, as values of the user's row; Invalid with the sentences of everything that is none of the choices."""
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for asked in ASKED.values():
        if asked.name not in given:
            continue
        try:
            values[asked.name] = _read(asked, given[asked.name], user, viewer)
        except Refused as refusal:
            errors[asked.name] = [str(refusal)]
    if errors:
        raise Invalid(errors)
    return values


def _read(asked: Asked, text: str, user: User, viewer: Viewer) -> Any:
    text = Text(max_length=LONGEST_NAME).parse(text, viewer)
    if asked.name == "name":
        if not text:
            raise Refused(_("Write your name."))
        return text
    if asked.name == "zone":
        zone = TimeZone().parse(text, viewer)
        if not zone:
            raise Refused(_("Choose a time zone, such as Europe/Helsinki."))
        return zone
    allowed = asked.choices(user, viewer) if asked.choices else []
    if text not in {value for value, _label in allowed}:
        raise Refused(_("Choose one of the list."))
    if asked.name == "first_weekday":
        return int(text) if text else None
    return text


def drafted(user: User, given: Mapping[str, str], viewer: Viewer) -> Viewer:
    """How the person would see things with what she has chosen so far; what is wrong counts as not chosen."""
    draft = User(
        **{name: getattr(user, name) for name in (*ASKED, "email")},
    )
    for asked in ASKED.values():
        if asked.name in given:
            try:
                setattr(draft, asked.name, _read(asked, given[asked.name], user, viewer))
            except Refused:
                continue
    return viewer_of(draft)


def preview(viewer: Viewer) -> list[tuple[Any, str]]:
    """Label and example of everything that the choices change, as `viewer` sees it."""
    now = clock.now().astimezone(viewer.tzinfo)
    return [
        (_("Date"), write_day(SHOWN_DAY, viewer)),
        (_("Long date"), write_day(SHOWN_DAY, viewer, "long")),
        (_("Time now"), write_clock(now.time(), viewer)),
        (_("Today"), write_day(now.date(), viewer)),
        (_("Number"), show_number(SHOWN_NUMBER, viewer)),
        (_("Amount"), Amount().format(Money(Decimal("1234.50"), _payable(viewer.currency)), viewer)),
    ]


def _payable(currency: str) -> str:
    return currency or "EUR"


def zones(viewer: Viewer) -> list[tuple[str, str]]:
    """Zones to choose from, by name, with their city, their offset and what time it is there now."""
    minute = int(clock.now().timestamp() // 60)
    return _zones_at(viewer, minute)


@lru_cache(maxsize=8)
def _zones_at(viewer: Viewer, minute: int) -> list[tuple[str, str]]:
    now = datetime.fromtimestamp(minute * 60, UTC)
    return [
        (o.value, f"{o.label} · {write_clock(now.astimezone(ZoneInfo(o.value)).time(), viewer)}")
        for o in TimeZone().choices(viewer)
    ]


@lru_cache(maxsize=16)
def _all_locales(seen_by: str) -> list[tuple[str, str]]:
    """Every locale of CLDR that is bound to a country, under its name in the reader's language, by name."""
    made = []
    for code in localedata.locale_identifiers():
        locale = Locale.parse(code)
        if locale.territory and not locale.variant and len(locale.territory) == 2:
            made.append((code, _locale_name(code, seen_by)))
    return sorted(made, key=lambda pair: pair[1])


@lru_cache(maxsize=4000)
def _locale_name(code: str, seen_by: str) -> str:
    return Locale.parse(code).get_display_name(seen_by) or code
