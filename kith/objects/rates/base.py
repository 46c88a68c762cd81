"""The currency in which the company keeps its books."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.errors import Refused
from kith.kernel.viewer import NEUTRAL

from ..kinds import Currency
from ..settings import Setting


def _in_use(code: str) -> None:
    currency = Currency()
    if code not in currency.codes():
        raise Refused(
            _("%(currency)s is not in use any more. Choose a currency of today.")
            % {"currency": currency.format(code, NEUTRAL)}
        )


BASE_CURRENCY = Setting(
    "money.base_currency",
    kind=Currency(),
    label=lazy("Base currency"),
    help=lazy(
        "Totals are kept in it. Every amount in another currency is kept in it as well, at the rate of its own day."
    ),
    default="EUR",
    check=_in_use,
)


def base_currency() -> str:
    """The code of the currency in which totals are kept."""
    code: str = BASE_CURRENCY.value
    return code
