"""Currencies that the euro replaced: their irrevocable rates, units per euro.

Council Regulations (EC) 2866/98 and 1478/2000 (Greece), 1086/2006 (Slovenia), 1134/2007 and 1135/2007 (Malta, Cyprus), 694/2008
(Slovakia), (EU) 671/2010 (Estonia), 870/2013 (Latvia), 851/2014 (Lithuania), 2022/1208 (Croatia), 2025/1407 (Bulgaria).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

_START = date(1999, 1, 1)
#: Code → (first day, units per euro).
FIXED: dict[str, tuple[date, Decimal]] = {
    "ATS": (_START, Decimal("13.7603")),
    "BEF": (_START, Decimal("40.3399")),
    "DEM": (_START, Decimal("1.95583")),
    "ESP": (_START, Decimal("166.386")),
    "FIM": (_START, Decimal("5.94573")),
    "FRF": (_START, Decimal("6.55957")),
    "IEP": (_START, Decimal("0.787564")),
    "ITL": (_START, Decimal("1936.27")),
    "LUF": (_START, Decimal("40.3399")),
    "NLG": (_START, Decimal("2.20371")),
    "PTE": (_START, Decimal("200.482")),
    "GRD": (date(2001, 1, 1), Decimal("340.750")),
    "SIT": (date(2007, 1, 1), Decimal("239.640")),
    "CYP": (date(2008, 1, 1), Decimal("0.585274")),
    "MTL": (date(2008, 1, 1), Decimal("0.429300")),
    "SKK": (date(2009, 1, 1), Decimal("30.1260")),
    "EEK": (date(2011, 1, 1), Decimal("15.6466")),
    "LVL": (date(2014, 1, 1), Decimal("0.702804")),
    "LTL": (date(2015, 1, 1), Decimal("3.45280")),
    "HRK": (date(2023, 1, 1), Decimal("7.53450")),
    "BGN": (date(2026, 1, 1), Decimal("1.95583")),
}


def fixed_since(code: str) -> date | None:
    """The day since which the rate of `code` to the euro is fixed by law, or None."""
    found = FIXED.get(code)
    return found[0] if found else None
