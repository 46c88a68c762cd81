"""Amounts of money."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q, Value
from django.db.models.lookups import Exact
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el
from kith.kernel.money import SCALE, Money, exponent, is_currency
from kith.kernel.sentences import counted, listed
from kith.kernel.text import ascii_digits
from kith.kernel.viewer import NEUTRAL, Viewer

from .currency import Currency, meant_by, shown_as
from .date import Date
from .decimal import DecimalNumber, has_more_places
from .kind import Kind, Option
from .numerals import LARGEST, SMALLEST, plain_number, read_number, show_money, type_number
from .rate import show_rate

LONGEST = 80
_STORED = DecimalNumber(places=SCALE)
#: A number with whatever stands before and behind it.
_AMOUNT = re.compile(
    r"(?P<before>[^\d+\-−.,\u066b]*)(?P<minus>[-−+]?)\s*(?P<between>[^\d\s+\-−.,]{0,5})\s*"
    r"(?P<number>[\d.,\u066b+\-−][\d.,\u066b\u066c\s'’+\-−]*)(?P<after>.*)",
    re.DOTALL,
)
_BIDI = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_EXAMPLES = (
    ("12.50", "EUR"), ("0", "USD"), ("-1234567.89", "GBP"), ("500000", "JPY"), ("1.234", "KWD"), ("25000000", "IRR"), ("0.0001", "CLF"),
    ("99.99", "CNY"), ("1000", "BRL"), ("10.05", "SEK"),
)  # fmt: skip


@dataclass(frozen=True)
class Worth:
    """What an amount is in the base currency: `base`, at `rate`, which is of `day`; None where nobody knows a rate.

    `on` is the day that the amount was valued for: its record's own date, or the day on which it was entered.
    """

    base: Money | None
    rate: Decimal | None
    day: date | None
    on: date


class Amount(Kind):
    """An amount with its currency, exact to the currency's own digits.

    Text without a currency is in `currency`, the field's own, or else in the viewer's. A sign of several currencies ("$", "¥",
    "kr") means the one that would be meant without it, or the one that the viewer's locale shows with it; where these differ, or
    neither is there, the text is refused.
    """

    key, label, icon, widget = "money", lazy("Amount"), "banknote", "money"
    numeric = True
    packed_as = "json"
    compared_part = "amount"
    operators = ("is", "at_least", "at_most", "between", "empty", "filled")
    aggregates = ("count", "empty", "sum", "average", "min", "max")

    def __init__(self, currency: str = "", **options: Any):
        super().__init__(**options)
        if currency and not is_currency(currency):
            raise ValueError(f"{currency!r} is not a currency code.")
        self.currency = currency
        amount, unit = DecimalNumber(places=SCALE), Currency()
        amount.part_label, unit.part_label = lazy("Amount"), lazy("Currency")
        self.parts: Mapping[str, Kind] = {"amount": amount, "currency": unit}

    @property
    def kept(self) -> Mapping[str, Kind]:  # type: ignore[override]
        """Its worth in the base currency."""
        return {"base": BaseAmount()}

    # ── from people and files ────────────────────────────────────────────────────────────────────────────────────────

    def parse(self, text: str, viewer: Viewer) -> Money | None:
        text = self.checked_text(text)
        return self._read(text, self.currency or viewer.currency, viewer) if text else None

    def _read(self, text: str, fallback: str, viewer: Viewer) -> Money:
        """The amount that `text` says, in `fallback` when it names no currency."""
        text = _BIDI.sub("", text).strip()
        found = _AMOUNT.fullmatch(ascii_digits(text)) if len(text) <= LONGEST else None
        if not found:
            raise Refused(_("This needs to be an amount, such as 12.50 EUR."))
        signs = [s for s in (found["before"], found["between"], found["after"]) if s.strip()]
        if len(signs) > 1:
            raise Refused(_("Name one currency only."))
        currency = self._meant(signs[0].strip(), fallback, viewer) if signs else fallback
        return self._made(read_number(found["minus"] + found["number"].strip(), viewer), currency)

    def _meant(self, sign: str, fallback: str, viewer: Viewer) -> str:
        currencies = meant_by(sign, viewer)
        if not currencies:
            raise Refused(self.parts["currency"].refusal(sign[:60]))  # type: ignore[attr-defined]
        # Of several, the one that would be meant without a sign, or the one that the viewer sees this sign stand for;
        # when these two differ nobody knows.
        likely = {code for code in (fallback, shown_as(sign, viewer)) if code in currencies}
        if len(currencies) == 1 or len(likely) == 1:
            return next(iter(likely or currencies))
        told = {"sign": sign, "codes": listed(currencies[:5], viewer)}
        raise Refused(_("“%(sign)s” is the sign of several currencies. Write the code instead: %(codes)s.") % told)

    def read(self, data: Mapping[str, str], name: str, viewer: Viewer) -> Money | None:
        """Inputs `name.amount` and `name.currency`; or `name` as one line."""
        if f"{name}.amount" not in data:
            return self.parse(data.get(name, ""), viewer)
        text = self.checked_text(data[f"{name}.amount"])
        currency = self.parts["currency"].parse(data.get(f"{name}.currency", ""), viewer)
        # A currency written beside the number is what was meant last; the other input shows what was there before.
        return self._read(text, currency or self.currency or viewer.currency, viewer) if text else None

    def clean(self, value: Any) -> Money | None:
        """Takes Money, a number in the field's own currency, text, or `{"amount": "12.50", "currency": "EUR"}`.

        In a mapping the amount is the number itself, as text or as a whole number; the scaled form of `pack` is for `unpack`.
        """
        if value is None:
            return None
        if isinstance(value, str):
            return self.parse(value, NEUTRAL)
        if isinstance(value, Money):
            return self._made(value.amount, value.currency)
        if isinstance(value, Mapping):
            if set(value) - {"amount", "currency"} or value.get("amount") is None:
                raise Refused(_("An amount has the parts amount and currency."))
            amount = self._number(value["amount"])
            currency = self.parts["currency"].clean(value.get("currency")) or self.currency
            return None if amount is None else self._made(amount, currency)
        amount = self._number(value)
        return None if amount is None else self._made(amount, self.currency)

    def _number(self, value: Any) -> Decimal | None:
        if isinstance(value, float):
            raise Refused(_('This needs to be an exact number. Send it as text, such as "12.50".'))
        if isinstance(value, str):
            text = self.checked_text(value)
            return read_number(text, NEUTRAL) if text else None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise Refused(_("This needs to be an amount, such as 12.50 EUR."))
        return Decimal(value)

    def _made(self, amount: Decimal, currency: str) -> Money:
        """`amount` to the digits of `currency`; more digits are refused, not rounded."""
        if not currency:
            raise Refused(_("Say the currency as well, such as 12.50 EUR."))
        digits = exponent(currency)
        if amount.is_finite() and has_more_places(amount, digits):
            if not digits:
                raise Refused(_("Amounts in %(currency)s have no decimal places.") % {"currency": currency})
            raise Refused(
                ngettext(
                    "Use at most %(n)s decimal place for %(currency)s.",
                    "Use at most %(n)s decimal places for %(currency)s.",
                    digits,
                )
                % {"currency": currency, "n": counted(digits)}
            )
        within = _STORED.clean(amount)
        return Money(within.quantize(Decimal(1).scaleb(-digits)), currency)  # type: ignore[union-attr]

    def assemble(self, parts: Mapping[str, Any], old: Any) -> Money | None:
        amount = parts.get("amount", old.amount if old else None)
        currency = parts.get("currency") or (old.currency if old else self.currency)
        return None if amount is None else self._made(amount, currency)

    def part(self, value: Any, name: str) -> Any:
        return getattr(value, name)

    # ── to people ────────────────────────────────────────────────────────────────────────────────────────────────────

    def format(self, value: Any, viewer: Viewer) -> str:
        if value is None:
            return ""
        # An amount from elsewhere may have more digits than its currency; all of them are shown.
        digits = max(exponent(value.currency), -int(value.amount.normalize().as_tuple().exponent))
        return show_money(value.amount, value.currency, digits, viewer)

    def beside(self, value: Any, kept: Any, viewer: Viewer) -> SafeString:
        """ "≈ € 1,234.00", with the rate and its date as a hint; nothing for amounts in the base currency or without a rate."""
        if value is None or kept is None or kept.base is None or kept.base.currency == value.currency:
            return EMPTY
        said = {
            "currency": value.currency,
            "rate": show_rate(kept.rate, viewer),
            "base": kept.base.currency,
            "day": Date().format(kept.day, viewer),
        }
        hint = _("At the rate of %(day)s: 1 %(currency)s = %(rate)s %(base)s") % said
        about = _("≈ %(amount)s") % {"amount": self.format(kept.base, viewer)}
        return el("span", el("bdi", about, class_="num"), class_="worth", title=hint)

    def edit(self, value: Any, viewer: Viewer) -> str:
        return "" if value is None else f"{type_number(value.amount, viewer)} {value.currency}"

    def widget_context(self, value: Any, viewer: Viewer) -> dict[str, Any]:
        """`amount` is the number alone, `currency` its code, `currencies` the list to choose from."""
        amount = "" if value is None else type_number(value.amount, viewer)
        currency = value.currency if value else self.currency or viewer.currency
        offered = self.parts["currency"].choices(viewer) or []
        if currency not in {option.value for option in offered}:
            # A currency of the past: a list without it would change the amount as soon as the form is saved.
            offered = [*offered, Option(currency, self.parts["currency"].format(currency, viewer))]
        return {"amount": amount, "currency": currency, "currencies": offered}

    # ── to storage, ledger, wire and files ───────────────────────────────────────────────────────────────────────────

    def pack(self, value: Any) -> dict[str, Any] | None:
        return None if value is None else {"amount": value.scaled, "currency": value.currency}

    def unpack(self, raw: Any) -> Money | None:
        return Money.from_scaled(raw["amount"], raw["currency"]) if raw else None

    def export(self, value: Any) -> str:
        return "" if value is None else f"{plain_number(value.amount)} {value.currency}"

    def narrow(self, field: Any, values: list[Any]) -> Q:
        codes = {value.currency for value in values if isinstance(value, Money)}
        if len(codes) > 1:
            raise Refused(_("Amounts in different currencies cannot be compared. Use one currency."))
        return Q(Exact(field.part("currency").expression(), Value(codes.pop()))) if codes else Q()

    def comparable(self, value: Any) -> Any:
        """The scaled amount; `narrow` takes care of the currency."""
        return value.scaled if isinstance(value, Money) else value

    def json_schema(self) -> dict[str, Any]:
        amount = {
            "type": "integer",
            "minimum": SMALLEST,
            "maximum": LARGEST,
            "description": "A whole number of 1/10000.",
        }
        return {
            "type": ["object", "null"],
            "required": ["amount", "currency"],
            "additionalProperties": False,
            "properties": {"amount": amount, "currency": {"type": "string", "pattern": "^[A-Z]{3}$"}},
        }

    def wire(self, value: Any) -> dict[str, str] | None:
        """The amount as text, with the digits of its currency: what `clean` takes."""
        return None if value is None else {"amount": f"{value.amount:f}", "currency": value.currency}

    def wire_schema(self) -> dict[str, Any]:
        return {
            "type": ["object", "null"],
            "required": ["amount", "currency"],
            "additionalProperties": False,
            "properties": {
                "amount": {"type": "string", "pattern": f"^-?[0-9]{{1,19}}(\\.[0-9]{{1,{SCALE}}})?$"},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
            },
        }

    def taken_schema(self) -> dict[str, Any]:
        """The amount as a number as well: its digits are read exactly."""
        schema = self.wire_schema()
        amount = {**schema["properties"]["amount"], "type": ["string", "number"]}
        return {**schema, "properties": {**schema["properties"], "amount": amount}}

    # ── for search, sort and filter ──────────────────────────────────────────────────────────────────────────────────

    def words(self, value: Any) -> str:
        return ""

    def companions(self) -> Any:
        """`currency`: an amount is never shown or added without it. The others hold its worth, which the write path fills in."""
        return {
            "currency": (
                lambda: models.CharField(max_length=3, default=""),
                lambda value: value.currency if value else "",
            ),
            "base": (lambda: models.BigIntegerField(null=True), lambda value: None),
            "base_currency": (lambda: models.CharField(max_length=3, default=""), lambda value: ""),
            "rate": (lambda: models.CharField(max_length=40, default=""), lambda value: ""),
            "rate_day": (lambda: models.DateField(null=True), lambda value: None),
            "valued_on": (lambda: models.DateField(null=True), lambda value: None),
        }

    def example(self, n: int) -> Money:
        amount, currency = _EXAMPLES[n % len(_EXAMPLES)]
        return self._made(Decimal(amount), currency)


class BaseAmount(Amount):
    """The worth of an amount in the company's base currency: one currency, so it can be compared, sorted and summed."""

    key, label = "base_amount", lazy("In the base currency")
    inline = False
    #: Says which currency that is; the room that keeps rates sets it.
    home: Callable[[], str] = staticmethod(lambda: "EUR")

    @property
    def kept(self) -> Mapping[str, Kind]:  # type: ignore[override]
        return {}

    def operand(self, text: str, viewer: Viewer) -> Any:
        home = type(self).home()
        text = self.checked_text(text)
        asked = self._read(text, home, viewer) if text else None
        if asked is not None and asked.currency != home:
            raise Refused(_("The base currency is %(currency)s. Write this amount in it.") % {"currency": home})
        return asked

    def narrow(self, field: Any, values: list[Any]) -> Q:
        """While amounts are booked anew in another currency, those that still are in the old one are not compared."""
        return Q(Exact(field.currency_expression(), Value(type(self).home())))
