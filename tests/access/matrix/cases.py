"""The cases: made of the routes, their policies and the registries. A route for which nobody can make cases is an error."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from kith.kernel.policy import ADMIN, ANYONE, TOKEN, USER, Policy
from kith.objects.actions import Action
from kith.objects.declare import ObjectType, object_type
from kith.ui.writing import Writing

from .world import PEOPLE, SORTS, World

#: A word that stands in no record.
ABSENT = "zqnobodyhasthisxq"
#: The number of no record.
NONE = 987_654_321
#: Of the fields' own addresses, these sorts of record; the other addresses take all.
FEW = ("own", "other's", "private")
#: Of the questions about single fields, these people's: the owner, who sees half of them, who sees no title, and a stranger.
CURIOUS = ("ada", "eve", "ida", "dee")
_NUMBERS = re.compile(r"\d+")
HX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}


class NoGenerator(AssertionError):
    """A route takes something from its address that the matrix cannot make."""


@dataclass(frozen=True)
class Route:
    """An address of the house."""

    pattern: str
    name: str
    policy: Policy

    @property
    def takes(self) -> tuple[str, ...]:
        """What its address has holes for, such as "slug", "pk" and "name"."""
        return tuple(part.rpartition(":")[2].rstrip(">") for part in self.pattern.split("/") if part.startswith("<"))


@dataclass(frozen=True)
class Case:
    """One request of one person. `also` is the same request about nothing: both must be answered alike (`invisible` to this person)."""

    who: str
    route: str
    url: str
    method: str = "GET"
    part: bool = False
    body: Any = None
    #: (object, sort) of the record that it is about.
    about: tuple[str, str] = ("", "")
    also: str = ""
    #: (object, sort) of a record that the address names by number and that `also` replaces by one that is not there.
    far: tuple[str, str] = ("", "")

    @property
    def id(self) -> str:
        """Stable from run to run: numbers of records depend on what ran before, so they are left out."""
        url = _NUMBERS.sub("#", self.url)
        return f"{self.who}|{self.route}|{url}|{self.method}|{self.part}|{self.body}|{self.about}|{self.far}"

    def chosen(self, share: int) -> bool:
        """Whether it is in the share of one in `share`."""
        return zlib.crc32(self.id.encode()) % share == 0


#: What goes out without being asked for: beside the addresses, and judged like them.
WEBHOOK = Route("what webhooks tell", "webhook", Policy(methods=("GET",)))


def routes() -> list[Route]:
    """Every address there is, and what webhooks tell."""

    def walk(patterns: Any, before: str) -> Iterator[Route]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, before + str(one.pattern))
            elif isinstance(one, URLPattern) and hasattr(one.callback, "policy"):
                yield Route(before + str(one.pattern), one.name or "", one.callback.policy)

    return [*walk(get_resolver().url_patterns, ""), WEBHOOK]


def unguarded() -> list[str]:
    """Addresses without a policy: there must be none."""

    def walk(patterns: Any, before: str) -> Iterator[str]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, before + str(one.pattern))
            elif not hasattr(one.callback, "policy"):
                yield before + str(one.pattern)

    return list(walk(get_resolver().url_patterns, ""))


@dataclass
class Place:
    """One filled address: what it is about, and what the fillings were."""

    url: str
    o: ObjectType | None = None
    about: tuple[str, str] = ("", "")
    name: str = ""
    pk: int = 0
    rest: dict[str, Any] = field(default_factory=dict)


def places(world: World, route: Route) -> Iterator[Place]:
    """Every address that a route's pattern stands for in this world."""
    takes = route.takes
    if not takes:
        yield Place(f"/{route.pattern}")
        return
    if takes[0] == "slug":
        for o in world.objects:
            yield from _of_object(world, route, o)
        return
    if route.pattern.startswith("runs/<int:pk>/") and takes == ("pk",):
        for pk in (*world.runs, 999_999):
            yield Place(_filled(route, pk=pk), pk=pk)
        return
    if route.pattern.startswith("settings/webhooks/") and takes:
        for whose, (pk, below) in {**world.hooks("/in/" in route.pattern), "none": (999_999, 999_999)}.items():
            filled = {name: pk if name == "pk" else below for name in takes}
            yield Place(_filled(route, **filled), about=("hook", whose), pk=pk)
        return
    if route.name in world.things:
        for whose, pk in (("olga", world.things[route.name]), ("none", 999_999)):
            yield Place(_filled(route, pk=pk), about=("hook", whose), pk=pk)
        return
    if route.policy.who in (ADMIN, ANYONE, TOKEN) or route.pattern.startswith(("settings/", "sign-in/")):
        # Whatever it takes, nobody's records are named by it: numbers that may be something, and one that is nothing.
        for number in (1, 2, 3, 999_999):
            yield Place(_filled(route, **dict.fromkeys(takes, number)), pk=number)
        return
    raise NoGenerator(f"{route.pattern}: say in tests/access/matrix/cases.py what stands for {', '.join(takes)}.")


