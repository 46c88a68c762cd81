"""Notes: written, answered, changed, removed and taken back; who is mentioned, and what a link says to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kith.events.models import Event
from kith.kernel.errors import Forbidden, Missing, Refused
from kith.objects.history import timeline
from kith.objects.write import create, undo
from kith.threads import marks, notes
from kith.threads.models import Note
from kith.threads.reading import conversation
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def newest() -> Note:
    return Note.objects.order_by("-pk")[0]


def told(cast: Cast, who: str, box: Any) -> list[Any]:
    entries = timeline(cast.actor(who), box).entries
    found = conversation(cast.actor(who), entries)
    return [found.notes[e.id] for e in entries if e.id in found.notes]


def said(one: Any) -> str:
    return "\n".join("".join(p.text for p in line) for line in one.lines)


def test_an_answer_stands_below_its_note_and_an_answer_to_an_answer_beside_it(cast: Cast, box: Any) -> None:
    notes.add_note(cast.actor("ada"), box, text="Is it full?")
    first = newest().event
    notes.answer_note(cast.actor("ben"), box, to=first, text="Half.")
    notes.answer_note(cast.actor("ada"), box, to=newest().event, text="Good.")
    (one,) = told(cast, "ada", box)
    assert said(one) == "Is it full?"
    assert [said(a) for a in one.answers] == ["Half.", "Good."]


def test_only_who_wrote_a_note_changes_it_and_what_it_said_is_kept(cast: Cast, box: Any) -> None:
    notes.add_note(cast.actor("ada"), box, text="Blue")
    event = newest().event
    with pytest.raises(Forbidden, match="wrote"):
        notes.change_note(cast.actor("ben"), box, note=event, text="Red")
    with pytest.raises(Forbidden):
        notes.remove_note(cast.actor("admin"), box, note=event)
    notes.change_note(cast.actor("ada"), box, note=event, text="Green", version=1)
    (one,) = told(cast, "ben", box)
    assert (said(one), one.mine) == ("Green", False)
    assert [text for _at, _by, text in notes.past(box, event)] == ["Blue"]
    with pytest.raises(Refused, match="another window"):
        notes.change_note(cast.actor("ada"), box, note=event, text="Black", version=1)


def test_a_removed_note_comes_back_with_undo(cast: Cast, box: Any) -> None:
    ada = cast.actor("ada")
    notes.add_note(ada, box, text="Gone")
    event = newest().event
    notes.remove_note(ada, box, note=event)
    assert told(cast, "ada", box) == []
    cause = Event.objects.get(name="note.removed").cause
    assert undo(ada, cause).undone == 1
    assert [said(one) for one in told(cast, "ada", box)] == ["Gone"]
    assert undo(ada, cause).kept[0][2] == "It was restored before."


def test_an_undone_change_gives_the_old_text_unless_it_changed_again(cast: Cast, box: Any) -> None:
    ada = cast.actor("ada")
    notes.add_note(ada, box, text="One")
    event = newest().event
    notes.change_note(ada, box, note=event, text="Two")
    notes.change_note(ada, box, note=event, text="Three")
    first, second = Event.objects.filter(name="note.changed").order_by("pk").values_list("cause", flat=True)
    assert undo(ada, first).undone == 0
    assert undo(ada, second).undone == 1
    assert newest().text == "Two"


def test_a_removed_note_stays_as_an_empty_place_while_it_has_answers(cast: Cast, box: Any) -> None:
    notes.add_note(cast.actor("ada"), box, text="Secret of Ada")
    notes.answer_note(cast.actor("ben"), box, to=newest().event, text="I see")
    notes.remove_note(cast.actor("ada"), box, note=newest().answers or 0)
    (one,) = told(cast, "ben", box)
    assert (one.removed, one.lines, [said(a) for a in one.answers]) == (True, [], ["I see"])


def test_a_note_of_another_record_is_not_there(cast: Cast, box: Any) -> None:
    other = create(cast.actor("ada"), "toybox.box", name="Cellar", country="FI")
    notes.add_note(cast.actor("ada"), box, text="Here")
    for act in (
        lambda: notes.change_note(cast.actor("ada"), other, note=newest().event, text="There"),
        lambda: notes.answer_note(cast.actor("ada"), other, to=newest().event, text="There"),
    ):
        with pytest.raises(Missing):
            act()


def test_a_link_says_its_title_to_those_alone_who_may_see_it(cast: Cast, box: Any) -> None:
    hers = create(cast.actor("ada"), "toybox.box", name="Treasure chest", country="FI")
    mine = create(cast.actor("dee"), "toybox.box", name="Open shelf", country="FI")
    text = f"See {marks.record_token('toybox.box', hers.pk)} and {marks.record_token('toybox.box', mine.pk)}"
    for who, sees in (("ada", "Treasure chest"), ("dee", "Open shelf")):
        known = marks.names(cast.actor(who), [text])
        assert sees in marks.plain(text, known)
        assert marks.plain(text, known).count("a record that you cannot see") == 1


def test_names_that_are_chosen_or_typed_out_become_mentions(cast: Cast) -> None:
    ben = cast.ben
    assert marks.with_tokens(f"Hi @{ben.name}, look", [f"@{ben.name}\t@{{{ben.pk}}}"]) == f"Hi @{{{ben.pk}}}, look"
    assert marks.with_tokens(f"@{ben.name.lower()} and ben@example.com", []) == f"@{{{ben.pk}}} and ben@example.com"
    # A mark says nothing that could not be typed.
    assert marks.with_tokens("@x", ["@x\t<b>"]) == "@x"


def test_an_edited_note_shows_names_and_keeps_what_its_author_may_not_see(cast: Cast, box: Any) -> None:
    text = f"@{{{cast.ben.pk}}} #{{toybox.box:{box.pk}}} #{{toybox.box:999999}}"
    shown, known = marks.editable(text, marks.names(cast.actor("ada"), [text]))
    assert shown == f"@{cast.ben.name} #Attic #{{toybox.box:999999}}"
    assert marks.with_tokens(shown, known) == text


def test_who_is_mentioned_and_cannot_see_the_record_is_named_to_the_author(
    cast: Cast, box: Any, browser: Callable[[str], Client]
) -> None:
    ada = browser("ada")
    page = ada.post(
        f"/boxes/{box.pk}/note/", {"text": f"@{cast.dee.name} look", "once": "k1"}, headers={"HX-Request": "true"}
    )
    assert f"Not told, because they cannot see this record: {cast.dee.name}." in page.content.decode()
    assert newest().untold == [cast.dee.pk]
    assert "Not told" in ada.get(f"/boxes/{box.pk}/story/").content.decode()
    assert "Not told" not in browser("ben").get(f"/boxes/{box.pk}/story/").content.decode()


def test_those_alone_are_offered_who_may_see_the_record(cast: Cast, box: Any, browser: Callable[[str], Client]) -> None:
    offered = browser("ada").get(f"/boxes/{box.pk}/suggest/?sign=@").content.decode()
    assert cast.ben.name in offered
    assert cast.dee.name not in offered
    assert browser("dee").get(f"/boxes/{box.pk}/suggest/?sign=@").status_code == 404


def test_the_same_form_sent_twice_writes_one_note(box: Any, browser: Callable[[str], Client]) -> None:
    for _time in range(2):
        browser("ada").post(f"/boxes/{box.pk}/note/", {"text": "Once", "once": "k9"})
    assert Note.objects.filter(text="Once").count() == 1


def test_a_note_is_changed_and_removed_by_forms(box: Any, browser: Callable[[str], Client]) -> None:
    ada = browser("ada")
    ada.post(f"/boxes/{box.pk}/note/", {"text": "First", "once": "k2"})
    here = f"/boxes/{box.pk}/notes/{newest().event}"
    assert "First" in ada.get(f"{here}/edit/").content.decode()
    empty = ada.post(f"{here}/edit/", {"text": "", "version": "1"}, headers={"HX-Request": "true"})
    assert empty.status_code == 422
    ada.post(f"{here}/edit/", {"text": "Second <b>", "version": "1"})
    story = ada.get(f"/boxes/{box.pk}/story/").content.decode()
    assert "Second &lt;b&gt;" in story
    assert "edited" in story
    assert "First" in ada.get(f"{here}/past/").content.decode()
    ada.post(f"{here}/delete/")
    assert "Second" not in ada.get(f"/boxes/{box.pk}/story/").content.decode()


def test_a_timeline_of_many_notes_asks_no_more_often_than_one_of_two(
    cast: Cast, box: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            told(cast, "ada", box)
        return len(caught)

    def write(n: int) -> None:
        for i in range(n):
            notes.add_note(cast.actor("ada"), box, text=f"@{{{cast.ben.pk}}} {i} #{{toybox.box:{box.pk}}}")
            notes.answer_note(cast.actor("ben"), box, to=newest().event, text="Yes")

    write(1)
    few = asked()
    write(8)
    assert asked() == few
