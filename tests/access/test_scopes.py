"""Territories, conditions, private records, managers of managers, deputies, and actions granted by name."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kith.events.models import Event
from kith.identity.models import Deputy, Team
from kith.kernel import clock
from kith.kernel.actor import System
from kith.kernel.errors import Forbidden, Missing
from kith.objects.access import fields, may
from kith.objects.access.models import FieldRule, Grant, Private, Role, Share, Territory, TerritoryRule
from kith.objects.actions import act
from kith.objects.history import timeline
from kith.objects.query import count, find, listing
from kith.objects.write import Draft, change, create, write
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.every_engine]
SEED = System("seed")


def names(actor, what: str = "toybox.box", **asked) -> list[str]:
    return sorted(str(r.name) for r in listing(actor, what, **asked).records)


def box(name: str, country: str, owner=None):
    return create(SEED, "toybox.box", name=name, country=country, owner=owner.pk if owner else None)


def only(who, *grants: tuple[str, ...], **more) -> Role:
    """A role of nothing but these grants (object, verb, scope, condition), and it is this person's only one."""
    who.roles.clear()
    role = Role.objects.create(key=f"only-{who.pk}", name="Only")
    role.users.add(who)
    for object_key, verb, scope, *condition in grants:
        Grant.objects.create(role=role, object=object_key, verb=verb, scope=scope, condition=(condition or [""])[0])
    return role


# ── territories ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def north(cast: Cast) -> Territory:
    """The North with Finland below it; Dee works in the North, and her role says "territory"."""
    north = Territory.objects.create(name="North")
    finland = Territory.objects.create(name="Finland", parent=north)
    TerritoryRule.objects.create(territory=north, object="toybox.box", condition="country:in:SE,NO")
    TerritoryRule.objects.create(territory=finland, object="toybox.box", condition="country:in:FI")
    north.members.add(cast.dee)
    only(cast.dee, ("*", "view", "territory"), ("*", "change", "own"), ("*", "create", "own"))
    return north


def test_a_territory_holds_what_its_rule_says_and_all_below_it(cast: Cast, north: Territory):
    box("Oslo", "NO"), box("Turku", "FI"), box("Roma", "IT"), box("Hers", "IT", cast.dee)
    assert names(cast.actor("dee")) == ["Hers", "Oslo", "Turku"]
    assert count(cast.actor("dee"), "toybox.box").value == 3
    north.members.clear()
    Territory.objects.get(name="Finland").members.add(cast.dee)
    assert names(cast.actor("dee")) == ["Hers", "Turku"]


def test_a_territory_without_a_rule_for_an_object_holds_none_of_it(cast: Cast, north: Territory):
    create(SEED, "toybox.toy", name={"given": "Bear"})
    assert listing(cast.actor("dee"), "toybox.toy").records == []


def test_a_broken_rule_of_a_territory_closes_it(cast: Cast, north: Territory):
    box("Oslo", "NO")
    TerritoryRule.objects.filter(territory=north).update(condition="colour:is:red")
    assert names(cast.actor("dee")) == []


def test_a_territory_may_look_through_a_link(cast: Cast, north: Territory):
    TerritoryRule.objects.create(territory=north, object="toybox.toy", condition="box.country:in:NO")
    oslo, roma = box("Oslo", "NO"), box("Roma", "IT")
    create(SEED, "toybox.toy", name={"given": "Bear"}, box=oslo.pk)
    create(SEED, "toybox.toy", name={"given": "Duck"}, box=roma.pk)
    assert [r.name.given for r in listing(cast.actor("dee"), "toybox.toy").records] == ["Bear"]


def test_territories_in_a_circle_end(cast: Cast, north: Territory):
    Territory.objects.filter(pk=north.pk).update(parent=Territory.objects.get(name="Finland"))
    box("Turku", "FI")
    assert names(cast.actor("dee")) == ["Turku"]


def test_moving_a_record_out_of_the_territory_that_she_may_change_is_refused(cast: Cast, north: Territory):
    Grant.objects.filter(verb="change", role__users=cast.dee).update(scope="territory")
    oslo = box("Oslo", "NO")
    with pytest.raises(Forbidden):
        change(cast.actor("dee"), oslo, country="IT")
    assert change(cast.actor("dee"), oslo, country="SE").country == "SE"


# ── conditions ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_condition_narrows_a_grant_and_grants_add_up(cast: Cast):
    only(cast.dee, ("toybox.box", "view", "all", "country:in:FI"), ("toybox.box", "view", "own"))
    box("Turku", "FI"), box("Roma", "IT"), box("Hers", "IT", cast.dee)
    assert names(cast.actor("dee")) == ["Hers", "Turku"]


def test_a_condition_reads_fields_that_the_grantee_does_not_see(cast: Cast):
    role = only(cast.dee, ("toybox.box", "view", "all", "country:in:FI"))
    FieldRule.objects.create(role=role, object="toybox.box", field="country", rule="hidden")
    box("Turku", "FI"), box("Roma", "IT")
    assert names(cast.actor("dee")) == ["Turku"]
    assert "country" not in fields(cast.actor("dee"), "toybox.box")


