"""Numbers with a fixed count of decimal places; exact, never a float."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kith.kernel.errors import Refused
from kith.kernel.viewer import NEUTRAL, Viewer

from .kind import Kind
from .numerals import LARGEST, SMALLEST, plain_number, read_number, show_number, type_number, within_64_bits

_EXAMPLES = ("0", "12.50", "-0.01", "1234.56", "99999.99", "-7", "0.1", "3.14", "1000000.01", "42.42")


class DecimalNumber(Kind):
    """A number with at most `places` decimals. Stored as a whole number of the smallest step: exact on every engine."""

    key, label, icon, widget = "decimal", lazy("Number"), "hash", "number"
    numeric = True
    stores_packed = True
    packed_as = "number"
    operators = ("is", "is_not", "at_least", "at_most", "between", "empty", "filled")
    aggregates = ("count", "empty", "sum", "average", "min", "max")

    def __init__(self, places: int = 2, **options: Any):
        super().__init__(**options)
        self.places = places

    def parse(self, text: str, viewer: Viewer) -> Decimal | None:
        text = self.checked_text(text)
        return self.clean(read_number(text, viewer)) if text else None

    def clean(self, value: Any) -> Decimal | None:
        if value is None:
            return None
        if isinstance(value, str):
            return self.parse(value, NEUTRAL)
        if isinstance(value, float):
            # 0.1 + 0.2 is not 0.3 there; whoever sends a float has lost digits already.
            raise Refused(_("This needs to be an exact number. Send it as text, such as \"12.50\"."))
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise Refused(_("This needs to be a number."))
        return self._exact(Decimal(value))

    def _exact(self, value: Decimal) -> Decimal:
        if not value.is_finite():
            raise Refused(_("This needs to be a number."))
        if value and not -30 < value.adjusted() < 30:
            raise Refused(_("This number is too large."))
        # Compared by digits, not by quantize(): that would round, or fail on long numbers.
        sign, digits, exponent = value.as_tuple()
        shift = int(exponent) + self.places
        tail = digits[shift:] if shift < 0 else ()
        if any(tail) or -shift > len(digits) and value:
            raise Refused(
                ngettext("Use at most %(n)d decimal place.", "Use at most %(n)d decimal places.", self.places) % {"n": self.places}
            )
        kept = digits[:shift] if shift < 0 else (*digits, *(0,) * shift)
        scaled = within_64_bits(int("".join(map(str, kept)) or "0") * (-1 if sign else 1))
        return Decimal(scaled).scaleb(-self.places)

    def format(self, value: Any, viewer: Viewer) -> str:
        return "" if value is None else show_number(value, viewer, self.places)

    def edit(self, value: Any, viewer: Viewer) -> str:
        return "" if value is None else type_number(value, viewer)

    def export(self, value: Any) -> str:
        return "" if value is None else plain_number(value)

    def words(self, value: Any) -> str:
        return self.export(value)

    def pack(self, value: Any) -> int | None:
        return None if value is None else int(value.scaleb(self.places))

    def unpack(self, raw: Any) -> Decimal | None:
        return None if raw is None else Decimal(raw).scaleb(-self.places)

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": ["integer", "null"],
            "minimum": SMALLEST,
            "maximum": LARGEST,
            "description": f"A whole number of 1/{10**self.places}: 1 stands for {Decimal(1).scaleb(-self.places):f}.",
        }

    def example(self, n: int) -> Decimal:
        return Decimal(int(Decimal(_EXAMPLES[n % len(_EXAMPLES)]) * 100)).scaleb(-self.places)
