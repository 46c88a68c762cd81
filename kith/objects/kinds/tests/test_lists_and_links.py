"""Choices, tags, codes of the world, and links."""

from typing import Any

import pytest
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.errors import Refused
from kith.kernel.viewer import NEUTRAL
from kith.objects.kinds import (
    Choice,
    Country,
    Currency,
    Language,
    Link,
    ManyLinks,
    Option,
    Reference,
    Tags,
    TimeZone,
    User,
    Wanted,
)

from .viewers import BR, CN, DE, EG, FI, IR, SI, US

stage = Choice(
    [
        Option("new", lazy("New"), "sparkles", 220, "open"),
        Option("lost", "Lost & gone", hue=20, meaning="lost"),
        Option("x", "New"),
    ]
)


def test_a_choice_is_known_by_its_value_and_by_its_label() -> None:
    assert stage.parse("new", FI) == "new"
    assert stage.parse("LOST & GONE", FI) == "lost"
    assert stage.meaning("lost") == "lost"
    with pytest.raises(Refused, match="not one of the choices"):
        stage.parse("New ", FI)  # two options are called so
    for value in ("won", 5, ["new"], True):
        with pytest.raises(Refused):
            stage.clean(value)


def test_a_choice_is_a_pill_of_its_colour_and_a_value_that_went_stays_readable() -> None:
    cell = stage.cell("lost", US)
    assert 'style="--h:20"' in cell
    assert "Lost &amp; gone" in cell
    assert "#sparkles" in stage.cell("new", US)
    assert stage.format("gone", US) == "gone"
    assert "gone" in stage.cell("gone", US)


def test_options_may_come_from_a_function_and_change() -> None:
    options = [Option("a", "Alpha")]
    made = Choice(lambda: options)
    assert made.parse("alpha", US) == "a"
    options.append(Option("b", "Beta"))
    assert made.parse("beta", US) == "b"


def test_tags() -> None:
    tags = Tags()
    assert tags.parse("VIP, vip; Müller، مشتری、新", US) == ("VIP", "Müller", "مشتری", "新")
    assert tags.keys(("Müller",)) == ["muller"]
    assert len(tags.keys(tags.clean(["ﷺ" * 100]))[0]) == 200
    assert tags.export(("a", "b")) == "a; b"
    assert tags.clean({"b", "a"}) == ("a", "b")
    for value in (["a,b"], ["x" * 101], [str(n) for n in range(51)], 5, {"a": 1}, [None], [["a"]]):
        with pytest.raises(Refused):
            tags.clean(value)
    assert "&lt;b&gt;" in tags.cell(("<b>",), US)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("fi", "FI"),
        ("FIN", "FI"),
        ("Finland", "FI"),
        ("Suomi", "FI"),
        ("Finska", "FI"),
        ("فنلاند", "FI"),
        ("芬兰", "FI"),
        ("Deutschland", "DE"),
        ("Ελλάδα", "GR"),
        ("Brasil", "BR"),
        ("USA", "US"),
        ("uk", "GB"),
        ("Österreich", "AT"),
        ("日本", "JP"),
        ("Finnland", "FI"),
        ("Allemagne", "DE"),
        ("Россия", "RU"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Slovenija", "SI"),
        ("ایران", "IR"),
        ("South Korea", "KR"),
        ("XK", "XK"),
    ],
)
def test_a_country_is_known_by_code_and_by_name_in_many_languages(text: str, code: str) -> None:
    assert Country().parse(text, US) == code


@pytest.mark.parametrize("text", ["ZZ", "EU", "Atlantis", "XX", "12", "F", "x" * 500])
def test_what_is_no_country_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="not known as a country"):
        Country().parse(text, US)


