"""Numbers with a fixed count of decimal places; exact, never a float."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kith.kernel.errors import Refused
from kith.kernel.sentences import counted
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

    asks = ("places",)
    MOST_PLACES = 6

    def __init__(self, places: int = 2, **options: Any):
        super().__init__(**options)
        self.places = places

    @classmethod
    def settled(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        text = str(given.get("places", 2) if given.get("places") not in ("", None) else 2)
        if not (text.isdecimal() and len(text) == 1 and int(text) <= cls.MOST_PLACES):
            raise Refused(
                _("Choose between 0 and %(n)s decimal places.") % {"n": counted(cls.MOST_PLACES)}, field="places"
            )
        return {"places": int(text)}

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
            raise Refused(_('This needs to be an exact number. Send it as text, such as "12.50".'))
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise Refused(_("This needs to be a number."))
        return self._exact(Decimal(value))

    def _exact(self, value: Decimal) -> Decimal:
        if not value.is_finite():
            raise Refused(_("This needs to be a number."))
        if has_more_places(value, self.places):
            raise Refused(
                ngettext("Use at most %(n)s decimal place.", "Use at most %(n)s decimal places.", self.places)
                % {"n": counted(self.places)}
            )
        if value and value.adjusted() > 20:
            raise Refused(_("This number is too large."))
        scaled = within_64_bits(int(value.scaleb(self.places, _WIDE).to_integral_value(context=_WIDE)) if value else 0)
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

    def wire(self, value: Any) -> str | None:
        """As text: most programs read numbers of JSON as floats, and lose digits."""
        return None if value is None else f"{value:f}"

    def wire_schema(self) -> dict[str, Any]:
        places = f"(\\.[0-9]{{1,{self.places}}})?" if self.places else ""
        return {"type": ["string", "null"], "pattern": f"^-?[0-9]{{1,19}}{places}$"}

    def taken_schema(self) -> dict[str, Any]:
        """A number as well: its digits are read exactly, whatever other programs do."""
        return {**self.wire_schema(), "type": ["string", "number", "null"]}

    def example(self, n: int) -> Decimal:
        return Decimal(int(Decimal(_EXAMPLES[n % len(_EXAMPLES)]) * 100)).scaleb(-self.places)


#: The usual 28 digits would round a long number before it could be refused.
_WIDE = Context(prec=1000)


def has_more_places(value: Decimal, places: int) -> bool:
    """Whether `value` (finite) has a digit other than zero behind its first `places` decimals."""
    _sign, digits, exponent = value.as_tuple()
    behind = -(int(exponent) + places)
    return bool(value) and behind > 0 and any(digits[-behind:])
