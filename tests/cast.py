"""One cast of people for every test of rights: Ada owns, Ben is on her team, Cai manages it, Dee is a stranger, Eve has a field hidden."""

from __future__ import annotations

from dataclasses import dataclass

from kith.identity.models import Team, User
from kith.identity.names import actor_of
from kith.kernel.actor import Actor
from kith.objects.access.models import FieldRule, Grant, Role


@dataclass(frozen=True)
class Cast:
    """The people, as users; `actor(name)` gives a fresh actor, whose rights are read anew."""

    admin: User
    ada: User
    ben: User
    cai: User
    dee: User
    eve: User

    def actor(self, name: str) -> Actor:
        """Somebody of the cast, as an actor."""
        return actor_of(getattr(self, name))

    def hide(self, object_key: str, *fields: str, rule: str = "hidden") -> None:
        """Hide fields from Eve."""
        role = Role.objects.get(key="eve")
        for field in fields:
            FieldRule.objects.get_or_create(role=role, object=object_key, field=field, defaults={"rule": rule})


def make_cast() -> Cast:
    """Make the cast: roles of own scope (Dee), team scope (Ada, Ben, Cai) and all (Eve)."""
    people = {
        name: User.objects.make(f"{name}@example.com", name.title(), "correct horse battery", is_admin=name == "admin")
        for name in ("admin", "ada", "ben", "cai", "dee", "eve")
    }
    team = Team.objects.create(name="Ada’s team", manager=people["cai"])
    team.members.add(people["ada"], people["ben"])
    scopes = {"team": ("ada", "ben", "cai"), "own": ("dee",), "all": ("eve",)}
    for scope, names in scopes.items():
        role = Role.objects.create(key="eve" if scope == "all" else scope, name=scope)
        role.users.add(*(people[n] for n in names))
        Grant.objects.bulk_create(
            Grant(role=role, object="*", verb=v, scope=scope)
            for v in ("view", "create", "change", "remove", "export", "share", "mass")
        )
    return Cast(**people)
