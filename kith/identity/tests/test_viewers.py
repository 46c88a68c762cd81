"""How users see things: what they chose, what is usual where they are, and what is kept although nobody knows it any more."""

from __future__ import annotations

from typing import Any

import pytest

from kith.events.runs import execute, job, start
from kith.identity.models import User
from kith.identity.names import actor_of, viewer_of
from kith.kernel.dates import write_day
from kith.kernel.digits import digits_of
from kith.kernel.viewer import current_viewer


def test_what_somebody_left_open_is_usual_in_her_country() -> None:
    for country, expected in {
        "IR": ("jalali", 5, (4,)),
        "TH": ("buddhist", 6, (5, 6)),
        "SA": ("gregorian", 6, (4, 5)),
        "FI": ("gregorian", 0, (5, 6)),
        "": ("gregorian", 0, (5, 6)),
    }.items():
        viewer = viewer_of(User(name="Sara", country=country), "en")
        assert (viewer.calendar, viewer.week_starts, viewer.weekend) == expected, country


def test_what_somebody_chose_wins() -> None:
    user = User(
        name="Sara", country="IR", language="fa", locale="en_US", calendar="gregorian", digits="arab", first_weekday=0
    )
    viewer = viewer_of(user)
    assert (viewer.language, str(viewer.locale), viewer.calendar, viewer.week_starts) == ("fa", "en_US", "gregorian", 0)
    assert digits_of(viewer) == "arab"


@pytest.mark.parametrize("wrong", ["", "Mars/Olympus", "../etc/passwd", "xx_YY", "never", "'; --"])
def test_what_nobody_knows_any_more_never_keeps_a_page_from_showing(wrong: str) -> None:
    user = User(name="Sara", zone=wrong, locale=wrong, calendar=wrong, digits=wrong, first_weekday=77)
    viewer = viewer_of(user, "fi")
    assert (viewer.zone, str(viewer.locale), viewer.calendar, digits_of(viewer)) == (
        "UTC",
        "fi_FI",
        "gregorian",
        "latn",
    )
    assert viewer.tzinfo is not None
    assert viewer.week_starts == 0


@pytest.mark.django_db
def test_work_in_the_background_sees_as_the_person_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    said: list[Any] = []

    def look(run: Any) -> Any:
        said.append(write_day(date(2026, 11, 22), current_viewer()))
        yield 1, 1

    work = job(label="look")(look)
    monkeypatch.setitem(type(work).registry._items, work.key, work)
    user = User.objects.make("sara@example.com", "Sara", language="fa", country="IR", calendar="jalali")
    done = execute(start(work, actor_of(user)).pk)
    assert done is not None
    assert (done.error, said) == ("", ["1 Azar 1405 AP"])
