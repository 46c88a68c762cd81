"""What administrators decide for the whole installation."""

from __future__ import annotations

from typing import Any

import pytest

from kith.events.facts import Fact
from kith.events.models import Event
from kith.kernel.actor import System
from kith.kernel.errors import Forbidden, Refused
from kith.objects.custom import definitions
from kith.objects.kinds import Text
from kith.objects.rates import BASE_CURRENCY, base_currency
from kith.objects.settings import Setting, put, stored

pytestmark = pytest.mark.django_db


def test_a_setting_that_nobody_touched_is_its_default():
    assert stored(BASE_CURRENCY) == ("EUR", 0)


def test_an_administrator_changes_a_setting_and_the_ledger_says_it_in_a_sentence(cast: Any):
    assert put(cast.actor("admin"), BASE_CURRENCY, "usd") == 1
    assert base_currency() == "USD"
    assert put(cast.actor("admin"), BASE_CURRENCY, "JPY", version=1) == 2
    assert stored(BASE_CURRENCY) == ("JPY", 2)
    first, second = Event.objects.filter(name="setting.changed").order_by("pk")
    assert (first.data["old"], first.data["new"], first.actor_name) == ("EUR", "USD", "Admin")
    sentence = Fact.registry["setting.changed"].load(second).sentence()
    assert sentence == "The setting “Base currency” was changed from “US Dollar” to “Japanese Yen”."


def test_nobody_else_changes_one(cast: Any):
    for name in ("ada", "cai", "dee", "eve"):
        with pytest.raises(Forbidden):
            put(cast.actor(name), BASE_CURRENCY, "USD")
    assert base_currency() == "EUR"
    assert not Event.objects.filter(name="setting.changed").exists()


@pytest.mark.parametrize("value", ["", None, "XYZ", "euro!", 7, "DEM"])
def test_a_wrong_value_is_refused_beside_its_field(value: Any, cast: Any):
    with pytest.raises(Refused) as refused:
        put(cast.actor("admin"), BASE_CURRENCY, value)
    assert refused.value.field == "money.base_currency"
    assert base_currency() == "EUR"


def test_who_was_overtaken_is_told_what_holds_now(cast: Any):
    put(cast.actor("admin"), BASE_CURRENCY, "USD", version=0)
    with pytest.raises(Refused, match="US Dollar"):
        put(cast.actor("admin"), BASE_CURRENCY, "JPY", version=0)
    assert base_currency() == "USD"


def test_deciding_the_same_again_changes_nothing(cast: Any):
    assert put(cast.actor("admin"), BASE_CURRENCY, "EUR", version=0) == 0
    assert not Event.objects.filter(name="setting.changed").exists()


def test_settings_are_read_once_for_many_questions(cast: Any, django_assert_num_queries: Any):
    base_currency()
    with django_assert_num_queries(0):
        assert {base_currency() for _ in range(50)} == {"EUR"}


def test_another_process_hears_of_it_with_its_next_request(cast: Any):
    assert base_currency() == "EUR"
    # What another process does: it writes the row and raises the number, and this one was not told.
    from kith.kernel import clock
    from kith.objects.settings import StoredSetting

    StoredSetting.objects.create(key=BASE_CURRENCY.key, value="SEK", changed_at=clock.now())
    definitions.changed()
    definitions.refresh()
    assert base_currency() == "SEK"


def test_a_setting_may_be_optional(cast: Any):
    motto = Setting("test.motto", kind=Text(), label="Motto", required=False)
    assert motto.value == ""
    put(System("test"), motto, "  Onwards  ")
    assert motto.value == "Onwards"
    put(System("test"), motto, "")
    assert motto.value == ""
