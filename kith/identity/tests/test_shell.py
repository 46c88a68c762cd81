"""Users, as `kith user` keeps them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from kith.config import cli
from kith.events.models import Event
from kith.identity.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return User.objects.make("ada@example.com", "Ada", "correct horse battery", is_admin=True)


def test_a_link_for_choosing_a_password_works_once_and_stands_in_the_ledger(ada: User, capsys: Any) -> None:
    assert cli.main(["user", "link", "ADA@example.com"]) == 0
    path = re.search(r"http://127\.0\.0\.1:8000(/sign-in/link/\S+/)", capsys.readouterr().out)[1]  # type: ignore[index]
    assert Client().post(path, {"password": "plum tree by the sea"}).status_code == 302
    assert Client().get(path).status_code == 404
    assert Event.objects.filter(name="account.link_made", actor_name="kith user", record=ada.pk).exists()


def test_a_link_for_nobody_or_the_deactivated_is_refused_in_words(ada: User, capsys: Any) -> None:
    User.objects.make("ben@example.com", "Ben", is_active=False)
    for email in ("nobody@example.com", "ben@example.com"):
        assert cli.main(["user", "link", email]) == 1
        assert capsys.readouterr().err.startswith("kith: ")


def test_the_last_administrator_stays_and_a_new_password_ends_sessions(ada: User, capsys: Any) -> None:
    client = Client()
    client.force_login(ada)
    assert cli.main(["user", "deactivate", "ada@example.com"]) == 1
    assert "last administrator" in capsys.readouterr().err
    assert client.get("/settings/me/").status_code == 200
    assert cli.main(["user", "password", "ada@example.com"]) == 0
    made = re.search(r"\(shown once\): (\S+)", capsys.readouterr().out)[1]  # type: ignore[index]
    assert client.get("/settings/me/").status_code == 302
    assert Client().post("/sign-in/", {"email": "ada@example.com", "password": made}).status_code == 302
