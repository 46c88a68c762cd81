"""Saved views: whose they are, who opens and who changes them, and that a deleted one comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kith.identity.models import Team
from kith.kernel import clock
from kith.kernel.actor import cause
from kith.kernel.errors import Forbidden, Missing, Refused
from kith.objects.favourites import favourites, star
from kith.objects.views import (
    KEEP,
    KEY,
    SavedView,
    arrange_views,
    change_view,
    clear_old_views,
    find_view,
    first_view,
    keep_view,
    may_change_view,
    put_first,
    remove_view,
    teams_for,
    views,
)
from kith.objects.write import undo
from tests.cast import Cast

pytestmark = pytest.mark.django_db
BOX = "toybox.box"


def names(cast: Cast, who: str) -> list[str]:
    return [view.name for view in views(cast.actor(who), BOX)]


def opens(cast: Cast, who: str, view: SavedView) -> bool:
    try:
        return find_view(cast.actor(who), BOX, view.pk).pk == view.pk
    except Missing:
        return False


def test_a_private_view_is_its_owners_alone(cast: Cast):
    mine = keep_view(cast.actor("ada"), BOX, "Finnish boxes", {"filter": "country:is:FI"})
    assert [who for who in ("admin", "ada", "ben", "cai", "dee") if opens(cast, who, mine)] == ["ada"]
    assert (names(cast, "ada"), names(cast, "ben"), names(cast, "admin")) == (["Finnish boxes"], [], [])
    for who in ("admin", "ben"):
        with pytest.raises(Forbidden):
            change_view(cast.actor(who), mine, name="Taken over")
        with pytest.raises(Forbidden):
            remove_view(cast.actor(who), mine)
    looking = replace(cast.actor("ada"), observer=cast.actor("admin"))
    assert views(looking, BOX) == []
    assert not may_change_view(looking, mine)


def test_a_teams_view_is_read_by_the_team_and_changed_by_owner_and_administrators(cast: Cast):
    team = Team.objects.get()
    mine = keep_view(cast.actor("ada"), BOX, "Ours", {})
    mine = change_view(cast.actor("ada"), mine, team=team.pk)
    assert [who for who in ("admin", "ada", "ben", "cai", "dee") if opens(cast, who, mine)] == [
        "admin",
        "ada",
        "ben",
        "cai",
    ]
    assert [who for who in ("ada", "ben", "cai", "dee", "admin") if "Ours" in names(cast, who)] == ["ada", "ben", "cai"]
    with pytest.raises(Forbidden):
        change_view(cast.actor("ben"), mine, name="Theirs")
    mine = change_view(cast.actor("admin"), mine, name="Ours, all")
    # Whoever leaves the team leaves its views.
    team.members.remove(cast.ben)
    assert not opens(cast, "ben", mine)


def test_nobody_shares_with_a_team_of_others(cast: Cast):
    team = Team.objects.get()
    hers = keep_view(cast.actor("dee"), BOX, "Hers", {})
    assert teams_for(cast.actor("dee")) == []
    assert teams_for(cast.actor("admin")) == [(team.pk, team.name)]
    with pytest.raises(Refused):
        change_view(cast.actor("dee"), hers, team=team.pk)
    assert opens(cast, "cai", change_view(cast.actor("dee"), hers, everybody=True))


def test_two_who_save_one_view_do_not_overwrite_each_other(cast: Cast):
    mine = keep_view(cast.actor("ada"), BOX, "Ours", {})
    mine = change_view(cast.actor("ada"), mine, everybody=True)
    old = find_view(cast.actor("admin"), BOX, mine.pk)
    change_view(cast.actor("ada"), mine, mine.version, state={"sort": "-name"})
    with pytest.raises(Refused, match="in the meantime"):
        change_view(cast.actor("admin"), old, old.version, state={"sort": "name"})
    assert find_view(cast.actor("ada"), BOX, mine.pk).state == {"sort": "-name"}


def test_a_form_that_was_sent_twice_makes_one_view_and_another_of_its_name_is_refused(cast: Cast):
    ada = cast.actor("ada")
    assert keep_view(ada, BOX, " Big  ones ", {"q": "x"}).pk == keep_view(ada, BOX, "Big ones", {"q": "x"}).pk
    for name, state in (("Big ones", {}), ("", {}), ("x" * 81, {}), ("Long", {"filter": "x" * 9000})):
        with pytest.raises(Refused):
            keep_view(ada, BOX, name, state)
    keep_view(cast.actor("ben"), BOX, "Big ones", {})


def test_a_deleted_view_is_taken_back_with_its_stars_and_habits(cast: Cast):
    ada = cast.actor("ada")
    mine = keep_view(ada, BOX, "Mine", {"sort": "-name"})
    star(ada, KEY, mine.pk)
    put_first(ada, BOX, mine)
    assert [(s.title, s.url) for s in favourites(ada)] == [("Mine", f"/boxes/?view={mine.pk}")]
    with cause("request:1"):
        remove_view(ada, mine)
    assert (names(cast, "ada"), favourites(ada), first_view(ada, BOX)) == ([], [], None)
    assert undo(ada, "request:1").undone == 1
    assert (names(cast, "ada"), first_view(ada, BOX)) == (["Mine"], mine.pk)
    assert len(favourites(ada)) == 1


def test_after_thirty_days_a_deleted_view_is_forgotten(cast: Cast):
    ada = cast.actor("ada")
    with clock.frozen(clock.now() - KEEP - timedelta(hours=1)):
        remove_view(ada, keep_view(ada, BOX, "Old", {}))
    remove_view(ada, keep_view(ada, BOX, "New", {}))
    clear_old_views()
    assert list(SavedView.objects.values_list("name", flat=True)) == ["New"]


def test_order_and_first_view_are_somebodys_own(cast: Cast):
    ada = cast.actor("ada")
    one, two, three = (keep_view(ada, BOX, name, {}) for name in ("One", "Two", "Three"))
    for view in (one, two, three):
        change_view(ada, view, everybody=True)
    arrange_views(ada, BOX, [three.pk, one.pk, 10**9])
    assert names(cast, "ada") == ["Three", "One", "Two"]
    assert names(cast, "ben") == ["One", "Two", "Three"]
    put_first(cast.actor("ben"), BOX, two)
    assert (first_view(ada, BOX), first_view(cast.actor("ben"), BOX)) == (None, two.pk)
    # A first view that is shared no more opens no more.
    change_view(ada, find_view(ada, BOX, two.pk), everybody=False)
    assert first_view(cast.actor("ben"), BOX) is None


def test_many_views_cost_no_more_queries_than_one(cast: Cast):
    keep_view(cast.actor("ada"), BOX, "0", {})

    def cost() -> int:
        ada = cast.actor("ada")
        with CaptureQueriesContext(connection) as found:
            assert [view.owner.name for view in views(ada, BOX)]
        return len(found)

    few = cost()
    for n in range(1, 15):
        keep_view(cast.actor("ada"), BOX, str(n), {})
    assert cost() == few
