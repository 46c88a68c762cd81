"""Languages."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.localedata import locale_identifiers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.sentences import strung
from kith.kernel.text import fold
from kith.kernel.viewer import LOCALES, Viewer

from .coded import Coded

_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?", re.IGNORECASE)
_REGIONAL = {"en-GB", "en-US", "pt-BR", "pt-PT", "zh-Hans", "zh-Hant", "sr-Latn", "sr-Cyrl", "fr-CA", "es-MX", "de-CH"}
_EXAMPLES = ("fi", "sl", "fa", "zh-Hans", "ja", "pt-BR", "ar", "en-GB", "de", "sr-Latn")


class Language(Coded):
    """A language tag of BCP 47: language, and where it matters script and region ("fi", "zh-Hans", "pt-BR")."""

    key, label, icon = "language", lazy("Language"), "languages"

    def canonical(self, text: str) -> str:
        found = _TAG.fullmatch(text)
        if not found:
            return ""
        language, script, region = found[1].lower(), (found[2] or "").title(), (found[3] or "").upper()
        english = Locale("en")
        if language not in english.languages:
            return ""
        if (script and script not in english.scripts) or (region and region not in english.territories):
            return ""
        return "-".join(part for part in (language, script, region) if part)

    def by_name(self, text: str, viewer: Viewer) -> str:
        name = fold(text)
        return _names().get(name) or _names_in(str(viewer.locale)).get(name) or ""

    def name(self, code: str, viewer: Viewer) -> str:
        return _name(code, viewer.locale)

    def refusal(self, text: str) -> str:
        return _("“%(text)s” is not known as a language. Write its name or its code, such as en or pt-BR.") % {
            "text": text
        }

    def codes(self) -> list[str]:
        return list(_listed())

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^([a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?)?$"}

    def example(self, n: int) -> str:
        return _EXAMPLES[n % len(_EXAMPLES)]


def _name(code: str, locale: Locale) -> str:
    whole = locale.languages.get(code.replace("-", "_"))
    if whole:
        return str(whole)
    language, *rest = code.split("-")
    parts = [str(locale.scripts.get(r) or locale.territories.get(r) or r) for r in rest]
    base = str(locale.languages.get(language, language))
    return f"{base} ({strung(parts, Viewer(locale_code=str(locale)))})" if parts else base


@lru_cache(maxsize=1)
def _listed() -> tuple[str, ...]:
    """Languages offered in a list: those that CLDR has formats for, and regional forms that people choose between."""
    english = Locale("en").languages
    plain = {tag for tag in locale_identifiers() if tag in english and "_" not in tag}
    return tuple(sorted(plain | _REGIONAL))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Names in the languages of the interface and, for the listed ones, in the language itself."""
    found: dict[str, str] = {}
    for code in _listed():
        try:
            found[fold(_name(code, Locale.parse(code, sep="-")))] = code
        except (UnknownLocaleError, ValueError):
            continue
    for locale in (*reversed(LOCALES.values()), "en"):
        found |= _names_in(locale)
    return found


@lru_cache(maxsize=64)
def _names_in(locale_code: str) -> dict[str, str]:
    locale = Locale.parse(locale_code)
    return {fold(_name(code, locale)): code for code in _listed()}
