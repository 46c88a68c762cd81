"""In which languages, colours and widths a screen is looked at, and which items of the interaction list a test shows."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import product
from zlib import crc32

import pytest


@dataclass(frozen=True)
class Look:
    """How somebody looks at the house."""

    language: str = "en"
    theme: str = "light"
    width: int = 1440

    @property
    def rtl(self) -> bool:
        """Whether it is read from right to left."""
        return self.language == "fa"

    @property
    def phone(self) -> bool:
        """Whether it is a phone: narrow, and touched."""
        return self.width < 760

    def __str__(self) -> str:
        return f"{self.language}-{self.theme}-{self.width}"


#: Those that differ most stand first: whoever takes two takes these.
ALL = (
    Look("en", "light", 1440), Look("fa", "dark", 390), Look("fa", "light", 1440), Look("en", "dark", 390),
    Look("fa", "dark", 1440), Look("en", "light", 390), Look("en", "dark", 1440), Look("fa", "light", 390),
)  # fmt: skip
assert set(ALL) == {Look(*one) for one in product(("en", "fa"), ("light", "dark"), (1440, 390))}
DESK, PHONE = (1440,), (390,)


def shows(*items: int) -> pytest.MarkDecorator:
    """Say which numbered items of the interaction list a test shows, in full."""
    return pytest.mark.shows(*items)


def looks(*, widths: tuple[int, ...] = (1440, 390), most: int = 1) -> pytest.MarkDecorator:
    """Say at which widths a test makes sense, and in how many looks it is run in bin/test; KITH_LOOKS=all runs it in all that fit."""
    return pytest.mark.looks(widths, most)


def chosen(mark: pytest.Mark | None, name: str) -> list[Look]:
    """The looks in which a test of this name runs now. Of two that differ in everything half of the tests take the one, half the other."""
    widths, most = mark.args if mark else ((1440, 390), 1)
    fitting = [look for look in ALL if look.width in widths]
    if os.environ.get("KITH_LOOKS") == "all":
        return fitting
    apart = _apart(fitting)
    return [apart[crc32(name.encode()) % 2]] if most == 1 else apart[:most]


def _apart(fitting: list[Look]) -> list[Look]:
    """The same, so that the second differs from the first in everything that may differ."""
    first = fitting[0]
    return [first, *sorted(fitting[1:], key=lambda o: -((o.language != first.language) + (o.theme != first.theme)))]
