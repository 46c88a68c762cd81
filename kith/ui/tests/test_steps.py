"""The next step of a record, and the strip over its timeline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kith.kernel import clock
from kith.kernel.actor import System
from kith.objects.query import find, listing
from kith.objects.write import change, create
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SEED = System("test")


@pytest.fixture
def toy(cast: Cast) -> Any:
    """A toy of Ada's with a plan for yesterday."""
    day = clock.today() - timedelta(days=1)
    return create(cast.actor("ada"), "toybox.toy", name="Tilda Bear", plan="Mend the ear", plan_on=day)


def test_a_step_is_shown_as_overdue_put_off_done_and_followed_by_the_next(sign_in: Any, toy: Any, hx: Any) -> None:
    ada, at = sign_in("ada"), f"/toys/{toy.pk}/"
    page = ada.get(at).content.decode()
    assert "Mend the ear" in page
    assert "Overdue since" in page
    today = clock.today()
    moved = ada.post(f"{at}next/", {"do": "move", "day": today.isoformat(), "version": "1"}, **hx)
    assert "Due today" in moved.content.decode()
    done = ada.post(f"{at}next/", {"do": "done", "version": "2"}, **hx)
    assert "No next step. Add one" in done.content.decode()
    assert '<details class="m" open' in done.content.decode()
    assert "Next step done" in ada.get(at).content.decode()
    typed = {"do": "set", "plan": "Call the doll’s doctor", "plan_on": today.isoformat(), "version": "3"}
    assert ada.post(f"{at}next/", typed).status_code == 302
    now = find(SEED, "toybox.toy", toy.pk)
    assert (now.plan, now.plan_on) == ("Call the doll’s doctor", today)


def test_records_without_a_next_step_are_found(cast: Cast, toy: Any) -> None:
    bare = create(cast.actor("ada"), "toybox.toy", name="Otto Duck")
    found = listing(cast.actor("ada"), "toybox.toy", filter="plan:empty").records
    assert [r.pk for r in found] == [bare.pk]


def test_nothing_typed_is_lost_and_what_a_colleague_did_meanwhile_is_said(
    sign_in: Any, toy: Any, cast: Cast, hx: Any
) -> None:
    ada, at = sign_in("ada"), f"/toys/{toy.pk}/next/"
    wrong = ada.post(at, {"do": "set", "plan": "Paint", "plan_on": "no day", "version": "1"}, **hx)
    assert wrong.status_code == 422
    change(cast.actor("ben"), toy, plan="Sell it")
    stale = ada.post(at, {"do": "done", "version": "1"}, **hx)
    assert stale.status_code == 409
    assert "Ben changed this to “Sell it”" in stale.content.decode()
    assert find(SEED, "toybox.toy", toy.pk).plan == "Sell it"


def test_a_hidden_step_is_nowhere_and_a_reader_has_no_buttons(sign_in: Any, toy: Any, cast: Cast) -> None:
    cast.hide("toybox.toy", "plan")
    eve = sign_in("eve")
    assert "Mend the ear" not in eve.get(f"/toys/{toy.pk}/").content.decode()
    assert eve.post(f"/toys/{toy.pk}/next/", {"do": "done"}).status_code == 404
    cast.hide("toybox.toy", "plan_on", rule="read_only")


def test_administrators_choose_what_stands_in_the_strip_and_others_see_what_they_may(
    sign_in: Any, toy: Any, cast: Cast
) -> None:
    admin, ada = sign_in("admin"), sign_in("ada")
    assert "Known since" in ada.get(f"/toys/{toy.pk}/").content.decode()
    form = {"object": "toybox.toy", "h": ["field:plan", "last_by", "", "nonsense"], "version": "0"}
    assert admin.post("/settings/highlights/", form).status_code == 302
    strip = ada.get(f"/toys/{toy.pk}/").content.decode().partition('class="hls4"')[2].partition("</dl>")[0]
    assert strip.count("<dt>") == 2
    assert "Mend the ear" in strip
    assert "Known since" not in strip
    cast.hide("toybox.toy", "plan")
    strip = sign_in("eve").get(f"/toys/{toy.pk}/").content.decode().partition('class="hls4"')[2].partition("</dl>")[0]
    assert "Mend the ear" not in strip
    assert ada.post("/settings/highlights/", form).status_code == 403
    assert admin.post("/settings/highlights/", {**form, "h": ["", "", "", ""], "version": "1"}).status_code == 302
    assert 'class="hls4"' not in ada.get(f"/toys/{toy.pk}/").content.decode()
    assert admin.post("/settings/highlights/", {**form, "usual": "1", "version": "2"}).status_code == 302
    assert "Known since" in ada.get(f"/toys/{toy.pk}/").content.decode()
