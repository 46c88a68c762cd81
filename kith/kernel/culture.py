"""What is usual in a country: script, order of names, time zones, calendar, week, phone, money, languages. No tables, no network.

Defaults only: what a person or an administrator says always wins, and a screen that shows one of these says that it was assumed.
Languages, scripts, zones and currencies are CLDR's, as Babel carries them; prefixes are those of phonenumbers. What Babel does not
carry, or carries wrongly, stands here with its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import phonenumbers
from babel.core import get_global
from babel.numbers import get_territory_currencies

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
GIVEN_FIRST, FAMILY_FIRST = "given_first", "family_first"

#: Languages whose people say the family name first (CLDR, `nameOrderLocales` of the root locale).
FAMILY_FIRST_LANGUAGES = frozenset({"hu", "ja", "km", "ko", "mn", "si", "ta", "te", "vi", "yue", "zh"})


def _each(countries: str, usual: Any) -> dict[str, Any]:
    return dict.fromkeys(countries.split(), usual)


#: First day of the week (CLDR, supplemental weekData); Monday elsewhere. Not asked of Babel: there a locale without a day of its
#: own inherits that of its language, so that São Tomé, Timor and Equatorial Guinea begin the week with Brazil and Latin America.
_FIRST_DAY = {
    **_each("AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY", SATURDAY),
    **_each(
        (
            "AG AS BD BR BS BT BW BZ CA CO DM DO ET GT GU HK HN ID IL IN JM JP KE KH KR LA MH MM MO MT MX MZ NI NP PA PE PH PK PR PT "
            "PY SA SG SV TH TT TW UM US VE VI WS YE ZA ZW"
        ),
        SUNDAY,
    ),
    "MV": FRIDAY,
}
#: Days on which most offices are closed (CLDR, supplemental weekData); Saturday and Sunday elsewhere.
_WEEKEND = {
    **_each("BH DZ EG IL IQ JO KW LY OM QA SA SD SY YE", (FRIDAY, SATURDAY)),
    "AF": (THURSDAY, FRIDAY), "IR": (FRIDAY,), "IN": (SUNDAY,), "UG": (SUNDAY,),
    # CLDR says nothing of these, but their offices close on Friday (holidays 0.109).
    **_each("BD DJ MV", (FRIDAY, SATURDAY)), "BN": (FRIDAY, SUNDAY),
}  # fmt: skip
#: Calendars in daily use beside the Gregorian, the usual one first (CLDR 45, calendarPreferenceData). Saudi Arabia counts official
#: dates by the Gregorian calendar since November 2023 (decision of its Council of Ministers), which CLDR does not say yet.
_CALENDARS = {
    "IR": ("jalali", "gregorian", "hijri"), "AF": ("jalali", "gregorian", "hijri"), "TH": ("buddhist", "gregorian"),
    "TW": ("gregorian", "roc"),
    **_each(
        "AE AL AZ BD BH DJ DZ EG EH ER ID IL IQ JO KM KW LB LY MA MR MV MY NE OM PK PS QA SA SD SY TD TJ TM TN TR UZ XK YE",
        ("gregorian", "hijri"),
    ),
}  # fmt: skip
#: The zone that most people of a country live in: CLDR 45, primaryZones; then, for countries over several hours, the zone of the
#: largest city, which is a guess and said to be one.
_PRIMARY = {
    "CL": "America/Santiago", "CN": "Asia/Shanghai", "DE": "Europe/Berlin", "EC": "America/Guayaquil", "ES": "Europe/Madrid",
    "MH": "Pacific/Majuro", "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PT": "Europe/Lisbon", "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent", "AR": "America/Argentina/Buenos_Aires", "CY": "Asia/Nicosia", "PS": "Asia/Hebron",
}  # fmt: skip
_LARGEST = {
    "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto", "CD": "Africa/Kinshasa", "FM": "Pacific/Pohnpei",
    "GL": "America/Nuuk", "ID": "Asia/Jakarta", "KI": "Pacific/Tarawa", "KZ": "Asia/Almaty", "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City", "PF": "Pacific/Tahiti", "PG": "Pacific/Port_Moresby", "RU": "Europe/Moscow", "US": "America/New_York",
}  # fmt: skip
#: Currencies that changed after Babel's data: Bulgaria took the euro on 1 January 2026 (as the Council decided in July 2025).
_CURRENCIES = {"BG": ("EUR",)}
#: Speakers from which a language that is not official is still usual in business, in percent of the population.
_COMMON = 30.0


@dataclass(frozen=True)
class Culture:
    """What is usual in one country.

    `languages` are BCP 47 tags, official ones first, by number of speakers; `script` is ISO 15924; `zones` are IANA names with the
    likeliest first, and `zone_certain` says whether nearly everybody lives in it. Weekdays count from Monday as 0. `prefix` is "+358",
    `currencies` are ISO 4217 with the country's own first. Empty where nothing is known.
    """

    country: str
    languages: tuple[str, ...] = ()
    script: str = ""
    name_order: str = GIVEN_FIRST
    zones: tuple[str, ...] = ()
    zone_certain: bool = False
    calendars: tuple[str, ...] = ("gregorian",)
    first_weekday: int = MONDAY
    weekend: tuple[int, ...] = (SATURDAY, SUNDAY)
    prefix: str = ""
    currencies: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        """The most usual language, or ""."""
        return next(iter(self.languages), "")

    @property
    def zone(self) -> str:
        """The likeliest time zone, or "" where nobody can say."""
        return self.zones[0] if self.zone_certain or self.country in _LARGEST else ""

    @property
    def calendar(self) -> str:
        """The calendar of daily life: gregorian, jalali, hijri, buddhist or roc."""
        return self.calendars[0]

    @property
    def currency(self) -> str:
        """The country's own currency, or ""."""
        return next(iter(self.currencies), "")


