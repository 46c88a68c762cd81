"""What a directory may do to people and groups here, and what it may not."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from kith.events.facts import Fact
from kith.events.models import Event
from kith.identity import tokens
from kith.identity.models import DirectoryGroup, Session, Team, Token, User
from kith.kernel.actor import System
from kith.kernel.policy import TOKEN
from kith.objects import directory
from kith.objects.access.models import Role
from kith.objects.settings import put
from kith.ui.checks import _walk
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SCIM = System("SCIM Okta")


class Directory:
    """A directory that comes with its token."""

    def __init__(self, text: str):
        self.client, self.text = Client(enforce_csrf_checks=True), text

    def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        data = json.dumps(body) if body is not None else ""
        headers = {"HTTP_AUTHORIZATION": f"Bearer {self.text}", **more}
        answer: Any = self.client.generic(method, f"/scim/v2{path}", data, "application/scim+json", **headers)
        answer.said = json.loads(answer.content) if answer.content else None
        return answer

    def patch(self, path: str, *operations: dict[str, Any], **more: Any) -> Any:
        schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
        return self("PATCH", path, {"schemas": [schema], "Operations": list(operations)}, **more)


@pytest.fixture
def okta(cast: Cast) -> Directory:
    return Directory(tokens.make_for_scim(cast.actor("admin"), tokens.Wanted("Okta"))[1])


def person(email: str, **more: Any) -> dict[str, Any]:
    return {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": email, **more}


def group(name: str, *members: str, **more: Any) -> dict[str, Any]:
    schema = "urn:ietf:params:scim:schemas:core:2.0:Group"
    return {"schemas": [schema], "displayName": name, "members": [{"value": one} for one in members], **more}


NINA = person(
    "Nina@Example.com", externalId="00u1", name={"givenName": "Nina", "familyName": "Korhonen", "middleName": "K."},
    preferredLanguage="fi-FI", timezone="Europe/Helsinki", locale="fi-FI", active=True,
    phoneNumbers=[{"value": "+358 40 123"}], title="Buyer",
)  # fmt: skip


# People


def test_a_directory_adds_somebody_and_reads_back_what_it_said(okta: Directory) -> None:
    made = okta("POST", "/Users", NINA)
    assert made.status_code == 201, made.said
    assert (
        made.headers["Location"]
        == made.said["meta"]["location"]
        == f"http://testserver/scim/v2/Users/{made.said['id']}"
    )
    user = User.objects.get(email="nina@example.com")
    assert (user.name, user.language, user.zone, user.locale) == ("Nina Korhonen", "fi", "Europe/Helsinki", "fi_FI")
    assert user.is_active
    assert not user.is_admin
    assert not user.has_usable_password()
    assert not user.roles.exists()
    read = okta("GET", f"/Users/{made.said['id']}").said
    assert read["externalId"] == "00u1"
    assert read["active"] is True
    assert read["name"] == {"givenName": "Nina", "familyName": "Korhonen"}
    assert "phoneNumbers" not in read
    assert "358" not in json.dumps(user.directory.said), "what nothing uses is not kept"  # type: ignore[attr-defined]
    event = Event.objects.get(name="account.created", record=user.pk)
    assert (event.actor_kind, event.actor_name) == ("system", "SCIM Okta")


def test_what_changed_here_is_told_to_the_directory(okta: Directory) -> None:
    path = f"/Users/{okta('POST', '/Users', NINA).said['id']}"
    before = okta("GET", path)
    User.objects.filter(email="nina@example.com").update(name="Nina Virtanen", is_active=False)
    after = okta("GET", path)
    assert (after.said["displayName"], after.said["active"]) == ("Nina Virtanen", False)
    assert before.headers["ETag"] != after.headers["ETag"]
    assert okta("GET", path, HTTP_IF_NONE_MATCH=after.headers["ETag"]).status_code == 304
    stale = okta.patch(path, {"op": "replace", "path": "active", "value": True}, HTTP_IF_MATCH=before.headers["ETag"])
    assert stale.status_code == 412
    assert not User.objects.get(email="nina@example.com").is_active


@pytest.mark.every_engine
def test_whom_a_directory_locks_out_is_out_with_the_next_request(okta: Directory, cast: Cast) -> None:
    hers = Client()
    hers.force_login(cast.ben)
    assert hers.get("/boxes/").status_code == 200
    _token, text = tokens.make(cast.actor("ben"), tokens.Wanted("Script", [("*", "view")]))
    answer = okta.patch(f"/Users/u{cast.ben.pk}", {"op": "Replace", "path": "active", "value": "False"})
    assert answer.status_code in (200, 204), answer.said
    assert hers.get("/boxes/").status_code == 302
    assert not Session.objects.filter(user=cast.ben).exists()
    assert tokens.actor_for(text, "192.0.2.7") is None
    assert Event.objects.filter(name="account.deactivated", record=cast.ben.pk, actor_name="SCIM Okta").exists()


def test_whom_a_directory_deletes_stays_in_the_ledger_and_can_come_back(okta: Directory) -> None:
    path = f"/Users/{okta('POST', '/Users', NINA).said['id']}"
    assert okta("DELETE", path).status_code == 204
    assert okta("GET", path).status_code == okta("DELETE", path).status_code == 404
    assert okta("GET", '/Users?filter=userName eq "nina@example.com"').said["totalResults"] == 0
    user = User.objects.get(email="nina@example.com")
    assert not user.is_active
    again = okta("POST", "/Users", NINA)
    assert again.status_code == 201
    assert User.objects.get(email="nina@example.com").is_active
    names = list(Event.objects.filter(record=user.pk).order_by("pk").values_list("name", flat=True))
    assert names == ["account.created", "account.deactivated", "account.reactivated"]


def test_an_address_that_is_taken_is_a_conflict(okta: Directory, cast: Cast) -> None:
    answer = okta("POST", "/Users", person("ADA@example.com"))
    assert (answer.status_code, answer.said["scimType"]) == (409, "uniqueness")
    made = okta("POST", "/Users", NINA).said
    answer = okta.patch(f"/Users/{made['id']}", {"op": "replace", "path": "userName", "value": "ada@example.com"})
    assert (answer.status_code, answer.said["scimType"]) == (409, "uniqueness")


# Administrators


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "active", "value": False},
        {"op": "replace", "path": "userName", "value": "mallory@example.com"},
        {"op": "replace", "path": "displayName", "value": "Mallory"},
    ],
)
def test_a_directory_does_not_take_over_an_administrator(
    okta: Directory, cast: Cast, operation: dict[str, Any]
) -> None:
    path = f"/Users/u{cast.admin.pk}"
    User.objects.filter(pk=cast.eve.pk).update(is_admin=True)
    answer = okta.patch(path, operation)
    assert answer.status_code == 403, answer.said
    assert okta("DELETE", path).status_code == 403
    cast.admin.refresh_from_db()
    assert (cast.admin.email, cast.admin.name, cast.admin.is_active) == ("admin@example.com", "Admin", True)


def test_an_administrator_may_decide_that_it_may_but_the_last_one_stays(okta: Directory, cast: Cast) -> None:
    put(cast.actor("admin"), directory.ADMINISTRATORS, True)
    User.objects.filter(pk=cast.eve.pk).update(is_admin=True)
    out = {"op": "replace", "path": "active", "value": False}
    assert okta.patch(f"/Users/u{cast.eve.pk}", out).status_code in (200, 204)
    answer = okta.patch(f"/Users/u{cast.admin.pk}", out)
    assert answer.status_code == 400
    assert "last administrator" in answer.said["detail"]
    assert okta("DELETE", f"/Users/u{cast.admin.pk}").status_code == 400
    assert User.objects.get(pk=cast.admin.pk).is_active


def test_an_administrator_whom_the_directory_added_can_leave_but_keeps_her_address(okta: Directory) -> None:
    path = f"/Users/{okta('POST', '/Users', NINA).said['id']}"
    User.objects.filter(email="nina@example.com").update(is_admin=True)
    assert okta.patch(path, {"op": "replace", "path": "userName", "value": "x@example.com"}).status_code == 403
    assert okta.patch(path, {"op": "replace", "path": "active", "value": False}).status_code in (200, 204)


def test_nothing_that_a_directory_says_makes_an_administrator(okta: Directory) -> None:
    made = okta(
        "POST", "/Users", {**NINA, "is_admin": True, "admin": True, "roles": [{"value": "admin"}], "password": "x" * 20}
    )
    assert made.status_code == 201
    user = User.objects.get(email="nina@example.com")
    assert not user.is_admin
    assert not user.has_usable_password()


# Groups


@pytest.mark.every_engine
def test_a_group_becomes_a_team_and_its_members_get_what_it_stands_for(okta: Directory, cast: Cast) -> None:
    nina = okta("POST", "/Users", NINA).said["id"]
    made = okta("POST", "/Groups", group("Sales", nina, externalId="g-1"))
    assert made.status_code == 201, made.said
    user, team = User.objects.get(email="nina@example.com"), Team.objects.get(name="Sales")
    assert list(team.members.all()) == [user]
    assert okta("GET", f"/Users/{nina}").said["groups"][0]["value"] == made.said["id"]
    row = DirectoryGroup.objects.get()
    directory.map_group(cast.actor("admin"), row, team, ["team"])
    assert list(user.roles.values_list("key", flat=True)) == ["team"]  # type: ignore[attr-defined]
    path = f"/Groups/{made.said['id']}"
    ada = f"u{cast.ada.pk}"
    okta.patch(path, {"op": "Add", "path": "members", "value": [{"value": ada}]})
    assert set(team.members.values_list("name", flat=True)) == {"Nina Korhonen", "Ada"}
    okta.patch(path, {"op": "remove", "path": f'members[value eq "{nina}"]'})
    okta.patch(path, {"op": "Remove", "path": "members", "value": [{"value": nina}]})
    assert set(team.members.values_list("name", flat=True)) == {"Ada"}
    assert not user.roles.exists()  # type: ignore[attr-defined]
    assert Team.objects.get(name="Ada’s team") in cast.ada.teams.all(), "a team given by hand stays"  # type: ignore[attr-defined]
    assert okta("DELETE", path).status_code == 204
    assert Team.objects.filter(name="Sales").exists()
    assert not team.members.exists()
    said = [
        Fact.registry[e.name].load(e).sentence()
        for e in Event.objects.filter(name="directory.group_changed").order_by("pk")
    ]
    assert said[0] == "The directory’s group “Sales” was added"
    assert said[-1] == "The directory’s group “Sales” was removed"


def test_a_group_that_stands_for_something_else_takes_back_what_it_gave(okta: Directory, cast: Cast) -> None:
    nina = okta("POST", "/Users", NINA).said["id"]
    okta("POST", "/Groups", group("Sales", nina))
    row, user = DirectoryGroup.objects.get(), User.objects.get(email="nina@example.com")
    directory.map_group(cast.actor("admin"), row, row.team, ["team", "own"])
    other = Team.objects.create(name="Other")
    directory.map_group(cast.actor("admin"), row, other, ["own"])
    assert list(user.roles.values_list("key", flat=True)) == ["own"]  # type: ignore[attr-defined]
    assert list(user.teams.values_list("name", flat=True)) == ["Other"]  # type: ignore[attr-defined]


def test_groups_wait_for_an_administrator_where_they_become_no_teams(okta: Directory, cast: Cast) -> None:
    put(cast.actor("admin"), directory.TEAMS, False)
    okta("POST", "/Groups", group("Sales", f"u{cast.ada.pk}"))
    assert not Team.objects.filter(name="Sales").exists()
    assert Role.objects.filter(users=cast.ada).count() == 1


@pytest.mark.parametrize("member", ["u999999", "g1", "1", "", "ü1", "u" + "9" * 30])
def test_members_who_are_nobody_are_refused_and_nothing_is_made(okta: Directory, member: str) -> None:
    answer = okta("POST", "/Groups", group("Sales", member))
    assert answer.status_code == 400, answer.said
    assert not DirectoryGroup.objects.exists()
    assert not Team.objects.filter(name="Sales").exists()


def test_two_groups_of_one_name_are_one_too_many(okta: Directory) -> None:
    okta("POST", "/Groups", group("Sales"))
    assert okta("POST", "/Groups", group("SALES")).status_code == 409


# Questions


@pytest.mark.every_engine
def test_directories_filter_sort_and_page(okta: Directory, cast: Cast) -> None:
    okta("POST", "/Users", NINA)

    def names(query: str) -> list[str]:
        return [one["userName"].partition("@")[0] for one in okta("GET", f"/Users?{query}").said["Resources"]]

    assert names('filter=userName eq "NINA@example.com"') == ["nina"]
    assert names('filter=externalId eq "00u1"') == ["nina"]
    assert names(f'filter=id eq "u{cast.ada.pk}"') == ["ada"]
    assert names('filter=userName sw "e" or name.familyName co "KORHO"') == ["eve", "nina"]
    assert names("sortBy=userName&sortOrder=descending&count=2") == ["nina", "eve"]
    assert names("sortBy=userName&startIndex=3&count=2") == ["ben", "cai"]
    assert names("startIndex=6&count=5") == ["eve", "nina"]
    assert okta("GET", "/Users?count=0").said["totalResults"] == 7
    found = okta("POST", "/.search", {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "count": 3})
    assert found.said["itemsPerPage"] == 3


def test_the_first_question_after_a_start_is_understood() -> None:
    """In a process of its own: here other tests have completed the models long ago."""
    program = (
        "from scim2_models import SearchRequest, Context; from kith.api.scim.shapes import Group, User; "
        "[SearchRequest[one].model_validate({'filter': text + ' eq \"x\"'}, scim_ctx=Context.SEARCH_REQUEST) "
        "for one, text in ((User, 'userName'), (User, 'groups.value'), (Group, 'members.value'), (Group, 'displayName'))]"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def test_bulk_is_done_as_well_each_operation_whole_or_not_at_all(okta: Directory) -> None:
    answer = okta(
        "POST",
        "/Bulk",
        {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": [
                {"method": "POST", "path": "/Users", "bulkId": "a", "data": NINA},
                {"method": "POST", "path": "/Users", "bulkId": "b", "data": person("nobody")},
                {"method": "POST", "path": "/Groups", "bulkId": "c", "data": group("Sales", "bulkId:a")},
            ],
        },
    )
    assert [str(one["status"]) for one in answer.said["Operations"]] == ["201", "400", "201"], answer.said
    assert Team.objects.get(name="Sales").members.get().email == "nina@example.com"


# Bad input


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/Users", {}, 400),
        ("POST", "/Users", [], 400),
        ("POST", "/Users", person("no address"), 400),
        ("POST", "/Users", person("a@example.com", active="perhaps"), 400),
        ("POST", "/Users", person("a@example.com", displayName="x" * 300), 400),
        ("POST", "/Users", person("a@example.com", name={"familyName": "x\0y"}), 400),
        ("POST", "/Groups", group(""), 400),
        ("POST", "/Groups", group("x" * 300), 400),
        ("GET", "/Users?filter=userName zz 1", None, 400),
        ("GET", "/Users?filter=" + "(" * 1500 + 'userName eq "a"' + ")" * 1500, None, 400),
        ("GET", "/Users?filter=" + 'userName eq "a" or ' * 200 + 'userName eq "b"', None, 400),
        ("GET", "/Users?sortBy=password", None, 400),
        ("GET", "/Users/u0", None, 404),
        ("GET", "/Users/1", None, 404),
        ("GET", "/Users/g1", None, 404),
        ("GET", "/Nothing", None, 404),
        ("GET", "/Me", None, 501),
        ("DELETE", "/Users", None, 405),
        ("PUT", "/Users/u999999", person("a@example.com"), 404),
    ],
)  # fmt: skip
def test_bad_input_gets_an_error_in_words_of_scim(
    okta: Directory, method: str, path: str, body: Any, status: int
) -> None:
    before = User.objects.count()
    answer = okta(method, path, body)
    assert answer.status_code == status, answer.said
    assert answer.said["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert str(answer.said["status"]) == str(status)
    assert answer.headers["Content-Type"].startswith("application/scim+json")
    assert User.objects.count() == before
    assert not DirectoryGroup.objects.exists()


def test_json_that_is_none_or_too_deep_or_too_much_is_refused(okta: Directory) -> None:
    head = {"HTTP_AUTHORIZATION": f"Bearer {okta.text}"}
    for body, status in ((b"{", 400), (b"[" * 100_000, 400), (b"\xff", 400), (b" " * (1024 * 1024 + 1), 413)):
        answer = okta.client.generic("POST", "/scim/v2/Users", body, "application/scim+json", **head)
        assert answer.status_code == status, body[:20]
    assert okta.client.generic("POST", "/scim/v2/Users", b"<a/>", "text/xml", **head).status_code == 415


# Who comes


def test_without_a_token_for_scim_nobody_is_answered(okta: Directory, cast: Cast) -> None:
    _api, text = tokens.make(cast.actor("admin"), tokens.Wanted("Script", [("*", "*")]))
    signed_in = Client()
    signed_in.force_login(cast.admin)
    answers = [
        okta("GET", "/Users", HTTP_AUTHORIZATION=""),
        okta("GET", "/Users", HTTP_AUTHORIZATION=f"Bearer {text}"),
        okta("GET", f"/Users?access_token={okta.text}", HTTP_AUTHORIZATION=""),
        signed_in.get("/scim/v2/Users"),
    ]
    assert {(one.status_code, one.content) for one in answers} == {(401, answers[0].content)}
    assert answers[0].headers["WWW-Authenticate"].startswith("Bearer")
    Token.objects.update(revoked_at="2026-01-01T00:00:00Z")
    assert okta("GET", "/Users").status_code == 401


def test_a_token_for_scim_opens_nothing_else(okta: Directory) -> None:
    for address in ("/", "/boxes/", "/settings/users/"):
        answer = okta.client.get(address, HTTP_AUTHORIZATION=f"Bearer {okta.text}")
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/sign-in/")


def test_too_many_requests_are_told_when_to_come_again(okta: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_gates: Any) -> None:
        raise tokens.limits.TooMany(7)

    monkeypatch.setattr(tokens.limits, "take", full)
    answer = okta("GET", "/Users")
    assert (answer.status_code, answer.headers["Retry-After"], answer.said["status"]) == (429, "7", "429")


def test_no_log_line_holds_a_token(okta: Directory, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    okta("GET", "/Users")
    okta("GET", "/Users/u0")
    okta("POST", "/Users", {})
    okta("GET", "/Users", HTTP_AUTHORIZATION=f"Bearer {okta.text}x")
    told = "\n".join(f"{one.getMessage()} {one.__dict__}" for one in caplog.records if one.name != "django.db.backends")
    assert caplog.records
    secret = okta.text.rpartition("_")[2]
    assert secret not in told


def test_every_address_that_skips_the_token_of_forms_asks_for_a_token_of_its_own() -> None:
    exempt = {p.name for _address, p in _walk(get_resolver()) if getattr(p.callback, "csrf_exempt", False)}
    asking = {p.name for _address, p in _walk(get_resolver()) if p.callback.policy.who == TOKEN}
    # Those of OAuth ask for a code or a token in the body, and for the app's own secret.
    oauth = {"oauth-token", "oauth-revoke", "oauth-introspect"}
    assert {name for name in asking if not name.startswith("rest-")} == {"scim", "scim-root"} | oauth
    # And letterboxes believe what comes for its signature.
    assert exempt == asking | {"saml_acs", "webhook-in", "webhook-in-secret"}
