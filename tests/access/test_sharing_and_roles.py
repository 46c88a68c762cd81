"""Shares of one record, private records and their audited door, and what administrators do with roles."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kith.events.models import Event
from kith.identity import people
from kith.identity.models import Team
from kith.kernel import clock
from kith.kernel.actor import System, cause
from kith.kernel.errors import Forbidden, Missing, Refused
from kith.objects import roles
from kith.objects.access.models import FieldRule, Grant, Role, Share
from kith.objects.access.sharing import open_private, set_private, share, shares_of, unshare
from kith.objects.history import timeline
from kith.objects.query import find, listing
from kith.objects.write import change, create, undo
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.every_engine]


@pytest.fixture
def box(cast: Cast):
    return create(cast.actor("ada"), "toybox.box", name="Adas", country="FI")


def test_a_record_shared_with_a_person_is_seen_until_the_share_is_taken_back(cast: Cast, box):
    made = share(cast.actor("ada"), box, user=cast.dee.pk)
    assert find(cast.actor("dee"), "toybox.box", box.pk)
    with pytest.raises(Forbidden):
        change(cast.actor("dee"), box, name="Dees")
    share(cast.actor("ada"), box, user=cast.dee.pk, level="change")
    assert change(cast.actor("dee"), box, name="Dees").name == "Dees"
    assert [(s.user.name, s.level) for s in shares_of(cast.actor("ada"), box)] == [("Dee", "change")]
    with pytest.raises(Missing):
        unshare(cast.actor("ada"), box, made.pk)
    unshare(cast.actor("ada"), box, shares_of(cast.actor("ada"), box)[0].pk)
    with pytest.raises(Missing):
        find(cast.actor("dee"), "toybox.box", box.pk)
    told = [e.sentence for e in timeline(cast.actor("ada"), box).entries]
    assert "Shared with Dee, to see and change it" in told
    assert "No longer shared with Dee" in told


def test_a_record_shared_with_a_team_is_seen_by_its_members(cast: Cast, box):
    team = Team.objects.create(name="Others")
    team.members.add(cast.dee)
    share(cast.actor("ada"), box, team=team.pk)
    assert listing(cast.actor("dee"), "toybox.box").records
    team.members.clear()
    assert not listing(cast.actor("dee"), "toybox.box").records


def test_nobody_shares_what_she_does_not_see_or_gives_more_than_she_has(cast: Cast, box):
    with pytest.raises(Missing):
        share(cast.actor("dee"), box, user=cast.dee.pk)
    Share.objects.create(object="toybox.box", record=box.pk, user=cast.dee)
    with pytest.raises(Forbidden):
        share(cast.actor("dee"), box, user=cast.eve.pk)
    Grant.objects.filter(verb="change").delete()
    with pytest.raises(Forbidden, match="do not have yourself"):
        share(cast.actor("ada"), box, user=cast.dee.pk, level="change")


@pytest.mark.parametrize(
    "given", [{}, {"user": 1, "team": 1}, {"user": 999_999}, {"team": 999_999}, {"user": 1, "level": "remove"}]
)
def test_a_share_with_nobody_or_of_another_level_is_refused(cast: Cast, box, given):
    with pytest.raises(Refused):
        share(cast.actor("ada"), box, **given)
    assert not Share.objects.exists()


def test_somebody_gives_up_what_was_shared_with_her(cast: Cast, box):
    made = share(cast.actor("ada"), box, user=cast.dee.pk)
    unshare(cast.actor("dee"), box, made.pk)
    assert not Share.objects.exists()


def test_only_the_owner_makes_a_record_private_and_opens_it_again(cast: Cast, box):
    for who in ("ben", "cai", "eve", "admin"):
        with pytest.raises(Forbidden):
            set_private(cast.actor(who), box, True)
    with pytest.raises(Missing):
        set_private(cast.actor("dee"), box, True)
    set_private(cast.actor("ada"), box, True)
    set_private(cast.actor("ada"), box, True)
    with pytest.raises(Missing):
        find(cast.actor("admin"), "toybox.box", box.pk)
    set_private(cast.actor("ada"), box, False)
    assert find(cast.actor("ben"), "toybox.box", box.pk)
    assert [e.name for e in Event.objects.order_by("pk") if e.name.startswith("record.")] == [
        "record.made_private",
        "record.made_open",
    ]


def test_an_administrator_opens_a_private_record_for_an_hour_and_its_owner_reads_why(cast: Cast, box):
    set_private(cast.actor("ada"), box, True)
    with pytest.raises(Forbidden):
        open_private(cast.actor("cai"), "toybox.box", box.pk, "I am curious about this")
    with pytest.raises(Refused):
        open_private(cast.actor("admin"), "toybox.box", box.pk, "because")
    open_private(cast.actor("admin"), "toybox.box", box.pk, "A court asked for it, case 17")
    assert find(cast.actor("admin"), "toybox.box", box.pk)
    with pytest.raises(Forbidden):
        change(cast.actor("admin"), box, name="Mine")
    entry = timeline(cast.actor("ada"), box).entries[0]
    assert (entry.actor_name, entry.body) == ("Admin", "A court asked for it, case 17")
    with clock.frozen(clock.now() + timedelta(minutes=61)), pytest.raises(Missing):
        find(cast.actor("admin"), "toybox.box", box.pk)


def test_the_door_to_private_records_opens_no_other(cast: Cast, box):
    with pytest.raises(Missing):
        open_private(cast.actor("admin"), "toybox.box", box.pk, "A court asked for it, case 17")


# ── roles ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_change_of_a_role_is_told_and_can_be_taken_back(cast: Cast, box):
    role, admin = Role.objects.get(key="own"), cast.actor("admin")
    before = roles.state_of(role)
    with cause("request:grants"):
        roles.grant(admin, role, "toybox.box", "view", [("all", "country:in:FI"), ("own", "")])
        roles.set_rule(admin, role, "toybox.box", "country", "hidden")
    assert [r.name for r in listing(cast.actor("dee"), "toybox.box").records] == ["Adas"]
    assert Event.objects.filter(name="access.role_changed").count() == 2
    report = undo(admin, "request:grants")
    assert (report.undone, report.kept) == (2, [])
    assert roles.state_of(Role.objects.get(key="own")) == before
    assert not listing(cast.actor("dee"), "toybox.box").records


def test_a_change_of_a_role_on_which_somebody_built_stays(cast: Cast):
    role, admin = Role.objects.get(key="own"), cast.actor("admin")
    with cause("request:first"):
        roles.grant(admin, role, "toybox.box", "view", [("all", "")])
    with cause("request:second"):
        roles.grant(admin, role, "toybox.box", "remove", [("all", "")])
    assert undo(admin, "request:first").kept[0][2] == "The role was changed again since."


@pytest.mark.parametrize(
    ("object_key", "verb", "scopes"),
    [
        ("toybox.box", "view", [("all", "colour:is:red")]),
        ("toybox.box", "view", [("all", "name:contains: ")]),
        ("toybox.box", "fly", [("all", "")]),
        ("toybox.box", "view", [("everything", "")]),
        ("toybox.box", "view", [("all", ""), ("all", "country:in:FI")]),
        ("*", "view", [("all", "country:in:FI")]),
        ("contacts.affiliation", "view", [("all", "")]),
        ("*", "lose", [("all", "")]),
    ],
)
def test_a_grant_that_means_nothing_is_refused_and_changes_nothing(cast: Cast, object_key, verb, scopes):
    role = Role.objects.get(key="own")
    before = roles.state_of(role)
    with pytest.raises(Refused):
        roles.grant(cast.actor("admin"), role, object_key, verb, scopes)
    assert roles.state_of(role) == before


def test_nobody_but_an_administrator_touches_roles(cast: Cast):
    role = Role.objects.get(key="own")
    for who in ("ada", "cai", "eve"):
        actor = cast.actor(who)
        for deed in (
            lambda a=actor: roles.grant(a, role, "*", "view", [("all", "")]),
            lambda a=actor: roles.set_rule(a, role, "toybox.box", "country", "hidden"),
            lambda a=actor: roles.make_role(a, "Mine"),
            lambda a=actor: roles.remove_role(a, role),
            lambda a=actor: roles.rename_role(a, role, "Mine"),
            lambda a=actor: roles.set_members(a, role, [a.user_id]),
            lambda a=actor: people.set_admin(a, cast.ada, True),
        ):
            with pytest.raises(Forbidden):
                deed()


def test_a_role_is_made_like_another_renamed_and_removed(cast: Cast):
    admin = cast.actor("admin")
    made = roles.make_role(admin, "  Sales   abroad ", like=Role.objects.get(key="team"))
    assert made.name == "Sales abroad"
    assert made.grants.count() == Role.objects.get(key="team").grants.count()
    with pytest.raises(Refused, match="already"):
        roles.make_role(admin, "sales abroad")
    FieldRule.objects.create(role=made, object="toybox.box", field="country", rule="hidden")
    roles.rename_role(admin, made, "Export")
    roles.set_members(admin, made, [cast.dee.pk])
    roles.remove_role(admin, made)
    assert not Role.objects.filter(name="Export").exists()
    assert System("x").is_system
