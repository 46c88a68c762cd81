"""The planner against a search that looks at every moment, every person and every minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.kernel.hours import Span
from kith.kernel.planner import CAP, Invited, Proposal, cost, propose
from kith.kernel.working_time import Spell, WorkWeek, usual_week, working

many = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
MINUTE = timedelta(minutes=1)
MONDAY = datetime(2026, 3, 23, tzinfo=UTC)

ZONES = [
    "Europe/Helsinki",
    "America/New_York",
    "Asia/Tokyo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
]
hours = st.sampled_from([(Span(540, 1020),), (Span(480, 720), Span(780, 960)), (Span(1320, 360),)])
moments = st.integers(0, 5 * 24 * 12).map(lambda n: MONDAY + 5 * n * MINUTE)
spells = st.tuples(moments, st.integers(1, 300)).map(lambda pair: Spell(pair[0], pair[0] + pair[1] * MINUTE))
people = st.builds(
    Invited,
    st.just(""),
    st.builds(WorkWeek, st.sampled_from(ZONES), hours, st.sampled_from([(0, 1, 2, 3, 4), (0, 1, 2, 3, 5, 6), ()])),
    st.lists(spells, max_size=3).map(tuple),
    st.booleans(),
    st.sampled_from([0, 0, 5000]),
)


def far(week: WorkWeek, minute: datetime) -> int:
    """How far a minute is from work, looked at by itself."""
    near = working(week, minute - CAP * MINUTE, minute + (CAP + 1) * MINUTE)
    found = [CAP]
    for spell in near:
        if spell.start <= minute < spell.end:
            return 0
        found.append((spell.start - minute) // MINUTE if spell.start > minute else (minute - spell.end) // MINUTE + 1)
    return min(found)


def brute(
    invited: list[Invited], since: datetime, until: datetime, minutes: int, step: int, most: int
) -> list[Proposal]:
    rows = []
    start = since
    while start + minutes * MINUTE <= until:
        if int(start.timestamp()) % (step * 60) == 0:
            end = start + minutes * MINUTE
            there = [all(spell.end <= start or spell.start >= end for spell in one.busy) for one in invited]
            if all(here or not one.required for here, one in zip(there, invited, strict=True)):
                come = [one for one, here in zip(invited, there, strict=True) if here]
                costs = [(one.key, sum(far(one.week, start + n * MINUTE) for n in range(minutes))) for one in come]
                borne = sorted((c + one.carried for (_k, c), one in zip(costs, come, strict=True)), reverse=True)
                missing = tuple(one.key for one, here in zip(invited, there, strict=True) if not here)
                rows.append((len(missing), borne, start, Proposal(start, minutes, tuple(costs), missing)))
        start += 5 * MINUTE
    chosen: list[Proposal] = []
    for _missing, _borne, _start, proposal in sorted(rows, key=lambda row: row[:3]):
        if len(chosen) < most and all(proposal.end <= one.start or one.end <= proposal.start for one in chosen):
            chosen.append(proposal)
    return chosen


@many
@given(
    invited=st.lists(people, min_size=1, max_size=3),
    since=moments,
    length=st.integers(1, 7).map(lambda n: n * 60),
    minutes=st.sampled_from([5, 15, 25]),
    step=st.sampled_from([15, 30, 60]),
)
def test_proposals_are_those_of_a_search_through_everything(
    invited: list[Invited], since: datetime, length: int, minutes: int, step: int
) -> None:
    invited = [Invited(str(n), one.week, one.busy, one.required, one.carried) for n, one in enumerate(invited)]
    until = since + length * MINUTE
    assert propose(invited, since, until, minutes, step=step, most=3) == brute(invited, since, until, minutes, step, 3)


def test_a_minute_costs_its_distance_from_work() -> None:
    week = usual_week("FI")
    nine = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Helsinki"))
    assert cost(week, nine, 60) == 0
    assert cost(week, nine - MINUTE, 1) == 1
    assert cost(week, nine - 120 * MINUTE, 1) == 120
    assert cost(week, nine + 8 * 60 * MINUTE, 2) == 1 + 2
    assert cost(week, nine - 2 * 24 * 60 * MINUTE, 1) == 16 * 60 + 1


def test_helsinki_new_york_and_tokyo_share_the_burden() -> None:
    invited = [
        Invited(country, usual_week(country, zone))
        for country, zone in (("FI", ""), ("US", "America/New_York"), ("JP", ""))
    ]
    best = propose(invited, MONDAY, MONDAY + timedelta(days=5), 60)[0]
    # Nobody sits at night while another one has an ordinary day: six in New York is as far from work as eight in Tokyo.
    assert {one.key: best.start.astimezone(ZoneInfo(one.week.zone)).hour for one in invited} == {
        "FI": 12,
        "US": 6,
        "JP": 19,
    }
    assert dict(best.costs)["FI"] == 0
    assert best.total == sum(points for _key, points in best.costs)
    # Whoever bore it last time is spared the next time.
    tired = [Invited(one.key, one.week, carried=best.worst * (one.key == "JP")) for one in invited]
    other = propose(tired, MONDAY, MONDAY + timedelta(days=5), 60)[0]
    assert dict(other.costs)["JP"] < dict(best.costs)["JP"]


def test_who_must_come_decides_and_who_need_not_is_missed() -> None:
    week = WorkWeek("UTC")
    morning = Spell(MONDAY + timedelta(hours=9), MONDAY + timedelta(hours=13))
    must, may = Invited("must", week, (morning,)), Invited("may", week, (morning,), required=False)
    day = MONDAY, MONDAY + timedelta(days=1)
    assert propose([must], *day, 60)[0].start == MONDAY + timedelta(hours=13)
    window = MONDAY + timedelta(hours=9), MONDAY + timedelta(hours=13)
    assert propose([must], *window, 60) == []
    assert [one.missing for one in propose([may], *window, 60, most=1)] == [("may",)]
    assert propose([], MONDAY, MONDAY, 60) == []


def test_what_is_planned_at_once_is_bounded() -> None:
    for until, minutes, step in ((MONDAY + timedelta(days=100), 60, 30), (MONDAY, 0, 30), (MONDAY, 60, 1)):
        with pytest.raises(ValueError, match="too much"):
            propose([], MONDAY, until, minutes, step=step)
