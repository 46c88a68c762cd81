"""The example number of every region of the world: typed as at home, kept in E.164, shown as at home again."""

from __future__ import annotations

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from kith.kernel.viewer import NEUTRAL, Viewer
from kith.objects.kinds import Phone

kind = Phone()
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
DIGITS = {
    "ASCII": "0123456789",
    "Persian": "۰۱۲۳۴۵۶۷۸۹",
    "Arabic": "٠١٢٣٤٥٦٧٨٩",
    "full width": "０１２３４５６７８９",
    "Devanagari": "०१२३४५६७८९",
}
SORTS = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)


def at_home(region: str) -> Viewer:
    return Viewer("en", country=region)


def examples(region: str) -> list[phonenumbers.PhoneNumber]:
    found = [phonenumbers.example_number_for_type(region, sort) for sort in SORTS]
    return [number for number in found if number is not None]


def test_there_are_examples_of_every_region() -> None:
    assert len(REGIONS) >= 245
    assert all(examples(region) for region in REGIONS)


@pytest.mark.parametrize("region", REGIONS)
def test_a_number_goes_from_national_to_e164_and_back(region: str) -> None:
    viewer = at_home(region)
    for number in examples(region):
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
        for digits in DIGITS.values():
            local = str.maketrans("0123456789", digits)
            assert kind.parse(national.translate(local), viewer) == e164
            assert kind.parse(f"{national} ext. 205".translate(local), viewer) == f"{e164};ext=205"
            assert kind.parse(kind.format(e164, NEUTRAL).translate(local), NEUTRAL) == e164
        for stored in (e164, f"{e164};ext=205"):
            shown = kind.format(stored, viewer)
            assert kind.parse(shown, viewer) == stored
            assert kind.clean(stored) == stored
            assert kind.parse(kind.edit(stored, viewer), viewer) == stored


@pytest.mark.parametrize("region", REGIONS)
def test_a_number_is_national_at_home_and_international_elsewhere(region: str) -> None:
    for number in examples(region):
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        assert kind.format(e164, at_home(region)) == phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
        abroad = kind.format(e164, at_home("SI" if region != "SI" else "FI"))
        assert abroad == phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
        assert abroad.startswith("+")
        assert kind.format(e164, NEUTRAL) == abroad
