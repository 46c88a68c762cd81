"""Time zones."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import get_timezone_location
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel import clock
from kith.kernel.digits import local_digits
from kith.kernel.text import fold
from kith.kernel.viewer import NEUTRAL, Viewer

from .coded import Coded
from .kind import Option

_NOTHING = timedelta()
_EXAMPLES = (
    "Europe/Helsinki", "Europe/Ljubljana", "Asia/Tehran", "Asia/Shanghai", "America/Sao_Paulo", "UTC", "Asia/Kathmandu", "America/New_York",
    "Australia/Lord_Howe", "Africa/Cairo",
)  # fmt: skip


class TimeZone(Coded):
    """A zone of the IANA database, by its name. Text may also be the name of its city."""

    key, label, icon = "timezone", lazy("Time zone"), "clock"
    tells_zone = True

    def canonical(self, text: str) -> str:
        return _zones().get(text.replace(" ", "_").lower(), "")

    def by_name(self, text: str, viewer: Viewer) -> str:
        return _cities().get(fold(text), "")

    def name(self, code: str, viewer: Viewer) -> str:
        """The city in the viewer's language and the offset of today."""
        if code not in _zones().values():
            return code
        city = (
            code
            if code.startswith("Etc/") or "/" not in code
            else get_timezone_location(code, locale=viewer.locale, return_city=True)
        )
        return f"{city} ({local_digits(offset(code), viewer)})"

    def refusal(self, text: str) -> str:
        return _("“%(text)s” is not known as a time zone. Write a name such as Europe/Helsinki.") % {"text": text}

    def codes(self) -> list[str]:
        return sorted(_zones().values())

    def choices(self, viewer: Viewer) -> list[Option]:
        """Places, from west to east; old aliases are understood but not offered."""
        # Offsets change with the seasons, on the full quarter of an hour at most.
        return list(_offered(viewer, int(clock.now().timestamp() // 900)))

    def words(self, value: Any) -> str:
        return value.replace("/", " ").replace("_", " ") if value else ""

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": 64}

    def example(self, n: int) -> str:
        return _EXAMPLES[n % len(_EXAMPLES)]


_CONTINENTS = {
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
}


def offset(zone: str) -> str:
    """How far the clock of `zone` is from UTC now: "UTC+02:00", "UTC"."""
    minutes = int((clock.now().astimezone(ZoneInfo(zone)).utcoffset() or _NOTHING).total_seconds() // 60)
    if not minutes:
        return "UTC"
    sign, minutes = ("−", -minutes) if minutes < 0 else ("+", minutes)
    return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    """All zones by their name in lower case."""
    return {name.lower(): name for name in available_timezones() if name not in ("Factory", "localtime", "posixrules")}


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """Zones by city, in English; two zones with one city are not guessed between."""
    found: dict[str, str] = {}
    for zone in sorted(_zones().values()):
        if "/" in zone and zone.partition("/")[0] in _CONTINENTS:
            city = fold(get_timezone_location(zone, locale=NEUTRAL.locale, return_city=True))
            found[city] = zone if found.get(city, zone) == zone else ""
    return found


@lru_cache(maxsize=32)
def _offered(viewer: Viewer, quarter: int) -> tuple[Option, ...]:
    places = [z for z in _zones().values() if z == "UTC" or ("/" in z and z.partition("/")[0] in _CONTINENTS)]
    now = clock.now()
    places.sort(key=lambda z: (now.astimezone(ZoneInfo(z)).utcoffset() or _NOTHING, z))
    return tuple(Option(z, TimeZone().name(z, viewer)) for z in places)
