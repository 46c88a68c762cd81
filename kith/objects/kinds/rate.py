"""Exchange rates: how many units of one currency one unit of another is worth."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.errors import Refused
from kith.kernel.viewer import Viewer

from .decimal import DecimalNumber
from .numerals import plain_number, show_number, type_number

#: From one toman to the rial to a bank's own rate for millions: 0.0000000001 to 922,337,203.
PLACES = 10
_EXAMPLES = (
    "1.1172",
    "175.68",
    "0.8338",
    "1200000",
    "26543.75",
    "0.0000008533",
    "0.30895",
    "7.4735",
    "4.3052",
    "12345.678901",
)


class ExchangeRate(DecimalNumber):
    """An exact number above zero; zeros behind its last digit are not shown."""

    key, label, icon = "rate", lazy("Exchange rate"), "arrow-left-right"

    def __init__(self, **options: Any):
        super().__init__(places=PLACES, **options)

    def clean(self, value: Any) -> Decimal | None:
        cleaned = super().clean(value)
        if cleaned is not None and cleaned <= 0:
            raise Refused(_("A rate needs to be above zero."))
        return None if cleaned is None else shortest(cleaned)

    def unpack(self, raw: Any) -> Decimal | None:
        return None if raw is None else shortest(Decimal(raw).scaleb(-self.places))

    def format(self, value: Any, viewer: Viewer) -> str:
        return "" if value is None else show_number(shortest(value), viewer)

    def edit(self, value: Any, viewer: Viewer) -> str:
        return "" if value is None else type_number(shortest(value), viewer)

    def export(self, value: Any) -> str:
        return "" if value is None else plain_number(shortest(value))

    def wire(self, value: Any) -> str | None:
        return None if value is None else f"{shortest(value):f}"

    def example(self, n: int) -> Decimal:
        return Decimal(_EXAMPLES[n % len(_EXAMPLES)])


#: A computed rate is shown with so many digits; what somebody entered or published is shown as it was.
_SHOWN = Context(prec=9)


def show_rate(value: Decimal, viewer: Viewer) -> str:
    """A rate that was computed, to nine digits."""
    return show_number(shortest(_SHOWN.plus(value)), viewer)


def shortest(value: Decimal) -> Decimal:
    """The same number without zeros at its end, and without an exponent."""
    text = f"{value:f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)
