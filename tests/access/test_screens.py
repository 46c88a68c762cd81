"""Screens of rights: roles, territories, teams, absences, who sees a record, what a person sees, and the house through her eyes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from kith.events.models import Event
from kith.identity.models import Deputy, Team
from kith.kernel import clock
from kith.objects.access.models import FieldRule, Grant, Private, Role, Share, Territory
from kith.objects.query import listing
from kith.objects.write import create
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(cast: Cast):
    return create(cast.actor("ada"), "toybox.box", name="Adas chest", country="FI")


def client(cast: Cast, name: str) -> Client:
    made = Client()
    made.force_login(getattr(cast, name))
    return made


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


# ── one record ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_record_tells_who_sees_it_and_why(cast: Cast, box):
    page = text(client(cast, "ada").get(f"/boxes/{box.pk}/access/"))
    assert "Role “team”: owner" in page
    assert "Role “team”: team “Ada’s team”" in page
    assert "Administrator" in page
    assert "Dee</bdi></td>" not in page
    assert client(cast, "dee").get(f"/boxes/{box.pk}/access/").status_code == 404
    assert f"/boxes/{box.pk}/access/" in text(client(cast, "ada").get(f"/boxes/{box.pk}/"))


def test_a_record_is_shared_and_the_share_is_taken_back_on_its_page(cast: Cast, box):
    ada, url = client(cast, "ada"), f"/boxes/{box.pk}/access/"
    assert ada.post(url, {"do": "share", "party": f"user:{cast.dee.pk}", "level": "view"}).status_code == 302
    assert "Adas chest" in text(client(cast, "dee").get(f"/boxes/{box.pk}/"))
    assert client(cast, "dee").post(url, {"do": "share", "party": f"user:{cast.eve.pk}"}).status_code == 403
    share = Share.objects.get()
    assert ada.post(url, {"do": "unshare", "share": share.pk}).status_code == 302
    assert client(cast, "dee").get(f"/boxes/{box.pk}/").status_code in (403, 404)


@pytest.mark.parametrize("party", ["", "user:", "user:x", "team:9", "robot:1", "user:99999999999999999999"])
def test_sharing_with_nobody_is_refused_in_words(cast: Cast, box, party: str):
    answer = client(cast, "ada").post(f"/boxes/{box.pk}/access/", {"do": "share", "party": party})
    assert answer.status_code == 422
    assert "Choose a person or a team." in text(answer)


def test_a_record_becomes_private_on_its_page(cast: Cast, box):
    ada, url = client(cast, "ada"), f"/boxes/{box.pk}/access/"
    assert ada.post(url, {"do": "private"}).status_code == 302
    assert Private.objects.exists()
    assert "This record is private" in text(ada.get(url))
    assert client(cast, "ben").get(f"/boxes/{box.pk}/").status_code == 404
    assert ada.post(url, {"do": "open"}).status_code == 302
    assert not Private.objects.exists()


def test_conditions_are_spelt_out_for_administrators_alone(cast: Cast, box):
    role = Role.objects.create(key="c", name="Finland")
    role.users.add(cast.eve)
    Role.objects.get(key="eve").users.clear()
    Grant.objects.create(role=role, object="toybox.box", verb="view", scope="all", condition="country:in:FI")
    assert "where Country is any of Finland" in text(client(cast, "admin").get(f"/boxes/{box.pk}/access/"))
    assert "where Country" not in text(client(cast, "ada").get(f"/boxes/{box.pk}/access/"))


# ── roles ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_cell_of_the_matrix_is_changed_and_undone(cast: Cast, box):
    admin, role = client(cast, "admin"), Role.objects.get(key="own")
    url = f"/settings/roles/{role.pk}/"
    assert "Own" in text(admin.get(url))
    assert admin.post(url, {"do": "grants", "toybox.box:view": "all"}).status_code == 302
    assert [r.name for r in listing(cast.actor("dee"), "toybox.box").records] == ["Adas chest"]
    cause = Event.objects.get(name="access.role_changed").cause
    assert admin.post("/undo/", {"cause": cause, "next": "/"}).status_code == 302
    assert not listing(cast.actor("dee"), "toybox.box").records


def test_a_condition_of_a_grant_is_set_said_and_refused_when_it_means_nothing(cast: Cast):
    admin, role = client(cast, "admin"), Role.objects.get(key="own")
    url, asked = (
        f"/settings/roles/{role.pk}/",
        {"do": "condition", "object": "toybox.box", "verb": "view", "scope": "all"},
    )
    assert admin.post(url, {**asked, "condition": "country:in:FI"}).status_code == 302
    assert "Country is any of Finland" in text(admin.get(url))
    answer = admin.post(url, {**asked, "condition": "colour:is:red"})
    assert answer.status_code == 422
    assert 'value="colour:is:red"' in text(answer)


def test_fields_are_hidden_people_put_in_and_roles_made_and_removed(cast: Cast):
    admin = client(cast, "admin")
    answer = admin.post("/settings/roles/", {"name": "Interns", "like": str(Role.objects.get(key="own").pk)})
    role = Role.objects.get(name="Interns")
    url = f"/settings/roles/{role.pk}/"
    assert answer.headers["Location"] == url
    assert role.grants.exists()
    assert admin.post("/settings/roles/", {"name": "interns"}).status_code == 422
    admin.post(url, {"do": "rule", "object": "toybox.box", "field": "country", "rule": "hidden"})
    assert FieldRule.objects.filter(role=role, field="country").exists()
    assert "Hidden" in text(admin.get(url))
    admin.post(url, {"do": "people", "people": [cast.dee.pk, cast.eve.pk]})
    assert set(role.users.values_list("name", flat=True)) == {"Dee", "Eve"}
    assert admin.post(url, {"do": "remove"}).status_code == 422, "its name was not typed"
    assert Role.objects.filter(pk=role.pk).exists()
    assert admin.post(url, {"do": "remove", "typed": "interns"}).headers["Location"] == "/settings/roles/"
    assert admin.get(url).status_code == 404
    assert admin.post("/settings/roles/", {"do": "nonsense"}).status_code == 422


# ── a private record, for administrators ─────────────────────────────────────────────────────────────────────────────

REASON = "A court asked for it, case 17"


def test_an_administrator_opens_a_private_record_on_its_page_with_a_reason(cast: Cast, box):
    Private.objects.create(object="toybox.box", record=box.pk)
    admin, url = client(cast, "admin"), f"/boxes/{box.pk}/access/"
    page = text(admin.get(url))
    assert 'name="why"' in page
    assert "Adas chest" not in page
    assert "Ada" not in page.split("<main")[1]
    short = admin.post(f"{url}open/", {"why": "because"})
    assert short.status_code == 422
    assert ">because</textarea>" in text(short)
    assert "Its owner will read it" in text(short)
    assert admin.get(f"/boxes/{box.pk}/").status_code == 404
    assert admin.post(f"{url}open/", {"why": REASON}).headers["Location"] == f"/boxes/{box.pk}/"
    assert "Adas chest" in text(admin.get(f"/boxes/{box.pk}/"))
    told = Event.objects.get(name="record.private_opened")
    assert (told.actor_name, told.record) == ("Admin", box.pk)
    assert REASON in text(client(cast, "ada").get(f"/boxes/{box.pk}/"))


def test_the_door_to_a_private_record_wants_a_fresh_proof_and_keeps_the_reason(cast: Cast, box):
    Private.objects.create(object="toybox.box", record=box.pk)
    admin = client(cast, "admin")
    with clock.frozen(clock.now() + timedelta(minutes=20)):
        answer = admin.post(f"/boxes/{box.pk}/access/open/", {"why": REASON})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/again/?")
    assert [kept["pairs"] for kept in admin.session["kept"].values()] == [[["why", REASON]]]
    assert not Share.objects.exists()
    assert not Event.objects.filter(name="record.private_opened").exists()


def test_the_door_to_private_records_is_there_for_nobody_else_and_for_no_other_record(cast: Cast, box):
    url = f"/boxes/{box.pk}/access/"
    assert client(cast, "admin").post(f"{url}open/", {"why": REASON}).status_code == 404
    Private.objects.create(object="toybox.box", record=box.pk)
    for who in ("ben", "dee"):
        assert client(cast, who).get(url).status_code == 404
        assert client(cast, who).post(f"{url}open/", {"why": REASON}).status_code == 403
    assert client(cast, "admin").post(url, {"do": "share", "party": f"user:{cast.admin.pk}"}).status_code == 404
    for number in (box.pk + 1, 2**70):
        assert client(cast, "admin").get(f"/boxes/{number}/access/").status_code == 404
        assert client(cast, "admin").post(f"/boxes/{number}/access/open/", {"why": REASON}).status_code == 404
    assert not Share.objects.exists()


# ── territories, teams, absences ─────────────────────────────────────────────────────────────────────────────────────


def test_a_territory_is_made_with_a_rule_and_people(cast: Cast, box):
    admin = client(cast, "admin")
    Grant.objects.create(role=Role.objects.get(key="own"), object="toybox.box", verb="view", scope="territory")
    sent = {"name": "North", "parent": "", "rule:toybox.box": "country:in:FI", "people": [cast.dee.pk], "do": "save"}
    assert admin.post("/settings/territories/0/", sent).status_code == 302
    assert [r.name for r in listing(cast.actor("dee"), "toybox.box").records] == ["Adas chest"]
    north = Territory.objects.get()
    assert "Country is any of Finland" in text(admin.get(f"/settings/territories/{north.pk}/"))
    refused = admin.post(f"/settings/territories/{north.pk}/", {**sent, "rule:toybox.box": "nothing"})
    assert refused.status_code == 422
    assert 'value="nothing"' in text(refused)
    assert north.rules.get().condition == "country:in:FI"
    assert admin.post(f"/settings/territories/{north.pk}/", {**sent, "parent": north.pk}).status_code == 422
    assert admin.post(f"/settings/territories/{north.pk}/", {"do": "remove", "typed": "South"}).status_code == 422
    assert Territory.objects.exists()
    assert admin.post(f"/settings/territories/{north.pk}/", {"do": "remove", "typed": "North"}).status_code == 302
    assert not Territory.objects.exists()
    assert not listing(cast.actor("dee"), "toybox.box").records


def test_countries_are_chosen_beside_the_rule_of_a_territory(cast: Cast, box):
    admin = client(cast, "admin")
    sent = {"name": "North", "had:toybox.box": "", "country:toybox.box": ["FI", "SE"], "rule:toybox.box": ""}
    assert admin.post("/settings/territories/0/", sent).status_code == 302
    north = Territory.objects.get()
    assert north.rules.get().condition == "country:in:FI,SE"
    url = f"/settings/territories/{north.pk}/"
    page = text(admin.get(url))
    assert "Country is any of" in page
    assert 'name="had:toybox.box" value="FI,SE"' in page
    assert re.findall(r'name="country:toybox.box" value="(..)" checked', page) == ["FI", "SE"]
    # Boxes that were left alone change nothing of what was typed.
    left = {**sent, "had:toybox.box": "FI,SE", "rule:toybox.box": "name:contains:chest;country:in:FI,SE,NO"}
    assert admin.post(url, left).status_code == 302
    assert north.rules.get().condition == "name:contains:chest;country:in:FI,SE,NO"
    # Others take the place of its countries and leave the rest.
    page = text(admin.get(url))
    assert 'name="had:toybox.box" value="FI,SE,NO"' in page
    more = {**left, "had:toybox.box": "FI,SE,NO", "country:toybox.box": ["FI", "DK"]}
    assert admin.post(url, more).status_code == 302
    assert north.rules.get().condition == "country:in:FI,DK;name:contains:chest"
    none = {**more, "had:toybox.box": "FI,DK", "country:toybox.box": [], "rule:toybox.box": "country:in:FI,DK"}
    assert admin.post(url, none).status_code == 302
    assert not north.rules.exists()


@pytest.mark.parametrize(
    ("rule", "codes"), [("", ["XX"]), ("nothing", ["FI"]), ("country:in:Nowhere", ["FI", "') OR 1"])]
)
def test_countries_that_cannot_be_read_are_refused_and_what_was_chosen_stays(cast: Cast, rule: str, codes: list[str]):
    sent = {"name": "North", "had:toybox.box": "", "country:toybox.box": [*codes, "SE"], "rule:toybox.box": rule}
    answer = client(cast, "admin").post("/settings/territories/0/", sent)
    assert answer.status_code == 422
    assert not Territory.objects.exists()
    page = text(answer)
    assert 'value="SE" checked' in page
    assert f'name="rule:toybox.box" value="{rule}"' in page
    assert 'role="alert"' in page


def test_a_team_has_a_manager_and_a_team_above(cast: Cast):
    admin, team = client(cast, "admin"), Team.objects.get()
    assert admin.post("/settings/teams/0/", {"name": "Region", "manager": cast.eve.pk}).status_code == 302
    above = Team.objects.get(name="Region")
    sent = {"name": "Ada’s team", "manager": cast.cai.pk, "parent": above.pk, "people": [cast.ada.pk]}
    assert admin.post(f"/settings/teams/{team.pk}/", sent).status_code == 302
    team.refresh_from_db()
    assert team.parent == above
    assert list(team.members.all()) == [cast.ada]
    assert admin.post(f"/settings/teams/{above.pk}/", {"name": "Region", "parent": team.pk}).status_code == 422
    assert admin.post("/settings/teams/0/", {"name": "Region"}).status_code == 422
    assert "Region" in text(admin.get("/settings/teams/"))


def test_somebody_names_her_deputy_and_ends_the_absence(cast: Cast):
    ada = client(cast, "ada")
    sent = {"deputy": cast.dee.pk, "since": "2030-03-02", "until": "2030-03-04", "user": cast.eve.pk}
    assert ada.post("/settings/absences/", sent).status_code == 302
    made = Deputy.objects.get()
    assert made.user == cast.ada, "nobody names a deputy for somebody else"
    assert "Dee" in text(ada.get("/settings/absences/"))
    assert ada.post("/settings/absences/", {**sent, "until": "2030-03-01"}).status_code == 422
    assert ada.post("/settings/absences/", {**sent, "deputy": cast.ada.pk}).status_code == 422
    assert ada.post("/settings/absences/", {**sent, "since": "yesterweek"}).status_code == 422
    assert client(cast, "ben").post("/settings/absences/", {"do": "end", "absence": made.pk}).status_code == 404
    assert ada.post("/settings/absences/", {"do": "end", "absence": made.pk}).status_code == 302
    assert not Deputy.objects.exists()


@pytest.mark.parametrize("page", ["roles", "teams", "territories", "seeing"])
def test_pages_of_rights_are_for_administrators(cast: Cast, page: str):
    assert client(cast, "admin").get(f"/settings/{page}/").status_code == 200
    assert client(cast, "ada").get(f"/settings/{page}/").status_code == 403
    assert client(cast, "ada").post(f"/settings/{page}/0/", {"name": "Mine"}).status_code == 403


# ── through somebody's eyes ──────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_person_can_see_is_told_with_numbers_and_examples(cast: Cast, box):
    page = text(client(cast, "admin").get(f"/settings/seeing/{cast.ben.pk}/"))
    assert "What Ben can see and do" in page
    assert "Adas chest" in page
    assert "Adas chest" not in text(client(cast, "admin").get(f"/settings/seeing/{cast.dee.pk}/"))


@pytest.fixture
def looking(cast: Cast) -> Client:
    """The administrator, looking through Dee's eyes."""
    admin = client(cast, "admin")
    assert admin.post(f"/settings/seeing/{cast.dee.pk}/").status_code == 302
    return admin


