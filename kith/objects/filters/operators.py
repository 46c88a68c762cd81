"""Operators: each says what it is called, what it takes, and what it means in SQL and in Python; the two agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Value
from django.db.models.lookups import (
    Contains,
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
    StartsWith,
)
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kith.kernel.expressions import LowerText

Sql = Callable[[Any, list[Any], Any], Any]


@dataclass(frozen=True)
class Operator:
    """`takes`: "none", "one", "two", "many", "number" (and of what: days, weeks, months) – how many operands, and of what sort.

    `label` stands in a menu; `phrase` is the whole sentence with the holes `field` and `value` (or `low` and `high`, or `n` for a number,
    where it is a function of that number and of what is counted). `timed`: its operands are reckoned from now, by `Kind.span`.

    `sql(expression, operands, empty)` gives a condition on the stored value; `python(value, operands, empty)` the same in memory, on
    stored forms too. `negated` turns the whole around, so that records without the value count as "not".
    """

    key: str
    label: Any
    phrase: Any
    takes: str
    sql: Sql
    python: Callable[[Any, list[Any], Any], bool]
    negated: bool = False
    timed: bool = False

    def sentence(self, number: int = 0, unit: str = "days") -> str:
        """The sentence of a condition, with its holes."""
        return str(self.phrase(number, unit) if callable(self.phrase) else self.phrase)


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _nothing(value: Any, empty: Any) -> bool:
    return value is None or (isinstance(value, str) and value == "")


def _text(expression: Any, operands: list[Any]) -> tuple[Any, list[Any]]:
    """Text is compared in lower case on both engines and in Python."""
    if operands and all(isinstance(operand, str) for operand in operands):
        return LowerText(expression), [operand.lower() for operand in operands]
    return expression, operands


def _is(expression: Any, operands: list[Any], empty: Any) -> Any:
    expression, operands = _text(expression, operands)
    return In(expression, operands) if len(operands) != 1 else Exact(expression, Value(operands[0]))


def _empty(expression: Any, operands: list[Any], empty: Any) -> Any:
    from django.db.models import Q

    nothing = Q(IsNull(expression, True))
    return nothing | Q(Exact(expression, Value(""))) if empty == "" else nothing


def _compare(lookup: Any) -> Sql:
    return lambda expression, operands, empty: lookup(expression, Value(operands[0]))


def _present(test: Callable[[Any, list[Any]], bool]) -> Callable[[Any, list[Any], Any], bool]:
    return lambda value, operands, empty: not _nothing(value, empty) and test(value, operands)


def _inside(value: Any, operands: list[Any]) -> bool:
    return bool(operands[0] <= value <= operands[1])


def _in(value: Any, operands: list[Any], empty: Any) -> bool:
    return _lower(value) in [_lower(operand) for operand in operands]


def _between(expression: Any, operands: list[Any], empty: Any) -> Any:
    from django.db.models import Q

    return Q(GreaterThanOrEqual(expression, Value(operands[0]))) & Q(LessThanOrEqual(expression, Value(operands[1])))


def _like(lookup: Any) -> Sql:
    return lambda expression, operands, empty: lookup(LowerText(expression), Value(str(operands[0]).lower()))


def _last(n: int, unit: str) -> str:
    if unit == "weeks":
        return ngettext("%(field)s is in the last %(n)s week", "%(field)s is in the last %(n)s weeks", n)
    if unit == "months":
        return ngettext("%(field)s is in the last %(n)s month", "%(field)s is in the last %(n)s months", n)
    return ngettext("%(field)s is in the last %(n)s day", "%(field)s is in the last %(n)s days", n)


def _next(n: int, unit: str) -> str:
    if unit == "weeks":
        return ngettext("%(field)s is in the next %(n)s week", "%(field)s is in the next %(n)s weeks", n)
    if unit == "months":
        return ngettext("%(field)s is in the next %(n)s month", "%(field)s is in the next %(n)s months", n)
    return ngettext("%(field)s is in the next %(n)s day", "%(field)s is in the next %(n)s days", n)


#: What the numbers of "in the last …" and "in the next …" count; the first one where nothing is said.
UNITS = {"days": _("days"), "weeks": _("weeks"), "months": _("months")}
#: Periods of kith.kernel.periods: what a menu calls them, and the sentence.
_PERIODS = {
    "today": (_("is today"), _("%(field)s is today")),
    "yesterday": (_("is yesterday"), _("%(field)s is yesterday")),
    "tomorrow": (_("is tomorrow"), _("%(field)s is tomorrow")),
    "this_week": (_("is this week"), _("%(field)s is this week")),
    "last_week": (_("is last week"), _("%(field)s is last week")),
    "next_week": (_("is next week"), _("%(field)s is next week")),
    "this_month": (_("is this month"), _("%(field)s is this month")),
    "last_month": (_("is last month"), _("%(field)s is last month")),
    "next_month": (_("is next month"), _("%(field)s is next month")),
    "this_quarter": (_("is this quarter"), _("%(field)s is this quarter")),
    "last_quarter": (_("is last quarter"), _("%(field)s is last quarter")),
    "next_quarter": (_("is next quarter"), _("%(field)s is next quarter")),
    "this_year": (_("is this year"), _("%(field)s is this year")),
    "last_year": (_("is last year"), _("%(field)s is last year")),
    "next_year": (_("is next year"), _("%(field)s is next year")),
}


_ALL = [
    Operator("is", _("is"), _("%(field)s is %(value)s"), "many", _is, _in),
    Operator("is_not", _("is not"), _("%(field)s is not %(value)s"), "many", _is, _in, negated=True),
    Operator("in", _("is any of"), _("%(field)s is any of %(value)s"), "many", _is, _in),
    Operator("not_in", _("is none of"), _("%(field)s is none of %(value)s"), "many", _is, _in, negated=True),
    Operator(
        "contains",
        _("contains"),
        _("%(field)s contains %(value)s"),
        "one",
        _like(Contains),
        _present(lambda v, o: str(o[0]).lower() in str(v).lower()),
    ),
    Operator(
        "starts",
        _("starts with"),
        _("%(field)s starts with %(value)s"),
        "one",
        _like(StartsWith),
        _present(lambda v, o: str(v).lower().startswith(str(o[0]).lower())),
    ),
    Operator(
        "at_least",
        _("is at least"),
        _("%(field)s is at least %(value)s"),
        "one",
        _compare(GreaterThanOrEqual),
        _present(lambda v, o: v >= o[0]),
    ),
    Operator(
        "at_most",
        _("is at most"),
        _("%(field)s is at most %(value)s"),
        "one",
        _compare(LessThanOrEqual),
        _present(lambda v, o: v <= o[0]),
    ),
    Operator(
        "all_of",
        _("has all of"),
        _("%(field)s has all of %(value)s"),
        "many",
        _is,
        lambda value, operands, empty: all(o in (value or ()) for o in operands),
    ),
    Operator(
        "between",
        _("is between"),
        _("%(field)s is between %(low)s and %(high)s"),
        "two",
        _between,
        _present(_inside),
    ),
    Operator(
        "after",
        _("is after"),
        _("%(field)s is after %(value)s"),
        "one",
        _compare(GreaterThan),
        _present(lambda v, o: v > o[0]),
    ),
    Operator(
        "before",
        _("is before"),
        _("%(field)s is before %(value)s"),
        "one",
        _compare(LessThan),
        _present(lambda v, o: v < o[0]),
    ),
    Operator("last", _("is in the last …"), _last, "number", _between, _present(_inside), timed=True),
    Operator("next", _("is in the next …"), _next, "number", _between, _present(_inside), timed=True),
    *(
        Operator(key, label, phrase, "none", _between, _present(_inside), timed=True)
        for key, (label, phrase) in _PERIODS.items()
    ),
    Operator(
        "past",
        _("is in the past"),
        _("%(field)s is in the past"),
        "none",
        _compare(LessThan),
        _present(lambda v, o: v < o[0]),
        timed=True,
    ),
    Operator(
        "future",
        _("is in the future"),
        _("%(field)s is in the future"),
        "none",
        _compare(GreaterThan),
        _present(lambda v, o: v > o[0]),
        timed=True,
    ),
    Operator("is_me", _("is me"), _("%(field)s is me"), "none", _is, _in),
    Operator("my_team", _("is in my team"), _("%(field)s is in my team"), "none", _is, _in),
    Operator(
        "empty",
        _("is empty"),
        _("%(field)s is empty"),
        "none",
        _empty,
        lambda value, operands, empty: _nothing(value, empty),
    ),
    Operator(
        "filled",
        _("is not empty"),
        _("%(field)s is not empty"),
        "none",
        _empty,
        lambda value, operands, empty: _nothing(value, empty),
        negated=True,
    ),
]
OPERATORS: dict[str, Operator] = {operator.key: operator for operator in _ALL}
