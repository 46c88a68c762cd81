"""Currencies: the second part of an amount."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_symbol
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.money import is_currency
from kith.kernel.text import fold
from kith.kernel.viewer import LOCALES, Viewer

from .coded import Coded

#: Signs that people type, and what they can mean; a sign of several currencies is never guessed.
SIGNS = {
    "€": ("EUR",), "£": ("GBP",), "₤": ("GBP",), "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "ARS", "CLP", "COP", "TWD"),
    "us$": ("USD",), "a$": ("AUD",), "au$": ("AUD",), "c$": ("CAD",), "ca$": ("CAD",), "nz$": ("NZD",), "s$": ("SGD",), "hk$": ("HKD",),
    "nt$": ("TWD",), "mx$": ("MXN",), "r$": ("BRL",), "¥": ("JPY", "CNY"), "￥": ("JPY", "CNY"), "元": ("CNY",), "人民币": ("CNY",),
    "円": ("JPY",), "원": ("KRW",), "₩": ("KRW",), "₹": ("INR",), "₽": ("RUB",), "₺": ("TRY",), "₴": ("UAH",), "₪": ("ILS",), "₫": ("VND",),
    "₱": ("PHP",), "฿": ("THB",), "₦": ("NGN",), "₸": ("KZT",), "₾": ("GEL",), "zł": ("PLN",), "kč": ("CZK",), "ft": ("HUF",),
    "lei": ("RON",),
    "kr": ("SEK", "NOK", "DKK", "ISK"), "kr.": ("DKK", "SEK", "NOK", "ISK"), "fr.": ("CHF",), "﷼": ("IRR", "SAR", "OMR", "QAR", "YER"),
    "ریال": ("IRR",), "د.إ": ("AED",), "درهم": ("AED", "MAD"), "ر.س": ("SAR",), "euro": ("EUR",), "euros": ("EUR",),
}  # fmt: skip


class Currency(Coded):
    """ISO 4217."""

    key, label, icon = "currency", lazy("Currency"), "coins"

    def canonical(self, text: str) -> str:
        code = text.upper()
        return code if len(code) == 3 and is_currency(code) else ""

    def by_name(self, text: str, viewer: Viewer) -> str:
        name = fold(text)
        return _names().get(name) or _names_in(str(viewer.locale)).get(name) or ""

    def name(self, code: str, viewer: Viewer) -> str:
        return str(viewer.locale.currencies.get(code, code))

    def refusal(self, text: str) -> str:
        return _("“%(text)s” is not known as a currency. Write its code, such as EUR or USD.") % {"text": text}

    def codes(self) -> list[str]:
        return list(_in_use())

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^([A-Z]{3})?$"}

    def example(self, n: int) -> str:
        return ("EUR", "USD", "JPY", "KWD", "IRR", "CNY", "CLF", "GBP", "BRL", "SEK")[n % 10]


def meant_by(sign: str, viewer: Viewer) -> tuple[str, ...]:
    """The currencies that a sign, a code or a name can mean, whoever writes it."""
    code = Currency().canonical(sign)
    if code:
        return (code,)
    named = Currency().by_name(sign, viewer)
    return SIGNS.get(sign.lower()) or _symbols(str(viewer.locale)).get(fold(sign)) or ((named,) if named else ())


def shown_as(sign: str, viewer: Viewer) -> str:
    """The currency that the viewer's locale shows with this sign, or "": "$" is USD in Finland and AUD in Australia."""
    found = _symbols(str(viewer.locale)).get(fold(sign), ())
    return found[0] if len(found) == 1 else ""


@lru_cache(maxsize=1)
def _in_use() -> tuple[str, ...]:
    """Currencies that are tender somewhere today, and CLF, in which Chile counts."""
    everywhere = get_global("territory_currencies").values()
    return tuple(
        sorted(
            {code for entries in everywhere for code, _from, to, tender in entries if to is None and tender} | {"CLF"}
        )
    )


@lru_cache(maxsize=32)
def _symbols(locale_code: str) -> dict[str, tuple[str, ...]]:
    """The locale's own symbols."""
    found: dict[str, list[str]] = {}
    for code in _in_use():
        found.setdefault(fold(get_currency_symbol(code, locale_code)), []).append(code)
    return {sign: tuple(codes) for sign, codes in found.items() if sign}


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Names in the languages of the interface; English ones win."""
    found: dict[str, str] = {}
    for name in (*reversed(LOCALES.values()), "en"):
        found |= _names_in(name)
    return found


@lru_cache(maxsize=64)
def _names_in(locale_code: str) -> dict[str, str]:
    currencies = Locale.parse(locale_code).currencies
    return {fold(currencies[code]): code for code in _in_use() if code in currencies}
