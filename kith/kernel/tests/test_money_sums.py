"""Sums and shares of money are exact to the last minor unit, in every exponent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.kernel.money import Money, exponent

CODES = st.sampled_from(["JPY", "EUR", "KWD", "CLF", "IRR", "USD", "TND"])
AMOUNTS = st.decimals(min_value=-(10**10), max_value=10**10, places=4, allow_nan=False, allow_infinity=False)


@given(AMOUNTS, CODES, st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any))
def test_shares_add_up_to_what_was_shared(amount: Decimal, code: str, weights: list[int]):
    whole = Money(amount, code).rounded()
    shares = whole.allocate(weights)
    assert sum((s.amount for s in shares), Decimal(0)) == whole.amount
    unit = Decimal(1).scaleb(-exponent(code))
    total = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        assert share == share.rounded()
        assert abs(share.amount - whole.amount * weight / total) < unit
        if weight == 0:
            assert share.amount == 0


@given(st.lists(AMOUNTS, max_size=20), CODES)
def test_the_sum_of_rounded_lines_is_the_total(amounts: list[Decimal], code: str):
    lines = [Money(a, code).rounded() for a in amounts]
    total = Money.total(lines, code)
    assert total.amount == sum((line.amount for line in lines), Decimal(0))
    assert total == total.rounded()


def test_nothing_can_be_shared_by_nobody():
    with pytest.raises(ValueError, match="weight"):
        Money(Decimal(1), "EUR").allocate([])
    with pytest.raises(ValueError, match="weight"):
        Money(Decimal(1), "EUR").allocate([0, 0])
    with pytest.raises(ValueError, match="weight"):
        Money(Decimal(1), "EUR").allocate([1, -1])
    with pytest.raises(ValueError, match="digits"):
        Money(Decimal("1.001"), "EUR").allocate([1])


def test_a_hundred_yen_among_three():
    assert [s.amount for s in Money(Decimal(100), "JPY").allocate([1, 1, 1])] == [34, 33, 33]
    assert [s.amount for s in Money(Decimal("-0.05"), "EUR").allocate([1, 1])] == [Decimal("-0.03"), Decimal("-0.02")]
