"""The description is true: its addresses are the addresses, and what is answered is what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from kith.api.rest.openapi import document
from kith.api.rest.urls import urlpatterns
from kith.kernel.actor import System
from kith.objects.actions import Action
from kith.objects.declare import ObjectType, object_types
from kith.objects.write import create
from tests.cast import Cast
from tests.contract.conftest import example, make_by_users

from .programs import Program

pytestmark = pytest.mark.django_db
SEED = System("seed")
DOCUMENT = pytest.mark.one_engine("the description is made of declarations, and not of rows")
#: The document of the demo, as it is shipped.
SHIPPED = Path(__file__).resolve().parents[3] / "docs/reference/openapi.json"


class Told:
    """The document, and what it says of an answer."""

    def __init__(self, document: dict[str, Any]):
        self.document = document
        self._registry = Registry().with_resource("doc:", Resource(document, DRAFT202012))

    def check(self, method: str, path: str, answer: Any) -> None:
        """The answer's status, media type and body are what is said of them."""
        operation = self.document["paths"][path][method.lower()]
        said = operation["responses"].get(str(answer.status_code), operation["responses"]["default"])
        if "$ref" in said:
            said = self.document["components"]["responses"][said["$ref"].rpartition("/")[2]]
        if "content" not in said:
            assert answer.content == b""
            return
        media = answer.headers["Content-Type"].partition(";")[0]
        assert media in said["content"], (media, method, path)
        if answer.said is not None:
            schema = _absolute(said["content"][media]["schema"])
            Draft202012Validator(schema, registry=self._registry, format_checker=FormatChecker()).validate(answer.said)
            for name in said.get("headers", ()):
                assert name in answer.headers, (name, method, path)


