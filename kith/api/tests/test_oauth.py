"""Apps of others: registered, let in by people, given tokens, and shut out again. The protocol over HTTP, from outside."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connections
from django.test import Client

from kith.events.models import Event
from kith.events.runs import execute
from kith.identity import people, permits, tokens
from kith.identity.models import App, Permit, PermitCode, Renewal, Token
from kith.kernel import clock, guarded
from kith.kernel.actor import System
from kith.kernel.errors import Forbidden, Invalid, Missing
from kith.objects.write import create
from tests.cast import Cast

from .apps import BACK, VERIFIER, Their, challenge, sent_back

pytestmark = pytest.mark.django_db
SEED = System("seed")
PROTOCOL = pytest.mark.one_engine("what a request looks like is judged before any row is looked up by it")


@pytest.fixture
def their(cast: Cast) -> Their:
    return Their(cast)


# The whole way


@pytest.mark.every_engine
@pytest.mark.parametrize("confidential", [True, False])
def test_an_app_that_is_let_in_reads_what_was_agreed_to_and_no_more(cast: Cast, confidential: bool) -> None:
    create(SEED, "toybox.toy", name="Robot")
    create(SEED, "toybox.box", name="Attic")
    their = Their(cast, confidential=confidential)
    page = their.browser.get(their.asks()).content.decode()
    assert "Let “Mail merge” in?" in page
    assert "Eve" in page
    assert "View" in page
    back = sent_back(their.answers(their.asks()))
    assert (back["to"], back["from"], back["state"]) == ("https://app.example/back", "kith", "s t&ä")
    assert back["iss"] == "http://testserver"
    said = their.exchanges(back["code"]).said
    assert (said["token_type"], said["scope"], said["expires_in"]) == ("Bearer", "toybox.toy:view", 3600)
    assert tokens.is_token(said["access_token"]), "scanners of source code know it"
    assert "Robot" in their.reads(said["access_token"]).content.decode()
    assert their.reads(said["access_token"], "/boxes").status_code == 403
    assert their.reads(said["access_token"], "/toys", "POST", {"values": {"name": "X"}}).status_code == 403
    assert json.loads(their.reads(said["access_token"], "/me").content)["name"] == "Eve"
    told = [(e.name, e.actor_name) for e in Event.objects.filter(name__startswith="account.app").order_by("pk")]
    assert told == [("account.app_registered", "Admin"), ("account.app_let_in", "Eve")]


def test_nothing_that_is_kept_opens_anything(their: Their) -> None:
    code = their.code()
    said = their.exchanges(code).said
    kept = json.dumps(
        [list(table.objects.values()) for table in (App, Permit, PermitCode, Renewal, Token)], default=str
    ) + json.dumps(list(Event.objects.values("data")))
    for secret in (code, said["access_token"], said["refresh_token"], their.secret):
        assert secret not in kept
        assert hashlib.sha256(secret.encode()).hexdigest() in kept


def test_whoever_refuses_is_sent_back_with_nothing(their: Their) -> None:
    back = sent_back(their.answers(their.asks(), "refuse"))
    assert (back["error"], back["state"], back["iss"]) == ("access_denied", "s t&ä", "http://testserver")
    assert "code" not in back
    assert not Permit.objects.exists()


def test_letting_in_asks_who_it_is_and_for_a_fresh_proof(cast: Cast, their: Their) -> None:
    stranger = Client().get(their.asks())
    assert stranger.status_code == 302
    assert stranger.headers["Location"].startswith("/sign-in/?next=%2Foauth%2Fauthorize%2F%3F")
    with clock.frozen(clock.now() + timedelta(minutes=20)):
        answer = their.answers(their.asks())
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/again/")
    assert not Permit.objects.exists()
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(cast.eve)
    assert forged.post(their.asks(), {"answer_to_app": "let_in"}).status_code == 403


# What is asked wrongly


@pytest.mark.parametrize(
    "given",
    [
        {"client_id": "unknown"},
        {"client_id": None},
        {"client_id": "a\0b"},
        {"redirect_uri": None},
        {"redirect_uri": "https://app.example/back"},
        {"redirect_uri": "https://app.example/back?from=kith&more=1"},
        {"redirect_uri": "https://evil.example/back?from=kith"},
        {"redirect_uri": "https://app.example/back?from=kith#x"},
        {"redirect_uri": "http://localhost/back"},
        {"redirect_uri": "http://127.0.0.1:99999/back"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "data:text/html,x"},
        {"redirect_uri": "http://127.0.0.1@evil.example/back"},
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_the_apps(their: Their, given: dict[str, str | None]) -> None:
    page = their.browser.get(their.asks(**given))
    assert page.status_code == 400
    assert "This app is not known here" in page.content.decode()
    assert "refresh" not in page.content.decode()
    for value in given.values():
        assert not value or len(value) < 10 or value not in page.content.decode()


@PROTOCOL
@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unauthorized_client"),
        ({"response_type": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "ä" * 43}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"scope": "nothing"}, "invalid_scope"),
        ({"scope": "toybox.nothing:view"}, "invalid_scope"),
        ({"scope": "toybox.toy:conquer"}, "invalid_scope"),
        ({"scope": "toybox.toy:view " * 500}, "invalid_scope"),
    ],
)
def test_what_cannot_be_had_is_told_to_the_app(their: Their, given: dict[str, str | None], error: str) -> None:
    back = sent_back(their.browser.get(their.asks(**given)))
    assert (back["to"], back["error"], back["state"]) == ("https://app.example/back", error, "s t&ä")
    assert not Permit.objects.exists()


def test_an_app_asks_for_no_more_than_it_was_registered_for(cast: Cast) -> None:
    their = Their(cast, ("toybox.toy", "view"), ("toybox.box", "*"))
    for scope in ("toybox.toy:change", "*:view", "*:*", "toybox.toy:*", "toybox.toy:view *:*"):
        assert sent_back(their.browser.get(their.asks(scope=scope)))["error"] == "invalid_scope"
    assert their.tokens(scope="toybox.toy:view toybox.box:change")["scope"] == "toybox.box:change toybox.toy:view"
    assert their.tokens(scope=None)["scope"] == "toybox.box:* toybox.toy:view", "all that it may ask for"


def test_on_ones_own_computer_any_port_will_do(their: Their) -> None:
    for address in ("http://127.0.0.1:49152/back", "http://127.0.0.1/back"):
        assert sent_back(their.answers(their.asks(redirect_uri=address)))["code"]
    assert their.browser.get(their.asks(redirect_uri="http://127.0.0.1:49152/other")).status_code == 400


@PROTOCOL
@pytest.mark.parametrize("double", ["client_id", "redirect_uri", "scope", "state", "response_type"])
def test_what_comes_twice_is_no_request(their: Their, double: str) -> None:
    assert their.browser.get(f"{their.asks()}&{double}=x").status_code == 400


# Exchanging


@pytest.mark.parametrize(
    ("given", "status", "error"),
    [
        ({"code_verifier": "b" * 50}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_request"),
        ({"code_verifier": challenge()}, 400, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1/back"}, 400, "invalid_request"),
        ({"client_secret": "kith_wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": "unknown"}, 401, "invalid_client"),
        ({"grant_type": "password", "username": "eve", "password": "x"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, 400, "unsupported_grant_type"),
        ({"grant_type": None}, 400, "unsupported_grant_type"),
        ({"code": "wrong"}, 400, "invalid_grant"),
        ({"code": None}, 400, "invalid_request"),
        ({"code": "a\0b"}, 400, "invalid_request"),
    ],
)
def test_a_code_is_exchanged_only_by_whoever_it_was_made_for(
    their: Their, given: dict[str, str | None], status: int, error: str
) -> None:
    code = their.code()
    told: dict[str, str | None] = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER,
    } | given  # fmt: skip
    answer = their.posts("/oauth/token", **told)
    assert (answer.status_code, answer.said["error"]) == (status, error), answer.said
    assert "no-store" in answer.headers["Cache-Control"]
    assert not Token.objects.exists()
    assert their.exchanges(code).status_code == 200, "and the wrong try spoilt nothing"


def test_a_code_lives_a_minute_and_belongs_to_one_app(their: Their, cast: Cast) -> None:
    code = their.code()
    other = Their(cast)
    assert other.exchanges(code).said["error"] == "invalid_grant"
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert their.exchanges(code).said["error"] == "invalid_grant"
    assert their.exchanges(code, redirect_uri=None).status_code == 200, "OAuth 2.1 asks for the address no more"


@pytest.mark.every_engine
@pytest.mark.parametrize("what", ["code", "renewal"])
def test_what_comes_a_second_time_ends_the_permit(their: Their, what: str) -> None:
    code = their.code()
    first = their.exchanges(code).said
    second = their.renews(first["refresh_token"]).said if what == "renewal" else first
    assert their.reads(second["access_token"]).status_code == 200
    answer = their.renews(first["refresh_token"]) if what == "renewal" else their.exchanges(code)
    assert (answer.status_code, answer.said["error"]) == (400, "invalid_grant")
    for text in (first["access_token"], second["access_token"]):
        assert their.reads(text).status_code == 401
    assert their.renews(second["refresh_token"]).status_code == 400
    assert Event.objects.filter(name="account.app_shut_out", record=their.cast.eve.pk).count() == 1


def test_renewing_narrows_at_most(their: Their) -> None:
    said = their.tokens(scope="toybox.toy:* toybox.box:view")
    answer = their.renews(said["refresh_token"], scope="toybox.toy:view")
    assert answer.said["scope"] == "toybox.toy:view"
    assert their.reads(answer.said["access_token"], "/boxes").status_code == 403
    refused = their.renews(answer.said["refresh_token"], scope="*:*")
    assert refused.said["error"] == "invalid_scope"
    assert their.renews(answer.said["refresh_token"]).said["scope"] == "toybox.box:view toybox.toy:*"


@PROTOCOL
@pytest.mark.parametrize("basic", ["right", "encoded", "wrong", "both", "no base64", "another id"])
def test_a_secret_comes_in_the_header_or_in_the_body_and_not_in_both(their: Their, basic: str) -> None:
    pair = f"{their.app.client_id}:{their.secret if basic != 'wrong' else 'x'}"
    header = base64.b64encode(pair.encode()).decode() if basic != "no base64" else "%%%"
    told = {
        "grant_type": "authorization_code", "code": their.code(), "redirect_uri": BACK, "code_verifier": VERIFIER,
    } | ({"client_secret": their.secret} if basic == "both" else {}) | ({"client_id": "x"} if basic == "another id" else {})  # fmt: skip
    answer = their.program.generic(
        "POST", "/oauth/token", urlencode(told), "application/x-www-form-urlencoded",
        headers={"authorization": f"Basic {header}"},
    )  # fmt: skip
    assert answer.status_code == (200 if basic in ("right", "encoded") else 401)
    if answer.status_code == 401:
        assert answer.headers["WWW-Authenticate"].startswith("Basic "), (
            "as it proves itself, and not as a token is sent"
        )


@PROTOCOL
def test_what_is_no_form_is_no_request(their: Their) -> None:
    for sort, path in (("application/json", "/oauth/token"), ("application/x-www-form-urlencoded", "/oauth/token?a=b")):
        answer = their.program.generic("POST", path, "{}", sort)
        assert (answer.status_code, json.loads(answer.content)["error"]) == (400, "invalid_request")
    assert their.program.get("/oauth/token").status_code == 405
    double = "grant_type=refresh_token&refresh_token=a&refresh_token=b"
    answer = their.program.generic("POST", "/oauth/token", double, "application/x-www-form-urlencoded")
    assert answer.status_code == 400


@pytest.mark.every_engine
@pytest.mark.django_db(transaction=True)
def test_two_who_renew_at_the_same_moment_get_one_token_and_end_the_permit(cast: Cast) -> None:
    their = Their(cast)
    said = their.tokens()
    found: list[int] = []
    ready = threading.Barrier(2)

    def renews() -> None:
        try:
            ready.wait(10)
            found.append(their.renews(said["refresh_token"]).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=renews) for _n in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(found) == [200, 400]
    assert Permit.objects.get().ended_at is not None
    assert not tokens.alive(Token.objects.all()).exists()


# The end


def _password(their: Their) -> None:
    their.cast.eve.set_password("another horse entirely")
    their.cast.eve.save()
    type(their.cast.eve).objects.filter(pk=their.cast.eve.pk).update(password_at=clock.now())


ENDS: dict[str, Callable[[Their, dict[str, Any]], Any]] = {
    "revoked": lambda t, said: t.posts("/oauth/revoke", token=said["access_token"]),
    "refresh revoked": lambda t, said: t.posts(
        "/oauth/revoke", token=said["refresh_token"], token_type_hint="nonsense"
    ),
    "shut out": lambda t, said: permits.end(t.cast.actor("eve"), Permit.objects.get().pk),
    "by an administrator": lambda t, said: permits.end(t.cast.actor("admin"), Permit.objects.get().pk),
    "app removed": lambda t, said: permits.end_app(t.cast.actor("admin"), t.app.pk),
    "locked out": lambda t, said: people.deactivate(t.cast.actor("admin"), t.cast.eve),
    "new password": lambda t, said: _password(t),
    "restored": lambda t, said: tokens.end_all(),
}


@pytest.mark.parametrize("end", ENDS)
def test_the_end_is_an_end_at_once(their: Their, end: str) -> None:
    said = their.tokens()
    assert their.reads(said["access_token"]).status_code == 200
    ENDS[end](their, said)
    assert their.reads(said["access_token"]).status_code == 401
    answer = their.renews(said["refresh_token"])
    assert (answer.status_code, answer.said["error"]) in ((400, "invalid_grant"), (401, "invalid_client"))
    assert not tokens.still_opens(Token.objects.get().prefix)


def test_an_hour_ends_a_token_a_month_a_renewal_and_a_year_everything(their: Their) -> None:
    other = Their(their.cast)
    said, unused, now = their.tokens(), other.tokens(), clock.now()
    with clock.frozen(now + timedelta(seconds=3601)):
        assert their.reads(said["access_token"]).status_code == 401
        said = their.renews(said["refresh_token"]).said
        assert their.reads(said["access_token"]).status_code == 200
    for day in range(20, 365, 20):
        with clock.frozen(now + timedelta(days=day)):
            said = their.renews(said["refresh_token"]).said
            if day == 40:
                assert other.renews(unused["refresh_token"]).status_code == 400
    with clock.frozen(now + timedelta(days=365)):
        assert their.renews(said["refresh_token"]).status_code == 400


def test_a_stream_breaks_off_when_the_app_is_shut_out(their: Their, monkeypatch: pytest.MonkeyPatch) -> None:
    from kith.objects.exchange import exporting

    monkeypatch.setattr(exporting, "PAGE", 2)
    for n in range(6):
        create(SEED, "toybox.toy", name=f"Toy {n}")
    said = their.tokens(scope="toybox.toy:view toybox.toy:export")
    chunks: Iterator[bytes] = iter(their.reads(said["access_token"], "/toys/export").streaming_content)
    assert next(chunks).count(b"\n") == 2
    with guarded.tracking("token"):  # another process, whose connection writes
        permits.shut_out(Permit.objects.get())
    with pytest.raises(Exception, match="has ended"):
        next(chunks)


def test_work_that_an_app_began_goes_on_although_its_token_was_renewed_and_ends_with_the_permit(their: Their) -> None:
    said = their.tokens(scope="toybox.toy:*")
    records = {"records": [{"values": {"name": f"Toy {n}"}} for n in range(501)]}
    first, second = (
        json.loads(their.reads(said["access_token"], "/toys/bulk", "POST", records).content) for _time in range(2)
    )
    with clock.frozen(clock.now() + timedelta(hours=2)):
        later = their.renews(said["refresh_token"]).said
        assert execute(first["run"]).state == "done"  # type: ignore[union-attr]
        seen = their.reads(later["access_token"], f"/runs/{first['run']}")
        assert (seen.status_code, len(json.loads(seen.content)["data"])) == (200, 501)
        permits.shut_out(Permit.objects.get())
        assert execute(second["run"]).state == "failed"  # type: ignore[union-attr]


# What a token is, and what this house is


def test_an_app_learns_what_its_own_tokens_are_and_nothing_of_others(their: Their, cast: Cast) -> None:
    said = their.tokens()
    told = their.posts("/oauth/introspect", token=said["access_token"]).said
    assert told["active"] is True
    assert (told["client_id"], told["scope"], told["sub"]) == (
        their.app.client_id,
        "toybox.toy:view",
        str(cast.eve.pk),
    )
    assert their.posts("/oauth/introspect", token=said["refresh_token"]).said["active"] is True
    other = Their(cast)
    for text in (said["access_token"], said["refresh_token"], "nonsense", their.secret):
        assert other.posts("/oauth/introspect", token=text).said == {"active": False}
    assert other.posts("/oauth/revoke", token=said["access_token"]).status_code == 200
    assert their.reads(said["access_token"]).status_code == 200, "another app ends nothing of ours"
    assert their.posts("/oauth/introspect", token=said["access_token"], client_secret="x").status_code == 401
    by_hand = tokens.make(cast.actor("eve"), tokens.Wanted("By hand", [("*", "*")]))[1]
    assert their.posts("/oauth/introspect", token=by_hand).said == {"active": False}
    their.posts("/oauth/revoke", token=by_hand)
    assert their.reads(by_hand).status_code == 200, "what she made by hand is none of its business"


def test_a_public_app_may_end_its_tokens_and_not_ask_what_they_are(cast: Cast) -> None:
    their = Their(cast, confidential=False)
    said = their.tokens()
    assert their.posts("/oauth/introspect", token=said["access_token"]).status_code == 401
    assert their.posts("/oauth/revoke", token=said["access_token"]).status_code == 200
    assert their.reads(said["access_token"]).status_code == 401


@PROTOCOL
def test_the_house_describes_itself_and_keeps_to_it(client: Client) -> None:
    answer = client.get("/.well-known/oauth-authorization-server")
    told = json.loads(answer.content)
    assert told["issuer"] == "http://testserver"
    assert told["response_types_supported"] == ["code"]
    assert told["grant_types_supported"] == ["authorization_code", "refresh_token"]
    assert told["code_challenge_methods_supported"] == ["S256"]
    for name, status in (("authorization", 302), ("token", 405), ("revocation", 405), ("introspection", 405)):
        path = told[f"{name}_endpoint"].removeprefix(told["issuer"])
        assert client.get(path).status_code == status


def test_whoever_tries_too_often_waits(their: Their) -> None:
    with clock.frozen(clock.now()):
        for _time in range(120):
            assert their.exchanges("wrong").status_code == 400
        answer = their.exchanges("wrong")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1


# Administrators, and people


@PROTOCOL
@pytest.mark.parametrize(
    "address",
    [
        "", "https://", "http://app.example/back", "ftp://app.example/", "javascript:alert(1)", "myapp:/back", "https://a b/",
        "https://u:p@app.example/", "https://app.example/#x", "https://app.example/*", "com.example.app://x/back", "//app.example/",
        "https://app.example:99999/", "http://localhost/back", "https://ä.example/", "https://app.example/\n", "https://[x/",
    ],
)  # fmt: skip
def test_an_address_that_leads_elsewhere_is_refused(cast: Cast, address: str) -> None:
    assert not permits.is_address(address)
    with pytest.raises(Invalid):
        permits.register(cast.actor("admin"), permits.Wanted("App", True, [BACK, f"{address}|"], [("*", "view")]))


def test_only_administrators_register_and_remove(cast: Cast, their: Their) -> None:
    wanted = permits.Wanted("App", True, [BACK], [("*", "view")])
    with pytest.raises(Forbidden):
        permits.register(cast.actor("eve"), wanted)
    with pytest.raises(Forbidden):
        permits.end_app(cast.actor("eve"), their.app.pk)
    their.tokens()
    with pytest.raises(Missing):
        permits.end(cast.actor("ada"), Permit.objects.get().pk)
    for fault in ({"name": " "}, {"addresses": []}, {"scopes": []}):
        with pytest.raises(Invalid):
            permits.register(cast.actor("admin"), permits.Wanted(**{**wanted.__dict__, **fault}))


def test_used_codes_are_forgotten_when_nobody_can_use_them_again(their: Their) -> None:
    their.tokens()
    permits.forget_used_codes()
    assert (PermitCode.objects.count(), Renewal.objects.count(), Token.objects.count()) == (1, 1, 1)
    with clock.frozen(clock.now() + timedelta(days=61)):
        permits.forget_used_codes()
        # What the app began by its token may still be under way, and asks by that whether the app is let in.
        assert (PermitCode.objects.count(), Renewal.objects.count(), Token.objects.count()) == (0, 0, 1)
        assert tokens.still_opens(Token.objects.get().prefix)
        permits.shut_out(Permit.objects.get())
        permits.forget_used_codes()
    assert not Token.objects.exists()
