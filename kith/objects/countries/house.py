"""What the house itself knows of a country, as values of the fields of a country's record.

Weeks, languages, zones and calendars come from `kith.kernel.culture`. Style and channel are tendencies told of business life, and
only where those who study it agree: E. T. Hall, *Beyond Culture* (1976); E. Meyer, *The Culture Map* (2014).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.culture import culture
from kith.kernel.hours import QUIET, WORKING, Span

from ..declare import Assumed, Assumption
from ..kinds import Language
from ..kinds.weekdays import DAYS
from .guidance import GUIDANCE

#: Offices that keep other hours than nine to five, by and large.
_WORKING = {
    **dict.fromkeys(("FI", "SE", "NO", "DK", "SI", "CZ", "SK", "HU", "DE", "AT", "CH"), Span(8 * 60, 16 * 60)),
    **dict.fromkeys(("IR", "EG", "SA", "OM"), Span(8 * 60, 16 * 60)),
    **dict.fromkeys(("CN", "JP", "KR", "TW", "SG", "HK", "IN"), Span(9 * 60, 18 * 60)),
    **dict.fromkeys(("ES", "MX", "AR", "CO", "PE", "CL", "BR", "IT", "GR", "TR", "RU", "UA"), Span(9 * 60, 18 * 60)),
}
_STYLE = {
    **dict.fromkeys(("AU", "CA", "DE", "DK", "FI", "IL", "NL", "NO", "US"), "direct"),
    **dict.fromkeys(("AE", "CN", "ID", "IN", "IR", "JP", "KR", "SA", "TH", "VN"), "indirect"),
}
_CHANNEL = {**dict.fromkeys(("BR", "CN", "IN", "ID", "MX"), "chat")}


def house(country: str) -> dict[str, Any]:
    """Field name → value; the guidance in the language that is active now, "" where there is none."""
    return {**_facts(country.upper()), "guidance": str(GUIDANCE.get(country.upper(), ""))}


@lru_cache(maxsize=300)
def _facts(country: str) -> dict[str, Any]:
    usual = culture(country)
    return {
        "weekend": tuple(DAYS[day] for day in sorted(usual.weekend)),
        "working_hours": _WORKING.get(country, WORKING),
        "first_weekday": DAYS[usual.first_weekday],
        # CLDR names languages that it cannot say the names of.
        "languages": tuple(tag for tag in usual.languages if Language().canonical(tag)),
        "zone": usual.zone,
        "calendar": usual.calendar,
        "style": _STYLE.get(country, ""),
        "channel": _CHANNEL.get(country, "email"),
        "quiet_hours": QUIET,
    }


def assumed(name: str) -> Assumption:
    """What a country's record shows where an administrator left `name` empty."""

    def of(record: Any, actor: Actor) -> Assumed | None:
        if not record.code:
            return None
        certain = culture(record.code).zone_certain if name == "zone" else name in _CERTAIN
        said = _("What Kith knows of this country; nothing else was written here.") if certain else _(
            "What Kith takes for usual in this country; write here what you know better."
        )  # fmt: skip
        return Assumed(house(record.code)[name], said, certain)

    return of


#: What standards and statistics say; the rest is usage, and a guess for any one office or person.
_CERTAIN = {"weekend", "first_weekday", "languages", "calendar", "guidance"}
