"""People's names and postal addresses."""

from typing import Any

import pytest

from kith.kernel.errors import Refused
from kith.kernel.viewer import NEUTRAL
from kith.objects.kinds import Address, FullName, PersonName, PostalAddress

from .viewers import FI, GB, IR, US

names, addresses = FullName(), PostalAddress()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Lovelace", PersonName(given="Ada", family="Lovelace")),
        ("Lovelace, Ada", PersonName(given="Ada", family="Lovelace")),
        ("de la Cruz, María José", PersonName(given="María José", family="de la Cruz")),
        ("O'Neill, J.", PersonName(given="J.", family="O'Neill")),
        ("Jean-Luc Żółw", PersonName(given="Jean-Luc", family="Żółw")),
        ("Suharto", PersonName(full="Suharto")),
        ("John Smith, Jr.", PersonName(full="John Smith, Jr.")),
        ("田中 由紀", PersonName(full="田中 由紀")),
        ("زهرا محمدی", PersonName(full="زهرا محمدی")),
        ("María José Fernández", PersonName(full="María José Fernández")),
        ("Ελένη Παπαδοπούλου", PersonName(full="Ελένη Παπαδοπούλου")),
        ("null null", PersonName(given="null", family="null")),
        ("🙂", PersonName(full="🙂")),
        ("X", PersonName(full="X")),
        ("a  b", PersonName(given="a", family="b")),
        ("given=Ada | latin_family=L \\| M", PersonName(given="Ada", latin_family="L | M")),
    ],
)
def test_a_name_is_taken_apart_only_where_that_cannot_go_wrong(text: str, expected: PersonName) -> None:
    assert names.parse(text, NEUTRAL) == expected


def test_the_family_name_comes_first_where_the_script_or_the_person_says_so() -> None:
    assert PersonName(given="由紀", family="田中").shown == "田中由紀"
    assert PersonName(given="민준", family="김").shown == "김민준"
    assert PersonName(given="János", family="Nagy", order="family_first").shown == "Nagy János"
    assert PersonName(given="János", family="Nagy").shown == "János Nagy"
    assert PersonName(given="由紀", family="田中", order="given_first").shown == "由紀田中"
    assert PersonName(given="A", middle="B", family="C", suffix="Jr.").shown == "A B C, Jr."


def test_a_name_in_two_scripts_shows_both_and_is_found_by_both() -> None:
    tanaka = PersonName(given="由紀", family="田中", latin_given="Yuki", latin_family="Tanaka")
    assert "Tanaka Yuki" in names.cell(tanaka, US)
    assert {"田中由紀", "Yuki", "Tanaka"} <= set(names.words(tanaka).split())
    assert 'lang="ja"' in names.cell(PersonName(full="たなか"), US)
    assert "lang" not in names.cell(PersonName(full="王小明"), US)


def test_names_sort_by_family_name() -> None:
    key = names.companions()["folded"][1]
    assert key(PersonName(given="Ada", family="Lovelace")) == "lovelace ada"
    assert key(PersonName(full="Ärzte Band")) == "arzte band"
    assert key(PersonName()) == ""


def test_a_name_written_in_markup_is_text() -> None:
    assert "<script>" not in names.cell(PersonName(full="<script>alert(1)</script>"), US)


def test_parts_change_a_name_and_replace_one_that_was_kept_whole() -> None:
    whole = PersonName(full="田中 由紀", prefix="Dr")
    assert names.assemble({"given": "由紀", "family": "田中"}, whole) == PersonName(
        given="由紀", family="田中", prefix="Dr"
    )
    assert names.assemble({"prefix": ""}, whole) == PersonName(full="田中 由紀")
    assert names.read({"name.given": " Ada ", "name.family": "Lovelace"}, "name", GB) == PersonName(
        given="Ada", family="Lovelace"
    )
    assert names.read({"name": "Ada Lovelace"}, "name", GB) == PersonName(given="Ada", family="Lovelace")
    assert names.is_empty(PersonName(order="family_first"))


