"""A token's actor may what its owner may and its scopes say, and nothing beyond either."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from kith.events.runs import execute, start
from kith.identity import people, tokens
from kith.kernel.actor import Actor, System
from kith.kernel.errors import Forbidden, Missing, UnknownField
from kith.objects import audit
from kith.objects.access import fields, may, readable, rights
from kith.objects.access.models import VERBS
from kith.objects.access.sharing import may_make_private, set_private, share
from kith.objects.bulk import remove_many
from kith.objects.declare import object_type, object_types
from kith.objects.query import find, listing, visible_to
from kith.objects.settings import Setting, put
from kith.objects.write import change, create, remove
from kith.objects.write.undo import undo
from kith.threads import notes
from tests.cast import Cast

pytestmark = [pytest.mark.django_db]
SEED = System("seed")
WHO = ("admin", "ada", "cai", "dee", "eve")


def narrowed(cast: Cast, name: str, *scopes: tuple[str, str]) -> Actor:
    return replace(cast.actor(name), scopes=frozenset(scopes))


@pytest.fixture
def world(cast: Cast) -> list[int]:
    """Boxes and toys of several owners; one shared, one private."""
    made = []
    for number, owner in enumerate((cast.ada, cast.ben, cast.dee, cast.eve, None)):
        box = create(SEED, "toybox.box", name=f"Box {number}", country="FI", owner=owner.pk if owner else None)
        create(SEED, "toybox.toy", name=f"Toy {number}", box=box.pk)
        made.append(box.pk)
    cast.hide("toybox.box", "toybox.box.country")
    share(cast.actor("eve"), find(SEED, "toybox.box", made[3]), user=cast.dee.pk, level="change")
    set_private(cast.actor("ada"), find(SEED, "toybox.box", made[0]), True)
    return made


def ids(actor: Actor, what: str, verb: str) -> set[int]:
    return set(visible_to(actor, what, verb, trash=None).values_list("pk", flat=True))


@pytest.mark.every_engine
def test_narrowing_never_widens_whatever_the_scopes_are(cast: Cast, world: list[int]) -> None:
    """Random scopes over every object and verb: each answer is the owner's where the scopes cover it, and nothing elsewhere."""
    chance = random.Random(20261122)
    keys = [o.key for o in object_types()]
    verbs = [*VERBS, "change/wind_up"]
    asked = covered = 0
    for _round in range(12):
        scopes = {
            (chance.choice([*keys, "*"]), chance.choice([*verbs, "*"])) for _scope in range(chance.randint(0, 6))
        } | {(chance.choice(["toybox.box", "toybox.toy", "*"]), chance.choice(verbs))}
        for name in WHO:
            owner, token = cast.actor(name), narrowed(cast, name, *scopes)
            for o in [*chance.sample(list(object_types()), 3), object_type("toybox.box"), object_type("toybox.toy")]:
                for verb in verbs:
                    whole, less = ids(owner, o.key, verb), ids(token, o.key, verb)
                    within = token.allows(o.key, verb)
                    assert less == (whole if within else set()), (name, o.key, verb, scopes)
                    assert may(token, verb, o) == (within and may(owner, verb, o))
                    assert set(fields(token, o, verb)) == set(fields(owner, o, verb))
                    assert len(rights(token).granted(o.key, verb)) <= max(1, len(rights(owner).granted(o.key, verb)))
                    asked, covered = asked + 1, covered + bool(within and whole)
    assert asked > 1000
    assert covered > 50, "the scopes covered something, so that the test can fail"


def test_everything_that_the_owner_may_is_just_that(cast: Cast, world: list[int]) -> None:
    for name in WHO:
        owner, token = cast.actor(name), narrowed(cast, name, ("*", "*"))
        for o in object_types():
            for verb in VERBS:
                assert ids(token, o.key, verb) == ids(owner, o.key, verb)
        assert rights(token).everything == rights(owner).everything


def test_a_token_that_reads_only_writes_nothing(cast: Cast, world: list[int]) -> None:
    token = narrowed(cast, "ben", ("*", "view"))
    mine = find(token, "toybox.box", world[1])
    with pytest.raises(Forbidden):
        change(token, mine, name="Changed")
    with pytest.raises(Forbidden):
        remove(token, mine)
    with pytest.raises(Forbidden):
        create(token, "toybox.box", name="New")
    with pytest.raises(Forbidden):
        share(token, mine, user=cast.dee.pk)
    with pytest.raises(Forbidden):
        notes.add_note(token, mine, text="Hello")
    assert not may_make_private(narrowed(cast, "ben", ("*", "view")), mine)


def test_an_object_outside_the_scopes_is_as_if_it_were_not(cast: Cast, world: list[int]) -> None:
    token = narrowed(cast, "ada", ("toybox.toy", "view"))
    assert listing(token, "toybox.box").records == []
    with pytest.raises(Missing):
        find(token, "toybox.box", world[1])
    with pytest.raises(UnknownField):
        readable(token, "toybox.toy", "box.name")


def test_a_narrowed_administrator_has_no_powers_of_one(cast: Cast, world: list[int]) -> None:
    token = narrowed(cast, "admin", ("*", "view"), ("*", "change"))
    assert not rights(token).everything
    with pytest.raises(Forbidden):
        people.deactivate(token, cast.dee)
    with pytest.raises(Forbidden):
        put(token, next(iter(Setting.registry)), None)
    with pytest.raises(Forbidden):
        audit.read(token, audit.Asked(), None)


def test_a_narrowed_token_undoes_nothing(cast: Cast, world: list[int]) -> None:
    token = narrowed(cast, "ada", ("*", "view"), ("*", "change"), ("*", "mass"))
    with pytest.raises(Forbidden):
        undo(token, "request:1")


def test_work_in_the_background_may_no_more_than_the_token_that_asked_for_it(cast: Cast, world: list[int]) -> None:
    """Ada may remove her box herself; her token, which may look and change, may not, here or in a run."""
    for scopes, left in (((("*", "view"), ("*", "change"), ("*", "mass")), True), ((("*", "*"),), False)):
        token = narrowed(cast, "ada", *scopes)
        run = execute(start(remove_many, token, object="toybox.box", ids=[world[0]]).pk)
        assert run is not None
        assert run.state == "done"
        assert visible_to(SEED, "toybox.box").filter(pk=world[0]).exists() is left


def test_work_in_the_background_ends_with_the_token_that_asked_for_it(cast: Cast, world: list[int]) -> None:
    row, _text = tokens.make(cast.actor("ada"), tokens.Wanted("program", [("*", "*")]))
    token = tokens.actor_of_token(row)
    run = start(remove_many, token, object="toybox.box", ids=[world[0]])
    tokens.revoke(cast.actor("ada"), row.pk)
    done = execute(run.pk)
    assert done is not None
    assert done.state == "failed"
    assert "has ended" in done.error
    assert visible_to(SEED, "toybox.box").filter(pk=world[0]).exists()


def test_losing_a_role_narrows_the_token_at_once(cast: Cast, world: list[int]) -> None:
    token = narrowed(cast, "eve", ("*", "view"))
    assert ids(token, "toybox.box", "view")
    cast.eve.roles.clear()
    assert not ids(narrowed(cast, "eve", ("*", "view")), "toybox.box", "view")
