"""Sample data, as an administrator has it made and taken away, and how lists speak of it."""

from __future__ import annotations

from typing import Any

import pytest

from kith.events.models import Run
from kith.events.runs import execute
from kith.kernel.actor import System
from kith.objects import samples
from kith.objects.samples import Item, Sample
from kith.objects.write import change, create

URL = "/settings/samples/"


@pytest.fixture(autouse=True)
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room with two boxes, one in the other, as its sample."""
    inside = Item("inside", "toybox.box", {"name": "Inside", "parent": samples.To("outside")}, ("A note",))
    room = Sample("toybox", lambda today: [Item("outside", "toybox.box", {"name": "Outside"}), inside])
    monkeypatch.setattr(Sample, "registry", [room])


def made(browser: Any) -> Run:
    answer = browser.post(URL, {"do": "make"})
    run = Run.objects.latest("pk")
    assert answer.headers["Location"] == f"/runs/{run.pk}/"
    done = execute(run.pk)
    assert done is not None
    assert done.result == {"done": 2, "refused": []}
    return done


def test_sample_records_carry_their_mark_and_the_list_says_that_they_are_counted(sign_in: Any, boxes: Any):
    browser = sign_in("admin")
    (own,) = boxes(1)
    assert "sample data" not in browser.get("/boxes/").content.decode()
    made(browser)
    said = browser.get("/boxes/").content.decode()
    assert said.count("pill smp") == 2
    assert "Counts and totals here include sample data." in said
    assert "pill smp" not in browser.get(f"/boxes/{own.pk}/").content.decode()


def test_it_is_removed_by_one_button(sign_in: Any):
    browser = sign_in("admin")
    made(browser)
    assert "2 records go to the trash" in browser.get(URL).content.decode()
    answer = browser.post(URL, {"do": "remove"})
    assert answer.status_code == 302
    execute(Run.objects.latest("pk").pk)
    assert "There is no sample data" in browser.get(URL).content.decode()
    trash = browser.get("/boxes/trash/").content.decode()
    assert "Inside" in trash
    assert "Outside" in trash
    assert "include sample data" not in browser.get("/boxes/").content.decode()


def test_what_is_ours_by_now_stays_and_the_report_says_why(sign_in: Any, box: Any):
    browser = sign_in("admin")
    made(browser)
    inside = samples.visible_to(System("test"), box).get(name="Inside")
    change(System("Kim"), inside, country="FI")
    browser.post(URL, {"do": "remove"})
    run = Run.objects.latest("pk")
    execute(run.pk)
    report = browser.get(f"/runs/{run.pk}/").content.decode()
    assert "Changed since by Kim." in report
    assert "Linked: Box." in report, "what it lies in stays with it"
    create(System("test"), box, name="Ours")
    assert browser.get("/boxes/").content.decode().count("pill smp") == 2


def test_nobody_else_makes_or_removes_it(sign_in: Any):
    ada = sign_in("ada")
    assert ada.get(URL).status_code == 403
    assert ada.post(URL, {"do": "make"}).status_code == 403
    assert not Run.objects.exists()
