"""What a board shows of a view: columns with their heads, the first cards of each, and what all of it adds up to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from babel.numbers import format_percent
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.actor import Actor
from kith.kernel.digits import local_digits, system_of
from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, join
from kith.kernel.money import Money
from kith.objects.abreast import counts, side_by_side
from kith.objects.access import fields as fields_of
from kith.objects.access import may
from kith.objects.declare import Field, ObjectType
from kith.objects.filters import All, Condition
from kith.objects.filters import text as filter_text
from kith.objects.kinds.numerals import show_number
from kith.objects.looks import may_look
from kith.objects.query import Count, Page, listing
from kith.objects.rates import base_currency
from kith.objects.totals import GroupTotal, sums_by

from ..parameters import Layout, Parameter
from ..render import wants_part
from ..view import View, parts_of
from .cards import Cards, compact
from .columns import Column, can_be_columns, column_named, column_of, columns_of, field_for, fields_for

#: So many cards a column shows at first, and so many more each time.
CARDS = 25
KEY = "board"


@dataclass(frozen=True)
class Head:
    """The head of a column: how many records are in it and, where they have amounts, what these add up to.

    `sum` and `weighted` are "" where there is nothing to add up; `missing` is a sentence about amounts without a rate.
    """

    column: Column
    count: str
    sum: SafeString = EMPTY
    weighted: SafeString = EMPTY
    percent: str = ""
    missing: str = ""
    limit: str = ""
    #: Where a new record begins in this column, "" for who may not make one.
    new: str = ""
    #: Where its look is decided, "" for who may not.
    look: str = ""


@dataclass(frozen=True)
class Drawn:
    """A column as the page shows it."""

    column: Column
    head: Head
    cards: SafeString
    more: tuple[str, str]


class Board:
    """The board of one view for one person."""

    def __init__(self, request: Any, actor: Actor, view: View):
        self.actor, self.view, self.viewer, self.object = actor, view, request.viewer, view.object
        self.by: Field = field_for(actor, view.object, view["by"])
        self.columns = columns_of(actor, self.by, self.viewer)
        self.cards = Cards(actor, view.object, self.by, self.viewer, asked=view.columns)

    @property
    def _asked(self) -> dict[str, Any]:
        return {"filter": self.view.filter, "search": self.view.q, "viewer": self.viewer}

    @cached_property
    def counted(self) -> list[Count]:
        """How many records each column has."""
        return counts(self.actor, self.object, [c.where for c in self.columns], **self._asked)

    @cached_property
    def sums(self) -> dict[Any, GroupTotal] | None:
        """What the amounts of each column add up to, by its key; None where there are none, or too many to add up for every look."""
        if self.cards.money is None or not all(count.exact for count in self.counted):
            return None
        found = sums_by(self.actor, self.object, self.cards.money.name, self.by.expression(), **self._asked)
        known = {column.key for column in self.columns if not column.rest}
        made: dict[Any, GroupTotal] = {}
        for key, total in found.items():
            # SQLite gives 1 for true, which is the same key; what is in no column counts with the last one.
            place = key if key in known else None
            before = made.get(place)
            missing = total.missing + (before.missing if before else 0)
            made[place] = GroupTotal(_sum([total.base, before.base]), missing) if before else total
        return made

    def heads(self) -> list[Head]:
        """The heads of all columns."""
        return [self._head(column, count) for column, count in zip(self.columns, self.counted, strict=True)]

    def _head(self, column: Column, count: Count) -> Head:
        o, by, viewer = self.object, self.by, self.viewer
        number = show_number(count.value, viewer)
        head = Head(column, number if count.exact else _("%(number)s+") % {"number": number})
        if column.limit is not None:
            head = replace(head, limit=show_number(column.limit, viewer))
        if not column.rest and by.name in fields_of(self.actor, o, "create") and may(self.actor, "create", o):
            head = replace(head, new=f"{o.url()}new/?{_preset(by, column)}&stay=1")
        if by.kind.choices(viewer) and not column.rest and column.hue is not None and may_look(self.actor):
            head = replace(head, look=f"{o.url()}board/{by.name}/look/?value={column.text}")
        if self.sums is None:
            return head
        total = self.sums.get(column.key, GroupTotal(_nothing(), 0))
        head = replace(head, sum=compact(total.base, viewer))
        if total.missing:
            head = replace(head, missing=_("Amounts without a rate are left out."))
        if column.probability is not None:
            weighted = Money(total.base.amount * column.probability / 100, total.base.currency).rounded()
            percent = format_percent(
                Decimal(column.probability) / 100, locale=viewer.locale, numbering_system=system_of(viewer)
            )
            percent = local_digits(percent, viewer)
            head = replace(head, weighted=compact(weighted, viewer), percent=percent)
        return head

    def whole(self) -> dict[str, Any] | None:
        """What everything that is not over adds up to, and its weighted sum; None where there are no amounts."""
        if self.sums is None:
            return None
        open_ = [c for c in self.columns if not c.closing]
        found = [(c, self.sums[c.key].base) for c in open_ if c.key in self.sums]
        shown: dict[str, Any] = {"sum": compact(_sum([base for _c, base in found]), self.viewer)}
        if any(c.probability is not None for c in open_):
            weighted = [
                Money(base.amount * (100 if c.probability is None else c.probability) / 100, base.currency).rounded()
                for c, base in found
            ]
            shown["weighted"] = compact(_sum(weighted), self.viewer)
        return shown

    def drawn(self) -> list[Drawn]:
        """Every column with its first cards."""
        pages = side_by_side(
            self.actor,
            self.object,
            [c.where for c in self.columns],
            sort=self.view.sort,
            columns=self.cards.fields,
            limit=CARDS,
            **self._asked,
        )
        self.cards.prepare([record for page in pages for record in page.records])
        return [
            Drawn(column, head, self._cards(column, page), self._more(column, page))
            for column, head, page in zip(self.columns, self.heads(), pages, strict=True)
            # A column for what is in none of the others is shown when there is something in it.
            if page.records or not column.rest
        ]

    def first(self) -> dict[int, list[int]]:
        """The keys of the first cards of each column, by its number."""
        pages = side_by_side(
            self.actor,
            self.object,
            [c.where for c in self.columns],
            sort=self.view.sort,
            columns=[self.object.title],
            limit=CARDS,
            **self._asked,
        )
        return {c.number: [r.pk for r in page.records] for c, page in zip(self.columns, pages, strict=True)}

    def following(self) -> dict[str, Any]:
        """The cards of one column (`view["column"]`) after a place in it."""
        column = column_named(self.columns, self.view["column"])
        page = listing(
            self.actor,
            self.object,
            where=column.where,
            sort=self.view.sort,
            columns=self.cards.fields,
            after=self.view.after,
            limit=CARDS,
            **self._asked,
        )
        self.cards.prepare(page.records)
        return {"cards": self._cards(column, page), "more": self._more(column, page), "column": column, "size": CARDS}

    def _cards(self, column: Column, page: Page) -> SafeString:
        return join(self.cards.draw(record, column) for record in page.records)

    def _more(self, column: Column, page: Page) -> tuple[str, str]:
        """Where the next cards of a column are, and the list of all its records for who has no scripts; "" at its end."""
        if not page.next:
            return "", ""
        operators = self.by.kind.operators
        asks = "in" if "in" in operators else "is"
        parts = parts_of(self.view.tree())
        if not column.rest and asks in operators:
            parts = (*parts, Condition(self.by.name, asks, (column.text,)))
        return self.view.url(after=page.next, column=column.text), self.view.url(
            layout="", filter=filter_text(All(parts))
        )

    def column_of(self, record: Any) -> Column | None:
        """In which column a record stands."""
        return column_of(self.columns, self.by, record)

    @property
    def on_top(self) -> bool:
        """Whether what was changed last comes first: then a card that is moved goes to the top of its column."""
        return (self.view.sort or self.object.sort) == "-changed_at"


def _sum(amounts: list[Money]) -> Money:
    return Money.total(amounts, base_currency())


def _nothing() -> Money:
    return Money(Decimal(0), base_currency())


def _preset(by: Field, column: Column) -> str:
    """What a form of a new record is told, so that it begins in a column."""
    if not by.target:
        return f"{by.name}={column.text}"
    return f"{by.name}=%23{column.text}"


def build(request: Any, actor: Actor, view: View) -> dict[str, Any]:
    """The board of a view, as its template is drawn with; Refused, in a sentence, for what cannot be shown so."""
    board = Board(request, actor, view)
    if view.after and wants_part(request):
        return {"object": view.object, "view": view, **board.following()}
    drawn = board.drawn()
    total = sum(count.value for count in board.counted)
    exact = all(count.exact for count in board.counted)
    number = show_number(total, request.viewer)
    return {
        "object": view.object,
        "view": view,
        "board": board,
        "drawn": drawn,
        "some": total > 0,
        "more": "",
        "rows": "",
        "heads": [],
        "count": number if exact else _("%(number)s+") % {"number": number},
        "found": total,
        "totals": "",
        # Not "whole": that is a word of the bar of views, which is drawn on the same page.
        "open_sums": board.whole(),
        "ends": [d.column for d in drawn if d.column.closing] if board.cards.movable else [],
        "by_fields": [(f, view.url(by=f.name)) for f in fields_for(actor, view.object)],
        "size": CARDS,
        "filtered": bool(view.filter or view.q),
        "create": may(actor, "create", view.object),
        "clear": view.url(filter="", q=""),
    }


def offered(o: ObjectType) -> bool:
    """Whether an object has anything that could be columns."""
    return any(can_be_columns(f) for f in o.fields.values())


def _is_board(view: View, actor: Actor, viewer: Any) -> None:
    if view["by"]:
        field = field_for(actor, view.object, view["by"])
        if not columns_of(actor, field, viewer):
            raise Refused(_("There is no field here whose values could be columns."))


LAYOUT = Layout(KEY, lazy("Board"), "kanban", offered, build, "ui/board/board.html", "ui/board/more_cards.html")
PARAMETERS = (Parameter("by", check=_is_board), Parameter("column", kept=False))
