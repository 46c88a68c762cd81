"""Second factors, fresh proofs, and what everybody sees of her own doors."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from kith.events.models import Event
from kith.identity import factors, sign_in
from kith.identity.models import Session, User
from kith.kernel import clock
from kith.objects.settings import put
from kith.ui.screens.security import REQUIRED

PASSWORD = "correct horse battery"
RIGHT = {"email": "ada@example.com", "password": PASSWORD}
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(at: Any = None, steps: int = 0) -> str:
    step = int((at or clock.now()).timestamp()) // 30 + steps
    return factors.totp.format_hotp_value(factors.totp.hotp_value(SEED, step))


@pytest.fixture
def at_rest() -> Any:
    """A clock that stands in the middle of a step of thirty seconds."""
    with time_machine.travel((int(clock.now().timestamp()) // 30) * 30 + 15, tick=False) as traveller:
        yield traveller


@pytest.fixture
def with_app(cast: Any, at_rest: Any) -> User:
    factors.totp.TOTP.activate(cast.ada, SEED)
    return cast.ada


def test_the_app_is_added_by_its_first_code_and_asked_for_from_then_on(sign_in: Any, cast: Any, at_rest: Any) -> None:
    client = sign_in("ada")
    page = client.get("/settings/security/app/").content.decode()
    seed = client.session["new_seed"]
    assert all(seed[i : i + 4] in page for i in range(0, 32, 4))
    assert 'src="data:image/svg+xml;base64,' in page
    assert client.post("/settings/security/app/", {"code": "000000"}).status_code == 422
    assert not factors.has_factor(cast.ada)
    step = int(clock.now().timestamp()) // 30
    right = factors.totp.format_hotp_value(factors.totp.hotp_value(seed, step))
    shown = client.post("/settings/security/app/", {"code": right})
    codes = re.findall(r"<li>(\d{5}-\d{5})</li>", shown.content.decode())
    assert len(set(codes)) == 10
    assert factors.Authenticator.objects.get(type="totp").data["secret"].startswith("gAAAA"), "encrypted"
    at_rest.shift(60)
    other = Client()
    answer = other.post("/sign-in/", RIGHT)
    assert answer.headers["Location"] == "/sign-in/factor/"
    assert other.get("/boxes/").status_code == 302
    again = factors.totp.format_hotp_value(factors.totp.hotp_value(seed, step + 2))
    assert other.post("/sign-in/factor/", {"code": again}).status_code == 302
    assert other.get("/boxes/").status_code == 200
    assert Session.objects.get(user=cast.ada, how="password+code")
    third = Client()
    third.post("/sign-in/", RIGHT)
    assert third.post("/sign-in/factor/", {"recovery": codes[3]}).status_code == 302
    fourth = Client()
    fourth.post("/sign-in/", RIGHT)
    assert fourth.post("/sign-in/factor/", {"recovery": codes[3]}).status_code == 422, "a recovery code counts once"
    assert factors.recovery_codes_left(cast.ada) == 9
    names = set(Event.objects.values_list("name", flat=True))
    assert {
        "account.code_app_added",
        "account.recovery_codes_made",
        "account.recovery_code_used",
        "account.signed_in",
    } <= names


def half_in() -> Client:
    client = Client()
    assert client.post("/sign-in/", RIGHT).headers["Location"] == "/sign-in/factor/"
    return client


def test_a_code_counts_once_also_in_another_browser(with_app: User) -> None:
    first, second = half_in(), half_in()
    now = code()
    assert first.post("/sign-in/factor/", {"code": now}).status_code == 302
    assert second.post("/sign-in/factor/", {"code": now}).status_code == 422
    assert second.post("/sign-in/factor/", {"code": code(steps=-1)}).status_code == 422, "nor does an earlier one"
    assert second.get("/boxes/").status_code == 302


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_one_step(with_app: User, steps: int, fits: bool) -> None:
    assert (half_in().post("/sign-in/factor/", {"code": code(steps=steps)}).status_code == 302) is fits


def test_the_first_half_alone_opens_nothing_and_is_over_after_ten_minutes(with_app: User, at_rest: Any) -> None:
    client = half_in()
    for path in ("/", "/boxes/", "/settings/security/", "/sign-in/again/"):
        assert client.get(path).status_code == 302
    at_rest.shift(601)
    assert client.post("/sign-in/factor/", {"code": code()}).headers["Location"] == "/sign-in/"


def test_the_first_half_is_over_when_the_password_changes(with_app: User) -> None:
    client = half_in()
    sign_in.set_password(with_app, "plum tree by the sea", sign_in.actor_of(with_app))
    assert client.post("/sign-in/factor/", {"code": code()}).headers["Location"] == "/sign-in/"


def test_codes_cannot_be_guessed_through(with_app: User) -> None:
    client = half_in()
    statuses = [
        client.post("/sign-in/factor/", {"code": f"{n:06}"}, REMOTE_ADDR="192.0.2.7").status_code for n in range(25)
    ]
    assert statuses == [422] * 20 + [429] * 5


# Fresh proofs


def aged(client: Client) -> Client:
    session = client.session
    session["proof"] = clock.now().timestamp() - sign_in.FRESH - 1
    session.save()
    return client


def test_what_matters_asks_for_a_fresh_proof_and_goes_on_with_what_was_typed(sign_in: Any, cast: Any) -> None:
    client = aged(sign_in("admin"))
    typed = {"email": "new@example.com", "name": "Nina <Nova>", "role": ["member"]}
    answer = client.post("/settings/users/invite/", typed, HTTP_REFERER="http://testserver/settings/users/invite/")
    assert answer.status_code == 302
    kept = re.search(r"kept=([\w-]+)", answer.headers["Location"])[1]  # type: ignore[index]
    assert not User.objects.filter(email="new@example.com").exists()
    assert client.post("/sign-in/again/", {"password": "wrong", "kept": kept}).status_code == 422
    page = client.post("/sign-in/again/", {"password": PASSWORD, "kept": kept}).content.decode()
    assert 'action="/settings/users/invite/"' in page
    for name, value in (("email", "new@example.com"), ("name", "Nina &lt;Nova&gt;"), ("role", "member")):
        assert f'name="{name}" value="{value}"' in page
    assert page.count("csrfmiddlewaretoken") == 1
    assert client.post("/settings/users/invite/", typed).status_code == 200
    assert User.objects.filter(email="new@example.com").exists()


def test_what_was_typed_goes_nowhere_else(sign_in: Any) -> None:
    client = aged(sign_in("admin"))
    answer = client.post("/settings/users/invite/", {"password": "secret", "name": "x" * 70_000})
    assert "kept" not in answer.headers["Location"]
    client.post("/settings/security/codes/", {"password": "secret", "other": "x"})
    assert "secret" not in str(dict(client.session))


def test_an_export_asks_for_a_fresh_proof_and_leads_back_to_the_list(sign_in: Any, boxes: Any) -> None:
    boxes(1)
    assert sign_in("admin").get("/boxes/export/?format=csv").status_code == 200
    client = aged(sign_in("admin"))
    answer = client.get("/boxes/export/?format=csv", HTTP_REFERER="http://testserver/boxes/?sort=name")
    assert answer.headers["Location"] == "/sign-in/again/?next=%2Fboxes%2F%3Fsort%3Dname"
    foreign = client.get("/boxes/export/?format=csv", HTTP_REFERER="http://evil.example/boxes/")
    assert foreign.headers["Location"] == "/sign-in/again/"
    assert (
        client.post("/sign-in/again/", {"password": PASSWORD, "next": "/boxes/?sort=name"}).headers["Location"]
        == "/boxes/?sort=name"
    )
    assert client.get("/boxes/export/?format=csv").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "app/",
        "app/remove/",
        "passkeys/options/",
        "passkeys/",
        "passkeys/1/remove/",
        "codes/",
        "link/",
        "linked/1/remove/",
    ],
)
def test_every_change_of_the_doors_asks_for_a_fresh_proof(sign_in: Any, path: str) -> None:
    answer = aged(sign_in("ada")).post(f"/settings/security/{path}", {"code": "1"})
    assert answer.headers["Location"].startswith("/sign-in/again/")


def test_a_role_is_looked_at_without_a_fresh_proof_and_changed_with_one(sign_in: Any, cast: Any) -> None:
    from kith.objects.access.models import Role

    at = f"/settings/roles/{Role.objects.order_by('pk')[0].pk}/"
    client = aged(sign_in("admin"))
    assert client.get(at).status_code == 200
    assert client.post(at, {"name": "Another"}).headers["Location"].startswith("/sign-in/again/")


@pytest.mark.parametrize("path", ["invite/", "1/", "1/deactivate/", "1/reactivate/", "1/link/", "1/factors/remove/"])
def test_every_change_of_a_user_asks_for_a_fresh_proof_of_an_administrator(sign_in: Any, path: str) -> None:
    assert aged(sign_in("admin")).post(f"/settings/users/{path}").headers["Location"].startswith("/sign-in/again/")
    assert sign_in("ada").post(f"/settings/users/{path}").status_code == 403


def test_a_proof_for_somebody_else_is_none(sign_in: Any, cast: Any) -> None:
    cast.ben.set_password("plum tree by the sea")
    cast.ben.save()
    client = aged(sign_in("ada"))
    assert (
        client.post("/sign-in/again/", {"email": "ben@example.com", "password": "plum tree by the sea"}).status_code
        == 422
    )


# The page


def test_the_password_is_changed_with_the_present_one_and_ends_all_other_sessions(cast: Any) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        client.post("/sign-in/", RIGHT)
    url, new = "/settings/security/password/", "plum tree by the sea"
    wrong = here.post(url, {"present": "not it at all", "password": new})
    assert wrong.status_code == 422
    assert "This is not your present password." in wrong.content.decode()
    weak = here.post(url, {"present": PASSWORD, "password": "too short"})
    assert weak.status_code == 422
    assert "at least 15 characters" in weak.content.decode()
    assert here.post(url, {"present": PASSWORD, "password": new}).status_code == 302
    assert [client.get("/boxes/").status_code for client in (here, there)] == [200, 302]
    assert Client().post("/sign-in/", {**RIGHT, "password": new}).status_code == 302
    assert Client().post("/sign-in/", RIGHT).status_code == 422


def test_sessions_are_listed_and_ended_one_by_one_or_all(cast: Any) -> None:
    here, there, third = Client(), Client(), Client()
    for n, client in enumerate((here, there, third)):
        client.post("/sign-in/", RIGHT, REMOTE_ADDR=f"192.0.2.{n + 1}", HTTP_USER_AGENT="Firefox Linux")
    page = here.get("/settings/security/").content.decode()
    assert "From 192.0.2.2 with Firefox on Linux" in page
    assert page.count("This one") == 1
    key = Session.objects.get(address="192.0.2.2").session_key
    assert here.post("/settings/security/end/", {"session": key}).status_code == 302
    assert [client.get("/boxes/").status_code for client in (here, there, third)] == [200, 302, 200]
    here.post("/settings/security/end/")
    assert [client.get("/boxes/").status_code for client in (here, third)] == [200, 302]


def test_nobody_ends_the_session_of_somebody_else(sign_in: Any, cast: Any) -> None:
    ben = sign_in("ben")
    key = Session.objects.get(user=cast.ben).session_key
    sign_in("ada").post("/settings/security/end/", {"session": key})
    assert ben.get("/boxes/").status_code == 200


def test_the_factor_that_a_short_password_needs_stays(sign_in: Any, with_app: User) -> None:
    client = sign_in("ada")
    assert (
        client.post("/settings/security/password/", {"present": PASSWORD, "password": "plum 8 tree"}).status_code == 302
    )
    answer = client.post("/settings/security/app/remove/")
    assert answer.status_code == 422
    assert "too short to stand alone" in answer.content.decode()
    client.post("/settings/security/password/", {"present": "plum 8 tree", "password": "plum tree by the sea"})
    assert client.post("/settings/security/app/remove/").status_code == 302
    assert not factors.has_factor(with_app)


# An installation that asks for a second factor


def test_whoever_needs_a_second_factor_is_led_to_it_and_nowhere_else(sign_in: Any, cast: Any, at_rest: Any) -> None:
    put(cast.actor("admin"), REQUIRED, factors.Required.ADMINISTRATORS)
    assert sign_in("ada").get("/boxes/").status_code == 200
    client = sign_in("admin")
    for path in ("/", "/boxes/", "/settings/users/", "/settings/me/", "/boxes/export/"):
        assert client.get(path).headers["Location"].startswith("/sign-in/factor/")
    assert client.get("/sign-in/factor/").headers["Location"] == "/settings/security/"
    assert "asks for a second factor" in client.get("/settings/security/").content.decode()
    client.get("/settings/security/app/")
    seed = client.session["new_seed"]
    right = factors.totp.format_hotp_value(factors.totp.hotp_value(seed, int(clock.now().timestamp()) // 30))
    client.post("/settings/security/app/", {"code": right})
    assert client.get("/boxes/").status_code == 200
    put(cast.actor("admin"), REQUIRED, factors.Required.EVERYBODY)
    assert sign_in("ada").get("/boxes/").status_code == 302
    assert client.post("/settings/security/app/remove/").status_code == 422, "the last one stays"


def test_a_session_from_before_the_rule_proves_the_factor_it_has(sign_in: Any, cast: Any, with_app: User) -> None:
    client = sign_in("ada")
    put(cast.actor("admin"), REQUIRED, factors.Required.EVERYBODY)
    assert client.get("/boxes/").headers["Location"] == "/sign-in/factor/?next=%2Fboxes%2F"
    assert client.get("/sign-in/factor/").status_code == 200
    assert client.post("/sign-in/factor/?next=/boxes/", {"code": code()}).headers["Location"] == "/boxes/"
    assert client.get("/boxes/").status_code == 200


def test_a_proof_is_fresh_for_fifteen_minutes(cast: Any, at_rest: Any) -> None:
    client = Client()
    client.force_login(cast.admin)
    at_rest.shift(timedelta(minutes=15))
    assert client.get("/settings/users/invite/").status_code == 200
    at_rest.shift(1)
    assert client.get("/settings/users/invite/").status_code == 302
