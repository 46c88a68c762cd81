"""API tokens: shown once, found by a prefix, ended at once, and never believed for a reason that is told."""

from __future__ import annotations

import hmac
import inspect
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from kith.events.models import Event
from kith.identity import limits, links, people, sign_in, tokens
from kith.identity.models import OneTimeLink, Session, Token, User
from kith.kernel import clock
from kith.kernel.actor import acting
from kith.kernel.errors import Forbidden, Invalid, Missing
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
HOME = "192.0.2.7"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def made(cast: Cast, name: str = "ada", **more: Any) -> tuple[Token, str]:
    return tokens.make(cast.actor(name), tokens.Wanted("Warehouse", **{"scopes": [("*", "view")], **more}))


def asked(header: str | None, address: str = HOME, **more: Any) -> Any:
    headers = {"HTTP_AUTHORIZATION": header} if header is not None else {}
    return RequestFactory().get("/scim/v2/Users", REMOTE_ADDR=address, **headers, **more)


def test_a_token_is_told_once_and_only_its_digest_is_kept(cast: Cast) -> None:
    token, text = made(cast)
    assert tokens.is_token(text)
    secret = text.split("_")[2]
    stored = json.dumps(list(Token.objects.values()), default=str) + json.dumps(
        list(Event.objects.values()), default=str
    )
    assert secret not in stored
    assert secret[:20] not in stored
    assert token.digest == tokens.digest(text)
    assert token.prefix in text
    assert len({made(cast)[1] for _time in range(20)}) == 20


def test_who_comes_with_a_token_is_its_owner_narrowed(cast: Cast) -> None:
    _token, text = made(cast, scopes=[("toybox.box", "view"), ("toybox.box", "change")])
    actor = tokens.actor_for(text, HOME)
    assert actor is not None
    assert (actor.user_id, actor.name) == (cast.ada.pk, "Ada")
    assert actor.scopes == {("toybox.box", "view"), ("toybox.box", "change")}


def test_truncated_changed_and_other_case_tokens_open_nothing(cast: Cast) -> None:
    _token, text = made(cast)
    another = made(cast, "ben")[1]
    swapped = text.swapcase().replace("KITH", "kith")
    start = f"kith_{text.split('_')[1]}_{another.split('_')[2][:43]}"
    wrong = ["", text[:-1], text + "0", text.upper(), swapped, f" {text}", f"{text}\n", text.replace("kith_", ""),
             start + tokens.checksum(start), "kith_" + "0" * 10 + "_" + "0" * 49, "kith_\udc80", "ş" * 60]  # fmt: skip
    for candidate in wrong:
        assert tokens.actor_for(candidate, HOME) is None, candidate
    assert tokens.actor_for(text, HOME) is not None


def test_a_scanner_knows_a_token_by_its_checksum(cast: Cast) -> None:
    _token, text = made(cast)
    assert tokens.FORM.fullmatch(text)
    changed = text[:20] + ("A" if text[20] != "A" else "B") + text[21:]
    assert not tokens.is_token(changed)


