"""What this room adds to the page of a person: her local time with a light, and her culture beside her country's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.html import EMPTY
from kith.kernel.viewer import Viewer
from kith.objects.access import fields as fields_of
from kith.objects.countries.calling import place as city_of
from kith.objects.countries.calling import sentences
from kith.objects.declare import object_type
from kith.objects.kinds import Country, Language
from kith.objects.kinds.local_clock import lamp, wall_time
from kith.objects.kinds.salutations import salutation
from kith.ui.additions import HEAD, Addition

from . import profile

PERSON = profile.PERSON
#: Fields of the profile beside what is usual in the country, in the order of the panel.
COMPARED = (
    "language",
    "other_languages",
    "script",
    "zone",
    "calendar",
    "style",
    "channel",
    "preferred_hours",
    "quiet_hours",
)


@dataclass(frozen=True)
class Compared:
    """One line of the panel: her own value and what is usual in her country, each as it looks or EMPTY; whether they say the same."""

    label: Any
    own: SafeString
    usual: SafeString
    same: bool


def local_time(actor: Actor, person: Any, viewer: Viewer) -> dict[str, Any] | None:
    """The time where she is, the light, and why."""
    verdict, week = profile.callable_now(person, actor, viewer)
    if verdict.cause == "no_zone" and not profile.place_of(person, actor).country and person.address is None:
        return None
    asked = profile.asked_on(person, actor, viewer) if verdict.cause == "do_not_call" else None
    now = clock.now()
    return {
        "lamp": lamp(verdict.state, viewer),
        "time": wall_time(now, week.zone, viewer) if week.zone else "",
        "instant": verdict.local.isoformat(timespec="minutes") if verdict.local else "",
        "place": city_of(week.zone, viewer) if week.zone else "",
        "sentences": sentences(verdict, week, viewer, asked=asked),
    }


def culture(actor: Actor, person: Any, viewer: Viewer) -> dict[str, Any] | None:
    """Own values beside the country's, how to address her, and the country's guidance."""
    o, seen = object_type(PERSON), fields_of(actor, PERSON)
    place, usual = profile.place_of(person, actor), profile.customs_of(person, actor)
    lines = []
    for name in COMPARED:
        field = o.field(name)
        if name not in seen:
            continue
        own = field.get(person)
        # What the country says is asked as if she had said nothing.
        told = field.facts.assumed(person, actor) if field.facts.assumed else None
        shown = EMPTY if told is None else field.kind.detail(told.value, viewer)
        lines.append(
            Compared(field.label, field.kind.detail(own, viewer), shown, told is not None and own == told.value)
        )
    if "name" in seen and not o.title_field.kind.is_empty(person.name):
        order = (_("Family name first"), _("Given name first"))
        lines.insert(
            3,
            Compared(
                lazy("Order of the name"),
                order[not person.name.family_first] if person.name.order else EMPTY,  # type: ignore[arg-type]
                order[not person.name.family_first] if not person.name.order else EMPTY,  # type: ignore[arg-type]
                False,
            ),
        )
    if not place.country and all(line.own == "" for line in lines):
        return None
    return {
        "place": Country().name(place.country, viewer) if place.country else "",
        "lines": [line for line in lines if line.own or line.usual],
        "greetings": greetings(person, usual.languages, seen, viewer),
        "guidance": usual.values["guidance"] if place.country else "",
        "own_words": "guidance" in usual.own,
        "country_url": object_type("objects.country").url(usual.record) if usual.record else "",
    }


def greetings(person: Any, usual: tuple[str, ...], seen: dict[str, Any], viewer: Viewer) -> list[dict[str, Any]]:
    """How a letter and a mail to her begin: in her language (her own, or the country's), and in the viewer's."""
    if "name" not in seen:
        return []
    title = person.salutation if "salutation" in seen else ""
    own = (person.language if "language" in seen else "") or next(iter(usual), "")
    found = []
    for language in dict.fromkeys(filter(None, (own, viewer.language))):
        said = {
            (formality, medium): salutation(person.name, language, formality, medium, title=title)
            for formality in ("formal", "informal")
            for medium in ("letter", "mail")
        }  # fmt: skip
        rows = [
            (_("Formal"), said["formal", "letter"]),
            (_("Informal letter"), said["informal", "letter"]),
            (_("Informal mail"), said["informal", "mail"]),
        ]
        if rows[1][1] == rows[2][1]:
            rows[1:] = [(_("Informal"), rows[1][1])]
        tag = Language().canonical("zh-Hans" if language == "zh-hans" else language)
        found.append(
            {
                "language": Language().name(tag, viewer) if tag else language,
                "tag": tag,
                "rows": [r for r in rows if r[1]],
            }
        )
    return [one for one in found if one["rows"]]


LOCAL_TIME = Addition(
    PERSON, "local-time", lazy("Local time"), "contacts/local_time.html", local_time, place=HEAD, icon="clock", refresh=60
)  # fmt: skip
CULTURE = Addition(
    PERSON, "culture", lazy("Beside what is usual there"), "contacts/culture.html", culture, icon="globe"
)
