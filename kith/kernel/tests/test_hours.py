"""A moment to call: weeks, holidays, nights, clock changes, and what nobody can know."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kith.kernel.culture import culture
from kith.kernel.hours import QUIET, Span, Week, verdict
from kith.kernel.public_holidays import holiday, known

OFFICE = Span(9 * 60, 17 * 60)


def at(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def week(country: str, **more: Any) -> Week:
    usual = culture(country)
    return Week(
        **{
            "zone": usual.zone,
            "country": country,
            "weekend": usual.weekend,
            "holiday": lambda day: holiday(country, day),
            **more,
        }
    )


@pytest.mark.parametrize(
    ("country", "when", "state", "cause"),
    [
        ("FI", "2026-11-23T10:40", "yes", "open"),
        ("FI", "2026-11-23T08:30", "no", "closed"),
        ("FI", "2026-11-23T17:00", "no", "closed"),
        ("FI", "2026-11-23T21:00", "no", "quiet"),
        ("FI", "2026-11-23T07:59", "no", "quiet"),
        ("FI", "2026-11-21T10:40", "no", "weekend"),
        # Week-ends: Friday and Saturday in Saudi Arabia and Israel, Friday in Iran, Friday and Sunday in Brunei.
        ("SA", "2026-11-20T10:40", "no", "weekend"),
        ("SA", "2026-11-21T10:40", "no", "weekend"),
        ("SA", "2026-11-22T10:40", "yes", "open"),
        ("IL", "2026-11-20T10:40", "no", "weekend"),
        ("IL", "2026-11-22T10:40", "yes", "open"),
        ("IR", "2026-11-20T10:40", "no", "weekend"),
        ("IR", "2026-11-21T10:40", "yes", "open"),
        ("BN", "2026-11-20T10:40", "no", "weekend"),
        ("BN", "2026-11-21T10:40", "yes", "open"),
        ("BN", "2026-11-22T10:40", "no", "weekend"),
        ("NP", "2026-11-21T10:40", "no", "weekend"),
        ("NP", "2026-11-23T10:40", "yes", "open"),
        # Holidays on known dates.
        ("FI", "2027-12-06T10:40", "no", "holiday"),
        ("FI", "2026-12-25T10:40", "no", "holiday"),
        ("IR", "2026-03-21T10:40", "no", "holiday"),
        ("IR", "2027-02-11T10:40", "no", "holiday"),
        ("JP", "2026-11-23T10:40", "no", "holiday"),
        ("JP", "2026-05-05T10:40", "no", "holiday"),
        ("BR", "2026-09-07T10:40", "no", "holiday"),
        ("BR", "2026-04-21T10:40", "no", "holiday"),
        ("US", "2026-11-26T10:40", "no", "holiday"),
        ("US", "2026-07-03T10:40", "no", "holiday"),
    ],
)
def test_whether_it_is_a_moment_to_call(country: str, when: str, state: str, cause: str) -> None:
    days = week(country)
    zone = days.zone
    assert zone
    found = verdict(at(zone, when), days)
    assert (found.state, found.cause) == (state, cause)
    assert found.local is not None
    assert f"{found.local:%Y-%m-%dT%H:%M}" == when
    assert (found.next is None) is (state == "yes")


@pytest.mark.parametrize(
    ("country", "when", "following"),
    [
        ("FI", "2026-11-20T18:00", "2026-11-23T09:00"),
        ("FI", "2026-11-23T03:00", "2026-11-23T09:00"),
        # Christmas Eve to Boxing Day of 2026 is a Thursday to a Saturday.
        ("FI", "2026-12-24T12:00", "2026-12-28T09:00"),
        ("SA", "2026-11-19T19:00", "2026-11-22T09:00"),
    ],
)
def test_the_next_good_moment_leaps_over_nights_week_ends_and_holidays(country: str, when: str, following: str) -> None:
    days = week(country)
    assert verdict(at(days.zone, when), days).next == at(days.zone, following)


def test_quiet_hours_pass_midnight_and_stand_before_working_hours() -> None:
    days = week("FI", quiet=Span(22 * 60, 11 * 60))
    assert verdict(at("Europe/Helsinki", "2026-11-23T10:59"), days).cause == "quiet"
    assert verdict(at("Europe/Helsinki", "2026-11-23T11:00"), days).state == "yes"
    assert verdict(at("Europe/Helsinki", "2026-11-23T09:30"), days).next == at("Europe/Helsinki", "2026-11-23T11:00")
    early = verdict(at("Europe/Helsinki", "2026-11-24T00:10"), days)
    assert (early.cause, early.span, early.next) == ("quiet", days.quiet, at("Europe/Helsinki", "2026-11-24T11:00"))


def test_hours_that_the_person_asked_for_stand_before_those_of_the_office() -> None:
    days = week("FI", preferred=Span(18 * 60, 20 * 60))
    assert verdict(at("Europe/Helsinki", "2026-11-23T10:00"), days).cause == "not_preferred"
    assert verdict(at("Europe/Helsinki", "2026-11-23T18:30"), days).state == "yes"


def test_whoever_asked_not_to_be_called_never_is_and_no_next_moment_is_offered() -> None:
    found = verdict(at("Europe/Helsinki", "2026-11-23T10:40"), week("FI", do_not_call=True))
    assert (found.state, found.cause, found.next) == ("no", "do_not_call", None)


def test_without_a_zone_or_a_country_there_is_no_saying() -> None:
    now = at("Europe/Helsinki", "2026-11-23T10:40")
    assert verdict(now, Week()).cause == "no_zone"
    somewhere = verdict(now, Week(zone="Europe/Helsinki"))
    assert (somewhere.state, somewhere.cause) == ("unknown", "no_country")
    assert verdict(at("Europe/Helsinki", "2026-11-23T23:00"), Week(zone="Europe/Helsinki")).cause == "quiet"


@pytest.mark.parametrize(
    ("zone", "country", "day", "summer"),
    [
        ("Europe/Helsinki", "FI", "2026-03-30", True),
        ("Europe/Helsinki", "FI", "2026-10-26", False),
        ("America/New_York", "US", "2026-03-09", True),
        ("America/New_York", "US", "2026-11-02", False),
    ],
)
def test_the_working_day_begins_at_the_same_wall_time_on_both_sides_of_a_clock_change(
    zone: str, country: str, day: str, summer: bool
) -> None:
    days = week(country, zone=zone)
    before = verdict(at(zone, f"{day}T03:00"), days)
    assert before.next == at(zone, f"{day}T09:00")
    assert before.next is not None
    assert bool(before.next.astimezone(ZoneInfo(zone)).dst()) is summer
    # From the Saturday before, over the night in which the clocks change.
    saturday = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=ZoneInfo(zone))
    earlier = verdict(
        saturday.replace(day=saturday.day - 2).astimezone(UTC) if saturday.day > 2 else at(zone, "2026-10-31T10:00"),
        days,
    )
    assert earlier.next == at(zone, f"{day}T09:00")


def test_hours_that_begin_in_the_gap_of_a_clock_change_begin_when_it_is_over() -> None:
    """On 29 March 2026 there is no 03:30 in Helsinki: it is read with the offset before, and is 04:30."""
    days = week("FI", weekend=(), quiet=None, preferred=Span(3 * 60 + 30, 6 * 60), holiday=lambda day: "")
    found = verdict(at("Europe/Helsinki", "2026-03-29T01:00"), days)
    assert found.next == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_month_without_a_good_moment_has_none() -> None:
    found = verdict(at("Europe/Helsinki", "2026-11-23T10:40"), week("FI", weekend=tuple(range(7))))
    assert (found.state, found.next) == ("no", None)


def test_a_span_says_what_lies_in_it() -> None:
    assert [m in OFFICE for m in (539, 540, 1019, 1020)] == [False, True, True, False]
    assert [m in QUIET for m in (1259, 1260, 0, 479, 480)] == [False, True, True, True, False]
    assert Span.of(str(QUIET)) == QUIET
    for wrong in ("8-9", "08:00-08:00", "25:00-26:00", "08:00–17:00", "٠٨:٠٠-١٧:٠٠"):
        with pytest.raises(ValueError, match=r".*"):
            Span.of(wrong)


def test_a_holiday_is_named_in_the_language_of_the_viewer_where_the_library_has_it() -> None:
    day = date(2026, 12, 6)
    assert holiday("FI", day, "en") == "Independence Day"
    assert holiday("FI", day, "fi") == "Itsenäisyyspäivä"
    assert holiday("FI", day, "sl") == "Independence Day"
    assert holiday("IR", date(2026, 3, 21), "fa")
    assert holiday("CN", date(2026, 10, 1), "zh-hans") != holiday("CN", date(2026, 10, 1), "en")
    assert holiday("FI", date(2026, 11, 23)) == ""


def test_a_region_has_holidays_of_its_own_and_an_unknown_one_is_left_out() -> None:
    assert holiday("DE", date(2026, 1, 6), region="BY")
    assert not holiday("DE", date(2026, 1, 6))
    assert not holiday("DE", date(2026, 1, 6), region="Bavaria")


def test_a_country_that_nobody_knows_has_no_holidays_and_says_so() -> None:
    assert known("FI")
    assert not known("ZZ")
    assert holiday("ZZ", date(2026, 1, 1)) == ""
