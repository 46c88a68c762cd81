"""The calendar: what stands on which day for whom, in whose months, and how it moves to another day."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kith.kernel import clock
from kith.kernel.viewer import Viewer
from kith.objects.declare import object_type
from kith.objects.query import visible_to
from kith.objects.write import Draft, change, write
from kith.ui.calendars.spans import span

from .conftest import SEED

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
MADE = "/toys/?layout=calendar&on=made_on&span=month"


@pytest.fixture(autouse=True)
def november() -> Any:
    with clock.frozen(NOW):
        yield


def toys(n: int, **values: Any) -> list[Any]:
    outcomes = write(SEED, "toybox.toy", [Draft({"name": f"Toy {i:03}", **values}) for i in range(n)])
    assert all(o.ok for o in outcomes), [o.error for o in outcomes if not o.ok]
    return [o.record for o in outcomes]


def day(answer: Any, iso: str) -> str:
    """One day of a month or a week as HTML."""
    found = re.search(
        rf'class="cd[^"]*" data-day="{iso}".*?(?=class="cd|class="mrw|$)', answer.content.decode(), re.DOTALL
    )
    return found[0] if found else ""


def entries(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'class="en[^"]*" data-id="(\d+)"', html)]


def test_a_month_shows_each_record_on_its_day_and_what_does_not_fit_as_a_number(sign_in: Any, cast: Any) -> None:
    (one,) = toys(1, made_on=date(2026, 11, 5))
    many = toys(9, made_on=date(2026, 11, 6))
    toys(1, made_on=date(2027, 1, 5))
    toys(1)
    answer = sign_in("eve").get(MADE)
    assert answer.status_code == 200
    assert entries(day(answer, "2026-11-05")) == [one.pk]
    assert entries(day(answer, "2026-11-06")) == [t.pk for t in many[:4]]
    assert "+5 more" in day(answer, "2026-11-06")
    assert len(entries(answer.content.decode())) == 5
    whole = sign_in("eve").get("/toys/?layout=calendar&on=made_on&span=day&at=2026-11-06")
    assert entries(whole.content.decode()) == [t.pk for t in many]


def test_what_somebody_may_not_see_stands_on_no_day(sign_in: Any, cast: Any) -> None:
    toys(1, made_on=date(2026, 11, 5), owner=cast.ada.pk)
    assert entries(sign_in("dee").get(MADE).content.decode()) == []
    cast.hide("toybox.toy", "made_on")
    assert sign_in("eve").get(MADE).status_code == 400


def test_a_month_costs_as_many_queries_for_many_as_for_few(sign_in: Any, cast: Any) -> None:
    client = sign_in("ada")

    def queries(n: int) -> int:
        for d in range(1, 20):
            toys(n, made_on=date(2026, 11, d), owner=cast.ada.pk, state="new")
        client.get(MADE)
        with CaptureQueriesContext(connection) as found:
            assert client.get(MADE).status_code == 200
        return len(found)

    few = queries(1)
    assert queries(8) == few


def test_months_are_those_of_the_viewers_calendar_and_weeks_begin_where_hers_do() -> None:
    at = date(2026, 11, 22)  # 1 Azar 1405
    persian = span("month", at, Viewer(language="fa", calendar="jalali", country="IR"))
    assert persian.inner == (date(2026, 11, 22), date(2026, 12, 21))
    assert persian.days[0].weekday() == 5
    assert "آذر" in persian.title
    assert span("month", persian.after, Viewer(language="fa", calendar="jalali", country="IR")).inner[0] == date(
        2026, 12, 22
    )
    assert span("month", persian.before, Viewer(language="fa", calendar="jalali", country="IR")).inner[1] == date(
        2026, 11, 21
    )
    finnish = span("month", at, Viewer(language="fi", country="FI"))
    assert finnish.inner == (date(2026, 11, 1), date(2026, 11, 30))
    assert finnish.days[0] == date(2026, 10, 26)
    american = span("week", at, Viewer(country="US"))
    assert american.days[0] == at
    assert span("month", date(9999, 12, 31), Viewer()).days
    assert span("month", date(1, 1, 1), Viewer()).days


def test_an_instant_stands_on_the_day_that_it_is_where_the_reader_is(sign_in: Any, cast: Any) -> None:
    (late,) = toys(1, seen_at=datetime(2026, 11, 5, 23, 30, tzinfo=UTC), zone="Asia/Tehran")
    url = "/toys/?layout=calendar&on=seen_at&span=week&at=2026-11-05"
    cast.eve.zone = "Europe/Helsinki"
    cast.eve.save(update_fields=["zone"])
    answer = sign_in("eve").get(url)
    assert entries(day(answer, "2026-11-06")) == [late.pk]
    assert "01:30" in day(answer, "2026-11-06")
    # Where the record's person is, the clocks say something else, and the entry says so.
    assert re.search(r"03:00 in Tehran", day(answer, "2026-11-06"))
    cast.eve.zone = "America/New_York"
    cast.eve.save(update_fields=["zone"])
    assert entries(day(sign_in("eve").get(url), "2026-11-05")) == [late.pk]


def test_a_move_keeps_the_time_on_the_wall_says_so_and_can_be_undone(
    sign_in: Any, cast: Any, hx: dict[str, str]
) -> None:
    cast.eve.zone = "Europe/Helsinki"
    cast.eve.save(update_fields=["zone"])
    # Nine in the morning in summer time; the clocks go back on 25 October.
    (toy,) = toys(1, seen_at=datetime(2026, 10, 24, 6, tzinfo=UTC))
    client = sign_in("eve")
    answer = client.post(f"/toys/{toy.pk}/day/?on=seen_at", {"to": "2026-10-26", "version": toy.version}, **hx)
    assert answer.status_code == 200
    assert visible_to(SEED, "toybox.toy").get(pk=toy.pk).seen_at == datetime(2026, 10, 26, 7, tzinfo=UTC)
    assert "was moved to Monday, 26 October 2026" in answer.content.decode()
    assert json.loads(answer.headers["HX-Trigger"])["kith:changed"]["by"] == "day"
    cause = re.search(r'name="cause" value="([^"]+)"', answer.content.decode())[1]  # type: ignore[index]
    assert client.post("/undo/", {"cause": cause}, **hx).status_code == 200
    assert visible_to(SEED, "toybox.toy").get(pk=toy.pk).seen_at == datetime(2026, 10, 24, 6, tzinfo=UTC)


def test_a_refused_move_changes_nothing(sign_in: Any, cast: Any, hx: dict[str, str]) -> None:
    (toy,) = toys(1, made_on=date(2026, 11, 5), owner=cast.ada.pk)
    url = f"/toys/{toy.pk}/day/?on=made_on"
    assert sign_in("dee").post(url, {"to": "2026-11-06"}, **hx).status_code == 404
    cast.hide("toybox.toy", "made_on", rule="read_only")
    assert sign_in("eve").post(url, {"to": "2026-11-06"}, **hx).status_code == 403
    assert "data-fixed" in day(sign_in("eve").get(MADE), "2026-11-05")
    assert sign_in("ada").post(url, {"to": "soon"}, **hx).status_code == 422
    assert sign_in("ada").post(f"/toys/{toy.pk}/day/?on=created_at", {"to": "2026-11-06"}, **hx).status_code == 403
    change(cast.actor("ben"), toy, made_on=date(2026, 11, 9))
    late = sign_in("ada").post(url, {"to": "2026-11-06", "version": toy.version}, **hx)
    assert late.status_code == 409
    assert visible_to(SEED, "toybox.toy").get(pk=toy.pk).made_on == date(2026, 11, 9)


def test_without_scripts_a_record_moves_by_a_form(sign_in: Any, cast: Any) -> None:
    (toy,) = toys(1, made_on=date(2026, 11, 5))
    client = sign_in("eve")
    url = f"/toys/{toy.pk}/day/?on=made_on"
    assert 'name="made_on"' in client.get(url).content.decode()
    wrong = client.post(url, {"fields": "made_on", "made_on": "never"})
    assert wrong.status_code == 422
    assert 'value="never"' in wrong.content.decode()
    assert client.post(url, {"fields": "made_on", "made_on": "2026-11-30"}).status_code == 302
    assert visible_to(SEED, "toybox.toy").get(pk=toy.pk).made_on == date(2026, 11, 30)


def test_what_lasts_stands_on_each_of_its_days_and_what_comes_yearly_on_its_day_of_every_year(
    sign_in: Any, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = object_type("toybox.toy").own
    (long,) = toys(1, seen_at=datetime(2026, 11, 19, 8, tzinfo=UTC))
    monkeypatch.setattr(fields["seen_at"], "facts", replace(fields["seen_at"].facts, until="changed_at"))
    answer = sign_in("eve").get("/toys/?layout=calendar&on=seen_at&span=month")
    stands = [iso for iso in ("18", "19", "20", "21", "22", "23") if entries(day(answer, f"2026-11-{iso}"))]
    assert stands == ["19", "20", "21", "22"]
    (born,) = toys(1, made_on=date(1985, 11, 9))
    monkeypatch.setattr(fields["made_on"], "facts", replace(fields["made_on"].facts, yearly=True))
    answer = sign_in("eve").get(MADE)
    assert entries(day(answer, "2026-11-09")) == [born.pk]
    # Nobody is born on another day because somebody dragged it there.
    assert "data-fixed" in day(answer, "2026-11-09")
    assert long.pk not in entries(answer.content.decode())


def test_days_offer_a_new_record_and_a_calendar_without_dates_says_so(sign_in: Any, cast: Any) -> None:
    answer = sign_in("eve").get(MADE)
    assert 'data-create="/toys/new/?made_on=12%2F11%2F2026&amp;stay=1"' in day(answer, "2026-11-12")
    assert 'value="12/11/2026"' in sign_in("eve").get("/toys/new/?made_on=12%2F11%2F2026").content.decode()
    wrong = sign_in("eve").get("/toys/?layout=calendar&on=name")
    assert wrong.status_code == 400
    assert "is no date that a calendar could show" in wrong.content.decode()
    assert sign_in("eve").get("/toys/?layout=calendar&at=nonsense&span=never").status_code == 200


def test_the_address_of_the_page_says_which_days_are_shown_and_a_saved_view_does_not(
    sign_in: Any, cast: Any, hx: dict[str, str]
) -> None:
    answer = sign_in("eve").get(f"{MADE}&at=2027-03-05", **hx)
    assert "at=2027-03-05" in answer.headers["HX-Replace-Url"]
    assert "at=" not in sign_in("eve").get(MADE, **hx).headers["HX-Replace-Url"]
