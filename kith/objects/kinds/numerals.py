"""Numbers as people write them: digits of every script, group and decimal signs of the viewer's locale, no guessing.

A sign that can mean both thousands and decimals is read by the viewer's locale; where the locale does not use the sign at all,
the text is refused rather than guessed: a wrong thousand is worse than a question.
"""

from __future__ import annotations

import re
from copy import copy
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from django.utils.translation import gettext as _

from kith.kernel.digits import local_digits, system_of
from kith.kernel.errors import Refused
from kith.kernel.text import ascii_digits
from kith.kernel.viewer import Viewer

#: Longer than any number that a 64-bit integer or an amount of money can hold, with its signs.
MAX_LENGTH = 60
SMALLEST, LARGEST = -(2**63), 2**63 - 1

_BIDI = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_SAME = str.maketrans(
    {
        **dict.fromkeys(_BIDI, ""),
        **dict.fromkeys("−–﹣－", "-"),
        "＋": "+", "，": ",", "．": ".",
        **dict.fromkeys("\u00a0\u202f\u2009\u2007\u3000\u2008", " "),
        **dict.fromkeys("’ʼ‘＇", "'"),
    }
)  # fmt: skip
#: Signs that never mean decimals.
_ONLY_GROUPS = " '\u066c"
_ARABIC_DECIMAL = "\u066b"
_GROUPED = re.compile(
    r"\d{1,3}(?:(?P<s>[ ',.\u066c])\d{3})(?:(?P=s)\d{3})*|\d{1,2}(?:(?P<i>[ ',.\u066c])\d{2})+(?P=i)\d{3}"
)


def read_number(text: str, viewer: Viewer) -> Decimal:
    """The number that `text` means to `viewer`; Refused for what is none or could be two."""
    body = ascii_digits(text).translate(_SAME).strip() if len(text) <= MAX_LENGTH else ""
    found = re.fullmatch(r"([+-]?) *([\d ',.\u066b\u066c]*\d)", body)
    if not found:
        raise Refused(_("This needs to be a number."))
    sign, body = found.groups()
    point = _decimal_sign(body, viewer)
    whole, _point, places = body.partition(point) if point else (body, "", "")
    if (whole and not whole.isdigit() and not _GROUPED.fullmatch(whole)) or (point and not places.isdigit()):
        raise Refused(_("This needs to be a number."))
    return Decimal(f"{sign}{re.sub('[^0-9]', '', whole) or '0'}{'.' + places if places else ''}")


def _decimal_sign(body: str, viewer: Viewer) -> str:
    if _ARABIC_DECIMAL in body:
        return _ARABIC_DECIMAL
    signs = [c for c in body if c in ",."]
    if not signs:
        return ""
    last = signs[-1]
    if len(set(signs)) == 2:
        return last
    if len(signs) > 1:
        return ""
    head, _sign, tail = body.partition(last)
    if len(tail) != 3 or not re.fullmatch(r"[1-9]\d{0,2}", head):
        return last
    own = _symbols(viewer.locale)
    if last == own["decimal"]:
        return last
    if last == own["group"]:
        return ""
    raise Refused(_("“%(text)s” could be read in two ways. Write it without a sign for thousands.") % {"text": body})


def _symbols(locale: Locale) -> dict[str, str]:
    symbols: Any = locale.number_symbols["latn"]
    return {"decimal": symbols["decimal"], "group": symbols["group"]}


def show_number(value: Decimal | int, viewer: Viewer, places: int | None = None) -> str:
    """`value` with the viewer's digits and signs; `places` fixes how many digits follow the decimal sign."""
    exact = Decimal(value)
    digits = max(0, -int(exact.as_tuple().exponent)) if places is None else places
    text = _pattern(str(viewer.locale), "decimal", digits).apply(
        exact, viewer.locale, numbering_system=system_of(viewer)
    )
    return local_digits(text, viewer)


def show_money(amount: Decimal, currency: str, places: int, viewer: Viewer) -> str:
    """`amount` with its currency, where and how the viewer's locale writes it."""
    text = _pattern(str(viewer.locale), "currency", places).apply(
        amount, viewer.locale, currency=currency, currency_digits=False, numbering_system=system_of(viewer)
    )
    return local_digits(text, viewer)


@lru_cache(maxsize=500)
def _pattern(locale_code: str, sort: str, places: int) -> Any:
    """The locale's pattern of numbers or of money, with so many digits behind the decimal sign."""
    locale = Locale.parse(locale_code)
    pattern: Any = copy(locale.decimal_formats[None] if sort == "decimal" else locale.currency_formats["standard"])
    pattern.frac_prec = (places, places)
    return pattern


def type_number(value: Decimal | int, viewer: Viewer) -> str:
    """`value` as the viewer would type it: own digits and decimal sign, no groups."""
    symbols: Any = viewer.locale.number_symbols[system_of(viewer)]
    return local_digits(f"{Decimal(value):f}".replace(".", symbols["decimal"]), viewer)


def plain_number(value: Decimal | int) -> str:
    """`value` for files, read back as the same number in every locale."""
    text = f"{Decimal(value):f}"
    # Three digits behind a single point are thousands to half of the world; a fourth digit says that they are not.
    return text + "0" if re.search(r"\.\d{3}$", text) else text


def within_64_bits(value: int) -> int:
    """`value`, refused when the database cannot hold it."""
    if not SMALLEST <= value <= LARGEST:
        raise Refused(_("This number is too large."))
    return value
