"""What the amounts of a list add up to, said in words: the total, what it is made of, what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kith.kernel.actor import Actor
from kith.kernel.money import Money
from kith.kernel.viewer import Viewer
from kith.objects.declare import Field, ObjectType
from kith.objects.kinds import Amount, Currency, Date
from kith.objects.kinds.numerals import show_number
from kith.objects.totals import Part, Totals, totals

from ..render import page
from ..view import View


@dataclass(frozen=True)
class Row:
    """One currency of a total, as it is shown."""

    code: str
    name: str
    count: str
    sum: str
    base: str
    rates: str


@dataclass(frozen=True)
class Said:
    """One total, as it is shown. `short` is "" or what the bar says beside it."""

    field: Field
    total: str
    mixed: bool
    short: str
    rates: str
    rows: list[Row]
    missing: str
    about: str


def show(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """The totals of the amounts among the columns of this view."""
    view = View.of(request, actor, o)
    asked = {"filter": view.filter, "search": view.q, "viewer": request.viewer}
    fields = [f for f in view.fields(actor) if f.kind.kept]
    said = [_said(totals(actor, o, f.name, **asked), request.viewer) for f in fields]
    context = {"object": o, "said": said, "back": view.url()}
    return page(request, "ui/pages/totals.html", context, part="ui/parts/totals.html")


def _said(found: Totals, viewer: Viewer) -> Said:
    left_out = found.missing
    missing = (
        ngettext(
            "%(n)s amount is left out: nobody knows a rate for its day.",
            "%(n)s amounts are left out: nobody knows a rate for their day.",
            left_out,
        )
        % {"n": show_number(left_out, viewer)}
        if left_out
        else ""
    )
    short = (
        ngettext("without %(n)s amount", "without %(n)s amounts", left_out) % {"n": show_number(left_out, viewer)}
        if left_out
        else ""
    )
    return Said(
        found.field,
        money(found.base, viewer),
        found.mixed,
        short,
        days(found.first, found.last, viewer),
        [_row(part, found.base.currency, viewer) for part in found.parts],
        missing,
        _about(found, viewer),
    )


def _row(part: Part, home: str, viewer: Viewer) -> Row:
    whole = part.missing == part.count
    rates = "" if part.currency == home or whole else days(part.first, part.last, viewer)
    return Row(
        part.currency,
        Currency().format(part.currency, viewer),
        show_number(part.count, viewer),
        money(part.sum, viewer),
        "" if whole else money(part.base, viewer),
        _("No rate") if whole else rates,
    )


def _about(found: Totals, viewer: Viewer) -> str:
    if found.about is None or found.about_rate is None:
        return ""
    told = {"amount": money(found.about, viewer), "day": Date().format(found.about_rate.day, viewer)}
    return _("About %(amount)s at the rate of %(day)s.") % told


def money(value: Money, viewer: Viewer) -> str:
    """An amount as this viewer writes it."""
    return Amount().format(value, viewer)


def days(first: date | None, last: date | None, viewer: Viewer) -> str:
    """Of which days rates are; "" for none."""
    if first is None or last is None:
        return ""
    kind = Date()
    if first == last:
        return _("Rate of %(day)s") % {"day": kind.format(first, viewer)}
    told = {"first": kind.format(first, viewer), "last": kind.format(last, viewer)}
    return _("Rates from %(first)s to %(last)s") % told
