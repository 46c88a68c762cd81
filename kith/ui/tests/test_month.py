"""The month to choose a day from: every day once, in the calendar, digits and week of the reader, with the text that she would type."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from kith.identity.names import viewer_of
from kith.kernel.calendars import CALENDARS, calendar
from kith.objects.kinds import Date

DAY = re.compile(
    r'<button type="button" tabindex="(-?\d)" data-day="([\d-]+)" data-text="([^"]*)" class="dy([^"]*)"[^>]*>([^<]*)<'
)


@pytest.mark.parametrize("key", CALENDARS)
def test_a_month_holds_each_of_its_days_once_and_each_is_typed_as_it_reads(sign_in: Any, cast: Any, key: str) -> None:
    cast.ada.calendar, cast.ada.language, cast.ada.country = key, "fa", "IR"
    cast.ada.save()
    viewer, own, client = viewer_of(cast.ada, "en"), calendar(key), sign_in("ada")
    for shown in (date(2026, 11, 22), date(2025, 3, 20), date(2024, 2, 29), own.last - timedelta(days=60)):
        page = client.get("/calendar/", {"day": shown.isoformat()}).content.decode()
        days = DAY.findall(page.split("<table")[1].split("</table>")[0])
        inside = [d for d in days if " out" not in d[3]]
        year, month, _day = own.of(min(shown, date(9999, 11, 30)))
        assert len(inside) == own.days_in(year, month)
        assert len(days) % 7 == 0
        assert date.fromisoformat(days[0][1]).weekday() == 5, "weeks begin on Saturday in Iran"
        isos = [date.fromisoformat(d[1]) for d in days]
        assert isos == [isos[0] + timedelta(days=n) for n in range(len(isos))]
        for _tab, iso, text, _classes, _number in inside:
            assert Date().parse(text, viewer) == date.fromisoformat(iso)
        assert sum(d[0] == "0" for d in days) == 1, "one stop for the Tab key"
        assert all((" we" in d[3]) == (date.fromisoformat(d[1]).weekday() == 4) for d in days), "Friday is free in Iran"


def test_what_stands_in_the_input_is_shown_and_marked(sign_in: Any, cast: Any) -> None:
    cast.ada.calendar = "jalali"
    cast.ada.save()
    client = sign_in("ada")
    for text in ("01/09/1405", "2026-11-22", "01/09/1405 14:30", "1 Azar 1405"):
        page = client.get("/calendar/", {"text": text}).content.decode()
        assert "Azar 1405" in page, text
        assert re.search(r'data-day="2026-11-22" data-text="01/09/1405" class="dy[^"]* on"', page)
    for text in ("nonsense", "", "x" * 500, "31/02/1405", "99999999999"):
        assert client.get("/calendar/", {"text": text}).status_code == 200


@pytest.mark.parametrize(
    "day", ["0001-01-01", "9999-12-31", "x", "2026-13-01", "-1", "1924-08-01", "2077-11-16", "1911-12-31"]
)
@pytest.mark.parametrize("key", CALENDARS)
def test_the_ends_of_time_and_of_every_table_are_shown(sign_in: Any, cast: Any, key: str, day: str) -> None:
    cast.ada.calendar = key
    cast.ada.save()
    assert sign_in("ada").get("/calendar/", {"day": day}).status_code == 200


def test_the_steps_lead_to_the_months_beside_and_end_with_the_table(sign_in: Any, cast: Any) -> None:
    cast.ada.calendar = "jalali"
    cast.ada.save()
    client = sign_in("ada")
    page = client.get("/calendar/", {"day": "2025-03-20"}).content.decode()
    # 30 Esfand 1403: a month later is 30 Farvardin 1404, a year later 29 Esfand 1404, which is no leap year.
    steps = re.findall(r'data-go="([\d-]*)"', page)
    assert steps == ["2025-02-18", "2025-04-19"]
    assert 'data-year-after="2026-03-20"' in page
    cast.ada.calendar = "hijri"
    cast.ada.save()
    page = client.get("/calendar/", {"day": "2077-11-16"}).content.decode()
    assert re.findall(r'data-go="([\d-]*)"', page)[1] == ""


def test_a_filter_says_its_day_so_that_every_colleague_reads_the_same(sign_in: Any, cast: Any, toy: Any) -> None:
    name = next(f.name for f in toy.fields.values() if f.kind.key == "date")
    cast.admin.calendar, cast.admin.country = "jalali", "IR"
    cast.admin.save()
    client = sign_in("admin")
    onward = client.get(toy.url(), {"f": name, "op": "before", "v": "1405/9/1"}).headers["Location"]
    assert f"{name}:before:2026-11-22" in onward.replace("%3A", ":")
    assert "1 Azar 1405" in client.get(onward).content.decode(), "and she reads it in her own calendar"
    editor = client.get(f"{toy.url()}filter/", {"field": name, "at": "0", "filter": f"{name}:before:2026-11-22"})
    assert 'value="01/09/1405"' in editor.content.decode()
