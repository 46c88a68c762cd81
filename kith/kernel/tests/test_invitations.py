"""Calendar files: what we write is read by others as it was meant, and what others write costs no more than it is worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import pytest
import vobject
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recurring_ical_events import of

from kith.kernel.errors import Refused
from kith.kernel.invitations import (
    ACCEPTED,
    CANCEL,
    DECLINED,
    PUBLISH,
    REPLY,
    REQUEST,
    TENTATIVE,
    Appointment,
    Invitee,
    Reading,
    in_words,
    read,
    read_bytes,
    written,
)
from kith.kernel.invitations.child import calendar_of
from kith.kernel.invitations.reading import understood
from kith.kernel.invitations.zones import described
from kith.kernel.recurrence import Change, Recurrence, occurrences
from kith.kernel.times import WallTime
from kith.kernel.viewer import Viewer

many = settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
ZONES = [
    "Europe/Helsinki",
    "America/New_York",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Tokyo",
    "UTC",
]
RULES = [
    "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=MONTHLY;BYDAY=-1FR;COUNT=12", "FREQ=DAILY;UNTIL=20270402", "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=DAILY;INTERVAL=3;UNTIL=20261025",
]  # fmt: skip
ADA = Invitee("ada@example.com", "Ada Öberg, Ph.D.")


def wall(text: str) -> datetime:
    """A naive moment: what a clock on the wall says."""
    return datetime.fromisoformat(text)


def back(data: bytes, zone: str = "UTC") -> Reading:
    """What the child and the parent make of a file, in one process."""
    told = calendar_of(data)
    assert "refused" not in told, told
    return understood(told, zone)


line = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), max_size=40).map(
    lambda t: " ".join(t.split())
)
people = st.builds(
    Invitee,
    st.sampled_from(["ada@example.com", "ben+x@example.fi", "世界@例え.jp"]),
    line.map(lambda name: name.replace('"', "")),
    st.booleans(),
    st.sampled_from([ACCEPTED, DECLINED, TENTATIVE, "NEEDS-ACTION"]),
)


@st.composite
def appointments(draw: st.DrawFn) -> Appointment:
    begins = draw(st.datetimes(wall("2026-01-01"), wall("2027-06-01"))).replace(second=0, microsecond=0)
    whole = draw(st.integers(0, 4)) == 0
    begins = begins.replace(hour=0, minute=0) if whole else begins
    near = st.integers(0, 400).map(lambda n: begins + timedelta(days=n))
    series = None
    if draw(st.booleans()):
        moments = st.lists(near, max_size=3, unique=True).map(tuple)
        moved = draw(st.lists(near, max_size=2, unique=True))
        hours = 0 if whole else 5
        series = Recurrence(
            Recurrence.of(draw(st.sampled_from(RULES))).rule,
            draw(moments),
            draw(moments),
            tuple(Change(m, m + timedelta(days=2, hours=hours), draw(st.sampled_from([None, 7200]))) for m in moved),
        ).checked()
    return Appointment(
        uid=draw(st.uuids()).hex,
        start=begins.date() if whole else WallTime(begins, draw(st.sampled_from(ZONES))),
        minutes=draw(st.integers(1, 4)) * 1440 if whole else draw(st.sampled_from([0, 15, 60, 90, 600, 1500])),
        title=draw(line),
        text=draw(st.lists(line, max_size=3).map("\n".join)).strip(),
        place=draw(line),
        link=draw(st.sampled_from(["", "https://example.com/a?b=c;d,e"])),
        recurrence=series,
        organizer=draw(st.sampled_from([None, ADA])),
        attendees=tuple({who.email: who for who in draw(st.lists(people, max_size=3))}.values()),
        sequence=draw(st.integers(0, 9)),
        at=datetime(2026, 11, 23, 12, tzinfo=UTC),
        tentative=draw(st.booleans()),
    )


@many
@given(one=appointments())
def test_what_we_write_we_read_without_loss(one: Appointment) -> None:
    assert back(written(one, REQUEST)) == Reading(REQUEST, (one,), ())


@pytest.mark.parametrize("name", ["\\", "C:\\", "a\\,b", "a\\;b", "a\\:b", "a\\\\", "a\\nb", "\\' b", "x" * 60 + "\\"])
def test_a_backslash_in_a_name_is_one(name: str) -> None:
    who = Invitee("ada@example.com", name, answer=ACCEPTED)
    one = Appointment("1", date(2026, 1, 1), 1440, organizer=who, attendees=(who,), at=datetime(2026, 1, 1, tzinfo=UTC))
    assert back(written(one, REQUEST)) == Reading(
        REQUEST, (replace(one, organizer=replace(who, answer="NEEDS-ACTION")),), ()
    )
    (theirs,) = icalendar.Calendar.from_ical(written(one, REQUEST)).walk("VEVENT")
    assert (theirs.errors, theirs["ATTENDEE"].params["PARTSTAT"]) == ([], ACCEPTED)


@many
@given(one=appointments())
def test_what_we_write_others_read_without_loss_over_clock_changes(one: Appointment) -> None:
    data = written(one, PUBLISH)
    since, until = datetime(2025, 12, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    theirs = icalendar.Calendar.from_ical(data)
    assert not [error for event in theirs.walk("VEVENT") for error in event.errors]
    if isinstance(one.start, WallTime):
        # How long one lasts over a clock change is exact (RFC 5545, 3.8.5.3), but not with them: starts are compared.
        found = occurrences(one.start, one.recurrence, since, until, minutes=one.minutes)
        mine = {here.instant for here in found if not here.changed and here.instant >= since}
        events = [
            event for event in of(theirs).between(since, until) if "RECURRENCE-ID" not in event or not moved(event, one)
        ]
        shown = {event["DTSTART"].dt.astimezone(UTC) for event in events}
        # Theirs leaves a start out that does not fit its rule, or does not count it: then it has one more at the end.
        start = {one.start.instant}
        assert mine - start <= shown
        assert len(shown - mine - start) <= counted_apart(one)
    # vobject keeps every property, and expands the rule by the zone that the file describes.
    event = vobject.readOne(data.decode()).vevent
    assert event.uid.value == one.uid
    assert getattr(getattr(event, "summary", None), "value", "") == one.title
    begins = event.dtstart.value
    if isinstance(one.start, WallTime):
        assert begins.astimezone(UTC) == one.start.instant or one.start.missing
        assert begins.replace(tzinfo=None) == one.start.wall
    else:
        assert begins == one.start


def counted_apart(one: Appointment) -> bool:
    """Whether a series ends after a number, and its start does not fit its rule."""
    rule = one.recurrence.rule if one.recurrence else None
    return bool(rule and rule.count) and rrulestr(str(rule), dtstart=one.wall)[0] != one.wall


def moved(event: Any, one: Appointment) -> bool:
    originals = {change.original for change in one.recurrence.changes} if one.recurrence else set()
    return event["RECURRENCE-ID"].dt.replace(tzinfo=None) in originals


@pytest.mark.parametrize(
    "zone", ["Europe/Helsinki", "America/New_York", "Asia/Tehran", "Australia/Lord_Howe", "Africa/Casablanca"]
)
def test_vobject_expands_a_series_over_clock_changes_as_we_do(zone: str) -> None:
    start = WallTime(wall("2026-03-01T09:30"), zone)
    series = Recurrence.of("FREQ=WEEKLY;COUNT=60").leaving_out(wall("2026-03-08T09:30"))
    event = vobject.readOne(written(Appointment("1", start, 60, recurrence=series)).decode()).vevent
    theirs = [at.astimezone(UTC) for at in event.getrruleset(addRDate=True)]
    mine = [one.instant for one in occurrences(start, series, start.instant, start.instant + timedelta(days=500))]
    assert theirs == mine
    assert len(mine) == 59


@pytest.mark.parametrize("zone", sorted(available_timezones() - {"Factory", "localtime"})[::7])
def test_every_zone_is_described_as_it_is(zone: str) -> None:
    theirs = described(zone, 2019, 2039).to_tz(lookup_tzid=False)
    ours = ZoneInfo(zone)
    for hours in range(0, 24 * 365 * 12, 731):
        at = wall("2020-01-01") + timedelta(hours=hours)
        assert at.replace(tzinfo=theirs).utcoffset() == at.replace(tzinfo=ours).utcoffset(), at


def test_what_takes_time_over_a_clock_change_is_written_as_a_duration() -> None:
    night = Appointment("1", WallTime(wall("2026-10-25T02:30"), "Europe/Berlin"), 60)
    assert b"DURATION:PT1H" in written(night)
    assert b"DTEND;TZID=Europe/Berlin:20261026T100000" in written(
        replace(night, start=WallTime(wall("2026-10-26T09:00"), "Europe/Berlin"))
    )
    second = replace(night, start=WallTime(wall("2026-10-25T02:30"), "Europe/Berlin", second=True))
    assert b"DTSTART:20261025T013000Z" in written(second)


def test_cancelling_answering_and_one_occurrence_of_a_series() -> None:
    one = Appointment(
        "1", WallTime(wall("2026-11-23T09:00"), "Europe/Helsinki"), 60, "Planning", organizer=ADA,
        attendees=(Invitee("ben@example.com", "Ben", answer=ACCEPTED),), sequence=2,
    )  # fmt: skip
    cancelled = back(written(one, CANCEL))
    assert cancelled.method == CANCEL
    assert cancelled.appointments[0].cancelled
    reply = back(written(one, REPLY))
    assert (reply.method, reply.appointments[0].attendees[0].answer) == (REPLY, ACCEPTED)
    assert b"RSVP" not in written(one, REPLY)
    alone = replace(one, original=wall("2026-11-30T09:00"))
    assert back(written(alone, CANCEL)).appointments[0].original == wall("2026-11-30T09:00")
    weekly = replace(one, recurrence=Recurrence.of("FREQ=WEEKLY"))
    other = replace(
        one,
        start=WallTime(wall("2026-12-01T10:00"), "Europe/Helsinki"),
        original=wall("2026-11-30T09:00"),
        place="Room 2",
    )
    read_back = back(written(replace(weekly, others=(other,)))).appointments
    assert len(read_back) == 1
    assert read_back[0].others[0].place == "Room 2"
    assert read_back[0].recurrence == weekly.recurrence.changing(wall("2026-11-30T09:00"), wall("2026-12-01T10:00"))  # type: ignore[union-attr]


def test_nothing_in_a_text_begins_another_property() -> None:
    nasty = "x\r\nATTENDEE:mailto:eve@example.com\nX: \x00\x1b y\u2028ATTENDEE:mailto:eve@example.com"
    one = Appointment(
        f"1{nasty}", WallTime(wall("2026-11-23T09:00"), "UTC"), 60, nasty, nasty, nasty, nasty,
        organizer=Invitee(f"ada@example.com{nasty}", f'{nasty}";X="1'), attendees=(Invitee(f"b@example.com{nasty}", f'"{nasty}'),),
    )  # fmt: skip
    found = back(written(one))
    assert found.lost == ()
    assert len(found.appointments[0].attendees) == 1
    assert vobject.readOne(written(one).decode()).vevent.attendee.value.startswith("mailto:b@example.com")


# ── from outside ─────────────────────────────────────────────────────────────────────────────────────────────────────


def file_of(*lines: str, before: str = "") -> bytes:
    whole = [
        "BEGIN:VCALENDAR",
        "METHOD:REQUEST",
        before,
        "BEGIN:VEVENT",
        "UID:1",
        *lines,
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(whole).replace("\r\n\r\n", "\r\n").encode()


START = "DTSTART;TZID=Europe/Helsinki:20261123T090000"
HELSINKI = WallTime(wall("2026-11-23T09:00"), "Europe/Helsinki")


@pytest.mark.parametrize(
    ("lines", "lost"),
    [
        (["RRULE:FREQ=WEEKLY;UNTIL=99999999T999999Z"], ["RRULE"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20270231"], ["RRULE"]),
        (["RRULE:FREQ=SECONDLY"], ["RRULE"]),
        (["RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"], ["RRULE"]),
        (["RRULE:FREQ=DAILY;BYMONTH=" + "1," * 2000 + "1"], ["RRULE"]),
        (["DTEND;TZID=Europe/Helsinki:20261131T100000"], ["DTEND"]),
        (["DTEND:99991231T235959Z"], ["DTEND"]),
        (["DTEND:20201231T235959Z"], ["DTEND"]),
        (["DURATION:P999999999999D"], ["DURATION"]),
        (["DURATION:-PT1H"], ["DURATION"]),
        (["EXDATE:garbage", "EXDATE:20261131T090000"], ["EXDATE", "EXDATE"]),
        (["DTSTAMP:20269999T000000Z", "SEQUENCE:²"], ["DTSTAMP", "SEQUENCE"]),
        (["a line of nothing"], ["?"]),
    ],
)
def test_a_property_that_cannot_be_read_costs_itself_and_not_the_appointment(lines: list[str], lost: list[str]) -> None:
    found = back(file_of(START, "SUMMARY:Planning", *lines))
    assert [(one.title, one.start, one.recurrence) for one in found.appointments] == [("Planning", HELSINKI, None)]
    assert sorted({thing.what for thing in found.lost}) == sorted(set(lost)), found.lost
    assert all(thing.sentence.endswith(".") for thing in found.lost)


def test_never_is_written_9999() -> None:
    found = back(file_of(START, "RRULE:FREQ=WEEKLY;UNTIL=99991231T235959Z"))
    assert found.appointments[0].recurrence == Recurrence.of("FREQ=WEEKLY")
    assert found.lost == ()


def test_an_appointment_without_a_start_is_left_out_and_the_others_are_not() -> None:
    data = file_of("DTSTART:20261131T090000", "END:VEVENT", "BEGIN:VEVENT", "UID:2", START)
    found = back(data)
    assert [one.uid for one in found.appointments] == ["2"]
    assert "DTSTART" in {thing.what for thing in found.lost}


@pytest.mark.parametrize(
    ("tzid", "zone"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("/freeassociation.sourceforge.net/Europe/Ljubljana", "Europe/Ljubljana"),
        ("Customized", "Europe/Berlin"),
    ],
)
def test_zones_by_other_names_and_by_their_own_description(tzid: str, zone: str) -> None:
    own = (
        "BEGIN:VTIMEZONE\r\nTZID:Customized\r\n"
        "BEGIN:STANDARD\r\nDTSTART:20001029T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\n"
        "BEGIN:DAYLIGHT\r\nDTSTART:20000326T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE"
    )
    found = back(file_of(f"DTSTART;TZID={tzid}:20261123T090000", before=own))
    assert found.appointments[0].start == WallTime(wall("2026-11-23T09:00"), zone)
    assert found.lost == ()


def test_a_zone_that_nobody_knows_is_told() -> None:
    found = back(file_of("DTSTART;TZID=Nowhere/Land:20261123T090000"), "Asia/Tokyo")
    assert found.appointments[0].start == WallTime(wall("2026-11-23T09:00"), "Asia/Tokyo")
    assert [thing.what for thing in found.lost] == ["DTSTART"]
    # A time without any zone is the reader's, which is no loss.
    floating = back(file_of("DTSTART:20261123T090000"), "Asia/Tokyo")
    assert floating.appointments[0].start == WallTime(wall("2026-11-23T09:00"), "Asia/Tokyo")
    assert floating.lost == ()


def test_until_before_the_time_of_day_excludes_its_day() -> None:
    found = back(
        file_of(
            START, "RRULE:FREQ=DAILY;UNTIL=20261127T065959Z", "EXDATE:20261125T070000Z", "EXDATE;VALUE=DATE:20261124"
        )
    )
    series = found.appointments[0].recurrence
    assert series == Recurrence.of("RRULE:FREQ=DAILY;UNTIL=20261126 EXDATE:20261124T090000,20261125T090000")


ANY = [
    START, "DTSTART:", "RRULE:FREQ=DAILY", "EXDATE:20261124T090000", "RECURRENCE-ID:20261124T090000", ":", ";", "X;Y=Z", "BEGIN:VEVENT",
    "END:VEVENT", "BEGIN:VALARM", "END:VCALENDAR", 'DTSTART;TZID="a:20261123', "ATTENDEE:", "ATTENDEE;CN=:mailto:", " folded", "\0",
    "DTEND;VALUE=DATE:20261130", "DURATION:P1W", "RDATE;VALUE=PERIOD:20261123T090000Z/PT1H", "STATUS:CANCELLED", "UID:2",
    "DTSTART:00010101",
]  # fmt: skip


@many
@given(lines=st.lists(st.sampled_from(ANY)))
def test_any_lines_are_an_answer(lines: list[str]) -> None:
    told = calendar_of(file_of(*lines))
    if "refused" not in told:
        for one in understood(told, "Europe/Helsinki").appointments:
            assert isinstance(written(one), bytes)
            assert in_words(one, Viewer())


# ── through the child ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_child_reads_a_file(tmp_path: Path) -> None:
    one = Appointment("1", HELSINKI, 60, "Planning", recurrence=Recurrence.of("FREQ=WEEKLY"))
    (tmp_path / "a.ics").write_bytes(written(one))
    assert read(tmp_path / "a.ics").appointments == (one,)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no calendar file"),
        (b"%PDF-1.7", "no calendar file"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "cannot be read"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 100_000, "cannot be read"),
        (b"BEGIN:VCALENDAR\r\n" + b"x" * (4 * 1024 * 1024 + 1), "too large"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(data: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_bytes(data)


# ── in words ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_text_says_what_the_file_says() -> None:
    series = Recurrence.of("FREQ=WEEKLY;COUNT=5").leaving_out(wall("2026-12-07T09:00"))
    series = series.changing(wall("2026-11-30T09:00"), wall("2026-12-01T10:00"))
    ben = Invitee("ben@example.com")
    one = Appointment("1", HELSINKI, 60, "Planning", "Agenda", "Room 1", "https://example.com/1", series, ADA, (ben,))
    expected = (
        "Invitation: Planning\n"
        "When: 23 Nov 2026, 09:00 to 10:00 (Helsinki)\n"
        "On your clock: 23 Nov 2026, 16:00 to 17:00 (Tokyo)\n"
        "Series: Every week. 5 times in all. 1 occurrence is left out. 1 occurrence is at another time.\n"
        "Not on 30 Nov 2026, 09:00 but on 1 Dec 2026, 10:00\n"
        "Not on: 7 Dec 2026, 09:00\n"
        "Place: Room 1\n"
        "Link: https://example.com/1\n"
        "Invited by: Ada Öberg, Ph.D.\n"
        "Invited: ben@example.com\n\nAgenda"
    )
    viewer = Viewer(zone="Asia/Tokyo")
    assert in_words(one, viewer) == expected
    (again,) = back(written(one)).appointments
    assert in_words(again, viewer) == expected
    assert in_words(one, viewer, CANCEL).startswith("Cancelled: Planning\n")
    days = Appointment("2", date(2026, 12, 24), 2 * 1440, "Closed")
    assert "When: 24 December 2026 to 25 December 2026, whole days" in in_words(days, viewer)
    assert "24 December 2026, the whole day" in in_words(replace(days, minutes=0), viewer)
    late = Appointment("3", WallTime(wall("2026-11-23T23:00"), "Asia/Tokyo"), 120)
    assert "23 Nov 2026, 23:00 to 24 Nov 2026, 01:00" in in_words(late, viewer)
