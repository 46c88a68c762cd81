"""Whole numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.errors import Refused
from kith.kernel.sentences import counted
from kith.kernel.viewer import NEUTRAL, Viewer

from .kind import Kind
from .numerals import LARGEST, SMALLEST, plain_number, read_number, show_number, type_number, within_64_bits

_EXAMPLES = (0, 7, -3, 42, 1_000, 25_000, -999_999, 2**31, LARGEST, SMALLEST)


class Integer(Kind):
    """A whole number of 64 bits, optionally between `least` and `most`."""

    key, label, icon, widget = "integer", lazy("Whole number"), "hash", "number"
    numeric = True
    packed_as = "number"
    operators = ("is", "is_not", "at_least", "at_most", "between", "empty", "filled")
    aggregates = ("count", "empty", "sum", "average", "min", "max")

    def __init__(self, least: int | None = None, most: int | None = None, **options: Any):
        super().__init__(**options)
        self.least, self.most = least, most

    def parse(self, text: str, viewer: Viewer) -> int | None:
        text = self.checked_text(text)
        return self.clean(read_number(text, viewer)) if text else None

    def clean(self, value: Any) -> int | None:
        if value is None:
            return None
        if isinstance(value, str):
            return self.parse(value, NEUTRAL)
        if (
            isinstance(value, Decimal)
            and value.is_finite()
            and value.adjusted() < 30
            and value == value.to_integral_value()
        ):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Refused(_("This needs to be a whole number."))
        within_64_bits(value)
        if self.least is not None and value < self.least:
            raise Refused(_("Use a number of at least %(n)s.") % {"n": counted(self.least)})
        if self.most is not None and value > self.most:
            raise Refused(_("Use a number of at most %(n)s.") % {"n": counted(self.most)})
        return value

    def format(self, value: Any, viewer: Viewer) -> str:
        return "" if value is None else show_number(value, viewer)

    def edit(self, value: Any, viewer: Viewer) -> str:
        return "" if value is None else type_number(value, viewer)

    def export(self, value: Any) -> str:
        return "" if value is None else plain_number(value)

    def words(self, value: Any) -> str:
        return self.export(value)

    def json_schema(self) -> dict[str, Any]:
        least = SMALLEST if self.least is None else self.least
        return {"type": ["integer", "null"], "minimum": least, "maximum": LARGEST if self.most is None else self.most}

    def example(self, n: int) -> int | None:
        if self.least is None and self.most is None:
            return _EXAMPLES[n % len(_EXAMPLES)]
        least, most = SMALLEST if self.least is None else self.least, LARGEST if self.most is None else self.most
        return least + n % (most - least + 1)
