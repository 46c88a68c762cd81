"""An amount and its currency. Decimal only; different currencies never meet by accident."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from babel.core import get_global
from babel.numbers import get_currency_precision

#: Stored amounts are whole numbers of 1/10,000: the largest exponent of ISO 4217 is four (CLF, UYW).
SCALE = 4


class MixedCurrencies(TypeError):
    """Two amounts of different currencies were added or compared."""


def is_currency(code: str) -> bool:
    """Whether `code` is a currency of ISO 4217 that CLDR knows."""
    return code in _codes()


def _codes() -> frozenset[str]:
    return frozenset(get_global("all_currencies"))


def exponent(code: str) -> int:
    """Digits after the point: JPY 0, EUR 2, KWD 3, CLF 4."""
    return get_currency_precision(code)


@dataclass(frozen=True, order=False)
class Money:
    """`amount` is a Decimal, `currency` an ISO 4217 code."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        given: Any = self.amount
        if isinstance(given, float):
            raise TypeError("Money is never made from a float.")
        try:
            amount = Decimal(given)
        except InvalidOperation as fault:
            raise ValueError("An amount is a decimal number.") from fault
        if not amount.is_finite():
            raise ValueError("An amount is a finite number.")
        if not is_currency(self.currency):
            raise ValueError(f"{self.currency!r} is not a currency code.")
        object.__setattr__(self, "amount", amount)

    def _same(self, other: object) -> Money:
        if not isinstance(other, Money):
            raise TypeError("Money is added to money only.")
        if other.currency != self.currency:
            raise MixedCurrencies(f"{self.currency} and {other.currency} cannot be mixed.")
        return other

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other).amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        given: Any = factor
        if isinstance(given, float):
            raise TypeError("Money is multiplied by whole numbers and Decimals.")
        return Money(self.amount * factor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other).amount

    def rounded(self, rounding: str = ROUND_HALF_EVEN) -> Money:
        """To the currency's own digits."""
        return Money(self.amount.quantize(Decimal(1).scaleb(-exponent(self.currency)), rounding), self.currency)

    def allocate(self, weights: Sequence[int]) -> list[Money]:
        """Shares by `weights`, whole minor units each, that add up to exactly this: largest remainders first, ties to the earlier share.

        Raises ValueError when nobody has a weight, one is negative, or the amount has more digits than its currency.
        """
        if not any(weights) or min(weights) < 0:
            raise ValueError("Shares need at least one weight above zero and none below.")
        if self != self.rounded():
            raise ValueError("Only an amount with its currency's own digits can be shared.")
        units = int(self.amount.scaleb(exponent(self.currency)))
        sign, units, total = (-1 if units < 0 else 1), abs(units), sum(weights)
        shares = [units * weight // total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(units * weights[i] % total), i))
        for i in by_remainder[: units - sum(shares)]:
            shares[i] += 1
        return [Money(Decimal(sign * share).scaleb(-exponent(self.currency)), self.currency) for share in shares]

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """The sum of amounts in one currency; MixedCurrencies when one is in another."""
        found = cls(Decimal(0).scaleb(-exponent(currency)), currency)
        for amount in amounts:
            found += amount
        return found

    @property
    def scaled(self) -> int:
        """The amount as a whole number of 1/10,000, as it is stored."""
        return int(self.amount.scaleb(SCALE).to_integral_exact())

    @classmethod
    def from_scaled(cls, scaled: int, currency: str) -> Money:
        """The inverse of `scaled`, shown with the currency's own digits where they suffice."""
        amount = Decimal(scaled).scaleb(-SCALE)
        digits = max(exponent(currency), -int(amount.normalize().as_tuple().exponent))
        return cls(amount.quantize(Decimal(1).scaleb(-digits)), currency)
