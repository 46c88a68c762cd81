"""Addresses by the rules of their country: the form, the label, the warnings."""

from typing import Any

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from kith.kernel.errors import Refused
from kith.kernel.viewer import Viewer
from kith.objects.kinds import Address, PostalAddress
from kith.objects.kinds.postal import rules

from .viewers import BR, CN, FI, GB, IR, US

kind = PostalAddress()
JP = Viewer("en", "Asia/Tokyo", "en_GB", "JPY", "JP")


def form(value: Address, viewer: Viewer) -> list[str]:
    return [row.part for row in kind.widget_context(value, viewer)["rows"]]


@pytest.mark.parametrize(
    ("country", "parts"),
    [
        ("FI", ["street", "postal", "city"]),
        ("SI", ["street", "postal", "city"]),
        ("DE", ["street", "postal", "city"]),
        ("GB", ["street", "city", "postal"]),
        ("US", ["street", "city", "region", "postal"]),
        ("BR", ["street", "district", "city", "region", "postal"]),
        ("IN", ["street", "city", "postal", "region"]),
        ("AE", ["street", "region"]),
        ("SG", ["street", "postal"]),
        ("IR", ["region", "city", "district", "street", "postal"]),
        ("JP", ["street", "city", "region", "postal"]),
        ("CN", ["street", "district", "city", "region", "postal"]),
        ("", ["street", "district", "postal", "city", "region"]),
    ],
)
def test_a_form_asks_for_what_the_country_uses_in_its_order(country: str, parts: list[str]) -> None:
    assert form(Address(country=country), GB) == parts


def test_people_of_a_country_fill_in_its_own_order() -> None:
    assert form(Address(country="CN"), CN) == ["postal", "region", "city", "district", "street"]
    local = Address("朝阳路1号", city="北京市", country="CN")
    assert form(local, GB) == ["postal", "region", "city", "district", "street", "latin"]


def test_every_part_can_be_given_in_every_country() -> None:
    everything = Address("Street 1", "District", "City", "Region", "12345", "", "In Latin letters")
    for code in Locale("en").territories:
        if len(code) != 2:
            continue
        for viewer in (GB, IR):
            told = kind.widget_context(Address(country=code), viewer)
            assert {row.part for row in [*told["rows"], *told["more"]]} == set(kind.parts) - {"country"}
        full = (
            kind.clean({**vars(everything), "country": code}) if kind.parts["country"].canonical(code) else everything
        )
        for lines in (
            kind.lines(full, US),
            kind.envelope(full, US, home="XX"),
            kind.envelope(full, US, home="XX", latin=False),
        ):
            text = "\n".join(lines)
            assert all(part in text for part in ("Street 1", "District", "City", "Region", "12345")), (code, lines)


def test_parts_are_called_as_the_country_calls_them() -> None:
    said = {
        c: {row.part: str(row.label) for row in kind.widget_context(Address(country=c), GB)["rows"]}
        for c in ("US", "JP", "GB", "IN", "AE")
    }
    assert (said["US"]["region"], said["US"]["postal"]) == ("State", "ZIP code")
    assert said["JP"]["region"] == "Prefecture"
    assert said["GB"]["city"] == "Post town"
    assert said["IN"]["postal"] == "PIN code"
    assert said["AE"]["region"] == "Emirate"


def test_needed_parts_are_shown_as_such_and_demanded_of_nobody() -> None:
    rows = kind.widget_context(Address(country="FI"), GB)["rows"]
    assert {row.part for row in rows if row.required} == {"street", "postal", "city"}
    assert kind.clean(Address(country="FI")) == Address(country="FI")


def region(value: Address, viewer: Viewer) -> Any:
    return next(row for row in kind.widget_context(value, viewer)["rows"] if row.part == "region")


def test_regions_are_a_list_where_the_country_has_one() -> None:
    states = dict(region(Address(country="US"), GB).choices)
    assert states["CA"] == "California"
    assert len(states) == 62
    assert dict(region(Address(country="JP"), GB).choices)["東京都"] == "Tokyo · 東京都"
    assert dict(region(Address(country="IR"), IR).choices)["استان تهران"] == "استان تهران"
    assert dict(region(Address(country="BR"), BR).choices)["SP"] == "São Paulo"
    assert region(Address(country="AE"), GB).choices[0] == ("أبو ظبي", "Abu Dhabi · أبو ظبي")
    assert not [row for row in kind.widget_context(Address(country="FI"), GB)["rows"] if row.choices]


def test_a_region_that_is_on_no_list_stays_as_it_is() -> None:
    tehran = region(Address(region="تهران", country="IR"), IR)
    assert tehran.text == "تهران"
    assert tehran.choices[0] == ("تهران", "تهران")
    assert kind.warnings(Address("x", city="تهران", region="تهران", country="IR"), IR) == []
    assert region(Address(region="California", country="US"), US).choices[0] == ("California", "California")