@lru_cache(maxsize=300)
def culture(country: str) -> Culture:
    """What is usual in `country` (ISO 3166-1 alpha-2); for "" and for codes that are no country, what is usual in the world."""
    code = country.upper() if isinstance(country, str) else ""
    if not (len(code) == 2 and code.isascii() and code.isalpha()) or code in ("ZZ", "XX"):
        return Culture("")
    languages = _languages(code)
    zones, certain = _zones(code)
    dial = phonenumbers.country_code_for_region(code)
    return Culture(
        country=code,
        languages=languages,
        script=_script(code, languages),
        name_order=FAMILY_FIRST if languages and languages[0] in FAMILY_FIRST_LANGUAGES else GIVEN_FIRST,
        zones=zones,
        zone_certain=certain,
        calendars=_CALENDARS.get(code, ("gregorian",)),
        first_weekday=_FIRST_DAY.get(code, MONDAY),
        weekend=_WEEKEND.get(code, (SATURDAY, SUNDAY)),
        prefix=f"+{dial}" if dial else "",
        currencies=_currencies(code),
    )


def _languages(code: str) -> tuple[str, ...]:
    spoken = get_global("territory_languages").get(code, {})
    # A language of a region is not one of the country: Welsh, Catalan.
    official = [tag for tag, facts in spoken.items() if facts["official_status"] in ("official", "de_facto_official")]
    chosen = official or [tag for tag, facts in spoken.items() if facts["population_percent"] >= _COMMON]
    chosen.sort(key=lambda tag: (-spoken[tag]["population_percent"], tag))
    return tuple(dict.fromkeys(tag.split("_")[0] for tag in chosen if tag != "und"))


def _script(code: str, languages: tuple[str, ...]) -> str:
    subtags = get_global("likely_subtags")
    for tag in (*(f"{language}_{code}" for language in languages[:1]), *languages[:1], f"und_{code}"):
        parts = str(subtags.get(tag, "")).split("_")
        if len(parts) == 3:
            return parts[1]
    return ""


def _zones(code: str) -> tuple[tuple[str, ...], bool]:
    found = tuple(sorted(get_global("territory_zones").get(code, ())))
    main = _PRIMARY.get(code) or _LARGEST.get(code)
    if len(found) == 1 or main is None:
        # Without a main one the zones are candidates and none of them is the likeliest.
        return found, len(found) == 1
    return (main, *(zone for zone in found if zone != main)), code in _PRIMARY


def _currencies(code: str) -> tuple[str, ...]:
    if code in _CURRENCIES:
        return _CURRENCIES[code]
    # By ISO 4217 a country's own currency begins with the country's code: Lesotho's loti before the rand.
    return tuple(sorted(get_territory_currencies(code, tender=True), key=lambda currency: currency[:2] != code))
