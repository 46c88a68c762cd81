"""A person's culture profile: what is assumed where she said nothing, and whether now is a moment to call her.

Everything is asked with the rights of whoever looks: a country that she may not read tells her nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.culture import culture
from kith.kernel.hours import Verdict, Week, verdict
from kith.kernel.viewer import Viewer, current_viewer
from kith.objects.access import fields as fields_of
from kith.objects.access import may
from kith.objects.countries.calling import week as week_of_country
from kith.objects.countries.customs import Customs, all_customs
from kith.objects.declare import Assumed, Assumption
from kith.objects.history import field_history
from kith.objects.kinds import Country
from kith.objects.kinds.local_clock import LocalClock
from kith.objects.query import visible_to

PERSON, COMPANY, AFFILIATION = "contacts.person", "contacts.company", "contacts.affiliation"
#: Field of a person → field of a country's record.
USUAL = {
    "zone": "zone",
    "calendar": "calendar",
    "style": "style",
    "channel": "channel",
    "preferred_hours": "working_hours",
    "quiet_hours": "quiet_hours",
}
ADDRESS, VIA_COMPANY = "address", "company"


@dataclass(frozen=True)
class Place:
    """Where a person probably is: `country` (ISO 3166-1 or ""), known from her "address" or her "company"; `region` as it was written."""

    country: str = ""
    via: str = ""
    region: str = ""


def places(people: list[Any], actor: Actor) -> dict[int, Place]:
    """Person → place, in one query at most: her address, else that of her main company, as far as the actor may read them."""
    found: dict[int, Place] = {}
    if "address" in fields_of(actor, PERSON):
        for person in people:
            if person.address and person.address.country:
                found[person.pk] = Place(person.address.country, ADDRESS, person.address.region)
    # Asked for everybody, so that a page takes the same number of queries whoever is on it.
    ids = [p.pk for p in people if p.pk]
    if (
        ids
        and "companies" in fields_of(actor, PERSON)
        and may(actor, "view", COMPANY)
        and "address" in fields_of(actor, COMPANY)
    ):
        rows = (
            visible_to(actor, AFFILIATION)
            .filter(person__in=ids, inactive=False, company__in=visible_to(actor, COMPANY).values("pk"))
            .exclude(company__address_country="")
            .order_by("-main", "pk")
            .values_list("person_id", "company__address_country")
        )
        for person_id, country in rows:
            found.setdefault(person_id, Place(country, VIA_COMPANY))
    return found


def place_of(person: Any, actor: Actor) -> Place:
    """The same for one, remembered while the record is shown."""
    key = f"place:{actor.kind}:{actor.id}"
    if key not in person.attached:
        person.attached[key] = places([person], actor).get(person.pk) or (
            # A form that is not saved yet has no number.
            Place(person.address.country, ADDRESS, person.address.region)
            if person.pk is None and person.address
            else Place()
        )
    found: Place = person.attached[key]
    return found


def customs_of(person: Any, actor: Actor) -> Customs:
    """What is usual where she is; with no country, what is usual in the world."""
    country = place_of(person, actor).country
    key = f"customs:{country}"
    if key not in person.attached:
        person.attached[key] = all_customs([country])[country]
    found: Customs = person.attached[key]
    return found


# ── what is assumed ──────────────────────────────────────────────────────────────────────────────────────────────────


def usual(name: str) -> Assumption:
    """What a person's field is taken for while she said nothing: what is usual in her country."""

    def of(person: Any, actor: Actor) -> Assumed | None:
        place = place_of(person, actor)
        if not place.country:
            return None
        customs = customs_of(person, actor)
        value, certain = customs.values[USUAL[name]], USUAL[name] in customs.own
        if name == "zone":
            certain = customs.zone_certain
        elif name == "calendar":
            certain = True
        return Assumed(value, reason(place, certain), certain)

    return of


def usual_language(person: Any, actor: Actor) -> Assumed | None:
    """The most usual language of the country."""
    return _spoken(person, actor, lambda languages: next(iter(languages), ""))


def usual_languages(person: Any, actor: Actor) -> Assumed | None:
    """The other usual languages of the country."""
    return _spoken(person, actor, lambda languages: tuple(tag for tag in languages[1:4] if tag != person.language))


def _spoken(person: Any, actor: Actor, choose: Callable[[tuple[str, ...]], Any]) -> Assumed | None:
    place = place_of(person, actor)
    if not place.country:
        return None
    languages = customs_of(person, actor).languages
    return Assumed(choose(languages), reason(place, len(languages) == 1), len(languages) == 1)


def usual_script(person: Any, actor: Actor) -> Assumed | None:
    """The script of the country's language."""
    place = place_of(person, actor)
    return Assumed(culture(place.country).script, reason(place, True)) if place.country else None


def reason(place: Place, certain: bool) -> str:
    """Where an assumption comes from, as a sentence."""
    country = Country().name(place.country, current_viewer())
    if place.via == VIA_COMPANY:
        said = (
            _("Assumed from the company’s country: %(country)s.")
            if certain
            else _("A guess from the company’s country: %(country)s.")
        )
    else:
        said = _("Assumed from the address: %(country)s.") if certain else _("A guess from the address: %(country)s.")
    return said % {"country": country}


# ── a moment to call ─────────────────────────────────────────────────────────────────────────────────────────────────


def week_of(person: Any, usual: Customs, place: Place, seen: dict[str, Any], viewer: Viewer) -> Week:
    """How her days go: her own word where there is one and the actor may read it, else what is usual."""

    def own(name: str, nothing: Any) -> Any:
        return getattr(person, name) if name in seen else nothing

    region = place.region if place.via == ADDRESS else ""
    return week_of_country(
        usual,
        viewer,
        zone=(own("zone", "") or usual.zone) if "zone" in seen else "",
        region=region,
        quiet=own("quiet_hours", None),
        preferred=own("preferred_hours", None),
        do_not_call=own("do_not_call", None),
    )


def callable_now(person: Any, actor: Actor, viewer: Viewer) -> tuple[Verdict, Week]:
    """Whether now is a moment to call her."""
    week = week_of(person, customs_of(person, actor), place_of(person, actor), fields_of(actor, PERSON), viewer)
    return verdict(clock.now(), week), week


def asked_on(person: Any, actor: Actor, viewer: Viewer) -> date | None:
    """The day on which the mark “do not call” was set, as the ledger knows it."""
    marked = [period for period in field_history(actor, person, "do_not_call") if period.until is None and period.value]
    return marked[0].since.astimezone(viewer.tzinfo).date() if marked else None


def clocks(people: list[Any], actor: Actor) -> Callable[[Any], LocalClock]:
    """What the column “Local time” shows, for a whole page in two queries."""
    viewer, seen = current_viewer(), fields_of(actor, PERSON)
    where = places(people, actor)
    usual = all_customs({place.country for place in where.values()} | {""})
    now = clock.now()
    told: dict[Any, str] = {}

    def of(person: Any) -> LocalClock:
        place = where.get(person.pk, Place())
        week = week_of(person, usual[place.country], place, seen, viewer)
        # People of one zone, country and habit share a verdict.
        key = (week.zone, week.country, place.region, week.quiet, week.preferred, week.do_not_call)
        if key not in told:
            told[key] = verdict(now, week).state
        return LocalClock(week.zone, told[key])

    return of