def test_editing_in_a_cell_keeps_what_the_cell_does_not_show() -> None:
    tanaka = PersonName(given="由紀", family="田中", prefix="Dr", latin_given="Yuki", latin_family="Tanaka")
    assert names.edit_inline(tanaka, US) == "田中由紀"
    assert names.read_inline(tanaka, {"n": "田中由紀"}, "n", US) == tanaka
    renamed = PersonName(full="佐藤由紀", prefix="Dr", latin_given="Yuki", latin_family="Tanaka")
    assert names.read_inline(tanaka, {"n": "佐藤由紀"}, "n", US) == renamed
    nagy = PersonName(given="János", family="Nagy", order="family_first")
    assert names.read_inline(nagy, {"n": "Nagy Jan"}, "n", US) == PersonName(
        given="Jan", family="Nagy", order="family_first"
    )
    assert names.read_inline(tanaka, {"n": ""}, "n", US) == PersonName()
    assert names.read_inline(PersonName(), {"n": "Ada Lovelace"}, "n", US) == PersonName(given="Ada", family="Lovelace")


def test_a_name_that_was_taken_apart_is_no_longer_kept_whole() -> None:
    assert names.clean({"full": "Ada Lovelace", "given": "Ada", "family": "Lovelace"}) == PersonName(
        given="Ada", family="Lovelace"
    )
    posted = {"n.full": "田中 由紀", "n.given": "由紀", "n.family": "田中"}
    assert names.read(posted, "n", US) == PersonName(given="由紀", family="田中")


@pytest.mark.parametrize(
    "value",
    [5, [], {"first": "x"}, {"given": 5}, {"given": "x" * 101}, "x" * 201, {"order": "random"}, {"given": ["x"]}, True],
)
def test_a_name_is_not_made_of_other_things(value: Any) -> None:
    with pytest.raises(Refused):
        names.clean(value)


def test_labels_follow_the_country_and_lose_nothing() -> None:
    assert addresses.lines(addresses.example(0), FI) == ["Mannerheimintie 1 A 3", "00100 Helsinki", "Suomi"]
    assert addresses.lines(addresses.example(3), GB) == ["Trubarjeva cesta 5", "SI-1000 Ljubljana", "Slovenia"]
    for n in range(10):
        address = addresses.example(n)
        text = "\n".join(addresses.lines(address, US))
        for part in (address.street, address.city, address.region, address.postal, address.district):
            assert part in text
    japan = addresses.lines(addresses.example(1), US)
    assert japan[0] == "〒100-0001"
    assert any("千代田区" in line for line in japan)
    assert addresses.lines(Address(city="Tokyo", country="JP"), US) == ["Tokyo", "Japan"]
    assert addresses.lines(Address(street="x", city="y"), US) == ["x", "y"]


def test_a_wrong_postal_code_is_a_warning_and_stays() -> None:
    address = addresses.clean(Address(street="A 1", city="Helsinki", postal="ABC", country="FI"))
    assert address.postal == "ABC"
    assert addresses.warnings(address, GB) == ["“ABC” does not look like a postal code of Finland, such as 00550."]
    assert addresses.warnings(Address(street="A 1", city="Helsinki", postal="۰۰۱۰۰", country="FI"), GB) == []
    assert addresses.warnings(Address(street="x", country="FI"), GB) == ["Postal code is missing.", "City is missing."]
    assert addresses.warnings(Address(street="x"), GB) == addresses.warnings(Address(), GB) == []


def test_an_address_from_a_form_and_from_one_line() -> None:
    data = {"home.street": "A 1\r\nB 2", "home.city": "Tehran", "home.country": "ایران", "home.postal": ""}
    assert addresses.read(data, "home", IR) == Address("A 1\nB 2", city="Tehran", country="IR")
    assert addresses.parse("Main St 1, Springfield", US) == Address(street="Main St 1, Springfield")
    written = addresses.export(addresses.example(4))
    assert (
        written
        == "street=Av. Paulista, 1578\\n4º andar | district=Bela Vista | city=São Paulo | region=SP | postal=01310-200 | country=BR"
    )
    assert addresses.parse(written, US) == addresses.example(4)
    assert addresses.redact(addresses.example(0)) == Address(country="FI")


@pytest.mark.parametrize(
    "value", [5, [], {"town": "x"}, {"city": 5}, {"country": "Nowhere"}, {"city": "x" * 101}, {"street": "x" * 501}]
)
def test_an_address_is_not_made_of_other_things(value: Any) -> None:
    with pytest.raises(Refused):
        addresses.clean(value)
