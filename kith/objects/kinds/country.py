"""Countries and territories."""

from __future__ import annotations

import contextlib
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel import collation
from kith.kernel.expressions import PlaceOf
from kith.kernel.html import EMPTY, el
from kith.kernel.text import fold
from kith.kernel.viewer import LOCALES, Viewer

from .coded import Coded
from .kind import Option
from .order import Order

#: Two-letter codes of CLDR that are no entry of ISO 3166-1: unions, islands of others, placeholders.
_NO_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
#: Names in common use that CLDR does not list.
_ALSO = {
    "uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB", "usa": "US",
    "united states of america": "US", "the united states": "US", "america": "US", "holland": "NL", "the netherlands": "NL",
    "czech republic": "CZ", "turkey": "TR", "ivory coast": "CI", "burma": "MM", "swaziland": "SZ", "macedonia": "MK",
    "cape verde": "CV", "russian federation": "RU", "korea": "KR", "republic of korea": "KR", "south korea": "KR",
    "viet nam": "VN", "iran, islamic republic of": "IR", "uae": "AE", "hong kong": "HK", "macau": "MO", "macao": "MO",
    "palestine": "PS", "east timor": "TL", "congo, democratic republic of the": "CD", "republic of moldova": "MD",
    "syrian arab republic": "SY", "taiwan, province of china": "TW", "tanzania, united republic of": "TZ", "zhongguo": "CN",
}  # fmt: skip
#: Languages in which other systems export.
_FILES = (
    "de", "fr", "es", "pt", "it", "nl", "sv", "da", "nb", "pl", "cs", "hu", "ro", "el", "tr", "ru", "uk", "ar", "he", "hi", "ja", "ko",
    "zh_Hant", "th", "vi", "id",
)  # fmt: skip
_EXAMPLES = ("FI", "SI", "IR", "CN", "JP", "BR", "AE", "DE", "US", "GB")


class Country(Coded):
    """ISO 3166-1 alpha-2. Text may be a code of two or three letters, or a name: in the languages of the interface, the
    viewer's, the country's own, and those in which other systems export."""

    key, label, icon = "country", lazy("Country"), "flag"

    def canonical(self, text: str) -> str:
        code = text.upper()
        if code not in _codes() and len(code) == 3:
            code = next(iter(get_global("territory_aliases").get(code, ())), "")
        return code if code in _codes() else ""

    def by_name(self, text: str, viewer: Viewer) -> str:
        name = fold(text)
        return _names().get(name) or _names_in(str(viewer.locale)).get(name) or _further_names().get(name) or ""

    def name(self, code: str, viewer: Viewer) -> str:
        return str(viewer.locale.territories.get(code, code))

    def refusal(self, text: str) -> str:
        return _("“%(text)s” is not known as a country. Write its name or its code of two letters.") % {"text": text}

    def codes(self) -> list[str]:
        return sorted(_codes())

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        if not value:
            return EMPTY
        return el(
            "span",
            el("span", flag(value), aria_hidden="true"),
            el("bdi", self.name(value, viewer), class_="tx"),
            class_="fx",
        )

    def choices(self, viewer: Viewer) -> list[Option]:
        named = _in_order(str(viewer.locale), viewer.language)
        return [Option(code, f"{flag(code)} {self.name(code, viewer)}") for code in named]

    def order(self, expression: Any, viewer: Viewer) -> Order:
        """By what the countries are called, not by their codes."""
        codes = _in_order(str(viewer.locale), viewer.language)
        return Order(PlaceOf(expression, codes), of=f"{viewer.locale} {collation.VERSION}", served=False)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^([A-Z]{2})?$"}

    def example(self, n: int) -> str:
        """A few of all scripts first, then every other country, so that two examples are two countries."""
        rest = sorted(_codes() - set(_EXAMPLES))
        n %= len(_EXAMPLES) + len(rest)
        return _EXAMPLES[n] if n < len(_EXAMPLES) else rest[n - len(_EXAMPLES)]


def flag(code: str) -> str:
    """The flag of a country as an emoji."""
    return (
        "".join(chr(0x1F1E6 + ord(c) - ord("A")) for c in code)
        if len(code) == 2 and code.isascii() and code.isupper()
        else ""
    )


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(
        c for c in map(str, Locale("en").territories) if len(c) == 2 and c.isalpha() and c not in _NO_COUNTRIES
    )


@lru_cache(maxsize=64)
def _names_in(locale_code: str) -> dict[str, str]:
    """Names in one language."""
    names = Locale.parse(locale_code).territories
    return {fold(names[code]): code for code in _codes() if code in names}


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Names in the languages of the interface; English ones win."""
    found: dict[str, str] = {}
    for locale in (*reversed(LOCALES.values()), "en"):
        found |= _names_in(locale)
    return found | {fold(name): code for name, code in _ALSO.items()}


@lru_cache(maxsize=1)
def _further_names() -> dict[str, str]:
    """What countries call themselves, and what they are called in the languages that files come in.

    Loads many locales, so it is asked last. A name that means two countries means none.
    """
    found: dict[str, set[str]] = {}
    for locale in _FILES:
        for name, code in _names_in(locale).items():
            found.setdefault(name, set()).add(code)
    for code in sorted(_codes()):
        for language in get_official_languages(code, regional=False, de_facto=True):
            with contextlib.suppress(UnknownLocaleError, ValueError):
                own = Locale.parse(language).territories.get(code)
                if own:
                    found.setdefault(fold(own), set()).add(code)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


@lru_cache(maxsize=64)
def _in_order(locale_code: str, language: str) -> tuple[str, ...]:
    """Codes in the order of their names in a locale."""
    names = Locale.parse(locale_code).territories
    return tuple(collation.in_order(sorted(_codes()), lambda code: str(names.get(code, code)), language))
