"""The world of the matrix: eleven people and a few more, records of every object with planted words, and who may see which word.

Who may see what is written down here by hand, as a table of people and sorts of records, and not asked of the gate: a fault of the gate
must not make the test agree with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.test import Client

from kith.events.models import Event, Run
from kith.identity import tokens
from kith.identity.models import App, Deputy, Team, User
from kith.identity.names import actor_of
from kith.kernel import clock
from kith.kernel.actor import System
from kith.kernel.errors import Refused
from kith.objects.access.models import FieldRule, Grant, Private, Role, Share, Territory, TerritoryRule
from kith.objects.actions import act
from kith.objects.columns import ManyLinksColumn
from kith.objects.declare import Field, ObjectType, object_type, object_types
from kith.objects.exchange.models import Import, Problem
from kith.objects.keys import Key
from kith.objects.write import change, create, remove
from tests.contract.conftest import example, make_by_users, some

from . import doors
from .doors import Secret, token

SEED = System("matrix")

#: Who: "" for somebody who is not signed in.
PEOPLE = (
    "ada",  # owns
    "ben",  # on her team
    "cai",  # manages the team
    "tor",  # works in the territory
    "dee",  # a stranger with rights of her own
    "eve",  # sees every record, and half of the fields
    "ida",  # sees every record, and no title
    "rea",  # reads everything
    "gus",  # one record of each object is shared with him
    "uma",  # stands in for Ada
    "olga",  # owns what the others do not see
    "admin",
    "zoe",  # deactivated, with a session from before
    "",
)
NOBODY = ("zoe", "")
_EVERYTHING = {"eve", "ida", "rea", "admin"}
_TEAM = {"ada", "ben", "cai", "uma"}
#: Sort of record → who sees it.
SEES: dict[str, set[str]] = {
    "own": _EVERYTHING | _TEAM,
    "team's": _EVERYTHING | _TEAM,
    "other's": _EVERYTHING | {"olga"},
    "territory's": _EVERYTHING | {"olga", "tor"},
    "shared": _EVERYTHING | {"olga", "gus"},
    "trashed": _EVERYTHING | _TEAM,
    "private": {"ada"},
}
#: Sort of record → who may change it. Rea reads, Gus and Tor only see.
CHANGES: dict[str, set[str]] = {sort: who - {"rea", "gus", "tor"} for sort, who in SEES.items()}
SORTS = tuple(SEES)


@dataclass
class World:
    """Everything that the cases need, by name."""

    users: dict[str, User]
    objects: list[ObjectType]
    #: (object, sort) → the record.
    records: dict[tuple[str, str], Any] = field(default_factory=dict)
    secrets: dict[str, Secret] = field(default_factory=dict)
    #: object → names of the fields that Eve does not see.
    hidden: dict[str, set[str]] = field(default_factory=dict)
    #: Olga's own: id → words in it.
    imports: dict[str, int] = field(default_factory=dict)
    runs: list[int] = field(default_factory=list)
    #: Webhooks, by whose they are: (its number, that of something of Olga's that went through hers); and the ones that take in.
    webhooks: dict[str, tuple[int, int]] = field(default_factory=dict)
    inlets: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: Addresses of those that take in.
    letterboxes: list[str] = field(default_factory=list)
    #: Route → the number of a thing of Olga's that it names.
    things: dict[str, int] = field(default_factory=dict)
    #: Apps that anybody may speak for, with the secret of the confidential one; and what Olga gave to another app.
    apps: dict[str, App] = field(default_factory=dict)
    app_secret: str = ""
    let_in: dict[str, str] = field(default_factory=dict)
    causes: list[str] = field(default_factory=list)
    #: Who → a token that may all that she may; nothing for who may not come in.
    tokens: dict[str, str] = field(default_factory=dict)
    #: Who → the session of her browser; that of who may not come in opens nothing any more.
    sessions: dict[str, str] = field(default_factory=dict)
    #: Objects without a text by which a territory could be ruled.
    unruled: set[str] = field(default_factory=set)

    def may_see(self, who: str, word: str) -> bool:
        """Whether this person may find this word anywhere."""
        secret = self.secrets[word]
        if who in NOBODY:
            return False
        if secret.object == "run":
            return who in ("olga", "admin")
        if not self.sees(who, secret.object, secret.sort):
            return False
        if who == "eve":
            return secret.field not in self.hidden[secret.object]
        return not (who == "ida" and secret.field == object_type(secret.object).title)

    def sees(self, who: str, key: str, sort: str) -> bool:
        """Whether this person may see this record."""
        if who in NOBODY or (who == "tor" and key in self.unruled):
            return bool(who == "tor" and object_type(key).common)
        return (sort != "private" or not _shareable(object_type(key))) if object_type(key).common else who in SEES[sort]

    def changes(self, who: str, key: str, sort: str) -> bool:
        """Whether this person may change this record."""
        return who == "admin" if object_type(key).common else who in CHANGES[sort]

    def hooks(self, taking_in: bool) -> dict[str, tuple[int, int]]:
        """Webhooks of one direction."""
        return self.inlets if taking_in else self.webhooks

    def kept_private(self, key: str, sort: str) -> bool:
        """Whether this record is its owner's alone."""
        return sort == "private" and _shareable(object_type(key))

    def invisible(self, who: str, key: str) -> list[Any]:
        """The records of an object that this person must not find."""
        return [r for (k, sort), r in self.records.items() if k == key and not self.sees(who, k, sort)]

    def words(self, key: str, sort: str) -> list[str]:
        """The words planted in one record."""
        return [w for w, s in self.secrets.items() if (s.object, s.sort) == (key, sort)]


