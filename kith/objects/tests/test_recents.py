"""What somebody looked at lately: her own, bounded, through the gate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kith.objects.recents import KEPT, Seen, recents, seen
from kith.objects.write import create, purge, remove
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def boxes(cast: Cast, *names: str):
    return [create(cast.actor("ada"), "toybox.box", name=name) for name in names]


@pytest.mark.every_engine
def test_the_last_thing_seen_stands_first_once_and_only_for_me(cast: Cast):
    attic, cellar = boxes(cast, "Attic", "Cellar")
    ada = cast.actor("ada")
    for box in (attic, cellar, cellar, attic):
        seen(ada, "toybox.box", box.pk)
    assert [r.title for r in recents(ada)] == ["Attic", "Cellar"]
    assert recents(cast.actor("ben")) == []
    assert recents(ada, limit=1)[0].url == f"/boxes/{attic.pk}/"


def test_only_so_many_are_kept(cast: Cast):
    made = boxes(cast, *(f"Box {n}" for n in range(KEPT + 5)))
    ada = cast.actor("ada")
    for box in made:
        seen(ada, "toybox.box", box.pk)
    assert Seen.objects.count() == KEPT
    assert recents(ada)[0].title == f"Box {KEPT + 4}"


def test_a_lost_right_the_trash_and_the_end_of_a_record_hide_it(cast: Cast):
    attic, cellar = boxes(cast, "Attic", "Cellar")
    ada = cast.actor("ada")
    Seen.objects.create(user=cast.dee, object="toybox.box", record=attic.pk)
    assert recents(cast.actor("dee")) == []
    seen(ada, "toybox.box", attic.pk)
    seen(ada, "toybox.box", cellar.pk)
    gone = remove(ada, attic)
    assert [r.title for r in recents(ada)] == ["Cellar"]
    purge(ada, gone)
    assert not Seen.objects.filter(record=attic.pk).exists()


def test_whoever_looks_through_my_eyes_neither_sees_nor_leaves_a_trace(cast: Cast):
    (attic,) = boxes(cast, "Attic")
    ada = cast.actor("ada")
    looking = replace(ada, observer=cast.actor("admin"))
    seen(looking, "toybox.box", attic.pk)
    assert not Seen.objects.exists()
    seen(ada, "toybox.box", attic.pk)
    assert recents(looking) == []