def test_an_administrator_sees_what_a_user_sees_and_changes_nothing(cast: Cast, box, looking: Client):
    mine = create(cast.actor("dee"), "toybox.box", name="Dees chest")
    page = text(looking.get("/boxes/"))
    assert "You see Kith as Dee sees it" in page
    assert "Dees chest" in page
    assert "Adas chest" not in page
    assert looking.get(f"/boxes/{box.pk}/").status_code == 404
    for url in (
        "/boxes/new/",
        f"/boxes/{mine.pk}/delete/",
        f"/boxes/{mine.pk}/note/",
        "/preferences/",
        "/settings/me/",
    ):
        assert looking.post(url, {"name": "Planted", "text": "x"}).status_code == 403, url
    assert looking.get("/boxes/export/").status_code == 403
    assert looking.get("/settings/roles/").status_code == 403
    assert not Event.objects.filter(actor_name="Dee").exclude(name="created").exists()


def test_private_records_stay_closed_to_who_only_looks(cast: Cast, looking: Client):
    mine = create(cast.actor("dee"), "toybox.box", name="Dees chest")
    Private.objects.create(object="toybox.box", record=mine.pk)
    assert looking.get(f"/boxes/{mine.pk}/").status_code == 404
    assert "Dees chest" in text(client(cast, "dee").get(f"/boxes/{mine.pk}/"))


