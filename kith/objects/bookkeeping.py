"""Booking every amount anew: when the base currency changes, and once for amounts from before worths were kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kith.events.facts import NOW, Fact, emit, on
from kith.events.models import Event, Run
from kith.events.runs import Progress, job, start
from kith.kernel.actor import System, current_actor
from kith.kernel.viewer import current_viewer

from .kinds.numerals import show_number
from .rates import BASE_CURRENCY, base_currency
from .settings import SettingChanged, StoredSetting
from .write.booking import amounts, book_anew, holding

CHUNK = 500


@dataclass(frozen=True)
class AmountsBooked(Fact):
    """Every amount was valued in the base currency anew."""

    name = "amounts.booked"
    icon = "banknote"
    record: Any
    currency: str
    amounts: int
    missing: int

    def sentence(self) -> str:
        viewer = current_viewer()
        # A redacted event says nothing, in words.
        n, k = (count if isinstance(count, int) else 0 for count in (self.amounts, self.missing))
        said = {
            "n": show_number(n, viewer),
            "currency": self.currency,
            "k": show_number(k, viewer),
        }
        return (
            ngettext(
                "%(n)s amount was booked anew in %(currency)s; without a rate: %(k)s.",
                "%(n)s amounts were booked anew in %(currency)s; without a rate: %(k)s.",
                n,
            )
            % said
        )


@job(label=lazy("Book amounts anew"))
def book_all_anew(run: Run) -> Progress:
    """Value every amount at the rate of its own day in what is the base currency at each step; goes on where a killed worker stopped."""
    at = {"object": 0, "after": 0, **run.position}
    result = run.result or {"amounts": 0, "missing": 0}
    every = list(amounts())
    total = sum(holding(o, fields).count() for o, fields in every)
    done = run.done
    yield done, total
    for number, (o, fields) in enumerate(every):
        if number < at["object"]:
            continue
        after: int | None = at["after"] if number == at["object"] else 0
        while after is not None:
            booked, missing, after = book_anew(o, fields, after, CHUNK, base_currency())
            result = {"amounts": result["amounts"] + booked, "missing": result["missing"] + missing}
            run.position = {"object": number, "after": after} if after else {"object": number + 1, "after": 0}
            run.result = result
            done = min(total, done + CHUNK) if after is not None else done
            yield done, total
    row = StoredSetting.objects.filter(key=BASE_CURRENCY.key).first()
    if row is not None:
        emit(AmountsBooked(row, base_currency(), result["amounts"], result["missing"]))
    yield total, total


@on(SettingChanged, NOW)
def base_currency_changed(event: Event) -> None:
    """Another base currency: everything is booked anew, in the background."""
    if event.data.get("setting") == BASE_CURRENCY.key:
        start(book_all_anew, current_actor() or System("booking amounts anew"))


def beforehand(currency: str) -> str:
    """What changing the base currency will do, said before it is done."""
    n = sum(holding(o, fields).count() for o, fields in amounts())
    if not n:
        return ""
    return ngettext(
        "%(n)s record has amounts. They will be booked anew in %(currency)s, each at the rate of its own day.",
        "%(n)s records have amounts. They will be booked anew in %(currency)s, each at the rate of its own day.",
        n,
    ) % {"n": show_number(n, current_viewer()), "currency": currency}


def catch_up() -> bool:
    """After an upgrade: book amounts from before worths were kept. Whether there were any."""
    try:
        with transaction.atomic():
            there = any(holding(o, fields, unvalued=True).exists() for o, fields in amounts())
    except DatabaseError:
        # A migration of some rooms only: their tables follow, and so does this.
        return False
    waiting = Run.objects.filter(job=book_all_anew.key, state__in=(Run.WAITING, Run.RUNNING)).exists()
    if there and not waiting:
        start(book_all_anew, System("booking amounts from before"), title=_("Book amounts anew"))
    return there