LETTERS = [
    (
        Address("Mannerheimintie 1", "", "Helsinki", "", "00100", "FI"),
        ["Mannerheimintie 1", "00100 Helsinki"],
        ["Mannerheimintie 1", "FI-00100 Helsinki", "FINLAND"],
    ),
    (
        Address("Mannerheimintie 1", "", "Helsinki", "", "FI-00100", "FI"),
        ["Mannerheimintie 1", "00100 Helsinki"],
        ["Mannerheimintie 1", "FI-00100 Helsinki", "FINLAND"],
    ),
    (
        Address("丸の内1-1", "", "千代田区", "東京都", "100-0001", "JP"),
        ["〒100-0001", "東京都千代田区", "丸の内1-1"],
        ["〒100-0001", "東京都千代田区", "丸の内1-1", "JAPAN"],
    ),
    (
        Address("1-1 Marunouchi", "", "Chiyoda-ku", "東京都", "100-0001", "JP"),
        ["1-1 Marunouchi", "Chiyoda-ku, Tokyo 100-0001"],
        ["1-1 Marunouchi", "Chiyoda-ku, Tokyo 100-0001", "JAPAN"],
    ),
    (
        Address("1600 Charleston Rd.", "", "Mountain View", "California", "94043", "US"),
        ["1600 Charleston Rd.", "Mountain View, CA 94043"],
        ["1600 Charleston Rd.", "Mountain View, CA 94043", "UNITED STATES"],
    ),
    (
        Address("خیابان ولیعصر، پلاک ۱۲", "", "تهران", "استان تهران", "1593643315", "IR"),
        ["استان تهران", "تهران", "خیابان ولیعصر، پلاک ۱۲", "1593643315"],
        ["استان تهران", "تهران", "خیابان ولیعصر، پلاک ۱۲", "1593643315", "IRAN"],
    ),
    (
        Address("16 Sandilands Road", "", "Singapore", "", "546080", "SG"),
        ["16 Sandilands Road", "SINGAPORE 546080"],
        ["16 Sandilands Road", "SINGAPORE 546080", "SINGAPORE"],
    ),
    (
        Address("28th Street", "Al Quoz", "Dubai", "دبي", "", "AE"),
        ["28th Street", "Al Quoz", "Dubai"],
        ["28th Street", "Al Quoz", "Dubai", "UNITED ARAB EMIRATES"],
    ),
    (
        Address("Av. Paulista, 1578", "Bela Vista", "São Paulo", "SP", "01310-200", "BR"),
        ["Av. Paulista, 1578", "Bela Vista", "São Paulo-SP", "01310-200"],
        ["Av. Paulista, 1578", "Bela Vista", "São Paulo-SP", "01310-200", "BRAZIL"],
    ),
    (
        Address("朝阳路1号", "朝阳区", "北京市", "北京市", "100020", "CN"),
        ["100020", "北京市北京市朝阳区", "朝阳路1号"],
        ["100020", "北京市北京市朝阳区", "朝阳路1号", "CHINA"],
    ),
    (
        Address("A 1", "", "Ljubljana", "Osrednjeslovenska", "1000", "SI"),
        ["A 1", "1000 Ljubljana", "Osrednjeslovenska"],
        None,
    ),
    (Address("High St", "", "Dover", "Kent", "CT16 1AA", "GB"), ["High St", "Dover", "Kent", "CT16 1AA"], None),
    (Address("", "", "Palo Alto", "", "94303", "US"), ["Palo Alto, 94303"], None),
    (Address("", "", "", "CA", "", "US"), ["CA"], None),
    (Address("A - 1,", "", "", "", "", "DE"), ["A - 1,"], None),
]


@pytest.mark.parametrize(("address", "inside", "abroad"), LETTERS)
def test_letters_inside_and_from_abroad(address: Address, inside: list[str], abroad: list[str] | None) -> None:
    assert kind.envelope(address, GB, home=address.country) == inside
    if abroad:
        assert kind.envelope(address, GB, home="XK") == abroad


def test_latin_letters_as_somebody_wrote_them_or_at_least_in_their_order() -> None:
    tokyo = kind.example(1)
    assert kind.envelope(tokyo, GB, home="FI", latin=True) == ["1-1 Marunouchi", "Chiyoda-ku, Tokyo 100-0001", "JAPAN"]
    assert kind.envelope(Address("丸の内1-1", "", "千代田区", "東京都", "100-0001", "JP"), GB, home="FI", latin=True) == [
        "丸の内1-1", "千代田区, Tokyo 100-0001", "JAPAN",
    ]  # fmt: skip
    assert "1-1 Marunouchi" in kind.detail(tokyo, GB)
    assert "Marunouchi" in kind.words(tokyo)
    assert kind.keys(tokyo) == kind.keys(Address(**{**vars(tokyo), "latin": ""}))


