"""Merging, where it could go wrong: rights that it must not widen, links in circles, two at once, undone by others."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, connections, transaction

from kith.kernel.actor import System, cause
from kith.kernel.errors import Forbidden, KithError, Refused
from kith.objects.access.models import Share
from kith.objects.access.sharing import share
from kith.objects.merged import Merge, led_to
from kith.objects.query import find, listing
from kith.objects.write import change, create, merge, remove, undo
from tests.cast import Cast

SEED = System("test")


def box(cast: Cast, name: str, owner: str = "ada", **values: Any) -> Any:
    return create(SEED, "toybox.box", {"name": name, "owner": getattr(cast, owner).pk, **values})


@pytest.mark.django_db
def test_links_of_records_that_i_may_not_see_move_too_and_come_back_with_my_undo(cast: Cast):
    attic, loft = box(cast, "Attic"), box(cast, "Loft")
    hers = box(cast, "Dee’s own", "dee", parent=loft.pk)
    with cause("request:m"):
        merge(cast.actor("ada"), attic, [loft])
    assert find(SEED, "toybox.box", hers.pk).parent_id == attic.pk
    with pytest.raises(Forbidden):
        undo(cast.actor("ben"), "request:m")
    assert undo(cast.actor("ada"), "request:m").kept == []
    assert find(SEED, "toybox.box", hers.pk).parent_id == loft.pk


@pytest.mark.django_db
def test_a_record_never_links_to_itself_after_it_was_merged(cast: Cast):
    loft = box(cast, "Loft")
    attic = box(cast, "Attic", parent=loft.pk)
    merged = merge(cast.actor("ada"), attic, [loft], {"parent": loft.pk})
    assert find(SEED, "toybox.box", merged.pk).parent_id is None


@pytest.mark.django_db
def test_who_may_not_share_a_record_lets_nobody_in_by_merging(cast: Cast):
    from kith.objects.access.models import Grant

    attic, loft = box(cast, "Attic", "ben"), box(cast, "Loft", "ada")
    share(cast.actor("ada"), loft, user=cast.dee.pk)
    Grant.objects.filter(verb="share").delete()
    merge(cast.actor("ada"), attic, [loft])
    assert listing(cast.actor("dee"), "toybox.box").records == []
    assert Share.objects.get().record == loft.pk


@pytest.mark.django_db
def test_what_somebody_built_on_stays_when_a_merge_is_undone(cast: Cast):
    attic, loft = box(cast, "Attic"), box(cast, "Loft", country="FI")
    with cause("request:m"):
        merged = merge(cast.actor("ada"), attic, [loft], {"country": "FI", "name": "Attic and loft"})
    change(cast.actor("ben"), merged, name="Under the roof")
    report = undo(cast.actor("ada"), "request:m")
    assert [kept[:2] for kept in report.kept] == [("toybox.box", attic.pk)]
    assert (find(SEED, "toybox.box", attic.pk).name, find(SEED, "toybox.box", attic.pk).country) == (
        "Under the roof",
        "",
    )
    assert find(SEED, "toybox.box", loft.pk).name == "Loft"


@pytest.mark.django_db
def test_a_merge_is_undone_as_a_whole_or_not_at_all(cast: Cast):
    attic, loft = box(cast, "Attic"), box(cast, "Loft")
    toy = create(SEED, "toybox.toy", {"name": "Bear", "box": loft.pk, "owner": cast.ada.pk})
    with cause("request:m"):
        merge(cast.actor("ada"), attic, [loft])
    change(SEED, find(SEED, "toybox.box", attic.pk), owner=cast.dee.pk)
    with pytest.raises(Forbidden), transaction.atomic():
        undo(cast.actor("ada"), "request:m")
    assert find(SEED, "toybox.toy", toy.pk).box_id == attic.pk
    assert led_to("toybox.box", loft.pk) == attic.pk


@pytest.mark.django_db
def test_five_become_one_and_a_chain_of_merges_leads_to_its_end(cast: Cast):
    made = [box(cast, f"Box {n}") for n in range(6)]
    ada = cast.actor("ada")
    with pytest.raises(Refused):
        merge(ada, made[0], made[1:])
    kept = merge(ada, made[0], made[1:5])
    merge(ada, made[5], [kept])
    assert {led_to("toybox.box", r.pk) for r in made[:5]} == {made[5].pk}
    assert [r.pk for r in listing(ada, "toybox.box").records] == [made[5].pk]


@pytest.mark.django_db
def test_a_refused_value_leaves_everything_as_it_was(cast: Cast):
    one = create(SEED, "toybox.toy", {"name": "Bear", "owner": cast.ada.pk})
    two = create(SEED, "toybox.toy", {"name": "Bear", "owner": cast.ada.pk})
    with pytest.raises(KithError):
        merge(cast.actor("ada"), one, [two], {"pieces": 13})
    assert find(SEED, "toybox.toy", two.pk).removed_at is None
    assert not Merge.objects.exists()


@pytest.mark.every_engine
@pytest.mark.django_db(transaction=True)
def test_of_two_opposite_merges_at_the_same_moment_one_is_refused(cast: Cast):
    attic, loft = box(cast, "Attic"), box(cast, "Loft")
    ready, said = threading.Barrier(2), []

    def run(keep: Any, gone: Any) -> None:
        try:
            ready.wait(5)
            merge(cast.actor("ada"), keep, [gone])
            said.append("merged")
        except KithError:
            said.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in ((attic, loft), (loft, attic))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["merged", "refused"], connection.vendor
    assert len(listing(SEED, "toybox.box").records) == 1


@pytest.mark.django_db
def test_the_trash_of_a_merged_record_is_no_second_way_to_merge(cast: Cast):
    attic, loft = box(cast, "Attic"), box(cast, "Loft")
    remove(SEED, loft)
    with pytest.raises(Refused):
        merge(cast.actor("ada"), attic, [loft])
