"""Two tables: rates of the house's own, which are records, and published ones, which are data like the zones of the world."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.sentences import ordinary
from kith.kernel.viewer import current_viewer

from ..columns import NONE, Choice, Currency, Date, ExchangeRate, Must, Once, Option, Record, Section, Text
from .fixed import fixed_since

SPOT, AVERAGE, BOOKED, MANUAL = "spot", "average", "booked", "manual"


def sensible(actor: Actor, rate: Any, changed: set[str]) -> None:
    """Two currencies, a day that has come, and nothing against what the law fixed for good."""
    if not rate.against:
        raise Refused(_("Say in which currency the rate is."), field="against")
    if rate.currency == rate.against:
        raise Refused(_("A rate needs two different currencies."), field="against")
    if rate.day is None:
        raise Refused(_("Say for which day the rate is."), field="day")
    if rate.day > max(clock.today(), clock.today(current_viewer().zone)):
        raise Refused(_("This day has not come yet; nobody knows its rate."), field="day")
    for code, other in ((rate.currency, rate.against), (rate.against, rate.currency)):
        since = fixed_since(code)
        if other == "EUR" and since is not None and rate.day >= since:
            raise Refused(
                _("The rate of %(currency)s to the euro is fixed by law since %(year)s and needs no entry.")
                % {"currency": code, "year": ordinary(since.year)},
                field="currency",
            )


class Rate(Record):
    """One unit of `currency` is worth `rate` units of `against` on `day`."""

    currency = Currency(
        lazy("Currency"), required=True, aka=("from", "from currency", "base", "ccy", "source currency", "code")
    )
    against = Currency(
        lazy("In currency"),
        aka=("to", "to currency", "quote", "quote currency", "target", "target currency", "counter currency"),
        help=lazy("The rate says how many units of this currency one unit of the first is worth."),
    )
    rate = ExchangeRate(lazy("Rate"), required=True, aka=("exchange rate", "value", "price", "mid", "close"))
    day = Date(lazy("Day"), required=True, start=clock.today, calendar=True, aka=("date", "valid from", "rate date"))
    kind = Choice(
        lazy("Kind of rate"),
        start=MANUAL,
        options=[
            Option(SPOT, lazy("Rate of the day"), "activity", 220),
            Option(AVERAGE, lazy("Average of a time"), "chart-line", 190),
            Option(BOOKED, lazy("Rate of the books"), "book-open", 90),
            Option(MANUAL, lazy("Entered by hand"), "pencil", 60),
        ],
        aka=("type", "rate type"),
    )
    source = Text(
        lazy("Where it comes from"),
        pii=NONE,
        max_length=200,
        help=lazy("A bank, a paper, an authority: whoever asks later wants to know."),
        aka=("source", "provider", "bank"),
    )

    class Meta:
        verbose_name, verbose_name_plural = lazy("Exchange rate"), lazy("Exchange rates")
        default_permissions = ()
        indexes = [models.Index(fields=["currency", "day"], name="rate_currency_day")]
        constraints = [
            Once(
                Least("currency", "against"),
                Greatest("currency", "against"),
                "day",
                "kind",
                condition=Q(removed_at=None),
                name="rate_once",
                said=lazy("There is a rate of this kind for these currencies and this day already."),
            ),
            Must(
                condition=Q(rate__gt=0),
                name="rate_above_zero",
                said=lazy("A rate needs to be above zero."),
            ),
            Must(
                condition=~Q(currency=F("against")),
                name="rate_two_currencies",
                said=lazy("A rate needs two different currencies."),
            ),
        ]

    class Crm:
        key, slug, icon, title, nav = "objects.rate", "rates", "arrow-left-right", "currency", False
        list = ["currency", "rate", "against", "day", "kind", "source", "changed_at"]
        form = [Section(lazy("Exchange rate"), "currency", "rate", "against", "day", "kind", "source")]
        quick = ["currency", "rate", "against", "day", "kind", "source"]
        example = {"currency": "SEK", "rate": "0.0908", "against": "EUR", "day": "2026-01-02"}
        rules = [sensible]
        sort = "-day"


class PublishedSheet(models.Model):
    """What the European Central Bank published on one day: code → units per euro, as the text that it printed.

    A sheet for a day instead of a row for each number: 7,000 rows instead of 220,000, loaded in a moment and never edited.
    `edition` marks the file that it came from.
    """

    day = models.DateField(primary_key=True)
    rates = models.JSONField()
    edition = models.CharField(max_length=32)

    class Meta:
        default_permissions = ()
