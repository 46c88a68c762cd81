"""What the contract tests run over: every registered object, and one that users made, each with fields of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Any

import pytest
from django.db import transaction

from kith.kernel.actor import Actor, System
from kith.kernel.errors import Refused
from kith.objects.columns import ManyLinksColumn
from kith.objects.custom import definitions
from kith.objects.custom.models import CustomField, CustomObject
from kith.objects.declare import ObjectType, object_type
from kith.objects.query import visible_to
from kith.objects.write import create
from kith.objects.write.indexing import forget

SYSTEM = System("contract test")
OPTIONS = {"options": [{"value": "a", "label": "Alpha"}, {"value": "b", "label": "Beta", "hue": 200}]}
#: What each kind needs to be told when a user makes a field of it.
KIND_OPTIONS: dict[str, dict[str, Any]] = {
    "choice": OPTIONS,
    "link": {"to": "toybox.box"},
    "many_links": {"to": "toybox.box"},
}


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The key of an object that stands in the house of a whole module; each test of it is taken back, and at its end this, too."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_by_users().key
        transaction.set_rollback(True)
    definitions.forget()


@pytest.fixture
def user_made(made_once: str, db: None) -> ObjectType:
    """An object made of definition rows, with one field of each kind; toys get one of each, too."""
    definitions.refresh()
    return object_type(made_once)


def make_by_users() -> ObjectType:
    """The same, for fixtures that live longer than one test."""
    from kith.objects.kinds import Kind

    _empty_the_house()
    gadget = CustomObject.objects.create(
        key="gadget", slug="gadgets", label="Gadget", plural="Gadgets", labels={"fi": "Vekotin"}
    )
    for target in ("toybox.toy", f"custom.o{gadget.pk}"):
        title = CustomField.objects.create(
            object=target, label="Title", kind="text", search="title", pii="none", required=target != "toybox.toy"
        )
        if target != "toybox.toy":
            CustomObject.objects.filter(pk=gadget.pk).update(title=title.field_id)
        for position, kind in enumerate(Kind.registry, 1):
            CustomField.objects.create(
                object=target,
                label=f"A {kind.key}",
                kind=kind.key,
                options=KIND_OPTIONS.get(kind.key, {}),
                position=position,
                indexed=position <= 3,
            )
    definitions.changed()
    definitions.refresh()
    return object_type(f"custom.o{gadget.pk}")


def _empty_the_house() -> None:
    """Records that migrations bring along go: a contract is about records that the test makes."""
    for o in ObjectType.registry:
        ids = list(visible_to(SYSTEM, o, trash=None).values_list("pk", flat=True))
        visible_to(SYSTEM, o, trash=None).delete()
        forget(o, ids)


def example(o: ObjectType, n: int = 0, actor: Actor = SYSTEM) -> dict[str, Any]:
    """Values for a new record of `o`, every writable field filled, links pointing at fresh records."""
    values: dict[str, Any] = {}
    for field in o.fields.values():
        if not field.writable or field.facts.owner:
            continue
        if field.target == "identity.user":
            values[field.name] = actor.user_id
        elif field.target:
            if field.target == o.key and not field.required:
                continue
            through = isinstance(field, ManyLinksColumn)
            linked = some(object_type(field.target), n + 50, actor)
            values[field.name] = [linked.pk] if field.kind.multiple or through else linked.pk
        else:
            values[field.name] = field.kind.example(n)
    values = {name: value for name, value in values.items() if value is not None}
    return {**values, **_within_the_rules(o, values, n)}


def _within_the_rules(o: ObjectType, values: dict[str, Any], n: int) -> dict[str, Any]:
    """Other examples for values that a rule of the room refuses (a birthday in the year 2031)."""
    better: dict[str, Any] = {}
    for further in range(1, 10):
        record = o.new()
        for name, value in {**values, **better}.items():
            if not o.fields[name].target:
                o.fields[name].put(record, o.fields[name].kind.clean(value))
        refused = {r.field for r in _refusals(o, record, set(values)) if r.field in values}
        if not refused:
            break
        better |= {name: o.fields[name].kind.example(n + further) for name in refused}
    return better


def _refusals(o: ObjectType, record: Any, names: set[str]) -> Iterator[Refused]:
    for rule in o.rules:
        try:
            rule(SYSTEM, record, names)
        except Refused as refusal:
            yield refusal


def allowed(o: ObjectType, record: Any, name: str, value: Any) -> bool:
    """Whether the rules of the room let this record have this value (a rate between one currency and itself is none)."""
    changed = copy(record)
    o.fields[name].put(changed, o.fields[name].kind.clean(value))
    return not list(_refusals(o, changed, {name}))


def some(o: ObjectType, n: int = 0, actor: Actor = SYSTEM) -> Any:
    """A saved record of `o` with only what it needs."""
    values = {
        f.name: f.kind.example(n)
        for f in o.fields.values()
        if f.writable and (f.required or f.name == o.title) and not f.target
    }
    for field in o.fields.values():
        if field.required and field.target and field.target != "identity.user":
            values[field.name] = some(object_type(field.target), n, actor).pk
    return create(actor, o, values)


@pytest.fixture(params=[*ObjectType.registry.keys(), "made by users"])
def o(request: pytest.FixtureRequest, user_made: ObjectType) -> ObjectType:
    """Each object in turn: an object that a room adds tomorrow is tested without a word here."""
    return user_made if request.param == "made by users" else object_type(request.param)
