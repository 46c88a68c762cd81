"""Letters about accounts go all the way: from what somebody did, by a delivery, over the checked door, into a mail server."""

from __future__ import annotations

import email
import re
from email.policy import default
from typing import Any

import pytest
from django.test import Client

from kith.events.models import Delivery
from kith.events.outbox import deliver
from kith.identity import links, people
from kith.identity.models import User
from kith.identity.names import actor_of
from kith.kernel.tests.test_mail import postman  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(postman: Any, settings: Any) -> Any:  # noqa: F811
    started = postman()
    settings.EMAIL_BACKEND, settings.KITH_MAIL = "kith.kernel.mail.Mail", "smtp://crm.example"
    return started


def link_in(server: Any) -> str:
    (mail,) = server.mails
    text = email.message_from_bytes(mail, policy=default).get_content()
    found = re.search(r"https://crm\.example/\S+", text)
    assert found, text
    return found[0]


def delivered() -> None:
    while deliver():
        pass
    assert not Delivery.objects.filter(done=None).exists(), Delivery.objects.filter(done=None).first().error


def test_who_forgot_her_password_gets_a_link_by_mail(server: Any) -> None:
    user = User.objects.make("ben@example.com", "Ben", "correct horse battery staple")
    assert Client().post("/sign-in/forgot/", {"email": user.email}).status_code in (200, 302)
    delivered()
    assert links.look(link_in(server).split("/")[-2]).user.email == "ben@example.com"


def test_who_is_invited_gets_a_link_by_mail(server: Any) -> None:
    ada = User.objects.make("ada@example.com", "Ada", "correct horse battery staple", is_admin=True)
    people.invite(actor_of(ada), "ben@example.com", "Ben")
    delivered()
    assert links.look(link_in(server).split("/")[-2]).user.email == "ben@example.com"
