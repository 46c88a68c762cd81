"""Who may have the demo loaded, and when."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kith.contacts.demo import SIGN_IN, load
from kith.contacts.models import Company
from kith.events.models import Event
from kith.identity.models import User
from kith.kernel.actor import System
from kith.kernel.errors import Refused
from kith.objects.write import create

pytestmark = pytest.mark.django_db
SYSTEM = System("demo test")
SCALE = 0.02


def test_loading_twice_is_loading_once_and_says_how_to_sign_in():
    said = StringIO()
    call_command("demo", scale=SCALE, stdout=said)
    assert all(word in said.getvalue() for word in SIGN_IN)
    before = Event.objects.count()
    load(scale=SCALE)
    assert Event.objects.count() == before > 0


def test_a_house_in_use_is_left_alone():
    create(SYSTEM, Company, name="Ours")
    with pytest.raises(Refused, match="in use"):
        load(scale=SCALE)
    with pytest.raises(CommandError, match="in use"):
        call_command("demo", scale=SCALE)
    assert not User.objects.exists()
