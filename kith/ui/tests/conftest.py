"""Toys, boxes and the cast, for tests of screens."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kith.kernel.actor import System
from kith.objects.declare import ObjectType, object_type
from kith.objects.write import Draft, write
from tests.cast import Cast, make_cast

SEED = System("test")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def sign_in(cast: Cast) -> Any:
    """A client of one of the cast."""

    def client(name: str) -> Client:
        made = Client()
        made.force_login(getattr(cast, name))
        return made

    return client


@pytest.fixture
def box() -> ObjectType:
    return object_type("toybox.box")


@pytest.fixture
def toy() -> ObjectType:
    return object_type("toybox.toy")


@pytest.fixture
def boxes(box: ObjectType, cast: Cast) -> Any:
    """Make so many boxes."""

    def make(n: int, **values: Any) -> list[Any]:
        drafts = [Draft({"name": f"Box {i:03}", "country": "FI", "owner": cast.ada.pk, **values}) for i in range(n)]
        return [outcome.record for outcome in write(SEED, box, drafts)]

    return make


HX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}


@pytest.fixture
def hx() -> dict[str, str]:
    """The headers of a request that asks for a part."""
    return dict(HX)
