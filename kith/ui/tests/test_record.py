"""The page of one record: facts, timeline, related lists, what can be done; seen and done by the cast."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kith.kernel.actor import System
from kith.objects.kinds import PersonName
from kith.objects.query import visible_to
from kith.objects.write import change, create, remove

PART = {"HX-Request": "true"}


@pytest.fixture
def ada(cast: Any, client: Client) -> Client:
    """Ada's browser."""
    client.force_login(cast.ada)
    return client


@pytest.fixture
def box(cast: Any) -> Any:
    """A box of Ada's."""
    return create(cast.actor("ada"), "toybox.box", name="Attic", country="FI")


@pytest.fixture
def toy(cast: Any, box: Any) -> Any:
    """A toy of Ada's, in her box."""
    return create(
        cast.actor("ada"),
        "toybox.toy",
        name=PersonName(given="Tilda", family="Bear"),
        nickname="Til",
        box=box,
        state="new",
        email="til@example.com",
    )


def fresh(toy: Any) -> Any:
    """The toy as it is stored now."""
    return visible_to(System("test"), toy.object_key(), trash=None).get(pk=toy.pk)


def test_the_page_shows_facts_history_and_what_links_here(ada: Client, toy: Any, box: Any) -> None:
    page = ada.get(f"/toys/{toy.pk}/")
    assert page.status_code == 200
    said = page.content.decode()
    assert "Tilda Bear" in said
    assert "til@example.com" in said
    assert "Attic" in said
    assert "Toy created" in said
    other = ada.get(f"/boxes/{box.pk}/").content.decode()
    assert "Tilda Bear" in other
    assert f"/toys/new/?box={box.pk}&amp;stay=1" in other


def test_each_part_answers_alone(ada: Client, toy: Any) -> None:
    for part in ("peek", "facts", "story", "related"):
        whole, alone = ada.get(f"/toys/{toy.pk}/{part}/"), ada.get(f"/toys/{toy.pk}/{part}/", headers=PART)
        assert (whole.status_code, alone.status_code) == (200, 200)
        assert b"<!doctype" in whole.content
        assert b"<!doctype" not in alone.content


def test_a_record_of_others_is_as_unknown_as_one_that_does_not_exist(cast: Any, client: Client, toy: Any) -> None:
    client.force_login(cast.dee)
    for place in ("", "peek/", "facts/", "story/", "related/", "edit/", "nickname/fact/"):
        assert client.get(f"/toys/{toy.pk}/{place}").status_code == 404
        assert client.get(f"/toys/999999/{place}").status_code == 404
    assert client.post(f"/toys/{toy.pk}/delete/").status_code == 404


def test_a_hidden_field_is_nowhere_on_the_page(cast: Any, client: Client, toy: Any) -> None:
    change(cast.actor("ada"), toy, nickname="Secretword")
    cast.hide("toybox.toy", "nickname")
    client.force_login(cast.eve)
    for place in ("", "peek/", "facts/", "story/", "edit/"):
        said = client.get(f"/toys/{toy.pk}/{place}").content.decode()
        assert "Tilda" in said or place == "story/"
        assert "Secretword" not in said
        assert "Nickname" not in said
    assert client.get(f"/toys/{toy.pk}/nickname/fact/", headers=PART).status_code == 404
    assert "Nickname" not in client.get("/toys/new/?more=1").content.decode()


def test_a_fact_is_edited_where_it_stands(ada: Client, toy: Any) -> None:
    editor = ada.get(f"/toys/{toy.pk}/nickname/fact/", headers=PART).content.decode()
    assert 'value="Til"' in editor
    assert f'name="version" value="{toy.version}"' in editor
    saved = ada.post(f"/toys/{toy.pk}/nickname/fact/", {"nickname": "Tilly", "version": toy.version}, headers=PART)
    assert saved.status_code == 200
    assert "Tilly" in saved.content.decode()
    assert "Undo" in saved.content.decode()
    assert fresh(toy).nickname == "Tilly"


def test_a_refused_fact_keeps_what_was_typed(ada: Client, toy: Any) -> None:
    refused = ada.post(f"/toys/{toy.pk}/email/fact/", {"email": "no sign", "version": toy.version}, headers=PART)
    said = refused.content.decode()
    assert refused.status_code == 422
    assert 'value="no sign"' in said
    assert 'aria-invalid="true"' in said
    assert 'role="alert"' in said
    assert fresh(toy).email == "til@example.com"


