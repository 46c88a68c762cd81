"""Per object: lists are filtered, sorted and paged alike, at the same number of queries however many rows there are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kith.kernel.errors import Refused, UnknownField
from kith.kernel.viewer import NEUTRAL
from kith.objects import filters
from kith.objects.declare import ObjectType
from kith.objects.filters import OPERATORS
from kith.objects.filters.compile import operands
from kith.objects.history import timeline
from kith.objects.query import count, listing
from kith.objects.write import Draft, change, write
from tests.cast import Cast

from .conftest import SYSTEM, example

pytestmark = pytest.mark.django_db


def many(o: ObjectType, n: int, actor=SYSTEM) -> list:
    # Further records are further examples: of some objects there is one for each country.
    start = count(SYSTEM, o).value
    outcomes = write(actor, o, [Draft(example(o, start + i, actor)) for i in range(n)])
    assert all(out.ok for out in outcomes), [str(out.error) for out in outcomes if not out.ok]
    return [out.record for out in outcomes]


def queries(call) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        call()
    return len(caught)


def test_a_list_makes_the_same_number_of_queries_for_5_rows_and_for_50(o: ObjectType, cast: Cast):
    many(o, 5)
    names = [f.name for f in o.fields.values()]
    few = queries(lambda: listing(cast.actor("admin"), o, columns=names, limit=100))
    many(o, 45)
    assert queries(lambda: listing(cast.actor("admin"), o, columns=names, limit=100)) == few


def test_a_timeline_makes_the_same_number_of_queries_for_2_changes_and_for_20(o: ObjectType, cast: Cast):
    (record,) = many(o, 1)
    field = next(f for f in reversed(o.fields.values()) if f.writable and not f.target)
    for n in (2, 3):
        record = change(SYSTEM, record, {field.name: field.kind.example(n)})
    few = queries(lambda: timeline(cast.actor("admin"), record))
    for n in range(20):
        record = change(SYSTEM, record, {field.name: field.kind.example(n)})
    assert queries(lambda: timeline(cast.actor("admin"), record)) == few


def test_pages_show_every_record_once_whatever_the_sort(o: ObjectType):
    made = {r.pk for r in many(o, 12)}
    for field in o.fields.values():
        if not field.sortable:
            continue
        for sort in (field.name, f"-{field.name}"):
            seen, after = [], None
            while True:
                page = listing(SYSTEM, o, sort=sort, after=after, limit=5)
                seen += [r.pk for r in page.records]
                after = page.next
                if after is None:
                    break
            assert len(seen) == len(set(seen)), sort
            assert set(seen) >= made, sort


def test_operators_mean_in_sql_what_they_mean_in_python(o: ObjectType):
    records = many(o, 8)
    for field in list(o.fields.values()):
        if field.target or field.kind.multiple or field.kind.parts or not field.filterable:
            continue
        for name in field.kind.operators:
            operator = OPERATORS[name]
            texts = [field.kind.export(field.get(records[i])) for i in (1, 3)]
            texts = sorted(texts, key=lambda t: (len(t), t)) if field.kind.numeric else sorted(texts)
            given = {"none": (), "one": (texts[0],), "two": tuple(texts), "many": (texts[0],), "number": ("3000",)}[
                operator.takes
            ]
            if any(not text for text in given):
                continue
            tree = filters.Condition(field.name, name, given)
            found = {r.pk for r in listing(SYSTEM, o, filter=tree, viewer=NEUTRAL, limit=200).records}
            wanted = operands(field, operator, given, NEUTRAL)
            expected = set()
            for record in records:
                holds = operator.python(field.comparable(field.get(record)), wanted, field.kind.empty)
                if holds is not operator.negated:
                    expected.add(record.pk)
            assert found & {r.pk for r in records} == expected, f"{field} {name} {given}"


def test_filters_say_themselves_and_survive_their_address(o: ObjectType):
    many(o, 2)
    for field in o.fields.values():
        for name in field.kind.operators:
            if OPERATORS[name].takes != "none" or not field.filterable:
                continue
            tree = filters.parse(f"{field.name}:{name}")
            assert filters.parse(filters.text(tree)) == tree == filters.from_json(filters.to_json(tree))
            assert str(field.label) in filters.sentence(o, tree, NEUTRAL)
            assert [c.field.name for c in filters.conditions(o, tree, NEUTRAL)] == [field.name]
            assert listing(SYSTEM, o, filter=tree) is not None


def test_filled_and_empty_share_the_records(o: ObjectType):
    many(o, 3)
    total = count(SYSTEM, o).value
    for field in o.fields.values():
        if "empty" in field.kind.operators and field.filterable:
            parts = [count(SYSTEM, o, filter=f"{field.name}:{op}").value for op in ("empty", "filled")]
            assert sum(parts) == total, field


@pytest.mark.parametrize(
    "source",
    [
        "nope:is:1",
        "custom:is:1",
        "pk__gt:is:1",
        "a:b",
        "name",
        "any(",
        "removed_at:empty",
        "owner__password:is:x",
        ";".join(["created_at:filled"] * 60),
    ],
)
def test_a_filter_that_means_nothing_is_refused_in_words(o: ObjectType, source: str):
    with pytest.raises(Refused) as refused:
        listing(SYSTEM, o, filter=source)
    assert str(refused.value)


@pytest.mark.parametrize("sort", ["nope", "-pk", "custom", "owner__password"])
def test_a_sort_by_an_unknown_field_is_refused(o: ObjectType, sort: str):
    with pytest.raises(UnknownField):
        listing(SYSTEM, o, sort=sort)


@pytest.mark.parametrize("cursor", ["x", "bm9wZQ", "W10", "WyJzdHIiLCBudWxsLCAxXQ", "é"])
def test_a_cursor_from_elsewhere_is_refused(o: ObjectType, cursor: str):
    with pytest.raises(Refused):
        listing(SYSTEM, o, after=cursor)
