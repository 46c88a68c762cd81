"""Per action and reaction: rights, whole or nothing, twice equals once; every fact says itself in every language."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.utils import translation

from kith.events.facts import LATER, Fact, Reaction
from kith.events.models import Delivery, Event
from kith.kernel.errors import Forbidden, KithError, Missing, Refused
from kith.objects.actions import Action, act, actions_for
from kith.objects.declare import object_type
from kith.objects.query import find
from tests.cast import Cast

from .conftest import SYSTEM, example, some

pytestmark = pytest.mark.django_db


def each(registry: Any) -> Any:
    """The things of a registry as parameters; read when tests are collected, after the house is furnished."""
    return [pytest.param(item, id=getattr(item, "key", None) or item.name) for item in registry]


def subject(action: Action, cast: Cast) -> Any:
    """A record of Ada's that the action is for."""
    from kith.objects.write import create

    o = object_type("toybox.toy" if action.on == "*" else action.on)
    return create(cast.actor("ada"), o, example(o, 1, cast.actor("ada")))


def given(action: Action) -> dict[str, Any]:
    return {name: kind.example(1) for name, (_label, kind, _required) in action.form.items()}


@pytest.mark.parametrize("action", each(Action.registry))
def test_an_action_needs_its_right(action: Action, cast: Cast):
    record = subject(action, cast)
    before = Event.objects.count()
    with pytest.raises((Forbidden, Missing)):
        action(cast.actor("dee"), record, **given(action))
    assert Event.objects.count() == before


@pytest.mark.parametrize("action", each(Action.registry))
def test_an_action_leaves_nothing_when_its_last_step_fails(action: Action, cast: Cast):
    record = subject(action, cast)
    before = Event.objects.count()
    with (
        patch("kith.events.facts.Delivery.objects.bulk_create", side_effect=ZeroDivisionError),
        pytest.raises((ZeroDivisionError, KithError)),
    ):
        action(cast.actor("ada"), record, **given(action))
    assert Event.objects.count() == before
    assert find(SYSTEM, record, record.pk).version == record.version


@pytest.mark.parametrize("action", each(Action.registry))
def test_an_action_refuses_unknown_and_missing_input_in_words(action: Action, cast: Cast):
    record = subject(action, cast)
    with pytest.raises(Refused, match="no_such_input"):
        action(cast.actor("ada"), record, **given(action), no_such_input=1)
    if any(required for _label, _kind, required in action.form.values()):
        with pytest.raises(Refused, match="required"):
            action(cast.actor("ada"), record)


@pytest.mark.parametrize("action", each(Action.registry))
def test_an_action_has_a_label_and_is_offered_to_who_may(action: Action, cast: Cast):
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            assert str(action.label)
    o = object_type("toybox.toy" if action.on == "*" else action.on)
    assert action in actions_for(cast.actor("admin"), o)
    assert (action.__doc__ or "").strip()


def test_an_action_of_another_object_is_refused(cast: Cast):
    box = some(object_type("toybox.box"), 1)
    with pytest.raises(Refused):
        act(cast.actor("admin"), "lose", box, where="here")
    with pytest.raises(Refused):
        act(cast.actor("admin"), "no_such_action", box)


@pytest.mark.parametrize("fact", each(Fact.registry))
def test_a_fact_says_itself_in_every_language_even_when_its_payload_was_redacted(fact: type[Fact]):
    for data in ({}, {name: "2026-11-22" for name in fact.__dataclass_fields__ if name != "record"}):  # type: ignore[attr-defined]
        event = Event(name=fact.name, object="toybox.toy", record=1, data=data)
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                assert fact.load(event).sentence()
                assert isinstance(fact.load(event).body(), str)


@pytest.mark.parametrize("reaction", each(r for r in Reaction.registry if r.when == LATER))
def test_a_reaction_done_twice_is_done_once(reaction: Reaction, cast: Cast):
    """Run over a plausible event twice: the second time writes nothing."""
    o = object_type(reaction.object or "toybox.toy")
    record = some(o, 1)
    fact = next((f for f in Fact.registry if f.name in reaction.names), None)
    data = {name: "2026-11-22" for name in fact.__dataclass_fields__ if name != "record"} if fact else {}  # type: ignore[attr-defined]
    event = Event.objects.create(
        name=reaction.names[0],
        object=o.key,
        record=record.pk,
        data=data,
        actor_kind="system",
        actor_id="t",
        actor_name="t",
    )
    reaction(event)
    events, deliveries = Event.objects.count(), Delivery.objects.count()
    reaction(event)
    assert (Event.objects.count(), Delivery.objects.count()) == (events, deliveries)
