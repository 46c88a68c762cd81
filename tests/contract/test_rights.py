"""Per object: who may do what with whose record, and a hidden field is hidden everywhere."""

from __future__ import annotations

import pytest

from kith.events.models import Event
from kith.kernel.actor import Guest
from kith.kernel.errors import Forbidden, Missing, Refused, UnknownField
from kith.objects.access import may
from kith.objects.access.models import Share
from kith.objects.declare import ObjectType
from kith.objects.history import timeline
from kith.objects.query import count, find, listing
from kith.objects.write import change, create, remove, restore
from tests.cast import Cast

from .conftest import SYSTEM, example, some

pytestmark = pytest.mark.django_db


def adas(cast: Cast, o: ObjectType):
    """A record that Ada made and owns."""
    return create(cast.actor("ada"), o, example(o, 1, cast.actor("ada")))


def skip_if_it_follows(o: ObjectType) -> None:
    if o.follows:
        pytest.skip("its rights follow another record's; see test_follow")
    if o.common:
        pytest.skip("administrators alone write it; see test_what_is_common")


@pytest.mark.parametrize(
    ("who", "sees"), [("ada", True), ("ben", True), ("cai", True), ("dee", False), ("eve", True), ("admin", True)]
)
def test_the_owner_her_team_and_her_manager_see_a_record_and_a_stranger_does_not(
    cast: Cast, o: ObjectType, who: str, sees: bool
):
    skip_if_it_follows(o)
    record = adas(cast, o)
    actor = cast.actor(who)
    assert (record.pk in [r.pk for r in listing(actor, o).records]) is sees
    assert count(actor, o).value == (1 if sees else 0)
    if sees:
        assert find(actor, o, record.pk).pk == record.pk
    else:
        with pytest.raises(Missing):
            find(actor, o, record.pk)


@pytest.mark.parametrize("verb", ["change", "remove", "restore"])
def test_a_stranger_changes_nothing_and_learns_nothing(cast: Cast, o: ObjectType, verb: str):
    skip_if_it_follows(o)
    record = adas(cast, o)
    if verb == "restore":
        record = remove(cast.actor("ada"), record)
    before = Event.objects.count()
    dee = cast.actor("dee")
    with pytest.raises(Missing):
        {"change": lambda: change(dee, record, {o.title: o.title_field.kind.example(5)}), "remove": lambda: remove(dee, record),
         "restore": lambda: restore(dee, record)}[verb]()  # fmt: skip
    assert Event.objects.count() == before


def test_a_record_shared_for_viewing_is_seen_but_not_changed(cast: Cast, o: ObjectType):
    skip_if_it_follows(o)
    record = adas(cast, o)
    Share.objects.create(object=o.key, record=record.pk, user=cast.dee, level="view")
    dee = cast.actor("dee")
    assert find(dee, o, record.pk).pk == record.pk
    with pytest.raises(Forbidden):
        change(dee, record, {o.title: o.title_field.kind.example(5)})
    Share.objects.update(level="change")
    changed = change(cast.actor("dee"), record, {o.title: o.title_field.kind.example(5)})
    assert changed.version == record.version + 1


def test_somebody_without_roles_sees_and_makes_nothing(cast: Cast, o: ObjectType):
    skip_if_it_follows(o)
    adas(cast, o)
    from kith.identity.models import User
    from kith.identity.names import actor_of

    nobody = actor_of(User.objects.make("nobody@example.com", "Nobody"))
    assert listing(nobody, o).records == []
    with pytest.raises(Forbidden):
        create(nobody, o, example(o, 2))


def test_nobody_moves_a_record_where_she_may_not_write(cast: Cast, o: ObjectType):
    skip_if_it_follows(o)
    if o.owner_field is None:
        pytest.skip("nobody owns it")
    record = adas(cast, o)
    with pytest.raises(Forbidden):
        change(cast.actor("ada"), record, {o.owner_field.name: cast.dee.pk})
    assert find(SYSTEM, o, record.pk).version == record.version


def test_what_follows_another_record_is_seen_by_whoever_sees_that(cast: Cast, o: ObjectType):
    if not o.follows:
        pytest.skip("it has rights of its own")
    record = adas(cast, o)
    assert find(cast.actor("ben"), o, record.pk).pk == record.pk
    with pytest.raises(Missing):
        find(cast.actor("dee"), o, record.pk)