def test_who_was_faster_is_told_by_name_and_the_text_is_kept(cast: Any, ada: Client, toy: Any) -> None:
    change(cast.actor("ben"), toy, nickname="Benny")
    late = ada.post(f"/toys/{toy.pk}/nickname/fact/", {"nickname": "Mine", "version": toy.version}, headers=PART)
    said = late.content.decode()
    assert late.status_code == 409
    assert "Ben changed this to “Benny”" in said
    assert "Keep mine" in said
    assert 'value="Mine"' in said
    assert fresh(toy).nickname == "Benny"
    kept = ada.post(f"/toys/{toy.pk}/nickname/fact/", {"nickname": "Mine", "version": fresh(toy).version}, headers=PART)
    assert kept.status_code == 200
    assert fresh(toy).nickname == "Mine"


def test_every_field_has_an_editor_that_reads_its_own_value_back(cast: Any, ada: Client, toy: Any) -> None:
    from kith.objects.access import fields

    for name in fields(cast.actor("ada"), "toybox.toy", "change"):
        assert ada.get(f"/toys/{toy.pk}/{name}/fact/", headers=PART).status_code == 200, name
        assert ada.get(f"/toys/{toy.pk}/{name}/fact/").status_code == 200, name


def test_composite_values_are_edited_whole(ada: Client, toy: Any) -> None:
    sent = {
        "emails-0.value": "a@example.com",
        "emails-0.type": "home",
        "emails-1.value": "b@example.com",
        "emails.primary": "1",
        "emails-2.value": "",
    }
    assert ada.post(f"/toys/{toy.pk}/emails/fact/", sent, headers=PART).status_code == 200
    assert [(e.value, e.type, e.primary) for e in fresh(toy).emails] == [
        ("a@example.com", "home", False),
        ("b@example.com", "", True),
    ]
    wrong = ada.post(f"/toys/{toy.pk}/emails/fact/", sent | {"emails-2.value": "no sign"}, headers=PART)
    assert wrong.status_code == 422
    said = wrong.content.decode()
    assert all(f'value="{text}"' in said for text in ("a@example.com", "b@example.com", "no sign"))
    address = {"address.street": "Main 1", "address.city": "Oulu", "address.country": "FI"}
    assert ada.post(f"/toys/{toy.pk}/address/fact/", address, headers=PART).status_code == 200
    assert (fresh(toy).address.city, fresh(toy).address.country) == ("Oulu", "FI")


def test_a_note_is_written_once_however_often_it_is_sent(ada: Client, toy: Any) -> None:
    sent = {"text": "She likes honey.\nNot jam.", "once": "k1"}
    first = ada.post(f"/toys/{toy.pk}/note/", sent, headers=PART)
    again = ada.post(f"/toys/{toy.pk}/note/", sent, headers=PART)
    assert first.status_code == again.status_code == 200
    assert "Note added." in first.content.decode()
    assert "Already saved." in again.content.decode()
    assert ada.get(f"/toys/{toy.pk}/").content.decode().count("She likes honey.") == 1
    assert "She likes honey." not in ada.get(f"/toys/{toy.pk}/story/?show=changes").content.decode()
    assert "Toy created" not in ada.get(f"/toys/{toy.pk}/story/?show=notes").content.decode()


def test_an_empty_note_is_refused_beside_the_note(ada: Client, toy: Any) -> None:
    refused = ada.post(f"/toys/{toy.pk}/note/", {"text": "  ", "once": "k2"}, headers=PART)
    assert refused.status_code == 422
    assert "Note is required." in refused.content.decode()


def test_the_timeline_is_loaded_by_pages(cast: Any, ada: Client, toy: Any) -> None:
    for n in range(30):
        change(cast.actor("ada"), fresh(toy), pieces=n + 20)
    page = ada.get(f"/toys/{toy.pk}/").content.decode()
    assert page.count('<article class="ev') == 25
    assert "Show more" in page
    address = page.split('data-more-story><a class="b s o" href="')[1].split('"')[0].replace("&amp;", "&")
    more = ada.get(address, headers=PART).content.decode()
    assert more.count('<article class="ev') == 6
    assert "Today" not in more.replace('aria-label="Today"', "")


def test_the_page_asks_no_more_for_fifty_than_for_five(cast: Any, ada: Client, box: Any, toy: Any) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert ada.get(address).status_code == 200
        return len(caught)

    actor = cast.actor("ada")
    for i in range(5):
        create(actor, "toybox.toy", name=f"Toy No{i}", box=box, friends=[toy])
        change(actor, fresh(box), country=("SI", "FI")[i % 2])
        change(actor, fresh(toy), friends=[], pieces=i)
    # She comes from the other page each time, so that both measurements note the visit, and find the same two among the recents.
    ada.get(f"/boxes/{box.pk}/")
    ada.get(f"/toys/{toy.pk}/")
    before = [asked(f"/boxes/{box.pk}/"), asked(f"/toys/{toy.pk}/")]
    assert max(before) <= 52
    for i in range(45):
        create(actor, "toybox.toy", name=f"Toy No{i + 5}", box=box, friends=[toy])
        change(actor, fresh(box), country=("FI", "SI")[i % 2])
        change(actor, fresh(toy), pieces=i + 20)
    # Lines of the first five that named links are further down now, so there may be less to ask for.
    assert asked(f"/boxes/{box.pk}/") <= before[0]
    assert asked(f"/toys/{toy.pk}/") <= before[1]


