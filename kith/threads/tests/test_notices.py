"""Who is told of what, once; the inbox; and what somebody may not see any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from kith.events.models import Delivery, Event
from kith.kernel import clock
from kith.kernel.actor import cause
from kith.objects.access.sharing import share
from kith.objects.write import Draft, change, create, purge, remove, write
from kith.threads import follow, inbox, notes, wishes
from kith.threads.models import Follow, Note, Notice, Rhythm, Wish
from kith.threads.notices import KINDS
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Delivered = Callable[[], None]


def heard(user: Any) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def test_mentions_and_assignments_are_told_and_nothing_else_that_was_not_asked_for(
    cast: Cast, box: Any, delivered: Delivered
) -> None:
    ada = cast.actor("ada")
    change(ada, box, owner=cast.ben.pk)
    notes.add_note(ada, box, text=f"@{{{cast.ben.pk}}} yours now")
    notes.add_note(cast.actor("ben"), box, text="Thanks")
    notes.answer_note(ada, box, to=Note.objects.latest("pk").event, text="Welcome")
    delivered()
    assert heard(cast.ben) == ["assigned", "mention"]
    assert heard(cast.ada) == []


def test_a_delivery_made_twice_tells_once(cast: Cast, box: Any, delivered: Delivered) -> None:
    notes.add_note(cast.actor("ada"), box, text=f"@{{{cast.ben.pk}}} hello")
    delivered()
    Delivery.objects.update(done=None)
    delivered()
    assert heard(cast.ben) == ["mention"]


def test_who_follows_by_her_own_choice_is_told_of_changes_until_she_stops(
    cast: Cast, box: Any, delivered: Delivered
) -> None:
    ben = cast.actor("ben")
    follow.follow(ben, box, True)
    box = change(cast.actor("ada"), box, country="SE")
    delivered()
    assert heard(cast.ben) == ["changed"]
    follow.follow(ben, box, False)
    box = change(cast.actor("ada"), box, country="NO")
    notes.add_note(ben, box, text="A note of mine does not make me follow again")
    change(cast.actor("ada"), box, country="DK")
    delivered()
    assert heard(cast.ben) == ["changed"]


def test_following_begins_with_what_one_does_or_is_given(cast: Cast, box: Any) -> None:
    assert follow.followers(box) == [cast.ada.name]
    notes.add_note(cast.actor("ben"), box, text="Mine")
    assert follow.followers(box) == [cast.ada.name, cast.ben.name]
    with cause("run:1"):
        write(cast.actor("ada"), "toybox.box", [Draft({"name": "Imported", "country": "FI"})])
    assert Follow.objects.count() == 2


def test_answers_and_shares_are_told_to_whoever_switched_them_on(cast: Cast, box: Any, delivered: Delivered) -> None:
    for user, kind in ((cast.ada, "reply"), (cast.dee, "shared")):
        Wish.objects.create(user=user, kind=kind, app=True)
    notes.add_note(cast.actor("ada"), box, text="Who knows?")
    notes.answer_note(cast.actor("ben"), box, to=Note.objects.latest("pk").event, text="I do")
    share(cast.actor("ada"), box, user=cast.dee.pk)
    delivered()
    assert heard(cast.ada) == ["reply"]
    assert heard(cast.dee) == ["shared"]


def test_a_run_over_many_records_tells_once(cast: Cast, delivered: Delivered) -> None:
    with cause("run:7"):
        drafts = [Draft({"name": f"Box {n}", "country": "FI", "owner": cast.ben.pk}) for n in range(12)]
        write(cast.actor("ada"), "toybox.box", drafts)
    delivered()
    assert heard(cast.ben) == ["assigned"]


def test_what_nobody_follows_makes_no_delivery(cast: Cast, box: Any) -> None:
    Follow.objects.all().delete()
    before = Delivery.objects.filter(consumer__contains="notices").count()
    change(cast.actor("ada"), box, country="SE")
    assert Delivery.objects.filter(consumer__contains="notices").count() == before


def test_who_may_not_see_a_record_any_more_is_told_nothing_of_it(cast: Cast, box: Any, delivered: Delivered) -> None:
    notes.add_note(cast.actor("ada"), box, text=f"@{{{cast.ben.pk}}} hello")
    delivered()
    ben = cast.actor("ben")
    assert (inbox.unread(ben), len(inbox.inbox(ben).groups)) == (1, 1)
    remove(cast.actor("ada"), box)
    ben.forget()
    assert (inbox.unread(ben), inbox.inbox(ben).groups) == (0, [])


def test_a_change_of_hidden_fields_alone_is_told_to_nobody_who_does_not_see_them(
    cast: Cast, delivered: Delivered
) -> None:
    cast.hide("toybox.toy", "nickname")
    toy = create(cast.actor("ada"), "toybox.toy", name="Bear", state="new")
    follow.follow(cast.actor("eve"), toy, True)
    hidden = Event.objects.count()
    change(cast.actor("ada"), toy, nickname="Teddy")
    delivered()
    assert Event.objects.count() > hidden
    assert heard(cast.eve) == []


def test_the_inbox_is_grouped_by_record_and_done_takes_no_more_than_was_seen(
    cast: Cast, box: Any, delivered: Delivered
) -> None:
    ada, ben = cast.actor("ada"), cast.actor("ben")
    for n in range(3):
        notes.add_note(ada, box, text=f"@{{{cast.ben.pk}}} {n}")
    delivered()
    (group,) = inbox.inbox(ben).groups
    assert (len(group.lines), group.lines[0].excerpt, group.title) == (3, f"@{cast.ben.name} 2", "Attic")
    notes.add_note(ada, box, text=f"@{{{cast.ben.pk}}} meanwhile")
    delivered()
    inbox.done(ben, "toybox.box", box.pk, group.latest)
    assert [line.excerpt for line in inbox.inbox(ben).groups[0].lines] == [f"@{cast.ben.name} meanwhile"]
    assert len(inbox.inbox(ben, inbox.DONE).groups[0].lines) == 3


def test_what_was_told_late_stands_where_it_happened(cast: Cast, box: Any, delivered: Delivered) -> None:
    """Several workers tell at the same time, and one of them may be slow."""
    for n in range(3):
        notes.add_note(cast.actor("ada"), box, text=f"@{{{cast.ben.pk}}} {n}")
    delivered()
    told = list(Notice.objects.filter(user=cast.ben).order_by("-event"))
    Notice.objects.all().delete()
    for notice in told:
        notice.pk = None
        notice.save(force_insert=True)
    (group,) = inbox.inbox(cast.actor("ben")).groups
    assert [line.excerpt[-1] for line in group.lines] == ["2", "1", "0"]


def test_what_is_put_off_comes_back_unread(cast: Cast, box: Any, delivered: Delivered) -> None:
    notes.add_note(cast.actor("ada"), box, text=f"@{{{cast.ben.pk}}} hello")
    delivered()
    ben = cast.actor("ben")
    inbox.snooze(ben, "toybox.box", box.pk, 0, clock.now() + timedelta(days=1))
    assert (inbox.inbox(ben).groups, inbox.unread(ben), len(inbox.inbox(ben, inbox.SNOOZED).groups)) == ([], 0, 1)
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert inbox.unread(ben) == 1
        assert inbox.inbox(ben).groups[0].unread


def test_the_inbox_is_paged_without_losing_a_record(cast: Cast, delivered: Delivered) -> None:
    ada, ben = cast.actor("ada"), cast.actor("ben")
    for n in range(7):
        one = create(ada, "toybox.box", name=f"Box {n}", country="FI", owner=cast.ben.pk)
        if n == 3:
            delivered()
            remove(ada, one)
    delivered()
    seen, after = [], None
    while True:
        page = inbox.inbox(ben, after=after, limit=2)
        seen += [group.title for group in page.groups]
        after = page.next
        if after is None:
            break
    assert seen == ["Box 6", "Box 5", "Box 4", "Box 2", "Box 1", "Box 0"]


def test_nobody_touches_the_inbox_of_another(
    cast: Cast, box: Any, delivered: Delivered, browser: Callable[[str], Client]
) -> None:
    notes.add_note(cast.actor("ada"), box, text=f"@{{{cast.ben.pk}}} hello")
    delivered()
    browser("ada").post("/inbox/do/", {"do": "done", "object": "toybox.box", "record": box.pk})
    assert Notice.objects.get().done_at is None
    assert "Attic" not in browser("ada").get("/inbox/").content.decode()


def test_done_snoozed_and_unread_are_forms_that_can_be_taken_back(
    cast: Cast, box: Any, delivered: Delivered, browser: Callable[[str], Client]
) -> None:
    notes.add_note(cast.actor("ada"), box, text=f"@{{{cast.ben.pk}}} hello")
    delivered()
    ben, about = browser("ben"), {"object": "toybox.box", "record": box.pk}
    part = {"HX-Request": "true"}
    page = ben.get("/inbox/").content.decode()
    assert "mentioned you" in page
    assert "1 unread" in page
    done = ben.post("/inbox/do/", {"do": "done", **about}, headers=part).content.decode()
    assert "Nothing new for you" in done
    stamp = done.partition('name="stamp" value="')[2].partition('"')[0]
    ben.post("/inbox/do/", {"do": "reopen", "stamp": stamp, **about})
    assert Notice.objects.get().done_at is None
    assert (
        ben.post("/inbox/do/", {"do": "snooze", "at": "2020-01-01T08:00:00", **about}, headers=part).status_code == 422
    )
    ben.post("/inbox/do/", {"do": "snooze", "day": "31.12.2099", **about})
    assert Notice.objects.get().snoozed_until == datetime(2099, 12, 31, 8, tzinfo=UTC)
    ben.post("/inbox/do/", {"do": "wake", **about})
    ben.post("/inbox/do/", {"do": "read", **about})
    ben.post("/inbox/do/", {"do": "unread", **about})
    assert Notice.objects.get().read_at is None


def test_what_was_said_about_a_record_goes_with_it(cast: Cast, box: Any, delivered: Delivered) -> None:
    admin = cast.actor("admin")
    notes.add_note(cast.actor("ada"), box, text=f"@{{{cast.ben.pk}}} hello")
    delivered()
    remove(admin, box)
    purge(admin, box)
    assert [model.objects.count() for model in (Note, Notice, Follow)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("now", "rhythm", "due"),
    [
        ("2026-03-10T10:00", Rhythm(), "2026-03-10T10:02"),
        # Helsinki is two hours ahead in winter: 21:30 UTC is 23:30 there, and 7:00 there is 5:00 UTC.
        ("2026-03-10T21:30", Rhythm(quiet_from="22:00", quiet_until="07:00"), "2026-03-11T05:00"),
        ("2026-03-10T03:00", Rhythm(quiet_from="22:00", quiet_until="07:00"), "2026-03-10T05:00"),
        # The night in which clocks go forward: 7:00 there is 4:00 UTC.
        ("2026-03-28T21:30", Rhythm(quiet_from="22:00", quiet_until="07:00"), "2026-03-29T04:00"),
        ("2026-03-10T05:00", Rhythm(daily_at="08:00"), "2026-03-10T06:00"),
        ("2026-03-10T06:00", Rhythm(daily_at="08:00"), "2026-03-11T06:00"),
    ],
)
def test_mails_wait_for_the_readers_morning(now: str, rhythm: Rhythm, due: str) -> None:
    from datetime import time

    for name in ("quiet_from", "quiet_until", "daily_at"):
        if isinstance(getattr(rhythm, name), str):
            setattr(rhythm, name, time.fromisoformat(getattr(rhythm, name)))
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert wishes.due(at, rhythm, "Europe/Helsinki") == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_the_switches_say_what_holds_and_keep_what_is_chosen(cast: Cast, browser: Callable[[str], Client]) -> None:
    ada = browser("ada")
    page = ada.get("/settings/notifications/").content.decode()
    on = {k.key for k in KINDS if f'name="app.{k.key}" value="1" checked' in page}
    assert on == {"mention", "assigned"}
    bad = ada.post("/settings/notifications/", {"app.reply": "1", "quiet_from": "22:00", "pace": "daily"})
    assert bad.status_code == 422
    assert 'name="app.reply" value="1" checked' in bad.content.decode()
    ada.post(
        "/settings/notifications/",
        {"app.reply": "1", "mail.mention": "1", "app.mention": "1", "pace": "daily", "daily_at": "08:00"},
    )
    held = wishes.ways(cast.ada, KINDS)
    assert (held["reply"].app, held["assigned"].app, held["mention"].mail) == (True, False, True)
    assert not Wish.objects.filter(user=cast.ada, kind="changed").exists()
