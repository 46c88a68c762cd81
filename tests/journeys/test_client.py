"""The Python client before a served house: all that it can do, and that what it was made of is the shipped description."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kith_client import NOW, Invalid, Kith, Missing, NotLetIn, Patience, PositionLost, Stale
from kith_client.asking import Asking

from .examples import tried
from .installation import ROOT, Installation

# One house for all of it.
pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("client")]
TOKEN = """
from kith.identity import tokens
from kith.identity.models import User
from kith.identity.names import actor_of
print(json.dumps(tokens.make(actor_of(User.objects.get(email="ada@example.com")), tokens.Wanted("Client", (("*", "*"),)))[1]))
"""
DOCUMENT = json.loads((ROOT / "docs/reference/openapi.json").read_text())


@pytest.fixture(scope="module")
def token(house: Installation) -> str:
    return str(house.ask(TOKEN))


@pytest.fixture
def kith(house: Installation, token: str) -> Iterator[Kith]:
    with Kith(house.url, token, language="en") as made:
        yield made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What the client asks for, as operations of the description."""
    found: set[str] = set()
    sent = Asking._sent

    def noted(self: Asking, connection: Any, method: str, path: str, *rest: Any) -> Any:
        found.add(f"{method} {re.sub(r'/[0-9]+', '/{id}', path)}")
        return sent(self, connection, method, path, *rest)

    monkeypatch.setattr(Asking, "_sent", noted)
    return found


def test_a_program_does_all_that_the_description_has(kith: Kith, asked: set[str]):
    assert kith.me()["name"] == "Ada Aalto"
    assert "companies" in {one["slug"] for one in kith.objects()}
    assert kith.object("people")["object"] == "contacts.person"
    assert kith.description()["openapi"].startswith("3.1")
    begin = kith.changes(NOW)
    assert list(begin) == []

    made = kith.companies.create({"name": "Kultasatama", "stage": "lead"}, key="one")
    assert kith.companies.create({"name": "Kultasatama", "stage": "lead"}, key="one")["id"] == made["id"], "made once"
    changed = kith.companies.change(made, {"website": "https://kultasatama.example"})
    with pytest.raises(Stale) as stale:
        kith.companies.change(made, {"website": "https://elsewhere.example"})
    assert [one["field"] for one in stale.value.differences] == ["website"]
    assert kith.companies.change(made["id"], {"website": ""})["version"] == changed["version"] + 1
    with pytest.raises(Stale):
        kith.companies.remove(made)
    kith.companies.remove(made["id"])
    with pytest.raises(Missing):
        kith.companies.get(made)
    assert kith.companies.get(made, trash=True)["id"] == made["id"]
    assert kith.companies.restore(made)["id"] == made["id"]
    kith.companies.add_note(made, {"text": "Met at the fair."})
    assert "changed" in {one["name"] for one in kith.companies.history(made, page=1)}

    feed = kith.changes(
        begin.position, objects=["companies"], what=["created", "changed", "removed", "restored"], page=2
    )
    told = [one["what"] for one in feed]
    assert told == ["created", "changed", "changed", "removed", "restored"]
    assert list(kith.changes(feed.position)) == [], "its position is behind everything"
    followed = kith.changes(begin.position, objects=["contacts.company"], records=True, follow=True)
    first = next(followed)
    assert first["record"] is not None
    assert (first["record"]["title"], followed.rights, followed.position) == (
        "Kultasatama",
        feed.rights,
        begin.position,
    )
    followed.close()
    with pytest.raises(PositionLost):
        list(kith.changes("zzzzzzzz-1"))

    hook = kith.webhooks.create({"name": "Warehouse", "url": "https://warehouse.example/kith", "kinds": ["created"]})
    assert hook["secret"].startswith("whsec_")
    assert kith.webhooks.new_secret(hook)["secret"] != hook["secret"]
    assert kith.webhooks.change(kith.webhooks.get(hook), {"paused": True})["paused"]
    assert kith.webhooks.change(hook["id"], {"paused": False})["paused"] is False
    assert [one["id"] for one in kith.webhooks.all()] == [hook["id"]]
    sent = kith.webhooks.test(hook)
    assert [one["id"] for one in kith.webhooks.messages(hook)] == [sent["id"]]
    assert kith.webhooks.replay(hook) == 0
    kith.webhooks.remove(hook)

    mapping: Any = [{"to": "name", "from": "customer.name"}]
    inlet = kith.incoming_webhooks.create({"name": "Shop", "object": "contacts.company", "mapping": mapping})
    assert kith.incoming_webhooks.new_secret(inlet)["secret"] != inlet["secret"]
    assert kith.incoming_webhooks.change(kith.incoming_webhooks.get(inlet), {"paused": True})["paused"]
    assert [one["id"] for one in kith.incoming_webhooks.all()] == [inlet["id"]]
    assert list(kith.incoming_webhooks.arrivals(inlet)) == []
    with pytest.raises(Invalid):
        kith.incoming_webhooks.replay(inlet)  # it rests
    assert kith.incoming_webhooks.change(inlet["id"], {"paused": False})["paused"] is False
    assert kith.incoming_webhooks.replay(inlet) == 0
    kith.incoming_webhooks.remove(inlet)

    results = kith.companies.bulk([{"values": {"name": f"Firm {n}"}} for n in range(600)])
    assert [one["state"] for one in results] == ["created"] * 600
    assert kith.companies.count(search="Firm") == (600, True)
    names = [
        one["values"]["name"] for one in kith.companies.list(filter="name:contains:Firm", sort="name", fields=["name"])
    ]
    assert sorted(names) == sorted(f"Firm {n}" for n in range(600)), "pages are turned"
    exported = list(kith.companies.export(search="Firm", sort="name"))
    assert [one["values"]["name"] for one in exported] == names
    kith.companies.export_csv(csv := io.BytesIO(), fields=["name"])
    assert csv.getvalue().count(b"Firm ") == 600

    reached = {one.replace("/companies", "/{object}").replace("objects/people", "objects/{slug}") for one in asked}
    assert operations() <= reached, operations() - reached


