"""Users, as administrators keep them, and links that work once."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings

from kith.events.models import Event
from kith.identity import links, people
from kith.identity.models import OneTimeLink, Team, User
from kith.kernel import clock
from kith.kernel.actor import Actor, System
from kith.kernel.errors import Forbidden, Refused
from tests.drain import drain

NEW = "plum tree by the sea"
INVITED = {"email": "Nina@Example.com ", "name": " Nina   Nova ", "role": ["member", "reader"]}


def secret_in(page: str) -> str:
    return re.search(r"/sign-in/link/([\w-]{43})/", page)[1]  # type: ignore[index]


def test_somebody_is_invited_and_comes_in_through_her_link_once(sign_in: Any, cast: Any) -> None:
    team = Team.objects.get()
    page = sign_in("admin").post("/settings/users/invite/", {**INVITED, "team": [team.pk]}).content.decode()
    nina = User.objects.get(email="nina@example.com")
    assert (nina.name, nina.is_admin, nina.has_usable_password()) == ("Nina Nova", False, False)
    assert sorted(nina.roles.values_list("key", flat=True)) == ["member", "reader"]
    assert list(nina.teams.all()) == [team]
    secret = secret_in(page)
    assert secret not in str(OneTimeLink.objects.values_list())
    client = Client()
    assert "Nina Nova" in client.get(f"/sign-in/link/{secret}/").content.decode()
    weak = client.post(f"/sign-in/link/{secret}/", {"password": "nina nova 2026!"})
    assert weak.status_code == 422, "a refusal does not use the link up"
    assert client.post(f"/sign-in/link/{secret}/", {"password": NEW}).status_code == 302
    assert client.get("/settings/me/").status_code == 200
    assert Client().post(f"/sign-in/link/{secret}/", {"password": NEW}).status_code == 404
    event = Event.objects.get(name="account.invited")
    assert (event.actor_id, event.record, event.data["email"]) == (str(cast.admin.pk), nina.pk, "nina@example.com")


@override_settings(KITH_MAIL=True, KITH_URL="https://crm.example")
def test_with_mail_the_link_goes_to_the_invited_and_not_to_the_screen(sign_in: Any, mailoutbox: list[Any]) -> None:
    page = sign_in("admin").post("/settings/users/invite/", INVITED).content.decode()
    assert "/sign-in/link/" not in page
    assert mailoutbox == [], "nothing is sent inside of the request"
    drain()
    assert [mail.to for mail in mailoutbox] == [["nina@example.com"]]
    secret = secret_in(mailoutbox[0].body)
    assert Client().post(f"/sign-in/link/{secret}/", {"password": NEW}).status_code == 302


def test_a_link_is_over_after_its_time_after_a_newer_one_and_for_the_deactivated(cast: Any) -> None:
    old = links.make(links.RESET, cast.ada)
    new = links.make(links.RESET, cast.ada)
    with pytest.raises(links.Over):
        links.look(old)
    assert links.look(new).user == cast.ada
    with clock.frozen(clock.now() + timedelta(hours=1, seconds=1)), pytest.raises(links.Over):
        links.look(new)
    people.deactivate(System("test"), cast.ada)
    with pytest.raises(links.Over):
        links.look(new)
    assert Client().get("/sign-in/link/nonsense/").status_code == 404


@pytest.mark.every_engine
def test_the_first_administrator_comes_once(db: None) -> None:
    first = links.make(links.FIRST, None)
    given = {"name": "Ada", "email": "ada@example.com", "password": NEW}
    page = Client().post(f"/sign-in/link/{first}/", {**given, "email": "nonsense"})
    assert page.status_code == 422
    assert 'value="Ada"' in page.content.decode()
    client = Client()
    assert client.post(f"/sign-in/link/{first}/", given).status_code == 302
    assert User.objects.get().is_admin
    assert client.get("/settings/users/").status_code == 200
    assert Client().post(f"/sign-in/link/{first}/", {**given, "email": "eve@example.com"}).status_code == 404
    second = links.make(links.FIRST, None)
    assert Client().get(f"/sign-in/link/{second}/").status_code == 404, "somebody is here already"


def test_users_are_changed_and_each_change_stands_in_the_ledger(sign_in: Any, cast: Any) -> None:
    client = sign_in("admin")
    at = f"/settings/users/{cast.ben.pk}/"
    given = {"email": "benjamin@example.com", "role": ["manager"], "admin": "on"}
    assert client.post(at, given).status_code == 302
    cast.ben.refresh_from_db()
    assert (cast.ben.email, cast.ben.is_admin) == ("benjamin@example.com", True)
    assert list(cast.ben.roles.values_list("key", flat=True)) == ["manager"]
    assert list(cast.ben.teams.all()) == []
    assert client.post(f"{at}deactivate/").status_code == 302
    assert client.post(f"{at}reactivate/").status_code == 302
    names = list(Event.objects.filter(record=cast.ben.pk).order_by("pk").values_list("name", flat=True))
    assert names == [
        "account.made_admin", "account.email_changed", "account.roles_changed", "account.roles_changed", "account.deactivated",
        "account.reactivated",
    ]  # fmt: skip


def test_what_cannot_be_is_refused_beside_its_field(sign_in: Any, cast: Any) -> None:
    client = sign_in("admin")
    taken = client.post("/settings/users/invite/", {**INVITED, "email": "BEN@example.com"})
    assert taken.status_code == 422
    assert 'id="email-error"' in taken.content.decode()
    assert 'value="' in taken.content.decode()
    nameless = client.post("/settings/users/invite/", {**INVITED, "name": "  "})
    assert nameless.status_code == 422
    assert 'id="name-error"' in nameless.content.decode()
    assert client.post("/settings/users/invite/", {**INVITED, "role": ["nonsense"]}).status_code == 422
    assert not User.objects.filter(email__startswith="nina").exists(), "all or nothing"
    assert client.get("/settings/users/999999/").status_code == 404


def test_the_list_is_searched_and_keeps_a_constant_number_of_queries(
    sign_in: Any, cast: Any, django_assert_num_queries: Any
) -> None:
    from django.test.utils import CaptureQueriesContext

    client = sign_in("admin")
    client.get("/settings/users/")
    with CaptureQueriesContext(connection) as few:
        page = client.get("/settings/users/").content.decode()
    assert all(f"{name}@example.com" in page for name in ("admin", "ada", "ben", "cai", "dee", "eve"))
    for n in range(30):
        User.objects.make(f"more{n}@example.com", f"More {n}")
    with CaptureQueriesContext(connection) as many:
        client.get("/settings/users/")
    assert len(many) == len(few)
    found = client.get("/settings/users/", {"q": "BEN"}).content.decode()
    assert "ben@example.com" in found
    assert "dee@example.com" not in found


# The last administrator


@pytest.mark.parametrize("deed", [people.deactivate, lambda actor, user: people.set_admin(actor, user, False)])
def test_the_last_administrator_stays(cast: Any, deed: Any) -> None:
    with pytest.raises(Refused, match="the last administrator"):
        deed(cast.actor("admin"), cast.admin)
    people.set_admin(cast.actor("admin"), cast.ada, True)
    deed(cast.actor("admin"), cast.admin)
    with pytest.raises(Forbidden):
        people.set_admin(cast.actor("admin"), cast.ben, True)
    with pytest.raises(Refused, match="the last administrator"):
        deed(cast.actor("ada"), cast.ada)


def test_the_last_administrator_is_refused_on_the_screen_in_words(sign_in: Any, cast: Any) -> None:
    answer = sign_in("admin").post(f"/settings/users/{cast.admin.pk}/deactivate/")
    assert answer.status_code == 422
    assert "Admin is the last administrator." in answer.content.decode()


def demote(actor: Actor, user: User) -> None:
    people.set_admin(actor, user, False)


def edit_both(actor: Actor, user: User) -> None:
    """What the form of one user does in one transaction: administrator no longer, and another address."""
    with transaction.atomic():
        people.set_admin(actor, user, False)
        people.set_email(actor, user, f"was-{user.email}")


@pytest.mark.every_engine
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "deeds",
    [(people.deactivate, people.deactivate), (demote, demote), (people.deactivate, demote), (edit_both, edit_both)],
)
def test_two_who_leave_at_once_leave_one_administrator(deeds: Any) -> None:
    for _round in range(5):
        pair = [User.objects.make(f"{name}@example.com", name, is_admin=True) for name in ("one", "two")]
        start = threading.Barrier(2)
        refused: list[str] = []

        def leave(deed: Any, user: User, start: threading.Barrier = start, refused: list[str] = refused) -> None:
            start.wait()
            try:
                deed(System("test"), user)
            except Refused as refusal:
                refused.append(str(refusal))
            connection.close()

        threads = [threading.Thread(target=leave, args=both) for both in zip(deeds, pair, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert User.objects.filter(is_admin=True, is_active=True).count() == 1
        assert len(refused) == 1
        User.objects.all().delete()


# Forgotten passwords


def test_without_mail_it_is_said_whom_to_ask(db: None) -> None:
    page = Client().get("/sign-in/forgot/").content.decode()
    assert "Ask one of its administrators" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]


@override_settings(KITH_MAIL=True, KITH_URL="https://crm.example")
def test_a_forgotten_password_is_replaced_through_a_mail(cast: Any, mailoutbox: list[Any]) -> None:
    old = Client()
    old.force_login(cast.ada)
    for email in ("ADA@example.com", "nobody@example.com"):
        assert "a mail is on its way" in Client().post("/sign-in/forgot/", {"email": email}).content.decode()
    assert mailoutbox == []
    drain()
    assert [mail.to for mail in mailoutbox] == [["ada@example.com"]]
    assert Client().post(f"/sign-in/link/{secret_in(mailoutbox[0].body)}/", {"password": NEW}).status_code == 302
    assert old.get("/boxes/").status_code == 302
    assert "nobody@example.com" not in str(list(Event.objects.values_list("data", flat=True)))
