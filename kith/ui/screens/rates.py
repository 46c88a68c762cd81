"""Currencies and rates: which rate is in effect on a day and where it comes from, and what was published, a month at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.viewer import Viewer
from kith.objects.access import may
from kith.objects.declare import object_type
from kith.objects.kinds import Currency, Date
from kith.objects.kinds.numerals import show_number
from kith.objects.kinds.rate import show_rate
from kith.objects.rates import BOOKED, Found, base_currency, published, rate
from kith.objects.rates.finding import GAP, Leg

from .. import panels
from ..settings import SettingsPage, settings_page

OBJECT = "objects.rate"


@dataclass(frozen=True)
class Step:
    """One rate that an answer rests on: what was quoted, of which day, by whom, and where its record is ("" for none)."""

    quoted: str
    day: str
    source: str
    url: str


def show(request: Any, actor: Actor) -> HttpResponse:
    """The rate in effect for `currency` in `against` on `day`, and the published rates of that day's month."""
    viewer, given = request.viewer, request.GET
    today, home = clock.today(viewer.zone), base_currency()
    errors: dict[str, str] = {}
    currency = _code(given.get("currency", ""), "USD" if home != "USD" else "EUR", "currency", errors, viewer)
    against = _code(given.get("against", ""), home, "against", errors, viewer)
    day = _day(given.get("day", ""), today, errors, viewer)
    found = None if errors else rate(currency, against, day, BOOKED)
    o = object_type(OBJECT)
    first = day.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    foreign = currency if currency != "EUR" else against
    newest = published.newest_day()
    context = {
        "options": _options({currency, against}, viewer),
        "currency": currency,
        "against": against,
        "day": given.get("day") or Date().edit(day, viewer),
        "errors": errors,
        "asked": not errors,
        "rate": _pair(currency, found, viewer) if found else "",
        "steps": [_step(leg, actor, viewer) for leg in found.legs] if found else [],
        "month": panels.month(first, viewer),
        "foreign": foreign,
        "history": [
            (Date().format(on, viewer), show_number(Decimal(text), viewer))
            for on, text in published.month_of(foreign, first, last)
        ],
        "earlier": _query(currency, against, first - timedelta(days=1)),
        "later": _query(currency, against, min(last + timedelta(days=28), today)) if last < today else "",
        "ends": Date().format(newest, viewer) if newest and today - newest > GAP else "",
        "list": o.url() if may(actor, "view", o) else "",
        "add": f"{o.url()}new/" if may(actor, "create", o) else "",
        "bring": f"{o.url()}import/" if may(actor, "create", o) else "",
    }
    return settings_page(request, "rates", "ui/settings/rates.html", context, status=422 if errors else 200)


def _code(text: str, otherwise: str, name: str, errors: dict[str, str], viewer: Viewer) -> str:
    try:
        return Currency().parse(text[:100], viewer) or otherwise
    except Refused as refusal:
        errors[name] = str(refusal)
        return otherwise


def _day(text: str, today: date, errors: dict[str, str], viewer: Viewer) -> date:
    try:
        day: date | None = Date().parse(text[:40], viewer)
    except Refused as refusal:
        errors["day"] = str(refusal)
        return today
    if day is not None and day > today:
        errors["day"] = _("This day has not come yet; nobody knows its rate.")
        return today
    return max(day, date(1900, 1, 1)) if day is not None else today


def _options(chosen: set[str], viewer: Viewer) -> list[tuple[str, str]]:
    """Currencies of today, and those asked for, which may be of the past."""
    kind = Currency()
    known = [(str(option.value), str(option.label)) for option in kind.choices(viewer)]
    codes = {code for code, _name in known}
    return [*known, *((code, kind.format(code, viewer)) for code in sorted(chosen - codes))]


def _pair(currency: str, found: Found, viewer: Viewer) -> str:
    told = {"currency": currency, "rate": show_rate(found.rate, viewer), "against": found.path[-1]}
    return _("1 %(currency)s = %(rate)s %(against)s") % told


def _step(leg: Leg, actor: Actor, viewer: Viewer) -> Step:
    one, value, other = leg.quoted
    told = {"currency": one, "rate": show_number(value, viewer), "against": other}
    o = object_type(OBJECT)
    return Step(
        _("1 %(currency)s = %(rate)s %(against)s") % told,
        Date().format(leg.day, viewer),
        leg.source or _("Own rate"),
        o.url(leg.record) if leg.record and may(actor, "view", o) else "",
    )


def _query(currency: str, against: str, day: date) -> str:
    return "?" + urlencode({"currency": currency, "against": against, "day": day.isoformat()})


PAGE = SettingsPage(
    "rates",
    "company",
    lazy("Currencies and rates"),
    icon="arrow-left-right",
    help=lazy("Which exchange rate is in effect, and where it comes from"),
    screen=show,
    methods=("GET",),
    words=lazy("money currency exchange rate euro dollar central bank"),
    order=20,
)
