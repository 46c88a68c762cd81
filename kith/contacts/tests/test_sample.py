"""Sample data: believable, marked, and taken away without touching what is people's own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from kith.contacts.models import Affiliation, Company, Person
from kith.contacts.sample import items
from kith.events.models import Event, Run
from kith.events.runs import execute
from kith.kernel.actor import System, cause
from kith.kernel.errors import Forbidden, Refused
from kith.objects import samples
from kith.objects.actions import act
from kith.objects.custom import definitions
from kith.objects.declare import object_type
from kith.objects.query import visible_to
from kith.objects.write import change, create, restore, undo
from tests.cast import make_cast

pytestmark = [pytest.mark.django_db, pytest.mark.every_engine]
SYSTEM = System("sample test")


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Any:
    """The cast, and the sample data that the administrator had made: once for all tests, each of which takes back what it does."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_cast()
        run = execute(samples.load(made.actor("admin")).pk)
        assert run is not None
        assert (run.state, run.result["refused"]) == (Run.DONE, [])
        yield made
        transaction.set_rollback(True)
    definitions.forget()


@pytest.fixture
def cast(house: Any) -> Any:
    definitions.forget()
    return house


@pytest.fixture
def loaded(cast: Any) -> Any:
    return cast.actor("admin")


def live(model) -> list:
    return list(visible_to(SYSTEM, model).order_by("pk"))


def take(admin) -> Run:
    run = execute(samples.remove(admin).pk)
    assert run is not None
    assert run.state == Run.DONE, run.error
    return run


def test_a_house_without_sample_data_asks_nothing(django_assert_num_queries):
    definitions.forget()
    assert samples.causes() == []
    with django_assert_num_queries(0):
        assert samples.among(object_type(Company), [1, 2, 3]) == set()


def test_a_run_that_was_killed_goes_on_and_makes_nothing_twice():
    definitions.forget()
    admin = make_cast().actor("admin")
    run = samples.load(admin)
    work = samples.make_samples.function(run, **run.arguments)
    from kith.kernel.actor import acting

    with acting(admin), cause(run.cause):
        for _n in range(3):
            next(work)
    Run.objects.filter(pk=run.pk).update(position=run.position, result=run.result, done=run.done)
    before = Event.objects.filter(name="created", cause=run.cause).count()
    assert before > 0
    assert execute(run.pk).state == Run.DONE
    assert (len(live(Company)), len(live(Person))) == (22, 100)


def test_there_are_firms_and_people_in_many_scripts_and_all_of_them_are_marked(loaded):
    assert (len(live(Company)), len(live(Person))) == (22, 100)
    assert len({c.address.country for c in live(Company)}) >= 12
    for model in (Company, Person, Affiliation):
        ids = {r.pk for r in live(model)}
        assert samples.among(object_type(model), ids) == ids
    mine = create(loaded, Company, name="Ours")
    assert samples.among(object_type(Company), [mine.pk]) == set()
    assert samples.standing(loaded, object_type(Company)) == 22
    assert all(entry.value.endswith(".example") for person in live(Person) for entry in person.emails)


def test_one_button_takes_away_what_nobody_touched_and_the_trash_gives_it_back(loaded):
    run = take(loaded)
    assert [live(model) for model in (Company, Person, Affiliation)] == [[], [], []]
    assert run.result["kept"] == []
    assert undo(loaded, run.cause).undone >= 120
    assert (len(live(Company)), len(live(Person))) == (22, 100)
    assert samples.standing(loaded, object_type(Person)) == 100, "what came back is still marked"


def test_what_somebody_changed_stays_with_everything_that_it_needs_and_the_run_says_why(loaded, cast):
    person = live(Person)[0]
    firms = {
        a.company.id if hasattr(a.company, "id") else a.company_id
        for a in live(Affiliation)
        if a.person_id == person.pk
    }
    with cause("request:one"):
        change(cast.actor("eve"), person, job_title="Ours now")
    noted = live(Company)[-1]
    with cause("request:two"):
        act(cast.actor("eve"), "add_note", noted, text="Call them")
    run = take(loaded)
    assert [p.pk for p in live(Person)] == [person.pk]
    assert firms <= {c.pk for c in live(Company)}, "her firm stays with her"
    assert {a.person_id for a in live(Affiliation)} == {person.pk}
    assert noted.pk in {c.pk for c in live(Company)}
    reasons = {(key, pk): why for key, pk, why in run.result["kept"]}
    assert "Eve" in reasons["contacts.person", person.pk]
    assert "Eve" in reasons["contacts.company", noted.pk]


def test_what_records_of_our_own_link_to_stays(loaded):
    firm = next(c for c in live(Company) if c.parent_id is None)
    create(loaded, Person, {"name.given": "Aino", "name.family": "Oma", "companies": [firm.pk]})
    ours = create(loaded, Company, name="Ours", parent=live(Company)[3].pk)
    take(loaded)
    left = {c.pk for c in live(Company)}
    assert {firm.pk, ours.pk, ours.parent_id} <= left
    assert len(left) <= 5
    assert len(live(Person)) == 1


def test_moving_one_to_the_trash_and_back_does_not_make_it_ours(loaded):
    from kith.objects.write import remove

    person = live(Person)[0]
    with cause("request:three"):
        remove(loaded, person)
        restore(loaded, person)
    take(loaded)
    assert live(Person) == []


def test_only_administrators_make_and_remove_it_and_only_once(loaded, cast):
    for name in ("ada", "eve"):
        with pytest.raises(Forbidden):
            samples.load(cast.actor(name))
        with pytest.raises(Forbidden):
            samples.remove(cast.actor(name))
    with pytest.raises(Refused, match="already"):
        samples.load(loaded)


def test_when_the_last_of_it_is_gone_for_good_nobody_looks_for_it_any_more(loaded):
    take(loaded)
    samples.forget_samples()
    assert samples.causes(), "it can still come back from the trash"
    from kith.objects.write import Draft, write

    for model in (Affiliation, Person, Company):
        rows = list(visible_to(SYSTEM, model, trash=True))
        write(SYSTEM, model, [Draft(record=r, verb="purge") for r in rows])
    samples.forget_samples()
    assert samples.causes() == []


def test_the_same_day_gives_the_same_items():
    day = date(2026, 11, 22)
    assert list(items(day)) == list(items(day))
