"""The order of words in each language of the interface: Unicode's collation with CLDR's tailorings, by ICU.

Nothing else in the house asks ICU for an order. Keys are bytes that compare as the texts do, alike in Python, SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

import icu  # type: ignore[import-untyped]

from .viewer import LOCALES

#: Languages that an order is kept for, as Django writes them.
LANGUAGES = tuple(LOCALES)
#: Longer keys are cut: a row of PostgreSQL's index holds 2,700 bytes, and whoever agrees in some hundred letters stands together anyway.
MAX_BYTES = 200
#: Which orders stored keys are in. Other bytes come from another ICU, or when the number goes up with what is asked of it here.
VERSION = f"{icu.ICU_VERSION}/1"
#: Stands between parts that are compared one after another: all Garcías before the first García López.
PARTS = "\ufffe"

T = TypeVar("T")


def language_of(code: str) -> str:
    """The language among LANGUAGES whose order somebody with this one sees; English, which is the root order, for all others."""
    code = code.lower()
    return (
        code if code in LANGUAGES else next((one for one in LANGUAGES if one.split("-")[0] == code.split("-")[0]), "en")
    )


def sort_key(text: str, language: str) -> bytes | None:
    """Bytes by which `text` sorts in `language`, at most MAX_BYTES; None for nothing.

    Spaces and signs count and come before digits, those before letters; letters by themselves, then their marks, then their case.
    Runs of digits count as numbers: 3M before 10X. Text of signs without any weight sorts before all others.
    """
    if not text:
        return None
    # The NUL at the end says nothing more; a cut key is still not behind any that its text is not behind.
    return bytes(_key(language)(text)[:-1][:MAX_BYTES])


def in_order(things: Iterable[T], text: Callable[[T], str], language: str) -> list[T]:
    """`things` by their `text`, as somebody reads them who uses this language; nothing comes last."""
    key = _key(language_of(language))
    return sorted(things, key=lambda thing: (not (said := text(thing)), bytes(key(said))))


@cache
def _key(language: str) -> Callable[[str], bytes]:
    collator: Any = icu.Collator.createInstance(icu.Locale(language))
    collator.setStrength(icu.Collator.TERTIARY)
    collator.setAttribute(icu.UCollAttribute.NUMERIC_COLLATION, icu.UCollAttributeValue.ON)
    # Names arrive in whatever form they were typed in; Vietnamese and Hebrew marks need it beyond NFC.
    collator.setAttribute(icu.UCollAttribute.NORMALIZATION_MODE, icu.UCollAttributeValue.ON)
    key: Callable[[str], bytes] = collator.getSortKey
    return key