def test_a_look_begins_and_ends_in_the_ledger_under_the_administrators_name(cast: Cast, looking: Client):
    assert looking.post("/look/end/").status_code == 302
    assert "You see Kith as" not in text(looking.get("/settings/seeing/"))
    told = (
        Event.objects.filter(name__startswith="access.look").order_by("pk").values_list("name", "actor_name", "record")
    )
    assert list(told) == [("access.look_begun", "Admin", cast.dee.pk), ("access.look_ended", "Admin", cast.dee.pk)]


def test_a_look_ends_by_itself(cast: Cast, looking: Client):
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        assert "You see Kith as" not in text(looking.get("/boxes/"))
    assert Event.objects.filter(name="access.look_ended").count() == 1


@pytest.mark.parametrize("what", ["deactivated", "promoted", "dismissed"])
def test_a_look_ends_with_what_made_it_possible(cast: Cast, looking: Client, what: str):
    if what == "dismissed":
        cast.admin.is_admin = False
        cast.admin.save(update_fields=["is_admin"])
    else:
        cast.dee.is_active, cast.dee.is_admin = what != "deactivated", what == "promoted"
        cast.dee.save(update_fields=["is_active", "is_admin"])
    assert "You see Kith as" not in text(looking.get("/settings/"))


def test_nobody_looks_through_an_administrators_eyes_or_without_being_one(cast: Cast):
    cast.cai.is_admin = True
    cast.cai.save(update_fields=["is_admin"])
    assert client(cast, "admin").post(f"/settings/seeing/{cast.cai.pk}/").status_code == 422
    assert client(cast, "ada").post(f"/settings/seeing/{cast.dee.pk}/").status_code == 403
    assert not Event.objects.filter(name="access.look_begun").exists()


# ── what others did ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_undoing_a_large_run_of_somebody_else_tells_nothing_of_it(cast: Cast, monkeypatch):
    from kith.events.models import Run
    from kith.kernel.actor import cause
    from kith.ui.screens import undoing

    monkeypatch.setattr(undoing, "AT_ONCE", 2)
    with cause("run:12"):
        made = [create(cast.actor("ada"), "toybox.box", name=f"Adas {i}") for i in range(4)]
    answer = client(cast, "dee").post("/undo/", {"cause": "run:12"}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 403
    assert "HX-Trigger" not in answer.headers
    assert not Run.objects.exists()
    assert len(made) == 4