def test_an_address_is_found_by_the_name_of_its_region_in_both_scripts() -> None:
    assert {"California", "CA"} <= set(kind.words(Address("x", city="Palo Alto", region="CA", country="US")).split())
    assert {"東京都", "Tokyo"} <= set(kind.words(Address("x", region="東京都", country="JP")).split())
    assert kind.words(Address(country="FI")) == kind.words(Address()) == ""
    assert kind.words(Address("A 1", region="Uusimaa", country="FI")) == "A 1 Uusimaa"


@settings(deadline=None)
@given(
    st.builds(
        Address,
        *[st.text(max_size=12)] * 5,
        st.sampled_from(["", "FI", "JP", "CN", "IR", "SG", "BR", "PR", "GG", "XX"]),
        st.text(max_size=9),
    ),
    st.sampled_from(["", "FI", "JP"]),
    st.booleans(),
)
def test_a_letter_to_anywhere_holds_every_part(address: Address, home: str, latin: bool) -> None:
    try:
        address = kind.clean(address)
    except Refused:
        return
    letter = kind.envelope(address, GB, home=home, latin=latin)
    assert all(line == line.strip() and line for line in letter)
    if not (latin and address.latin):
        text = " ".join(" ".join(letter).split())
        for part in (address.street, address.city):
            assert all(word in text for word in part.split()), letter


def test_the_country_is_said_once() -> None:
    assert kind.lines(Address("1 Main Rd", "", "", "", "546080", "SG"), US) == ["1 Main Rd", "SINGAPORE 546080"]
    assert kind.lines(Address("", "", "Singapore", "", "", "SG"), US) == ["SINGAPORE"]
    assert kind.lines(Address(country="FI"), US) == ["Finland"]
    assert kind.envelope(Address(), US, home="FI") == kind.envelope(Address(country="FI"), US, home="FI") == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (Address("x", city="Helsinki", postal="0010", country="FI"), "such as 00550"),
        (Address("x", city="Palo Alto", region="TX", postal="94303", country="US"), "such as"),
        (Address("x", city="Palo Alto", region="Texas", postal="94303", country="US"), "such as"),
        (Address("x", city="London", postal="10115", country="GB"), "United Kingdom"),
        (Address("x", city="Tokyo", region="東京都", postal="12345", country="JP"), "Japan"),
        (Address("x", postal="94303", region="CA", country="US"), "City is missing."),
        (Address("x", postal="546080", country="SG"), ""),
        (Address("x", city="Palo Alto", region="California", postal="94303", country="US"), ""),
        (Address("x", city="Helsinki", postal="FI-00100", country="FI"), ""),
        (Address("x", city="Tokyo", region="東京都", postal="〒１００-０００１", country="JP"), ""),
        (Address("x", city="Tehran", postal="۱۱۹۳۶-۱۲۳۴۵", country="IR"), ""),
        (Address("x", city="Dublin", postal="whatever", country=""), ""),
        (Address(country="FI"), ""),
        (Address(city="Helsinki", country="FI"), ""),
    ],
)
def test_what_looks_wrong_is_said_and_kept(address: Address, words: str) -> None:
    assert kind.clean(address) == address
    said = " ".join(kind.warnings(address, GB))
    assert words in said if words else not said


def test_a_form_whose_country_changed_loses_nothing() -> None:
    typed = {
        "a.street": "Trubarjeva 5\r\n2nd floor", "a.city": "Ljubljana", "a.postal": "1000", "a.region": "Ljubljana", "a.district": "Center",
        "a.country": "JP", "a.latin": "",
    }  # fmt: skip
    draft = kind.draft(typed, "a", FI, Address(country="SI"))
    assert draft == Address("Trubarjeva 5\n2nd floor", "Center", "Ljubljana", "Ljubljana", "1000", "JP")
    told = kind.widget_context(draft, FI)
    assert {row.part: row.text for row in told["rows"]} == {
        "street": "Trubarjeva 5\n2nd floor", "district": "Center", "city": "Ljubljana", "region": "Ljubljana", "postal": "1000",
    }  # fmt: skip
    assert kind.draft({"a.country": "Nowhere", "a.city": "\0" * 300}, "a", FI, None).country == ""
    assert kind.draft({}, "a", FI, None) == Address()


@pytest.mark.parametrize("country", ["", "XX", "ZZ", "../..", "fi", "F", "\0\0", "ÄÖ", "XK", "AC"])
def test_rules_of_a_country_that_nobody_described_ask_for_nothing(country: str) -> None:
    assert rules(country).order(latin=False)
    assert kind.lines(Address("a", country=country), GB)
