"""Two records beside each other, and one of them afterwards."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kith.events.models import Event
from kith.kernel.actor import System
from kith.objects.query import find, listing
from kith.objects.write import change, create
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SEED = System("test")


@pytest.fixture
def pair(cast: Cast) -> tuple[Any, Any]:
    """Two toys of Ada's that are one and the same."""
    given = {"name": "Tilda Bear", "owner": cast.ada.pk, "email": "til@example.com"}
    one = create(SEED, "toybox.toy", {**given, "nickname": "Til", "emails": ["a@example.com"]})
    two = create(SEED, "toybox.toy", {**given, "nickname": "Tilly", "emails": ["b@example.com"], "pieces": 4})
    return one, two


def form(page: str, **changes: Any) -> dict[str, Any]:
    """What the form of a page would send: hidden inputs, and what is chosen."""
    given: dict[str, Any] = {"ids": []}
    start = page.index('class="mrg"')
    for tag in re.findall(r"<input[^>]*>", page[start : page.index("</form>", start)]):
        name, value = re.search(r'name="([^"]*)"', tag)[1], re.search(r'value="([^"]*)"', tag)[1]
        if name == "ids":
            given["ids"].append(value)
        elif 'type="hidden"' in tag or "checked" in tag:
            given[name] = value
    return {**given, **{k.replace("__", "."): v for k, v in changes.items()}}


def compare(client: Any, *records: Any) -> str:
    query = "&".join(f"ids={r.pk}" for r in records)
    return client.get(f"/toys/merge/?{query}").content.decode()


def test_a_record_that_looks_like_another_says_so_and_leads_to_both_beside_each_other(sign_in: Any, pair: Any) -> None:
    one, two = pair
    page = sign_in("ada").get(f"/toys/{one.pk}/").content.decode()
    assert "Looks like Tilda Bear" in page
    assert f"/toys/merge/?ids={one.pk}&amp;ids={two.pk}" in page
    beside = compare(sign_in("ada"), one, two)
    assert "Tilly" in beside
    assert "Til<" in beside or "Til " in beside


def test_what_was_chosen_field_by_field_stays_and_one_click_takes_it_back(sign_in: Any, pair: Any) -> None:
    one, two = pair
    ada = sign_in("ada")
    page = compare(ada, one, two)
    sent = form(page, keep=str(one.pk), choose__nickname=str(two.pk))
    done = ada.post("/toys/merge/", sent)
    assert (done.status_code, done.headers["Location"]) == (302, f"/toys/{one.pk}/")
    now = find(SEED, "toybox.toy", one.pk)
    assert (now.nickname, now.pieces) == ("Tilly", 4)
    assert {e.value for e in now.emails} == {"a@example.com", "b@example.com"}
    # The old address leads here; its own page is still there for whoever asks for it.
    assert ada.get(f"/toys/{two.pk}/").headers["Location"] == f"/toys/{one.pk}/"
    assert ada.get(f"/toys/{two.pk}/?itself=1").status_code == 200
    told = ada.get(f"/toys/{one.pk}/").content.decode()
    assert "Merged into one record" in told
    cause = Event.objects.get(name="record.merged").cause
    assert ada.post("/undo/", {"cause": cause, "next": f"/toys/{one.pk}/"}).status_code == 302
    assert {r.nickname for r in listing(SEED, "toybox.toy", columns=["nickname"]).records} == {"Til", "Tilly"}


def test_the_same_form_sent_twice_merges_once(sign_in: Any, pair: Any) -> None:
    ada = sign_in("ada")
    sent = form(compare(ada, *pair))
    first, again = ada.post("/toys/merge/", sent), ada.post("/toys/merge/", sent)
    assert first.status_code == 302
    assert again.status_code in (302, 404, 422)
    assert Event.objects.filter(name="record.merged").count() == 1


def test_what_somebody_changed_meanwhile_is_shown_again_and_choices_are_kept(
    sign_in: Any, cast: Cast, pair: Any
) -> None:
    one, two = pair
    ada = sign_in("ada")
    sent = form(compare(ada, one, two), keep=str(two.pk), choose__nickname=str(one.pk))
    change(cast.actor("ben"), one, nickname="Tiffany")
    again = ada.post("/toys/merge/", sent)
    page = again.content.decode()
    assert again.status_code == 409
    assert "Tiffany" in page
    assert form(page)["keep"] == str(two.pk)
    assert form(page)["choose.nickname"] == str(one.pk)
    assert ada.post("/toys/merge/", form(page)).status_code == 302
    assert find(SEED, "toybox.toy", two.pk).nickname == "Tiffany"


def test_a_refused_value_is_said_and_nothing_is_lost(sign_in: Any, pair: Any, cast: Cast) -> None:
    one, two = pair
    ada = sign_in("ada")
    sent = form(compare(ada, one, two))
    sent.pop("keep")
    answer = ada.post("/toys/merge/", sent)
    assert answer.status_code == 422
    assert "Choose which record stays." in answer.content.decode()


def test_whoever_may_not_delete_sees_both_and_cannot_merge(sign_in: Any, pair: Any, cast: Cast) -> None:
    from kith.objects.access.models import Grant

    Grant.objects.filter(verb="remove").delete()
    ben = sign_in("ben")
    page = compare(ben, *pair)
    assert "To merge them you need the right" in page
    sent = form(page, keep=str(pair[0].pk))
    assert ben.post("/toys/merge/", sent).status_code in (403, 422)
    assert not Event.objects.filter(name="record.merged").exists()


def test_records_that_she_may_not_see_are_compared_as_if_they_were_not_there(
    sign_in: Any, pair: Any, cast: Cast
) -> None:
    dee = sign_in("dee")
    assert dee.get(f"/toys/merge/?ids={pair[0].pk}&ids={pair[1].pk}").status_code == 404
    assert dee.get("/toys/merge/?ids=987654&ids=987655").status_code == 404


def test_two_to_five_records_are_compared_and_no_other_number(sign_in: Any, pair: Any) -> None:
    ada = sign_in("ada")
    for query in ("", f"ids={pair[0].pk}", "ids=1,2,3,4,5,6", "ids=x"):
        assert ada.get(f"/toys/merge/?{query}").status_code in (400, 422), query
