"""Stars: somebody's own, through the gate, gone with what they point at."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kith.kernel.errors import Forbidden, Missing
from kith.objects.favourites import Favourite, arrange, favourites, is_starred, star
from kith.objects.write import create, purge, remove
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def boxes(cast: Cast, *names: str):
    return [create(cast.actor("ada"), "toybox.box", name=name) for name in names]


def test_what_i_star_is_mine_alone_and_stands_in_my_order(cast: Cast):
    attic, cellar = boxes(cast, "Attic", "Cellar")
    ada, ben = cast.actor("ada"), cast.actor("ben")
    for box in (attic, cellar, attic):
        star(ada, "toybox.box", box.pk)
    assert [(s.title, s.url) for s in favourites(ada)] == [
        ("Attic", f"/boxes/{attic.pk}/"),
        ("Cellar", f"/boxes/{cellar.pk}/"),
    ]
    assert favourites(ben) == []
    arrange(ada, [("toybox.box", cellar.pk)])
    assert [s.title for s in favourites(ada)] == ["Cellar", "Attic"]
    star(ada, "toybox.box", cellar.pk, on=False)
    assert (is_starred(ada, "toybox.box", cellar.pk), is_starred(ada, "toybox.box", attic.pk)) == (False, True)


def test_nobody_stars_what_she_may_not_see_and_a_lost_right_hides_the_star(cast: Cast):
    (attic,) = boxes(cast, "Attic")
    for key, pk in (("toybox.box", attic.pk), ("toybox.box", 10**9), ("no.object", 1)):
        with pytest.raises(Missing):
            star(cast.actor("dee"), key, pk)
    # A star from before her right was taken away.
    Favourite.objects.create(user=cast.dee, object="toybox.box", record=attic.pk)
    assert favourites(cast.actor("dee")) == []
    star(cast.actor("dee"), "toybox.box", attic.pk, on=False)
    assert not Favourite.objects.exists()


def test_a_withheld_name_is_withheld_among_the_favourites(cast: Cast):
    (attic,) = boxes(cast, "Attic")
    cast.hide("toybox.box", "name")
    star(cast.actor("eve"), "toybox.box", attic.pk)
    assert [s.title for s in favourites(cast.actor("eve"))] == [f"#{attic.pk}"]


def test_whoever_looks_through_my_eyes_sees_no_stars_and_sets_none(cast: Cast):
    (attic,) = boxes(cast, "Attic")
    star(cast.actor("ada"), "toybox.box", attic.pk)
    looking = replace(cast.actor("ada"), observer=cast.actor("admin"))
    assert favourites(looking) == []
    with pytest.raises(Forbidden):
        star(looking, "toybox.box", attic.pk, on=False)


def test_the_trash_hides_a_star_and_the_end_of_a_record_takes_it_along(cast: Cast):
    (attic,) = boxes(cast, "Attic")
    ada = cast.actor("ada")
    star(ada, "toybox.box", attic.pk)
    gone = remove(ada, attic)
    assert favourites(ada) == []
    purge(ada, gone)
    assert not Favourite.objects.exists()


def test_many_favourites_cost_no_more_queries_than_one(cast: Cast):
    made = boxes(cast, *(f"Box {n}" for n in range(12)))
    ada = cast.actor("ada")
    star(ada, "toybox.box", made[0].pk)
    with CaptureQueriesContext(
        connection,
    ) as one:
        favourites(cast.actor("ada"))
    for box in made:
        star(ada, "toybox.box", box.pk)
    with CaptureQueriesContext(connection) as many:
        assert len(favourites(cast.actor("ada"))) == 12
    assert len(many) == len(one)