def test_neighbours_follow_the_list_that_it_was_opened_from(cast: Any, ada: Client) -> None:
    actor = cast.actor("ada")
    made = [
        create(actor, "toybox.box", name=name, country=land)
        for name, land in (("B", "FI"), ("A", "FI"), ("C", "SI"), ("D", "FI"))
    ]
    b, a, _c, d = (r.pk for r in made)
    came = {"Referer": "http://testserver/boxes/?filter=country:in:FI&sort=name"}
    said = ada.get(f"/boxes/{b}/", headers=came).content.decode()
    assert "2 of 3" in said
    assert f'href="/boxes/{a}/?in=filter%3D' in said
    assert f'href="/boxes/{d}/?in=' in said
    again = ada.get(f"/boxes/{d}/?in=filter%3Dcountry%253Ain%253AFI%26sort%3D-name").content.decode()
    assert "1 of 3" in again
    assert (
        " of "
        not in ada.get(f"/boxes/{_c}/?in=filter%3Dcountry%253Ain%253AFI")
        .content.decode()
        .split('class="rec"')[0]
        .split("<header")[1]
    )
    assert ada.get(f"/boxes/{b}/?in=filter%3Dnonsense").status_code == 200


def test_delete_and_restore(ada: Client, toy: Any) -> None:
    gone = ada.post(f"/toys/{toy.pk}/delete/", {"in": "sort=name"}, follow=True)
    assert gone.redirect_chain[-1][0] == "/toys/?sort=name"
    assert "is in the trash" in gone.content.decode()
    assert "Undo" in gone.content.decode()
    page = ada.get(f"/toys/{toy.pk}/").content.decode()
    assert "This record is in the trash" in page
    assert "Restore" in page
    assert "data-edit" not in page
    assert 'id="cmp"' not in page
    ada.post(f"/toys/{toy.pk}/restore/")
    assert fresh(toy).removed_at is None


def test_an_action_asks_for_what_it_needs_and_is_done_once(ada: Client, toy: Any) -> None:
    assert f'href="/toys/{toy.pk}/do/lose/"' in ada.get(f"/toys/{toy.pk}/").content.decode()
    form = ada.get(f"/toys/{toy.pk}/do/lose/").content.decode()
    assert "Where" in form
    assert ">Lose</button>" in form
    assert ada.post(f"/toys/{toy.pk}/do/lose/", {"where": "", "once": "x1"}, headers=PART).status_code == 422
    done = ada.post(f"/toys/{toy.pk}/do/lose/", {"where": "garden", "once": "x2"}, headers=PART)
    assert done.status_code == 200
    assert fresh(toy).state == "lost"
    assert (
        "Already done."
        in ada.post(f"/toys/{toy.pk}/do/lose/", {"where": "garden", "once": "x2"}, headers=PART).content.decode()
    )
    refused = ada.post(f"/toys/{toy.pk}/do/lose/", {"where": "garden", "once": "x3"}, headers=PART)
    assert refused.status_code == 422
    assert "already lost" in refused.content.decode()
    assert 'value="garden"' in refused.content.decode()
    assert ada.get(f"/toys/{toy.pk}/do/nothing/").status_code == 404


def test_tracked_fields_show_what_they_were(cast: Any, ada: Client, toy: Any) -> None:
    change(cast.actor("ada"), toy, state="used")
    said = ada.get(f"/toys/{toy.pk}/").content.decode()
    assert "2 values so far" in said
    assert "since " in said


def test_what_a_read_only_viewer_sees_has_no_handles(cast: Any, client: Client, toy: Any) -> None:
    from kith.objects.access.models import Grant

    Grant.objects.filter(role__key="eve", verb__in=("change", "remove", "create")).delete()
    client.force_login(cast.eve)
    said = client.get(f"/toys/{toy.pk}/").content.decode()
    assert "data-edit" not in said
    assert "/delete/" not in said
    assert "Add a value" not in said
    assert client.post(f"/toys/{toy.pk}/nickname/fact/", {"nickname": "x"}, headers=PART).status_code == 403


def test_a_removed_link_target_leaves_no_title(cast: Any, ada: Client, toy: Any, box: Any) -> None:
    remove(cast.actor("ada"), box)
    assert ada.get(f"/toys/{toy.pk}/").status_code == 200