@pytest.mark.parametrize(
    "broken",
    ["colour:is:red", "country:shines:FI", "country:in", ";", "any()", "name:contains:%20", "country", "x" * 5000,
     "made:last:10", "owner.name:is:Ada"],
)  # fmt: skip
def test_a_broken_condition_closes_and_never_opens(cast: Cast, broken: str):
    only(cast.dee, ("toybox.box", "view", "all", broken))
    box("Turku", "FI")
    assert names(cast.actor("dee")) == []
    with pytest.raises(Missing):
        find(cast.actor("dee"), "toybox.box", box("Oslo", "NO").pk)


def test_a_condition_may_ask_who_she_is(cast: Cast):
    only(cast.dee, ("toybox.toy", "view", "all", "keeper:is_me"))
    create(SEED, "toybox.toy", name={"given": "Bear"}, keeper=cast.dee.pk)
    create(SEED, "toybox.toy", name={"given": "Duck"}, keeper=cast.ada.pk)
    assert [r.name.given for r in listing(cast.actor("dee"), "toybox.toy").records] == ["Bear"]


def test_nobody_creates_what_a_condition_leaves_out(cast: Cast):
    only(cast.dee, ("toybox.box", "view", "all"), ("toybox.box", "create", "all", "country:in:FI"))
    with pytest.raises(Forbidden):
        create(cast.actor("dee"), "toybox.box", name="Roma", country="IT")
    assert create(cast.actor("dee"), "toybox.box", name="Turku", country="FI").pk


# ── private records ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_private_record_is_its_owners_and_of_those_with_whom_it_is_shared(cast: Cast):
    secret = box("Secret", "FI", cast.ada)
    box("Open", "FI", cast.ada)
    Private.objects.create(object="toybox.box", record=secret.pk)
    assert names(cast.actor("ada")) == ["Open", "Secret"]
    for who in ("ben", "cai", "eve", "admin"):
        assert names(cast.actor(who)) == ["Open"], who
        assert count(cast.actor(who), "toybox.box").value == 1
        with pytest.raises(Missing):
            change(cast.actor(who), secret, name="Mine")
    Share.objects.create(object="toybox.box", record=secret.pk, user=cast.ben)
    assert names(cast.actor("ben")) == ["Open", "Secret"]
    with pytest.raises(Forbidden):
        change(cast.actor("ben"), secret, name="Mine")


def test_what_follows_a_private_record_is_private_too(cast: Cast):
    person = create(cast.actor("ada"), "contacts.person", name={"given": "Aino"})
    company = create(cast.actor("ada"), "contacts.company", name="Firm")
    belongs = create(cast.actor("ada"), "contacts.affiliation", person=person.pk, company=company.pk)
    assert find(cast.actor("ben"), "contacts.affiliation", belongs.pk)
    Private.objects.create(object="contacts.person", record=person.pk)
    with pytest.raises(Missing):
        find(cast.actor("ben"), "contacts.affiliation", belongs.pk)


def test_exporting_what_follows_a_record_needs_the_right_to_export_that(cast: Cast):
    Grant.objects.filter(verb="export").delete()
    assert may(cast.actor("ada"), "change", "contacts.affiliation")
    assert not may(cast.actor("ada"), "export", "contacts.affiliation")


def test_a_share_ends_when_it_says(cast: Cast):
    lent = box("Lent", "FI", cast.ada)
    Share.objects.create(object="toybox.box", record=lent.pk, user=cast.dee, until=datetime(2026, 3, 1, tzinfo=UTC))
    with clock.frozen(datetime(2026, 2, 28, 23, 0, tzinfo=UTC)):
        assert names(cast.actor("dee")) == ["Lent"]
    with clock.frozen(datetime(2026, 3, 1, 0, 0, 1, tzinfo=UTC)):
        assert names(cast.actor("dee")) == []


def test_whoever_sees_a_record_by_a_share_alone_sees_no_field_that_her_roles_hide(cast: Cast):
    role = only(cast.dee, ("toybox.toy", "view", "all"))
    FieldRule.objects.create(role=role, object="toybox.box", field="country", rule="hidden")
    lent = box("Lent", "FI", cast.ada)
    Share.objects.create(object="toybox.box", record=lent.pk, user=cast.dee)
    assert names(cast.actor("dee")) == ["Lent"]
    assert "country" not in fields(cast.actor("dee"), "toybox.box")


# ── managers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_manager_of_managers_sees_what_the_teams_below_hers_have(cast: Cast):
    box("Adas", "FI", cast.ada)
    team = Team.objects.get()
    above = Team.objects.create(name="Region", manager=cast.dee)
    Role.objects.get(key="team").users.add(cast.dee)
    assert names(cast.actor("dee")) == []
    team.parent = Team.objects.create(name="District", parent=above)
    team.save()
    assert names(cast.actor("dee")) == ["Adas"]
    above.members.add(cast.eve)
    Role.objects.get(key="eve").users.clear()
    Role.objects.get(key="team").users.add(cast.eve)
    assert names(cast.actor("eve")) == [], "members of a team do not see the teams below it"


