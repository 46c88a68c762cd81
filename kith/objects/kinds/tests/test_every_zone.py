"""Every zone of the world and every change of its clocks from 2024 to 2030: what is shown reads back as what it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import pytest

from kith.kernel.times import WallTime
from kith.kernel.viewer import Viewer
from kith.objects.kinds import DateTime

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
KIND = DateTime()


def changes(zone: ZoneInfo) -> list[datetime]:
    """The instants at which the zone's offset changes, to the second."""
    found = []
    at, step = FIRST, timedelta(days=7)
    while at < LAST:
        low, high = at, min(at + step, LAST)
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                middle = middle.replace(microsecond=0)
                if middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset():
                    low = middle
                else:
                    high = middle
            found.append(high)
        at += step
    return found


@pytest.mark.parametrize(("key", "code"), [("gregorian", "en_GB"), ("jalali", "fa_IR")])
def test_around_every_change_of_the_clocks_an_edited_instant_stays_the_same(key: str, code: str) -> None:
    seen = 0
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        viewer = Viewer(zone=name, locale_code=code, calendar=key)
        for change in changes(zone):
            for minutes in (-121, -61, -31, -1, 0, 1, 31, 61, 121):
                instant = change + timedelta(minutes=minutes)
                text = KIND.edit(instant, viewer)
                assert KIND.parse(text, viewer) == instant, (name, instant, text)
                assert KIND.parse(KIND.export(instant), viewer) == instant
                seen += 1
    assert seen > 10_000, "the zones of the world change their clocks more often than that"


def test_around_every_change_of_the_clocks_wall_times_are_kept_and_nothing_is_lost_or_doubled() -> None:
    """Every zone, every change: 15-minute steps over a day to either side become as many different wall times, each of which means its
    instant; times that are skipped mean one behind the gap, times that come twice their first, and each is told as what it is."""
    seen = gaps = folds = 0
    quarter = timedelta(minutes=15)
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for change in changes(zone):
            before, after = (
                (change - timedelta(seconds=1)).astimezone(zone).utcoffset(),
                change.astimezone(zone).utcoffset(),
            )
            assert before is not None
            assert after is not None
            jump = after - before
            start = change.replace(minute=0, second=0) - timedelta(hours=4)
            instants = [start + n * quarter for n in range(32)]
            walls = [WallTime.of(at, name) for at in instants]
            assert len(set(walls)) == len(walls), "two instants are never one wall time"
            for at, wall in zip(instants, walls, strict=True):
                assert wall.instant == at, (name, at, wall)
                assert not wall.missing
                assert wall.wall == at.astimezone(zone).replace(tzinfo=None)
                assert wall.twice or not wall.second
                seen += 1
            edge = change.astimezone(UTC).replace(tzinfo=None) + before
            if jump > timedelta():
                inside = WallTime(edge + jump / 2, name)
                assert inside.missing, (name, inside)
                assert WallTime.of(inside.instant, name).wall == inside.wall + jump
                gaps += 1
            elif jump < timedelta():
                inside = WallTime(edge + jump / 2, name)
                assert inside.twice
                other = WallTime(inside.wall, name, second=True)
                assert other.instant - inside.instant == -jump
                folds += 1
    assert min(seen / 32, gaps, folds) > 1000, (seen, gaps, folds)


def test_a_meeting_stays_at_its_time_of_day_when_the_clocks_change() -> None:
    first = WallTime(datetime.fromisoformat("2026-10-20T09:00"), "Europe/Helsinki")
    weekly = [first.later(weeks=n) for n in range(4)]
    assert {(w.wall.hour, w.wall.minute) for w in weekly} == {(9, 0)}
    assert [w.instant.hour for w in weekly] == [6, 7, 7, 7]


def test_a_wall_time_is_made_of_what_it_is_only() -> None:
    with pytest.raises(ValueError, match="no offset"):
        WallTime(datetime(2026, 1, 1, tzinfo=UTC), "UTC")
    with pytest.raises(ValueError, match="only once"):
        WallTime(datetime.fromisoformat("2026-01-01"), "Europe/Helsinki", second=True)
    with pytest.raises(ZoneInfoNotFoundError):
        WallTime(datetime.fromisoformat("2026-01-01"), "Mars/Olympus")
    with pytest.raises(ValueError, match="needs an offset"):
        WallTime.of(datetime.fromisoformat("2026-01-01"), "UTC")