def _of_object(world: World, route: Route, o: ObjectType) -> Iterator[Place]:
    takes = route.takes[1:]
    if not takes:
        yield Place(_filled(route, slug=o.slug), o)
    elif takes == ("name",):
        for name in _names(world, route, o):
            yield Place(_filled(route, slug=o.slug, name=name), o, name=name)
    elif takes[0] == "pk" and "/import/" in route.pattern and len(takes) == 1:
        for pk in (world.imports[o.key], 999_999):
            yield Place(_filled(route, slug=o.slug, pk=pk), o, about=("import", o.key), pk=pk)
    elif takes == ("pk",) and "/views/" in route.pattern:
        # Views say how to look at a list and show nothing of it; some of the first ones are made by the matrix's own POSTs.
        for pk in (1, 2, 999_999):
            yield Place(_filled(route, slug=o.slug, pk=pk), o, about=("view", "none"), pk=pk)
    elif takes[0] == "pk" and route.pattern.startswith("<slug:slug>/<int:pk>/"):
        names = _names(world, route, o) if "name" in takes else [""]
        others = [name for name in takes[1:] if name != "name"]
        for sort in (*SORTS, "none"):
            if "name" in takes and not _of_actions(route) and sort not in FEW:
                continue
            pk = world.records[o.key, sort].pk if sort != "none" else 999_999
            for name in names:
                filled = {"slug": o.slug, "pk": pk, "name": name, **dict.fromkeys(others, 1)}
                yield Place(_filled(route, **filled), o, about=(o.key, sort), name=name, pk=pk)
    else:
        raise NoGenerator(f"{route.pattern}: say in tests/access/matrix/cases.py what stands for {', '.join(takes)}.")


def _filled(route: Route, **values: Any) -> str:
    parts = []
    for part in route.pattern.split("/"):
        hole = part.rpartition(":")[2].rstrip(">") if part.startswith("<") else ""
        parts.append(quote(str(values[hole])) if hole else part)
    return "/" + "/".join(parts)


def _of_actions(route: Route) -> bool:
    return "/do/" in route.pattern or "/write/" in route.pattern


def _names(world: World, route: Route, o: ObjectType) -> list[str]:
    if "/do/" in route.pattern:
        return [a.name for a in Action.registry if a.on in ("*", o.key)] + ["nothing"]
    if "/write/" in route.pattern:
        return [w.name for w in Writing.registry if w.action.on in ("*", o.key)] + ["nothing"]
    return [*_telling(world, o), "nothing"]


def _telling(world: World, o: ObjectType) -> list[str]:
    """A field of each sort that matters for rights: the title, the owner, links, what is hidden from Eve and what is not."""
    hidden = world.hidden[o.key]
    sorts: dict[tuple[Any, ...], str] = {}
    for name, one in o.fields.items():
        sorts.setdefault(
            (bool(one.target), one.target == "identity.user", one.kind.multiple, one.writable, name in hidden), name
        )
    return list(dict.fromkeys([o.title, *sorts.values()]))


# ── what is asked at an address ──────────────────────────────────────────────────────────────────────────────────────


def cases(world: World, route: Route, people: tuple[str, ...] = PEOPLE) -> Iterator[Case]:
    """Every case of one route."""
    from . import programs, strangers

    for others in (programs, strangers):
        if others.asks(route.name):
            yield from others.cases(world, route, people)
            return
    if route is WEBHOOK:
        from . import sent

        yield from sent.cases(world, people)
        return
    for place in places(world, route):
        for who in people:
            if "GET" in route.policy.methods:
                yield from _looks(world, route, place, who)
            if "POST" in route.policy.methods:
                yield from _writes(world, route, place, who)


def _looks(world: World, route: Route, place: Place, who: str) -> Iterator[Case]:
    if not place.name:
        yield Case(who, route.name, place.url, about=place.about)
    yield Case(who, route.name, place.url, part=True, about=place.about)
    if (
        not route.takes and route.policy.who == USER and not route.pattern.startswith(("settings/", "runs/"))
    ) or route.takes == ("slug",):
        yield from _side_channels(world, route, place, who)
    elif place.about[1] == "own" and place.o is not None and not place.name and who in CURIOUS:
        # The place in a list, and what the page lies between: asked with words that she must not know of.
        for sort in ("other's", "private"):
            for word in world.words(place.o.key, sort)[:2]:
                yield from _pair(who, route, place, f"in={quote(f'q={word}')}", word)
        yield from _pair(who, route, place, f"in={quote('sort=' + next(iter(world.hidden[place.o.key]), ''))}", "")


def _pair(who: str, route: Route, place: Place, query: str, word: str) -> Iterator[Case]:
    url = f"{place.url}?{query}"
    yield Case(who, route.name, url, part=True, about=place.about, also=url.replace(word, ABSENT) if word else "")


