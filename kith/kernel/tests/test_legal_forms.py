"""Legal forms beside the names of firms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.kernel.legal_forms import apart, same_firm
from kith.kernel.text import fold

ONE_FIRM = """
Suomen Ruokakauppa Oy | Suomen Ruokakauppa
Nokia Oyj | NOKIA
Oy Karl Fazer Ab | Karl Fazer
Fazer Oy Ab | Fazer
Müller GmbH | muller
Müller GmbH & Co. KG | Müller
Siemens AG | Siemens
Bayer Aktiengesellschaft | Bayer AG
Krka, d. d. | Krka
Lek d.d. | Lek
Elan d.o.o. | Elan
ELAN D.O.O. | elan doo
Elan, d. o. o. | Elan
Acme S.A. | Acme SA
Natura Ltda. | Natura
Acme, Inc. | Acme
Acme Ltd | Acme Limited
Tiffany & Co. | Tiffany
Barilla S.p.A. | Barilla SpA
Barilla SpA | Barilla
Ferrero S.r.l. | Ferrero
Novo Nordisk A/S | Novo Nordisk
Lego ApS | Lego
Ericsson AB | Ericsson
Cemex S.A. de C.V. | Cemex
Orlen Sp. z o.o. | Orlen
Škoda a.s. | Škoda
OTP Nyrt. | OTP
Philips N.V. | Philips
Coolblue B.V. | Coolblue
ООО «Ромашка» | Ромашка
ПАО Газпром | Газпром
ОПАП Α.Ε. | ОПАП ΑΕ
Ελληνικά Πετρέλαια ΑΕ | Ελληνικά Πετρέλαια
Yıldız Gıda A.Ş. | Yıldız Gıda
Koç Ltd. Şti. | Koç
北京字节跳动科技有限公司 | 北京字节跳动科技
海尔股份有限公司 | 海尔
田中商店株式会社 | 田中商店
株式会社田中商店 | 田中商店
㈱田中商店 | 田中商店
㈜삼성전자 | 삼성전자
삼성전자 주식회사 | 삼성전자
شرکت فولاد مبارکه | فولاد مبارکه
شركة الراجحي | الراجحي
فولاد مبارکه (سهامی عام) | فولاد مبارکه
טבע בע"מ | טבע
טבע בע״מ | טבע
บริษัท ปตท จำกัด (มหาชน) | ปตท
PT Astra International Tbk | Astra International
Petronas Sdn. Bhd. | Petronas
Grab Pte. Ltd. | Grab
Tata Pvt. Ltd. | Tata Private Limited
Công ty TNHH Phú Mỹ | Phú Mỹ
Bolt OÜ | Bolt
Emaar LLC | Emaar
"""
TWO_FIRMS = """
Acme Oy | Acme Ltd
Müller GmbH | Müller AG
Day Spa | Day
Oy | Ab
Inc | Ltd
Same as | Same
有限公司 | 株式会社
Coop | Op
Limited Edition | Edition
... | !
"""


def pairs(table: str) -> list[list[str]]:
    return [line.split(" | ") for line in table.strip().splitlines()]


@pytest.mark.parametrize(("one", "other"), pairs(ONE_FIRM))
def test_a_form_more_or_less_is_one_firm(one: str, other: str):
    assert same_firm(one, other), (apart(one), apart(other))


@pytest.mark.parametrize(("one", "other"), pairs(TWO_FIRMS))
def test_two_forms_or_other_words_are_two_firms(one: str, other: str):
    assert not same_firm(one, other), (apart(one), apart(other))


def test_signs_alone_name_nothing():
    assert not same_firm("", "")
    assert not same_firm("...", "!")


def test_a_name_that_is_only_a_form_stays_a_name():
    assert apart("Oy") == ("oy", "")
    assert apart("株式会社") == ("株式会社", "")


@given(st.text(max_size=60))
def test_every_text_with_letters_has_a_name(text: str):
    bare, form = apart(text)
    assert bare == fold(bare)
    assert bare or not any(c.isalnum() for c in fold(text)) or form