def _shareable(o: ObjectType) -> bool:
    return not o.common and not o.follows


def build() -> World:
    """Make it. Everything is written through the doors of the house; only rights are put into their tables."""
    make_by_users()
    users = {
        name: User.objects.make(f"{name}@example.com", name.title(), None, is_admin=name == "admin")
        for name in PEOPLE
        if name
    }
    world = World(users, list(object_types()))
    _rights(world)
    for o in _in_order(world.objects):
        for sort in SORTS:
            _record(world, o, sort)
    _links(world)
    _afterwards(world)
    return world


def _rights(world: World) -> None:
    users = world.users
    team = Team.objects.create(name="Team", manager=users["cai"])
    team.members.add(users["ada"], users["ben"])
    every = ("view", "create", "change", "remove", "export", "share", "mass")
    roles = {
        "team": (("ada", "ben", "cai"), dict.fromkeys(every, "team")),
        "own": (("dee", "olga", "gus", "uma"), dict.fromkeys(every, "own")),
        "territory": (("tor",), {**dict.fromkeys(every, "own"), "view": "territory", "export": "territory"}),
        "all but fields": (("eve",), dict.fromkeys(every, "all")),
        "all but titles": (("ida",), dict.fromkeys(every, "all")),
        "reader": (("rea",), {"view": "all", "export": "all"}),
    }
    for key, (names, verbs) in roles.items():
        role = Role.objects.create(key=f"matrix-{key}", name=key)
        role.users.add(*(users[n] for n in names))
        Grant.objects.bulk_create(Grant(role=role, object="*", verb=v, scope=s) for v, s in verbs.items())
    by_fields, by_titles = Role.objects.get(key="matrix-all but fields"), Role.objects.get(key="matrix-all but titles")
    for o in world.objects:
        candidates = [f for f in o.fields.values() if f.name != o.title and not f.facts.owner and f.name != o.follows]
        # Every other field, and every one that others are found by.
        hidden = [f for i, f in enumerate(candidates) if i % 2 or (f.search and f.writable)]
        hidden = [f for f in hidden if not f.required and f.name not in ("changed_at", "created_at", "created_by")]
        world.hidden[o.key] = {f.name for f in hidden}
        FieldRule.objects.bulk_create(
            FieldRule(role=by_fields, object=o.key, field=f.id, rule="hidden") for f in hidden
        )
        FieldRule.objects.create(role=by_titles, object=o.key, field=o.title_field.id, rule="hidden")
    today = clock.today()
    Deputy.objects.create(
        user=users["ada"], deputy=users["uma"], since=today - timedelta(2), until=today + timedelta(2)
    )
    territory = Territory.objects.create(name="Territory")
    territory.members.add(users["tor"])
    world.users["zoe"].is_active = True


def _in_order(objects: list[ObjectType]) -> list[ObjectType]:
    """Those that must link to others after them."""
    done: list[ObjectType] = []
    while len(done) < len(objects):
        known = {o.key for o in done} | {"identity.user"}
        ready = [o for o in objects if o not in done and all(f.target in known for f in _needed(o))]
        done += ready or [next(o for o in objects if o not in done)]
    return done


def _needed(o: ObjectType) -> list[Field]:
    return [f for f in o.fields.values() if f.target and (f.required or f.name == o.follows or f.name in o.about)]


_OWNER = {"own": "ada", "team's": "ben", "trashed": "ada", "private": "ada"}


