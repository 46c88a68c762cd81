"""The countries: one record each, an administrator's words over what the house knows."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from kith.events.runs import execute
from kith.kernel.actor import System
from kith.kernel.errors import Refused
from kith.kernel.hours import QUIET, Span
from kith.objects import exchange
from kith.objects.countries.customs import all_customs, customs
from kith.objects.countries.guidance import GUIDANCE
from kith.objects.countries.house import house
from kith.objects.countries.working import work_week
from kith.objects.declare import object_type
from kith.objects.kinds import Country
from kith.objects.query import listing, visible_to
from kith.objects.write import change, create

pytestmark = pytest.mark.django_db
SYSTEM = System("test")


def country(code: str) -> Any:
    return visible_to(SYSTEM, "objects.country").get(code=code)


def test_there_is_a_record_of_every_country_with_nothing_written_in_it() -> None:
    found = list(visible_to(SYSTEM, "objects.country"))
    assert sorted(r.code for r in found) == Country().codes()
    o = object_type("objects.country")
    names = [n for n, f in o.own.items() if f.writable and n != "code"]
    assert all(o.own[n].kind.is_empty(o.own[n].get(r)) for r in found for n in names)


def test_a_country_is_there_once() -> None:
    with pytest.raises(Refused, match="there already"):
        create(SYSTEM, "objects.country", code="FI")


def test_an_imported_row_finds_its_country_by_name() -> None:
    import_ = exchange.accept(
        SYSTEM, object_type("objects.country"), io.BytesIO(b"Country;Week-end\nSuomi;Friday, Saturday\n"), "c.csv"
    )
    execute(exchange.begin(SYSTEM, import_).pk)
    assert country("FI").weekend == ("fri", "sat")


def test_what_nobody_wrote_is_what_the_house_knows() -> None:
    usual = customs("IR")
    assert (usual.weekend, usual.zone, usual.zone_certain, usual.quiet, usual.own) == (
        (4,),
        "Asia/Tehran",
        True,
        QUIET,
        frozenset(),
    )
    assert usual.languages[0] == "fa"
    assert customs("").country == ""
    assert customs("US").zone_certain is False


def test_what_an_administrator_wrote_holds_and_the_rest_stays() -> None:
    change(SYSTEM, country("IR"), weekend=["thu", "fri"], quiet_hours="22:00-07:00", guidance="Ours.")
    usual = customs("IR")
    assert (usual.weekend, usual.quiet) == ((3, 4), Span(22 * 60, 7 * 60))
    assert usual.values["guidance"] == "Ours."
    assert usual.own == {"weekend", "quiet_hours", "guidance"}
    assert usual.zone == "Asia/Tehran"


def test_a_working_week_is_the_administrators_and_then_her_own() -> None:
    change(SYSTEM, country("IR"), weekend=["thu", "fri"], working_hours="08:00-16:00")
    usual = work_week(customs("IR"))
    assert (usual.zone, usual.hours, usual.days) == ("Asia/Tehran", (Span(480, 960),), (0, 1, 2, 5, 6))
    own = work_week(customs("IR"), zone="Europe/Helsinki", hours=(Span(600, 1080),), days=(0, 1))
    assert (own.zone, own.hours, own.days) == ("Europe/Helsinki", (Span(600, 1080),), (0, 1))
    # The first day of the Iranian year.
    assert usual.holiday(date(2026, 3, 21))


def test_many_countries_are_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert set(all_customs(["FI", "SI", "", "IR"])) == {"FI", "SI", "", "IR"}


def test_an_empty_field_says_what_is_assumed_and_a_written_one_does_not() -> None:
    o, finland = object_type("objects.country"), country("FI")
    weekend = o.field("weekend")
    found = weekend.assumed(finland, SYSTEM)
    assert found is not None
    assert (found.value, found.certain) == (("sat", "sun"), True)
    assert "Kith" in found.reason
    assert weekend.assumed(change(SYSTEM, finland, weekend=["fri"]), SYSTEM) is None


def test_what_is_assumed_is_neither_filtered_by_nor_exported() -> None:
    everybody = visible_to(SYSTEM, "objects.country").count()
    assert listing(SYSTEM, "objects.country", filter="weekend:filled").records == []
    assert listing(SYSTEM, "objects.country", filter="zone:in:Europe/Helsinki").records == []
    data = b"".join(exchange.export(SYSTEM, "objects.country", ids=False)).decode("utf-8-sig")
    rows = data.splitlines()
    assert len(rows) == everybody + 1
    assert all(set(row) - {",", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ"} == set() for row in rows[1:])


def test_every_country_of_the_world_has_values_that_its_fields_accept() -> None:
    o = object_type("objects.country")
    for code in Country().codes():
        for name, value in house(code).items():
            assert o.field(name).kind.clean(value) == value, (code, name)


def test_there_is_guidance_for_thirty_countries_in_two_to_five_sentences() -> None:
    assert len(GUIDANCE) >= 30
    assert set(GUIDANCE) <= set(Country().codes())
    with override("en"):
        for code, text in GUIDANCE.items():
            sentences = [s for s in str(text).split(". ") if s]
            assert 2 <= len(sentences) <= 5, (code, len(sentences))
            assert len(str(text)) < 400, code
