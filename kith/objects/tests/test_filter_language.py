"""The filter language: groups inside groups, days reckoned from now, people by who they are, and what stands behind links."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from kith.kernel import clock
from kith.kernel.actor import System
from kith.kernel.errors import Refused
from kith.kernel.periods import PERIODS, around, moved
from kith.kernel.viewer import NEUTRAL, Viewer
from kith.objects import filters
from kith.objects.custom.definitions import changed, refresh
from kith.objects.custom.models import CustomField
from kith.objects.declare import object_type
from kith.objects.filters import OPERATORS, All, Any_, Condition, Tree
from kith.objects.kinds import Date, DateTime
from kith.objects.query import listing
from kith.objects.write import create
from tests.cast import Cast

SYSTEM = System("test")
FI = Viewer(language="fi", zone="Europe/Helsinki", locale_code="fi_FI", country="FI")
IR = Viewer(language="fa", zone="Asia/Tehran", locale_code="fa_IR", country="IR", calendar="jalali")
US = Viewer(language="en", zone="America/New_York", locale_code="en_US", country="US")
#: A Sunday evening in New York, Monday morning in Tehran.
NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


def found(source: str | Tree, viewer: Viewer = NEUTRAL, actor=SYSTEM, object="toybox.toy") -> set[int]:
    return {r.pk for r in listing(actor, object, filter=source, viewer=viewer, limit=500).records}


# ── the text ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

A, B, C = Condition("a", "is", ("x|y;(z)",)), Condition("b", "empty"), Condition("c", "in", ("1", "2"))


@pytest.mark.parametrize(
    "tree",
    [
        All((A, B)), All((Any_((A, B)), C)), All((Any_((A, All((B, C)))),)), All((Any_((All((A, B)), All((B, C)))), A)),
        All((Any_((Any_((A, B)), C)),)), All((All((A, B)), C)),
    ],
)  # fmt: skip
def test_every_group_survives_its_address(tree: Tree):
    assert filters.parse(filters.text(tree)) == tree == filters.from_json(filters.to_json(tree))


@pytest.mark.parametrize("source", ["any(a:is:x;b", "any(a:is:x|all(b)", ")", "all(a)", "a:is:x)(", "a:is:(x"])
def test_parentheses_that_do_not_fit_are_refused(source: str):
    with pytest.raises(Refused):
        filters.parse(source)


# ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("operator", "viewer", "first", "last"),
    [
        ("today", US, "2026-11-22", "2026-11-22"), ("today", IR, "2026-11-23", "2026-11-23"),
        ("yesterday", FI, "2026-11-22", "2026-11-22"), ("tomorrow", FI, "2026-11-24", "2026-11-24"),
        # Weeks begin on Sunday in the United States, on Monday in Finland, on Saturday in Iran.
        ("this_week", US, "2026-11-22", "2026-11-28"), ("this_week", FI, "2026-11-23", "2026-11-29"),
        ("this_week", IR, "2026-11-21", "2026-11-27"), ("last_week", FI, "2026-11-16", "2026-11-22"),
        # Azar 1405 begins on 22 November; its season on 23 September; its year on 21 March.
        ("this_month", FI, "2026-11-01", "2026-11-30"), ("this_month", IR, "2026-11-22", "2026-12-21"),
        ("last_month", IR, "2026-10-23", "2026-11-21"), ("next_month", FI, "2026-12-01", "2026-12-31"),
        ("this_quarter", FI, "2026-10-01", "2026-12-31"), ("this_quarter", IR, "2026-09-23", "2026-12-21"),
        ("last_quarter", FI, "2026-07-01", "2026-09-30"), ("next_year", FI, "2027-01-01", "2027-12-31"),
        ("this_year", IR, "2026-03-21", "2027-03-20"), ("last_year", US, "2025-01-01", "2025-12-31"),
    ],
)  # fmt: skip
def test_a_period_is_that_of_the_viewers_zone_week_and_calendar(operator: str, viewer: Viewer, first: str, last: str):
    with clock.frozen(NOW):
        assert Date().span(operator, "", viewer) == (date.fromisoformat(first), date.fromisoformat(last))
        start, end = DateTime().span(operator, "", viewer)
    assert start.astimezone(viewer.tzinfo).isoformat()[:16] == f"{first}T00:00"
    assert end.astimezone(viewer.tzinfo).isoformat()[:26] == f"{last}T23:59:59.999999"


def test_a_day_without_midnight_begins_with_its_first_moment():
    beirut = Viewer(zone="Asia/Beirut")
    with clock.frozen(datetime(2026, 3, 29, 12, tzinfo=UTC)):
        start, end = DateTime().span("today", "", beirut)
    assert start == datetime(2026, 3, 28, 22, tzinfo=UTC)
    assert end + timedelta(microseconds=1) == datetime(2026, 3, 29, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "unit", "viewer", "first"),
    [("3", "days", FI, "2026-11-20"), ("2", "weeks", FI, "2026-11-09"), ("9", "months", FI, "2026-02-23"),
     ("1", "months", IR, "2026-10-24"), ("۲", "weeks", IR, "2026-11-09")],
)  # fmt: skip
def test_numbers_count_days_weeks_and_months(text: str, unit: str, viewer: Viewer, first: str):
    with clock.frozen(NOW):
        assert Date().span("last", text, viewer, unit) == (date.fromisoformat(first), date(2026, 11, 23))
        start, end = DateTime().span("last", text, viewer, unit)
    assert end == NOW
    assert start.astimezone(viewer.tzinfo).date() == date.fromisoformat(first)


@pytest.mark.parametrize(
    ("text", "unit"), [("0", "weeks"), ("6000", "weeks"), ("2", "years"), ("x", "months"), ("1201", "months")]
)
def test_a_number_that_counts_nothing_is_refused(text: str, unit: str):
    for kind in (Date(), DateTime()):
        with pytest.raises(Refused):
            kind.span("next", text, FI, unit)


def test_the_last_day_of_a_long_month_goes_to_the_last_of_a_short_one():
    assert moved(date(2024, 1, 31), 1, "month", NEUTRAL) == date(2024, 2, 29)
    assert moved(date(2024, 2, 29), -1, "year", NEUTRAL) == date(2023, 2, 28)


@pytest.mark.parametrize("key", ["gregorian", "jalali", "hijri", "buddhist", "roc"])
def test_periods_hold_at_the_ends_of_every_calendar(key: str):
    viewer = Viewer(calendar=key)
    for day in (date.min, date(1924, 8, 1), date(2077, 11, 16), date(2910, 12, 31), date(9999, 3, 19), date.max):
        for unit in ("day", "week", "month", "quarter", "year"):
            first, last = around(day, unit, viewer)
            assert first <= day <= last
            assert moved(day, 1, unit, viewer) >= day >= moved(day, -1, unit, viewer)


@pytest.mark.django_db
@pytest.mark.every_engine
def test_the_database_and_python_agree_about_time():
    """Values at the edges of every period, for three viewers, in columns and in fields that users made."""
    CustomField.objects.create(object="toybox.toy", label="Due", kind="date")
    CustomField.objects.create(object="toybox.toy", label="Met", kind="datetime")
    changed()
    refresh()
    o = object_type("toybox.toy")
    due, met = list(o.custom.values())
    with clock.frozen(NOW):
        days = {d for v in (FI, IR, US) for key in PERIODS for d in Date().span(key, "", v)}
        days |= {d + timedelta(days=n) for d in list(days)[::5] for n in (-1, 1)}
        instants = {
            i for v in (FI, IR, US) for key in ("today", "this_week", "this_month") for i in DateTime().span(key, "", v)
        }
        instants |= {i + timedelta(microseconds=n) for i in list(instants)[::4] for n in (-1, 1)} | {NOW}
        made = [create(SYSTEM, o, {"name.given": "Empty"})]
        made += [create(SYSTEM, o, {"name.given": "D", "made_on": d, due.name: d}) for d in sorted(days)]
        made += [create(SYSTEM, o, {"name.given": "T", "seen_at": i, met.name: i}) for i in sorted(instants)]
        for field in (o.field("made_on"), due, o.field("seen_at"), met):
            asked = [(op, ()) for op in (*PERIODS, "past", "future", "empty", "filled")]
            asked += [(op, ("2", unit)) for op in ("last", "next") for unit in ("days", "weeks", "months")]
            for viewer in (FI, IR, US):
                for op, values in asked:
                    operator = OPERATORS[op]
                    wanted = filters.compile_operands(field, operator, values, viewer)
                    expected = {
                        r.pk
                        for r in made
                        if operator.python(field.comparable(field.get(r)), wanted, field.kind.empty)
                        is not operator.negated
                    }
                    assert found(Condition(field.name, op, values), viewer) == expected, (
                        field,
                        op,
                        values,
                        viewer.zone,
                    )


# ── nothing, and not ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.every_engine
def test_what_is_not_so_is_the_rest_also_where_nothing_is():
    """A record without a value is not "Red": every negation gives what its positive leaves, columns, made fields and links alike."""
    for label, kind in (("Colour", "text"), ("Count", "integer"), ("Where", "country")):
        CustomField.objects.create(object="toybox.toy", label=label, kind=kind)
    changed()
    refresh()
    o = object_type("toybox.toy")
    colour, number, where = list(o.custom.values())
    box = create(SYSTEM, "toybox.box", name="Here", country="FI")
    bare = create(SYSTEM, "toybox.box", name="Nowhere")
    create(SYSTEM, o, {"name.given": "None"})
    create(
        SYSTEM,
        o,
        {"name.given": "One", colour.name: "Red", number.name: 3, where.name: "FI", "nickname": "R", "box": box.pk},
    )
    create(
        SYSTEM,
        o,
        {"name.given": "Two", colour.name: "Blue", number.name: 4, where.name: "SI", "nickname": "B", "box": bare.pk},
    )
    everything = found("")
    pairs = [
        (f"{colour.name}:is:Red", f"{colour.name}:is_not:Red"), (f"{number.name}:is:3", f"{number.name}:is_not:3"),
        (f"{where.name}:in:FI", f"{where.name}:not_in:FI"), ("nickname:is:R", "nickname:is_not:R"),
        (f"box:in:{box.pk}", f"box:not_in:{box.pk}"), ("box.country:in:FI", "box.country:not_in:FI"),
        ("box.country:filled", "box.country:empty"), ("box:filled", "box:empty"), (f"{number.name}:filled", f"{number.name}:empty"),
    ]  # fmt: skip
    for positive, negative in pairs:
        assert found(positive) | found(negative) == everything, positive
        assert not found(positive) & found(negative), positive
        assert 0 < len(found(negative)) < 3, negative


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_me_and_my_team_are_whoever_asks(cast: Cast):
    toys = {
        name: create(SYSTEM, "toybox.toy", {"name.given": name, "keeper": getattr(cast, name).pk}).pk
        for name in ("ada", "ben", "dee")
    }
    admin = cast.actor("admin")
    assert found("keeper:is_me", actor=admin) == set()
    cast.ada.is_admin = True
    cast.ada.save()
    ada = cast.actor("ada")
    assert found("keeper:is_me", actor=ada) == {toys["ada"]}
    assert found("keeper:my_team", actor=ada) == {toys["ada"], toys["ben"]}
    assert found("keeper:my_team", actor=SYSTEM) == set()


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("made_on:last:14", "Made on is in the last 14 days"),
        ("made_on:next:1,weeks", "Made on is in the next 1 week"),
        ("made_on:last:3,months", "Made on is in the last 3 months"),
        ("made_on:this_week", "Made on is this week"),
        ("seen_at:past", "Last seen is in the past"),
        ("keeper:my_team", "Keeper is in my team"),
        ("box.country:in:FI,SI", "Box: Country is any of Finland or Slovenia"),
        ("address.city:is:Turku", "Address: City is Turku"),
        ("any(box:empty|all(state:in:new;nickname:filled))",
         "Box is empty or (State is any of New and Nickname is not empty)"),
    ],
)  # fmt: skip
def test_a_filter_is_said_in_one_sentence(source: str, said: str):
    assert filters.sentence("toybox.toy", filters.parse(source), NEUTRAL) == said
