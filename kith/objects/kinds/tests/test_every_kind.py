"""What holds for every kind, for its examples and for whatever Hypothesis thinks of."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from kith.kernel.errors import Refused
from kith.kernel.hours import Span
from kith.kernel.money import Money
from kith.kernel.viewer import NEUTRAL
from kith.objects.kinds import (
    ALL_KINDS,
    Address,
    Amount,
    Boolean,
    Choice,
    Country,
    Currency,
    Date,
    DateTime,
    DecimalNumber,
    Email,
    Emails,
    Entry,
    FullName,
    Hours,
    Integer,
    Kind,
    Language,
    Languages,
    Link,
    LongText,
    ManyLinks,
    Option,
    PersonName,
    Phone,
    Phones,
    PostalAddress,
    Recurring,
    Reference,
    Tags,
    Text,
    TimeZone,
    User,
    WebAddress,
    Weekday,
    Weekdays,
)  # fmt: skip

from .viewers import EVERYBODY

KINDS: list[Kind] = [
    *(kind() for kind in ALL_KINDS if kind is not Choice),
    Choice([Option("new", "New", "sparkles", 10), Option("lost", "Lost", meaning="lost")]),
    DecimalNumber(places=3),
    Integer(least=-5, most=5),
    Amount(currency="KWD"),
    Currency(),
]
LINKS = (Link, ManyLinks)
relaxed = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))

line = st.text(max_size=30)
number = st.integers(-(2**63), 2**63 - 1)
parts = st.builds(
    PersonName, **dict.fromkeys(("given", "family", "middle", "prefix", "suffix", "latin_given", "full"), line)
)
local = st.text("abcXYZ019._+'-äß例ع", min_size=1, max_size=12)
domain = st.sampled_from(
    ["example.com", "EXAMPLE.fi", "bücher.example", "例え.jp", "مثال.ایران", "xn--bcher-kva.example"]
)
address = st.builds("{}@{}".format, local, domain)
phone = st.builds(
    "+{}{}".format, st.sampled_from([1, 358, 386, 98, 86, 49, 39, 44, 55, 81]), st.integers(10**5, 10**11)
)
flags = st.booleans()


def entries(value: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    types = st.sampled_from(["", "work", "home", "mobile", "other"])
    return st.lists(st.builds(Entry, value, types, flags, flags, flags), max_size=5)


#: Raw values per kind; `clean` decides which of them are values.
RAW: dict[type[Kind], st.SearchStrategy[Any]] = {
    Text: line,
    LongText: st.text(max_size=200),
    Integer: number,
    DecimalNumber: st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**16), max_value=10**16),
    Boolean: flags,
    Date: st.dates(),
    DateTime: st.datetimes(timezones=st.just(UTC)),
    Choice: st.sampled_from(["", "new", "lost"]),
    Tags: st.lists(line, max_size=5),
    Link: st.integers(1, 2**63 - 1),
    ManyLinks: st.lists(st.integers(1, 2**63 - 1), max_size=4),
    User: st.integers(1, 2**63 - 1),
    FullName: parts,
    Email: address,
    Emails: entries(address),
    Phone: st.one_of(phone, st.builds("{};ext={}".format, phone, st.integers(0, 9999))),
    Phones: entries(phone),
    WebAddress: st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "http://", "https://"]),
        domain,
        st.sampled_from(["", "/", "/a b", "/ä?b=c#d", ":8080/x"]),
    ),
    PostalAddress: st.builds(
        Address, line, line, line, line, st.text(max_size=9), st.sampled_from(["", "FI", "JP", "IR", "BR", "XX"])
    ),
    Country: st.sampled_from(["FI", "si", "IRN", "", "zz"]),
    Language: st.sampled_from(["fi", "PT-br", "zh_hans", "", "xx-yy"]),
    TimeZone: st.sampled_from(["UTC", "europe/helsinki", "America/New York", ""]),
    Languages: st.lists(st.sampled_from(["fi", "PT-br", "zh_hans", "sr-Latn", "", "xx-yy"]), max_size=4),
    Hours: st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda t: t[0] != t[1]).map(lambda t: Span(*t)),
    Weekday: st.sampled_from(["mon", "FRI", "", "someday"]),
    Weekdays: st.lists(st.sampled_from(["mon", "Friday", "sun", "someday"]), max_size=4),
    Recurring: st.builds(
        "FREQ={};INTERVAL={}{}\nEXDATE:202611{:02}T0{}0000".format,
        st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY"]),
        st.integers(0, 2000),
        st.sampled_from(["", ";COUNT=7", ";UNTIL=20301231", ";BYDAY=MO,FR", ";BYDAY=2TU", ";BYMONTHDAY=-1,31"]),
        st.integers(1, 31),
        st.integers(0, 9),
    ),
    Amount: st.builds(
        lambda n, c: Money(Decimal(n) / 100, c),
        st.integers(-(10**15), 10**15),
        st.sampled_from(["EUR", "JPY", "KWD", "IRR", "CLF"]),
    ),
    Currency: st.sampled_from(["EUR", "jpy", "", "XYZ"]),
}


def name_of(kind: Kind) -> str:
    return f"{kind.key}-{'-'.join(f'{k}={v}' for k, v in vars(kind).items() if isinstance(v, int | str) and v)}"


def attempt(function: Callable[..., Any], *given: Any) -> Any:
    """What `function` gives, or the Refused it raises; a refusal is a sentence that fits on a screen."""
    try:
        return function(*given)
    except Refused as refusal:
        sentence = str(refusal)
    assert sentence.rstrip("”").endswith("."), sentence
    assert len(sentence) < 500
    return Refused(sentence)


every_kind = pytest.mark.parametrize("kind", KINDS, ids=name_of)


def holds(kind: Kind, value: Any) -> None:
    """The laws of a kind, for one value of it."""
    assert kind.clean(value) == value
    assert kind.clean(kind.unpack(json.loads(json.dumps(kind.pack(value))))) == value
    assert kind.unpack(json.loads(json.dumps(kind.pack(value)))) == value
    exported = kind.export(value)
    assert kind.parse(exported, NEUTRAL) == value
    for viewer in EVERYBODY:
        assert kind.parse(exported, viewer) == value, f"export in {viewer.locale_code}: {exported!r}"
        typed = kind.edit(value, viewer)
        assert kind.parse(typed, viewer) == value, f"edit in {viewer.locale_code}: {typed!r}"
        assert isinstance(kind.format(value, viewer), str)
        assert "<script" not in kind.cell(value, viewer) + kind.detail(value, viewer)
        assert isinstance(kind.widget_context(value, viewer), dict)
    assert isinstance(kind.words(value), str)
    keys = kind.keys(value)
    assert all(isinstance(key, str) and key and len(key) <= 254 for key in keys)
    for make, compute in kind.companions().values():
        room = getattr(make(), "max_length", None)
        assert room is None or len(compute(value)) <= room
    for name, part in kind.parts.items():
        if not kind.is_empty(value):
            assert part.clean(kind.part(value, name)) == kind.part(value, name)
    if kind.parts and not kind.is_empty(value):
        assert kind.assemble({name: kind.part(value, name) for name in kind.parts}, kind.empty) == value
        assert kind.assemble({}, value) == value
    assert kind.clean(kind.redact(value)) == kind.redact(value)


@every_kind
def test_the_laws_hold_for_the_examples(kind: Kind) -> None:
    for n in range(12):
        holds(kind, kind.example(n))


@every_kind
def test_the_laws_hold_for_nothing(kind: Kind) -> None:
    assert kind.clean(None) == kind.empty
    assert kind.parse("", NEUTRAL) == kind.parse("  ", NEUTRAL) == kind.empty
    assert kind.unpack(None) == kind.empty
    holds(kind, kind.empty)
    assert kind.format(None, NEUTRAL) == kind.cell(None, NEUTRAL) == kind.detail(None, NEUTRAL) == ""


@every_kind
@relaxed
@given(data=st.data())
def test_the_laws_hold_for_whatever_is_a_value(kind: Kind, data: st.DataObject) -> None:
    raw = data.draw(RAW[type(kind)])
    value = attempt(kind.clean, raw)
    assume(not isinstance(value, Refused))
    holds(kind, value)


@every_kind
def test_ten_examples_differ_and_are_the_same_every_time(kind: Kind) -> None:
    examples = [kind.example(n) for n in range(10)]
    assert examples == [kind.example(n) for n in range(10)]
    if not isinstance(kind, (*LINKS, Boolean, Choice)):
        assert len({repr(value) for value in examples}) == 10


words = st.one_of(
    st.text(max_size=8), st.sampled_from(["value", "amount", "currency", "given", "street", "type", "primary"])
)
things = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(max_size=5), st.decimals(), st.dates(), st.datetimes(),
    st.just(object()), st.just(Kind), st.complex_numbers(),
)  # fmt: skip
anything: st.SearchStrategy[Any] = st.recursive(
    things,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(words, inner, max_size=4), st.tuples(inner, inner)
    ),
    max_leaves=6,
)


@every_kind
@relaxed
@given(value=anything)
def test_garbage_is_refused_in_words_or_becomes_a_value(kind: Kind, value: Any) -> None:
    cleaned = attempt(kind.clean, value)
    if not isinstance(cleaned, Refused):
        assert kind.clean(cleaned) == cleaned
        if not isinstance(kind, LINKS):
            json.dumps(kind.pack(cleaned))


HOSTILE = [
    "\0", "a\0b", "\ud800", "\u202e123", "=1+1", "<script>alert(1)</script>", "x" * 100_000, "1" * 5000, "9" * 70, "-" * 50, "(" * 5000,
    "|" * 3000, "given=" * 500, "a@" * 3000, ";" * 10_000, "'; DROP TABLE x; --", "١٢٣٤٥", "½", "Ⅷ", "²", "１２", "1e5", "NaN", "Infinity",
    "0x10", "1_000", "31.02.2026", "00.00.0000", "24:00", "2026-11-22T25:61", "javascript:alert(1)", "http://[::1", "http://a:99999999",
    "+", "+1", "#", "#0", "null", "\u200b", "🙂" * 200, "\n\n\n", "a,b;c、d", "()", "( )", "x (home)", "x=y", "\\", "a\\|b", "%s", "%(x)s",
    "{}", "$", "€", "12 €€", "1 EUR USD",
]  # fmt: skip


@every_kind
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_hostile_text_never_raises_anything_but_a_sentence(kind: Kind, text: str) -> None:
    for viewer in EVERYBODY:
        value = attempt(kind.parse, text, viewer)
        if not isinstance(value, Refused) and not isinstance(kind, LINKS):
            holds(kind, value)


@every_kind
@relaxed
@given(text=st.text(max_size=40))
def test_any_text_is_a_value_or_a_sentence(kind: Kind, text: str) -> None:
    value = attempt(kind.parse, text, EVERYBODY[len(text) % len(EVERYBODY)])
    if not isinstance(value, Refused) and not isinstance(kind, LINKS):
        holds(kind, value)


@every_kind
def test_a_kind_says_what_it_is(kind: Kind) -> None:
    assert kind.key
    assert str(kind.label)
    assert kind.widget
    assert kind.operators
    json.dumps(kind.json_schema())


@every_kind
def test_what_goes_over_the_wire_comes_back_and_is_what_its_schema_says(kind: Kind) -> None:
    valid = Draft202012Validator(kind.wire_schema(), format_checker=FormatChecker())
    for n in range(12):
        value = kind.example(n)
        sent = json.loads(json.dumps(kind.wire(value)), parse_float=Decimal)
        valid.validate(sent)
        assert kind.clean(sent) == value
    valid.validate(kind.wire(kind.empty))
    assert kind.clean(kind.wire(kind.empty)) == kind.empty


def test_a_value_of_a_link_is_its_id() -> None:
    assert Reference("a.b", 1, "Title", "/b/1/") == Reference("a.b", 1)
    assert date(2026, 11, 22) == Date().example(0)