def _record(world: World, o: ObjectType, sort: str) -> None:
    number = len(world.records) + 1
    values = {
        name: value
        for name, value in example(o, number).items()
        if not o.fields[name].target or o.fields[name].target == "identity.user"
    }
    values = {name: value for name, value in values.items() if value is not None}
    planted = {}
    for wanted in o.fields.values():
        word = token(len(world.secrets) + len(planted) + 1)
        value = plant(wanted, word) if wanted.writable and not wanted.target else None
        if value is not None:
            values[wanted.name] = value
            planted[word] = wanted.name
    owner = world.users[_OWNER.get(sort, "olga")]
    if o.owner_field is not None:
        values[o.owner_field.name] = owner.pk
    for wanted in _needed(o):
        target = object_type(wanted.target)
        there = world.records.get((target.key, sort))
        values[wanted.name] = owner.pk if target.key == "identity.user" else (there or some(target, number)).pk
    for name in o.about:
        # All of them stand in the timeline of the one that most people see.
        values[name] = world.records[o.own[name].target or "", "own"].pk
    record = create(SEED, o, values)
    if o.owner_field is None and not o.follows:
        # A record without an owner is of whoever made it.
        models.QuerySet(o.model).filter(pk=record.pk).update(created_by=owner)
    world.records[o.key, sort] = record
    for word, name in planted.items():
        world.secrets[word] = Secret(o.key, sort, record.pk, name)
    if sort == "shared" and not o.follows:
        Share.objects.create(object=o.key, record=record.pk, user=world.users["gus"])
    if sort == "private" and _shareable(o):
        Private.objects.create(object=o.key, record=record.pk)
    if sort == "territory's" and not o.follows and not o.common:
        _rule(world, o, planted)


def _rule(world: World, o: ObjectType, planted: dict[str, str]) -> None:
    """Let the record belong to the territory by a word of its own."""
    for word, name in planted.items():
        if "contains" in o.fields[name].kind.operators:
            condition = f"{name}:contains:{word}"
            TerritoryRule.objects.create(territory=Territory.objects.get(), object=o.key, condition=condition)
            return
    world.unruled.add(o.key)


def plant(field: Field, word: str) -> Any:
    """A value of this field that holds `word`; None where no value can."""
    kind = field.kind
    if field.facts.owner or not (kind.textual or kind.parts or kind.multiple or kind.ltr):
        return None
    candidates: list[Any] = [word, f"{word}@example.com", f"https://{word}.example", [word], [f"{word}@example.com"]]
    for candidate in candidates:
        try:
            value = kind.clean(candidate)
            if word in kind.export(value).lower():
                return value
        except (Refused, TypeError, AttributeError, ValueError):
            continue
    for part in ("given", "city", "locality", "street", *kind.parts):
        if part in kind.parts:
            try:
                value = kind.assemble({part: kind.parts[part].clean(word)}, kind.example(1))
                value = kind.clean(value)
                if word in kind.export(value).lower():
                    return value
            except (Refused, TypeError, AttributeError, ValueError):
                continue
    return None


def _links(world: World) -> None:
    """Records that somebody sees link to some that she does not: only the gate keeps their titles."""
    leading = {"own": "other's", "team's": "private", "shared": "private", "territory's": "other's"}
    for (key, sort), record in list(world.records.items()):
        o = object_type(key)
        if sort not in leading or o.common:
            continue
        changed = record
        for wanted in o.fields.values():
            if not wanted.writable or not wanted.target or wanted.required or wanted.target == "identity.user":
                continue
            if wanted.name == o.follows or object_type(wanted.target).common:
                continue
            far = world.records[wanted.target, leading[sort]]
            value = [far.pk] if wanted.kind.multiple or isinstance(wanted, ManyLinksColumn) else far.pk
            try:
                changed = change(SEED, changed, {wanted.name: value})
            except Refused:
                continue
        world.records[key, sort] = changed


def _afterwards(world: World) -> None:
    """Notes, the trash, a run and imports of Olga's, and that Zoe is gone."""
    for (key, sort), record in list(world.records.items()):
        word = token(len(world.secrets) + 1)
        act(SEED, "add_note", record, text=f"Note {word}")
        world.secrets[word] = Secret(key, sort, record.pk, "")
        if sort == "trashed":
            world.records[key, sort] = remove(SEED, record)
    olga = world.users["olga"]
    who = {"actor_kind": "user", "actor_id": str(olga.pk), "actor_name": olga.name}
    for o in world.objects:
        word = token(len(world.secrets) + 1)
        world.secrets[word] = Secret("run", o.key, 0, "")
        run = Run.objects.create(
            job="none", title=f"Run {word}", state=Run.DONE, result={"refused": [[1, word]]}, **who
        )
        brought = Import.objects.create(
            object=o.key, name=f"{word}.csv", digest="0" * 64, size=10, columns=[word], run=run, rows=1, **who
        )
        Problem.objects.create(brought=brought, row=1, column=word, reason=f"Because of {word}")
        world.imports[o.key] = brought.pk
        world.runs.append(run.pk)
    doors.webhooks(world)
    # A token lives only where it is younger than the password, and time stands still here.
    User.objects.update(password_at=None)
    for name, user in world.users.items():
        user.refresh_from_db()
        world.tokens[name] = tokens.make(actor_of(user), tokens.Wanted("matrix", [("*", "*")]))[1]
    doors.apps(world)
    for name, user in world.users.items():
        client = Client()
        client.force_login(user)
        world.sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    zoe = world.users["zoe"]
    zoe.is_active = False
    zoe.save(update_fields=["is_active"])
    world.causes = sorted(set(_causes()))[:20]
    assert Key.objects.exists()


def _causes() -> Iterator[str]:
    yield from Event.objects.exclude(cause="").values_list("cause", flat=True)
