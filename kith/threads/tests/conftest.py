"""The cast, with boxes and a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kith.events.outbox import deliver
from kith.objects.write import create
from tests.cast import Cast


@pytest.fixture
def box(cast: Cast) -> Any:
    """A box of Ada's, which Ben sees and Dee does not."""
    return create(cast.actor("ada"), "toybox.box", name="Attic", country="FI")


@pytest.fixture
def browser(cast: Cast) -> Callable[[str], Client]:
    """A browser of one of the cast."""

    def of(name: str) -> Client:
        made = Client()
        made.force_login(getattr(cast, name))
        return made

    return of


@pytest.fixture
def delivered() -> Callable[[], None]:
    """Let the outbox do all that is due."""

    def all_of_it() -> None:
        while deliver():
            pass

    return all_of_it


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Any) -> None:
    """A data folder of its own."""
    settings.KITH_HOME = tmp_path