# ── deputies ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def standing_in(cast: Cast) -> Cast:
    """Dee stands in for Ada from 2 to 4 March; Ada lives in Tokyo, nine hours ahead of UTC."""
    cast.ada.zone = "Asia/Tokyo"
    cast.ada.save()
    Deputy.objects.create(user=cast.ada, deputy=cast.dee, since=date(2026, 3, 2), until=date(2026, 3, 4))
    return cast


def at(day: int, hour: int):
    return clock.frozen(datetime(2026, 3, day, hour, tzinfo=UTC))


def test_a_deputy_acts_for_the_days_of_the_absence_in_the_zone_of_who_is_away(standing_in: Cast):
    box("Adas", "FI", standing_in.ada), box("Bens", "FI", standing_in.ben), box("Eves", "FI", standing_in.eve)
    for day, hour, sees in [(1, 14, False), (1, 15, True), (4, 14, True), (4, 15, False)]:
        with at(day, hour):
            assert names(standing_in.actor("dee")) == (["Adas", "Bens"] if sees else []), (day, hour)


def test_what_a_deputy_does_is_told_as_hers_for_somebody(standing_in: Cast):
    adas, hers = box("Adas", "FI", standing_in.ada), box("Hers", "FI", standing_in.dee)
    with at(3, 12):
        change(standing_in.actor("dee"), adas, name="Kept")
        change(standing_in.actor("dee"), hers, name="Own")
        assert timeline(standing_in.actor("ada"), adas).entries[0].actor_name == "Dee for Ada"
        assert timeline(standing_in.actor("dee"), hers).entries[0].actor_name == "Dee"
    assert Event.objects.filter(deputy_for="Ada").count() == 1


def test_a_deputy_neither_exports_nor_shares_nor_sees_what_is_private(standing_in: Cast):
    Role.objects.get(key="own").grants.filter(verb__in=("export", "share", "mass")).delete()
    adas, secret = box("Adas", "FI", standing_in.ada), box("Secret", "FI", standing_in.ada)
    Private.objects.create(object="toybox.box", record=secret.pk)
    with at(3, 12):
        dee = standing_in.actor("dee")
        assert names(dee) == ["Adas"]
        for verb in ("export", "share", "mass"):
            assert not may(dee, verb, adas)
            assert not may(dee, verb, "toybox.box")


def test_a_deputy_of_an_administrator_is_none(standing_in: Cast):
    Deputy.objects.create(
        user=standing_in.admin, deputy=standing_in.dee, since=date(2026, 3, 2), until=date(2026, 3, 4)
    )
    box("Eves", "FI", standing_in.eve)
    with at(3, 12):
        assert names(standing_in.actor("dee")) == []


def test_nobody_stands_in_for_somebody_who_was_deactivated(standing_in: Cast):
    box("Adas", "FI", standing_in.ada)
    standing_in.ada.is_active = False
    standing_in.ada.save()
    with at(3, 12):
        assert names(standing_in.actor("dee")) == []


# ── actions by name ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_action_granted_by_its_name_is_done_without_the_right_to_change(cast: Cast):
    only(cast.dee, ("*", "view", "all"), ("toybox.toy", "lose", "all"))
    bear = create(SEED, "toybox.toy", name={"given": "Bear"}, state="new")
    dee = cast.actor("dee")
    with pytest.raises(Forbidden):
        change(dee, bear, state="used")
    assert act(dee, "lose", bear, where="Here").state == "lost"
    with pytest.raises(Forbidden):
        change(dee, bear, state="used")


def test_an_action_withheld_by_its_name_is_not_done_with_the_right_to_change(cast: Cast):
    only(cast.dee, ("*", "view", "all"), ("*", "change", "all"), ("toybox.toy", "lose", "none"))
    bear = create(SEED, "toybox.toy", name={"given": "Bear"}, state="new")
    with pytest.raises(Forbidden):
        act(cast.actor("dee"), "lose", bear, where="Here")
    assert change(cast.actor("dee"), bear, state="lost").state == "lost"


# ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_right_taken_away_while_a_run_goes_on_is_gone_for_the_next_step(cast: Cast, monkeypatch):
    from kith.events.runs import execute, start
    from kith.objects import bulk

    made = [
        o.record.pk
        for o in write(SEED, "toybox.box", [Draft({"name": f"Box {i}", "owner": cast.ada.pk}) for i in range(6)])
    ]
    monkeypatch.setattr(bulk, "CHUNK", 2)
    kept = bulk.write

    def then_take_the_right_away(*given):
        outcomes = kept(*given)
        Grant.objects.filter(verb="change").delete()
        return outcomes

    monkeypatch.setattr(bulk, "write", then_take_the_right_away)
    run = start(bulk.edit_many, cast.actor("ada"), object="toybox.box", ids=made, values={"country": "FI"})
    done = execute(run.pk)
    assert done
    assert done.result["done"] == 2
    assert len(done.result["refused"]) == 4
