"""Links that their writer sees only in part."""

from __future__ import annotations

import pytest

from kith.kernel.actor import System
from kith.kernel.errors import Refused
from kith.objects.kinds import Reference
from kith.objects.query import listing
from kith.objects.write import change, create
from tests.cast import Cast

SYSTEM = System("test")
pytestmark = pytest.mark.django_db


@pytest.fixture
def toys(cast: Cast):
    """A toy of Dee's with a friend that she sees and one that she does not; and a stranger to all."""

    def make(name: str, owner):
        return create(SYSTEM, "toybox.toy", {"name.given": name, "owner": owner.pk})

    secret, mine, other = make("Secret", cast.ada), make("Mine", cast.dee), make("Other", cast.dee)
    toy = create(SYSTEM, "toybox.toy", {"name.given": "Bear", "owner": cast.dee.pk, "friends": [secret.pk, mine.pk]})
    return toy, secret, mine, other


def friends(toy) -> set[int]:
    page = listing(SYSTEM, "toybox.toy", filter="name:contains:bear", columns=["friends"])
    return {link.id for link in page.columns[0].get(page.records[0])}


def test_links_that_she_cannot_see_stay_when_she_changes_the_others(cast: Cast, toys):
    toy, secret, _mine, other = toys
    change(cast.actor("dee"), toy, friends=[other.pk])
    assert friends(toy) == {secret.pk, other.pk}
    change(cast.actor("dee"), toy, friends=[])
    assert friends(toy) == {secret.pk}


def test_links_that_are_there_may_be_sent_back_unseen(cast: Cast, toys):
    toy, secret, mine, other = toys
    change(cast.actor("dee"), toy, friends=[secret.pk, mine.pk, other.pk])
    assert friends(toy) == {secret.pk, mine.pk, other.pk}


def test_links_by_words_are_found_when_a_record_is_changed(cast: Cast, toys):
    toy, secret, mine, other = toys
    change(cast.actor("dee"), toy, friends="Other; Mine")
    assert friends(toy) == {secret.pk, mine.pk, other.pk}
    with pytest.raises(Refused, match="not found"):
        change(cast.actor("dee"), other, friends="Secret")
    with pytest.raises(Refused, match="not found"):
        change(cast.actor("dee"), other, friends=[Reference("toybox.toy", secret.pk)])
