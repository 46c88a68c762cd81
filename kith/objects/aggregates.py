"""What a column of a list comes to: its sum, average, smallest and largest value, how many records have nothing there.

One statement per answer over the records that somebody sees. It reads all of them, so a screen asks for it after the page,
and a statement that takes too long is stopped with a sentence.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, Count, ExpressionWrapper, F, Max, Min, Q, Sum, Value, When
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.money import Money
from kith.kernel.viewer import Viewer, current_viewer

from .access import readable
from .declare import Field, object_type
from .filters import Condition, Tree
from .filters import compile as compile_filter
from .kinds.numerals import show_number
from .query import asker, selected
from .rates import base_currency
from .totals import HALF

#: What a column may come to, in the order in which it is offered.
AGGREGATES: dict[str, Any] = {
    "sum": pgettext_lazy("of a column", "Sum"),
    "average": pgettext_lazy("of a column", "Average"),
    "min": pgettext_lazy("of a column", "Smallest"),
    "max": pgettext_lazy("of a column", "Largest"),
    "empty": pgettext_lazy("of a column", "Empty"),
    "filled": pgettext_lazy("of a column", "Filled"),
}


def offered(field: Field) -> list[str]:
    """What a field's kind can be asked for."""
    counted = [how for how in ("empty", "filled") if field.filterable and how in field.kind.operators]
    return [
        how for how in AGGREGATES if how in counted or (how not in ("empty", "filled") and how in field.kind.aggregates)
    ]


def aggregate(
    actor: Actor,
    what: Any,
    name: str,
    how: str,
    *,
    filter: str | Tree | None = None,
    search: str = "",
    viewer: Viewer | None = None,
) -> str:
    """What field `name` comes to over a list, as `viewer` reads it; "" where no record has anything there.

    Amounts are taken in the base currency. Refused for a field that is not hers to read, and for what its kind cannot be asked for.
    """
    o, viewer = object_type(what), viewer or current_viewer()
    field = readable(actor, o, name)
    if how not in offered(field):
        raise Refused(_("“%(field)s” cannot be added up like that.") % {"field": field.label}, field=name)
    rows = selected(actor, o, filter=filter, search=search, viewer=viewer).order_by()
    if how in ("empty", "filled"):
        condition = compile_filter(o, Condition(name, how, ()), asker(actor, viewer))
        return show_number(rows.filter(condition).values("pk").count(), viewer)
    kind = field.kind
    if kind.kept:
        home = base_currency()
        worth = Case(
            When(Q(Exact(field.kept_expression("currency"), Value(home))), then=field.kept_expression("amount"))
        )
        found = _asked(rows.annotate(asked=worth), how)
        return "" if found is None else kind.format(Money.from_scaled(round(found), home), viewer)
    found = _asked(rows.annotate(asked=field.expression()), how)
    if found is None:
        return ""
    if how in ("sum", "average"):
        unit = Decimal(kind.unpack(1)) if kind.stores_packed else Decimal(1)
        total = Decimal(found) * unit
        return show_number(int(total) if total == total.to_integral_value() else round(total, 2), viewer)
    packed = kind.stores_packed or isinstance(found, str)
    return kind.format(kind.unpack(found) if packed else kind.clean(found), viewer)


def _asked(rows: Any, how: str) -> Any:
    """The one number or value, None where there is none."""
    if how in ("min", "max"):
        return rows.aggregate(found=Min("asked") if how == "min" else Max("asked"))["found"]
    whole = F("asked")
    # Sums are made of two halves: an engine's 64 bits hold one large number, not a thousand of them.
    low = ExpressionWrapper(whole % Value(HALF), output_field=BigIntegerField())
    high = ExpressionWrapper(whole / Value(HALF), output_field=BigIntegerField())
    found = rows.aggregate(low=Sum(low), high=Sum(high), n=Count("asked"))
    if not found["n"]:
        return None
    total = int(found["high"]) * HALF + int(found["low"])
    return total if how == "sum" else Decimal(total) / found["n"]


__all__ = ["AGGREGATES", "aggregate", "offered"]
