"""What is written in a record's composer: rooms bring it, the page offers it, one way writes it, and undo takes it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kith.events.models import Event
from kith.objects.access.models import FieldRule, Grant, Role
from kith.objects.history import timeline
from kith.objects.query import visible_to
from kith.objects.write import create, undo
from kith.ui.writing import Writing
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
CALL = {"text": "She would take two.", "log_call.subject": "Prices", "log_call.minutes": "18"}


@pytest.fixture
def box(cast: Cast) -> Any:
    return create(cast.actor("ada"), "toybox.box", name="Attic", country="FI")


@pytest.fixture
def browser(cast: Cast) -> Callable[[str], Client]:
    def of(name: str) -> Client:
        made = Client()
        made.force_login(getattr(cast, name))
        return made

    return of


def test_the_page_offers_a_radio_for_each_and_a_form_with_its_own_fields(cast: Cast, box: Any, browser: Any) -> None:
    page = browser("ada").get(f"/boxes/{box.pk}/").content.decode()
    assert [page.count(f'name="writes" value="{n}"') for n in ("note", "write_mail", "log_call", "add_task")] == [1] * 4
    for name in ("log_call.minutes", "write_mail.to", "write_mail.subject", "add_task.due"):
        assert f'name="{name}"' in page
    assert f'data-draft="log_call:toybox.box:{box.pk}"' in page
    assert f'data-draft="note:toybox.box:{box.pk}"' in page


def test_where_no_room_brings_anything_there_is_the_note_and_nothing_to_choose(cast: Cast, browser: Any) -> None:
    firm = create(cast.actor("ada"), "contacts.company", name="Oy")
    page = browser("ada").get(f"/companies/{firm.pk}/").content.decode()
    assert 'id="cmp"' in page
    assert "radiogroup" not in page


def test_a_call_is_a_record_that_stands_in_the_timeline_once(cast: Cast, box: Any, browser: Any) -> None:
    ada = browser("ada")
    sent = CALL | {"once": "k1"}
    first = ada.post(f"/boxes/{box.pk}/write/log_call/", sent, headers=PART)
    again = ada.post(f"/boxes/{box.pk}/write/log_call/", sent, headers=PART)
    assert (first.status_code, again.status_code) == (200, 200)
    (talk,) = visible_to(cast.actor("ada"), "toybox.talk")
    assert (talk.name, talk.words, talk.minutes, talk.way) == ("Prices", "She would take two.", 18, "call")
    entry = timeline(cast.actor("ada"), box).entries[0]
    assert entry.on is not None
    assert (entry.on.title, entry.body, entry.icon) == ("Prices", "She would take two.", "phone")
    answered = first.content.decode()
    assert f'class="ev new" id="e{entry.id}"' in answered
    assert 'hx-target="#cmp-log_call"' in answered
    assert "data-undo" in answered
    assert "data-undo" not in again.content.decode()


def test_undo_takes_a_call_back_and_it_is_gone_from_the_timeline(cast: Cast, box: Any, browser: Any) -> None:
    browser("ada").post(f"/boxes/{box.pk}/write/log_call/", CALL, headers=PART)
    cause = Event.objects.get(object="toybox.talk", name="created").cause
    assert undo(cast.actor("ada"), cause).undone == 1
    assert not visible_to(cast.actor("ada"), "toybox.talk").exists()
    assert [e.name for e in timeline(cast.actor("ada"), box).entries] == ["created"]


def test_what_is_refused_keeps_what_was_typed_and_says_why(cast: Cast, box: Any, browser: Any) -> None:
    ada = browser("ada")
    bad = ada.post(f"/boxes/{box.pk}/write/log_call/", CALL | {"log_call.minutes": "a while"}, headers=PART)
    assert bad.status_code == 422
    page = bad.content.decode()
    assert "She would take two." in page
    assert 'value="a while"' in page
    assert 'aria-invalid="true"' in page
    empty = ada.post(f"/boxes/{box.pk}/write/add_task/", {"text": " "}, headers=PART)
    assert empty.status_code == 422
    assert "cmp-add_task-err" in empty.content.decode()
    assert not visible_to(cast.actor("ada"), "toybox.talk").exists()


def test_without_scripts_one_goes_back_to_the_record(cast: Cast, box: Any, browser: Any) -> None:
    done = browser("ada").post(f"/boxes/{box.pk}/write/add_task/", {"text": "Mend the lid"})
    assert (done.status_code, done["Location"]) == (302, f"/boxes/{box.pk}/")
    assert visible_to(cast.actor("ada"), "toybox.task").get().owner_id == cast.ada.pk


def test_it_is_offered_to_and_done_by_those_who_may_alone(cast: Cast, box: Any, browser: Any) -> None:
    assert browser("dee").post(f"/boxes/{box.pk}/write/log_call/", CALL, headers=PART).status_code == 404
    Grant.objects.filter(role=Role.objects.get(key="team"), verb="create").update(object="toybox.box")
    ben = browser("ben")
    assert 'value="log_call"' not in ben.get(f"/boxes/{box.pk}/").content.decode()
    assert ben.post(f"/boxes/{box.pk}/write/log_call/", CALL, headers=PART).status_code == 404
    assert ben.post(f"/boxes/{box.pk}/write/nothing/", CALL, headers=PART).status_code == 404
    assert not Event.objects.filter(object="toybox.talk").exists()


def test_a_role_may_keep_an_action_to_ones_own_records(cast: Cast, box: Any, browser: Any) -> None:
    own = create(cast.actor("ben"), "toybox.box", name="Cellar", country="FI")
    Grant.objects.create(role=Role.objects.get(key="team"), object="toybox.box", verb="log_call", scope="own")
    ben = browser("ben")
    assert 'value="log_call"' in ben.get(f"/boxes/{own.pk}/").content.decode()
    assert 'value="log_call"' not in ben.get(f"/boxes/{box.pk}/").content.decode()
    assert ben.post(f"/boxes/{box.pk}/write/log_call/", CALL, headers=PART).status_code == 404


def test_what_was_said_is_shown_to_those_who_may_read_it_alone(cast: Cast, box: Any, browser: Any) -> None:
    browser("ada").post(f"/boxes/{box.pk}/write/log_call/", CALL, headers=PART)
    role = Role.objects.get(key="eve")
    FieldRule.objects.create(role=role, object="toybox.talk", field="words", rule="hidden")
    assert "She would take two." not in browser("eve").get(f"/boxes/{box.pk}/").content.decode()
    assert "She would take two." in browser("ben").get(f"/boxes/{box.pk}/").content.decode()


def test_a_writing_needs_an_input_for_what_is_written() -> None:
    class Verb:
        form: dict[str, Any] = {}
        key = name = icon = "nothing"

    with pytest.raises(TypeError):
        Writing(Verb(), "", "").contribute(None)  # type: ignore[arg-type]