@pytest.mark.parametrize("who", ["ada", "cai", "dee", "eve"])
def test_what_is_common_is_read_by_everybody_and_written_by_administrators(cast: Cast, o: ObjectType, who: str):
    if not o.common:
        pytest.skip("it is somebody's own")
    record = create(cast.actor("admin"), o, example(o, 1, cast.actor("admin")))
    actor = cast.actor(who)
    assert [r.pk for r in listing(actor, o).records] == [record.pk]
    assert (may(actor, "view", o), may(actor, "create", o), may(actor, "change", record)) == (True, False, False)
    Share.objects.create(object=o.key, record=record.pk, user=getattr(cast, who), level="change")
    with pytest.raises(Forbidden):
        create(actor, o, example(o, 2, actor))
    with pytest.raises(Forbidden):
        change(cast.actor(who), record, {o.title: o.title_field.kind.example(5)})
    with pytest.raises(Forbidden):
        remove(cast.actor(who), record)
    changed = change(cast.actor("admin"), record, {o.title: o.title_field.kind.example(5)})
    assert changed.version == 2


def test_what_is_common_is_not_for_strangers(o: ObjectType):
    if not o.common:
        pytest.skip("it is somebody's own")
    create(SYSTEM, o, example(o, 1))
    assert listing(Guest("a form"), o).records == []


def test_a_hidden_field_is_on_no_surface(cast: Cast, o: ObjectType):
    skip_if_it_follows(o)
    hidden = next(f for f in o.fields.values() if f.writable and f.search and f.name != o.title) if any(
        f.writable and f.search and f.name != o.title for f in o.fields.values()
    ) else next(f for f in o.fields.values() if f.writable and f.name != o.title and not f.facts.owner)  # fmt: skip
    record = adas(cast, o)
    cast.hide(o.key, hidden.id)
    eve = cast.actor("eve")
    page = listing(eve, o, columns=[*o.list, hidden.name])
    assert hidden.name not in [c.name for c in page.columns]
    for operator in hidden.kind.operators[:1]:
        with pytest.raises(UnknownField):
            listing(eve, o, filter=f"{hidden.name}:{operator}:x")
    with pytest.raises(UnknownField):
        listing(eve, o, sort=hidden.name)
    with pytest.raises(Refused):
        change(eve, record, {hidden.name: hidden.kind.example(3)})
    for entry in timeline(eve, record).entries:
        assert hidden.id not in [c.field.id for c in entry.changes]
    if hidden.search:
        words = hidden.kind.words(hidden.get(record)).split()
        word = max(words, key=len)
        assert record.pk in [r.pk for r in listing(cast.actor("ada"), o, search=word).records]
        elsewhere = " ".join(f.kind.words(f.get(record)) for f in o.fields.values() if f.search and f is not hidden)
        if word not in elsewhere:
            assert record.pk not in [r.pk for r in listing(eve, o, search=word).records]


def test_a_read_only_field_is_shown_and_not_taken(cast: Cast, o: ObjectType):
    skip_if_it_follows(o)
    field = o.title_field
    record = adas(cast, o)
    cast.hide(o.key, field.id, rule="read_only")
    assert o.title in [c.name for c in listing(cast.actor("eve"), o).columns]
    with pytest.raises(Forbidden):
        change(cast.actor("eve"), record, {field.name: field.kind.example(4)})


def test_a_link_to_a_record_that_she_may_not_see_is_not_found(cast: Cast, o: ObjectType):
    links = [
        f for f in o.fields.values() if f.target and f.target != "identity.user" and f.writable and not f.kind.multiple
    ]
    if not links or o.follows:
        pytest.skip("it has no such link")
    from kith.objects.declare import object_type

    target = some(object_type(links[0].target), 7)
    plain = {k: v for k, v in example(o, 3).items() if not o.fields[k].target}
    needed = {f.name: some(object_type(f.target), 3, cast.actor("dee")).pk for f in links if f.required}
    record = create(cast.actor("dee"), o, {**plain, **needed})
    with pytest.raises(Refused, match="not found"):
        change(cast.actor("dee"), record, {links[0].name: target.pk})
    with pytest.raises(Refused, match="not found"):
        change(cast.actor("dee"), record, {links[0].name: 999_999})
