"""Setting a new house up: what is done is seen and not clicked, and each step can be skipped and taken up again."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from kith.identity.models import SkippedStep, User
from kith.kernel.actor import System
from kith.objects.write import create
from kith.ui import setting_up

URL = "/settings/setup/"


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


def left(cast: Any) -> set[str]:
    user = User.objects.get(pk=cast.admin.pk)
    return {s.step.key for s in setting_up.look(cast.actor("admin"), user).steps if not s.done}


def test_what_is_done_is_read_from_the_house(cast: Any, sign_in: Any):
    assert left(cast) == {"place", "data", "mail", "first"}, "there are colleagues already"
    User.objects.exclude(pk=cast.admin.pk).update(is_active=False)
    assert "people" in left(cast)
    User.objects.filter(pk=cast.admin.pk).update(language="fi", country="FI")
    create(System("test"), "toybox.box", name="Ours")
    assert left(cast) == {"data", "mail", "people"}
    User.objects.filter(pk=cast.admin.pk).update(language="")
    assert "place" in left(cast), "what is undone is to do again"


def test_the_sidebar_leads_an_administrator_to_what_is_left_and_nobody_else(sign_in: Any):
    assert URL in sign_in("admin").get("/boxes/").content.decode()
    ada = sign_in("ada")
    assert URL not in ada.get("/boxes/").content.decode()
    assert ada.get(URL).status_code == 403
    assert ada.post(URL, {"do": "all"}).status_code == 403


def test_a_step_is_skipped_by_one_person_for_herself_and_taken_up_again(sign_in: Any, cast: Any):
    browser = sign_in("admin")
    browser.post(URL, {"step": "data"})
    browser.post(URL, {"step": "data"})
    browser.post(URL, {"step": "no such step"})
    assert list(SkippedStep.objects.values_list("user", "step")) == [(cast.admin.pk, "data")]
    said = browser.get(URL).content.decode()
    assert "Take up what was skipped" in said
    assert "Skipped" in said
    browser.post(URL, {"do": "again"})
    assert not SkippedStep.objects.exists()


def test_all_of_it_is_skipped_at_once_and_still_stands_in_the_settings(sign_in: Any):
    browser = sign_in("admin")
    browser.post(URL, {"do": "all"})
    assert "setup-slot" not in browser.get("/boxes/").content.decode()
    said = browser.get(URL).content.decode()
    assert "Take up what was skipped" in said
    browser.post(URL, {"do": "again"})
    assert "setup-slot" in browser.get("/boxes/").content.decode()