def _absolute(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {k: f"doc:{v}" if k == "$ref" else _absolute(v) for k, v in schema.items()}
    return [_absolute(one) for one in schema] if isinstance(schema, list) else schema


@pytest.fixture
def program(cast: Cast) -> Program:
    make_by_users()
    return Program(cast.actor("admin"))


@DOCUMENT
def test_the_description_is_openapi_and_every_reference_in_it_leads_somewhere(program: Program):
    told = program.get("/openapi.json").said
    assert told["openapi"] == "3.1.0"

    def references(found: Any) -> set[str]:
        if isinstance(found, dict):
            own = {found["$ref"]} if isinstance(found.get("$ref"), str) else set()
            return own.union(*(references(one) for one in found.values()))
        return set().union(*(references(one) for one in found)) if isinstance(found, list) else set()

    for reference in references(told):
        at: Any = told
        for part in reference.removeprefix("#/").split("/"):
            at = at[part]
    for schema in told["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    names = [one["operationId"] for path in told["paths"].values() for one in path.values()]
    assert len(names) == len(set(names))


@DOCUMENT
def test_the_addresses_are_those_of_the_description(program: Program):
    told = {(path, method.upper()) for path, ways in document(SEED)["paths"].items() for method in ways}
    there: set[tuple[str, str]] = set()
    for pattern in urlpatterns:
        at, policy = str(pattern.pattern), pattern.callback.policy  # type: ignore[attr-defined]
        if pattern.name in ("rest-root", "rest-nowhere"):
            continue
        for o in object_types() if at.startswith("api/v1/<slug:slug>") else [None]:
            filled = at.replace("api/v1/<slug:slug>", f"api/v1/{o.slug}") if o else at
            filled = filled.replace("<int:pk>", "{id}").replace("<slug:slug>", "{slug}")
            actions = [a.name for a in Action.registry if o and a.on in ("*", o.key)]
            for path in [filled.replace("<slug:name>", a) for a in actions] if "<slug:name>" in filled else [filled]:
                there |= {(f"/{path}", method) for method in policy.methods}
    assert told == there


def test_every_answer_is_what_the_description_says(program: Program):
    """Each object's list, record, history and metadata, records made and changed through the door, and refusals."""
    told = Told(document(SEED))
    for path in ("/openapi.json", "/me", "/objects"):
        told.check("GET", f"/api/v1{path}", program.get(path))
    for o in list(object_types()):
        at, one = f"/api/v1/{o.slug}", f"/api/v1/{o.slug}/{{id}}"
        record = create(SEED, o, example(o, 3))
        where = f"/{o.slug}/{record.pk}"
        told.check("GET", "/api/v1/objects/{slug}", program.get(f"/objects/{o.slug}"))
        links = ",".join(f.name for f in list(o.fields.values()) if f.target in ObjectType.known())
        listed = program.get(f"/{o.slug}?count=true" + (f"&expand={','.join(links.split(',')[:5])}" if links else ""))
        assert listed.status_code == 200, (o, listed.written[:500])
        told.check("GET", at, listed)
        told.check("GET", one, shown := program.get(where))
        assert shown.status_code == 200
        told.check("GET", one, program.get(where, **{"If-None-Match": shown.headers["ETag"]}))
        told.check("GET", one, program.get(f"/{o.slug}/987654321"))
        told.check("GET", f"{one}/history", program.get(f"{where}/history"))
        told.check("POST", at, program.post(f"/{o.slug}", {"values": {"nothing": 1}}))
        told.check(
            "POST",
            f"{at}/bulk",
            program.post(f"/{o.slug}/bulk", {"records": [{"id": record.pk, "values": {}}, {"id": 987654321}]}),
        )
        told.check("GET", f"{at}/export", program.get(f"/{o.slug}/export"))
        told.check("PATCH", one, program.patch(where, {}, match='"99"'))
        told.check("PATCH", one, changed := program.patch(where, {}, match=shown.headers["ETag"]))
        assert changed.status_code == 200
        told.check("DELETE", one, gone := program("DELETE", where, If_Match=changed.headers["ETag"]))
        assert gone.status_code == 204, (o, gone.written)
        told.check("POST", f"{one}/restore", back := program.post(f"{where}/restore"))
        assert back.status_code == 200, (o, back.written)


def test_what_the_description_says_may_be_sent_is_what_records_hold(program: Program):
    """The values of a record are what may be sent for it, so that a program may send back what it got."""
    told = document(SEED)
    registry = Registry().with_resource("doc:", Resource(told, DRAFT202012))
    for o in list(object_types()):
        record = create(SEED, o, example(o, 4))
        got = program.get(f"/{o.slug}/{record.pk}")
        sent = {n: v for n, v in got.said["values"].items() if o.fields[n].writable}
        schema = _absolute(told["components"]["schemas"][f"{o.slug}.change"])
        Draft202012Validator(schema, registry=registry).validate({"values": sent})
        again = program.patch(f"/{o.slug}/{record.pk}", sent, match=got.headers["ETag"])
        assert again.status_code == 200, (o, again.written)
        assert again.said["version"] == got.said["version"], (o, "sending back what was got changes nothing")


@DOCUMENT
def test_the_shipped_description_is_that_of_the_house(cast: Cast):
    """`python -m scripts.describe_api` writes it anew. The rooms of the tests are no part of it."""
    shipped = json.loads(SHIPPED.read_text())
    now = document(SEED)
    theirs = {o.slug for o in object_types() if o.key.startswith("toybox.")}
    kept = {p: w for p, w in now["paths"].items() if p.split("/")[3] not in theirs}
    assert shipped["paths"].keys() == kept.keys()
    assert shipped["paths"] == kept
    for name, schema in shipped["components"]["schemas"].items():
        assert now["components"]["schemas"].get(name) == schema, name


def test_what_is_described_as_a_new_record_makes_one(program: Program):
    told = program.get("/openapi.json").said
    made = set()
    for o in object_types():
        for one in told["components"]["schemas"].get(f"{o.slug}.create", {}).get("examples", ()):
            answer = program.post(f"/{o.slug}", one)
            assert answer.status_code == 201, (o.key, one, answer.said)
            made.add(o.key)
    assert len(made) >= 4
