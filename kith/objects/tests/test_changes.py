"""What happened after a place in the ledger, as far as somebody may know it: everything of what she sees, of what she lost that it is gone,
of the rest nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kith.events.facts import make_event, record_events
from kith.events.horizon import horizon
from kith.events.models import Event
from kith.kernel.actor import Actor, System
from kith.objects import changes as module
from kith.objects.access import sharing
from kith.objects.access.models import Grant, Role, Territory, TerritoryRule
from kith.objects.actions import act
from kith.objects.changes import GONE, Told, changes_after, rights_mark
from kith.objects.query import find, visible_to
from kith.objects.write import change, create, purge, remove, restore
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.every_engine]
SEED = System("seed")


@pytest.fixture(autouse=True)
def start(cast: Cast) -> int:
    return horizon()


def told(actor: Actor, position: int = 0, **asked: Any) -> list[Told]:
    """What an actor is told, her rights read anew."""
    actor.forget()
    return changes_after(actor, position, horizon(), **{"limit": 1000, **asked}).changes


def said(actor: Actor, position: int = 0, **asked: Any) -> list[tuple[str, int]]:
    return [(one.what, one.record) for one in told(actor, position, **asked)]


def box(owner: Any, name: str = "Box", **values: Any) -> Any:
    return create(SEED, "toybox.box", name=name, owner=owner.pk, **values)


# Of what she sees


def test_each_change_says_what_happened_to_what_by_whom_and_which_fields(cast: Cast, start: int):
    ada = cast.actor("ada")
    made = create(ada, "toybox.box", name="Chest")
    changed = change(ada, made, name="Trunk", country="FI")
    removed = remove(ada, changed)
    restore(ada, removed)
    lines = told(ada, start)
    assert [line.what for line in lines] == ["created", "changed", "removed", "restored"]
    assert [line.version for line in lines] == [1, 2, 3, 4]
    assert find(ada, "toybox.box", made.pk).version == 4
    assert {line.by for line in lines} == {("user", str(cast.ada.pk), "Ada")}
    assert set(lines[0].fields) == {"name", "owner"}
    assert set(lines[1].fields) == {"name", "country"}
    assert [line.number for line in lines] == sorted(line.number for line in lines)


def test_what_rooms_say_of_records_is_told_and_what_only_the_audit_trail_shows_is_not(cast: Cast, start: int):
    eve = cast.actor("eve")
    toy = create(SEED, "toybox.toy", name={"given": "Bear"})
    act(eve, "lose", toy, where="park")
    assert [what for what, _pk in said(eve, start)] == ["created", "changed", "toybox.toy.lost"]
    record_events([make_event(SEED, "sensitive.read", "toybox.toy", toy.pk, {})])
    assert len(said(eve, start)) == 3


def test_a_change_of_nothing_but_withheld_fields_is_not_told_and_withheld_fields_are_not_named(cast: Cast, start: int):
    cast.hide("toybox.box", "country")
    made = box(cast.ada, country="SE")
    change(SEED, made, country="FI")
    change(SEED, made, country="NO", name="Other")
    (created, changed) = told(cast.actor("eve"), start)
    assert "country" not in created.fields
    assert changed.fields == ("name",)
    assert changed.version == 3


def test_objects_and_kinds_of_change_are_chosen(cast: Cast, start: int):
    eve = cast.actor("eve")
    made = box(cast.ada)
    toy = create(SEED, "toybox.toy", name={"given": "Bear"})
    change(SEED, made, name="Chest")
    assert said(eve, start, objects={"toybox.box"}) == [("created", made.pk), ("changed", made.pk)]
    assert said(eve, start, what={"created"}) == [("created", made.pk), ("created", toy.pk)]
    assert said(eve, start, objects=set()) == []


# Of what she does not see


def test_of_records_that_were_never_hers_to_see_nothing_is_told(cast: Cast, start: int):
    made = box(cast.ada)
    change(SEED, made, name="Chest", country="FI")
    remove(SEED, find(SEED, "toybox.box", made.pk))
    assert said(cast.actor("dee"), start) == []
    assert len(said(cast.actor("ben"), start)) == 3


def test_a_record_that_goes_to_others_is_told_as_gone_once_and_what_follows_is_not_told(cast: Cast, start: int):
    made = box(cast.ada, "Chest")
    change(SEED, made, name="Trunk")
    after = horizon()
    change(SEED, find(SEED, "toybox.box", made.pk), owner=cast.dee.pk)
    change(SEED, find(SEED, "toybox.box", made.pk), name="Secret", country="FI")
    lines = told(cast.actor("ben"), after)
    assert [(line.what, line.record) for line in lines] == [(GONE, made.pk)]
    assert (lines[0].by, lines[0].fields, lines[0].version) == (None, (), None), "that it is gone, and nothing more"
    assert said(cast.actor("dee"), after) == [("changed", made.pk)] * 2


def test_a_record_leaves_by_a_condition_of_the_grant_whatever_happens_to_it_afterwards(cast: Cast, start: int):
    Grant.objects.filter(role__key="own", verb="view").update(condition="country:in:FI")
    made = box(cast.dee, country="FI")
    after = horizon()
    dee = cast.actor("dee")
    change(SEED, made, country="SE")
    assert said(dee, after) == [(GONE, made.pk)]
    change(SEED, find(SEED, "toybox.box", made.pk), owner=cast.ada.pk)
    assert said(dee, after) == [(GONE, made.pk)], "also when it went on to somebody else"
    change(SEED, find(SEED, "toybox.box", made.pk), owner=cast.dee.pk, country="FI")
    assert said(dee, after) == [("changed", made.pk)] * 3, "and back in sight, its history is hers again"


def test_a_record_leaves_by_the_rule_of_a_territory(cast: Cast, start: int):
    north = Territory.objects.create(name="North")
    north.members.add(cast.dee)
    TerritoryRule.objects.create(territory=north, object="toybox.box", condition="country:in:FI")
    Grant.objects.filter(role__key="own", verb="view").update(scope="territory")
    made = box(cast.ada, country="FI")
    other = box(cast.ada, country="SE")
    after = horizon()
    change(SEED, made, country="SE")
    change(SEED, other, country="NO")
    assert said(cast.actor("dee"), after) == [(GONE, made.pk)]


def test_what_becomes_private_is_gone_for_the_others_and_nothing_is_told_of_it_while_it_is(cast: Cast, start: int):
    made = box(cast.ada)
    after = horizon()
    sharing.set_private(cast.actor("ada"), made, True)
    change(cast.actor("ada"), find(SEED, "toybox.box", made.pk), name="Diary")
    for name in ("ben", "eve", "admin"):
        assert said(cast.actor(name), after) == [(GONE, made.pk)], name
    assert said(cast.actor("dee"), after) == []
    assert [what for what, _pk in said(cast.actor("ada"), after)] == ["record.made_private", "changed"]
    change(SEED, find(SEED, "toybox.box", made.pk), owner=cast.dee.pk)
    assert said(cast.actor("ada"), after)[-1] == (GONE, made.pk), "its owner gave it away"
    assert said(cast.actor("ben"), after) == [(GONE, made.pk)]


def test_a_share_that_is_taken_back_is_told_as_gone_to_whoever_had_it(cast: Cast, start: int):
    made = box(cast.ada)
    given = sharing.share(SEED, made, user=cast.dee.pk)
    after = horizon()
    sharing.unshare(SEED, made, given.pk)
    change(SEED, made, name="Chest")
    assert said(cast.actor("dee"), after) == [(GONE, made.pk)]
    assert said(cast.actor("eve"), after) == [("record.unshared", made.pk), ("changed", made.pk)]


def test_what_is_deleted_for_good_is_gone_for_those_who_saw_it(cast: Cast, start: int):
    made, hidden = box(cast.ada, "Chest"), box(cast.ada, "Diary")
    sharing.set_private(cast.actor("ada"), hidden, True)
    change(SEED, made, owner=cast.ben.pk)
    after = horizon()
    for one in (made, hidden):
        purge(SEED, remove(SEED, find(SEED, "toybox.box", one.pk)))
    assert said(cast.actor("ben"), after) == [(GONE, made.pk)] * 2
    assert said(cast.actor("ada"), after) == [(GONE, made.pk)] * 2 + [(GONE, hidden.pk)] * 2
    assert said(cast.actor("dee"), after) == []
    assert said(cast.actor("eve"), after) == [(GONE, made.pk)] * 2, "a private one was never hers"


def test_a_token_that_does_not_cover_an_object_is_told_nothing_of_it(cast: Cast, start: int):
    from dataclasses import replace

    made = box(cast.ada)
    change(SEED, made, owner=cast.dee.pk)
    narrowed = replace(cast.actor("ben"), scopes=frozenset({("toybox.toy", "*")}), memo={})
    assert said(narrowed, start) == []
    assert said(cast.actor("ben"), start) == [(GONE, made.pk)]


def test_gone_is_told_by_the_gate_itself_for_every_change_there_was(cast: Cast, start: int):
    """Each of many changes, beside what the gate said just before and just after it."""
    made = box(cast.ada, country="FI")
    steps: list[dict[str, Any]] = [
        {"owner": cast.dee.pk}, {"country": "SE"}, {"owner": cast.ben.pk}, {"name": "A"}, {"owner": None}, {"country": "FI"},
        {"owner": cast.eve.pk, "name": "B"}, {"country": None}, {"owner": cast.cai.pk}, {"owner": cast.dee.pk, "country": "NO"},
    ]  # fmt: skip
    Grant.objects.create(
        role=Role.objects.get(key="own"), object="toybox.box", verb="view", scope="all", condition="country:in:SE"
    )
    people = ("ada", "ben", "dee", "eve")
    saw: dict[str, list[bool]] = {name: [] for name in people}
    for step in steps:
        for name in people:
            saw[name].append(visible_to(cast.actor(name), "toybox.box").filter(pk=made.pk).exists())
        change(SEED, find(SEED, "toybox.box", made.pk), **step)
    numbers = list(
        Event.objects.filter(object="toybox.box", name="changed", pk__gt=start)
        .values_list("pk", flat=True)
        .order_by("pk")
    )
    for name in people:
        actor = cast.actor(name)
        if visible_to(actor, "toybox.box").filter(pk=made.pk).exists():
            continue
        gone = {line.number for line in told(actor, start)}
        assert gone == {n for n, before in zip(numbers, saw[name], strict=True) if before}, name
    assert any(saw["dee"])
    assert not all(saw["dee"])


# Going on


def test_every_stretch_goes_on_where_the_one_before_ended(cast: Cast, start: int):
    for n in range(7):
        box(cast.ada if n % 2 else cast.dee, f"Box {n}")
    for name in ("eve", "dee", "ben"):
        actor, position, found = cast.actor(name), start, []
        for _turn in range(20):
            stretch = changes_after(actor, position, horizon(), limit=2)
            assert len(stretch.changes) <= 2
            assert stretch.upto > position or not stretch.more
            found += [line.number for line in stretch.changes]
            position = stretch.upto
            if not stretch.more:
                break
        assert position == horizon()
        assert found == [line.number for line in told(actor, start)]


def test_whoever_is_told_little_of_much_goes_over_it_in_bounded_steps(
    cast: Cast, start: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "FAR", 3)
    for n in range(8):
        box(cast.ada, f"Box {n}")
    last = box(cast.dee, "Hers")
    position, found, turns = start, [], 0
    while True:
        stretch = changes_after(cast.actor("dee"), position, horizon(), limit=100)
        assert stretch.upto - position <= 3
        found += [line.record for line in stretch.changes]
        position, turns = stretch.upto, turns + 1
        if not stretch.more:
            break
    assert found == [last.pk]
    assert turns >= 3


def test_many_changes_cost_no_more_queries_than_few(cast: Cast, start: int):
    def queries(actor: Actor) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            told(actor, start)
        return len(caught)

    dee = cast.actor("dee")
    for n in range(3):
        change(SEED, box(cast.dee, f"Box {n}"), owner=cast.ada.pk)
    few = {name: queries(cast.actor(name)) for name in ("eve", "dee", "ben")}
    for n in range(20):
        change(SEED, box(cast.dee, f"More {n}"), owner=cast.ada.pk)
    assert {name: queries(cast.actor(name)) for name in few} == few
    assert [what for what, _pk in said(dee, start)] == [GONE] * 23


# Rights


def test_the_mark_of_rights_is_another_when_they_are_and_the_same_when_not(cast: Cast):
    dee = cast.actor("dee")

    def mark() -> str:
        dee.forget()
        return rights_mark(dee)

    marks = [mark()]
    assert mark() == marks[0]
    Grant.objects.filter(role__key="own", verb="view").update(condition="country:in:FI")
    marks.append(mark())
    Role.objects.get(key="team").users.add(cast.dee)
    marks.append(mark())
    north = Territory.objects.create(name="North")
    north.members.add(cast.dee)
    marks.append(mark())
    TerritoryRule.objects.create(territory=north, object="toybox.box", condition="country:in:FI")
    marks.append(mark())
    assert len(set(marks)) == len(marks)
