"""Every zone of the world and every change of its clocks from 2024 to 2030: what is shown reads back as what it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

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


def test_around_every_change_of_the_clocks_an_edited_instant_stays_the_same():
    seen = 0
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        viewer = Viewer(zone=name)
        for change in changes(zone):
            for minutes in (-121, -61, -31, -1, 0, 1, 31, 61, 121):
                instant = change + timedelta(minutes=minutes)
                text = KIND.edit(instant, viewer)
                assert KIND.parse(text, viewer) == instant, (name, instant, text)
                assert KIND.parse(KIND.export(instant), viewer) == instant
                seen += 1
    assert seen > 10_000, "the zones of the world change their clocks more often than that"