def test_a_token_that_is_not_there_is_compared_as_long_as_one_that_is(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same look-up and the same constant-time comparison in every case; nothing returns before them."""
    _token, text = made(cast)
    start = "kith_0000000000_" + "0" * 43
    compared: list[int] = []
    real = hmac.compare_digest

    def counted(one: Any, other: Any) -> bool:
        compared.append(len(one))
        return real(one, other)

    monkeypatch.setattr(tokens.hmac, "compare_digest", counted)
    for candidate in (text, start + tokens.checksum(start)):
        compared.clear()
        tokens.find(candidate, HOME)
        assert compared == [6, 64]
    compared.clear()
    tokens.find("nonsense", HOME)
    assert compared == [64]
    source = inspect.getsource(tokens.find)
    assert "==" not in source.split("compare_digest")[0].split('"""')[2], "no comparison of secrets by =="


@pytest.mark.parametrize("end", ["revoked", "expired", "deactivated", "let in again", "new password", "reset"])
def test_a_token_is_dead_at_once(cast: Cast, end: str) -> None:
    token, text = made(cast)
    admin = cast.actor("admin")
    with time_machine.travel(clock.now() + timedelta(minutes=1)) as traveller, acting(admin):
        assert tokens.actor_for(text, HOME) is not None
        if end == "revoked":
            tokens.revoke(cast.actor("ada"), token.pk)
        elif end == "expired":
            traveller.shift(timedelta(days=90))
        elif end == "deactivated":
            User.objects.filter(pk=cast.ada.pk).update(is_active=False)
        elif end == "let in again":
            people.deactivate(admin, cast.ada)
            people.reactivate(admin, cast.ada)
        else:
            sign_in.set_password(cast.ada, "a river of amber light", admin if end == "reset" else cast.actor("ada"))
        assert tokens.actor_for(text, HOME) is None
        assert not tokens.alive(Token.objects.filter(pk=token.pk)).exists()
        assert not tokens.is_alive(Token.objects.select_related("owner").get(pk=token.pk))


def test_a_restore_revives_no_token_no_session_and_no_link(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from kith.config import backup

    _token, text = made(cast)
    _scim, other = tokens.make_for_scim(cast.actor("admin"), tokens.Wanted("Directory"))
    Session.objects.create(session_key="x", user=cast.ada, expire_date=clock.now() + timedelta(days=1))
    links.make(links.RESET, cast.ben)
    monkeypatch.setattr(backup, "call_command", lambda *told, **more: None)
    backup.migrate_after_restore()
    assert tokens.actor_for(text, HOME) is None
    assert tokens.find(other, HOME, Token.SCIM) is None
    assert not Session.objects.exists()
    assert not OneTimeLink.objects.exists()


def test_a_change_of_roles_narrows_a_token_and_does_not_end_it(cast: Cast) -> None:
    _token, text = made(cast)
    people.rights_changed(cast.actor("admin"), cast.ada)
    assert tokens.actor_for(text, HOME) is not None


def test_a_token_counts_from_its_networks_only(cast: Cast) -> None:
    _token, text = made(cast, networks=["192.0.2.0/24", "2001:db8::/32", " "])
    assert tokens.actor_for(text, HOME)
    assert tokens.actor_for(text, "2001:db8::1")
    for address in ("198.51.100.1", "2001:db9::1", "", "x"):
        assert tokens.actor_for(text, address) is None


def test_what_cannot_be_is_said_beside_its_field(cast: Cast) -> None:
    with pytest.raises(Invalid) as error:
        tokens.make(cast.actor("ada"), tokens.Wanted("  ", [], 366, ["nowhere"]))
    assert set(error.value.errors) == {"name", "days", "networks", "scopes"}
    for days in (0, -1):
        with pytest.raises(Invalid):
            made(cast, days=days)


def test_a_token_makes_no_tokens(cast: Cast) -> None:
    _token, text = made(cast, scopes=[("*", "*")])
    actor = tokens.actor_for(text, HOME)
    assert actor is not None
    with pytest.raises(Forbidden):
        tokens.make(actor, tokens.Wanted("More", [("*", "*")]))
    with pytest.raises(Missing):
        tokens.revoke(actor, _token.pk)


def test_only_its_owner_and_administrators_revoke_a_token(cast: Cast) -> None:
    token, text = made(cast)
    with pytest.raises(Missing):
        tokens.revoke(cast.actor("ben"), token.pk)
    assert tokens.actor_for(text, HOME)
    tokens.revoke(cast.actor("admin"), token.pk)
    tokens.revoke(cast.actor("admin"), token.pk)
    told = (
        Event.objects.filter(name__startswith="account.token_")
        .order_by("pk")
        .values_list("name", "actor_name", "record")
    )
    assert list(told) == [("account.token_made", "Ada", cast.ada.pk), ("account.token_revoked", "Admin", cast.ada.pk)]


def test_only_administrators_make_tokens_for_scim_and_those_are_no_api_tokens(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        tokens.make_for_scim(cast.actor("ada"), tokens.Wanted("Directory"))
    _token, text = tokens.make_for_scim(cast.actor("admin"), tokens.Wanted("Directory"))
    assert tokens.actor_for(text, HOME) is None
    assert tokens.find(text, HOME, Token.SCIM) is not None
    assert tokens.find(made(cast)[1], HOME, Token.SCIM) is None


def test_the_table_takes_no_empty_secret(cast: Cast) -> None:
    past, ahead = clock.now() - timedelta(days=1), clock.now() + timedelta(days=1)
    good = {"prefix": "a", "digest": "b", "owner": cast.ada, "name": "x", "made_by": "x", "expires_at": ahead}
    wrongs: list[dict[str, Any]] = [
        {"digest": ""}, {"prefix": ""}, {"owner": None}, {"purpose": "scim"}, {"purpose": "more"}, {"expires_at": past},
    ]  # fmt: skip
    for wrong in wrongs:
        with pytest.raises(IntegrityError), transaction.atomic():
            Token.objects.create(**{**good, **wrong})


# Authorization: Bearer


def test_a_request_comes_with_its_token_in_the_header_and_nowhere_else(cast: Cast) -> None:
    _token, text = made(cast)
    assert tokens.actor_of_request(asked(f"Bearer {text}")).user_id == cast.ada.pk
    assert tokens.actor_of_request(asked(f"bearer {text}")).user_id == cast.ada.pk
    elsewhere = [
        asked(None, query_params={"access_token": text, "token": text}),
        asked(None, HTTP_COOKIE=f"token={text}"),
        asked(None, HTTP_X_API_KEY=text),
        asked(f"Basic {text}"),
        asked(f"Token {text}"),
        asked(text),
        asked(f"Bearer {text} {text}"),
        asked(f"Bearer {text}" + " " * 500),
    ]
    for request in elsewhere:
        with pytest.raises(tokens.Unknown):
            tokens.authenticate(request)


def test_unknown_expired_and_revoked_are_answered_alike(cast: Cast) -> None:
    revoked, text = made(cast)
    tokens.revoke(cast.actor("ada"), revoked.pk)
    expired, late = made(cast)
    Token.objects.filter(pk=expired.pk).update(
        made_at=clock.now() - timedelta(days=2), expires_at=clock.now() - timedelta(days=1)
    )
    answers = set()
    for header in (
        None,
        "Bearer nonsense",
        f"Bearer {text}",
        f"Bearer {late}",
        f"Bearer {made(cast, networks=['10.0.0.0/8'])[1]}",
    ):
        with pytest.raises(tokens.Unknown) as error:
            tokens.authenticate(asked(header))
        answers.add(str(error.value))
    assert len(answers) == 1


@pytest.mark.every_engine
def test_wrong_tokens_are_held_back_and_a_right_one_is_not(cast: Cast) -> None:
    _token, text = made(cast)
    with time_machine.travel(clock.now(), tick=False):
        for _time in range(60):
            with pytest.raises(tokens.Unknown):
                tokens.authenticate(asked("Bearer nonsense"))
        with pytest.raises(limits.TooMany):
            tokens.authenticate(asked("Bearer nonsense"))
        assert tokens.authenticate(asked(f"Bearer {text}")).owner == cast.ada


def test_one_token_asks_so_often_and_not_more_often(cast: Cast) -> None:
    _token, text = made(cast)
    with time_machine.travel(clock.now(), tick=False):
        gate = limits.Gate(f"token:{_token.prefix}:192.0.2.0/24", 600, 0.1)
        limits.take([gate] * 600)
        with pytest.raises(limits.TooMany):
            tokens.authenticate(asked(f"Bearer {text}"))
        assert tokens.authenticate(asked(f"Bearer {text}", "198.51.100.1"))


@pytest.mark.every_engine
def test_the_last_use_is_noted_once_a_minute(cast: Cast) -> None:
    token, text = made(cast)
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False) as traveller:
        first = clock.now()
        tokens.authenticate(asked(f"Bearer {text}"))
        traveller.shift(30)
        tokens.authenticate(asked(f"Bearer {text}", "198.51.100.1"))
        token.refresh_from_db()
        assert (token.used_at, token.used_from) == (first, HOME)
        traveller.shift(31)
        tokens.authenticate(asked(f"Bearer {text}", "198.51.100.1"))
        token.refresh_from_db()
        assert (token.used_at, token.used_from) == (clock.now(), "198.51.100.1")


def test_the_ledger_says_it_in_sentences(cast: Cast) -> None:
    tokens.revoke(cast.actor("admin"), made(cast)[0].pk)
    from kith.events.facts import Fact

    said = [
        Fact.registry[e.name].load(e).sentence() for e in Event.objects.filter(name__contains="token").order_by("pk")
    ]
    assert said == ["The API token “Warehouse” was made", "The API token “Warehouse” was revoked"]
