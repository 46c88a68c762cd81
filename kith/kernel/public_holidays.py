"""Public holidays, as the library `holidays` knows them: by country and, where it is known, by region. Loaded when first asked."""

from __future__ import annotations

import warnings
from datetime import date
from functools import lru_cache
from typing import Any


def known(country: str) -> bool:
    """Whether anybody can say which days are holidays in `country` (ISO 3166-1 alpha-2)."""
    return country in _supported()


def holiday(country: str, day: date, language: str = "en", region: str = "") -> str:
    """The name of the holiday that `day` is in `country`, or "" for a day like others, and where nothing is known.

    The name is in `language` (a Django code) where the library has it, else in English, else in the country's own language. `region`
    is the code of ISO 3166-2 behind the hyphen ("BY"); one that the library does not know is left out.
    """
    if not known(country):
        return ""
    names = _year(country, region, day.year, _spoken(country, language))
    return names.get(day, "")


@lru_cache(maxsize=1)
def _supported() -> dict[str, list[str]]:
    import holidays

    return holidays.list_supported_countries()


@lru_cache(maxsize=1)
def _languages() -> dict[str, list[str]]:
    import holidays

    return holidays.list_localized_countries()


@lru_cache(maxsize=2000)
def _spoken(country: str, language: str) -> str | None:
    """The library's own name of a language for this country: the exact one, a relative, English, or None for the country's own."""
    offered = _languages().get(country, [])
    wanted = {"zh-hans": "zh_CN"}.get(language, language.replace("-", "_"))
    first = wanted.split("_", maxsplit=1)[0]
    for choice in (wanted, *(o for o in offered if o.split("_")[0] == first), "en_US", "en_GB"):
        if choice in offered:
            return choice
    return None


@lru_cache(maxsize=2000)
def _year(country: str, region: str, year: int, language: str | None) -> dict[date, str]:
    import holidays

    options: dict[str, Any] = {"years": year}
    if language:
        options["language"] = language
    if region in _supported()[country]:
        options["subdiv"] = region
    with warnings.catch_warnings():
        # Days by the moon are estimated for years to come, which the library says by a warning.
        warnings.simplefilter("ignore")
        return dict(holidays.country_holidays(country, **options))


__all__ = ["holiday", "known"]
