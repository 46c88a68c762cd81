"""What lists sort by: an expression, what in it stands for nothing, and the columns of keys that hold the order of a language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from kith.kernel import collation

#: Suffix of the companion column of keys that are the same in every language.
KEY = "key"


@dataclass(frozen=True)
class Order:
    """How a list is sorted by a field, before ids decide. Nothing is NULL and comes last, whichever way the list runs.

    `full`: there is always something. `of` names what else the values depend on (a language): a place in one order is no place in
    another. `served`: an index may give the order; else all records are sorted anyway.
    """

    expression: Any
    full: bool = False
    of: str = ""
    served: bool = True


def key_suffix(language: str) -> str:
    """The suffix of the companion column that holds the keys of a language."""
    return f"key_{collation.language_of(language).replace('-', '_')}"


def key_companions(said: Callable[[Any], str]) -> dict[str, tuple[Callable[[], Any], Callable[[Any], Any]]]:
    """Companion columns that hold the order of `said(value)` in each language of the interface."""
    return {key_suffix(language): (key_column, _Compute(said, language)) for language in collation.LANGUAGES}


@dataclass(frozen=True)
class _Compute:
    said: Callable[[Any], str]
    language: str

    def __call__(self, value: Any) -> bytes | None:
        return collation.sort_key(self.said(value), self.language)


def key_column() -> Any:
    """A column of bytes to sort by; columns of this sort get an index with the id behind it."""
    return models.BinaryField(null=True, editable=False)
