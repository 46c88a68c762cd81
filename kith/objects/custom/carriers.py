"""The carrier of user-made fields: a key in the JSON column, read by an expression that an index serves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F

from kith.identity.names import user_references
from kith.kernel.expressions import JsonPart
from kith.kernel.money import Money
from kith.kernel.viewer import Viewer

from ..columns import references
from ..declare import Field, Reader
from ..kinds import Kind, Reference
from ..kinds.money import Worth
from ..kinds.order import Order


class Custom(Field):
    """A field whose packed value lies under its id in the JSON column."""

    @property
    def sortable(self) -> bool:  # type: ignore[override]
        """Single plain values can be sorted by, and amounts by their worth."""
        plain = bool(self.kind.kept) or not self.kind.parts
        return self.kind.sortable and plain and not self.kind.multiple and not self.target

    def get(self, record: Any) -> Any:
        return self.kind.unpack(record.custom.get(self.id))

    def put(self, record: Any, value: Any) -> None:
        record.custom.pop(self._beside, None)
        if self.kind.is_empty(value):
            record.custom.pop(self.id, None)
        else:
            record.custom[self.id] = self.kind.pack(value)

    @property
    def columns(self) -> list[str]:
        """Names of the columns that a write of this field touches."""
        return ["custom"]

    def expression(self) -> Any:
        return JsonPart(F("custom"), self.id, output=self.kind.packed_as)

    def part_expression(self, part: str, kind: Kind) -> Any:
        """The expression of one part of a composite value."""
        return JsonPart(F("custom"), self.id, part, output=kind.packed_as)

    @property
    def _beside(self) -> str:
        """The key under which the write path keeps what belongs to the value."""
        return f"{self.id}_base"

    def worth(self, record: Any) -> Worth | None:
        raw = record.custom.get(self._beside)
        if not raw:
            return None
        known = raw.get("amount") is not None
        return Worth(
            Money.from_scaled(raw["amount"], raw["currency"]) if known else None,
            Decimal(raw["rate"]) if known else None,
            date.fromisoformat(raw["day"]) if known else None,
            date.fromisoformat(raw["on"]),
        )

    def keep(self, record: Any, worth: Worth | None) -> None:
        if worth is None:
            record.custom.pop(self._beside, None)
            return
        raw: dict[str, Any] = {"on": worth.on.isoformat()}
        if worth.base is not None and worth.day is not None:
            raw |= {"amount": worth.base.scaled, "currency": worth.base.currency}
            raw |= {"rate": f"{worth.rate:f}", "day": worth.day.isoformat()}
        record.custom[self._beside] = raw

    @property
    def kept_columns(self) -> list[str]:
        return ["custom"] if self.kind.kept else []

    def kept_expression(self, what: str) -> Any:
        return JsonPart(F("custom"), self._beside, what, output="number" if what == "amount" else "text")

    def order(self, viewer: Viewer) -> Order:
        """Money by worth, everything else as its kind says."""
        return Order(self.kept_expression("amount")) if self.kind.kept else super().order(viewer)

    def comparable(self, value: Any) -> Any:
        """An operand as it is stored here: always packed, or the part of it that comparisons ask."""
        return self.kind.comparable(value) if self.kind.compared_part else self.kind.pack(value)


class CustomLinks(Custom):
    """A user-made link, or several: ids in the JSON column, shown through the gate of their target."""

    def get(self, record: Any) -> Any:
        found = record.attached.get(self.name)
        raw = record.custom.get(self.id)
        if self.kind.multiple:
            ids = raw or []
            known = {ref.id: ref for ref in found or ()}
            return tuple(known.get(i) or Reference(self.target or "", i, "") for i in ids)
        if raw is None:
            return None
        return found if found is not None and found.id == raw else Reference(self.target or "", raw, "")

    def attach(self, records: list[Any], reader: Reader) -> None:
        def ids(record: Any) -> list[int]:
            raw = record.custom.get(self.id)
            return list(raw or []) if self.kind.multiple else [raw] if raw is not None else []

        wanted = {i for record in records for i in ids(record)}
        found: dict[int, Reference] = {}
        if wanted and self.target == "identity.user":
            found = {pk: Reference("identity.user", pk, name) for pk, name in user_references(wanted).items()}
        elif wanted:
            found = references(self.target or "", wanted, reader)
        for record in records:
            shown = tuple(found[i] for i in ids(record) if i in found)
            record.attached[self.name] = shown if self.kind.multiple else (shown[0] if shown else None)
