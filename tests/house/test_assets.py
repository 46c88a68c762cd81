"""Every icon that something of the house names is drawn: the sprite holds the names that `scripts/icons.py` finds, and no others."""

from __future__ import annotations

from collections.abc import Iterator

from kith.events.facts import Fact
from kith.kernel.registry import Registry
from kith.objects.actions import Action
from kith.objects.declare import ObjectType
from kith.objects.kinds import Kind
from kith.ui.settings import SettingsPage
from kith.ui.writing import Writing
from scripts import icons

REGISTRIES: tuple[Registry, ...] = (
    SettingsPage.registry,
    Fact.registry,
    Action.registry,
    ObjectType.registry,
    Kind.registry,
    Writing.registry,
)


def named() -> Iterator[tuple[str, str]]:
    for registry in REGISTRIES:
        for thing in registry:
            yield f"{registry.noun} {getattr(thing, 'name', '') or getattr(thing, 'key', '')}", thing.icon
    for o in ObjectType.registry:
        yield from ((f"{o.key}.{field.name}", field.icon) for field in o.fields.values())


def test_icons_that_registries_name_are_in_the_sprite() -> None:
    drawn, _unknown = icons.named_icons(icons.sources(), set(icons.drawings_of_lucide()))
    assert [(what, icon) for what, icon in named() if icon and icon not in drawn] == []
