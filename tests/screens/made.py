"""Records of a test's own, and the address of a list that shows them alone."""

from __future__ import annotations

from itertools import count
from typing import Any

from .house import DemoHouse

MANY = """
from kith.kernel.money import Money
from kith.objects.write import Draft, write
read = lambda v: Money(*v['money']) if isinstance(v, dict) else v
rows = [{k: read(v) for k, v in row.items()} for row in rows]
made = [o.record.pk for o in write(S, "contacts.company", [Draft({"name": f"{word} {i:04}", **row}) for i, row in enumerate(rows)])]
"""
NUMBERS = count()


def companies(house: DemoHouse, word: str, rows: int | list[dict[str, Any]]) -> tuple[str, list[int]]:
    """Make companies of a name that no others have, so many or with these values; the address of their list, and their numbers.

    Amounts are written as {"money": ["12.50", "EUR"]}.
    """
    word = f"{word}{next(NUMBERS):03}"
    made = house.make(MANY, word=word, rows=[{}] * rows if isinstance(rows, int) else rows)
    return f"/companies/?filter=name:contains:{word}&sort=name", made