def _side_channels(world: World, route: Route, place: Place, who: str) -> Iterator[Case]:
    """Searches, filters, sorts, columns and files, each about what she must not know, beside the same about nothing."""
    objects = [place.o] if place.o is not None else world.objects
    for o in objects:
        for sort in ("other's", "private", "trashed"):
            for word in _some(world, o, sort):
                secret = world.secrets[word]
                yield from _pair(who, route, place, urlencode({"q": word}), word)
                if place.o is None or not secret.field:
                    continue
                found = o.fields[secret.field]
                for operator in ("contains", "is", "in"):
                    if operator in found.kind.operators:
                        yield from _pair(
                            who, route, place, urlencode({"filter": f"{found.name}:{operator}:{word}"}), word
                        )
                        break
    if place.o is not None and who in CURIOUS:
        yield from _of_fields(world, route, place, place.o, who)


def _some(world: World, o: ObjectType, sort: str) -> list[str]:
    """The words of a record that tell most: its title, one that Eve does not see, one that she does."""
    chosen: dict[str, str] = {}
    for word in world.words(o.key, sort):
        name = world.secrets[word].field
        sort_of = (
            "title" if name == o.title else "note" if not name else "hidden" if name in world.hidden[o.key] else "shown"
        )
        chosen.setdefault(sort_of, word)
    return list(chosen.values())


def _of_fields(world: World, route: Route, place: Place, o: ObjectType, who: str) -> Iterator[Case]:
    for name in _telling(world, o):
        for query in ({"sort": f"-{name}"}, {"columns": name}, {"filter": f"{name}:filled"}, {"field": name}):
            yield from _pair(who, route, place, urlencode(query), "")
        target = o.fields[name].target
        if target and target != "identity.user":
            # Filtering by a link is looking at what it leads to.
            for sort in ("other's", "private"):
                far = world.records[target, sort]
                for query in (f"filter={name}:in:%d", f"{name}=%d"):
                    url, none = f"{place.url}?{query % far.pk}", f"{place.url}?{query % NONE}"
                    yield Case(who, route.name, url, part=True, also=none, far=(target, sort))
            title = object_type(target).title
            yield from _pair(who, route, place, urlencode({"columns": f"{name}.{title}"}), "")
    ids = ",".join(str(r.pk) for (key, _sort), r in world.records.items() if key == o.key)
    yield from _pair(who, route, place, f"rows={ids}", "")
    yield from _pair(who, route, place, "format=json", "")
    yield from _pair(who, route, place, "format=xlsx", "")


def _writes(world: World, route: Route, place: Place, who: str) -> Iterator[Case]:
    """Everything that a form of the house could send, sent to every address that takes forms."""
    for verb in _verbs(route):
        yield Case(who, route.name, place.url, "POST", part=True, body=("all", verb), about=place.about)
    if not place.name:
        yield Case(who, route.name, place.url, "POST", body=("all", ""), about=place.about)


def _verbs(route: Route) -> tuple[str, ...]:
    return ("change", "remove", "do") if not route.takes or route.takes == ("slug",) else ("change",)


def body(world: World, case: Case) -> dict[str, Any]:
    """The body of a POST: every name that any form of the house reads, with values that would do harm."""
    _all, verb = case.body
    slug = case.url.split("/")[1]
    o = next((o for o in world.objects if o.slug == slug), None)
    given: dict[str, Any] = {
        "verb": verb or "change",
        "once": f"k{zlib.crc32(case.id.encode())}",
        "text": "written by the matrix",
        "why": "because the matrix asks for it",
        "next": "/",
        "cause": world.causes[zlib.crc32(case.id.encode()) % len(world.causes)] if world.causes else "",
        "language": "en",
        "version": "",
        "user": str(world.users["dee"].pk),
        "team": "",
        "level": "change",
        "private": "1",
        "scope": "all",
        "condition": "",
        "object": o.key if o is not None else "toybox.box",
        "name": "Matrix",
        "q": "Made by the matrix",
        "mode": "both",
    }
    if o is None:
        given |= {"id": str(world.records[given["object"], "private"].pk), "on": "1"}
        return given | ({"do": "pause", "url": "https://hooks.invalid/"} if case.route.startswith("hook") else {})
    given["ids"] = [str(r.pk) for (key, _sort), r in world.records.items() if key == o.key]
    given["fields"] = ",".join(o.fields)
    part = case.url.rstrip("/").split("/")
    given["field"] = next(
        (n for n in o.fields if n in part), next(n for n, f in o.fields.items() if f.inline and n != o.title)
    )
    given["action"] = next((a.name for a in Action.registry if a.on == o.key and a.bulk), "")
    for name, one in o.fields.items():
        if not one.writable:
            continue
        if one.target and one.target != "identity.user":
            far = world.records[one.target, "private"]
            given[name], given[f"{name}.id"], given[f"{name}.was"] = f"#{far.pk}", str(far.pk), f"#{far.pk}"
        elif one.target:
            given[name] = str(world.users["dee"].pk)
        else:
            given[name] = one.kind.export(one.kind.example(77))
    if not verb:
        given["all"] = "1"
    return given


def share() -> int:
    """One case in so many is run; KITH_MATRIX=all runs them all. The rules are the same on both engines, so PostgreSQL sees fewer."""
    told = os.environ.get("KITH_MATRIX", "")
    usual = 40 if connection.vendor == "sqlite" else 160
    return 1 if told == "all" else int(told) if told.isdecimal() and int(told) else usual
