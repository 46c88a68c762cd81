"""The way in, as browsers meet it: sessions, limits, tricks, and answers that tell nothing."""

from __future__ import annotations

import re
import statistics
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings

from kith.config import settings as house
from kith.events.models import Event
from kith.identity import sessions, sign_in
from kith.identity.models import Failure, Session
from kith.kernel import clock
from kith.ui.preferences import YEAR

RIGHT = {"email": "ada@example.com", "password": "correct horse battery"}
WRONG = {**RIGHT, "password": "wrong wrong wrong wrong"}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def come_in(**meta: Any) -> Client:
    client = Client()
    answer = client.post("/sign-in/", RIGHT, **meta)
    assert answer.status_code == 302, answer.content.decode()[-400:]
    return client


def test_guessing_is_slowed_down_and_says_until_when_but_never_for_others(cast: Any) -> None:
    for _try in range(20):
        assert Client().post("/sign-in/", WRONG, REMOTE_ADDR="192.0.2.7").status_code == 422
    answer = Client().post("/sign-in/", RIGHT, REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 45
    assert "Too many tries in a row." in answer.content.decode()
    assert Client().post("/sign-in/", RIGHT, REMOTE_ADDR="192.0.3.8").status_code == 302


def test_a_browser_that_was_here_before_comes_in_whatever_others_tried(cast: Any) -> None:
    client = come_in(REMOTE_ADDR="192.0.2.9")
    cookie = client.cookies[sign_in.DEVICE_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == YEAR
    client.post("/sign-out/")
    for _try in range(30):
        Client().post("/sign-in/", WRONG, REMOTE_ADDR="192.0.2.7")
    assert Client().post("/sign-in/", RIGHT, REMOTE_ADDR="192.0.2.7").status_code == 429
    assert client.post("/sign-in/", RIGHT, REMOTE_ADDR="192.0.2.7").status_code == 302


@pytest.mark.parametrize(
    "forged",
    [{"HTTP_X_FORWARDED_FOR": "10.0.0.{n}"}, {"HTTP_X_REAL_IP": "10.0.0.{n}"}, {"HTTP_FORWARDED": "for=10.0.0.{n}"}],
)
def test_no_header_of_the_visitors_own_gives_fresh_tries(cast: Any, forged: dict[str, str]) -> None:
    statuses = [
        Client()
        .post("/sign-in/", WRONG, REMOTE_ADDR="192.0.2.7", **{k: v.format(n=n) for k, v in forged.items()})
        .status_code
        for n in range(21)
    ]
    assert statuses == [422] * 20 + [429]


def test_a_full_house_of_hashing_is_503_and_costs_nobody_a_try(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from kith.identity.passwords import Busy

    def busy(*_args: Any, **_rest: Any) -> None:
        raise Busy

    with monkeypatch.context() as patch:
        patch.setattr(sign_in, "authenticate", busy)
        for _try in range(25):
            answer = Client().post("/sign-in/", RIGHT)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    assert Client().post("/sign-in/", RIGHT).status_code == 302


# Sessions


def test_a_session_is_a_row_that_tells_from_where_and_opens_nothing(cast: Any) -> None:
    client = come_in(REMOTE_ADDR="192.0.2.9", HTTP_USER_AGENT=FIREFOX)
    row = Session.objects.get(user=cast.ada)
    assert (row.address, row.device, row.how) == ("192.0.2.9", FIREFOX, "password")
    key = client.cookies["sessionid"].value
    assert row.session_key == sessions.stored(key) != key
    thief = Client()
    thief.cookies["sessionid"] = row.session_key
    assert thief.get("/boxes/").status_code == 302


def test_signing_in_changes_the_key_of_the_session(cast: Any) -> None:
    client = Client()
    client.post("/sign-in/passkey/options/")
    before = client.cookies["sessionid"].value
    client.post("/sign-in/", RIGHT)
    assert client.cookies["sessionid"].value != before
    planted = Client()
    planted.cookies["sessionid"] = before
    assert planted.get("/boxes/").status_code == 302


def test_a_stolen_session_is_dead_with_the_next_request_after_a_new_password(cast: Any) -> None:
    stolen = come_in()
    assert stolen.get("/boxes/").status_code == 200
    sign_in.set_password(cast.ada, "plum tree by the sea", sign_in.actor_of(cast.ada))
    assert stolen.get("/boxes/").status_code == 302


@pytest.mark.parametrize("deed", ["deactivate", "set_admin", "set_roles", "set_email"])
def test_a_change_of_state_role_or_address_ends_every_session(cast: Any, deed: str) -> None:
    from kith.identity import people
    from kith.objects.access.people import set_roles

    first, second = come_in(), come_in()
    actor = cast.actor("admin")
    {
        "deactivate": lambda: people.deactivate(actor, cast.ada),
        "set_admin": lambda: people.set_admin(actor, cast.ada, True),
        "set_roles": lambda: set_roles(actor, cast.ada, ["eve"]),
        "set_email": lambda: people.set_email(actor, cast.ada, "ada@other.example"),
    }[deed]()
    assert [client.get("/boxes/").status_code for client in (first, second)] == [302, 302]


def test_a_session_that_was_ended_is_over_and_the_others_go_on(cast: Any) -> None:
    here, there = come_in(), come_in()
    assert sessions.end(cast.ada, sessions.stored(there.cookies["sessionid"].value))
    assert not sessions.end(cast.ben, sessions.stored(here.cookies["sessionid"].value))
    assert [client.get("/boxes/").status_code for client in (here, there)] == [200, 302]
    other = come_in()
    assert sessions.end_others(cast.ada, here.cookies["sessionid"].value) == 1
    assert [client.get("/boxes/").status_code for client in (here, other)] == [200, 302]


def test_when_a_session_was_last_used_is_noted_every_five_minutes(cast: Any) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client = come_in()
        first = Session.objects.get().seen_at
        traveller.shift(60)
        client.get("/boxes/")
        assert Session.objects.get().seen_at == first
        traveller.shift(300)
        client.get("/boxes/")
        assert Session.objects.get().seen_at == first + timedelta(seconds=360)


def test_over_https_the_cookies_belong_to_this_host_alone() -> None:
    import subprocess
    import sys

    code = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, "
        "s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.SESSION_COOKIE_DOMAIN)"
    )
    import os

    around = {
        **os.environ,
        "KITH_HTTPS": "1",
        "KITH_HOSTS": "crm.example.com",
        "DJANGO_SETTINGS_MODULE": "kith.config.settings",
    }
    told = subprocess.run(
        [sys.executable, "-c", code], env=around, capture_output=True, text=True, check=True
    ).stdout.split()
    assert told == ["__Host-session", "__Host-csrf", "True", "True", "Lax", "None"]
    request = type("Request", (), {"is_secure": lambda self: True})()
    assert sign_in.device_cookie(request) == "__Host-device"


# The ledger


def test_every_sign_in_stands_in_the_ledger_with_who_where_how_and_what_failed_before(cast: Any) -> None:
    for _try in range(3):
        Client().post("/sign-in/", WRONG, REMOTE_ADDR="192.0.2.7")
    come_in(REMOTE_ADDR="192.0.2.9", HTTP_USER_AGENT=FIREFOX)
    event = Event.objects.get(name="account.signed_in")
    assert (event.actor_id, event.object, event.record) == (str(cast.ada.pk), "identity.user", cast.ada.pk)
    assert event.data == {
        "how": "password",
        "address": "192.0.2.9",
        "browser": "Firefox",
        "system": "Linux",
        "failed": 3,
    }
    from kith.events.facts import Fact

    fact = Fact.registry[event.name].load(event)
    assert (fact.sentence(), fact.body()) == ("Signed in with a password", "From 192.0.2.9 with Firefox on Linux")
    first = Event.objects.get(name="account.sign_in_failed")
    assert (first.actor_kind, first.record, first.data) == ("guest", cast.ada.pk, {"network": "192.0.2.0/24"})
    failure = Failure.objects.get()
    assert (failure.user, failure.network, failure.count) == (cast.ada, "192.0.2.0/24", 3)
    assert RIGHT["password"] not in str(list(Event.objects.values_list("data", flat=True)))


def test_every_fact_about_accounts_has_a_sentence_without_holes() -> None:
    from kith.identity.facts import FACTS

    told = dict.fromkeys(("who", "email", "name", "provider", "old", "new"), "Ada")
    for fact in FACTS:
        said = fact(None, told).sentence()
        assert said
        assert "%" not in said


# Answers that tell nothing


def stripped(answer: Any, email: str) -> str:
    text = answer.content.decode().replace(email, "")
    return re.sub(r'(value="[A-Za-z0-9]{64}")', "", text)


@pytest.mark.parametrize("state", ["unknown", "inactive", "without a password"])
def test_whose_address_it_is_shows_in_no_word_status_or_header(cast: Any, state: str) -> None:
    other = "nobody@example.com"
    if state != "unknown":
        cast.ben.email, cast.ben.is_active = other, state != "inactive"
        if state == "without a password":
            cast.ben.set_unusable_password()
        cast.ben.save()
    for path in ("/sign-in/", "/sign-in/forgot/"):
        with override_settings(KITH_MAIL=True, KITH_URL="https://crm.example"):
            known, unknown = (
                Client().post(path, {"email": email, "password": "wrong wrong"}) for email in (RIGHT["email"], other)
            )
        assert known.status_code == unknown.status_code
        assert stripped(known, RIGHT["email"]) == stripped(unknown, other)
        assert sorted(known.headers) == sorted(unknown.headers)
        assert sorted(known.cookies) == sorted(unknown.cookies)


@override_settings(PASSWORD_HASHERS=house.PASSWORD_HASHERS)
def test_whose_address_it_is_shows_in_no_queries_and_no_time(cast: Any, django_assert_max_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cast.ada.set_password(RIGHT["password"])
    cast.ada.save()
    took: dict[str, list[float]] = {"ada@example.com": [], "nobody@example.com": []}
    asked: dict[str, set[int]] = {email: set() for email in took}
    Client().post("/sign-in/", {"email": "warm@example.com", "password": "up"})
    for n in range(6):
        for email, times in took.items():
            with CaptureQueriesContext(connection) as queries:
                began = time.process_time()
                Client().post(
                    "/sign-in/", {"email": email, "password": "wrong wrong wrong"}, REMOTE_ADDR=f"192.0.{n}.1"
                )
                times.append(time.process_time() - began)
            asked[email].add(len(queries))
    assert asked["ada@example.com"] == asked["nobody@example.com"]
    known, unknown = (statistics.median(times) for times in took.values())
    # Nearly all of it is one Argon2id; processor time, so that a busy machine does not matter.
    assert 0.7 < known / unknown < 1.4


# Tricks


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "https:evil.example", "javascript:alert(1)",
     "///evil.example", "/\t/evil.example", "http:///evil.example", "//testserver@evil.example", " //evil.example"],
)  # fmt: skip
@pytest.mark.parametrize("field", ["next", "page", "again"])
def test_nothing_leads_out_of_the_house(cast: Any, elsewhere: str, field: str) -> None:
    client = Client()
    if field == "next":
        answer = client.post("/sign-in/", {**RIGHT, "next": elsewhere})
        assert answer.headers["Location"] == "/"
    elif field == "again":
        client.force_login(cast.ada)
        answer = client.post("/sign-in/again/", {"password": RIGHT["password"], "next": elsewhere})
        assert answer.headers["Location"] == "/"
    else:
        page = client.get("/sign-in/", {"next": elsewhere}).content.decode()
        assert 'name="next" value="/"' in page
        assert not re.search(r'(href|action)="[^"?]*(evil\.|alert\()', page)


def test_links_in_mails_lead_where_the_house_says_and_not_where_a_header_says(cast: Any, mailoutbox: list[Any]) -> None:
    from tests.drain import drain

    with override_settings(KITH_MAIL=True, KITH_URL="https://crm.example", ALLOWED_HOSTS=["*"]):
        for host in ({"HTTP_HOST": "evil.example"}, {"HTTP_X_FORWARDED_HOST": "evil.example"}):
            Client().post("/sign-in/forgot/", {"email": RIGHT["email"]}, **host)
        drain()
    assert len(mailoutbox) == 2
    for mail in mailoutbox:
        assert mail.to == [RIGHT["email"]]
        assert "https://crm.example/sign-in/link/" in mail.body
        assert "evil" not in mail.body
