"""Territories, teams and absences: trees of names with people and rules, edited one at a time."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.identity.models import Team
from kith.identity.names import active_users
from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused
from kith.objects import places
from kith.objects.access.conditions import said
from kith.objects.access.models import Territory
from kith.objects.access.territories import countries_in, country_path, with_countries
from kith.objects.declare import ObjectType, object_types
from kith.objects.kinds import Country, Date
from kith.objects.kinds.numerals import show_number
from kith.objects.roles import administers

from .. import typed
from ..policy import Policy
from ..render import onward
from ..settings import ADMINISTRATORS, Further, SettingsPage, settings_page
from ..typed import ask_typed
from .roles import EXAMPLE

NEW = 0


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _tree(model: Any, viewer: Any, url: str) -> list[dict[str, Any]]:
    """Everything by its place in the tree: depth, name, how many people; what lies in a circle comes last, too."""
    rows = {row.pk: row for row in model.objects.prefetch_related("members").order_by("name")}
    below: dict[int | None, list[Any]] = {}
    for row in rows.values():
        below.setdefault(row.parent_id if row.parent_id in rows else None, []).append(row)
    made: list[dict[str, Any]] = []
    told: set[int] = set()

    def walk(some: list[Any], depth: int) -> None:
        for row in some:
            if row.pk not in told:
                told.add(row.pk)
                people = show_number(len(row.members.all()), viewer)
                made.append({"row": row, "depth": range(depth), "people": people, "url": f"{url}{row.pk}/"})
                walk(below.get(row.pk, []), depth + 1)

    walk(below.get(None, []), 0)
    walk(list(rows.values()), 0)
    return made


def territories(request: Any, actor: Actor) -> HttpResponse:
    """The tree of territories."""
    context = {"tree": _tree(Territory, request.viewer, TERRITORIES.url), "new": f"{TERRITORIES.url}{NEW}/"}
    return settings_page(request, TERRITORIES.key, "ui/settings/places.html", context)


def teams(request: Any, actor: Actor) -> HttpResponse:
    """The tree of teams."""
    context = {"tree": _tree(Team, request.viewer, TEAMS.url), "new": f"{TEAMS.url}{NEW}/"}
    return settings_page(request, TEAMS.key, "ui/settings/places.html", context)


def territory(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """GET: one territory, or the form of a new one. POST: save or remove it."""
    found = _found(Territory, pk)
    ruled = [o for o in object_types() if not o.follows and not o.common]
    given, refusal, untyped = request.POST, None, ""
    if request.method == "POST":
        try:
            if given.get("do") == "remove" and found is not None:
                ask_typed(request, found.name)
                places.remove_place(actor, found)
                return onward(request, TERRITORIES.url, _("Removed."))
            rules = {o.key: _rule(given, o) for o in ruled}
            people = [int(i) for i in given.getlist("people") if _number(i)]
            places.save_territory(actor, found, given.get("name", ""), _number(given.get("parent", "")), people, rules)
            return onward(request, TERRITORIES.url, _("Saved"))
        except Refused as fault:
            untyped = typed.said(fault)
            refusal = None if untyped else fault
            found = _found(Territory, pk)
    now = dict(found.rules.values_list("object", "condition")) if found else {}
    countries = [(one.value, one.label) for one in Country().choices(request.viewer)]
    rules_shown = []
    for o in ruled:
        text = given.get(f"rule:{o.key}", "") if refusal else now.get(o.key, "")
        sentence = said(o, text, request.viewer) if text and o.key not in (refusal.errors if refusal else {}) else ""
        fault_said = (refusal.errors.get(o.key) or [""])[0] if refusal else ""
        had = given.get(f"had:{o.key}", "") if refusal else ",".join(countries_in(o, text))
        chosen = given.getlist(f"country:{o.key}") if refusal else had.split(",")
        rules_shown.append(
            {
                "object": o,
                "name": f"rule:{o.key}",
                "text": text,
                "said": sentence,
                "error": fault_said,
                "had": had,
                "countries": [(code, label, code in chosen) for code, label in countries] if country_path(o) else [],
            }
        )
    context = _form(request, Territory, found, refusal, untyped) | {"rules": rules_shown, "example": EXAMPLE}
    return settings_page(
        request, TERRITORIES.key, "ui/settings/place.html", context, status=422 if refusal or untyped else 200
    )


def _rule(given: Any, o: ObjectType) -> str:
    """The condition as it was typed, with the countries that were chosen beside it, if others were than it had (`had:…`)."""
    text, chosen = given.get(f"rule:{o.key}", ""), given.getlist(f"country:{o.key}")
    if set(chosen) == set(filter(None, given.get(f"had:{o.key}", "").split(","))) or not country_path(o):
        return str(text)
    try:
        return with_countries(o, text, chosen)
    except Refused as refusal:
        raise Refused(str(refusal), field=o.key) from refusal


def team(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """GET: one team, or the form of a new one. POST: save or remove it."""
    found = _found(Team, pk)
    given, refusal, untyped = request.POST, None, ""
    if request.method == "POST":
        try:
            if given.get("do") == "remove" and found is not None:
                ask_typed(request, found.name)
                places.remove_place(actor, found)
                return onward(request, TEAMS.url, _("Removed."))
            people = [int(i) for i in given.getlist("people") if _number(i)]
            manager, parent = _number(given.get("manager", "")), _number(given.get("parent", ""))
            places.save_team(actor, found, given.get("name", ""), manager, parent, people)
            return onward(request, TEAMS.url, _("Saved"))
        except Refused as fault:
            untyped = typed.said(fault)
            refusal = None if untyped else fault
            found = _found(Team, pk)
    manager_now = (
        _number(given.get("manager", "")) if refusal else found.manager.pk if found and found.manager else None
    )
    context = _form(request, Team, found, refusal, untyped) | {"managed": True, "manager": manager_now}
    return settings_page(
        request, TEAMS.key, "ui/settings/place.html", context, status=422 if refusal or untyped else 200
    )


def _found(model: Any, pk: int) -> Any:
    if pk == NEW:
        return None
    found = model.objects.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Missing
    return found


def _form(request: Any, model: Any, found: Any, refusal: Refused | None, untyped: str) -> dict[str, Any]:
    given = request.POST
    having = (
        {int(i) for i in given.getlist("people") if _number(i)}
        if refusal
        else set(found.members.values_list("pk", flat=True))
        if found
        else set()
    )
    errors = {name: sentences[0] for name, sentences in refusal.errors.items()} if refusal else {}
    return {
        "found": found,
        "name": given.get("name", "") if refusal else found.name if found else "",
        "parent": _number(given.get("parent", "")) if refusal else found.parent_id if found else None,
        "above": list(model.objects.exclude(pk=found.pk if found else None).order_by("name").values_list("pk", "name")),
        "people": [(pk, name, pk in having) for pk, name in active_users()],
        "users": active_users(),
        "errors": errors,
        "whole": errors.get("", ""),
        "danger": typed.danger(
            found.name,
            _("What lay below it stays and lies below nothing. Rights that came from it end at once."),
            error=untyped,
        )
        if found
        else None,
    }


def absences(request: Any, actor: Actor) -> HttpResponse:
    """GET: who is away and who stands in. POST: name a deputy, or end it."""
    given, refusal, everybody = request.POST, None, administers(actor)
    if request.method == "POST":
        try:
            if given.get("do") == "end":
                places.end_absence(actor, _number(given.get("absence", "")) or 0)
            else:
                user = _number(given.get("user", "")) if everybody else actor.user_id
                since, until = _day(request, "since"), _day(request, "until")
                places.stand_in(actor, user or 0, _number(given.get("deputy", "")) or 0, since, until)
            return onward(request, ABSENCES.url, _("Saved"))
        except Refused as fault:
            refusal = fault
    kind, viewer = Date(), request.viewer
    rows = [
        {"row": row, "since": kind.format(row.since, viewer), "until": kind.format(row.until, viewer)}
        for row in places.absences_of(actor)
    ]
    context = {
        "rows": rows,
        "everybody": everybody,
        "users": active_users(),
        "me": actor.user_id,
        "given": given if refusal else {},
        "errors": {name: sentences[0] for name, sentences in refusal.errors.items()} if refusal else {},
        "example": kind.edit(kind.example(1), viewer),
    }
    return settings_page(request, ABSENCES.key, "ui/settings/absences.html", context, status=422 if refusal else 200)


def _day(request: Any, name: str) -> Any:
    try:
        day = Date().parse(request.POST.get(name, ""), request.viewer)
    except Refused as refusal:
        raise Refused(str(refusal), field=name) from refusal
    if day is None:
        raise Refused(_("Give a day."), field=name)
    return day


_ONE = Policy(methods=("GET", "POST"), audit="access.place_changed")
TERRITORIES = SettingsPage(
    "territories",
    "people",
    lazy("Territories"),
    icon="map",
    help=lazy("Parts of the market by country or by rule, and who works in them"),
    screen=territories,
    who=ADMINISTRATORS,
    methods=("GET",),
    order=45,
    further=(Further("<int:pk>/", territory, "settings-territory", _ONE),),
)
TEAMS = SettingsPage(
    "teams",
    "people",
    lazy("Teams"),
    icon="users",
    help=lazy("Who works together, and who manages whom"),
    screen=teams,
    who=ADMINISTRATORS,
    methods=("GET",),
    order=40,
    further=(Further("<int:pk>/", team, "settings-team", _ONE),),
)
ABSENCES = SettingsPage(
    "absences",
    "you",
    lazy("Absences and deputies"),
    icon="calendar-off",
    help=lazy("Who stands in for you while you are away"),
    screen=absences,
    audit="access.deputy_changed",
    words=lazy("holiday leave out of office substitute"),
    order=40,
)
