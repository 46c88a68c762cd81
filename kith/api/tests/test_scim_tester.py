"""The protocol as somebody else reads it: every check of scim2-tester, in this process, over WSGI."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

import pytest
from pydantic import Field
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_models import Required, ScimProvider, Uniqueness
from scim2_tester import Status, check_server

from kith.api.scim import shapes
from kith.config.wsgi import application
from kith.identity import tokens
from tests.cast import Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.every_engine]


class Addresses(list[str]):
    """As many e-mail addresses as are asked for: the tester fills a field with one of its examples, and ours must be addresses."""

    def __len__(self) -> int:
        return 1000

    def __getitem__(self, _place: Any) -> str:
        return f"{uuid.uuid4().hex}@example.com"


class Person(shapes.User):
    """A user whose name is an address."""

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = Field(None, examples=Addresses())


Person.__name__ = "User"


def test_every_check_of_the_tester_is_green(cast: Cast) -> None:
    _token, text = tokens.make_for_scim(cast.actor("admin"), tokens.Wanted("Directory"))
    client = WSGISCIMClient(
        application,
        base_url="http://testserver/scim/v2",
        headers={"Authorization": f"Bearer {text}"},
        provider=ScimProvider([Person, shapes.Group], config=shapes.CONFIG),
    )
    results = check_server(client)
    bad = [one for one in results if one.status not in (Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE)]
    assert not bad, "\n".join(f"{one.title}: {one.status.name} {one.reason} {one.data!r}"[:600] for one in bad)
    assert len(results) > 60
