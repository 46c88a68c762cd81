"""Registries, causes, the clock, money and HTML."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.kernel import clock
from kith.kernel.actor import Guest, Loop, System, cause, current_cause
from kith.kernel.expressions import JsonPart
from kith.kernel.html import clean, el, join
from kith.kernel.money import MixedCurrencies, Money, exponent
from kith.kernel.registry import Duplicate, Frozen, Registry


def test_a_registry_refuses_a_second_item_and_names_both_places():
    registry: Registry[object] = Registry("thing")
    registry.add("a", Registry)
    registry.add("a", Registry)
    with pytest.raises(Duplicate, match=r"registry\.py.*money\.py"):
        registry.add("a", Money)
    registry.add("b", Money)
    assert list(registry) == [Registry, Money]
    registry.freeze()
    with pytest.raises(Frozen):
        registry.add("c", 1)


def test_causes_form_a_chain_that_neither_repeats_nor_goes_too_deep():
    with cause("request:1") as outer:
        assert (current_cause(), outer.depth) == (outer, 0)
        with cause("rule:2") as inner:
            assert inner.parents == ("request:1",)
            with pytest.raises(Loop), cause("request:1"):
                raise AssertionError("never here")
    with pytest.raises(Loop):
        deeper(0)
    assert current_cause() is None


def deeper(n: int) -> None:
    with cause(f"step:{n}"):
        deeper(n + 1)


def test_system_and_guest_say_who_they_are():
    assert (System("night").is_system, Guest("form").is_system) == (True, False)
    assert System("night").name == "night"


def test_the_clock_can_be_frozen_and_a_day_belongs_to_a_zone():
    with clock.frozen(datetime(2026, 11, 22, 22, 30, tzinfo=UTC)):
        assert clock.today().isoformat() == "2026-11-22"
        assert clock.today("Europe/Helsinki").isoformat() == "2026-11-23"
        assert clock.today("America/Sao_Paulo").isoformat() == "2026-11-22"
    with pytest.raises(ValueError, match="zone"), clock.frozen(datetime(2026, 1, 1)):  # noqa: DTZ001
        raise AssertionError("never here")


@pytest.mark.parametrize(("code", "digits"), [("JPY", 0), ("EUR", 2), ("KWD", 3), ("CLF", 4), ("IRR", 0)])
def test_currencies_have_their_own_digits(code: str, digits: int):
    assert exponent(code) == digits


@given(st.integers(-(10**17), 10**17), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_money_survives_storage_to_the_last_digit(scaled: int, code: str):
    assert Money.from_scaled(scaled, code).scaled == scaled


def test_money_is_exact_and_never_mixed():
    assert Money(Decimal("0.1"), "EUR") + Money(Decimal("0.2"), "EUR") == Money(Decimal("0.3"), "EUR")
    with pytest.raises(MixedCurrencies):
        Money(Decimal(1), "EUR") + Money(Decimal(1), "USD")
    with pytest.raises(TypeError):
        Money(0.1, "EUR")  # type: ignore[arg-type]
    for bad in (Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises(ValueError, match="finite"):
            Money(bad, "EUR")
    with pytest.raises(ValueError, match="currency"):
        Money(Decimal(1), "XXZ")


def test_elements_escape_what_they_are_given():
    assert el("a", "<b>", href='"x"', hidden=True, title=None) == '<a href="&quot;x&quot;" hidden>&lt;b&gt;</a>'
    assert join([el("b", 1), "<", None], " ") == "<b>1</b> &lt;"
    assert el("br") == "<br>"
    with pytest.raises(ValueError, match="Scripts"):
        el("a", onclick="x()")


@pytest.mark.parametrize(
    "source",
    ["<script>x()</script>", '<img src=x onerror="x()">', '<a href="javascript:x()">a</a>',
     '<p style="position:fixed">a</p>', '<p id="a" hx-get="/">a</p>',
     "<svg onload=x()>"],
)  # fmt: skip
def test_the_sanitiser_lets_nothing_act(source: str):
    cleaned = clean(source)
    for word in ("script", "onerror", "javascript", "style", "hx-", "id=", "onload", "<img", "<svg"):
        assert word not in cleaned


def test_keys_of_json_columns_are_checked_before_they_stand_in_sql():
    for bad in ("f1'", 'f1"', "f1.f2", "F1", "", "1f"):
        with pytest.raises(ValueError, match="key"):
            JsonPart("custom", bad)


def test_the_ground_floor_speaks_every_language():
    from django.utils import translation

    from kith.kernel.errors import Missing

    said = set()
    for code in ("en", "fi", "zh-hans", "fa", "sl"):
        with translation.override(code):
            said.add(str(Missing()))
    assert len(said) == 5