def test_codes_are_said_in_the_language_of_the_viewer_and_read_back() -> None:
    assert Country().format("DE", FI) == "Saksa"
    assert Country().format("IR", IR) == "ایران"
    assert "🇫🇮" in Country().cell("FI", US)
    assert Language().format("pt-BR", US) == "Brazilian Portuguese"
    assert Language().format("fi", SI) == "finščina"
    for viewer in (US, FI, SI, IR, CN, DE, EG, BR):
        for n in range(10):
            for kind in (Country(), Language(), Currency()):
                value = kind.example(n)
                assert kind.parse(kind.format(value, viewer), viewer) == value
    assert len(Country().choices(US)) == 250
    labels = [str(o.label) for o in Language().choices(FI)]
    assert labels.index("englanti") < labels.index("suomi")


def test_languages_and_zones() -> None:
    assert Language().parse("ZH_hans", US) == "zh-Hans"
    assert Language().parse("suomi", US) == "fi"
    assert Language().parse("English", US) == "en"
    assert TimeZone().parse("europe/helsinki", US) == "Europe/Helsinki"
    assert TimeZone().parse("America/New York", US) == "America/New_York"
    assert TimeZone().parse("Helsinki", US) == "Europe/Helsinki"
    assert "UTC+۰۳:۳۰" in TimeZone().format("Asia/Tehran", IR)
    assert "UTC" in [o.value for o in TimeZone().choices(US)]
    for kind, text in (
        (Language(), "Klingonish"),
        (Language(), "qq"),
        (Language(), "fi-FI-x-private"),
        (TimeZone(), "Mars/Base"),
        (TimeZone(), "../etc/passwd"),
    ):
        with pytest.raises(Refused):
            kind.parse(text, US)


link = Link(to="toybox.box")


def test_a_link_is_a_number_or_the_words_of_somebody_who_looks_for_it() -> None:
    assert link.parse("#12", US) == link.parse("12", US) == link.parse("۱۲", IR) == Reference("toybox.box", 12)
    assert link.parse("Aurora", US) == Wanted("Aurora", "toybox.box")
    assert link.clean(7) == Reference("toybox.box", 7)
    assert link.clean(Reference("toybox.box", 7, "Seven", "/boxes/7/")).title == "Seven"
    assert link.pack(Reference("toybox.box", 7)) == 7
    assert link.unpack(7) == Reference("toybox.box", 7)
    with pytest.raises(Refused, match="Nothing called"):
        link.pack(Wanted("Aurora"))


@pytest.mark.parametrize(
    "value",
    [
        0,
        -1,
        True,
        2**63,
        1.5,
        [],
        {},
        "#0",
        "x" * 301,
        Reference("other.thing", 1),
        Reference("toybox.box", 0),
        object(),
    ],
)
def test_a_link_is_not_made_of_other_things(value: Any) -> None:
    with pytest.raises(Refused):
        link.clean(value)


def test_a_link_shows_its_title_as_a_link_or_says_that_it_is_hidden() -> None:
    assert 'href="/boxes/7/"' in link.cell(Reference("toybox.box", 7, "<Seven>", "/boxes/7/"), US)
    assert "&lt;Seven&gt;" in link.cell(Reference("toybox.box", 7, "<Seven>"), US)
    assert "Hidden" in link.cell(Reference("toybox.box", 7), US)
    assert link.export(Reference("toybox.box", 7)) == "#7"
    assert link.export(Reference("toybox.box", 7, "Seven")) == "Seven"
    assert 'class="av us s"' in User().cell(Reference("identity.user", 1, "Ada Lovelace"), US)
    assert "AL" in User().cell(Reference("identity.user", 1, "Ada Lovelace"), US)


def test_many_links() -> None:
    many = ManyLinks(to="toybox.box")
    one, two = Reference("toybox.box", 1, "Smith, Jones"), Reference("toybox.box", 2)
    assert many.parse("Smith, Jones; #2", US) == (Wanted("Smith, Jones", "toybox.box"), two)
    assert many.clean([1, "2", 1]) == (one, two)
    assert many.export((one, two)) == "Smith, Jones; #2"
    assert many.pack((one, two)) == [1, 2]
    assert "+1" in many.cell((one, two), US)
    for value in (5, {}, [0], ["#0"], b"x", [[1]]):
        with pytest.raises(Refused):
            many.clean(value)
    assert many.parse("", NEUTRAL) == ()