def operations() -> set[str]:
    """The operations of the description: those that name no object, and those of one object, of whose actions one."""
    slugs = {path.split("/")[3] for path in DOCUMENT["paths"] if path.endswith("/bulk")}
    found = set()
    for path, ways in DOCUMENT["paths"].items():
        if path.split("/")[3] in slugs - {"companies"} or ("/actions/" in path and not path.endswith("/add_note")):
            continue
        found |= {f"{method.upper()} {path.replace('/companies', '/{object}')}" for method in ways}
    return found


def test_refusals_are_exceptions_with_their_sentences_by_field(kith: Kith, house: Installation):
    with pytest.raises(Invalid) as refused:
        kith.companies.create({"name": "", "website": "no"})
    assert refused.value.fields.keys() <= {"name", "website"}
    assert (refused.value.sort, refused.value.status) == ("invalid", 422)
    with pytest.raises(Invalid) as unknown:
        next(kith.people.list(filter="nothing:is:1"))
    assert list(unknown.value.fields) == ["filter"]
    with Kith(house.url, "kith_wrong", patience=Patience(tries=1)) as nobody, pytest.raises(NotLetIn):
        nobody.me()


def test_each_of_many_has_its_result(kith: Kith):
    found = kith.people.bulk([{"values": {"name.given": "Aino"}}, {"values": {"nothing": 1}}, {"id": 987654321}])
    assert [one["state"] for one in found] == ["created", "refused", "refused"]
    assert found[1]["errors"][0]["pointer"] == "#/records/1/values/nothing"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on this machine")
def test_the_examples_of_the_page_about_it_do_what_it_says(house: Installation, token: str, tmp_path: Path):
    printed = tried("docs/how-to/api.md", tmp_path, KITH=house.url, TOKEN=token)
    assert "Ada Aalto" in printed["python"][0]
    assert "name" in printed["python"][2]
    assert "created" in printed["python"][3]
    assert "go on from" in printed["python"][4]
    sends, takes_in = tried("docs/how-to/webhooks.md", tmp_path, KITH=house.url, TOKEN=token)["sh"]
    assert json.loads(sends)["secret"].startswith("whsec_")
    assert json.loads(takes_in)["address"].startswith(house.url)
